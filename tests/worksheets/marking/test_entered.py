"""What a teacher types for a pupil without submitted work."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.marking.entered import Entry, EntryError, Outcome, entry_of, read_entry

WORDS = {
    Outcome.ON_PAPER: {"paper", "Papier"},
    Outcome.ABSENT: {"absent", "abwesend"},
    Outcome.EXCUSED: {"excused", "entschuldigt"},
}
MAXIMUM = Decimal(22)
UNREADABLE, TOO_HIGH = EntryError.UNREADABLE, EntryError.TOO_HIGH


def paper(points: str) -> Entry:
    return Entry(Outcome.ON_PAPER, Decimal(points))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        *(("14", paper("14")), (" 2,5 ", paper("2.5")), ("2.5", paper("2.5")), ("0", paper("0"))),
        *(("2,", paper("2")), ("٢٫٥", paper("2.5")), ("１４", paper("14")), ("p 14", paper("14"))),
        *(("paper", Entry(Outcome.ON_PAPER)), ("P", Entry(Outcome.ON_PAPER))),
        *(("a", Entry(Outcome.ABSENT)), ("Abwesend", Entry(Outcome.ABSENT))),
        *(("a0", Entry(Outcome.ABSENT_ZERO, Decimal(0))), ("e", Entry(Outcome.EXCUSED))),
        *(("absent 0", Entry(Outcome.ABSENT_ZERO, Decimal(0))), ("22.01", TOO_HIGH)),
        *(("2.,5", UNREADABLE), ("-1", UNREADABLE), ("1e3", UNREADABLE), ("NaN", UNREADABLE)),
        *(("", UNREADABLE), ("x", UNREADABLE), ("a 3", UNREADABLE), ("e 0", UNREADABLE)),
        *(("2.555", UNREADABLE), ("999999", UNREADABLE), ("p" * 500, UNREADABLE)),
    ],
)
def test_what_is_typed(typed: str, read: Entry | EntryError) -> None:
    assert read_entry(typed, WORDS, MAXIMUM) == read


@given(st.text(max_size=60), st.decimals(0, 100, places=2))
def test_any_text_is_an_entry_in_range_or_refused(text: str, maximum: Decimal) -> None:
    read = read_entry(text, WORDS, maximum)
    if isinstance(read, Entry):
        assert read.points is None or 0 <= read.points <= maximum
        assert (read.outcome is Outcome.ABSENT_ZERO) == (
            read.points == 0 and read.outcome is not Outcome.ON_PAPER
        )
        assert Entry.parse(read.text, maximum) == read


@pytest.mark.parametrize("text", ["on-paper:23", "absent:1", "gone", "on-paper:", "on-paper:x"])
def test_a_text_that_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Entry.parse(text, MAXIMUM)


def test_an_outcome_without_a_mark_has_none() -> None:
    assert entry_of(Outcome.EXCUSED, Decimal(1), MAXIMUM) is UNREADABLE
    assert entry_of(Outcome.ABSENT_ZERO, None, MAXIMUM) == Entry(Outcome.ABSENT_ZERO, Decimal(0))
    assert Entry.parse("", MAXIMUM) is None
