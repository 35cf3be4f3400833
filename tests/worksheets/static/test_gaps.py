"""gaps.js: words that are pressed, dragged and chosen, and what a screen reader hears of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.worksheets.static.tool import Tool

pytestmark = pytest.mark.browser

Opened = Callable[..., Tool]
BANK = """Italy took ___Abyssinia___, Japan took ___Manchuria___, soldiers took the
___Rhineland___.

[[ Abyssinia | Manchuria | Rhineland | Bavaria ]]
"""
TWICE = """The ___cat___ saw another ___cat___.

[[ each word once: cat | dog | cat ]]
"""
# So many words that the gaps share one list for each bank.
MANY = f"""## North

The ___bear___ is white, the ___wolf___ is not, {"nor is the ___bear___ " * 40}

[[ bear | wolf | Polar Fox | {" | ".join(f"beast {n:03} of the north" for n in range(190))} ]]

## South

The ___camel___ is not.

[[ camel | ibex ]]
"""
TWO_BANKS = """## North

The ___bear___ is white.

[[ bear | wolf ]]

## South

The ___camel___ is not, nor is the ___wolf___.

[[ camel | wolf ]]
"""


class TestPressing:
    def test_a_word_and_then_a_gap(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Manchuria").click()
        expect(word(tool, "Manchuria")).to_have_attribute("aria-pressed", "true")
        expect(tool.page.locator("#worksheet")).to_contain_class("picking")
        tool.announces("Manchuria: now choose a gap.")
        tool.field("g2").click()
        expect(tool.field("g2")).to_have_value("Manchuria")
        expect(tool.field("g2")).to_be_focused()
        expect(tool.field("g2")).to_contain_class("filled")
        tool.announces("Gap 2: Manchuria. 2 left.")
        assert in_hand(tool) == []

    def test_what_is_put_in_is_saved(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Manchuria").click()
        tool.field("g2").click()
        tool.wait(700)
        tool.tells("saved")
        assert tool.saves == [{"g2": "Manchuria", "edition": "7", "attempt": "1"}]

    def test_by_touch(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Manchuria").tap()
        tool.field("g2").tap()
        expect(tool.field("g2")).to_have_value("Manchuria")
        assert in_hand(tool) == []

    def test_a_second_press_or_escape_puts_the_word_down(self, opened: Opened) -> None:
        tool = opened(BANK)
        for press in ("Enter", "Escape"):
            word(tool, "Bavaria").click()
            assert in_hand(tool) == ["Bavaria"]
            tool.page.keyboard.press(press)  # the word has the focus
            assert in_hand(tool) == []
            expect(tool.page.locator("#worksheet")).not_to_contain_class("picking")

    def test_another_word_takes_its_place(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Bavaria").click()
        word(tool, "Rhineland").click()
        assert in_hand(tool) == ["Rhineland"]
        tool.announces("Rhineland: now choose a gap.")

    @pytest.mark.parametrize("event", ["mousedown", "touchend"])
    def test_without_a_word_in_hand_a_press_opens_the_list(
        self, opened: Opened, event: str
    ) -> None:
        tool = opened(BANK)
        assert not prevents(tool.field("g1"), event)
        word(tool, "Bavaria").click()
        assert prevents(tool.field("g1"), event)
        expect(tool.field("g1")).to_have_value("Bavaria")

    def test_escape_with_nothing_in_hand_is_nothing(self, opened: Opened) -> None:
        tool = opened(BANK)
        tool.page.keyboard.press("Escape")
        assert in_hand(tool) == []
        tool.announces("")


class TestKeyboard:
    @pytest.mark.parametrize("key", ["Enter", " "])
    def test_a_word_and_then_a_gap(self, opened: Opened, key: str) -> None:
        tool = opened(BANK)
        word(tool, "Manchuria").press(key)
        assert in_hand(tool) == ["Manchuria"]
        tool.field("g2").press(key)
        expect(tool.field("g2")).to_have_value("Manchuria")
        tool.announces("Gap 2: Manchuria. 2 left.")
        assert in_hand(tool) == []

    @pytest.mark.parametrize("key", ["Delete", "Backspace"])
    def test_a_gap_is_emptied(self, opened: Opened, key: str) -> None:
        tool = opened(BANK, g1="Abyssinia", g2="Manchuria")
        tool.field("g1").press(key)
        expect(tool.field("g1")).to_have_value("")
        expect(tool.field("g1")).not_to_contain_class("filled")
        tool.announces("Gap 1 is empty.")
        assert used(tool) == ["Manchuria"]

    def test_other_keys_are_the_lists(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Bavaria").click()
        tool.field("g1").press("R")
        expect(tool.field("g1")).to_have_value("Rhineland")
        tool.announces("Gap 1: Rhineland. 2 left.")

    def test_the_list_alone_is_enough(self, opened: Opened) -> None:
        tool = opened(BANK)
        for name, text in [("g1", "Abyssinia"), ("g2", "Manchuria"), ("g3", "Rhineland")]:
            tool.field(name).select_option(text)
        tool.announces("Gap 3: Rhineland. 0 left.")
        assert used(tool) == ["Abyssinia", "Manchuria", "Rhineland"]


class TestDragging:
    def test_a_word_into_a_gap(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Manchuria").drag_to(tool.field("g2"))
        expect(tool.field("g2")).to_have_value("Manchuria")
        expect(tool.field("g2")).not_to_contain_class("over")
        tool.announces("Gap 2: Manchuria. 2 left.")

    def test_a_gap_shows_that_it_is_the_one(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Manchuria").hover()
        tool.page.mouse.down()
        tool.field("g2").hover()
        tool.field("g2").hover()  # browsers send 'dragover' with the second move
        expect(tool.field("g2")).to_contain_class("over")
        word(tool, "Bavaria").hover()
        expect(tool.field("g2")).not_to_contain_class("over")
        tool.page.mouse.up()
        expect(tool.field("g2")).to_have_value("")

    def test_something_else_that_is_dropped_is_no_word(self, opened: Opened) -> None:
        tool = opened(BANK, g1="Abyssinia")
        tool.field("g1").evaluate("""(gap) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.setData("text/plain", "Anschluss");
            gap.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
        }""")
        expect(tool.field("g1")).to_have_value("Abyssinia")
        tool.announces("")


class TestBanks:
    def test_words_are_buttons_that_stand_for_themselves(self, opened: Opened) -> None:
        tool = opened(BANK)
        buttons = tool.page.locator(".bank li > button")
        expect(buttons).to_have_text(["Abyssinia", "Manchuria", "Rhineland", "Bavaria"])
        # Enter in a text field would otherwise press the first of them.
        assert buttons.evaluate_all("(all) => all.every(({ type }) => type === 'button')")
        assert used(tool) == []

    def test_a_word_that_stands_in_a_gap_is_used(self, opened: Opened) -> None:
        tool = opened(BANK, g3="Rhineland")
        assert used(tool) == ["Rhineland"]
        expect(tool.page.get_by_role("button", name="Rhineland (used)")).to_be_visible()
        expect(tool.page.get_by_role("button", name="Bavaria", exact=True)).to_be_visible()
        # It may be used again all the same: pupils try this and that.
        word(tool, "Rhineland").click()
        tool.field("g1").click()
        expect(tool.field("g1")).to_have_value("Rhineland")

    def test_a_word_that_stands_twice_is_used_up_one_by_one(self, opened: Opened) -> None:
        tool = opened(TWICE)
        word(tool, "cat").first.click()
        tool.field("g1").click()
        assert labels(tool) == ["cat (used)", "dog", "cat"]
        word(tool, "cat").last.click()
        tool.field("g2").click()
        assert labels(tool) == ["cat (used)", "dog", "cat (used)"]
        assert used(tool) == ["cat", "cat"]
        tool.field("g1").press("Delete")
        assert used(tool) == ["cat"]

    def test_each_bank_counts_its_own_gaps(self, opened: Opened) -> None:
        tool = opened(TWO_BANKS)
        tool.field("g1").select_option("wolf")
        north, south = tool.page.locator(".bank").all()
        expect(north.locator(".used")).to_have_text(["wolf"])
        expect(south.locator(".used")).to_have_count(0)

    def test_a_gap_takes_no_word_of_another_bank(self, opened: Opened) -> None:
        tool = opened(TWO_BANKS)
        word(tool, "camel").click()
        tool.field("g1").click()
        expect(tool.field("g1")).to_have_value("")
        assert in_hand(tool) == ["camel"]
        tool.field("g2").click()
        expect(tool.field("g2")).to_have_value("camel")
        tool.announces("Gap 2: camel. 2 left.")

    def test_values_that_come_from_elsewhere_are_counted(self, opened: Opened) -> None:
        tool = opened(BANK)
        tool.page.evaluate("""() => {
            const form = document.getElementById("worksheet");
            form.elements.g1.value = "Bavaria";
            form.dispatchEvent(new Event("worksheet:restored"));
        }""")
        assert used(tool) == ["Bavaria"]
        expect(tool.field("g1")).to_contain_class("filled")
        tool.announces("")

    def test_a_sheet_without_word_banks_is_left_alone(self, opened: Opened) -> None:
        tool = opened("Japan took ___Manchuria___.\n")
        tool.field("g1").fill("Manchuria!")
        tool.field("g1").press("Backspace")
        expect(tool.field("g1")).to_have_value("Manchuria")
        tool.announces("")


class TestSharedList:
    """Where lists of their own would be too much, gaps are text fields."""

    def test_a_word_and_then_a_gap(self, opened: Opened) -> None:
        tool = opened(MANY)
        expect(tool.page.locator("select")).to_have_count(0)
        word(tool, "Polar Fox").click()
        tool.field("g2").click()
        expect(tool.field("g2")).to_have_value("Polar Fox")
        expect(tool.field("g2")).to_be_focused()
        tool.announces("Gap 2: Polar Fox. 42 left.")
        assert in_hand(tool) == []
        tool.wait(700)
        assert tool.saves == [{"g2": "Polar Fox", "edition": "7", "attempt": "1"}]

    def test_by_keyboard_and_enter_stays_at_the_gap(self, opened: Opened) -> None:
        tool = opened(MANY)
        word(tool, "wolf").press("Enter")
        tool.field("g2").press("Enter")
        expect(tool.field("g2")).to_have_value("wolf")
        expect(tool.field("g2")).to_be_focused()
        tool.field("g2").press("Enter")  # with nothing in hand, to the next
        expect(tool.field("g3")).to_be_focused()

    def test_dragging(self, opened: Opened) -> None:
        tool = opened(MANY, g1="wolf")
        word(tool, "bear").drag_to(tool.field("g1"))
        expect(tool.field("g1")).to_have_value("bear")

    def test_what_is_typed_is_text(self, opened: Opened) -> None:
        tool = opened(MANY)
        tool.field("g1").press_sequentially("polar  fox s")
        tool.field("g1").press("Backspace")
        expect(tool.field("g1")).to_have_value("polar  fox ")
        assert used(tool) == []
        tool.field("g1").press("Tab")
        assert used(tool) == ["Polar Fox"]  # as the server takes it
        tool.field("g1").fill("")
        tool.field("g1").press("Tab")
        assert used(tool) == []

    def test_a_gap_takes_no_word_of_another_bank(self, opened: Opened) -> None:
        tool = opened(MANY)
        word(tool, "camel").click()
        tool.field("g1").click()
        expect(tool.field("g1")).to_have_value("")
        assert in_hand(tool) == ["camel"]
        tool.field("g43").click()
        expect(tool.field("g43")).to_have_value("camel")

    def test_the_browser_proposes_the_words_of_the_bank(self, opened: Opened) -> None:
        tool = opened(MANY)
        proposed = "(gap) => [...gap.list.options].map((option) => option.value)"
        assert len(tool.field("g1").evaluate(proposed)) == 193
        assert tool.field("g43").evaluate(proposed) == ["camel", "ibex"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gap {n}: {word}.", "Gap 0: {n}."),
        ("{n}{n}", "00"),
        ("{other} { n }", "{other} { n }"),
        ("", ""),
    ],
)
def test_a_text_is_filled_in_once(opened: Opened, text: str, expected: str) -> None:
    tool = opened(BANK)
    address = tool.address("worksheets/gaps.js")
    found = tool.page.evaluate(
        "async ([address, text]) => (await import(address)).format(text, { n: 0, word: '{n}' })",
        [address, text],
    )
    assert found == expected


def word(tool: Tool, text: str) -> Locator:
    """The button of a word."""
    return tool.page.locator(f".bank button[data-word='{text}']")


def in_hand(tool: Tool) -> list[str]:
    return tool.page.locator(".bank [aria-pressed='true']").all_inner_texts()


def used(tool: Tool) -> list[str]:
    return tool.page.locator(".bank .used").all_inner_texts()


def labels(tool: Tool) -> list[str]:
    """What a screen reader says of the words."""
    buttons = tool.page.locator(".bank button").all()
    return [button.get_attribute("aria-label") or "" for button in buttons]


def prevents(gap: Locator, event: str) -> bool:
    """Send an event, and tell whether the browser is kept from what it does by itself."""
    prevented: bool = gap.evaluate(
        "(gap, name) => !gap.dispatchEvent(new Event(name, { cancelable: true }))", event
    )
    return prevented
