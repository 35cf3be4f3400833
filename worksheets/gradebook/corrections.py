"""Answers of a class that a teacher decides about: the effects on marks, and the changes.

A decision makes a new edition out of the text of the edition that is assigned; the worksheet's own
text stays as it is. ``propose`` computes what that does to marks; ``decide`` assigns the new
edition, and ``remark`` moves some pupils' work to it. So a large class is marked again in steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import F, Max, QuerySet
from django.utils import timezone

from lti_tool import audit, grades
from lti_tool.audit import Actor, AuditKind
from lti_tool.models import ResourceLink, User
from worksheets.authoring import TooManyEditions
from worksheets.authoring.assigning import AssignmentRules, assign
from worksheets.authoring.quotas import MAX_EDITIONS
from worksheets.gradebook import reporting, scoring
from worksheets.gradebook.changes import MarkChange, Outdated, Plan, plan
from worksheets.gradebook.class_work import with_work
from worksheets.gradebook.remarking import (
    BeforeAndAfter,
    MarksUnder,
    before_and_after,
    compatible_editions,
    is_marked_otherwise,
    move_to_edition,
    remark_entries,
)
from worksheets.gradebook.scoring import MarkedAttempt
from worksheets.gradebook.shared_work import people_of
from worksheets.models import Assignment, Attempt, Edition, KeyCorrection, Mark, Worksheet
from worksheets.questions import changed_keys
from worksheets.questions.correcting import (
    Verdict,
    correct,
    count_again,
    item_of,
    marks_value,
    put_back,
)
from worksheets.questions.keying import gap_of, key_value

PUPILS_AT_ONCE = 10  # in a transaction: those who save meanwhile wait for it


@dataclass(frozen=True, slots=True)
class Decision:
    """A teacher's decision about answers to one gap, or that a gap or question is not counted."""

    item: str
    answers: tuple[str, ...]
    verdict: Verdict
    feedback: str = ""

    def write(self, assignment: Assignment) -> str:
        """Return the assigned edition's text with it. Raise CannotEdit."""
        source = assignment.edition.source
        return correct(source, self.item, self.answers, self.verdict, self.feedback)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Decisions of one press that a teacher takes back, at each of the assignments where it was."""

    press: str

    def write(self, assignment: Assignment) -> str:
        """Return the assigned edition's text without it. Raise CannotEdit."""
        row, source = self.row(assignment), assignment.edition.source
        if row.verdict == Verdict.OMITTED:
            return count_again(source, row.item, row.former)
        return put_back(source, row.item, row.answers, row.former)

    def row(self, assignment: Assignment) -> KeyCorrection:
        return assignment.key_corrections.get(press=self.press)


Change = Decision | Withdrawal


@dataclass(frozen=True)
class Proposal:
    """The effects of a change at one assignment; ``edition`` is not saved yet."""

    assignment: Assignment
    edition: Edition
    plan: Plan
    marks: MarksUnder

    @property
    def changes_key(self) -> bool:
        """Return whether the key will be another one at all."""
        return self.edition.source != self.assignment.edition.source

    @property
    def best_before(self) -> Decimal:
        """Return the best mark that a pupil can have now."""
        return scoring.full_marks(self.assignment, self.assignment.edition.sheet)

    @property
    def best_after(self) -> Decimal:
        """Return the best mark that a pupil can have then."""
        return scoring.full_marks(self.assignment, self.edition.sheet)

    @property
    def seen_at_once(self) -> int:
        """Return how many pupils have a released mark that will be another one."""
        differing = [marked.attempt for marked, _again in self.plan.differing]
        return len(people_of(attempt for attempt in differing if attempt.is_released))

    @cached_property
    def changed(self) -> list[MarkChange]:
        """Return the pupils whose mark rises or falls."""
        return self.plan.changed

    @cached_property
    def of_work(self) -> list[MarkChange]:
        """Return those whose mark is for work here, and not one that a teacher has entered."""
        counting = self.assignment.entered_marks.filter(counts=True)
        entered = set(counting.values_list("user", flat=True))
        return [one for one in self.plan.changes if one.user.pk not in entered]

    @cached_property
    def released(self) -> list[BeforeAndAfter]:
        """Return the released work that would have fewer points."""
        return [
            (marked, again)
            for marked, again in self.plan.differing
            if marked.attempt.is_released and again.tally.total < marked.tally.total
        ]

    @cached_property
    def held_back(self) -> list[User]:
        """Return whose work is released now, and waits for a mark then."""
        waiting = (
            marked.attempt
            for marked, again in self.plan.differing
            if marked.attempt.is_released and not again.attempt.is_released
        )
        return sorted(people_of(waiting), key=lambda user: user.sort_name)

    @cached_property
    def by_hand(self) -> list[User]:
        """Return the pupils with a mark for the item that was given by hand: it stays."""
        marks = Mark.objects.filter(
            attempt__assignment=self.assignment,
            attempt__submitted_at__isnull=False,
            source=Mark.Source.TEACHER,
            item__in=changed_keys(self.assignment.edition.sheet, self.edition.sheet),
        )
        found = {mark.attempt.user for mark in marks.select_related("attempt__user")}
        return sorted(found, key=lambda user: user.sort_name)

    @property
    def digest(self) -> str:
        """Return a hash that is the same for the same effects on the same key."""
        changes = [(one.user.pk, one.before, one.after) for one in self.changed]
        differing = [marked.attempt.pk for marked, _again in self.plan.differing]
        content = (self.assignment.pk, self.assignment.edition_id, changes, sorted(differing))
        return hashlib.sha256(repr(content).encode()).hexdigest()


def digest_of(proposals: Iterable[Proposal]) -> str:
    """Return a hash that is the same for the same proposals, in whatever order they come."""
    ordered = sorted(proposals, key=lambda one: one.assignment.pk)
    return hashlib.sha256("".join(one.digest for one in ordered).encode()).hexdigest()


def propose(
    assignment: Assignment,
    change: Change,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Proposal:
    """Return what a change would do; save nothing. Raise CannotEdit if the key cannot have it."""
    former = assignment.edition
    edition = Edition(
        worksheet=former.worksheet,
        number=former.number,
        title=former.title,
        source=change.write(assignment),
        is_correction=True,
    )
    marks, rules = MarksUnder(edition), AssignmentRules.of(assignment)
    planned = plan(assignment, edition, rules, mark_again=True, marks=marks, progress=progress)
    return Proposal(assignment, edition, planned, marks)


def hold(assignments: Sequence[Assignment]) -> None:
    """Lock the links of all of them by their numbers, then the assignments likewise.

    Whoever decides for several calls it first: else two of them, each behind a link of its own,
    wait for each other at the worksheet.
    """
    links = ResourceLink.objects.select_for_update(no_key=True).order_by("pk")
    list(links.filter(pk__in=[one.link_id for one in assignments]))
    rows = Assignment.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(rows.filter(pk__in=[one.pk for one in assignments]))


def decide(proposal: Proposal, change: Change, press: str, *, by: User) -> Edition:
    """Assign the edition with the change, keep what was decided, and return the edition.

    Work is still marked by the former key then. Call it in a transaction. Raise Outdated if another
    edition is assigned by now, TooManyEditions if the worksheet has as many as can be kept.
    """
    assignment, actor = proposal.assignment, audit.person(by)
    # The order of ``assign``: the link before its assignment.
    ResourceLink.objects.select_for_update(no_key=True).get(pk=assignment.link_id)
    rows = Assignment.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("edition").get(pk=assignment.pk)
    if locked.edition_id != assignment.edition_id:
        raise Outdated
    former, rules = locked.edition, AssignmentRules.of(locked)
    _keep(locked, change, press, by)
    edition = _edition(proposal.edition)
    grades.change_column_maxima(
        assignment.link,
        former=scoring.column_maxima(locked, former.sheet),
        maxima=scoring.column_maxima(locked, edition.sheet),
    )
    submitted = [attempt for attempt in proposal.plan.remarked if attempt.is_submitted]
    effects = {"remarked": len(submitted), "changed": len(proposal.changed)}
    assign(assignment.link, edition, rules, by=actor, effects=effects)
    audit.record(
        AuditKind.KEY,
        actor,
        link=assignment.link,
        subject=edition.worksheet.audit_subject,
        before={"number": former.number},
        after={
            "number": edition.number,
            "items": changed_keys(former.sheet, edition.sheet),
            "taken_back": isinstance(change, Withdrawal),
        },
    )
    return edition


def _keep(assignment: Assignment, change: Change, press: str, by: User) -> None:
    if isinstance(change, Withdrawal):
        rows = assignment.key_corrections.filter(press=change.press, undone_at=None)
        if not rows.update(undone_by=by, undone_at=timezone.now()):
            raise Outdated
        return
    sheet, is_omitted = assignment.edition.sheet, change.verdict is Verdict.OMITTED
    KeyCorrection.objects.create(
        assignment=assignment,
        press=press,
        item=change.item,
        answers=list(change.answers),
        verdict=change.verdict,
        feedback=change.feedback,
        former=marks_value(item_of(sheet, change.item))
        if is_omitted
        else key_value(gap_of(sheet, change.item)),
        made_by=by,
    )


def _edition(wanted: Edition) -> Edition:
    """Return an edition of this worksheet with this text: one that there is, or a new one."""
    worksheet = Worksheet.objects.select_for_update(no_key=True).get(pk=wanted.worksheet_id)
    same = worksheet.editions.filter(source=wanted.source, title=wanted.title).first()
    if same is not None:
        return same
    number = worksheet.editions.aggregate(last=Max("number"))["last"] or 0
    if number >= MAX_EDITIONS:
        raise TooManyEditions
    # A new row each time: what is proposed may be decided again after a transaction was undone.
    return Edition.objects.create(
        worksheet=worksheet,
        number=number + 1,
        title=wanted.title,
        source=wanted.source,
        is_correction=True,
    )


def waiting(assignment: Assignment) -> QuerySet[Attempt]:
    """Return the submitted work that the assigned edition's key can mark, and has not yet.

    Pupils who are writing go on with their edition: they are marked by that key when they submit.
    """
    can_mark = compatible_editions(assignment, assignment.edition)
    editions = [pk for pk, is_compatible in can_mark.items() if is_compatible]
    return assignment.attempts.filter(edition__in=editions, submitted_at__isnull=False)


def pupils_waiting(assignment: Assignment) -> list[int]:
    """Return the ``User.pk`` of those with such work, in the order in which scores are locked."""
    found = waiting(assignment).order_by("user").values_list("user", flat=True)
    return list(found.distinct())


def remark(
    assignment: Assignment,
    users: Collection[int],
    marks: MarksUnder,
    *,
    by: Actor,
    press: str = "",
    keeps_released: bool = False,
) -> int:
    """Mark these pupils' work by the assigned edition's key; return for how many that is others.

    ``marks`` are those that were made before. With ``keeps_released`` what would lose points and is
    released keeps them, as given by hand. Call it in a transaction.
    """
    # The order of ``release_all``: assignment, attempts, columns, scores by user.
    held = Assignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    edition = assignment.edition
    if held.edition_id != edition.pk:
        raise Outdated
    held.link, held.edition = assignment.link, edition
    locked = Attempt.objects.select_for_update(no_key=True).filter(assignment=held, user__in=users)
    list(locked.order_by("pk").values_list("pk"))
    grades.lock_columns(held.link)
    attempts = _waiting_of(held, users, marks)
    pairs = [before_and_after(attempt, edition, marks) for attempt in attempts]
    if keeps_released and (kept := [mark for pair in pairs for mark in _falling(*pair)]):
        _give_by_hand(held, kept, by)
        attempts = _waiting_of(held, users, marks)
        pairs = [before_and_after(attempt, edition, marks) for attempt in attempts]
    differing = [pair for pair in pairs if is_marked_otherwise(*pair)]
    move_to_edition(attempts, differing, edition)
    audit.record_all(remark_entries(held.link, differing, by))
    people = {user.pk for user in people_of(marked.attempt for marked, _again in differing)}
    reporting.report_pupils(held, people, {again.attempt.pk: again for _marked, again in pairs})
    KeyCorrection.objects.filter(assignment=held, press=press).update(
        changed=F("changed") + len(people)
    )
    return len(people)


def _waiting_of(assignment: Assignment, users: Collection[int], marks: MarksUnder) -> list[Attempt]:
    """Return what ``waiting`` does for these pupils, with marks and answers.

    Only their own work is looked at, not that of the whole class.
    """
    rows = assignment.attempts.filter(user__in=users, submitted_at__isnull=False)
    rows = rows.exclude(edition=assignment.edition).select_related("user")
    read = rows.order_by("user", "number").prefetch_related("marks", "answers")
    return [one for one in with_work(read, assignment) if marks.can_mark(one.edition)]


def _falling(before: MarkedAttempt, after: MarkedAttempt) -> list[Mark]:
    """Return the machine's marks of released work that would lose points."""
    if not before.attempt.is_released:
        return []
    points = {mark.item: mark.points for mark in after.marks}
    return [
        mark
        for mark in before.marks
        if mark.source == Mark.Source.MARKER and points.get(mark.item, mark.points) < mark.points
    ]


def _give_by_hand(assignment: Assignment, marks: Sequence[Mark], by: Actor) -> None:
    """Make marks of the machine a teacher's own, which no other key changes."""
    Mark.objects.filter(pk__in=[mark.pk for mark in marks]).update(
        source=Mark.Source.TEACHER, marked_by=by.user, marked_at=timezone.now()
    )
    audit.record_all(
        audit.entry(
            AuditKind.MARK,
            by,
            link=assignment.link,
            person_id=mark.attempt.user_id,
            subject=mark.attempt.audit_subject,
            before={"points": mark.points, "maximum": mark.maximum},
            after={"item": mark.item, "points": mark.points, "maximum": mark.maximum},
        )
        for mark in marks
    )
