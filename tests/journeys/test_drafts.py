"""Nothing that a teacher types is lost: pages left, closed and reloaded, no network, no server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys.people import (
    CAUSES,
    OWN,
    RIGHT,
    TEACHER,
    Demo,
    begin_with_sample,
    enter,
    gap_list,
    new_person,
    saved,
    submit,
)

pytestmark = pytest.mark.browser

PUPIL = "Siobhán O’Rourke"
TYPED = "Whose trial was it?\nSay “who” – and zwei Gründe, 中文, 🙂."
KEPT = "Not saved yet. Kept as a draft."


@pytest.fixture
def marked(browser: Browser, calm: Demo) -> str:
    """A pupil's work; its name in the class list."""
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, PUPIL, CAUSES)
        if frame.get_by_role("heading", name="Submitted").count() == 0:
            gap_list(frame, 1).select_option(RIGHT[0])
            frame.locator("textarea#q2").fill("To be marked.")
            saved(frame)
            submit(frame)
    return PUPIL


def tab(context: BrowserContext, demo: Demo, number: int = CAUSES) -> Page:
    """The tool's own page, in a tab of its own."""
    page = context.new_page()
    enter(page, demo, TEACHER, number)
    with context.expect_page() as opened:
        page.get_by_role("link", name="Open in a new tab").click()
    opened.value.wait_for_url(f"{demo.tool}/a/**")
    return opened.value


def marking(context: BrowserContext, demo: Demo, name: str) -> Page:
    page = tab(context, demo)
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("button", name="Save marks")).to_be_visible()
    page.wait_for_load_state("load")  # with the script
    return page


def comment(page: Page) -> str:
    """What stands in the comment to the second question."""
    return page.locator("[name='q2-comment']").input_value()


def kept(page: Page) -> None:
    """Wait until the page says that the server has it."""
    expect(page.locator("[data-draft-state]")).to_have_text(KEPT)


def test_marks_come_back_on_another_device_and_are_gone_once_saved(
    browser: Browser, calm: Demo, marked: str
) -> None:
    with new_person(browser) as context:
        page = marking(context, calm, marked)
        page.locator("[name='q2-comment']").fill(TYPED)
        page.locator("[name='q2-points']").fill("3")
        kept(page)
        # Left by a link: nothing is asked, and nothing is lost.
        page.get_by_role("link", name="All pupils").click()
    with new_person(browser) as context:
        page = marking(context, calm, marked)
        expect(page.locator("main").get_by_text("and did not save it yet.")).to_be_visible()
        assert comment(page) == TYPED
        page.get_by_role("button", name="Save marks").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        page.reload()
        assert comment(page) == TYPED
        expect(page.locator("[data-draft-notice]")).to_be_empty()


def test_a_word_of_it_typed_a_moment_ago_comes_back_from_this_device(
    browser: Browser, calm: Demo, marked: str
) -> None:
    with new_person(browser) as context:
        page = marking(context, calm, marked)
        context.route("**/drafts/**", lambda route: route.abort())
        page.locator("[name='q2-comment']").press_sequentially("One moment")
        address = page.url
        page.close()
        page = context.new_page()
        page.goto(address)
        assert comment(page).startswith("One moment")
        context.unroute("**/drafts/**")
        page.get_by_role("button", name="Discard what I typed").click()
        assert not comment(page).startswith("One moment")
        page.reload()
        expect(page.locator("[data-draft-notice]")).to_be_empty()


def test_saving_without_a_network_stays_on_the_page(
    browser: Browser, calm: Demo, marked: str
) -> None:
    with new_person(browser) as context:
        page = marking(context, calm, marked)
        page.locator("[name='q2-comment']").fill("Written on the train.")
        context.set_offline(True)
        page.get_by_role("button", name="Save marks").click()
        expect(page.locator("[data-draft-warning]")).to_contain_text("You are offline.")
        assert comment(page) == "Written on the train."
        context.set_offline(False)
        page.locator("[name='q2-points']").fill("2")
        page.get_by_role("button", name="Save marks").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        assert comment(page) == "Written on the train."


def test_a_server_that_is_away_loses_nothing(browser: Browser, calm: Demo, marked: str) -> None:
    with new_person(browser) as context:
        page = marking(context, calm, marked)
        context.route(f"{calm.tool}/a/**", lambda route: route.abort())
        page.locator("[name='q2-comment']").fill("While it was away.")
        expect(page.locator("[data-draft-warning]")).to_contain_text("we keep trying")
        with page.expect_event("requestfailed", lambda asked: asked.is_navigation_request()):
            page.get_by_role("button", name="Save marks").click()
        context.unroute(f"{calm.tool}/a/**")
        page.go_back()
        marking_page = marking(context, calm, marked)
        assert comment(marking_page) == "While it was away."
        marking_page.get_by_role("button", name="Discard what I typed").click()


def test_a_visit_that_has_ended_says_what_is_true_and_shows_the_text(
    browser: Browser, calm: Demo, marked: str
) -> None:
    with new_person(browser) as context:
        page = marking(context, calm, marked)
        # As after a day: the address opens nothing any more.
        ended = page.url.replace("/a/", "/a/x")
        elsewhere = f"{ended.split('/class/')[0]}/drafts/mark/1/"
        context.route("**/drafts/**", lambda route: route.continue_(url=elsewhere))
        page.locator("[name='q2-comment']").fill("Written the day after.")
        expect(page.locator("[data-draft-warning]")).to_contain_text("closed for security")
        page.evaluate(
            "address => { document.querySelector('form[data-draft-url]').action = address }", ended
        )
        page.get_by_role("button", name="Save marks").click()
        expect(page.get_by_role("heading", name="What you just sent was not saved")).to_be_visible()
        assert page.locator("textarea").input_value() == "Written the day after."
        context.unroute("**/drafts/**")
        page = marking(context, calm, marked)
        assert comment(page) == "Written the day after."
        page.get_by_role("button", name="Discard what I typed").click()


def test_the_editor_in_a_frame_that_is_taken_away(browser: Browser, calm: Demo) -> None:
    """As Moodle's 'Select content' does with its window."""
    with new_person(browser) as context:
        page = context.new_page()
        frame = enter(page, calm, TEACHER, OWN)
        begin_with_sample(frame)
        source = frame.locator("#id_source")
        source.press("Control+Home")
        source.press_sequentially("# Typed in a window that closes\n\n")
        page.evaluate("document.querySelector('iframe[name=activity]').remove()")
        page.goto(f"{calm.lms}/activities/{OWN}/")
        again = page.frame_locator("iframe[name=activity]")
        again.get_by_role("link", name="Why did Stalin").first.click()
        expect(again.locator("main").get_by_text("and did not save it yet.")).to_be_visible()
        text = again.locator("#id_source").input_value()
        assert text.startswith("# Typed in a window that closes")
        # The preview follows what was put back.
        preview = again.locator("#preview .sheet .level-1").first
        expect(preview).to_have_text("Typed in a window that closes")
        again.get_by_role("button", name="Discard what I typed").click()
        expect(preview).to_have_text("Why did Stalin turn to terror?")


def test_a_paste_and_settings_come_back_too(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = tab(context, calm)
        page.get_by_role("link", name="My worksheets").click()
        expect(page.get_by_label("or paste its text")).to_be_visible()
        page.wait_for_load_state("load")
        page.get_by_label("or paste its text").fill("A paper with a gap ______.")
        kept(page)
        page.get_by_role("link", name="This activity").click()
        page.get_by_role("link", name="Settings").click()
        expect(page.get_by_label("Attempts")).to_be_visible()
        page.wait_for_load_state("load")
        page.get_by_label("Attempts").select_option("3")
        page.get_by_label("Closes at").fill("2126-01-31T14:05")
        kept(page)
        page.get_by_role("link", name="My worksheets").click()
        expect(page.get_by_label("or paste its text")).to_have_value("A paper with a gap ______.")
        page.get_by_role("button", name="Discard what I typed").click()
        page.go_back()
        assert page.get_by_label("Attempts").input_value() == "3"
        assert page.get_by_label("Closes at").input_value() == "2126-01-31T14:05"
        page.get_by_role("button", name="Discard what I typed").click()
        assert page.get_by_label("Attempts").input_value() != "3"


def test_what_is_wrong_has_the_focus(browser: Browser, calm: Demo, marked: str) -> None:
    with new_person(browser) as context:
        page = marking(context, calm, marked)
        page.locator("[name='q2-points']").fill("99")
        page.get_by_role("button", name="Save marks").click()
        expect(page.locator("[name='q2-points']")).to_be_focused()
        expect(page.locator("[name='q2-points']")).to_have_attribute("aria-invalid", "true")
        assert "How did the fear of war" in (
            page.locator("label[for='id_q2-points']").text_content() or ""
        )


def test_saved_at_once_leaves_nothing_behind(browser: Browser, calm: Demo, marked: str) -> None:
    with new_person(browser) as context:
        page = marking(context, calm, marked)
        page.locator("[name='q2-comment']").fill("Pressed at once.")
        page.locator("[name='q2-points']").fill("1")
        page.get_by_role("button", name="Save marks").dblclick()
        expect(page.get_by_text("Saved.")).to_be_visible()
        assert page.evaluate("Object.keys(localStorage).filter((key) => key[0] === 'd')") == []
        page.reload()
        expect(page.locator("[data-draft-notice]")).to_be_empty()
        assert comment(page) == "Pressed at once."


def test_what_was_saved_elsewhere_is_not_overwritten_unasked(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        one = tab(context, calm)
        one.get_by_role("link", name="My worksheets").click()
        begin_with_sample(one)
        one.wait_for_url("**/worksheets/*/")
        two = context.new_page()
        two.goto(one.url)
        two.locator("#id_source").fill("# Of the second window")
        two.get_by_role("button", name="Save", exact=True).click()
        expect(two.get_by_text("Saved.")).to_be_visible()
        one.locator("#id_source").fill("# Of the first window")
        one.get_by_role("button", name="Save", exact=True).click()
        expect(one.get_by_text("Nothing was overwritten.")).to_be_visible()
        one.locator("#id_source").press("End")
        one.locator("#id_source").press_sequentially("!")
        kept(one)
        one.goto(two.url)
        assert one.locator("#id_source").input_value() == "# Of the second window"
        expect(one.locator("main").get_by_text("This page has changed since.")).to_be_visible()
        one.locator("#id_source").press("End")
        one.locator("#id_source").press_sequentially("?")
        one.reload()
        one.get_by_role("button", name="Put it back").click()
        assert one.locator("#id_source").input_value() == "# Of the first window!"


def test_what_is_typed_before_the_script_has_run_is_kept(
    browser: Browser, calm: Demo, marked: str
) -> None:
    with new_person(browser) as context:
        address = marking(context, calm, marked).url
        page, held = context.new_page(), list[Route]()

        def hold(route: Route) -> None:
            held.append(route)

        page.route(re.compile(r"/drafts\.js"), hold)
        page.goto(address, wait_until="commit")
        page.locator("[name='q2-comment']").fill("Typed on a slow line.")
        while not held:
            page.wait_for_timeout(50)
        held[0].continue_()
        kept(page)
        page.close()
    with new_person(browser) as context:
        page = marking(context, calm, marked)
        assert comment(page) == "Typed on a slow line."
        page.get_by_role("button", name="Discard what I typed").click()
        expect(page.locator("main").get_by_text("Discarded.")).to_be_visible()


def test_what_the_browser_puts_back_and_the_server_has_is_not_typed(
    browser: Browser, calm: Demo, marked: str
) -> None:
    with new_person(browser) as context:
        page = marking(context, calm, marked)
        page.locator("[name='q2-comment']").fill("  Saved before.  ")
        page.locator("[name='q2-points']").fill("2")
        page.get_by_role("button", name="Save marks").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        page.get_by_role("link", name="All pupils").click()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for move in (page.go_back, page.reload):
            move()
            expect(page.get_by_role("button", name="Save marks")).to_be_visible()
            page.wait_for_load_state("load")
            page.wait_for_timeout(2500)  # longer than typing waits to be sent
            expect(page.locator("[data-draft-notice]")).to_be_empty()
        assert [url for url in asked if "/drafts/" in url] == []


def test_two_windows_of_one_form_keep_both_texts(browser: Browser, calm: Demo, marked: str) -> None:
    other = "This was changed in another window"
    with new_person(browser) as context:
        one = marking(context, calm, marked)
        two = context.new_page()
        two.goto(one.url)
        one.locator("[name='q2-comment']").fill("Of the first window.")
        expect(
            two.locator("main").get_by_text("Something is being typed here in another window")
        ).to_be_visible()
        kept(one)
        two.locator("[name='q2-comment']").fill("Of the second window.")
        expect(two.locator("main").get_by_text(other)).to_be_visible()
        # Nothing was overwritten: not in the first window, and not on the server.
        assert comment(one) == "Of the first window."
        with new_person(browser) as elsewhere:
            assert comment(marking(elsewhere, calm, marked)) == "Of the first window."
        two.get_by_role("button", name="Keep mine").click()
        kept(two)
        one.locator("[name='q2-comment']").press("End")
        one.locator("[name='q2-comment']").press_sequentially("!")
        expect(one.locator("main").get_by_text(other)).to_be_visible()
        # Closed without an answer, the window finds both again.
        address = one.url
        one.close()
        one = context.new_page()
        one.goto(address)
        texts = {comment(one)}
        one.get_by_role("button", name="Put it back").click()
        texts.add(comment(one))
        assert texts == {"Of the first window.!", "Of the second window."}
        kept(one)
        # The other window was told meanwhile, and can go there and back.
        two.get_by_role("button", name="Use that").click()
        assert comment(two) == "Of the first window.!"
        two.get_by_role("button", name="Put it back").click()
        assert comment(two) == "Of the second window."
        kept(two)
        two.locator("[name='q2-points']").fill("2")
        two.get_by_role("button", name="Save marks").click()
        expect(two.get_by_text("Saved.")).to_be_visible()


def test_what_was_typed_in_different_fields_is_joined(
    browser: Browser, calm: Demo, marked: str
) -> None:
    fields = ["q1-comment", "q2-comment", "q3-comment", "q2-points"]

    def typed(page: Page) -> list[str]:
        return [page.locator(f"[name='{name}']").input_value() for name in fields]

    with new_person(browser) as context, new_person(browser) as elsewhere:
        here, there = marking(context, calm, marked), marking(elsewhere, calm, marked)
        saved_comment = comment(here)
        here.locator("[name='q1-comment']").fill("Typed first.")
        kept(here)
        # A page that was open all the time goes on from that.
        there.locator("[name='q3-comment']").fill("On the other device.")
        expect(there.locator("[name='q1-comment']")).to_have_value("Typed first.")
        kept(there)
        # Without a network, and closed: this device alone has it.
        address = here.url
        context.set_offline(True)
        here.locator("[name='q2-comment']").fill("Typed offline.")
        here.locator("[name='q2-points']").fill("2")
        here.close()
        context.set_offline(False)
        with there.expect_response("**/drafts/**"):
            there.locator("[name='q1-comment']").fill("Typed first, and changed.")
        here = context.new_page()
        here.goto(address)
        both = ["Typed first, and changed.", "Typed offline.", "On the other device.", "2"]
        expect(here.locator("[name='q2-comment']")).to_have_value("Typed offline.")
        assert typed(here) == both
        kept(here)
        # The same where the form was saved meanwhile.
        context.set_offline(True)
        here.locator("[name='q2-comment']").fill("Typed offline again.")
        here.close()
        context.set_offline(False)
        there.reload()
        # What a page sends as it closes may go out once the network is back.
        assert typed(there) in (both, [both[0], "Typed offline again.", *both[2:]])
        there.locator("[name='q1-comment']").fill("")
        there.locator("[name='q3-comment']").fill("")
        there.get_by_role("button", name="Save marks").click()
        expect(there.get_by_text("Saved.")).to_be_visible()
        here = context.new_page()
        here.goto(address)
        expect(here.locator("[name='q2-comment']")).to_have_value("Typed offline again.")
        assert typed(here) == ["", "Typed offline again.", "", "2"]
        here.locator("[name='q2-comment']").fill(saved_comment)
        here.get_by_role("button", name="Save marks").click()
        expect(here.get_by_text("Saved.")).to_be_visible()


def test_what_a_page_held_when_it_was_left_is_joined(
    browser: Browser, calm: Demo, marked: str
) -> None:
    with new_person(browser) as context, new_person(browser) as elsewhere:
        here, there = marking(context, calm, marked), marking(elsewhere, calm, marked)
        there.locator("[name='q1-comment']").fill("On the other device.")
        kept(there)
        here.locator("[name='q3-comment']").fill("Left at once.")
        here.get_by_role("link", name="All pupils").click()
        there.reload()
        expect(there.locator("[name='q3-comment']")).to_have_value("Left at once.")
        expect(there.locator("[name='q1-comment']")).to_have_value("On the other device.")
        there.get_by_role("button", name="Discard what I typed").click()
        expect(there.locator("[data-draft-notice]")).to_have_text("Discarded.")


def test_a_browser_that_sees_no_network_where_there_is_one_saves_all_the_same(
    browser: Browser, calm: Demo, marked: str
) -> None:
    with new_person(browser) as context:
        context.add_init_script(
            "Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })"
        )
        page = marking(context, calm, marked)
        page.locator("[name='q2-comment']").fill("Through a tunnel.")
        page.locator("[name='q2-points']").fill("2")
        kept(page)
        page.get_by_role("button", name="Save marks").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        assert comment(page) == "Through a tunnel."
