"""The page of a class's answers: forms without a script, rows of it for htmx."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.audit import TOOL
from lti_tool.models import Delivery, Membership
from tests.cast import (
    PUPIL,
    TEACHER,
    Cast,
    Course,
    Someone,
    make_course,
    make_someone,
    open_again,
)
from tests.reported import reported
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    assignment_at,
    hand_in,
    hand_in_again,
    mark,
    marks_of,
    place,
    save,
)
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, Attempt, KeyCorrection
from worksheets.reports.class_answers import name_of

SHEET = """# Abyssinia

Italy took ___Abyssinia___ in ___#1935___.
"""
ZERO, ONE = Decimal(0), Decimal(1)
HTMX = {"hx-request": "true"}


@pytest.fixture
def placed(cast: Cast) -> Assignment:
    return place(cast, SHEET)


def answer(assignment: Assignment, who: Someone, text: str, year: str = "1935") -> Attempt:
    return hand_in(assignment, who, {"g1": text, "g2": year})


def get(someone: Someone, query: str = "", **headers: str) -> Page:
    return Page(someone.client.get(someone.url("class-answers") + query, headers=headers))


def press(someone: Someone, text: str, *, item: str = "g1", **posted: Any) -> Any:
    posted = {"answer": name_of(item, text), "spelling": [text], **posted}
    return someone.client.post(someone.url("class-answer", item=item), posted)


def confirm(someone: Someone, shown: Any, text: str, **posted: Any) -> Any:
    """Press the button of a preview, as it was shown."""
    fields = Page(shown).posted
    kept: dict[str, Any] = {n: fields[n] for n in ("seen", "seen_everywhere") if n in fields}
    kept.update(posted)
    return press(someone, text, **kept)


def figures(page: Page) -> list[str]:
    return re.findall(r"\d+ right · \d+ wrong · \d+ blank", page.text)


def parallel(cast: Cast, source: str = SHEET) -> tuple[Course, Someone, Someone]:
    """Another course, in which Ruth teaches with the same worksheet, and a pupil of it."""
    course = make_course(cast.course.deployment, "10c")
    edition = assignment_at(cast.course.link).edition
    assigning.assign(course.link, edition, AssignmentRules(), by=TOOL)
    Membership.objects.create(user=cast.ruth.user, context=course.context, roles=[TEACHER])
    return course, cast.ruth, make_someone(course, "77", "Pia", PUPIL)


def test_accept_one_the_gradebook_follows_and_it_is_taken_back(
    cast: Cast, placed: Assignment
) -> None:
    answer(placed, cast.amina, "abisynya")
    answer(placed, cast.ben, "", "1935")
    page = get(cast.ruth)
    assert figures(page) == ["0 right · 1 wrong · 1 blank", "2 right · 0 wrong · 0 blank"]
    assert "Italy took ▁▁ in" in page.text
    opened = get(cast.ruth, f"?gap=g1&answer={name_of('g1', 'abisynya')}")
    assert "Amina Abdullahi" in opened.text
    shown = press(cast.ruth, "abisynya", verdict="right")
    assert "1 pupil goes up. For 1 your LMS changes now." in Page(shown).text.replace(
        "LMS of client-1", "your LMS"
    )
    assert marks_of(Attempt.objects.first())["g1"] == 0  # type: ignore[arg-type]
    done = confirm(cast.ruth, shown, "abisynya", verdict="right")
    assert done.status_code == 302
    page = Page(cast.ruth.client.get(done["Location"]))
    assert "The answers are changed: 1 mark changed." in page.text
    assert "“abisynya” accepted by you. 1 mark changed" in page.text
    assert figures(page)[0] == "1 right · 0 wrong · 1 blank"
    assert Delivery.objects.get(user=cast.amina.user).score_given == 2

    undo = cast.ruth.url("correction", number=KeyCorrection.objects.get().pk)
    shown = cast.ruth.client.post(undo)
    assert "1 pupil goes down." in Page(shown).text
    done = cast.ruth.client.post(undo, {"seen": Page(shown).posted["seen"]})
    page = Page(cast.ruth.client.get(done["Location"]))
    assert "Taken back by you." in page.text
    assert figures(page)[0] == "0 right · 1 wrong · 1 blank"
    assert Delivery.objects.get(user=cast.amina.user).score_given == 1
    assert cast.ruth.client.post(undo, {"seen": "x"}).status_code == 409


def test_to_htmx_a_row_comes_and_then_the_whole_list(cast: Cast, placed: Assignment) -> None:
    answer(placed, cast.amina, "abisynya")
    row = cast.ruth.client.get(
        cast.ruth.url("class-answers"),
        {"gap": "g1", "answer": name_of("g1", "abisynya")},
        headers=HTMX,
    )
    assert row.content.decode().lstrip().startswith("<li")
    url, posted = cast.ruth.url("class-answer", item="g1"), {"spelling": "abisynya"}
    posted |= {"answer": name_of("g1", "abisynya"), "verdict": "half"}
    shown = cast.ruth.client.post(url, posted, headers=HTMX)
    posted |= {"seen": Page(shown).posted["seen"]}
    done = cast.ruth.client.post(url, posted, headers=HTMX)
    assert (done["HX-Retarget"], done["HX-Reswap"]) == ("#answers", "outerHTML")
    assert "“abisynya” is half right now. 1 mark changed." in Page(done).text
    assert "1 half right" in Page(done).text


@reported("desk-22")
def test_the_figures_are_of_one_attempt_a_pupil_and_of_nobody_who_writes(cast: Cast) -> None:
    placed = place(cast, SHEET, attempt_limit=2)
    who = [make_someone(cast.course, f"7{n}", f"P{n} X", PUPIL) for n in range(4)]
    assert "Nobody has submitted yet" in get(cast.ruth).text
    answer(placed, cast.amina, "Peking")
    hand_in_again(placed, cast.amina, {"g1": "Abyssinia", "g2": "1935"})  # the better one counts
    for someone in who[:3]:
        answer(placed, someone, "Abyssinia")
    answer(placed, who[3], "")
    save(placed, cast.ben, {"g1": "Abyssinia"})
    page = get(cast.ruth)
    assert figures(page) == ["4 right · 0 wrong · 1 blank", "5 right · 0 wrong · 0 blank"]
    assert "(80 %)" in page.text
    assert "5 pupils have submitted." in page.text
    hardest = get(cast.ruth, "?order=hardest")
    assert figures(hardest) == figures(page)


@reported("desk-08")
def test_a_mark_by_hand_stays_and_is_named(cast: Cast, placed: Assignment) -> None:
    ann, ben = answer(placed, cast.amina, "abisynya"), answer(placed, cast.ben, "abisynya")
    given = press(cast.ruth, "abisynya", attempt=str(ben.pk), share="half")
    assert given.status_code == 302
    shown = press(cast.ruth, "abisynya", verdict="right")
    assert "Marks given by hand stay: Ben" in Page(shown).text
    assert "1 pupil goes up." in Page(shown).text
    confirm(cast.ruth, shown, "abisynya", verdict="right")
    assert (marks_of(ann)["g1"], marks_of(ben)["g1"]) == (ONE, Decimal("0.5"))
    assert press(cast.ruth, "abisynya", attempt="999", share="half").status_code == 404
    assert press(cast.ruth, "abisynya", attempt=str(ben.pk), share="9").status_code == 422


def test_spellings_together_and_one_of_them_left_out(cast: Cast, placed: Assignment) -> None:
    ann, ben = answer(placed, cast.amina, "abisinya"), answer(placed, cast.ben, "Abisynnya")
    page = get(cast.ruth)
    assert "Abisynnya, abisinya ×2" in page.text or "abisinya, Abisynnya ×2" in page.text
    name = re.search(r"answer=([0-9a-f]{12})", page.html)
    assert name
    url, asked = cast.ruth.url("class-answer", item="g1"), {"answer": name[1], "verdict": "right"}
    assert "Tick at least one" in Page(cast.ruth.client.post(url, asked)).text
    asked["spelling"] = "abisinya"
    shown = Page(cast.ruth.client.post(url, asked))
    cast.ruth.client.post(url, {**asked, "seen": shown.posted["seen"]})
    assert (marks_of(ann)["g1"], marks_of(ben)["g1"]) == (ONE, ZERO)


def test_why_it_is_wrong_is_said_to_pupils(cast: Cast, placed: Assignment) -> None:
    answer(placed, cast.amina, "Libya")
    assert press(cast.ruth, "Libya", verdict="wrong").status_code == 422
    assert press(cast.ruth, "Libya", verdict="wrong", feedback="x" * 301).status_code == 422
    said = {"verdict": "wrong", "feedback": "That was | in 1911: a*b."}
    shown = press(cast.ruth, "Libya", **said)
    assert "No mark changes." in Page(shown).text
    confirm(cast.ruth, shown, "Libya", **said)
    gap = assignment_at(cast.course.link).edition.sheet.gap("g1")
    assert gap.anticipated[0].feedback == said["feedback"]
    result = Page(cast.amina.client.get(cast.amina.url("home")))
    assert said["feedback"] in result.text


def test_all_classes_of_the_teacher_and_no_other(cast: Cast, placed: Assignment) -> None:
    course, _ruth, pia = parallel(cast)
    lena = make_someone(cast.course, "41", "Lena Stranger", TEACHER)
    there = assignment_at(course.link)
    ann, theirs = answer(placed, cast.amina, "abisynya"), answer(there, pia, "Abisynya")
    shown = press(cast.ruth, "abisynya", verdict="right")
    assert "All my classes: also Course 10c · Causes, 1 pupil" in Page(shown).text
    # Another teacher of this course teaches nobody there.
    assert "All my classes" not in Page(press(lena, "abisynya", verdict="right")).text
    confirm(cast.ruth, shown, "abisynya", verdict="right", classes="on")
    assert (marks_of(ann)["g1"], marks_of(theirs)["g1"]) == (ONE, ONE)
    first, second = KeyCorrection.objects.all()
    assert first.press == second.press
    undo = cast.ruth.url("correction", number=placed.key_corrections.get().pk)
    shown = Page(cast.ruth.client.post(undo))
    cast.ruth.client.post(undo, {"seen": shown.posted["seen"]})  # here alone
    assert (marks_of(ann)["g1"], marks_of(theirs)["g1"]) == (ZERO, ONE)


def test_all_classes_from_the_one_that_came_last(cast: Cast, placed: Assignment) -> None:
    course, ruth, pia = parallel(cast)
    there = assignment_at(course.link)
    assert there.pk > placed.pk
    ann, theirs = answer(placed, cast.amina, "abisynya"), answer(there, pia, "abisynya")
    ruth = open_again(course, Membership.objects.get(user=ruth.user, context=course.context))
    shown = press(ruth, "abisynya", verdict="right")
    done = confirm(ruth, shown, "abisynya", verdict="right", classes="on")
    assert done.status_code == 302
    assert (marks_of(ann)["g1"], marks_of(theirs)["g1"]) == (ONE, ONE)


def test_a_preview_that_is_outdated_is_shown_anew_and_nothing_is_done(
    cast: Cast, placed: Assignment
) -> None:
    answer(placed, cast.amina, "abisynya")
    shown = press(cast.ruth, "abisynya", verdict="right")
    answer(placed, cast.ben, "abisynya")
    again = confirm(cast.ruth, shown, "abisynya", verdict="right")
    assert again.status_code == 409
    assert "2 pupils go up." in Page(again).text
    assert not KeyCorrection.objects.exists()
    confirm(cast.ruth, again, "abisynya", verdict="right")
    gone = press(cast.ruth, "abisynya", verdict="right")  # it is right by now
    assert gone.status_code == 422
    assert KeyCorrection.objects.count() == 1


def test_what_cannot_be_is_refused_in_words(cast: Cast, placed: Assignment) -> None:
    answer(placed, cast.amina, "x" * 150 + "|_\\", "autumn #*")
    refused = press(cast.ruth, "autumn #*", item="g2", verdict="right")
    assert refused.status_code == 422
    assert "takes numbers only" in Page(refused).text
    assert press(cast.ruth, "Nobody", verdict="right").status_code == 422
    assert press(cast.ruth, "x", item="g9", verdict="right").status_code == 404
    long = press(cast.ruth, "x" * 150 + "|_\\", verdict="right")
    assert long.status_code == 200
    assert "1 pupil goes up." in Page(long).text


def test_a_word_that_is_another_gaps_is_named(cast: Cast) -> None:
    source = "# B\n\nIn ___Rome___ and ___Paris___.\n\n[[ each word once: Rome | Paris | Bonn ]]\n"
    placed = place(cast, source)
    hand_in(placed, cast.amina, {"g1": "Paris"})
    shown = press(cast.ruth, "Paris", verdict="right")
    assert "This word is gap 2’s answer" in Page(shown).text


def test_the_author_is_offered_it_for_the_worksheet_and_nobody_else(
    cast: Cast, placed: Assignment
) -> None:
    colin = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    answer(placed, cast.amina, "abisynya")
    shown = press(colin, "abisynya", verdict="right")
    confirm(colin, shown, "abisynya", verdict="right")
    worksheet = placed.edition.worksheet
    assert "Put them into the worksheet too" not in get(colin).text
    assert "“abisynya” accepted by Colin Ferris." in get(cast.ruth).text
    edit = cast.ruth.client.get(cast.ruth.url("edit", number=worksheet.pk))
    assert "In a class 1 answer was decided" in Page(edit).text
    url = cast.ruth.url("class-corrections", number=worksheet.pk)
    number = str(KeyCorrection.objects.get().pk)
    for notice in ("correction-taken", "correction-not-taken"):
        done = cast.ruth.client.post(url, {"correction": number})
        assert done["Location"].endswith(f"notice={notice}")
    worksheet.refresh_from_db()
    assert "___Abyssinia | abisynya___" in worksheet.source
    assert "has everything" in Page(cast.ruth.client.get(url)).text
    assert colin.client.get(colin.url("class-corrections", number=worksheet.pk)).status_code == 404


@reported("desk-22")
def test_questions_in_figures_with_how_many_are_marked(cast: Cast) -> None:
    placed = place(cast)
    who = [make_someone(cast.course, f"7{n}", f"P{n} X", PUPIL) for n in range(2)]
    for someone, choice in ((cast.amina, "a"), (cast.ben, "a"), (who[0], "b")):
        attempt = hand_in(placed, someone, {"q1": "Why not.", "q2-choice": choice, "q2": "x"})
        if someone is not cast.ben:
            mark(attempt, cast.ruth, q1="3")
    hand_in(placed, who[1], {"g1": "Bavaria"})  # what is left blank has 0
    text = get(cast.ruth).text
    assert "3 answered · 1 blank average 2 of 4, 3 of 4 marked" in text
    assert "(a) 2 · (b) 1 3 answered" in text


@reported("desk-08")
def test_a_grade_that_the_lms_holds_is_named_and_not_overwritten(
    cast: Cast, placed: Assignment
) -> None:
    answer(placed, cast.amina, "abisynya")
    held = {"state": "changed", "problem": "newer-in-lms", "theirs_given": "9"}
    Delivery.objects.update(**held, theirs_maximum="10")
    shown = press(cast.ruth, "abisynya", verdict="right")
    assert "holds another mark and keeps it" in Page(shown).text
    for _press in ("one", "double"):
        confirm(cast.ruth, shown, "abisynya", verdict="right")
    delivery = Delivery.objects.get(user=cast.amina.user)
    assert (delivery.score_given, delivery.theirs_given, delivery.force) == (
        Decimal(2),
        Decimal(9),
        False,
    )
    assert KeyCorrection.objects.count() == 1


@reported("desk-26")
def test_no_pupil_sees_the_answers_and_no_browser_keeps_them(
    cast: Cast, placed: Assignment
) -> None:
    answer(placed, cast.amina, "abisynya")
    query = f"?gap=g1&answer={name_of('g1', 'abisynya')}"
    page = cast.ruth.client.get(cast.ruth.url("class-answers") + query)
    assert "no-store" in page["Cache-Control"]
    ways: tuple[dict[str, str], ...] = ({}, HTMX)
    for someone in (cast.amina, cast.ben):
        for headers in ways:
            url = someone.url("class-answers") + query
            assert someone.client.get(url, headers=headers).status_code == 403
            # The teacher's own address, in a pupil's browser.
            theirs = someone.client.get(cast.ruth.url("class-answers") + query, headers=headers)
            assert theirs.status_code == 403
            assert b"Abyssinia" not in theirs.content


def test_the_figures_follow_by_a_version_and_nothing_comes_twice(
    cast: Cast, placed: Assignment
) -> None:
    answer(placed, cast.amina, "abisynya")
    url = cast.ruth.url("class-answers-live")
    first = cast.ruth.client.get(url)
    assert first.json()["pupils"] == 1
    assert "0 right · 1 wrong · 0 blank" in " ".join(first.json()["rows"]["g1"].split())
    seen = {"If-None-Match": first["ETag"]}
    assert cast.ruth.client.get(url, headers=seen).status_code == 304
    save(placed, cast.ben, {"g1": "Abyssinia"})  # who is writing changes nothing
    assert cast.ruth.client.get(url, headers=seen).status_code == 304
    answer(placed, cast.ben, "Abyssinia")
    second = cast.ruth.client.get(url, headers=seen)
    assert (second.status_code, second.json()["pupils"]) == (200, 2)
    shown = press(cast.ruth, "abisynya", verdict="right")
    confirm(cast.ruth, shown, "abisynya", verdict="right")
    assert cast.ruth.client.get(url, headers={"If-None-Match": second["ETag"]}).status_code == 200


@reported("desk-26")
def test_the_projector_shows_one_gap_no_name_and_answers_only_when_asked(
    cast: Cast, placed: Assignment
) -> None:
    answer(placed, cast.amina, "abisynya")
    url = cast.ruth.url("class-answers-projector")
    page = Page(cast.ruth.client.get(url))
    assert figures(page) == ["0 right · 1 wrong · 0 blank"]
    for text in ("abisynya", "Abyssinia ×", "Amina", "Accept"):
        assert text not in page.html
    shown = Page(cast.ruth.client.get(f"{url}?gap=g2&answers=1"))
    assert "1935 ×1 right" in shown.text
    assert "Amina" not in shown.html
    assert Page(cast.ruth.client.get(f"{url}?gap=g99")).status == 200


def test_what_another_version_dropped_can_still_be_taken_off_the_list(
    cast: Cast, placed: Assignment
) -> None:
    answer(placed, cast.amina, "abisynya")
    shown = press(cast.ruth, "abisynya", verdict="right")
    confirm(cast.ruth, shown, "abisynya", verdict="right")
    assigning.assign(cast.course.link, placed.edition, AssignmentRules(), by=TOOL)
    undo = cast.ruth.url("correction", number=KeyCorrection.objects.get().pk)
    shown = cast.ruth.client.post(undo)
    done = cast.ruth.client.post(undo, {"seen": Page(shown).posted["seen"]})
    assert "Taken back by you." in Page(cast.ruth.client.get(done["Location"])).text
    assert assignment_at(cast.course.link).edition == placed.edition
