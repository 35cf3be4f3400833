"""Word banks of papers."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import to_markup
from worksheets.formats.paper.banks import WordCounts, split_terms

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
        (["Ruhr Paris", "Rome"], 1, ["Ruhr Paris", "Rome"]),
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
