"""Marks that no teacher gives, and what stays of a teacher's under another key."""

from __future__ import annotations

from decimal import Decimal

from tests.cast import Cast
from tests.worksheets.sheets import CAUSES, fresh, hand_in, mark, marks_of, place
from worksheets.gradebook.automatic import automatic_marks, marks_under
from worksheets.models import Mark
from worksheets.questions import parse_sheet

ANSWERS = {"g1": "Manchuria", "g2": "Bavaria", "q1": "", "q2": "So.", "q2-choice": "a"}


def points(marks: list[Mark]) -> dict[str, tuple[Decimal, Decimal]]:
    return {mark.item: (mark.points, mark.maximum) for mark in marks}


def test_gaps_by_the_key_and_blank_answers_without_a_mark(cast: Cast) -> None:
    attempt = hand_in(place(cast), cast.amina, ANSWERS)
    made = automatic_marks(attempt, attempt.edition.sheet)
    assert {item: given for item, (given, _most) in points(made).items()} == {
        **{"g1": 1, "g2": 0, "g3": 0, "g4": 0},
        "q1": 0,
    }
    assert all(mark.pk is None and mark.source == Mark.Source.MARKER for mark in made)


def test_under_another_key_a_teachers_marks_stay(cast: Cast) -> None:
    attempt = hand_in(place(cast), cast.amina, ANSWERS)
    mark(attempt, cast.ruth, q1="1", q2="5.5")
    before = marks_of(attempt)
    key = CAUSES.replace("___Abyssinia | Ethiopia___", "___Abyssinia | Bavaria___")
    key = key.replace("??? 6 marks", "??? 4 marks").replace("??? 4 marks, 5", "??? 8 marks, 5")
    under = marks_under(fresh(attempt), parse_sheet(key))
    found = points(under)
    assert found["g2"] == (Decimal(1), Decimal(1))
    assert found["q1"] == (
        Decimal(1),
        Decimal(8),
    )  # the teacher's, where the marker had given nothing
    assert found["q2"] == (Decimal(4), Decimal(4))  # never more than there is now
    assert len(under) == len(found) == 6
    assert marks_of(attempt) == before
