"""gaps.js: words that are pressed and dragged, and what a screen reader hears of it."""

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
ONCE = BANK.replace("[[ ", "[[ each word once: ")
TWICE = """The ___cat___ saw another ___cat___.

[[ each word once: cat | dog | cat ]]
"""
TYPED_TOO = """## By heart

It ended in ___1945___.

## From the bank

Japan took ___Manchuria___.

[[ Manchuria | Bavaria ]]
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

[[ each word once: bear | wolf ]]

## South

The ___camel___ is not, nor is the ___wolf___.

[[ each word once: camel | wolf ]]
"""


class TestPressing:
    def test_a_word_and_then_a_gap(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Manchuria").click()
        expect(word(tool, "Manchuria")).to_have_attribute("aria-pressed", "true")
        expect(tool.page.locator("#worksheet")).to_contain_class("picking")
        tool.announces("Manchuria: now choose a gap.")
        gap(tool, "g2").click()
        expect(tool.field("g2")).to_have_value("Manchuria")
        expect(gap(tool, "g2")).to_be_focused()
        expect(gap(tool, "g2")).to_contain_class("filled")
        tool.announces("Gap 2: Manchuria. 2 left.")
        assert in_hand(tool) == []

    def test_what_is_put_in_is_saved(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Manchuria").click()
        gap(tool, "g2").click()
        tool.wait(700)
        tool.tells("saved")
        assert tool.saves == [{"g2": "Manchuria", "edition": "7", "attempt": "1"}]

    def test_by_touch(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Manchuria").tap()
        gap(tool, "g2").tap()
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
        gap(tool, "g2").press(key)
        expect(tool.field("g2")).to_have_value("Manchuria")
        tool.announces("Gap 2: Manchuria. 2 left.")
        assert in_hand(tool) == []

    @pytest.mark.parametrize("key", ["Delete", "Backspace"])
    def test_a_gap_is_emptied(self, opened: Opened, key: str) -> None:
        tool = opened(ONCE, g1="Abyssinia", g2="Manchuria")
        gap(tool, "g1").press(key)
        expect(tool.field("g1")).to_have_value("")
        expect(gap(tool, "g1")).not_to_contain_class("filled")
        tool.announces("Gap 1 is empty.")
        assert used(tool) == ["Manchuria"]

    def test_the_list_beneath_is_the_gap(self, opened: Opened) -> None:
        tool = opened(ONCE)
        for name, text in [("g1", "Abyssinia"), ("g2", "Manchuria"), ("g3", "Rhineland")]:
            tool.field(name).select_option(text)
        tool.announces("Gap 3: Rhineland. 0 left.")
        expect(gap(tool, "g3")).to_have_text("Rhineland")
        assert used(tool) == ["Abyssinia", "Manchuria", "Rhineland"]


class TestDragging:
    def test_a_word_into_a_gap(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Manchuria").drag_to(gap(tool, "g2"))
        expect(tool.field("g2")).to_have_value("Manchuria")
        expect(gap(tool, "g2")).not_to_contain_class("over")
        expect(tool.page.locator("#worksheet")).not_to_contain_class("picking")
        tool.announces("Gap 2: Manchuria. 2 left.")

    def test_a_gap_shows_that_it_is_the_one(self, opened: Opened) -> None:
        tool = opened(BANK)
        word(tool, "Manchuria").hover()
        tool.page.mouse.down()
        gap(tool, "g2").hover()
        gap(tool, "g2").hover()  # browsers send 'dragover' with the second move
        expect(gap(tool, "g2")).to_contain_class("over")
        expect(tool.page.locator("#worksheet")).to_contain_class("picking")
        word(tool, "Bavaria").hover()
        expect(gap(tool, "g2")).not_to_contain_class("over")
        tool.page.mouse.up()
        expect(tool.field("g2")).to_have_value("")

    def test_something_else_that_is_dropped_is_no_word(self, opened: Opened) -> None:
        tool = opened(BANK, g1="Abyssinia")
        gap(tool, "g1").evaluate("""(gap) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.setData("text/plain", "Anschluss");
            const how = { dataTransfer, cancelable: true, bubbles: true };
            gap.dispatchEvent(new DragEvent("drop", how));
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

    def test_a_word_that_fits_once_says_where_it_stands_and_moves(self, opened: Opened) -> None:
        tool = opened(ONCE, g3="Rhineland")
        assert used(tool) == ["Rhineland"]
        expect(tool.page.get_by_role("button", name="Rhineland (gap 3)")).to_be_visible()
        expect(tool.page.get_by_role("button", name="Bavaria", exact=True)).to_be_visible()
        word(tool, "Rhineland").click()
        gap(tool, "g1").click()
        expect(tool.field("g1")).to_have_value("Rhineland")
        expect(tool.field("g3")).to_have_value("")
        tool.announces("Rhineland moved here. Gap 3 is empty.")

    def test_other_words_are_never_used_up(self, opened: Opened) -> None:
        tool = opened(BANK, g3="Rhineland")
        assert used(tool) == []
        word(tool, "Rhineland").click()
        gap(tool, "g1").click()
        expect(tool.field("g1")).to_have_value("Rhineland")
        expect(tool.field("g3")).to_have_value("Rhineland")

    def test_a_word_that_stands_twice_is_used_up_one_by_one(self, opened: Opened) -> None:
        tool = opened(TWICE)
        word(tool, "cat").first.click()
        gap(tool, "g1").click()
        assert labels(tool) == ["cat (gap 1)", "dog", "cat"]
        word(tool, "cat").last.click()
        gap(tool, "g2").click()
        assert labels(tool) == ["cat (gap 1)", "dog", "cat (gap 2)"]
        assert used(tool) == ["cat", "cat"]
        gap(tool, "g1").press("Delete")
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
        gap(tool, "g1").click()
        expect(tool.field("g1")).to_have_value("")
        assert in_hand(tool) == ["camel"]
        gap(tool, "g2").click()
        expect(tool.field("g2")).to_have_value("camel")
        tool.announces("Gap 2: camel. 2 left.")

    def test_values_that_come_from_elsewhere_are_counted(self, opened: Opened) -> None:
        tool = opened(ONCE)
        tool.page.evaluate("""() => {
            const form = document.getElementById("worksheet");
            form.querySelector("[name='g1']").value = "Bavaria";
            form.dispatchEvent(new Event("worksheet:restored"));
        }""")
        assert used(tool) == ["Bavaria"]
        expect(gap(tool, "g1")).to_have_text("Bavaria")
        expect(gap(tool, "g1")).to_contain_class("filled")
        tool.announces("")

    def test_gaps_that_are_typed_count_too(self, opened: Opened) -> None:
        tool = opened(TYPED_TOO)
        word(tool, "Manchuria").click()
        gap(tool, "g2").click()
        tool.announces("Gap 2: Manchuria. 1 left.")

    def test_a_sheet_without_word_banks_is_left_alone(self, opened: Opened) -> None:
        tool = opened("Japan took ___Manchuria___.\n")
        tool.field("g1").fill("Manchuria!")
        tool.field("g1").press("Backspace")
        expect(tool.field("g1")).to_have_value("Manchuria")
        tool.announces("")


class TestSharedList:
    """Where lists of their own would be too much, gaps are text fields: they work the same."""

    def test_a_word_and_then_a_gap(self, opened: Opened) -> None:
        tool = opened(MANY)
        expect(tool.page.locator("select")).to_have_count(0)
        word(tool, "Polar Fox").click()
        gap(tool, "g2").click()
        expect(tool.field("g2")).to_have_value("Polar Fox")
        expect(gap(tool, "g2")).to_be_focused()
        tool.announces("Gap 2: Polar Fox. 42 left.")
        assert in_hand(tool) == []
        tool.wait(700)
        tool.tells("saved")
        assert tool.saves == [{"g2": "Polar Fox", "edition": "7", "attempt": "1"}]

    def test_by_keyboard(self, opened: Opened) -> None:
        tool = opened(MANY)
        word(tool, "wolf").press("Enter")
        gap(tool, "g2").press("Enter")
        expect(tool.field("g2")).to_have_value("wolf")
        expect(gap(tool, "g2")).to_be_focused()

    def test_dragging(self, opened: Opened) -> None:
        tool = opened(MANY, g1="wolf")
        tool.page.set_viewport_size({"width": 1280, "height": 3000})
        word(tool, "bear").drag_to(gap(tool, "g1"))
        expect(tool.field("g1")).to_have_value("bear")

    def test_what_was_typed_without_a_script_is_shown_and_counted(self, opened: Opened) -> None:
        tool = opened(MANY.replace("[[ bear", "[[ each word once: bear", 1), g1="polar  fox ")
        expect(gap(tool, "g1")).to_have_text("polar fox")
        assert used(tool) == ["Polar Fox"]  # as the server takes it

    def test_a_gap_takes_no_word_of_another_bank(self, opened: Opened) -> None:
        tool = opened(MANY)
        word(tool, "camel").click()
        gap(tool, "g1").click()
        expect(tool.field("g1")).to_have_value("")
        assert in_hand(tool) == ["camel"]
        gap(tool, "g43").click()
        expect(tool.field("g43")).to_have_value("camel")


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
    address = tool.address("worksheets/live.js")
    found = tool.page.evaluate(
        "async ([address, text]) => (await import(address)).format(text, { n: 0, word: '{n}' })",
        [address, text],
    )
    assert found == expected


def word(tool: Tool, text: str) -> Locator:
    """The button of a word."""
    return tool.page.locator(f".bank button[data-word='{text}']")


def gap(tool: Tool, name: str) -> Locator:
    """The button above a gap's list."""
    return tool.page.locator(f"[data-item='{name}'] .word button")


def in_hand(tool: Tool) -> list[str]:
    return tool.page.locator(".bank [aria-pressed='true']").all_inner_texts()


def used(tool: Tool) -> list[str]:
    return tool.page.locator(".bank .used").all_inner_texts()


def labels(tool: Tool) -> list[str]:
    """What a screen reader says of the words."""
    buttons = tool.page.locator(".bank button").all()
    return [button.get_attribute("aria-label") or "" for button in buttons]
