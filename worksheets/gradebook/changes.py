"""Changes of key or policy of an activity that pupils have worked on: shown, then applied.

What a teacher sees beforehand and what is written come from the same plan. Only scores that
differ from what the gradebook was told are sent.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from django.db import transaction

from lti_tool import grades
from lti_tool.grades import Score
from lti_tool.models import Membership, ResourceLink, User
from worksheets.authoring.assigning import AssignmentRules, assign
from worksheets.gradebook import reporting, scoring
from worksheets.gradebook.automatic import marks_under
from worksheets.gradebook.scoring import MarkedAttempt
from worksheets.models import Assignment, Attempt, Edition, Mark
from worksheets.questions.same_items import same_items


class Outdated(Exception):
    """The error for a plan that differs from the one the teacher saw; nothing was changed."""


class Direction(StrEnum):
    """The directions in which a mark may change."""

    RISES = "rises"
    FALLS = "falls"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class VisibleMark:
    """The points and maximum that are known of a pupil's mark."""

    points: Decimal
    maximum: Decimal

    @property
    def share(self) -> Fraction:
        return Fraction(self.points) / Fraction(self.maximum)


@dataclass(frozen=True, slots=True)
class MarkChange:
    """A pupil's mark before and after; ``score`` goes to the gradebook, None for no change."""

    user: User
    before: VisibleMark | None
    after: VisibleMark | None
    score: Score | None

    @property
    def direction(self) -> Direction:
        before, after = (one.share if one else Fraction(-1) for one in (self.before, self.after))
        if before == after:
            return Direction.STAYS
        return Direction.RISES if after > before else Direction.FALLS


@dataclass(frozen=True, slots=True)
class Plan:
    """The effects of a change.

    ``remarked`` are attempts that get the new key; of those that were handed in,
    ``unmarkable`` cannot, because what was asked has changed.
    """

    changes: Sequence[MarkChange]
    remarked: Sequence[Attempt]
    unmarkable: int

    @property
    def counts(self) -> dict[str, int]:
        """Return how many marks rise, fall and stay, by the direction's name."""
        going = Counter(change.direction for change in self.changes)
        return {direction.value: going[direction] for direction in Direction}

    @property
    def scores_to_send(self) -> list[MarkChange]:
        """Return the changes of which a mark goes to the gradebook."""
        return [c for c in self.changes if c.score is not None and c.score.given is not None]

    @property
    def changed(self) -> list[MarkChange]:
        """Return the changes by which a mark becomes another one."""
        return [change for change in self.changes if change.direction is not Direction.STAYS]

    @property
    def needs_confirmation(self) -> bool:
        """Return whether a teacher should see the plan before it is applied."""
        return bool(self.scores_to_send or self.changed or self.remarked or self.unmarkable)

    @property
    def digest(self) -> str:
        """Return a hash that is the same for the same plan."""
        changes = [(c.user.pk, c.before, c.after, c.score) for c in self.changes]
        content = (changes, [attempt.pk for attempt in self.remarked], self.unmarkable)
        return hashlib.sha256(repr(content).encode()).hexdigest()


def plan(
    assignment: Assignment, edition: Edition, rules: AssignmentRules, *, mark_again: bool
) -> Plan:
    """Return what would become of everybody's mark here; write nothing.

    ``mark_again`` brings what was answered in other editions under this one's key.
    """
    after = Assignment(pk=assignment.pk, link=assignment.link, edition=edition)
    rules.apply(after)
    fits = _compatible(assignment, edition) if mark_again else {}
    rows = assignment.attempts.select_related("user", "edition")
    attempts = list(rows.prefetch_related("marks", "answers").order_by("user", "number"))
    works: defaultdict[User, list[tuple[MarkedAttempt, MarkedAttempt]]] = defaultdict(list)
    for attempt in attempts:
        if attempt.is_submitted:
            then = now = scoring.mark_attempt(attempt, attempt.marks.all())
            if fits.get(attempt.edition_id):
                marks = marks_under(attempt, edition.sheet)
                then = scoring.mark_attempt(attempt, marks, edition.sheet)
            works[attempt.user].append((now, then))
    return Plan(
        changes=_changes(assignment, after, works),
        remarked=[one for one in attempts if fits.get(one.edition_id)],
        unmarkable=sum(one.is_submitted and not fits.get(one.edition_id, True) for one in attempts),
    )


def apply(
    assignment: Assignment, edition: Edition, rules: AssignmentRules, *, mark_again: bool, seen: str
) -> int:
    """Apply a change in one transaction; return how many scores are on their way.

    ``seen`` is the digest of the plan that the teacher agreed to, '' where there was
    nothing to look at. Raise Outdated if the plan is now another one, InUse if pupils have
    begun with another worksheet.
    """
    with transaction.atomic():
        # The link before its assignment, as ``assign`` does, which is called below.
        ResourceLink.objects.select_for_update(no_key=True).get(pk=assignment.link_id)
        locked = Assignment.objects.select_for_update(of=("self",), no_key=True).get(
            pk=assignment.pk
        )
        list(locked.attempts.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        planned = plan(locked, edition, rules, mark_again=mark_again)
        if planned.needs_confirmation and planned.digest != seen:
            raise Outdated
        placed = assign(assignment.link, edition, rules)
        for attempt in planned.remarked:
            _mark_again(attempt, edition)
        # The order of deliveries, see ``lti_tool.grades.outbox.locking``: it avoids a deadlock.
        in_order = sorted(planned.changes, key=lambda change: change.user.pk)
        return sum(
            reporting.report_score(placed, change.user, change.score)
            for change in in_order
            if change.score is not None
        )


def _compatible(assignment: Assignment, edition: Edition) -> dict[int, bool]:
    """Return, by id of each other edition in use, whether this one's key can mark its answers."""
    others = Edition.objects.filter(attempts__assignment=assignment).exclude(pk=edition.pk)
    return {one.pk: same_items(one.sheet, edition.sheet) for one in others.distinct()}


def _changes(
    before: Assignment,
    after: Assignment,
    works: dict[User, list[tuple[MarkedAttempt, MarkedAttempt]]],
) -> list[MarkChange]:
    reported = grades.reported_scores(before.link)
    members = Membership.objects.filter(context=before.link.context_id)
    # The gradebook has a cell for each learner of the course, and for nobody else.
    learners = {row.user_id for row in members if row.course_roles.is_learner}
    changes = []
    for user, pairs in works.items():
        if user.pk not in learners:
            continue
        now, then = [one for one, _ in pairs], [other for _, other in pairs]
        score = scoring.score_of(after, then)
        if score is not None and not reporting.is_changed(score, reported.get(user.pk)):
            score = None
        changes.append(
            MarkChange(user, _visible_mark(before, now), _visible_mark(after, then), score)
        )
    return sorted(changes, key=lambda change: change.user.sort_name)


def _visible_mark(assignment: Assignment, handed_in: list[MarkedAttempt]) -> VisibleMark | None:
    """Return the mark in the gradebook, or the gaps' where none is there yet."""
    score = scoring.score_of(assignment, handed_in)
    if score is not None and score.given is not None:
        return VisibleMark(score.given, score.maximum)
    one = scoring.counting_attempt(assignment, handed_in)
    if one is None or not one.tally.gaps_maximum:
        return None
    return VisibleMark(one.tally.gaps, one.tally.gaps_maximum)


def _mark_again(attempt: Attempt, edition: Edition) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(edition=edition)
    if not attempt.is_submitted:
        return
    marks = marks_under(attempt, edition.sheet)
    kept = [mark for mark in marks if mark.pk]  # a teacher's; the new ones get ids below
    attempt.marks.filter(source=Mark.Source.MARKER).delete()
    Mark.objects.bulk_create([mark for mark in marks if mark.pk is None])
    Mark.objects.bulk_update(kept, ["points", "maximum"])
