"""What is still empty, for the look before the submit."""

from __future__ import annotations

from tests.worksheets.sheets import CAUSES, said
from worksheets.questions import Unanswered, parse_sheet, read_answers, unanswered

SHEET = parse_sheet(CAUSES)


def left(fields: dict[str, str]) -> Unanswered:
    return unanswered(SHEET, read_answers(SHEET, fields).accepted)


def test_everything_is_empty_at_first() -> None:
    empty = unanswered(SHEET, {})
    assert [gap.number for gap in empty.gaps] == [1, 2, 3, 4]
    assert [question.key for question in empty.questions] == ["q1", "q2"]
    assert empty.half == ()
    assert empty


def test_nothing_is_empty_at_the_end() -> None:
    full = {"g1": "Manchuria", "g2": "Abyssinia", "g3": "Rhineland", "g4": "1", "q1": "so"}
    assert not left({**full, "q2": "because", "q2-choice": "a"})


def test_blanks_are_empty() -> None:
    empty = left({"g1": " ", "g4": "1928", "q1": "\n"})
    assert [gap.key for gap in empty.gaps] == ["g1", "g2", "g3"]
    assert [question.key for question in empty.questions] == ["q1", "q2"]


def test_a_choice_without_a_reason_is_half_and_so_is_the_reverse() -> None:
    for fields in ({"q2-choice": "a"}, {"q2": "because"}):
        empty = left({**fields, "q1": "so"})
        assert [question.key for question, _missing in empty.half] == ["q2"]
        assert empty.questions == ()
        assert empty
    assert unanswered(SHEET, {"q1": said("so")}).half == ()
