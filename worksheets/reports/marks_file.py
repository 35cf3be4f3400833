"""Marks from a file: what it would change, and what of it cannot be taken. Reads only.

The file is a table of marks that was saved here and filled in. A blank cell means that its mark
stays; no file takes a mark away.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lti_tool.models import User
from worksheets.marking.entered import Entry, EntryError, read_entry
from worksheets.markup import Question
from worksheets.markup.source import storable
from worksheets.models import Assignment, Attempt, EnteredMark, Mark
from worksheets.questions import asks_the_same
from worksheets.reports.class_overview import Row, overview
from worksheets.wording.entered import entered_text, entry_words

MAX_CHANGES = 1000  # taken over at once
MAX_COMMENT = 4000  # as on the pages of marking
MAX_TEXT = 300_000  # characters of comments: the page posts them back, in one request
_MAX_SHOWN = 60  # characters of what stands in a cell
_KEY = re.compile(r"\[([a-z0-9 ]{1,20})\]\s*\Z")
_NUMBER = re.compile(r"[0-9]{1,5}(?:[.,][0-9]{1,2})?\Z")
_COLUMNS = ("activity", "pupil", "attempt")
_PAPER = "paper"  # the column for pupils without submitted work
_SUBMISSION = "submission"
OUTSIDE = _("On paper, absent or excused")


class Reason(StrEnum):
    """The reasons for which a cell or a row of a file is not taken."""

    UNKNOWN = "unknown"  # no pupil of this class
    TWICE = "twice"  # further up in the same file
    NO_WORK = "no-work"  # nothing that was submitted
    OTHER_ATTEMPT = "other-attempt"  # another attempt counts by now
    SUBMITTED_AGAIN = "submitted-again"  # the work is another than when the file was saved
    NO_ACTIVITY = "no-activity"  # a line without its number, perhaps of sums
    OTHER_VERSION = "other-version"  # the pupil answered another version
    NO_MARK = "no-mark"  # neither a number nor blank
    TOO_HIGH = "too-high"
    COMMENT_ALONE = "comment-alone"
    LONG_COMMENT = "long-comment"
    HAS_WORK = "has-work"  # a mark on paper for a pupil who has submitted something
    LEFT = "left"  # an entry for a pupil who has left the course
    NO_ENTRY = "no-entry"  # neither a mark nor a word for absent, excused or on paper


class NoMarksFile(Exception):
    """The error for a table that is none of ours: it lacks the columns of marks."""


class ColumnTwice(Exception):
    """The error for a table in which two columns are of the same marks or comments."""


class OtherActivity(Exception):
    """The error for the marks of another activity or class."""


@dataclass(frozen=True, slots=True)
class Change:
    """A mark or a comment that the file has and that does not stand; ``before`` is what does."""

    attempt: Attempt
    question: Question[Any]
    points: Decimal
    comment: str
    before: Mark | None

    @property
    def changes_points(self) -> bool:
        return self.before is None or self.before.points != self.points

    @property
    def changes_comment(self) -> bool:
        return (self.before.comment if self.before else "") != self.comment


@dataclass(frozen=True, slots=True)
class EntryChange:
    """A mark without an attempt, absent or excused that the file has and that does not stand."""

    user: User
    entry: Entry
    maximum: Decimal
    before: EnteredMark | None

    @property
    def is_released(self) -> bool:
        return self.before is not None and self.before.is_released

    @property
    def said(self) -> str:
        return entered_text(self.entry.outcome, self.entry.points, self.maximum)


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that is not taken: its line in the file, whose it is, which question, and why."""

    line: int
    name: str
    question: str
    text: str
    reason: Reason
    maximum: Decimal | None = None


@dataclass(slots=True)
class FileDifferences:
    """The differences between a file and the marks that stand.

    ``blank`` and ``same`` count the cells that change nothing, ``beyond`` the changes that are left
    for another time, ``of_others`` those of marks that somebody else has given.
    """

    changes: list[Change] = field(default_factory=list)
    entries: list[EntryChange] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    blank: int = 0
    same: int = 0
    beyond: int = 0
    of_others: int = 0
    _text: int = 0
    _wanted: dict[tuple[int, str], tuple[Decimal, str]] = field(default_factory=dict)

    @property
    def released(self) -> int:
        """Return how many changes pupils see at once."""
        released = sum(change.attempt.shows(change.before) for change in self.changes)
        return released + sum(one.is_released for one in self.entries)

    @property
    def count(self) -> int:
        """Return how many marks would change."""
        return len(self.changes) + len(self.entries)

    def leave_marks_of_others(self, marker: User) -> None:
        """Leave out the changes of marks that another teacher than this one has given."""
        own = [one for one in self.changes if not is_of_another(one.before, marker)]
        self.of_others += len(self.changes) - len(own)
        self.changes = own

    def add(self, change: Change) -> bool:
        """Add a change, unless it is none or one too many.

        Return False for another mark of an answer than one before: work that two pupils have done
        together stands in two lines.
        """
        if not (change.changes_points or change.changes_comment):
            self.same += 1
            return True
        key, wanted = (change.attempt.pk, change.question.key), (change.points, change.comment)
        if key in self._wanted:
            self.same += self._wanted[key] == wanted
            return self._wanted[key] == wanted
        self._wanted[key] = wanted
        text = len(change.comment) + len(change.before.comment if change.before else "")
        if self.beyond or len(self.changes) >= MAX_CHANGES or self._text + text > MAX_TEXT:
            self.beyond += 1
            return True
        self._text += text
        self.changes.append(change)
        return True


def is_of_another(mark: Mark | None, marker: User) -> bool:
    """Return whether a mark was given by a teacher other than this one."""
    if mark is None or mark.source != Mark.Source.TEACHER:
        return False
    return mark.marked_by_id != marker.pk


def differences(assignment: Assignment, table: Sequence[Sequence[str]]) -> FileDifferences:
    """Return what a table would change. Raise NoMarksFile, ColumnTwice, OtherActivity."""
    questions = {q.key: q for q in assignment.edition.sheet.to_mark}
    readable = {*questions, *map(_comment_key, questions), _PAPER}
    columns = _columns(table[0] if table else (), {*_COLUMNS, *readable, _SUBMISSION})
    if not set(_COLUMNS) <= columns.keys() or not readable & columns.keys():
        raise NoMarksFile
    lines = [
        _Line(number, {key: _cell(cells, place) for key, place in columns.items()})
        for number, cells in enumerate(table[1:], 2)
    ]
    lines = [line for line in lines if any(line.cells.values())]
    if any(line.cells["activity"] not in {"", str(assignment.pk)} for line in lines):
        raise OtherActivity
    rows = {str(row.user.pk): row for row in overview(assignment).rows}
    marks = _marks(row.work.attempt for row in rows.values() if row.work)
    found, seen = FileDifferences(), set()
    for line in lines:
        row, pupil = rows.get(line.cells["pupil"]), line.cells["pupil"]
        problem = Reason.TWICE if pupil and pupil in seen else _problem(row, line)
        seen.add(pupil)
        asked = [q for q in questions.values() if {q.key, _comment_key(q.key)} & columns.keys()]
        for question in asked:
            _compare(found, line, row, question, problem, marks)
        if line.cells.get(_PAPER):
            # What of these is wrong with a line is wrong with its entry, too.
            of_line = problem in {Reason.UNKNOWN, Reason.TWICE, Reason.NO_ACTIVITY}
            _compare_entry(found, line, row, problem if of_line else None, _maximum(assignment))
    return found


def differences_now(
    assignment: Assignment, wanted: Iterable[tuple[Question[Any], int, Decimal, str]]
) -> FileDifferences:
    """Return what marks would change that were chosen before: question, attempt, points, comment.

    Those of work that is not here any more, or open again, are left out.
    """
    wanted, found = list(wanted), FileDifferences()
    chosen = assignment.attempts.select_related("user", "edition")
    attempts = chosen.in_bulk([pk for _question, pk, _points, _comment in wanted])
    marks = _marks(attempts.values())
    for question, pk, points, comment in wanted:
        attempt = attempts.get(pk)
        if attempt and attempt.is_submitted and asks_the_same(attempt.edition.sheet, question):
            found.add(Change(attempt, question, points, comment, marks.get((pk, question.key))))
    return found


def entries_now(
    assignment: Assignment, wanted: Iterable[tuple[int, Entry | None]]
) -> list[EntryChange]:
    """Return what entries would change that were chosen before, of those who can have them."""
    rows = {row.user.pk: row for row in overview(assignment).rows if row.may_enter}
    maximum = _maximum(assignment)
    return [
        EntryChange(rows[pk].user, entry, maximum, rows[pk].entered)
        for pk, entry in wanted
        if entry is not None and pk in rows and _entry_of(rows[pk]) != entry
    ]


def _entry_of(row: Row) -> Entry | None:
    return row.entered.entry if row.entered else None


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: Mapping[str, str]


def _columns(head: Sequence[str], read: Collection[str]) -> dict[str, int]:
    """Return where each column that is read stands, by the key in its head. Raise ColumnTwice."""
    columns: dict[str, int] = {}
    for place, text in enumerate(head):
        found = _KEY.search(text)
        if found is None or found[1] not in read:
            continue
        if found[1] in columns:
            raise ColumnTwice
        columns[found[1]] = place
    return columns


def _comment_key(key: str) -> str:
    return f"{key} comment"


def _cell(cells: Sequence[str], place: int) -> str:
    text = cells[place] if place < len(cells) else ""
    return storable(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def _marks(attempts: Iterable[Attempt]) -> dict[tuple[int, str], Mark]:
    rows = Mark.objects.filter(attempt__in=[attempt.pk for attempt in attempts])
    return {(row.attempt_id, row.item): row for row in rows}


def _problem(row: Row | None, line: _Line) -> Reason | None:
    """Return why nothing of a line can be taken, None if it can."""
    if not line.cells["activity"]:
        return Reason.NO_ACTIVITY
    if row is None:
        return Reason.UNKNOWN
    if row.work is None or not row.work.attempt.is_submitted:
        return Reason.NO_WORK
    if line.cells["attempt"] != str(row.work.attempt.number):
        return Reason.OTHER_ATTEMPT
    # A file that was saved before this column was there, or without it, has none.
    if line.cells.get(_SUBMISSION, "") not in {"", str(submission_number(row.work.attempt))}:
        return Reason.SUBMITTED_AGAIN
    return None


def submission_number(attempt: Attempt) -> int | None:
    """Return a number that is another one once the work is submitted again, None for open work.

    It is short enough for a spreadsheet to keep each of its figures.
    """
    return int(attempt.submitted_at.timestamp()) if attempt.submitted_at else None


def _compare(
    found: FileDifferences,
    line: _Line,
    row: Row | None,
    question: Question[Any],
    problem: Reason | None,
    marks: Mapping[tuple[int, str], Mark],
) -> None:
    """Add what a line says of one question to the differences."""
    text = line.cells.get(question.key, "")
    comment = line.cells.get(_comment_key(question.key), "")
    attempt = row.work.attempt if row and row.work else None
    before = marks.get((attempt.pk, question.key)) if attempt else None
    if not text and (not comment or (before and before.comment == comment)):
        found.blank += 1
        return
    reason = problem or _refusal(question, attempt, before, text, comment)
    if reason is not None or attempt is None:
        name = row.user.display_name if row else line.cells["pupil"]
        shown = (text or comment)[:_MAX_SHOWN]
        why = reason or Reason.NO_WORK
        found.refused.append(
            Refused(line.number, name, question.prompt, shown, why, question.marks)
        )
        return
    standing = before.points if before else Decimal(0)
    points = Decimal(text.replace(",", ".")) if text else standing
    kept = before.comment if before else ""
    if not found.add(Change(attempt, question, points, comment or kept, before)):
        name = row.user.display_name if row else ""
        shown = (text or comment)[:_MAX_SHOWN]
        found.refused.append(
            Refused(line.number, name, question.prompt, shown, Reason.TWICE, question.marks)
        )


def _compare_entry(
    found: FileDifferences, line: _Line, row: Row | None, problem: Reason | None, maximum: Decimal
) -> None:
    """Add what a line says of a pupil without submitted work to the differences."""
    text = line.cells[_PAPER]
    entry = read_entry(text, entry_words(code for code, _name in settings.LANGUAGES), maximum)
    if problem is None and row is not None and not row.may_enter:
        problem = Reason.LEFT if row.has_left else Reason.HAS_WORK
    if problem is None and not isinstance(entry, Entry):
        problem = Reason.TOO_HIGH if entry is EntryError.TOO_HIGH else Reason.NO_ENTRY
    if problem is not None or row is None or not isinstance(entry, Entry):
        name = row.user.display_name if row else line.cells["pupil"]
        why, shown = problem or Reason.UNKNOWN, text[:_MAX_SHOWN]
        found.refused.append(Refused(line.number, name, str(OUTSIDE), shown, why, maximum))
    elif _entry_of(row) == entry:
        found.same += 1
    elif found.count >= MAX_CHANGES:
        found.beyond += 1
    else:
        found.entries.append(EntryChange(row.user, entry, maximum, row.entered))


def _maximum(assignment: Assignment) -> Decimal:
    sheet = assignment.edition.sheet
    return sheet.automatic_marks + sheet.teacher_marks


def _refusal(
    question: Question[Any], attempt: Attempt | None, before: Mark | None, text: str, comment: str
) -> Reason | None:
    if attempt is not None and not asks_the_same(attempt.edition.sheet, question):
        return Reason.OTHER_VERSION
    if text and not _NUMBER.match(text):
        return Reason.NO_MARK
    if text and Decimal(text.replace(",", ".")) > (question.marks or Decimal(0)):
        return Reason.TOO_HIGH
    if not text and before is None:
        return Reason.COMMENT_ALONE
    return Reason.LONG_COMMENT if len(comment) > MAX_COMMENT else None
