"""The items that a pupil has left empty, shown before the submit. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worksheets.markup import Gap, Question, Sheet
from worksheets.questions.answers import ItemAnswer


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The empty gaps and questions, and choices made without a reason (or the reverse)."""

    gaps: tuple[Gap, ...]
    questions: tuple[Question, ...]
    half: tuple[Question, ...]

    def __bool__(self) -> bool:
        return bool(self.gaps or self.questions or self.half)


def unanswered(sheet: Sheet, answers: Mapping[str, ItemAnswer]) -> Unanswered:
    """Return the items of the sheet that are empty in the responses."""
    blank = ItemAnswer()
    given = {q.key: answers.get(q.key, blank) for q in sheet.questions}
    return Unanswered(
        gaps=tuple(g for g in sheet.gaps if answers.get(g.key, blank).is_blank),
        questions=tuple(q for q in sheet.questions if given[q.key].is_blank),
        half=tuple(
            q
            for q in sheet.questions
            if q.options
            and not given[q.key].is_blank
            and not (given[q.key].choice and given[q.key].text.strip())
        ),
    )
