"""Changes of the edition or the rules of an assignment that pupils have worked on.

``plan`` computes the effects on marks, which a teacher is shown first; ``apply`` computes them
again and saves them. Only scores that differ from those reported before are sent.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import partial

from django.db import transaction

from lti_tool import audit, grades
from lti_tool.audit import Actor, AuditKind
from lti_tool.grades import ColumnMaximum
from lti_tool.models import AuditEntry, Membership, ResourceLink, User
from worksheets.authoring import InUse
from worksheets.authoring.assigning import AssignmentRules, assign
from worksheets.gradebook import reporting, scoring
from worksheets.gradebook.entered import entered_marks, scores_of
from worksheets.gradebook.remarking import (
    BeforeAndAfter,
    MarksUnder,
    before_and_after,
    compatible_editions,
    is_marked_otherwise,
    marked_under,
    move_to_edition,
    remark_entries,
)
from worksheets.gradebook.reporting import Scores
from worksheets.gradebook.scoring import TOTAL, MarkedAttempt
from worksheets.gradebook.shared_work import partners_of
from worksheets.models import Assignment, Attempt, Edition, EnteredMark


class Outdated(Exception):
    """The error for a plan that is not the one the teacher has confirmed; nothing was changed."""


class Direction(StrEnum):
    """The directions in which a mark may change."""

    RISES = "rises"
    FALLS = "falls"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class VisibleMark:
    """A pupil's mark as points out of a maximum, which is not 0."""

    points: Decimal
    maximum: Decimal

    @property
    def share(self) -> Fraction:
        return Fraction(self.points) / Fraction(self.maximum)


@dataclass(frozen=True, slots=True)
class MarkChange:
    """A pupil's mark before and after a change.

    ``scores`` are those to report, by column; what was reported before to another one stays.
    """

    user: User
    before: VisibleMark | None
    after: VisibleMark | None
    scores: Scores

    @property
    def direction(self) -> Direction:
        # No mark is below a mark of 0.
        before = self.before.share if self.before else Fraction(-1)
        after = self.after.share if self.after else Fraction(-1)
        if before == after:
            return Direction.STAYS
        return Direction.RISES if after > before else Direction.FALLS


@dataclass(frozen=True, slots=True)
class Plan:
    """The effects of a change.

    ``remarked`` are the attempts that move to the new edition; those that were submitted are
    marked again, and ``differing`` are those of them whose marks or release are others then.
    ``unmarkable`` is the number of submitted attempts that the new edition's key
    cannot mark, because its questions differ. ``columns`` are those of the gradebook whose
    maximum should be another one then.
    """

    changes: Sequence[MarkChange]
    remarked: Sequence[Attempt]
    unmarkable: int
    columns: Sequence[ColumnMaximum] = ()
    differing: Sequence[BeforeAndAfter] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Return how many marks rise, fall and stay, by the direction's value."""
        counter = Counter(change.direction for change in self.changes)
        return {direction.value: counter[direction] for direction in Direction}

    @property
    def scores_to_send(self) -> list[MarkChange]:
        """Return the changes with a score to report that has points."""
        return [
            change
            for change in self.changes
            if any(score.given is not None for score in change.scores.values())
        ]

    @property
    def columns_follow(self) -> bool:
        """Return whether a column will get another maximum, as far as it is known."""
        return any(column.follows for column in self.columns)

    @property
    def changed(self) -> list[MarkChange]:
        """Return the changes whose mark rises or falls."""
        return [change for change in self.changes if change.direction is not Direction.STAYS]

    @property
    def needs_confirmation(self) -> bool:
        """Return whether a teacher should see the plan before it is applied."""
        return bool(
            self.scores_to_send or self.changed or self.remarked or self.unmarkable or self.columns
        )

    @property
    def digest(self) -> str:
        """Return a hash that is the same for the same plan."""
        changes = [(c.user.pk, c.before, c.after, dict(c.scores)) for c in self.changes]
        remarked = [attempt.pk for attempt in self.remarked]
        content = (changes, remarked, self.unmarkable, list(self.columns))
        return hashlib.sha256(repr(content).encode()).hexdigest()


def plan(
    assignment: Assignment,
    edition: Edition,
    rules: AssignmentRules,
    *,
    mark_again: bool,
    marks: MarksUnder | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Plan:
    """Return the effects of assigning this edition with these rules; save nothing.

    With ``mark_again`` attempts at other editions are marked by the key of this one; ``marks``
    are those that an earlier plan has made. ``progress`` is called before each attempt.
    """
    marks = marks or MarksUnder(edition)
    after = Assignment(pk=assignment.pk, link=assignment.link, edition=edition)
    rules.apply(after)
    can_mark = compatible_editions(assignment, edition) if mark_again else {}
    rows = assignment.attempts.select_related("user", "edition")
    attempts = list(rows.prefetch_related("marks", "answers").order_by("user", "number"))
    submitted: defaultdict[User, list[BeforeAndAfter]] = defaultdict(list)
    partners = partners_of(attempts)
    for done, attempt in enumerate(attempts):
        progress(done, len(attempts))
        if attempt.is_submitted:
            marked = marked_again = scoring.mark_attempt(attempt, attempt.marks.all())
            if can_mark.get(attempt.edition_id):
                marked_again = marked_under(attempt, edition, marks)
            submitted[attempt.user].append((marked, marked_again))
            for one in partners.get(attempt.pk, ()):
                as_theirs = partial(replace, partner_number=one.number or 0, partner_id=one.user_id)
                submitted[one.user].append((as_theirs(marked), as_theirs(marked_again)))
    return Plan(
        changes=_mark_changes(assignment, after, submitted),
        remarked=[attempt for attempt in attempts if can_mark.get(attempt.edition_id)],
        unmarkable=sum(
            attempt.is_submitted and not can_mark.get(attempt.edition_id, True)
            for attempt in attempts
        ),
        columns=column_changes(assignment, edition, rules),
        differing=[
            (marked, again)
            for pairs in submitted.values()
            for marked, again in pairs
            if not marked.partner_number and is_marked_otherwise(marked, again)
        ],
    )


def column_changes(
    assignment: Assignment, edition: Edition, rules: AssignmentRules, *, with_unlike: bool = False
) -> list[ColumnMaximum]:
    """Return the columns of the gradebook whose maximum should be another one then.

    With ``with_unlike`` return those as well to whose maximum the LMS scales our marks.
    """
    before, maxima = _maxima_before_and_after(assignment, edition, rules)
    both = [tag for tag in maxima if tag in before and (with_unlike or before[tag] != maxima[tag])]
    found = (
        grades.column_maximum(assignment.link, former=before[tag], maximum=maxima[tag], tag=tag)
        for tag in both
    )
    return [column for column in found if column is not None]


def _maxima_before_and_after(
    assignment: Assignment, edition: Edition, rules: AssignmentRules
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return the maxima that the columns have now, and those that they should have then, by tag."""
    after = Assignment(link=assignment.link, edition=edition)
    rules.apply(after)
    return (
        scoring.column_maxima(assignment, assignment.edition.sheet),
        scoring.column_maxima(after, edition.sheet),
    )


def _mark_changes(
    before: Assignment, after: Assignment, submitted: dict[User, list[BeforeAndAfter]]
) -> list[MarkChange]:
    """Return a change for each learner with submitted attempts, by name."""
    reported = reporting.reported(after)
    members = Membership.objects.filter(context=before.link.context_id)
    # The gradebook has a cell for each learner of the course, and for nobody else.
    learners = {row.user_id for row in members if row.course_roles.is_learner}
    entered = entered_marks(before)
    without_work: dict[User, list[BeforeAndAfter]] = {
        one.user: [] for one in entered.values() if one.counts and one.is_released
    }
    changes = []
    for user, pairs in (without_work | submitted).items():
        if user.pk not in learners:
            continue
        marked = [pair[0] for pair in pairs]
        marked_again = [pair[1] for pair in pairs]
        own = entered.get(user.pk)
        scores = scores_of(after, marked_again, own)
        changes.append(
            MarkChange(
                user,
                _visible_mark(before, marked, own),
                _visible_mark(after, marked_again, own),
                reporting.changed_scores(scores, reported, user),
            )
        )
    return sorted(changes, key=lambda change: change.user.sort_name)


def _visible_mark(
    assignment: Assignment, attempts: list[MarkedAttempt], entered: EnteredMark | None
) -> VisibleMark | None:
    """Return the mark that the gradebook shows for a pupil.

    Before the gradebook has one, return the points for gaps; None if there are no gaps, or if what
    a teacher has entered counts.
    """
    score = scores_of(assignment, attempts, entered).get(TOTAL)
    if score is not None and score.given is not None:
        return VisibleMark(score.given, score.maximum)
    if entered is not None and entered.counts:
        return None
    counted = scoring.counting_attempt(assignment, attempts)
    if counted is None or not counted.tally.automatic_maximum:
        return None
    points = scoring.after_deduction(assignment, counted, counted.tally.automatic)
    return VisibleMark(points, counted.tally.automatic_maximum)


def apply(
    assignment: Assignment,
    edition: Edition,
    rules: AssignmentRules,
    *,
    mark_again: bool,
    seen: str,
    marks: MarksUnder | None = None,
    by: Actor,
) -> int:
    """Apply a change in one transaction, and return for how many pupils scores were reported.

    ``seen`` is the digest of the plan that ``by`` has confirmed, '' if none was shown;
    ``marks`` are those that an earlier plan has made, before the rows were locked.
    Raise Outdated if a plan needs confirmation and has another digest, InUse if pupils have
    begun with another worksheet.
    """
    marks = marks or MarksUnder(edition)
    with transaction.atomic():
        # Lock the link before its assignment: the order of ``assign``, which is called below.
        ResourceLink.objects.select_for_update(no_key=True).get(pk=assignment.link_id)
        locked = Assignment.objects.select_for_update(of=("self",), no_key=True).get(
            pk=assignment.pk
        )
        list(locked.attempts.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        if locked.edition.worksheet_id != edition.worksheet_id and locked.attempts.exists():
            raise InUse
        planned = plan(locked, edition, rules, mark_again=mark_again, marks=marks)
        if planned.needs_confirmation and planned.digest != seen:
            raise Outdated
        # Not only ``planned.columns``: one that is still to be made, of which there is nothing to
        # tell, has to be made with the new maximum.
        former, maxima = _maxima_before_and_after(locked, edition, rules)
        grades.change_column_maxima(assignment.link, former=former, maxima=maxima)
        effects = {"remarked": len(planned.remarked), "changed": len(planned.changed)}
        assigned = assign(assignment.link, edition, rules, by=by, effects=effects)
        audit.record_all(_entries(assignment.link, planned, by))
        submitted = [attempt for attempt in planned.remarked if attempt.is_submitted]
        pairs = [before_and_after(attempt, edition, marks) for attempt in submitted]
        move_to_edition(planned.remarked, pairs, edition)
        # The order in which deliveries are locked (``lti_tool.grades.outbox.locking``).
        in_order = sorted(planned.changes, key=lambda change: change.user.pk)
        return sum(
            bool(reporting.report_scores(assigned, change.user, change.scores))
            for change in in_order
        )


def _entries(link: ResourceLink, planned: Plan, by: Actor) -> Iterator[AuditEntry]:
    """Yield what is recorded of each attempt that another key marks otherwise.

    For other pupils whose mark changes, by another rule alone, yield what is recorded of that mark.
    """
    yield from remark_entries(link, planned.differing, by)
    by_key = {marked.attempt.user_id for marked, _again in planned.differing}
    for change in planned.changes:
        if change.before != change.after and change.user.pk not in by_key:
            yield audit.entry(
                AuditKind.REMARK,
                by,
                link=link,
                person_id=change.user.pk,
                before=_recorded_mark(change.before),
                after=_recorded_mark(change.after),
            )


def _recorded_mark(mark: VisibleMark | None) -> dict[str, object]:
    return {"points": mark.points, "maximum": mark.maximum} if mark else {}
