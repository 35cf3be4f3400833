"""Marks for many answers to several questions at once, as a file of marks has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lti_tool.models import User
from worksheets.attempts.by_question import GivenMark, MarkOutcome, MarkState, give_marks
from worksheets.attempts.in_chunks import RELEASED_AT_ONCE
from worksheets.markup import Question
from worksheets.models import Assignment

Wanted = Mapping[str, Sequence[GivenMark]]  # by the key of the question


def give_marks_of_file(
    assignment: Assignment, questions: Sequence[Question[Any]], wanted: Wanted, teacher: User
) -> list[tuple[Question[Any], MarkOutcome]]:
    """Save these marks as ``give_marks`` does, few in a transaction; return those that are saved.

    A file has no lines of a rubric: those that a mark was given for stay. Pupils who submit
    meanwhile wait for a transaction.
    """
    saved = []
    for question in questions:
        given = wanted.get(question.key, ())
        for place in range(0, len(given), RELEASED_AT_ONCE):
            part = given[place : place + RELEASED_AT_ONCE]
            some = [replace(one, keeps_lines=True) for one in part]
            for outcome in give_marks(assignment, question, some, teacher):
                if outcome.state is MarkState.SAVED:
                    saved.append((question, outcome))
    return saved
