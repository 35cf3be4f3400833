"""Each line of a paper has its place in the markup, in order, whatever was done to either."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from worksheets.formats.paper import to_markup
from worksheets.formats.paper.ties import tie, tied_lines
from worksheets.markup.source import read_lines

PAPER = """\
Name: ________________

The Terror State, 1930s

Stalin gained support for ________ and the 5-Year
Plans. Trotsky founded the ______ in exile.
The invasion of ........ began in 1935.

collectivisation Fourth International Abyssinia

1. What do historians think of collec-
tivisation?
............................................
............................................
2. Why?
"""
words = st.lists(st.sampled_from(["a", "Stalin", "the", "____", "....", "1.", "•", "de-", "é"]))
lines = st.lists(words.map(" ".join), max_size=12).map("\n".join)


def places(paper: str, markup: str) -> list[int]:
    return tied_lines(paper, markup, tie(paper, markup))


def test_the_lines_of_a_paper_find_what_became_of_them() -> None:
    markup = to_markup(PAPER).source
    rows = markup.split("\n")
    found = dict(zip(PAPER.split("\n"), (rows[n - 1] for n in places(PAPER, markup)), strict=True))
    assert found["The Terror State, 1930s"].endswith("The Terror State, 1930s")
    assert found["Plans. Trotsky founded the ______ in exile."].startswith("Stalin gained")
    assert found["collectivisation Fourth International Abyssinia"].startswith("[[")
    assert found["tivisation?"] == "1. What do historians think of collectivisation?"
    assert found["." * 44] == "???"
    assert found["2. Why?"] == "2. Why?"


def test_a_blank_is_tied_to_its_gap() -> None:
    markup = to_markup(PAPER).source
    ties = tie(PAPER, markup)
    start = PAPER.index("______ in exile")
    extent = ties.extent(start, start + 6)
    assert extent is not None
    assert markup[slice(*extent)] == "______"
    assert extent.start == markup.index("______ in exile")


def test_a_key_moves_nothing_else() -> None:
    markup = to_markup(PAPER).source
    keyed = markup.replace("______ in exile", "___Fourth International | 4th___ in exile")
    assert places(PAPER, keyed) == places(PAPER, markup)


def test_what_is_nowhere_is_tied_to_nothing() -> None:
    ties = tie("Page 3 of 9\nwords", "words")
    assert ties.extent(0, 11) is None
    assert places("Page 3 of 9\nwords", "words") == [1, 1]


@given(lines | st.text(), lines | st.text())
@example("", "")
@example("\ufeff", "\r\r\n")
@example(PAPER, PAPER[::-1])
def test_every_line_has_a_place_in_order(paper: str, markup: str) -> None:
    found = places(paper, markup)
    assert len(found) == len(read_lines(paper))
    assert found == sorted(found)
    assert all(1 <= place <= len(read_lines(markup)) for place in found)


@given(lines | st.text(), lines | st.text())
def test_what_is_tied_is_the_same_and_crosses_nothing(paper: str, markup: str) -> None:
    ties = tie(paper, markup)
    for sequence in (ties.paper, ties.markup):
        assert all(one.end <= next_one.start for one, next_one in pairwise(sequence))
    for here, there in zip(ties.paper, ties.markup, strict=True):
        same = paper[slice(*here)] == markup[slice(*there)]
        assert same or not paper[here.start].isalnum()


@given(lines)
def test_an_import_loses_no_line(paper: str) -> None:
    assert len(places(paper, to_markup(paper).source)) == len(read_lines(paper))


@given(st.text())
def test_a_text_is_tied_to_itself(text: str) -> None:
    assert places(text, text) == [
        min(number, place) for number, place in enumerate(places(text, text), 1)
    ]


@pytest.mark.parametrize(
    ("paper", "markup"),
    [
        ("a" * 100_000, "b" + "a" * 99_999),
        ("ab c. " * 15_000, "abc d" * 20_000),
        ("____ " * 20_000, "???\n" * 20_000),
    ],
)
def test_a_hostile_text_is_tied(paper: str, markup: str) -> None:
    """Quadratic, it would take longer than any test may."""
    assert len(places(paper, markup)) == len(read_lines(paper))
