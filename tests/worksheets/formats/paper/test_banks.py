"""Word banks of papers."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import to_markup
from worksheets.formats.paper.terms import WordCounts, split_terms
from worksheets.questions import parse_sheet

TERMS = [
    "Manchuria",
    "Anti-Comintern Pact",
    "Fourth International",
    "Abyssinia",
    "Comintern",
    "Rhineland",
    "Bukharin faction",
    "collectivisation",
]
ROWS = [
    "Manchuria Anti-Comintern Pact Fourth International Abyssinia",
    "Comintern Rhineland Bukharin faction collectivisation",
]


def test_the_real_bank_is_cut_right_with_the_text() -> None:
    text = "fear of the Fourth International and the Stalinised Comintern ... collectivisation to"
    assert split_terms(ROWS, 8, WordCounts(text)) == TERMS


def test_and_without_it() -> None:
    assert split_terms(ROWS, 8, WordCounts("")) == TERMS


@pytest.mark.parametrize(
    ("rows", "wanted", "terms"),
    [
        (["cat dog bird"], 3, ["cat", "dog", "bird"]),
        (
            ["Treaty of Versailles, Weimar Republic, Ruhr"],
            9,
            ["Treaty of Versailles", "Weimar Republic", "Ruhr"],
        ),
        (["cold war | iron curtain | Nato"], 1, ["cold war", "iron curtain", "Nato"]),
        (["cold war   iron curtain   Nato"], 1, ["cold war", "iron curtain", "Nato"]),
        (["cold war / iron curtain / Nato"], 1, ["cold war", "iron curtain", "Nato"]),
        (["cold war\tiron curtain\tNato"], 1, ["cold war", "iron curtain", "Nato"]),
        (["Red Army Berlin Wall Moscow"], 3, ["Red Army", "Berlin Wall", "Moscow"]),
        (["Ruhr Paris", "Rome"], 1, ["Ruhr", "Paris", "Rome"]),
        (["[red] [blue] [dark green]"], 1, ["red", "blue", "dark green"]),
        (["(red, blue, dark green)"], 1, ["red", "blue", "dark green"]),
        (["“red” “blue” “dark green”"], 1, ["red", "blue", "dark green"]),
        (["a) red b) blue c) dark green"], 1, ["red", "blue", "dark green"]),
        (["red – blue – dark green"], 1, ["red", "blue", "dark green"]),
        (["红、蓝、绿"], 1, ["红", "蓝", "绿"]),
        (["أحمر، أزرق، أخضر"], 1, ["أحمر", "أزرق", "أخضر"]),
        (["red", "blue", "dark green"], 1, ["red", "blue", "dark green"]),
        (
            ["was seen was going was sent", "was left came was taken back"],
            6,
            ["was seen", "was going", "was sent", "was left", "came", "was taken back"],
        ),
    ],
)
def test_terms(rows: list[str], wanted: int, terms: list[str]) -> None:
    assert split_terms(rows, wanted, WordCounts("")) == terms


def test_a_bank_that_is_named_keeps_its_introduction() -> None:
    source = to_markup(
        "Fill it in with words from the box: very, not very, quite.\n\nIt was ______.\n"
    ).source
    assert "Fill it in with words from the box:\n\n[[ very | not very | quite ]]" in source


def test_a_bank_without_gaps_is_a_sentence() -> None:
    assert "[[" not in to_markup("Use the words in the box: very, quite, rather.\n").source


def test_a_line_of_words_in_a_section_with_gaps_is_a_bank() -> None:
    paper = "It was a ______, a ______ and a ______.\n\ncat mouse dog\n\nIt is so."
    imported = to_markup(paper)
    assert "[[ cat | mouse | dog ]]" in imported.source
    assert "check-bank" in [caution.code for caution in imported.warnings]


def test_marks_in_a_term_are_guarded() -> None:
    assert r"[[ a\]b | c | d ]]" in to_markup("______ is it.\n\nBox: a]b, c, d").source


@pytest.mark.parametrize(
    "paper",
    [
        "Fill the gaps with words from the box.\n\nred   blue   dark green\n\n{}",
        "Word bank\n\nred, blue, dark green\n\n{}",
        "Word bank:\n• red\n• blue\n• dark green\n\n{}",
        "Use these words (red / blue / dark green).\n\n{}",
        "Complete the text.\n\nred | blue | dark green\n\n{}",
        "Complete the text. The words to use: red, blue and dark green. Write clearly.\n\n{}",
        "Ergänze mit den Wörtern: red — blue — dark green.\n\n{}",
        "Complète avec les mots suivants : red ; blue ; dark green\n\n{}",
    ],
)
def test_what_introduces_a_bank(paper: str) -> None:
    items = "1. The sky is ____.\n2. The grass is ____.\n3. The rose is ____.\n"
    assert "[[ red | blue | dark green ]]" in to_markup(paper.format(items)).source


@pytest.mark.parametrize(
    "line",
    [
        "The old man came, saw, and went home again.",
        "He was tired. She was not.",
        "Look at the table: it has three legs.",
        "A Short Heading",
        "1. red",
    ],
)
def test_no_sentence_heading_or_item_is_swallowed(line: str) -> None:
    source = to_markup(
        f"Fill the gaps with words from the box.\n\n{line}\n\nIt is ____ and ____.\n"
    ).source
    assert "[[" not in source
    assert line in source


def test_a_bank_serves_the_gaps_of_its_own_task() -> None:
    """Where another task of the part would take its words, a part begins."""
    paper = (
        "Colours\n\nA. Complete with the words: red, blue, green.\n\n1. It is ____.\n2."
        " It is ____.\n\n"
        "B. Complete the sentences.\n\n1. It weighs ____ kg.\n"
    )
    sheet = parse_sheet(to_markup(paper).source)
    assert [gap.bank for gap in sheet.gaps] == [0, 0, None]


def test_what_may_be_a_bank_and_does_not_suit_is_offered() -> None:
    paper = (
        "It is ____ and ____ and ____ and ____ and ____ and ____ and ____.\n\nred;"
        " blue; green\n\nMore text.\n"
    )
    imported = to_markup(paper)
    assert "[[" not in imported.source
    assert "perhaps-bank" in [caution.code for caution in imported.warnings]


@pytest.mark.parametrize(
    "text",
    [
        "Volcanoes\n\nWord box: ash lava magma\n\n1. A ______.\n2. A ______.\n3. A ______.\n",
        "Fill the gaps.\n(ash * lava * magma)\n\nA ______ and a ______ and a ______.\n",
        "1. Fill in the words.\nash   lava   magma\n\n1. A ______.\n2. A ______.\n3. A ______.\n",
        "1. Fill in: choose from ash, lava, magma\n\nA ______ and a ______ and a ______.\n",
        "Fill the gaps with the words in the box.\n\nAsh   Lava   Magma\n\n"
        "1. A ______.\n2. A ______.\n3. A ______.\n",
        "1. Fill the gaps.\n\na) A ___ b.\nb) A ___ b.\nc) A ___ b.\n\nash / lava / magma\n\n"
        "2. Complete it.\n\na) x ___ y.\nb) x ___ y.\nc) x ___ y.\nd) x ___ y.\ne) x ___ y.\n",
    ],
    ids=["label", "stars", "columns", "choose from", "wide", "own gaps"],
)
def test_where_else_a_bank_stands(text: str) -> None:
    sheet = parse_sheet(to_markup(text).source)
    assert [word.casefold() for word in sheet.banks[0].words] == ["ash", "lava", "magma"]
