"""The work of pupils selected in the class list to which an act can be done. Reads only.

What is entered for them without an attempt is released too, and taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lti_tool.models import User
from worksheets.markup import Question, Sheet
from worksheets.models import Assignment, EnteredMark, Mark
from worksheets.questions import asks_the_same
from worksheets.reports.class_overview import AttemptSummary, Row, overview


class Act(StrEnum):
    """The acts on the work of several pupils at once."""

    RELEASE = "release"
    TAKE_BACK = "take-back"
    REOPEN = "reopen"


class LeftOut(StrEnum):
    """The reasons for which an act leaves out a pupil."""

    NOT_SUBMITTED = "not-submitted"
    NOT_MARKED = "not-marked"
    RELEASED = "released"
    NOTHING = "nothing"
    NOT_RELEASED = "not-released"
    WRITING = "writing"
    OTHER_VERSION = "other-version"
    ENTERED = "entered"  # an entered mark has no questions
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ChosenWork:
    """An attempt to which the act is done, with the mark of the question that it is about.

    ``user`` is the selected pupil; work that pupils share is there once, and done to for all.
    """

    work: AttemptSummary
    user: User
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class ChosenPupil:
    """A pupil to whose works the act is done, or to what is entered for them, or to both."""

    user: User
    works: Sequence[ChosenWork]
    entered: EnteredMark | None = None

    @property
    def names(self) -> str:
        """Return the names of those whose work it is done to, the pupil's for none."""
        people = [user for one in self.works for user in one.work.people] or [self.user]
        return ", ".join(user.display_name for user in dict.fromkeys(people))


@dataclass(frozen=True, slots=True)
class Selection:
    """The attempts of selected pupils to which an act can be done, and who is left out, and why.

    ``question`` is the one that the act is about, None for all of the work. ``entered`` are the
    marks without an attempt that are released, or of which that is taken back.
    """

    act: Act
    question: Question[Any] | None
    chosen: Sequence[ChosenWork]
    left_out: Mapping[LeftOut, Sequence[User]]
    entered: Sequence[EnteredMark] = ()

    @property
    def pupils(self) -> list[ChosenPupil]:
        """Return the selected ones to whom it is done, each once, whoever has no work last.

        Pupils who share work stand under the one of them who comes first.
        """
        works: defaultdict[User, list[ChosenWork]] = defaultdict(list)
        for one in self.chosen:
            works[one.user].append(one)
        entered = {row.user: row for row in self.entered}
        users = dict.fromkeys([*works, *entered])
        return [ChosenPupil(user, works.get(user, []), entered.get(user)) for user in users]

    @property
    def reached(self) -> set[int]:
        """Return the ``User.pk`` of all to whom it is done, with those who share work."""
        of_works = {user.pk for one in self.chosen for user in one.work.people}
        return of_works | {row.user_id for row in self.entered}

    @property
    def given(self) -> int:
        """Return how many pupils have a mark of a teacher that a reopening puts aside."""
        marked = (one for one in self.chosen if one.mark or one.work.is_marked)
        return len({user.pk for one in marked for user in one.work.people})

    @property
    def seen(self) -> list[User]:
        """Return the pupils who have opened their result since the marks are released.

        Of those who share work it is not known who of them has.
        """
        shown = (one for one in self.chosen if one.work.attempt.marks_seen_at)
        users = {user for one in shown for user in one.work.people}
        return sorted(users, key=lambda user: user.sort_name)


def question_number(sheet: Sheet, question: Question[Any] | None) -> int:
    """Return the number of a question among those that a teacher marks, as the desk has it."""
    keys = [one.key for one in sheet.to_mark]
    return keys.index(question.key) + 1 if question and question.key in keys else 0


def select(
    assignment: Assignment,
    act: Act,
    rows: Iterable[Row],
    question: Question[Any] | None = None,
) -> Selection:
    """Return what the act can do to the work of these pupils. One SQL statement, or none."""
    rows = list(rows)
    marks = _marks(assignment, act, question)
    chosen: dict[int, ChosenWork] = {}
    entered: list[EnteredMark] = []
    left_out: defaultdict[LeftOut, list[User]] = defaultdict(list)
    for row in rows:
        works, reason = _of_pupil(act, row, question, marks)
        own = row.entered if question is None else None
        if own and _is_of_entered(act, row, own):
            entered.append(own)
        elif not works:
            left_out[_reason_of_entered(act, row, question) or reason].append(row.user)
        item = question.key if question else ""
        for one in works:
            mark = marks.get((one.attempt.pk, item))
            chosen.setdefault(one.attempt.pk, ChosenWork(one, row.user, mark))
    # The act reaches a pupil by work that is shared, even if it is another one that counts.
    reached = {user.pk for one in chosen.values() for user in one.work.people}
    others = {
        reason: [user for user in users if user.pk not in reached]
        for reason, users in left_out.items()
    }
    left = {reason: users for reason, users in others.items() if users}
    return Selection(act, question, list(chosen.values()), left, entered)


def selected_rows(
    assignment: Assignment, users: Collection[int] | None = None, group: str = ""
) -> list[Row]:
    """Return the rows of the class list of these pupils, or of all; of one group or of all."""
    rows = overview(assignment).in_group(group).rows
    return [row for row in rows if users is None or row.user.pk in users]


def of_attempts(
    selection_of: Assignment,
    act: Act,
    attempts: Collection[int],
    rows: Iterable[Row],
    entered: Collection[int] = (),
) -> Selection:
    """Return the selection of these attempts alone, by ``Attempt.pk``.

    ``entered`` are the ``User.pk`` of whose entered mark it is about beside them.
    """
    found = select(selection_of, act, rows)
    chosen = [one for one in found.chosen if one.work.attempt.pk in attempts]
    return Selection(act, None, chosen, {}, [r for r in found.entered if r.user_id in entered])


_Marks = Mapping[tuple[int, str], Mark]


def _marks(assignment: Assignment, act: Act, question: Question[Any] | None) -> _Marks:
    """Return the marks that decide about an act, by attempt and item."""
    rows = Mark.objects.filter(attempt__assignment=assignment)
    if question is not None:
        rows = rows.filter(item=question.key)
    elif act is Act.TAKE_BACK:
        rows = rows.filter(released_at__isnull=False)
    else:
        return {}
    return {(row.attempt_id, row.item): row for row in rows}


def _of_pupil(
    act: Act, row: Row, question: Question[Any] | None, marks: _Marks
) -> tuple[list[AttemptSummary], LeftOut]:
    """Return the works of a pupil to which the act can be done, and why if there are none."""
    match act:
        case Act.RELEASE:
            return _to_release(row, question, marks)
        case Act.TAKE_BACK:
            alone = {pk for (pk, _item), mark in marks.items() if mark.released_at}
            marked = {pk for pk, _item in marks}
            shown = [
                work
                for work in row.works
                if work.attempt.pk in alone
                or (work.attempt.is_released and (question is None or work.attempt.pk in marked))
            ]
            return shown, LeftOut.NOT_RELEASED
        case Act.REOPEN:
            return _to_reopen(row, question)


def _is_of_entered(act: Act, row: Row, own: EnteredMark) -> bool:
    """Return whether the act can be done to what is entered for a pupil."""
    match act:
        case Act.RELEASE:
            return own.may_release and not row.has_left
        case Act.TAKE_BACK:
            return own.is_released
        case Act.REOPEN:
            return False


def _reason_of_entered(act: Act, row: Row, question: Question[Any] | None) -> LeftOut | None:
    """Return why a pupil is left out whose entered mark counts, None where it decides nothing."""
    if row.entered is None or not row.entered.counts or row.has_left:
        return None
    match act:
        case Act.RELEASE | Act.TAKE_BACK if question is not None:
            return None if row.works else LeftOut.ENTERED
        case Act.RELEASE:
            return LeftOut.RELEASED if row.entered.is_released else LeftOut.NOT_MARKED
        case Act.TAKE_BACK | Act.REOPEN:
            return None


def _to_release(
    row: Row, question: Question[Any] | None, marks: _Marks
) -> tuple[list[AttemptSummary], LeftOut]:
    submitted = [work for work in row.works if work.attempt.is_submitted]
    if row.has_left:
        return [], LeftOut.GONE
    if not submitted:
        return [], LeftOut.NOT_SUBMITTED
    if question is None:
        ready = [work for work in submitted if work.may_release]
        if any(work.waits_for_mark for work in submitted):
            return ready, LeftOut.NOT_MARKED
        is_released = any(work.attempt.is_released for work in submitted)
        return ready, LeftOut.RELEASED if is_released else LeftOut.NOTHING
    asked = [one for one in submitted if asks_the_same(one.attempt.edition.sheet, question)]
    if not asked:
        return [], LeftOut.OTHER_VERSION
    found = {one.attempt.pk: marks.get((one.attempt.pk, question.key)) for one in asked}
    ready = [
        one
        for one in asked
        if one.may_count and found[one.attempt.pk] and not one.attempt.shows(found[one.attempt.pk])
    ]
    is_marked = any(found[one.attempt.pk] for one in asked if one.may_count)
    return ready, LeftOut.RELEASED if is_marked else LeftOut.NOT_MARKED


def _to_reopen(row: Row, question: Question[Any] | None) -> tuple[list[AttemptSummary], LeftOut]:
    """Return the last attempt of a pupil, if it can be opened again."""
    if not row.works:
        return [], LeftOut.NOT_SUBMITTED
    last = row.works[-1]
    opened = last.attempt.open_items
    if question is None:
        return ([last] if last.attempt.is_submitted else []), LeftOut.WRITING
    if not asks_the_same(last.attempt.edition.sheet, question):
        return [], LeftOut.OTHER_VERSION
    is_open = not last.attempt.is_submitted and (not opened or question.key in opened)
    return ([] if is_open else [last]), LeftOut.WRITING
