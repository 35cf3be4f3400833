"""The marks that teachers give for one question of an assignment, for many pupils at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from lti_tool import audit
from lti_tool.models import AuditEntry, User
from worksheets import gradebook
from worksheets.attempts.in_chunks import RELEASED_AT_ONCE
from worksheets.attempts.locks import lock_assignment
from worksheets.attempts.recorded import mark_entry, no_mark_entry
from worksheets.attempts.rubrics import as_chosen, rubric_of
from worksheets.marking.rubric import NoSuchChoice, RubricLine, choose, digest
from worksheets.markup import Question
from worksheets.models import Assignment, Attempt, Edition, Mark
from worksheets.questions import asks_the_same
from worksheets.wording.numbers import plain


class MarkState(StrEnum):
    """The outcomes of giving a mark: it is saved, or why it is not."""

    SAVED = "saved"
    UNREAD = "unread"  # the pupil has submitted the work again since it was read
    OTHER = "other"  # another mark stands than the page knows
    RELEASED = "released"  # the pupil sees the one that stands: changing it is asked for first
    OPEN = "open"  # the pupil is working on it again
    RUBRIC = "rubric"  # the rubric has other lines by now than those it was given by
    STALE = "stale"  # the question asks something else by now, or has other marks
    MISSING = "missing"  # there is no such attempt here


@dataclass(frozen=True, slots=True)
class GivenMark:
    """A mark as a teacher gives it; without ``points`` the one that stands is taken back.

    ``seen`` are texts, as ``standing`` makes them, of the marks that the page has seen there, and
    ``read`` is the ``Attempt.submission`` that the teacher has read, None for whichever stands.
    ``is_confirmed`` says that the teacher knows that the marks are released. ``lines`` are the
    numbers of the rubric's lines that it is given for, and ``rubric`` the digest of all of them as
    the teacher has seen it. With ``keeps_lines`` those of the mark that stands stay instead.
    """

    attempt_id: int
    points: Decimal | None
    comment: str = ""
    seen: Collection[str] = ("",)
    is_confirmed: bool = False
    read: str | None = None
    lines: Collection[int] = ()
    rubric: str = ""
    keeps_lines: bool = False

    @property
    def wanted(self) -> str:
        """Return what ``standing`` returns once it is saved."""
        return "" if self.points is None else _in_words(self.points, self.comment, self.lines)


def with_kept_lines(given: GivenMark, mark: Mark | None) -> GivenMark:
    """Return a given mark with the lines of the one that stands, if it keeps them."""
    if not given.keeps_lines:
        return given
    has_lines = mark is not None and given.points is not None
    return replace(given, lines=_numbers(mark) if has_lines else ())


def _numbers(mark: Mark | None) -> tuple[int, ...]:
    return tuple(line["number"] for line in mark.rubric) if mark else ()


@dataclass(frozen=True, slots=True)
class MarkOutcome:
    """The outcome of a given mark, and the mark that stands now, None for none."""

    given: GivenMark
    state: MarkState
    mark: Mark | None = None


def standing(mark: Mark | None) -> str:
    """Return a text that stands for a mark, '' for none: another one for another mark."""
    if mark is None:
        return ""
    return _in_words(mark.points, mark.comment, _numbers(mark))


def _in_words(points: Decimal, comment: str, lines: Collection[int]) -> str:
    chosen = ".".join(map(str, sorted(lines)))
    return f"{plain(points)}{chosen and '#'}{chosen}|{comment}"


def give_marks(
    assignment: Assignment, question: Question[Any], given: Sequence[GivenMark], teacher: User
) -> list[MarkOutcome]:
    """Save a teacher's marks for answers to one question, and return what became of each.

    Each is saved or not by itself, all in one transaction; where an attempt is named twice, the
    last one counts. What is released is reported. A mark that stands and is none of those seen is
    never overwritten; neither is a released one unless that is confirmed, nor is an answer marked
    that is not the one read. At most ``RELEASED_AT_ONCE`` are changed after a release: further ones
    are asked about again. Raise ValueError for points below 0 or above the question's marks.
    """
    given = list({one.attempt_id: one for one in given}.values())
    maximum = question.marks or Decimal(0)
    for one in given:
        if one.points is not None and not 0 <= one.points <= maximum:
            raise ValueError(f"{one.points} is not between 0 and {maximum}")
    with transaction.atomic():
        held = lock_assignment(assignment)
        attempts = _lock_attempts(held, [one.attempt_id for one in given])
        rows = Mark.objects.filter(attempt__in=attempts, item=question.key)
        marks = {row.attempt_id: row for row in rows.select_related("marked_by")}
        given = [with_kept_lines(one, marks.get(one.attempt_id)) for one in given]
        rubric = rubric_of(held, question) if any(one.lines for one in given) else []
        outcomes = [
            MarkOutcome(
                one, _judge(one, attempts, marks, question, rubric), marks.get(one.attempt_id)
            )
            for one in given
        ]
        outcomes = _within_limit(outcomes, attempts)
        accepted = {one.given.attempt_id: one.given for one in outcomes if _changes(one)}
        written = _write(accepted.values(), attempts, marks, question, rubric, teacher)
        released = [attempts[pk] for pk in accepted if attempts[pk].shows(marks.get(pk))]
        if released:
            # The order of ``gradebook.changes``: assignment, attempts, columns, scores by user.
            gradebook.lock_columns(held.link)
            gradebook.report_all(released)
    return [
        MarkOutcome(one.given, one.state, written[one.given.attempt_id])
        if one.given.attempt_id in written
        else one
        for one in outcomes
    ]


def _lock_attempts(assignment: Assignment, keys: Collection[int]) -> dict[int, Attempt]:
    rows = Attempt.objects.select_for_update(no_key=True)
    found = list(rows.filter(pk__in=keys, assignment=assignment).order_by("pk"))
    editions = Edition.objects.in_bulk({attempt.edition_id for attempt in found})
    for attempt in found:
        attempt.assignment, attempt.edition = assignment, editions[attempt.edition_id]
    return {attempt.pk: attempt for attempt in found}


def _judge(
    given: GivenMark,
    attempts: dict[int, Attempt],
    marks: dict[int, Mark],
    question: Question[Any],
    rubric: Sequence[RubricLine],
) -> MarkState:
    attempt, mark = attempts.get(given.attempt_id), marks.get(given.attempt_id)
    if attempt is None:
        return MarkState.MISSING
    if not attempt.is_submitted:
        return MarkState.OPEN
    if not asks_the_same(attempt.edition.sheet, question):
        return MarkState.STALE
    takes_nothing = given.points is None and mark is None
    if given.read not in (None, attempt.submission) and not takes_nothing:
        return MarkState.UNREAD
    if _stands(given, mark):
        return MarkState.SAVED
    if standing(mark) not in given.seen:
        return MarkState.OTHER
    if given.lines and not (given.keeps_lines or _is_of(given, rubric)):
        return MarkState.RUBRIC
    if attempt.shows(mark) and (not given.is_confirmed or given.points is None):
        return MarkState.RELEASED
    return MarkState.SAVED


def _is_of(given: GivenMark, rubric: Sequence[RubricLine]) -> bool:
    """Return whether a mark is given by lines of the rubric as it stands."""
    try:
        choose(rubric, given.lines)
    except NoSuchChoice:
        return False
    return given.rubric == digest(rubric)


def _stands(given: GivenMark, mark: Mark | None) -> bool:
    """Return whether there is nothing to change: a mark by the machine is the teacher's then."""
    is_machines = mark is not None and mark.source != Mark.Source.TEACHER
    return standing(mark) == given.wanted and not is_machines


def _changes(outcome: MarkOutcome) -> bool:
    return outcome.state is MarkState.SAVED and not _stands(outcome.given, outcome.mark)


def _within_limit(
    outcomes: Sequence[MarkOutcome], attempts: dict[int, Attempt]
) -> list[MarkOutcome]:
    """Return the outcomes, of which at most so many change what is released."""
    released = [
        one for one in outcomes if _changes(one) and attempts[one.given.attempt_id].shows(one.mark)
    ]
    late = {one.given.attempt_id for one in released[RELEASED_AT_ONCE:]}
    return [
        replace(one, state=MarkState.RELEASED) if one.given.attempt_id in late else one
        for one in outcomes
    ]


def _lines_of(
    given: GivenMark, former: Mark | None, rubric: Sequence[RubricLine]
) -> list[dict[str, Any]]:
    """Return the lines of a mark as ``Mark.rubric`` has them."""
    if given.keeps_lines:
        return former.rubric if former else []
    return as_chosen(choose(rubric, given.lines))


def _write(
    given: Collection[GivenMark],
    attempts: dict[int, Attempt],
    marks: dict[int, Mark],
    question: Question[Any],
    rubric: Sequence[RubricLine],
    teacher: User,
) -> dict[int, Mark | None]:
    """Save marks, and return those that stand now by ``Attempt.pk``."""
    now, by = timezone.now(), audit.person(teacher)
    written: dict[int, Mark | None] = {}
    entries: list[AuditEntry] = []
    for one in sorted(given, key=lambda one: one.attempt_id):
        attempt, former = attempts[one.attempt_id], marks.get(one.attempt_id)
        if one.points is None:
            written[attempt.pk] = None
            if former is not None:
                entries.append(no_mark_entry(attempt, former, by))
            continue
        mark = Mark(
            attempt=attempt,
            item=question.key,
            points=one.points,
            maximum=question.marks or Decimal(0),
            comment=one.comment,
            rubric=_lines_of(one, former, rubric),
            source=Mark.Source.TEACHER,
            marked_by=teacher,
            marked_at=now,
        )
        written[attempt.pk] = mark
        entries.append(mark_entry(attempt, former, mark, by))
    Mark.objects.bulk_create(
        [mark for mark in written.values() if mark],
        update_conflicts=True,
        unique_fields=["attempt", "item"],
        update_fields=[
            *("points", "maximum", "comment", "rubric", "source", "marked_by", "marked_at")
        ],
    )
    taken = [pk for pk, mark in written.items() if mark is None]
    if taken:
        Mark.objects.filter(attempt__in=taken, item=question.key).delete()
    audit.record_all(entries)
    return written
