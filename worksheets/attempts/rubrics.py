"""The rubric of a question at an assignment: its lines, and changes of them that re-mark answers.

``plan`` computes what a change does to marks, which a teacher is shown first; ``apply`` computes it
again and saves it, ``undo`` takes the last change back. A mark follows the lines that were chosen
for it. One that was given without a line stays, and one whose points somebody has set otherwise
than its lines make stays unless the teacher wants it to follow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from lti_tool import audit
from lti_tool.audit import AuditKind
from lti_tool.models import User
from worksheets import gradebook
from worksheets.attempts.locks import lock_assignment
from worksheets.attempts.recorded import mark_entry
from worksheets.marking.rubric import RubricLine, points_of, read_rubric
from worksheets.markup import Question
from worksheets.models import (
    Assignment,
    Attempt,
    Edition,
    Mark,
    RubricChange,
    RubricRemark,
    RubricRow,
)
from worksheets.questions import asks_the_same
from worksheets.wording.numbers import plain

Stored = list[dict[str, Any]]  # lines as a JSON field has them


class Outdated(Exception):
    """The error for a change other than the one the teacher has confirmed; nothing was changed."""


class UndoUnconfirmed(Exception):
    """The error for an undo that pupils would see at once, and that the teacher has not seen."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A mark that becomes another one; ``is_by_hand`` if its points are not what its lines make."""

    mark: Mark
    points: Decimal
    rubric: Stored
    is_by_hand: bool = False

    @property
    def attempt(self) -> Attempt:
        return self.mark.attempt

    @property
    def is_shown(self) -> bool:
        """Return whether the pupil sees the mark."""
        return self.attempt.shows(self.mark)


@dataclass(frozen=True, slots=True)
class RubricPlan:
    """The lines before and after a change, deleted ones too, and the marks that it changes."""

    before: Sequence[RubricLine]
    after: Sequence[RubricLine]
    remarks: Sequence[Remark]

    @property
    def following(self) -> list[Remark]:
        """Return the marks that follow their lines."""
        return [one for one in self.remarks if not one.is_by_hand]

    @property
    def asked_about(self) -> list[Remark]:
        """Return the marks that somebody has changed by hand."""
        return [one for one in self.remarks if one.is_by_hand]

    @property
    def changes_released(self) -> bool:
        """Return whether pupils see at once what becomes of their mark."""
        return any(one.is_shown and one.points != one.mark.points for one in self.remarks)

    @property
    def digest(self) -> str:
        """Return a hash that is the same for the same plan."""
        marks = [
            (one.mark.attempt_id, one.mark.points, one.points, one.is_shown) for one in self.remarks
        ]
        content = (_stored(self.before), _stored(self.after), marks)
        return hashlib.sha256(repr(content).encode()).hexdigest()


def rubric_of(assignment: Assignment, question: Question[Any]) -> list[RubricLine]:
    """Return the lines that marks can be given by: as changed here, else those of the sheet."""
    return [line for line in _lines(assignment, question) if not line.is_deleted]


def new_number(assignment: Assignment, question: Question[Any]) -> int:
    """Return the number of a line that is added: one that no line has had."""
    return 1 + max((line.number for line in _lines(assignment, question)), default=0)


def as_chosen(lines: Iterable[RubricLine]) -> Stored:
    """Return chosen lines as ``Mark.rubric`` has them."""
    return [{"number": one.number, "text": one.text, "points": plain(one.points)} for one in lines]


def plan(
    assignment: Assignment, question: Question[Any], lines: Sequence[RubricLine]
) -> RubricPlan:
    """Return what becomes of marks if lines are changed to these or added; save nothing.

    Lines that are not named stay, and so do the marks of answers to another version in which the
    question was another one. Raise ValueError for a line that earns less than nothing or more than
    the question's marks.
    """
    maximum = question.marks or Decimal(0)
    if any(not 0 <= line.points <= maximum for line in lines):
        raise ValueError(f"A line is not between 0 and {maximum}.")
    before = _lines(assignment, question)
    after = {line.number: line for line in [*before, *lines]}
    marks = (
        Mark.objects.filter(
            attempt__assignment=assignment, item=question.key, source=Mark.Source.TEACHER
        )
        .exclude(rubric=[])
        .select_related("attempt__user")
        .order_by("attempt")
    )
    found = _of_question(marks, question)
    remarks = [_remark(mark, after, maximum) for mark in found if mark.maximum == maximum]
    changed = [one for one in remarks if one.rubric != one.mark.rubric]
    return RubricPlan(before, [after[number] for number in sorted(after)], changed)


def _of_question(marks: Iterable[Mark], question: Question[Any]) -> list[Mark]:
    """Return the marks of attempts that were asked this question."""
    found = list(marks)
    editions = Edition.objects.in_bulk({mark.attempt.edition_id for mark in found})
    for mark in found:
        mark.attempt.edition = editions[mark.attempt.edition_id]
    return [mark for mark in found if asks_the_same(mark.attempt.edition.sheet, question)]


def _remark(mark: Mark, lines: dict[int, RubricLine], maximum: Decimal) -> Remark:
    """Return a mark as its lines make it now."""
    found = (lines.get(one["number"]) for one in mark.rubric)
    chosen = [line for line in found if line is not None and not line.is_deleted]
    made = sum((Decimal(one["points"]) for one in mark.rubric), Decimal(0))
    is_by_hand = mark.points != min(made, maximum)
    return Remark(mark, points_of(chosen, maximum), as_chosen(chosen), is_by_hand)


def apply(
    assignment: Assignment,
    question: Question[Any],
    lines: Sequence[RubricLine],
    teacher: User,
    *,
    seen: str = "",
    too: Collection[int] = (),
) -> RubricPlan:
    """Save changed and added lines, mark again by them, all in one transaction; return the plan.

    ``seen`` is the digest of the plan that the teacher has confirmed; a change that touches no mark
    needs none. ``too`` are the attempts whose marks get the points of their lines though they were
    changed by hand: others keep their points. Raise Outdated if the plan is another one by now,
    ValueError as ``plan``.
    """
    with transaction.atomic():
        held = lock_assignment(assignment)
        _lock_attempts(held, question)
        planned = plan(held, question, lines)
        if planned.remarks and planned.digest != seen:
            raise Outdated
        if _stored(planned.before) == _stored(planned.after):
            return planned
        kept = [
            Remark(one.mark, one.mark.points, one.rubric)
            for one in planned.asked_about
            if one.mark.attempt_id not in too
        ]
        done = [one for one in planned.remarks if not one.is_by_hand or one.attempt.pk in too]
        change = RubricChange.objects.create(
            assignment=held,
            item=question.key,
            asked=_asked(question),
            before=_stored(planned.before),
            after=_stored(planned.after),
            made_by=teacher,
        )
        RubricRemark.objects.bulk_create(
            RubricRemark(
                change=change,
                attempt=one.attempt,
                points_before=one.mark.points,
                points_after=one.points,
                rubric_before=one.mark.rubric,
                rubric_after=one.rubric,
            )
            for one in [*done, *kept]
        )
        _write_lines(held, question, planned.after)
        _write_marks(held, question, [*done, *kept], teacher)
    return planned


def last_change(assignment: Assignment, question: Question[Any]) -> RubricChange | None:
    """Return the change that ``undo`` takes back, or None."""
    rows = RubricChange.objects.filter(
        assignment=assignment, item=question.key, asked__in=["", _asked(question)]
    )
    return rows.select_related("made_by").order_by("-pk").first()


def undo(
    assignment: Assignment,
    question: Question[Any],
    number: int,
    teacher: User,
    *,
    seen: str = "",
) -> int:
    """Take the last change back, and return how many marks have their former points again.

    ``number`` is its ``RubricChange.pk``. A mark that somebody has given anew since stays, and so
    does one of which the points before are more than its question has by now. ``seen`` is the
    digest of the plan that the teacher has confirmed; one that changes no released mark needs none.
    Raise UndoUnconfirmed without it, Outdated if the change is not the last one, or the lines are
    others by now.
    """
    with transaction.atomic():
        held = lock_assignment(assignment)
        _lock_attempts(held, question)
        change = last_change(held, question)
        if change is None or change.pk != number:
            raise Outdated
        if _stored(_lines(held, question)) != change.after:
            raise Outdated
        planned = undo_plan(change)
        remarks = planned.remarks
        if planned.changes_released and planned.digest != seen:
            raise UndoUnconfirmed
        _write_lines(held, question, _read(change.before))
        _write_marks(held, question, remarks, teacher)
        change.delete()
    return sum(one.points != one.mark.points for one in remarks)


def undo_plan(change: RubricChange) -> RubricPlan:
    """Return what becomes of lines and marks if a change is undone."""
    return RubricPlan(_read(change.after), _read(change.before), _taken_back(change))


def _taken_back(change: RubricChange) -> list[Remark]:
    rows = {row.attempt_id: row for row in change.remarks.all()}
    marks = Mark.objects.filter(attempt__in=rows, item=change.item)
    return [
        Remark(mark, row.points_before, row.rubric_before)
        for mark in marks.select_related("attempt__user").order_by("attempt")
        if (row := rows[mark.attempt_id]).points_after == mark.points
        and row.rubric_after == mark.rubric
        and row.points_before <= mark.maximum
    ]


def _lines(assignment: Assignment, question: Question[Any]) -> list[RubricLine]:
    """Return all lines of a question, deleted ones too, by number."""
    rows = RubricRow.objects.filter(
        assignment=assignment, item=question.key, asked__in=["", _asked(question)]
    )
    lines = [
        RubricLine(row.number, row.text, row.points, row.is_level, row.is_deleted) for row in rows
    ]
    return lines or read_rubric(question.rubric, question.marks)


def _asked(question: Question[Any]) -> str:
    """Return what stands for a question in all versions that ask it with the same words."""
    return hashlib.sha256(question.prompt.encode()).hexdigest()[:16]


def _lock_attempts(assignment: Assignment, question: Question[Any]) -> None:
    """Lock the attempts whose marks may change, in the usual order."""
    marked = Mark.objects.filter(item=question.key, attempt__assignment=assignment)
    rows = Attempt.objects.select_for_update(no_key=True).order_by("pk")
    list(rows.filter(pk__in=marked.exclude(rubric=[]).values("attempt")).values_list("pk"))


def _stored(lines: Iterable[RubricLine]) -> Stored:
    return [
        {
            "number": line.number,
            "text": line.text,
            "points": plain(line.points),
            "is_level": line.is_level,
            "is_deleted": line.is_deleted,
        }
        for line in lines
    ]


def _read(stored: Stored) -> list[RubricLine]:
    return [RubricLine(**{**line, "points": Decimal(line["points"])}) for line in stored]


def _write_lines(
    assignment: Assignment, question: Question[Any], lines: Sequence[RubricLine]
) -> None:
    asked = _asked(question)
    rows = RubricRow.objects.filter(assignment=assignment, item=question.key)
    # Those of another question, to which an earlier version had given the key.
    rows.exclude(asked__in=["", asked]).delete()
    # One that was added by a change that is undone.
    rows.exclude(number__in=[line.number for line in lines]).delete()
    RubricRow.objects.bulk_create(
        [
            RubricRow(
                assignment=assignment,
                item=question.key,
                asked=asked,
                number=line.number,
                text=line.text,
                points=line.points,
                is_level=line.is_level,
                is_deleted=line.is_deleted,
            )
            for line in lines
        ],
        update_conflicts=True,
        unique_fields=["assignment", "item", "number"],
        update_fields=["asked", "text", "points", "is_level", "is_deleted"],
    )


def _write_marks(
    assignment: Assignment, question: Question[Any], remarks: Sequence[Remark], teacher: User
) -> None:
    """Save points and lines of marks, record what changed, and report what is released."""
    by, entries = audit.person(teacher), []
    changed = [one for one in remarks if one.points != one.mark.points]
    for one in remarks:
        one.attempt.assignment = assignment
    for one in changed:
        former = Mark(points=one.mark.points, maximum=one.mark.maximum, comment=one.mark.comment)
        after = Mark(
            item=one.mark.item,
            points=one.points,
            maximum=one.mark.maximum,
            comment=one.mark.comment,
        )
        entries.append(mark_entry(one.attempt, former, after, by))
    audit.record(
        AuditKind.RUBRIC,
        by,
        link=assignment.link,
        after={"item": question.key, "changed": len(changed)},
    )
    audit.record_all(entries)
    rows = [Mark(pk=one.mark.pk, points=one.points, rubric=one.rubric) for one in remarks]
    Mark.objects.bulk_update(rows, ["points", "rubric"])
    released = [one.attempt for one in remarks if one.is_shown and one.attempt.is_submitted]
    if released:
        # The order of ``gradebook.changes``: assignment, attempts, columns, scores by user.
        gradebook.lock_columns(assignment.link)
        gradebook.report_all(released)
