"""From the course page to the gradebook, in a real browser, through the sandbox LMS."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.people import (
    CAUSES,
    OWN,
    RIGHT,
    TEACHER,
    Demo,
    activity_frame,
    enter,
    gap_list,
    new_person,
    open_activity,
    saved,
    sign_in,
    submit,
    watch,
)
from tests.reported import reported

pytestmark = pytest.mark.browser


def test_a_pupil_fills_the_gaps_and_the_marks_are_in_the_gradebook(
    browser: Browser, calm: Demo
) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (calm.lms, calm.tool))
        frame = enter(page, calm, "Amina Abdullahi", CAUSES)
        for place, word in enumerate(RIGHT[:6], 1):
            frame.get_by_role("button", name=word, exact=True).click()
            frame.get_by_label(f"Gap {place} of 8").click()
        gap_list(frame, 7).select_option("Manchuria")
        expect(frame.get_by_role("button", name="Manchuria (gap 5)")).to_be_visible()
        frame.locator("textarea#q2").fill("One fed the other.")
        saved(frame)
        frame.get_by_role("button", name="Check and submit").click()
        expect(frame.get_by_role("heading", name="Not answered yet")).to_be_visible()
        expect(frame.get_by_role("link", name="Gap 8")).to_be_visible()
        frame.get_by_role("button", name="Submit anyway").click()
        expect(frame.get_by_text("6 out of 8")).to_be_visible()
        expect(frame.locator("main").get_by_text("In the gradebook.")).to_be_visible()
        assert complaints == []
    grade = calm.wait_for_grade(CAUSES, 101, "Gaps: 6 out of 8.")
    assert grade["score"] == pytest.approx(75)  # of the column's 100
    assert grade["grading_progress"] == "FullyGraded"


def test_a_teacher_marks_and_releases_and_the_total_replaces_the_gaps(
    browser: Browser, calm: Demo
) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        frame = enter(page, calm, "Ben Ashworth", CAUSES)
        for place, word in enumerate(RIGHT, 1):
            gap_list(frame, place).select_option(word)
        frame.get_by_role("radio", name="(a)").check()
        for question in ("q1", "q2", "q3", "q4"):
            frame.locator(f"textarea#{question}").fill(f"An answer to {question}.")
        saved(frame)
        submit(frame)
        expect(frame.locator("main").get_by_text("In the gradebook.")).to_be_visible()
    assert calm.grade(CAUSES, 102)["score"] == pytest.approx(100)
    with new_person(browser) as context:
        page = context.new_page()
        frame = enter(page, calm, TEACHER, CAUSES)
        frame.get_by_role("link", name="Ben Ashworth").click()
        frame = activity_frame(page, "/class/")
        expect(frame.get_by_text("An answer to q2.")).to_be_visible()
        for question, points in (("q1", "4"), ("q2", "3.5"), ("q3", "5"), ("q4", "2.5")):
            frame.locator(f"#id_{question}-points").fill(points)
        frame.locator("#id_q1-comment").fill("Well argued.")
        frame.get_by_role("button", name="Save marks").click()
        expect(frame.get_by_text("Saved. The pupil sees the marks when")).to_be_visible()
        assert calm.grade(CAUSES, 102)["score"] == pytest.approx(100)  # not before the release
        frame.get_by_role("button", name="Release").click()
        expect(frame.get_by_text("Released. The gradebook will update shortly.")).to_be_visible()
    grade = calm.wait_for_grade(CAUSES, 102, "Written answers: 15 out of 22.")
    assert grade["score"] == pytest.approx(100 * 23 / 30, abs=0.01)
    assert "Well argued." in grade["comment"]
    with new_person(browser) as context:
        page = context.new_page()
        frame = enter(page, calm, "Ben Ashworth", CAUSES)
        expect(frame.get_by_text("23 out of 30")).to_be_visible()
        expect(frame.get_by_text("Well argued.")).to_be_visible()


def test_everything_works_without_javascript(browser: Browser, calm: Demo) -> None:
    with new_person(browser, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, calm, "Chiara Bellini")
        page.goto(f"{calm.lms}/launch/{CAUSES}/?target=window")
        while "/a/" not in page.url:  # each of the LMS's forms has a button to press
            page.get_by_role("button").last.click()
        gap_list(page, 1).select_option(RIGHT[0])
        page.locator("textarea#q2").fill("Written without a script.")
        page.get_by_role("button", name="Save and continue later").click()
        expect(page.get_by_text("Saved. You can continue later")).to_be_visible()
        expect(page.locator("textarea#q2")).to_have_value("Written without a script.")
        submit(page)
        expect(page.get_by_text("1 out of 8")).to_be_visible()
    calm.wait_for_grade(CAUSES, 103, "Gaps: 1 out of 8.")


def test_the_keyboard_alone_is_enough(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        frame = enter(page, calm, "Dmitri Bondarenko", CAUSES)
        word = frame.get_by_role("button", name=RIGHT[0], exact=True)
        word.focus()
        page.keyboard.press("Enter")
        expect(word).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("Escape")
        expect(word).to_have_attribute("aria-pressed", "false")
        page.keyboard.press("Space")
        gap = frame.get_by_label("Gap 1 of 8")
        gap.focus()
        page.keyboard.press("Enter")
        expect(gap).to_have_text(RIGHT[0])
        expect(gap).to_be_focused()
        expect(frame.locator("#live")).to_have_text(re.compile("Gap 1: collectivisation. 7"))
        page.keyboard.press("Delete")
        expect(gap).to_have_text("")
        expect(gap).to_have_accessible_description(re.compile("for the ___ of the farms"))


def test_typing_survives_a_reload_another_device_and_a_dropped_connection(
    browser: Browser, calm: Demo
) -> None:
    with new_person(browser) as school, new_person(browser) as home:
        page = school.new_page()
        frame = enter(page, calm, "Elif Çelik", CAUSES)
        frame.locator("textarea#q2").fill("Begun at school.")
        saved(frame)
        frame = open_activity(page, calm, CAUSES)
        expect(frame.locator("textarea#q2")).to_have_value("Begun at school.")

        other = home.new_page()
        there = enter(other, calm, "Elif Çelik", CAUSES)
        there.locator("textarea#q2").fill("Begun at school, ended at home.")
        saved(there)

        school.set_offline(True)
        gap_list(frame, 1).select_option(RIGHT[0])
        expect(
            frame.locator("main").get_by_text("You are offline. Your work is kept")
        ).to_be_visible()
        school.set_offline(False)
        saved(frame)
        frame = open_activity(page, calm, CAUSES)
        expect(gap_list(frame, 1)).to_have_value(RIGHT[0])
        # The gap was sent alone: what the other device wrote is still there.
        expect(frame.locator("textarea#q2")).to_have_value("Begun at school, ended at home.")
        frame.get_by_role("button", name="Check and submit").press("Enter")
        expect(frame.get_by_role("heading", name="Not answered yet")).to_be_visible()
        frame.wait_for_load_state("load")  # with the script that looks for the network
        school.set_offline(True)
        frame.get_by_role("button", name="Submit anyway").press("Enter")
        expect(
            frame.locator("main").get_by_text("You are offline. Nothing is submitted yet.")
        ).to_be_visible()
        school.set_offline(False)
        expect(frame.locator("main").get_by_text("You are offline.")).to_be_hidden()
        frame.get_by_role("button", name="Submit anyway").press("Enter")
        expect(frame.get_by_role("heading", name="Submitted")).to_be_visible()


def test_two_launches_in_one_browser_never_mix(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        pupil, teacher = context.new_page(), context.new_page()
        worksheet = enter(pupil, calm, "Mateus da Costa", CAUSES)
        class_list = enter(teacher, calm, TEACHER, CAUSES)
        expect(class_list.get_by_role("link", name="Settings")).to_be_visible()
        pupil.bring_to_front()
        worksheet.locator("textarea#q2").fill("Still the pupil.")
        saved(worksheet)
        teacher.bring_to_front()
        class_list.get_by_role("link", name="This activity").click()
        expect(class_list.get_by_role("link", name="Mateus da Costa")).to_be_visible()
        # The pupil's page, asked for the class, still answers as the pupil's.
        answer = pupil.request.get(f"{worksheet.url}class/")
        assert answer.status == 403


def test_an_address_that_was_passed_on_opens_nothing(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as mine, new_person(browser) as friend:
        frame = enter(mine.new_page(), calm, "Thandi Dlamini", CAUSES)
        page = friend.new_page()
        answer = page.goto(frame.url)
        assert answer is not None
        assert answer.status == 403
        expect(page.get_by_text("What you saved is safe")).to_be_visible()


@reported("R10")
def test_submitting_in_two_tabs_ends_in_the_same_result(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        one, two = context.new_page(), context.new_page()
        first = enter(one, calm, "Niamh Doherty", CAUSES)
        second = open_activity(two, calm, CAUSES)
        one.bring_to_front()  # a click into a frame of a hidden tab may get lost
        gap_list(first, 5).select_option(RIGHT[4])
        saved(first)
        submit(first)
        two.bring_to_front()
        gap_list(second, 6).select_option(RIGHT[5])
        expect(second.locator("[data-save-state]")).to_contain_text("You have already submitted")
        second.get_by_role("button", name="Check and submit").click()
        expect(second.get_by_role("heading", name="Submitted")).to_be_visible()
        expect(second.get_by_text("1 out of 8")).to_be_visible()


def test_a_gradebook_that_is_away_gets_the_mark_when_it_is_back(
    browser: Browser, calm: Demo
) -> None:
    calm.faults({"scores": "503"})
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, "Yusuf Ibrahim", CAUSES)
        gap_list(frame, 5).select_option(RIGHT[4])
        saved(frame)
        submit(frame)
        waiting = frame.locator("main").get_by_text(
            "The mark has not reached the gradebook yet; we keep trying."
        )
        expect(waiting).to_be_visible()
        calm.faults({"scores": "off"})
        expect(frame.locator("main").get_by_text("In the gradebook.")).to_be_visible()


def test_a_link_without_a_worksheet_says_so(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, "Otis Fairweather", 4)
        expect(frame.get_by_text("Your teacher has not set this up yet.")).to_be_visible()


def test_a_teacher_makes_a_worksheet_tries_it_and_places_it(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        complaints = watch(page, (calm.lms, calm.tool))
        frame = enter(page, calm, TEACHER, OWN)
        frame.get_by_label("or paste its text").fill(
            "# Rivers\n\nThe Nile ends in ___Egypt___ and ____.\n"
        )
        frame.get_by_role("button", name="Use my text unchanged").click()
        source = frame.get_by_label("Text of the worksheet")
        expect(frame.get_by_text("Line 3, column")).to_be_visible()
        source.fill("# Rivers\n\nThe Nile ends in ___Egypt___ and the ___sea___.\n")
        expect(frame.locator("main").get_by_text("No errors.")).to_be_visible()
        before = len(calm.state()["posts"])
        frame.get_by_role("button", name="Save and try as a pupil").click()
        # The editor's preview has gaps of the same names.
        expect(frame.get_by_text("You see this worksheet as a pupil does")).to_be_visible()
        frame.get_by_label("Gap 1 of 2").fill("egypt")
        frame.get_by_role("button", name="Submit (nothing is saved)").click()
        expect(frame.locator(".gap-result.right")).to_have_text(re.compile("egypt"))
        frame.get_by_role("link", name="Back to the text").click()
        frame.get_by_role("button", name="Answers and use").click()
        frame.get_by_role("button", name="Use in").click()
        expect(frame.get_by_text("Added. Pupils can open it now.")).to_be_visible()
        expect(frame.get_by_text("Nobody has started yet")).to_be_visible()
        assert len(calm.state()["posts"]) == before
        assert complaints == []
