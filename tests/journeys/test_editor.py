"""From a note to its place in the text: selected to the character, and in view."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Locator, expect

from tests.journeys.people import CAUSES, TEACHER, Demo, enter, new_person, sign_in
from tests.journeys.test_paper import PAPER
from worksheets.questions import parse_sheet

pytestmark = pytest.mark.browser

LONG = "# 😀 Rivers\n\n" + "".join(
    f"{n}. {'The Nile is long, and a long line wraps where the text area ends. ' * 4}\n\n"
    for n in range(1, 30)
)
# Where the selection is, measured by another way of wrapping the text than the page's own.
PLACE = """area => {
  const style = getComputedStyle(area);
  const mirror = document.body.appendChild(document.createElement("div"));
  for (const name of style) mirror.style.setProperty(name, style.getPropertyValue(name));
  const width = area.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  Object.assign(mirror.style, {
    position: "absolute", top: "0", left: "0", width: `${width}px`, height: "auto",
    boxSizing: "content-box", padding: "0", border: "0", minHeight: "0", maxHeight: "none",
    inlineSize: `${width}px`, blockSize: "auto", minBlockSize: "0",
    whiteSpace: "pre-wrap", overflowWrap: "break-word", overflow: "visible",
  });
  mirror.textContent = area.value;
  const range = document.createRange();
  range.setStart(mirror.firstChild, area.selectionStart);
  range.setEnd(mirror.firstChild, area.selectionEnd);
  const rect = range.getBoundingClientRect(), origin = mirror.getBoundingClientRect().top;
  const top = rect.top - origin + parseFloat(style.paddingTop) - area.scrollTop;
  const bottom = top + rect.height;
  mirror.remove();
  return {
    top, bottom, height: area.clientHeight,
    focused: document.activeElement === area,
    text: area.value.slice(area.selectionStart, area.selectionEnd),
    start: area.selectionStart, end: area.selectionEnd,
  };
}"""


WINDOWS = [(1280, 900, False), (360, 640, False), (360, 640, True)]


@pytest.fixture(params=WINDOWS, ids=["desk", "phone", "phone, in a frame"])
def library(request: pytest.FixtureRequest, browser: Browser, demo: Demo) -> Iterator[Frame]:
    """The teacher's library, in a window of some size or in the LMS's frame."""
    width, height, is_framed = request.param
    with new_person(browser, viewport={"width": width, "height": height}) as context:
        page = context.new_page()
        if is_framed:
            frame = enter(page, demo, TEACHER, CAUSES)
        else:
            sign_in(page, demo, TEACHER)
            page.goto(f"{demo.lms}/launch/{CAUSES}/?target=window")
            page.wait_for_url(re.compile("/a/"))
            frame = page.main_frame
        frame.get_by_role("link", name="My worksheets").click()
        yield frame


def begin(library: Frame, text: str, button: str) -> Locator:
    """Begin a worksheet; return the text area of the editor."""
    library.get_by_label("or paste its text").fill(text)
    library.get_by_role("button", name=button).click()
    if button == "Import from paper":
        library.get_by_role("link", name="Open the editor").press("Enter")
    area = library.get_by_label("Text of the worksheet")
    expect(area).to_be_visible()
    return area


def press(library: Frame, area: Locator, name: str | re.Pattern[str]) -> Any:
    """Press the link of a note; return where the selection is, which must be in view."""
    library.get_by_role("button", name=name, exact=isinstance(name, str)).click()
    place = area.evaluate(PLACE)
    assert place["focused"]
    bottom = min(place["bottom"], place["top"] + 100)  # of many lines the first ones
    assert 0 <= place["top"] < bottom <= place["height"] + 1, place
    box, size = area.bounding_box(), library.page.viewport_size
    assert box
    assert size
    assert 0 <= box["y"] + place["top"] < box["y"] + bottom <= size["height"], (box, place)
    return place


@pytest.mark.skipif(not PAPER.exists(), reason=f"the real paper is not here: {PAPER}")
def test_each_note_of_a_paper_selects_its_place_and_typing_replaces_only_that(
    library: Frame,
) -> None:
    area = begin(library, PAPER.read_text(encoding="utf-8"), "Import from paper")
    source = area.input_value()
    problems = parse_sheet(source).problems
    assert len(problems) == 8
    for problem in problems:
        place = press(library, area, f"Line {problem.line}, column {problem.column}")
        assert re.fullmatch("_{4,}", place["text"])
        assert source[: place["start"]].count("\n") == problem.line - 1
    cautions = library.locator(".cautions li button")
    assert cautions.count() > 0
    for caution in cautions.all():
        line = int(re.sub(r"\D", "", caution.inner_text()))
        place = press(library, area, f"Line {line}")
        assert place["text"] == source.split("\n")[line - 1].strip()
    first = problems[0]
    press(library, area, f"Line {first.line}, column {first.column}")
    area.press_sequentially("___collectivisation___")
    text = area.input_value()
    assert text == f"{source[: first.start]}___collectivisation___{source[first.end :]}"
    assert len(text.split()) == len(source.split())
    expect(library.locator("#preview-problems li")).to_have_count(7)


@pytest.mark.parametrize("library", [(627, 412, False)], indirect=True, ids=["low frame"])
def test_a_low_window_shows_the_strip_and_not_the_bar_below_it(library: Frame) -> None:
    begin(library, "The ___Nile___ is long.\n", "Use my text unchanged")
    undo = library.get_by_role("button", name="Undo", exact=True)
    library.evaluate("scrollTo(0, 0)")
    box = undo.bounding_box()
    assert box
    library.page.set_viewport_size({"width": 627, "height": round(box["y"] + box["height"]) + 8})
    # Which of the two is on top at the middle of a button, where the strip is.
    on_top = """button => {
      const { x, y, width, height } = button.getBoundingClientRect();
      const found = document.elementFromPoint(x + width / 2, y + height / 2);
      return found?.closest(".strip, .bar")?.className ?? "";
    }"""
    assert undo.evaluate(on_top) == "strip"
    # What the bar opens is above the strip all the same.
    library.locator(".bar summary").click()
    entry = library.locator(".bar .construct").first
    entry.evaluate("""entry => {
      const { y, height } = entry.getBoundingClientRect();
      scrollBy(0, y + height / 2 - (innerHeight - 20));
    }""")
    assert entry.evaluate(on_top) == "bar"


def test_a_selection_is_in_view_in_a_long_wrapped_text(library: Frame) -> None:
    source = f"{LONG}It ends in ______ 😀😀 and \t____.\n\n{LONG}and ___a|!A___.\n"
    area = begin(library, source, "Use my text unchanged")
    texts = [press(library, area, button)["text"] for button in names(library)]
    assert texts == ["______", "____", "!A"]


def names(library: Frame) -> list[str]:
    return [
        " ".join(text.split()) for text in library.locator(".problems .to-place").all_inner_texts()
    ]


def test_a_note_finds_its_place_in_a_text_that_has_changed(library: Frame) -> None:
    area = begin(library, f"{LONG}The ____ is long.\n", "Use my text unchanged")
    (name,) = names(library)
    library.page.route("**/preview/", lambda route: route.abort())
    area.evaluate("area => area.setRangeText('Before. 😀\\n\\n', 0, 0)")
    assert press(library, area, name)["text"] == "____"
    assert library.locator("[data-status]").inner_text() == ""


def test_a_note_whose_place_has_changed_says_so_and_the_notes_are_made_anew(
    library: Frame,
) -> None:
    area = begin(library, f"{LONG}The ____ is long, and ____.\n", "Use my text unchanged")
    first, second = names(library)
    area.evaluate("area => { area.value = area.value.replace('____ is', '___Nile___ is') }")
    library.get_by_role("button", name=first, exact=True).click()
    expect(library.locator("[data-status]")).to_have_text(
        re.compile("The text has changed at this")
    )
    expect(area).to_be_focused()
    expect(library.locator(".problems .to-place")).to_have_count(1)
    (now,) = names(library)
    assert now != second
    assert press(library, area, now)["text"] == "____"
    expect(library.locator("[data-status]")).to_have_text("")


def test_screen_readers_hear_how_many_problems_there_are_when_that_changes(
    library: Frame,
) -> None:
    area = begin(library, "The Nile is ___long___.\n", "Use my text unchanged")
    live = library.locator("#live")
    expect(area).to_have_accessible_description("No errors.")
    area.press("Control+End")
    area.press_sequentially("\nThe ____ is")
    expect(live).to_have_text("1 problem.")
    expect(area).to_have_attribute("aria-invalid", "true")
    expect(area).to_have_accessible_description("1 problem.")
    # Typing goes on: the preview is another one, and nothing is said again.
    live.evaluate("live => { live.textContent = '' }")
    with library.page.expect_response("**/preview/"):
        area.press_sequentially(" long.")
    expect(library.locator("#preview article")).to_contain_text("is long.")
    expect(live).to_have_text("")
    area.fill("The Nile is ___long___.\n")
    expect(live).to_have_text("No errors.")
    expect(area).to_have_attribute("aria-invalid", "false")
