"""Quotations: what is left out is marked, and the writer's name is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.marking.quoting import ELLIPSIS, mark_cuts, without_names


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("a b c d", "a b c d", "a b c d"),
        ("a b c d", "a d", "a … d"),
        ("a b c d", "c d", "… c d"),
        ("a b c d", "a b", "a b …"),
        ("a b c d", "b", "… b …"),
        ("a b c d", "a X d", "a X d"),  # other words stand there: the editor's own
        ("a b c d", "a b (!) c d", "a b (!) c d"),
        ("a … d e", "a d e", "a … d e"),
        ("a … d e", "a … e", "a … e"),
        ("a … d e", "a …", "a …"),
        ("a b\n\nc  d", "a\n\nd", "a\n\n… d"),
        ("a b c", "a [...] c", "a [...] c"),
        ("a b c", "A c.", "A … c."),
        ("", "a", "a"),
        ("a b", " ", " …"),
    ],
)
def test_cuts_are_marked_once(before: str, after: str, marked: str) -> None:
    assert mark_cuts(before, after).strip() == marked.strip()


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "…"]), max_size=12)


@given(WORDS, WORDS)
def test_no_word_of_an_edit_is_lost_and_a_second_look_changes_nothing(
    before: list[str], after: list[str]
) -> None:
    marked = mark_cuts(" ".join(before), " ".join(after))
    words = [word for word in marked.split() if word != ELLIPSIS]
    assert words == [word for word in after if word != ELLIPSIS]
    assert mark_cuts(marked, marked) == marked


@given(WORDS.filter(lambda words: len(set(words)) == len(words) > 1), st.data())
def test_whatever_is_taken_out_leaves_a_sign(before: list[str], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from(before), min_size=1, max_size=len(before) - 1))
    after = [word for word in before if word not in gone]
    assert ELLIPSIS in mark_cuts(" ".join(before), " ".join(after)).split()


def test_names_are_left_out_as_whole_words_as_they_are_written() -> None:
    names = ["Ann Able", "Ann", "Able", "J"]
    assert without_names("I am Ann Able, Ann!", names) == "I am …, …!"
    assert without_names("Annual ANN able J.", names) == "Annual ANN able J."
    assert without_names("Zoë's a.b", ["Zoë", "a.b*"]) == "…'s a.b"
    assert without_names("text", ["", " "]) == "text"
