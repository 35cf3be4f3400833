"""The author's desk: text and sheet in step, by pointer and by keyboard, at each size."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.cast import Cast
from tests.journeys.test_accessibility import LOOKS, look
from tests.worksheets.images import picture
from tests.worksheets.static.served import Served
from worksheets import authoring
from worksheets.models import Worksheet

pytestmark = pytest.mark.browser

FILLER = "".join(f"Paragraph {n} is about the {n}th river of the land.\n\n" for n in range(1, 60))
TEXT = f"# 😀 Rivers\n\n{FILLER}The ___Nile___ is long.\n\n[[ Nile | Po ]]\n\n{FILLER}The end.\n"
SIZES: dict[str, dict[str, Any]] = {
    **LOOKS,
    "tablet": {"viewport": {"width": 768, "height": 1024}, "has_touch": True},
}


class Desk:
    """The editor in a window of its own."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.page = served.page
        self.text: Locator = self.page.get_by_label("Text of the worksheet")
        self.sheet: Locator = self.page.locator("#sheet")

    def begin(self, text: str) -> Worksheet:
        worksheet = authoring.create(self.served.someone.user, text)
        self.open(worksheet)
        return worksheet

    def open(self, worksheet: Worksheet) -> None:
        self.served.open("edit", number=worksheet.pk)
        expect(self.page.locator(".bar")).to_be_visible()

    def select(self, words: str) -> None:
        self.text.focus()
        self.text.evaluate(
            "(area, words) => { const at = area.value.indexOf(words);"
            " area.setSelectionRange(at, at + words.length); }",
            words,
        )

    @property
    def selected(self) -> str:
        found: str = self.text.evaluate(
            "area => area.value.slice(area.selectionStart, area.selectionEnd)"
        )
        return found

    @property
    def value(self) -> str:
        return self.text.input_value()


@pytest.fixture
def desks(real_browser: Browser, cast: Cast) -> Iterator[Callable[..., Desk]]:
    """Opens windows, each on a device of its own, in which Ruth has nothing yet."""
    made: list[Desk] = []

    def window(**options: Any) -> Desk:
        page = real_browser.new_context(**options).new_page()
        desk = Desk(Served(page, cast.ruth))
        made.append(desk)
        return desk

    yield window
    for desk in made:
        complaints = desk.served.complaints
        desk.page.context.close()
        assert complaints == []


@pytest.fixture
def desk(request: pytest.FixtureRequest, desks: Callable[..., Desk]) -> Desk:
    return desks(**SIZES[getattr(request, "param", "laptop")])


@pytest.mark.parametrize("desk", SIZES, indirect=True)
def test_a_press_on_either_side_shows_the_other(desk: Desk, request: pytest.FixtureRequest) -> None:
    kind = request.node.callspec.params["desk"]
    is_narrow = kind in {"phone", "tablet", "window"}
    desk.begin(TEXT)
    look(desk.page, f"desk-text-{kind}")
    desk.select("Nile___ is")
    if is_narrow:
        desk.page.get_by_role("link", name="Sheet", exact=True).click()
        expect(desk.text).to_be_hidden()
    lit = desk.sheet.locator(".lit")
    expect(lit).to_have_count(1)
    expect(lit).to_contain_text("is long.")
    expect(lit).to_be_in_viewport()
    look(desk.page, f"desk-sheet-{kind}")
    desk.sheet.get_by_role("button", name="Gap 1 of 1").click()
    expect(desk.text).to_be_focused()
    assert desk.selected == "___Nile___"
    if is_narrow:
        desk.page.get_by_role("link", name="Sheet", exact=True).click()
    desk.sheet.get_by_text("Paragraph 3 is about").first.click()
    expect(desk.text).to_be_focused()
    assert desk.selected == "Paragraph 3 is about the 3th river of the land."
    expect(desk.text).to_be_in_viewport()


def test_both_sides_scroll_together(desk: Desk) -> None:
    desk.begin(TEXT)
    first = desk.sheet.get_by_text("The end.")
    expect(first).not_to_be_in_viewport()
    desk.text.hover()
    desk.page.mouse.wheel(0, 100_000)
    expect(first).to_be_in_viewport()
    desk.sheet.hover()
    desk.page.mouse.wheel(0, -100_000)
    expect(desk.sheet.get_by_text("Paragraph 1 is").first).to_be_in_viewport()
    desk.page.wait_for_function("() => document.querySelector('#id_source').scrollTop === 0")


@pytest.mark.parametrize("desk", ["window", "laptop"], indirect=True)
def test_by_keyboard_alone(desk: Desk) -> None:
    desk.begin("# Rivers\n\nThe ___Nile___ is long.\n\nThe end.\n")
    keys = desk.page.keyboard
    desk.select("The ___Nile")
    keys.press("F6")
    expect(desk.sheet.locator(":focus")).to_have_accessible_name("Line 3: show it in the text")
    keys.press("ArrowDown")
    expect(desk.sheet.locator(":focus")).to_have_accessible_name("Gap 1 of 1: show it in the text")
    keys.press("Enter")
    expect(desk.text).to_be_focused()
    assert desk.selected == "___Nile___"
    # From the text to the bar, along it, into its menu, and back with a construct.
    desk.select("long")
    keys.press("Shift+Tab")
    expect(desk.page.locator(".bar :focus")).to_have_text("Gap")
    keys.press("Enter")
    expect(desk.text).to_have_value(re.compile("is ___long___"))
    expect(desk.text).to_be_focused()
    keys.press("Control+z")
    expect(desk.text).to_have_value("# Rivers\n\nThe ___Nile___ is long.\n\nThe end.\n")
    keys.press("Control+y")
    expect(desk.text).to_have_value(re.compile("is ___long___"))
    keys.press("Control+End")
    keys.press("Shift+Tab")
    for _press in range(6):
        keys.press("ArrowRight")
    expect(desk.page.locator(".bar :focus")).to_have_text("Insert …")
    keys.press("Enter")
    keys.press("ArrowDown")
    expect(desk.page.locator(".bar :focus")).to_have_text("Gap")
    desk.page.locator(".bar .menu").get_by_text("Ranking").focus()
    keys.press("Enter")
    expect(desk.text).to_be_focused()
    assert desk.value.endswith(
        "\n\n??? 3 marks\nrank: first | second | third\n"
        "right: second > first > third\nbecause: 2 marks"
    )
    assert desk.selected == "first"
    # Escape leads from the bar back to the text.
    keys.press("Shift+Tab")
    keys.press("Escape")
    expect(desk.text).to_be_focused()


def test_what_the_bar_writes(desk: Desk) -> None:
    desk.begin("Nile, Po, Rhine\n\none\ntwo\n\nThe river is long.\n")
    bar = desk.page.locator(".bar")
    desk.select("Nile, Po, Rhine")
    bar.get_by_text("Word bank", exact=True).first.click()
    expect(desk.text).to_have_value(re.compile(r"^\[\[ Nile \| Po"))
    desk.select("one\ntwo")
    bar.get_by_text("Options", exact=True).click()
    assert "\n\n(a) one\n(b) two\n\n??? 4 marks\n\nThe river" in desk.value
    desk.select("river")
    bar.get_by_text("Insert …").click()
    bar.get_by_text("Bold").click()
    assert "The **river** is" in desk.value
    assert desk.selected == "river"
    bar.get_by_text("Insert …").click()
    bar.get_by_text("Footnote").click()
    assert "The **river[^1]** is long." in desk.value
    assert desk.value.rstrip().endswith("[^1]: what to say about it")
    assert desk.selected == "what to say about it"
    bar.get_by_text("Heading", exact=True).click()
    # What cannot be made says why, and changes nothing.
    before = desk.value
    desk.select("??? 4")
    bar.get_by_text("Gap", exact=True).first.click()
    expect(desk.page.locator("[data-status]")).to_contain_text("Nothing was changed")
    assert desk.value == before


def test_undo_survives_a_reload_and_comes_to_another_device(
    desk: Desk, desks: Callable[..., Desk]
) -> None:
    worksheet = desk.begin("# Rivers\n")
    desk.text.press("Control+End")
    desk.text.press_sequentially("The Nile is long.\nThe Po is short.")
    state = desk.page.locator("[data-draft-state]")
    expect(state).to_have_text("Not saved yet. Kept as a draft.")
    desk.page.reload()
    expect(desk.text).to_have_value("# Rivers\nThe Nile is long.\nThe Po is short.")
    desk.text.press("Control+z")
    expect(desk.text).to_have_value("# Rivers\nThe Nile is long.\nThe Po is ")
    desk.page.locator("[data-redo]").click()
    expect(desk.text).to_have_value("# Rivers\nThe Nile is long.\nThe Po is short.")
    with desk.page.expect_response("**/drafts/**"):
        desk.text.press_sequentially("!")
    expect(state).to_have_text("Not saved yet. Kept as a draft.")
    other = desks()
    other.open(worksheet)
    expect(other.text).to_have_value("# Rivers\nThe Nile is long.\nThe Po is short.!")
    for _step in range(12):
        other.text.press("Control+z")
    expect(other.text).to_have_value("# Rivers\n")


def test_search_and_replace(desk: Desk) -> None:
    desk.begin(TEXT)
    page = desk.page
    desk.text.focus()
    page.keyboard.press("Control+h")
    wanted, count = page.get_by_label("Find", exact=True), page.locator("[data-find-count]")
    expect(wanted).to_be_focused()
    page.keyboard.type("RIVER OF")
    expect(count).to_have_text("1 of 118")
    page.keyboard.press("Enter")
    expect(count).to_have_text("2 of 118")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    expect(count).to_have_text("118 of 118")
    expect(page.locator(".text-layer .is-found-here")).to_have_text("river of")
    place = desk.text.evaluate("area => [area.scrollTop, area.scrollHeight - area.clientHeight]")
    assert place[0] > place[1] / 2
    page.get_by_label("Replace with").fill("stream of")
    page.get_by_role("button", name="Replace", exact=True).click()
    expect(count).to_have_text("1 of 117")
    page.get_by_role("button", name="Replace all").click()
    expect(count).to_have_text(re.compile("Replaced: 117"))
    assert desk.value.count("stream of") == 118
    page.keyboard.press("Escape")
    expect(desk.text).to_be_focused()
    page.keyboard.press("Control+z")
    assert desk.value.count("stream of") == 1
    page.keyboard.press("Control+z")
    assert desk.value == TEXT


DROP = """([area, name, data, type, isPaste]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  const event = isPaste
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  area.dispatchEvent(event);
  return event.defaultPrevented;
}"""


def test_a_picture_is_put_where_it_belongs(desk: Desk) -> None:
    desk.begin("# Rivers\n\nThe Nile.\n\nThe Po.\n")
    data = base64.b64encode(picture()).decode()
    area = desk.text.element_handle()
    desk.select("Nile")
    assert desk.page.evaluate(DROP, [area, "image.png", data, "image/png", True])
    expect(desk.text).to_have_value("# Rivers\n\nThe Nile.\n\n![](image.png)\n\nThe Po.\n")
    desk.page.keyboard.type("A map")
    expect(desk.sheet.get_by_role("img", name="A map")).to_be_visible()
    desk.select("The Po.")
    assert desk.page.evaluate(DROP, [area, "image.png", data, "image/png", False])
    expect(desk.text).to_have_value(re.compile(r"!\[\]\(image-2\.png\)"))
    expect(desk.page.locator("[data-pictures] li")).to_have_count(2)
    # What is no picture is named, and the page stays.
    before = desk.value
    assert desk.page.evaluate(DROP, [area, "a.txt", data, "text/plain", False])
    expect(desk.page.locator("[data-status]")).to_contain_text("Only pictures")
    assert desk.page.evaluate(DROP, [area, "a.png", "AAAA", "image/png", False])
    expect(desk.page.locator("[data-status]")).to_contain_text("This is not a PNG")
    assert desk.value == before


def test_two_who_write_are_told_and_both_texts_are_kept(desk: Desk) -> None:
    worksheet = desk.begin("# Rivers\n\nThe Nile.\n")
    authoring.save(worksheet, "# Rivers\n\nThe Rhine.\n", seen=None)
    told = desk.page.locator("#elsewhere")
    expect(told).to_contain_text("was saved in another window", timeout=30_000)
    desk.text.fill("# Rivers\n\nThe Po.\n")
    desk.page.get_by_role("button", name="Save", exact=True).click()
    expect(desk.page.get_by_role("alert")).to_contain_text("Nothing was overwritten")
    assert desk.value == "# Rivers\n\nThe Po.\n"
    desk.page.get_by_role("button", name="Save", exact=True).click()
    expect(desk.page.get_by_text("Saved. “Answers and use")).to_be_visible()
    desk.page.get_by_role("link", name="Versions").click()
    rows = desk.page.locator(".versions li")
    expect(rows).to_have_count(3)
    rows.nth(1).get_by_role("link", name="Compare").click()
    expect(desk.page.locator(".changes del")).to_contain_text("The Rhine.")
    expect(desk.page.locator(".changes ins")).to_contain_text("The Po.")
    look(desk.page, "versions-laptop")
    desk.page.get_by_role("button", name="Bring this version back").click()
    expect(desk.text).to_have_value("# Rivers\n\nThe Rhine.\n")


LIES_BEHIND = """() => {
  const area = document.querySelector("#id_source");
  const page = document.querySelector(".text-layer > div");
  return [area.scrollHeight, page.scrollHeight, area.clientWidth, page.clientWidth];
}"""


@pytest.mark.parametrize("desk", ["laptop", "phone"], indirect=True)
def test_the_layer_lies_behind_the_text_line_by_line(desk: Desk) -> None:
    wide = "word " * 60 + "x" * 300 + " \t tab " + "שלום עולם " * 20
    desk.begin(f"# Title\n\n{wide}\n\nThe ____ here.\n\n{wide}  \n" * 8)
    layer = desk.page.locator(".text-layer")
    area_height, page_height, area_width, page_width = desk.page.evaluate(LIES_BEHIND)
    assert (area_height, area_width) == (page_height, page_width)
    expect(layer.locator(".is-error")).to_have_count(8)
    desk.text.press("Control+End")
    desk.text.press_sequentially("\n\nMore ____ and\n")
    expect(layer.locator(".is-error")).to_have_count(9)
    area_height, page_height, *_widths = desk.page.evaluate(LIES_BEHIND)
    assert area_height == page_height
    top, shown = desk.page.evaluate(
        "() => [document.querySelector('#id_source').scrollTop,"
        " new DOMMatrix(getComputedStyle(document.querySelector('.text-layer > div')).transform).f]"
    )
    assert top == -shown > 0


def test_without_a_script_the_text_is_written_and_saved(desks: Callable[..., Desk]) -> None:
    desk = desks(java_script_enabled=False)
    worksheet = authoring.create(desk.served.someone.user, "The ___Nile___.\n")
    desk.served.open("edit", number=worksheet.pk)
    page = desk.page
    expect(page.locator(".bar")).to_be_hidden()
    expect(desk.sheet.get_by_text("The")).to_be_visible()
    desk.text.fill("The ___Po___.\n")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("link", name="Compare").last.click()
    expect(page.locator(".changes del")).to_contain_text("The ___Nile___.")
