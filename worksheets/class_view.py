"""What a teacher sees of a class: who opened, began, submitted, earned what. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef

from lti_tool.grades import Receipt
from lti_tool.models import Membership, StoredLaunch, User
from worksheets import gradebook
from worksheets.gradebook import Tally
from worksheets.models import Assignment, Attempt, Mark


class Standing(StrEnum):
    """How far a pupil is."""

    NEVER_OPENED = "never-opened"
    OPENED = "opened"
    BEGUN = "begun"
    SUBMITTED = "submitted"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Work:
    """What a pupil wrote. ``tally`` is None until they submit, ``receipt`` until there is
    a score."""

    attempt: Attempt
    tally: Tally | None
    receipt: Receipt | None

    @property
    def standing(self) -> Standing:
        if self.attempt.is_released:
            return Standing.RELEASED
        return Standing.SUBMITTED if self.attempt.is_submitted else Standing.BEGUN

    @property
    def waits_for_mark(self) -> bool:
        return self.tally is not None and self.tally.unmarked > 0

    @property
    def may_release(self) -> bool:
        """Everything is marked and not yet released; gaps alone need no release."""
        return (
            self.tally is not None
            and not self.attempt.is_released
            and not self.tally.unmarked
            and self.tally.written_maximum > 0
        )

    @property
    def has_problem(self) -> bool:
        """Whether somebody must look at its score."""
        return self.receipt is not None and self.receipt.problem is not None


@dataclass(frozen=True, slots=True)
class Row:
    """One pupil; ``work`` is None until they write something."""

    user: User
    status: Membership.Status
    standing: Standing
    work: Work | None

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
    """A whole class, by family name, and at its end those who left."""

    rows: Sequence[Row]

    @property
    def present(self) -> list[Row]:
        """Without those who left: nobody waits for them."""
        return [row for row in self.rows if not row.has_left]

    @property
    def works(self) -> list[Work]:
        """Of those who are here."""
        return [row.work for row in self.present if row.work is not None]

    @property
    def releasable(self) -> list[Work]:
        return [work for work in self.works if work.may_release]

    @property
    def is_nameless(self) -> bool:
        """Whether the LMS tells nobody's name."""
        return bool(self.rows) and not any(row.is_named for row in self.rows)


def overview(assignment: Assignment) -> Overview:
    """Every pupil of the course; four statements, whatever the class's size.

    Teachers and test users are no pupils; whoever left is shown if they were ever here.
    """
    works = _works(assignment)
    rows = []
    for member, has_opened in _members(assignment):
        work = works.pop(member.user_id, None)
        if _belongs(member, work, has_opened=has_opened):
            standing = Standing.OPENED if has_opened else Standing.NEVER_OPENED
            status = Membership.Status(member.status)
            rows.append(Row(member.user, status, work.standing if work else standing, work))
    # Work from before the link moved here from another course.
    active = Membership.Status.ACTIVE
    rows += [Row(work.attempt.user, active, work.standing, work) for work in works.values()]
    return Overview(sorted(rows, key=_place))


def next_to_mark(assignment: Assignment, after: Attempt) -> Attempt | None:
    """The next pupil, by name, whose written answers wait for a mark; from the top again."""
    works = overview(assignment).works
    here = next((i for i, work in enumerate(works) if work.attempt.pk == after.pk), -1)
    for work in [*works[here + 1 :], *works[: max(here, 0)]]:
        if work.waits_for_mark:
            return work.attempt
    return None


def _works(assignment: Assignment) -> dict[int, Work]:
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in Mark.objects.filter(attempt__assignment=assignment):
        marks[mark.attempt_id].append(mark)
    receipts = gradebook.receipts(assignment.link)
    return {
        attempt.user_id: Work(attempt, _tally(attempt, marks), receipts.get(attempt.user_id))
        for attempt in assignment.attempts.select_related("user", "edition")
    }


def _tally(attempt: Attempt, marks: Mapping[int, list[Mark]]) -> Tally | None:
    if not attempt.is_submitted:
        return None
    return gradebook.tally(attempt.edition.sheet, marks.get(attempt.pk, []))


def _members(assignment: Assignment) -> list[tuple[Membership, bool]]:
    """Everybody of the course, and whether they ever opened this link."""
    launches = StoredLaunch.objects.filter(membership=OuterRef("pk"), link=assignment.link_id)
    rows = Membership.objects.filter(context=assignment.link.context_id)
    told = rows.select_related("user").annotate(has_opened=Exists(launches))
    return [(row, row.has_opened) for row in told]


def _belongs(member: Membership, work: Work | None, *, has_opened: bool) -> bool:
    """Whether this is a pupil, or was one who came."""
    roles = member.course_roles
    if work is not None:
        return roles.may_be_graded
    is_here = member.status != Membership.Status.GONE
    return roles.is_learner and (is_here or has_opened)


def _place(row: Row) -> tuple[bool, bool, str, int]:
    """By name, then by number those without one; who left comes last."""
    return row.has_left, not row.is_named, row.user.sort_name if row.is_named else "", row.user.pk
