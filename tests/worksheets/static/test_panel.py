"""panel.js: the words of a bank come to the gap, by mouse, finger and keyboard, and go back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests import ROOT
from tests.reported import reported
from tests.worksheets.static.test_gaps import MANY, gap, used, word
from tests.worksheets.static.tool import Tool, cut_off, fill_page, sheet_document

pytestmark = pytest.mark.browser

Opened = Callable[..., Tool]
WORDS = ["Abyssinia", "Manchuria", "Rhineland", "Bavaria"]
ONCE = """Italy took ___Abyssinia___, Japan took ___Manchuria___, soldiers took the
___Rhineland___.

[[ each word once: Abyssinia | Manchuria | Rhineland | Bavaria ]]
"""
FREE = ONCE.replace("each word once: ", "")
FIFTY = (
    "\n\n".join(f"It is ___word {n:02}___ here." for n in range(50))
    + f"\n\n[[ each word once: {' | '.join(f'word {n:02}' for n in range(50))} ]]\n"
)
# Without its pictures, which this page would ask for.
SAMPLE = Path(ROOT, "worksheets/samples/terror.md").read_text(encoding="utf-8").replace("![", "[")
# WCAG's 1280 px at 100, 200 and 400 %, and narrow.
SIZES = {"100": (1280, 720), "200": (640, 360), "400": (320, 256), "narrow": (320, 640)}

HIDDEN = """(element) => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const places = [left + 2, (left + right) / 2, right - 2].flatMap((x) =>
    [top + 2, (top + bottom) / 2, bottom - 2].map((y) => [x, y]));
  return places.filter(([x, y]) => !element.contains(document.elementFromPoint(x, y)));
}"""
# What has round corners.
MIDDLE_HIDDEN = HIDDEN.replace("left + 2, (left + right) / 2, right - 2", "(left + right) / 2")
BOX = "(element) => element.getBoundingClientRect().toJSON()"


def panel(tool: Tool) -> Locator:
    return tool.page.locator(".word-panel")


def option(tool: Tool, text: str) -> Locator:
    """The word in the panel."""
    return tool.page.locator(f"[role='option'][data-word='{text}']")


def active(tool: Tool) -> str:
    """The word that a screen reader hears of."""
    name = tool.page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
    return tool.page.locator(f"#{name}").inner_text() if name else ""


def place(tool: Tool, name: str, text: str) -> None:
    gap(tool, name).click()
    option(tool, text).click()


def box(element: Locator) -> dict[str, float]:
    found: dict[str, float] = element.evaluate(BOX)
    return found


def is_closed(tool: Tool, name: str) -> None:
    expect(panel(tool)).to_be_hidden()
    expect(gap(tool, name)).to_have_attribute("aria-expanded", "false")


class TestOpening:
    def test_a_press_shows_the_words_in_the_order_of_the_bank(self, opened: Opened) -> None:
        tool = opened(ONCE)
        gap(tool, "g2").click()
        expect(tool.page.get_by_role("listbox", name="Word bank")).to_be_visible()
        expect(tool.page.get_by_role("option")).to_have_text(WORDS)
        expect(gap(tool, "g2")).to_have_attribute("aria-expanded", "true")
        expect(tool.page.get_by_role("combobox", name="Gap 2 of 3")).to_be_focused()

    def test_a_press_on_a_word_puts_it_in_and_nothing_jumps(self, opened: Opened) -> None:
        tool = opened(SAMPLE)
        gap(tool, "g4").click()
        before = tool.page.evaluate("scrollY")
        where = box(gap(tool, "g4"))
        option(tool, "Comintern").click()
        expect(tool.field("g4")).to_have_value("Comintern")
        expect(gap(tool, "g4")).to_have_text("Comintern")
        is_closed(tool, "g4")
        expect(gap(tool, "g4")).to_be_focused()
        tool.announces("Gap 4: Comintern. 7 left.")
        assert tool.page.evaluate("scrollY") == before
        assert box(gap(tool, "g4")) == where
        tool.wait(700)
        tool.tells("saved")
        assert tool.saves == [{"g4": "Comintern", "edition": "7", "attempt": "1"}]

    @pytest.mark.parametrize("how", ["again", "outside", "Escape", "another"])
    def test_it_is_closed_and_nothing_has_changed(self, opened: Opened, how: str) -> None:
        tool = opened(ONCE, g1="Bavaria")
        gap(tool, "g1").click()
        tool.page.keyboard.press("ArrowDown")
        match how:
            case "again":
                gap(tool, "g1").click()
            case "outside":
                tool.page.mouse.click(5, 5)
            case "another":
                tool.page.keyboard.press("Tab")
                expect(gap(tool, "g2")).to_be_focused()
            case key:
                tool.page.keyboard.press(key)
                expect(gap(tool, "g1")).to_be_focused()
        is_closed(tool, "g1")
        expect(tool.field("g1")).to_have_value("Bavaria")
        assert tool.saves == []

    def test_of_another_gap_it_opens_there(self, opened: Opened) -> None:
        tool = opened(ONCE)
        gap(tool, "g1").click()
        gap(tool, "g3").click()
        expect(gap(tool, "g1")).to_have_attribute("aria-expanded", "false")
        expect(gap(tool, "g3")).to_have_attribute("aria-expanded", "true")

    def test_the_word_that_stands_there_is_ticked_and_can_be_taken_out(
        self, opened: Opened
    ) -> None:
        tool = opened(ONCE, g1="Bavaria")
        gap(tool, "g1").click()
        selected = tool.page.get_by_role("option", selected=True)
        expect(selected).to_have_text(["Bavaria"])
        tool.page.get_by_role("option", name="Empty this gap").click()
        expect(tool.field("g1")).to_have_value("")
        tool.announces("Gap 1 is empty.")
        gap(tool, "g1").click()
        expect(tool.page.get_by_role("option")).to_have_text(WORDS)

    def test_where_saving_has_ended_it_stays_closed(self, opened: Opened) -> None:
        tool = opened(ONCE)
        tool.field("g1").evaluate("(list) => { list.disabled = true; }")
        gap(tool, "g1").click()
        expect(panel(tool)).to_be_hidden()
        word(tool, "Bavaria").click()
        gap(tool, "g1").click()
        expect(tool.field("g1")).to_have_value("")

    @pytest.mark.parametrize("name", ["panel", "gaps", "undo"])
    def test_without_its_scripts_the_gaps_are_lists(
        self, context: BrowserContext, name: str
    ) -> None:
        page = context.new_page()
        tool = Tool(page, fill_page(sheet_document(ONCE, {})))
        page.route(f"**/{name}.js", cut_off)
        page.clock.install()
        page.goto(f"{tool.origin}/")
        tool.field("g1").select_option("Abyssinia")
        page.clock.run_for(700)
        tool.says("Saved")
        assert tool.saves == [{"g1": "Abyssinia", "edition": "7", "attempt": "1"}]
        expect(page.locator("select[aria-label='Gap 1 of 3']")).to_be_visible()
        assert tool.complaints == []


class TestKeys:
    @pytest.mark.parametrize("key", ["Enter", "ArrowDown", " ", "ArrowUp"])
    def test_they_open_at_the_first_word_or_at_the_chosen(self, opened: Opened, key: str) -> None:
        tool = opened(ONCE, g2="Rhineland")
        gap(tool, "g1").press(key)
        assert active(tool) == "Abyssinia"
        tool.page.keyboard.press("Escape")
        gap(tool, "g2").press(key)
        assert active(tool) == "Rhineland"

    def test_arrows_walk_and_enter_takes(self, opened: Opened) -> None:
        tool = opened(ONCE)
        gap(tool, "g1").press("Enter")
        walked = []
        for key in ("ArrowDown", "ArrowRight", "End", "ArrowDown", "ArrowUp", "Home", "ArrowLeft"):
            tool.page.keyboard.press(key)
            walked.append(active(tool))
        assert walked == [*WORDS[1:3], *WORDS[3:], "Bavaria", "Rhineland", *WORDS[:1] * 2]
        tool.page.keyboard.press("ArrowDown")
        tool.page.keyboard.press("Enter")
        expect(tool.field("g1")).to_have_value("Manchuria")
        expect(gap(tool, "g1")).to_be_focused()
        is_closed(tool, "g1")
        tool.announces("Gap 1: Manchuria. 2 left.")

    def test_letters_jump(self, opened: Opened) -> None:
        tool = opened("A ___Bonn___ b ___Bern___ c\n\n[[ Berlin | Bern | Bonn | Bremen ]]\n")
        gap(tool, "g1").press("b")
        assert active(tool) == "Berlin"
        tool.page.keyboard.press("o")
        assert active(tool) == "Bonn"
        tool.wait(1000)
        tool.page.keyboard.press("b")
        assert active(tool) == "Bremen"
        tool.wait(1000)
        tool.page.keyboard.press("B")
        assert active(tool) == "Berlin"
        tool.page.keyboard.press("x")
        assert active(tool) == "Berlin"
        tool.page.keyboard.press(" ")
        expect(tool.field("g1")).to_have_value("Berlin")

    @reported("R11")
    def test_all_of_it(self, opened: Opened) -> None:
        tool = opened(ONCE)
        gap(tool, "g1").focus()
        for name in WORDS[:3]:
            tool.page.keyboard.press(name[0])
            tool.page.keyboard.press("Enter")
            tool.page.keyboard.press("Tab")
        assert [tool.field(f"g{n}").input_value() for n in (1, 2, 3)] == WORDS[:3]
        tool.announces("Gap 3: Rhineland. 0 left.")

    def test_with_shift_it_goes_back(self, opened: Opened) -> None:
        tool = opened(ONCE)
        gap(tool, "g2").press("Enter")
        tool.page.keyboard.press("Shift+Tab")
        expect(gap(tool, "g1")).to_be_focused()
        is_closed(tool, "g2")


@reported("R11")
class TestFingers:
    def test_a_gap_and_then_a_word(self, opened: Opened) -> None:
        tool = opened(ONCE)
        tool.page.set_viewport_size({"width": 390, "height": 844})
        gap(tool, "g1").tap()
        option(tool, "Manchuria").tap()
        expect(tool.field("g1")).to_have_value("Manchuria")
        is_closed(tool, "g1")

    def test_a_word_and_then_a_gap(self, opened: Opened) -> None:
        tool = opened(ONCE)
        word(tool, "Manchuria").tap()
        gap(tool, "g1").tap()
        expect(tool.field("g1")).to_have_value("Manchuria")
        expect(panel(tool)).to_be_hidden()

    def test_the_browsers_own_list_is_out_of_reach(self, opened: Opened) -> None:
        tool = opened(ONCE)
        assert gap(tool, "g1").evaluate(HIDDEN) == []
        assert len(tool.field("g1").evaluate(HIDDEN)) == 9

    def test_they_are_large_enough(self, opened: Opened) -> None:
        tool = opened(SAMPLE, g1="Comintern")
        gap(tool, "g1").click()
        for one in tool.page.get_by_role("option").all():
            assert box(one)["height"] >= 44

    def test_no_keyboard_comes_before_the_field_is_pressed(self, opened: Opened) -> None:
        tool = opened(FIFTY)
        gap(tool, "g1").tap()
        expect(tool.page.get_by_label("Find a word")).to_be_visible()
        expect(gap(tool, "g1")).to_be_focused()


class TestMoving:
    def test_a_used_word_says_where_it_stands_moves_and_is_put_back(self, opened: Opened) -> None:
        tool = opened(ONCE, g1="Bavaria", g2="Rhineland")
        gap(tool, "g1").click()
        expect(option(tool, "Rhineland")).to_have_text("Rhineland gap 2")
        expect(option(tool, "Rhineland")).to_have_class("used")
        expect(option(tool, "Bavaria")).not_to_have_class("used")
        option(tool, "Rhineland").click()
        assert values(tool) == ["Rhineland", "", ""]
        said = "Rhineland moved here. Gap 2 is empty."
        tool.announces(said)
        expect(tool.page.locator(".strip .moved")).to_contain_text(said)
        expect(gap(tool, "g1")).to_be_focused()
        tool.page.get_by_role("button", name="Put back").click()
        assert values(tool) == ["Bavaria", "Rhineland", ""]
        tool.announces("Gap 2: Rhineland. 1 left.")
        expect(tool.page.locator(".moved")).to_have_count(0)
        expect(gap(tool, "g1")).to_be_focused()
        tool.wait(700)
        tool.tells("saved")
        shown = {"edition": "7", "attempt": "1"}
        assert tool.saves == [{"g1": "Bavaria", "g2": "Rhineland", **shown}]

    def test_what_moves_is_saved_in_both_places(self, opened: Opened) -> None:
        tool = opened(ONCE, g2="Rhineland")
        place(tool, "g1", "Rhineland")
        tool.wait(700)
        tool.tells("saved")
        assert tool.saves == [{"g1": "Rhineland", "g2": "", "edition": "7", "attempt": "1"}]

    def test_the_next_word_ends_what_was_said(self, opened: Opened) -> None:
        tool = opened(ONCE, g2="Rhineland")
        place(tool, "g1", "Rhineland")
        place(tool, "g2", "Bavaria")
        expect(tool.page.locator(".moved")).to_have_count(0)

    def test_words_that_may_be_used_again_do_not_move(self, opened: Opened) -> None:
        tool = opened(FREE, g2="Rhineland")
        gap(tool, "g1").click()
        expect(option(tool, "Rhineland")).to_have_text("Rhineland")
        expect(option(tool, "Rhineland")).not_to_have_class("used")
        option(tool, "Rhineland").click()
        assert values(tool) == ["Rhineland", "Rhineland", ""]
        assert used(tool) == []

    @reported("R14")
    def test_a_word_that_stands_there_twice_moves_from_where_it_says(self, opened: Opened) -> None:
        bank = "[[ each word once: cat | dog | cat | ox ]]"
        sheet = f"A ___cat___, a ___cat___, a ___dog___.\n\n{bank}\n"
        tool = opened(sheet, g1="cat", g2="cat")
        gap(tool, "g3").click()
        expect(tool.page.get_by_role("option")).to_have_text(
            ["cat gap 1", "dog", "cat gap 2", "ox"]
        )
        option(tool, "cat").last.click()
        assert values(tool) == ["cat", "", "cat"]
        gap(tool, "g2").click()
        option(tool, "cat").first.click()
        assert values(tool) == ["", "cat", "cat"]

    def test_the_same_word_again_is_no_change(self, opened: Opened) -> None:
        tool = opened(ONCE, g1="Rhineland")
        place(tool, "g1", "Rhineland")
        assert values(tool) == ["Rhineland", "", ""]
        expect(tool.page.get_by_role("button", name="Undo")).to_have_count(0)

    @reported("C1", "C3")
    def test_a_word_that_was_written_with_two_spaces(self, opened: Opened) -> None:
        tool = opened(
            "The city of ___New  York___ (two spaces) is big.\n\n[[ New  York | Rome ]]\n",
            g1="New York",
        )
        listed = "(list) => [...list.options].map(({ value }) => value)"
        assert tool.field("g1").evaluate(listed) == ["", "New York", "Rome"]
        place(tool, "g1", "Rome")
        place(tool, "g1", "New York")
        expect(tool.field("g1")).to_have_value("New York")
        gap(tool, "g1").press("Delete")
        word(tool, "New York").click()
        gap(tool, "g1").click()
        expect(tool.field("g1")).to_have_value("New York")
        gap(tool, "g1").press("Delete")
        word(tool, "New York").drag_to(gap(tool, "g1"))
        expect(tool.field("g1")).to_have_value("New York")


class TestUndo:
    def test_step_by_step(self, opened: Opened) -> None:
        tool = opened(ONCE)
        expect(tool.page.get_by_role("button", name="Undo")).to_have_count(0)
        place(tool, "g1", "Bavaria")
        place(tool, "g2", "Rhineland")
        gap(tool, "g1").press("Delete")
        undo = tool.page.get_by_role("button", name="Undo")
        for expected in (["Bavaria", "Rhineland", ""], ["Bavaria", "", ""], ["", "", ""]):
            undo.click()
            assert values(tool) == expected
        tool.announces("Gap 1 is empty.")
        expect(undo).to_be_hidden()
        expect(gap(tool, "g1")).to_be_focused()
        tool.wait(700)
        tool.tells("saved")
        assert tool.saves == [{"g1": "", "g2": "", "edition": "7", "attempt": "1"}]

    def test_a_word_that_was_dragged(self, opened: Opened) -> None:
        tool = opened(ONCE)
        word(tool, "Manchuria").drag_to(gap(tool, "g2"))
        tool.page.get_by_role("button", name="Undo").click()
        assert values(tool) == ["", "", ""]

    def test_the_last_twenty(self, opened: Opened) -> None:
        tool = opened(FREE)
        for n in range(25):
            word(tool, WORDS[n % 4]).press("Enter")
            gap(tool, "g1").press("Enter")
        undo = tool.page.get_by_role("button", name="Undo")
        steps = 0
        while undo.is_visible():
            undo.click()
            steps += 1
        assert steps == 20
        assert values(tool) == [WORDS[4 % 4], "", ""]

    def test_what_came_from_elsewhere_since_stays(self, opened: Opened) -> None:
        tool = opened(ONCE)
        place(tool, "g1", "Bavaria")
        place(tool, "g2", "Rhineland")
        tool.page.evaluate("""() => {
            const form = document.getElementById("worksheet");
            form.querySelector("[name='g2']").value = "Manchuria";
            form.dispatchEvent(new Event("worksheet:restored"));
        }""")
        tool.page.get_by_role("button", name="Undo").click()
        assert values(tool) == ["", "Manchuria", ""]


class TestFinding:
    def test_of_many_words_one_is_looked_for(self, opened: Opened) -> None:
        tool = opened(FIFTY)
        gap(tool, "g1").click()
        find = tool.page.get_by_label("Find a word")
        find.fill("4")
        expect(tool.page.get_by_role("option")).to_have_count(14)
        tool.announces("14 words")
        find.fill("49")
        assert active(tool) == "word 49"
        find.press("Enter")
        expect(tool.field("g1")).to_have_value("word 49")
        expect(gap(tool, "g1")).to_be_focused()

    def test_letters_go_there(self, opened: Opened) -> None:
        tool = opened(FIFTY)
        gap(tool, "g7").focus()
        tool.page.keyboard.type("word 3")
        find = tool.page.get_by_label("Find a word")
        expect(find).to_be_focused()
        expect(find).to_have_value("word 3")
        tool.page.keyboard.press("ArrowDown")
        assert active(tool) == "word 31"
        tool.page.keyboard.press("Tab")  # on from the gap
        expect(gap(tool, "g8")).to_be_focused()
        is_closed(tool, "g7")
        expect(tool.field("g7")).to_have_value("")
        assert tool.posted == tool.saves == []

    def test_enter_where_nothing_is_found_does_nothing(self, opened: Opened) -> None:
        tool = opened(FIFTY)
        gap(tool, "g1").press("x")
        tool.announces("0 words")
        tool.page.keyboard.press("Enter")
        assert tool.posted == []
        expect(tool.field("g1")).to_have_value("")
        expect(gap(tool, "g1")).to_be_focused()

    def test_few_words_are_seen_at_once(self, opened: Opened) -> None:
        tool = opened(SAMPLE)
        gap(tool, "g1").click()
        expect(tool.page.get_by_label("Find a word")).to_be_hidden()

    @reported("R15")
    def test_gaps_that_share_one_list(self, opened: Opened) -> None:
        tool = opened(MANY)
        gap(tool, "g2").press("p")
        assert active(tool) == "Polar Fox"
        tool.page.keyboard.press("Enter")
        expect(tool.field("g2")).to_have_value("Polar Fox")
        expect(gap(tool, "g2")).to_have_text("Polar Fox")
        tool.wait(700)
        tool.tells("saved")
        # However many there are, what was changed is sent.
        assert tool.saves == [{"g2": "Polar Fox", "edition": "7", "attempt": "1"}]


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    width, height = SIZES[request.param]
    return {"width": width, "height": height}


class TestSight:
    """What has the focus is in sight, and so is the strip (WCAG 2.2, 2.4.11)."""

    @reported("E1")
    @pytest.mark.parametrize("source", [SAMPLE, FIFTY], ids=["sample", "fifty"])
    def test_no_gap_that_has_the_focus_is_covered(
        self, opened: Opened, size: Any, source: str
    ) -> None:
        tool = opened(source)
        tool.page.set_viewport_size(size)
        gaps = tool.page.locator(".word button")
        gaps.first.focus()
        for one in gaps.all():
            expect(one).to_be_focused()
            assert one.evaluate(HIDDEN) == []
            assert in_sight(tool, tool.page.locator(".strip"))
            tool.page.keyboard.press("Tab")
        for one in reversed(gaps.all()):
            tool.page.keyboard.press("Shift+Tab")
            expect(one).to_be_focused()
            assert one.evaluate(HIDDEN) == []

    def test_nor_is_anything_else(self, opened_page: Callable[[str], Tool], size: Any) -> None:
        scripts = ["worksheets/words.js", "worksheets/questions/ranking.js"]
        tool = opened_page(fill_page(sheet_document(SAMPLE, {}), scripts))
        tool.page.set_viewport_size(size)
        tool.page.locator(".word button").last.focus()
        fields = "textarea, input, button"
        for _ in range(40):
            tool.page.keyboard.press("Tab")
            focused = tool.page.locator("form :focus")
            if not focused.count():
                break
            # A text area may be higher than the window: a part of it is in sight.
            assert len(focused.evaluate(HIDDEN)) < 9
            if not focused.evaluate("(one) => one.matches('textarea')"):
                assert focused.evaluate(MIDDLE_HIDDEN) == []
            assert focused.evaluate(f"(one) => one.matches('{fields}, a')")
            assert in_sight(tool, tool.page.locator(".strip"))

    def test_the_panel_is_below_the_line_of_its_gap_and_in_sight(
        self, opened: Opened, size: Any
    ) -> None:
        tool = opened(SAMPLE, g1="Comintern")
        tool.page.set_viewport_size(size)
        column = box(tool.page.locator("#worksheet"))
        strip = tool.page.locator(".strip")
        for one in tool.page.locator(".word button").all():
            one.focus()
            tool.page.keyboard.press("ArrowDown")
            found, above, end = box(panel(tool)), box(one), box(strip)
            assert above["bottom"] <= found["top"] <= above["bottom"] + 8
            assert found["bottom"] <= end["top"]
            assert found["width"] <= 24 * 16
            assert column["left"] <= found["left"]
            assert found["right"] <= column["right"]
            assert found["height"] <= 0.45 * end["top"]
            assert one.evaluate(HIDDEN) == []
            assert tool.page.locator(".active").evaluate(MIDDLE_HIDDEN) == []
            assert in_sight(tool, strip)
            assert not tool.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            tool.page.keyboard.press("Escape")

    def test_at_the_end_of_a_sheet_the_page_makes_room_and_does_not_jump(
        self, opened: Opened, size: Any
    ) -> None:
        tool = opened(
            "[[ " + " | ".join(f"word {n}" for n in range(18)) + " ]]\n\n"
            "Text.\n\n" * 9 + "The ___word 1___.\n"
        )
        tool.page.set_viewport_size(size)
        gap(tool, "g1").click()
        assert box(panel(tool))["bottom"] <= box(tool.page.locator(".strip"))["top"]
        before = box(gap(tool, "g1"))
        option(tool, "word 0").click()
        expect(panel(tool)).to_be_hidden()
        assert box(gap(tool, "g1")) == before

    @reported("E2")
    def test_a_link_to_a_gap_shows_it(self, opened: Opened) -> None:
        bank = " | ".join(f"word {n:02}" for n in range(20))
        gaps = "\n\n".join(f"It is ___word {n:02}___ here." for n in range(20))
        tool = opened(f"[[ {bank} ]]\n\n{gaps}\n")
        tool.page.goto("about:blank")
        tool.page.goto(f"{tool.origin}/#g10")
        expect(gap(tool, "g10")).to_be_focused()
        assert gap(tool, "g10").evaluate(HIDDEN) == []
        tool.page.keyboard.press("Enter")
        expect(gap(tool, "g10")).to_have_attribute("aria-expanded", "true")

    @reported("R13")
    def test_a_table_of_gaps_on_a_narrow_screen(self, opened: Opened) -> None:
        rows = "".join(
            "| " + " | ".join(f"___word {r}{c}___" for c in range(5)) + " |\n" for r in range(10)
        )
        bank = " | ".join(f"word {r}{c}" for r in range(10) for c in range(5))
        tool = opened(f"| a | b | c | d | e |\n|---|---|---|---|---|\n{rows}\n[[ {bank} ]]\n")
        tool.page.set_viewport_size({"width": 320, "height": 640})
        gap(tool, "g5").click()
        assert tool.page.evaluate("document.documentElement.scrollWidth") == 320
        found = box(panel(tool))
        assert found["left"] >= 0
        assert found["right"] <= 320
        assert tool.page.get_by_role("option").first.evaluate(MIDDLE_HIDDEN) == []


class TestLooks:
    @reported("H1")
    def test_with_forced_colours_the_word_in_hand_is_told_apart(self, opened: Opened) -> None:
        tool = opened(ONCE)
        tool.page.emulate_media(forced_colors="active")
        look = """(button) => {
            const { color, backgroundColor, borderWidth, fontWeight } = getComputedStyle(button);
            return [color, backgroundColor, borderWidth, fontWeight];
        }"""
        other = word(tool, "Bavaria").evaluate(look)
        word(tool, "Rhineland").click()
        picked = word(tool, "Rhineland").evaluate(look)
        assert all(a != b for a, b in zip(picked, other, strict=True)), (picked, other)
        gap(tool, "g1").click()
        gap(tool, "g1").click()
        assert option(tool, "Rhineland").evaluate(look) == picked
        assert option(tool, "Bavaria").evaluate(look)[1:] == [*other[1:]]

    @reported("I1")
    def test_a_typed_gap_keeps_what_is_typed_and_looks_empty_when_it_is(
        self, opened: Opened
    ) -> None:
        tool = opened("Japan took ___Manchuria___ and ___Korea___.\n", g1="Manchuria")
        for name, value in [
            ("autocorrect", "off"),
            ("autocapitalize", "off"),
            ("autocomplete", "off"),
            ("spellcheck", "false"),
        ]:
            expect(tool.field("g1")).to_have_attribute(name, value)
        line = "(field) => getComputedStyle(field).borderBottomColor"
        filled, empty = (tool.field(name).evaluate(line) for name in ("g1", "g2"))
        assert filled != empty
        tool.field("g2").fill("Korea")
        assert tool.field("g2").evaluate(line) == filled

    def test_a_sheet_that_is_written_from_the_right(self, opened: Opened) -> None:
        tool = opened("העיר ___ירושלים___ היא בירת ___ישראל___.\n\n[[ ירושלים | ישראל | רומא ]]\n")
        gap(tool, "g1").press("Enter")
        assert abs(box(panel(tool))["right"] - box(gap(tool, "g1"))["right"]) <= 1
        first, second = tool.page.get_by_role("option").all()[:2]
        assert box(first)["left"] > box(second)["left"]
        tool.page.keyboard.press("ArrowLeft")
        assert active(tool) == "ישראל"


LONG = "Molotov–Ribbentrop non-aggression pact of August 1939"
LINES = "\n".join(f"Line {n} of a long answer." for n in range(1, 32))
PRINTED = f"""It was the ___{LONG}___, and then the ___{LONG}___.

In ___1939___.

Why?

??? 9 marks
"""


class TestPaper:
    """What is printed is all that was written."""

    @pytest.fixture
    def opened(self, opened: Opened) -> Opened:
        """The same, with what comes when the page is there already."""

        def open_sheet(source: str, **values: str) -> Tool:
            tool = opened(source, **values)
            address = tool.address("worksheets/print.js")
            tool.page.evaluate("(address) => import(address)", address)
            return tool

        return open_sheet

    @pytest.mark.parametrize("by_bank", [False, True])
    @reported("G1")
    def test_a_gap_is_printed_whole(self, opened: Opened, by_bank: bool) -> None:
        bank = f"\n[[ {LONG} | 1939 ]]\n" if by_bank else ""
        tool = opened(PRINTED + bank, g1=LONG)
        tool.page.emulate_media(media="print")
        printed = tool.page.locator("[data-item='g1'] .printed")
        expect(printed).to_be_visible()
        expect(printed).to_have_text(LONG)
        across = tool.page.locator("main").evaluate("(one) => one.clientWidth")
        assert 300 < box(printed)["width"] <= across
        assert tool.field("g1").is_hidden()
        # An empty one has its line to write on.
        empty = gap(tool, "g3") if by_bank else tool.field("g3")
        expect(empty).to_be_visible()
        assert box(empty)["width"] >= 100
        tool.page.emulate_media(media="screen")
        expect(printed).to_be_hidden()

    @reported("G3")
    def test_a_long_answer_is_printed_whole(self, opened: Opened) -> None:
        tool = opened(PRINTED, q1=LINES)
        # As in a browser that knows nothing of it.
        tool.field("q1").evaluate("(one) => one.style.setProperty('field-sizing', 'fixed')")
        tool.page.emulate_media(media="print")
        printed = tool.page.locator(".question .printed")
        expect(printed).to_have_text(LINES)
        lines = "(one) => [one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight)]"
        assert round(printed.evaluate(lines)[0]) >= 31
        assert tool.field("q1").is_hidden()

    def test_what_was_typed_last_is_printed_and_an_empty_page_too(self, opened: Opened) -> None:
        tool = opened(PRINTED)
        tool.page.emulate_media(media="print")
        expect(tool.field("q1")).to_be_visible()
        tool.page.emulate_media(media="screen")
        tool.field("q1").fill("Because.")
        tool.page.emulate_media(media="print")
        expect(tool.page.locator(".question .printed")).to_have_text("Because.")

    def test_a_browser_says_before_it_prints(self, opened: Opened, tmp_path: Path) -> None:
        tool = opened(PRINTED, g1=LONG)
        tool.page.evaluate(
            "addEventListener('beforeprint', () => { document.title = 'printing'; })"
        )
        tool.page.pdf(path=tmp_path / "sheet.pdf")
        assert tool.page.title() == "printing"
        expect(tool.page.locator("[data-item='g1'] .printed")).to_have_text(LONG)


def values(tool: Tool) -> list[str]:
    return [tool.field(f"g{n}").input_value() for n in (1, 2, 3)]


def in_sight(tool: Tool, element: Locator) -> bool:
    height: int = tool.page.evaluate("innerHeight")
    found = box(element)
    return found["top"] >= 0 and found["bottom"] <= height + 1
