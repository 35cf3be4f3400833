"""An import is reviewed: by pressing, by keyboard, on a phone, without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Frame,
    Locator,
    Page,
    Request,
    Route,
    expect,
)

from tests.journeys.people import CAUSES, TEACHER, Demo, enter, new_person, sign_in, watch
from tests.journeys.test_accessibility import LOOKS, look

pytestmark = pytest.mark.browser

TEXT = """Hobby: ____________

The Terror State, 1930s

Stalin gained support for ________ and the 5-Year
Plans. Trotsky founded the ______ in exile.
The invasion of ........ began in 1935.

collectivisation Fourth International Abyssinia

1. What do historians think of collec-
tivisation?

2. Why did the terror begin?
"""
FILLER = "".join(
    f"Paragraph {n} is about rivers, and long enough to take two lines on either side of it.\n\n"
    for n in range(1, 40)
)


def imported(
    context: BrowserContext, demo: Demo, text: str = TEXT, *, has_script: bool = True
) -> Page:
    """The review of a paper, in a window of its own."""
    page = context.new_page()
    sign_in(page, demo, TEACHER)
    page.goto(f"{demo.lms}/launch/{CAUSES}/?target=window")
    if has_script:
        page.wait_for_url(re.compile("/a/"))
    while "/a/" not in page.url:  # each of the LMS's forms has a button to press
        page.get_by_role("button").last.click()
    page.get_by_role("link", name="My worksheets").click()
    page.get_by_label("or paste its text").fill(text)
    page.get_by_role("button", name="Import from paper").click()
    while "/jobs/" in page.url and not has_script:
        page.get_by_role("link", name="Refresh").click()
    page.wait_for_url(re.compile("/review/"))
    return page


def said(page: Page | Frame, text: str) -> None:
    expect(page.locator("#said")).to_have_text(re.compile(re.escape(text)))


def gap(page: Page, number: int) -> Locator:
    return page.locator(f"#s-gap-{number}")


@pytest.mark.parametrize("kind", LOOKS)
def test_its_look(browser: Browser, calm: Demo, kind: str) -> None:
    with new_person(browser, **LOOKS[kind]) as context:
        page = imported(context, calm)
        look(page, f"review-{kind}")
        gap(page, 2).click()
        expect(page.get_by_role("menu")).to_be_visible()
        look(page, f"review-menu-{kind}")
        page.get_by_role("menuitem", name="Not a gap").click()
        said(page, "Gap 2 is plain text now. 3 gaps.")
        page.locator("summary", has_text="small repair").click()
        page.get_by_role("button", name="Start again from the text").click()
        expect(page.get_by_text("Go back to what the import made?")).to_be_visible()
        look(page, f"review-asks-{kind}")
        if kind in ("phone", "window"):
            page.locator(".side-tabs").get_by_role("link", name="Paper").click()
            expect(page.locator("#sheet")).to_be_hidden()
            look(page, f"review-paper-{kind}")


def test_the_focus_stays_where_somebody_has_gone(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = imported(context, calm)
        link = page.get_by_role("link", name="Open the editor")

        def come_late(route: Route) -> None:
            link.focus()
            route.continue_()

        page.route(re.compile(r"/review\b[^/]*\.js"), come_late)
        page.reload()  # until its scripts have run
        expect(link).to_be_focused()


def test_a_held_key_answers_one_check(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = imported(context, calm)
        expect(page.get_by_role("button", name="Yes", exact=True)).to_be_focused()
        sent: list[Request] = []

        def note(request: Request) -> None:
            sent.append(request)

        page.on("request", note)
        page.keyboard.down("Enter")
        said(page, "Checked.")
        expect(page.locator(".check-card .yes").first).to_be_focused()
        for _ in range(3):
            page.keyboard.down("Enter")  # without an up, so that it is held
            page.wait_for_timeout(100)
        page.keyboard.up("Enter")
        expect(page.get_by_text("Check 2 of 4.")).to_be_visible()
        assert [request.method for request in sent].count("POST") == 1


def test_by_pressing(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = imported(context, calm)
        complaints = watch(page, (calm.lms, calm.tool))
        yes = page.get_by_role("button", name="Yes", exact=True)
        expect(yes).to_be_focused()
        page.keyboard.press("Enter")
        said(page, "Checked.")
        expect(page.locator(".check-card .yes").first).to_be_focused()
        expect(page.get_by_text("Check 2 of 4.")).to_be_visible()

        page.locator(".paper-line", has_text="The Terror State").click()
        page.get_by_role("menuitem", name="Plain text").click()
        said(page, "This is plain text now.")
        expect(page.locator("#undo")).to_have_text(re.compile("Undo: Plain text"))

        page.get_by_role("button", name="Split after Fourth").click()
        said(page, "The entry is split. word bank of 4.")
        page.get_by_role("button", name="Fourth", exact=True).click()
        page.get_by_role("menuitem", name="Join with next").click()
        said(page, "word bank of 3")

        page.locator(".line-text", has_text="Plans. Trotsky").evaluate(
            """line => {
              const text = line.firstChild, at = text.data.indexOf("Trotsky");
              getSelection().setBaseAndExtent(text, at, text, at + "Trotsky".length);
            }"""
        )
        page.get_by_role("button", name="Make a gap").click()
        said(page, "Your selection is a gap now")
        expect(page.locator(".review-contents")).to_contain_text("5 gaps")

        for _ in range(4):
            step = page.locator("#undo").inner_text()
            page.keyboard.press("Control+z")
            expect(page.locator("#undo")).not_to_have_text(step)
        page.reload()
        page.locator("#undo").click()
        expect(page.locator("#undo")).to_have_count(0)
        expect(page.get_by_text("Check 1 of 4.")).to_be_visible()
        assert complaints == []


def test_by_keyboard(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = imported(context, calm)
        gap(page, 3).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem", name="Not a gap")).to_be_focused()
        page.keyboard.press("Escape")
        expect(gap(page, 3)).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("menuitem", name="Answer box")).to_be_focused()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        said(page, "Gap 3 is plain text now. 3 gaps.")
        expect(gap(page, 3)).to_be_focused()  # what was gap 4
        page.keyboard.press("F6")
        assert page.evaluate("document.activeElement.closest('.side').id") == "paper"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("F6")
        assert page.evaluate("document.activeElement.closest('.side').id") == "sheet"


def test_the_sides_scroll_together(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = imported(context, calm, FILLER + TEXT)
        block = page.locator("#sheet .block", has_text="Paragraph 20 ")
        line = page.locator(".paper-line", has_text="Paragraph 20 ")
        page.locator("#paper").hover()
        for scrolled, other in ((line, block), (block, line)):
            side = scrolled.locator("xpath=ancestor::section[contains(@class, 'side')]")
            side.hover()
            scrolled.evaluate("row => row.scrollIntoView({ block: 'start' })")
            page.wait_for_timeout(300)
            tops = [row.evaluate("row => row.getBoundingClientRect().top") for row in (line, block)]
            assert abs(tops[0] - tops[1]) < 120, tops
            expect(other).to_be_in_viewport()
            page.locator("h1").hover()


def test_one_side_at_a_time_keeps_the_block(browser: Browser, calm: Demo) -> None:
    with new_person(browser, viewport={"width": 770, "height": 577}) as context:
        page = imported(context, calm, FILLER + TEXT)
        block = page.locator("#sheet .block", has_text="Paragraph 20 ")
        block.evaluate("row => row.scrollIntoView({ block: 'start' })")
        page.locator(".side-tabs").get_by_role("link", name="Paper").click()
        expect(page.locator("#sheet")).to_be_hidden()
        expect(page.locator(".paper-line", has_text="Paragraph 20 ")).to_be_in_viewport()
        for one in page.locator(".guess:visible").all()[:20]:
            box = one.bounding_box()
            assert box
            assert box["height"] >= 44, box


def test_nothing_is_lost_without_a_connection(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = imported(context, calm)
        page.route("**/review/", lambda route: route.abort())
        gap(page, 1).click()
        page.get_by_role("menuitem", name="Not a gap").click()
        said(page, "This could not be sent, and nothing was changed.")
        page.unroute("**/review/")
        gap(page, 1).click()
        page.get_by_role("menuitem", name="Not a gap").click()
        said(page, "Gap 1 is plain text now. 3 gaps.")


def test_another_window_is_told(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = imported(context, calm)
        other = context.new_page()
        other.goto(page.url)
        gap(other, 1).click()
        other.get_by_role("menuitem", name="Not a gap").click()
        said(other, "3 gaps")
        gap(page, 1).click()
        page.get_by_role("menuitem", name="Not a gap").click()
        said(page, "changed in another window")
        expect(page.locator(".review-contents")).to_contain_text("3 gaps")


def test_without_a_script(browser: Browser, calm: Demo) -> None:
    with new_person(browser, java_script_enabled=False) as context:
        page = imported(context, calm, has_script=False)
        gap(page, 2).click()
        page.locator("#menu").get_by_role("menuitem", name="Not a gap").click()
        said(page, "Gap 2 is plain text now. 3 gaps.")
        page.get_by_role("button", name="Yes", exact=True).click()
        said(page, "Checked.")
        page.get_by_role("button", name=re.compile("^Undo")).click()
        page.get_by_role("button", name=re.compile("^Undo")).click()
        expect(page.locator(".review-contents")).to_contain_text("4 gaps")
        page.get_by_role("link", name="Next: answers").click()


def test_in_the_frame_of_an_lms(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = context.new_page()
        frame = enter(page, calm, TEACHER, CAUSES)
        frame.get_by_role("link", name="My worksheets").click()
        frame.get_by_label("or paste its text").fill(TEXT)
        frame.get_by_role("button", name="Import from paper").click()
        expect(frame.get_by_text("Pupils see nothing yet.")).to_be_visible()
        frame.locator("#s-gap-1").press("Enter")
        frame.get_by_role("menuitem", name="Name or date line").press("Enter")
        said(frame, "Gap 1 is gone with its label")
