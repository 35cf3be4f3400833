"""The overview of a class for its teacher: who opened, began, submitted, earned. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef

from lti_tool.models import Membership, StoredLaunch, User
from worksheets import gradebook
from worksheets.gradebook import ScoreStatus, scoring
from worksheets.gradebook.scoring import Tally
from worksheets.models import Assignment, Attempt, Sending


class AttemptProgress(StrEnum):
    """The stages of a pupil's work."""

    NEVER_OPENED = "never-opened"
    OPENED = "opened"
    BEGUN = "begun"
    SUBMITTED = "submitted"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    """An attempt of a pupil.

    ``tally`` is None until they submit, ``receipt`` until there is a score. ``may_count``
    says that marks for it can make a difference.
    """

    attempt: Attempt
    tally: Tally | None
    score_status: ScoreStatus | None
    counts: bool
    may_count: bool

    @property
    def standing(self) -> AttemptProgress:
        if self.attempt.is_released:
            return AttemptProgress.RELEASED
        return AttemptProgress.SUBMITTED if self.attempt.is_submitted else AttemptProgress.BEGUN

    @property
    def waits_for_mark(self) -> bool:
        return self.may_count and self.tally is not None and self.tally.unmarked > 0

    @property
    def is_ready(self) -> bool:
        """Return whether all is marked and not yet released.

        Gaps alone need no release if their marks went to the gradebook at once.
        """
        points = self.tally
        if points is None or points.unmarked or self.attempt.is_released:
            return False
        waits = self.attempt.assignment.sending == Sending.RELEASED and points.maximum > 0
        return waits or points.written_maximum > 0

    @property
    def may_release(self) -> bool:
        """Return whether a release of the whole class takes it along."""
        return self.may_count and self.is_ready

    @property
    def has_problem(self) -> bool:
        """Return whether its score has a problem that a teacher should know of."""
        return self.score_status is not None and self.score_status.problem is not None

    @property
    def may_send_again(self) -> bool:
        """Return whether its score waits or was refused, and was not changed in the LMS."""
        return (
            self.score_status is not None
            and self.has_problem
            and self.score_status.lms_grade is None
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A pupil with all attempts by number. None of them counts until it is handed in."""

    user: User
    status: Membership.Status
    has_opened: bool
    works: Sequence[AttemptSummary]

    @property
    def work(self) -> AttemptSummary | None:
        """Return the attempt that counts, or the one that is being written, or None."""
        return next((work for work in self.works if work.counts), next(iter(self.works), None))

    @property
    def standing(self) -> AttemptProgress:
        if self.work is not None:
            return self.work.standing
        return AttemptProgress.OPENED if self.has_opened else AttemptProgress.NEVER_OPENED

    @property
    def others(self) -> list[AttemptSummary]:
        """Return the attempts beside the one that is shown."""
        return [work for work in self.works if work is not self.work]

    @property
    def waits_for_mark(self) -> bool:
        return any(work.waits_for_mark for work in self.works)

    @property
    def has_left(self) -> bool:
        return self.status == Membership.Status.GONE

    @property
    def is_inactive(self) -> bool:
        return self.status == Membership.Status.INACTIVE

    @property
    def is_named(self) -> bool:
        return bool(self.user.name or self.user.given_name or self.user.family_name)


@dataclass(frozen=True, slots=True)
class Overview:
    """A whole class by family name, at the end those who left."""

    rows: Sequence[Row]

    @property
    def present(self) -> list[Row]:
        """Return the rows of pupils who have not left."""
        return [row for row in self.rows if not row.has_left]

    @property
    def works(self) -> list[AttemptSummary]:
        """Return every attempt of pupils who have not left, pupil by pupil."""
        return [work for row in self.present for work in row.works]

    @property
    def releasable(self) -> list[AttemptSummary]:
        return [work for work in self.works if work.may_release]

    @property
    def releasable_pupils(self) -> int:
        """Return how many pupils have releasable work."""
        return len({work.attempt.user_id for work in self.releasable})

    @property
    def unsent(self) -> list[AttemptSummary]:
        """Return the work whose score the gradebook did not take; a pupil has one mark there."""
        shown = [row.work for row in self.present]
        return [work for work in shown if work is not None and work.may_send_again]

    @property
    def is_nameless(self) -> bool:
        """Return whether the LMS tells no name of any pupil."""
        return bool(self.rows) and not any(row.is_named for row in self.rows)


def overview(assignment: Assignment) -> Overview:
    """Return every pupil of the course, in four SQL statements for a class of any size.

    Teachers and test users are no pupils; pupils who left are shown if they were ever here.
    """
    works = _works(assignment)
    rows = []
    for member, has_opened in _members(assignment):
        own = works.pop(member.user_id, [])
        if _is_listed(member, has_work=bool(own), has_opened=has_opened):
            status = Membership.Status(member.status)
            rows.append(Row(member.user, status, has_opened, own))
    # Attempts made before the link moved here from another course.
    active = Membership.Status.ACTIVE
    rows += [Row(own[0].attempt.user, active, True, own) for own in works.values()]
    return Overview(
        sorted(
            rows,
            key=lambda row: (
                row.has_left,
                not row.is_named,
                row.user.sort_name if row.is_named else "",
                row.user.pk,
            ),
        )
    )


def attempts_of(assignment: Assignment, user: User) -> list[AttemptSummary]:
    """Return one pupil's attempts, by number."""
    rows = assignment.attempts.filter(user=user).select_related("user", "edition")
    score_status = gradebook.score_status(assignment.link, user)
    return _summarise(assignment, list(rows.prefetch_related("marks")), score_status)


def next_to_mark(assignment: Assignment, after: Attempt) -> Attempt | None:
    """Return the next pupil's attempt, by name, with answers to mark; None if there is none.

    After the last pupil the search goes on with the first.
    """
    works = overview(assignment).works
    here = next((i for i, work in enumerate(works) if work.attempt.pk == after.pk), -1)
    for work in [*works[here + 1 :], *works[: max(here, 0)]]:
        if work.waits_for_mark:
            return work.attempt
    return None


def _works(assignment: Assignment) -> dict[int, list[AttemptSummary]]:
    """Return all attempts, by pupil's id."""
    statuses = gradebook.score_statuses(assignment.link)
    attempts: defaultdict[int, list[Attempt]] = defaultdict(list)
    rows = assignment.attempts.select_related("user", "edition")
    for attempt in rows.prefetch_related("marks"):
        attempts[attempt.user_id].append(attempt)
    return {
        user_id: _summarise(assignment, own, statuses.get(user_id))
        for user_id, own in attempts.items()
    }


def _summarise(
    assignment: Assignment, attempts: list[Attempt], score_status: ScoreStatus | None
) -> list[AttemptSummary]:
    """Return one pupil's attempts, with which of them counts, and which could."""
    for attempt in attempts:
        attempt.assignment = assignment
    handed_in = scoring.mark_attempts(one for one in attempts if one.is_submitted)
    counted = scoring.counting_attempt(assignment, handed_in)
    may_count = scoring.numbers_to_mark(assignment, handed_in)
    tallies = {one.attempt.number: one.tally for one in handed_in}
    return [
        AttemptSummary(
            attempt,
            tallies.get(attempt.number),
            score_status,
            counts=counted is not None and attempt.number == counted.attempt.number,
            may_count=attempt.number in may_count,
        )
        for attempt in sorted(attempts, key=lambda one: one.number)
    ]


def _members(assignment: Assignment) -> list[tuple[Membership, bool]]:
    """Return everybody of the course, and whether they ever opened this link."""
    launches = StoredLaunch.objects.filter(membership=OuterRef("pk"), link=assignment.link_id)
    rows = Membership.objects.filter(context=assignment.link.context_id)
    members = rows.select_related("user").annotate(has_opened=Exists(launches))
    return [(row, row.has_opened) for row in members]


def _is_listed(member: Membership, *, has_work: bool, has_opened: bool) -> bool:
    """Return whether this is a pupil, or was one who came."""
    is_here = member.status != Membership.Status.GONE
    return member.course_roles.is_learner and (is_here or has_opened or has_work)
