"""The answers that a teacher has to mark, over all courses on a platform. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from lti_tool.models import Membership, User
from worksheets.gradebook import gone_links
from worksheets.gradebook.shared_work import partners_of
from worksheets.marking.pace import minutes_left, seconds_a_mark
from worksheets.models import Assignment, Attempt, Edition, Mark
from worksheets.questions import asks_the_same
from worksheets.reports.class_attempts import may_count

MAX_TIMES = 300  # marks given last, by which the pace is told
MAX_ACTIVITIES = 200  # with work that is not released, newest first


@dataclass(frozen=True, slots=True)
class ActivityMarking:
    """The answers that a teacher marks at one activity: how many have a mark, of how many.

    ``is_gone`` is whether the LMS has said that the activity or its course is no more.
    """

    assignment: Assignment
    marked: int
    answers: int
    is_gone: bool = False

    @property
    def waiting(self) -> int:
        return self.answers - self.marked


@dataclass(frozen=True, slots=True)
class WorksheetMarking:
    """The activities with the same worksheet, in parallel classes."""

    activities: Sequence[ActivityMarking]

    @property
    def title(self) -> str:
        return self.activities[0].assignment.edition.title

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.activities)

    @property
    def present(self) -> list[ActivityMarking]:
        """Return those that are still in the LMS, as far as it is known."""
        return [one for one in self.activities if not one.is_gone]

    @property
    def may_be_together(self) -> bool:
        """Return whether answers of several classes wait that are marked in one run."""
        return sum(one.waiting > 0 for one in self.present) > 1


@dataclass(frozen=True, slots=True)
class MyMarking:
    """All that a teacher has to mark. ``last`` is the activity at which to go on, None for none."""

    worksheets: Sequence[WorksheetMarking]
    last: ActivityMarking | None
    minutes: int | None  # that what waits will take, None if nobody can tell

    @property
    def marked(self) -> int:
        return sum(one.marked for sheet in self.worksheets for one in sheet.activities)

    @property
    def answers(self) -> int:
        return sum(one.answers for sheet in self.worksheets for one in sheet.activities)


def taught_assignments(teacher: User) -> QuerySet[Assignment]:
    """Return the assignments of the courses that know this person as a teacher. One statement."""
    memberships = Membership.objects.filter(user=teacher, status=Membership.Status.ACTIVE)
    courses = [row.context_id for row in memberships if row.course_roles.is_teacher]
    rows = Assignment.objects.filter(link__context__in=courses)
    return rows.select_related("edition", "link__context__deployment")


def parallel_assignments(teacher: User, assignment: Assignment) -> list[Assignment]:
    """Return this teacher's other activities with the same worksheet. Two SQL statements."""
    same = taught_assignments(teacher).filter(edition__worksheet=assignment.edition.worksheet_id)
    return list(same.exclude(pk=assignment.pk).order_by("pk"))


def offered_together(teacher: User, assignment: Assignment) -> list[Assignment]:
    """Return those of them that are still in the LMS, as far as it is known: one statement more."""
    found = parallel_assignments(teacher, assignment)
    gone = gone_links([one.link_id for one in found]) if found else set()
    return [one for one in found if one.link_id not in gone]


def my_marking(teacher: User) -> MyMarking:
    """Return the activities with work that is not released yet, by worksheet.

    It takes nine SQL statements, however many activities there are.
    """
    open_work = Attempt.objects.filter(
        assignment=OuterRef("pk"), submitted_at__isnull=False, released_at__isnull=True
    )
    rows = taught_assignments(teacher).filter(Exists(open_work)).order_by("-pk")
    assignments = {row.pk: row for row in rows[:MAX_ACTIVITIES] if row.edition.sheet.must_be_marked}
    found = _activities(assignments)
    by_worksheet: defaultdict[int, list[ActivityMarking]] = defaultdict(list)
    for one in found:
        by_worksheet[one.assignment.edition.worksheet_id].append(one)
    worksheets = [WorksheetMarking(activities) for activities in by_worksheet.values()]
    given = Mark.objects.filter(marked_by=teacher, source=Mark.Source.TEACHER)
    by_time = given.order_by("-marked_at").values_list("marked_at", "attempt__assignment")
    newest = list(by_time[:MAX_TIMES])
    waiting = [one for one in found if one.waiting]
    at = newest[0][1] if newest else None
    last = next((one for one in waiting if one.assignment.pk == at), None)
    pace = seconds_a_mark([moment for moment, _at in newest])
    return MyMarking(
        worksheets,
        last or next(iter(waiting), None),
        minutes_left(sum(one.waiting for one in waiting), pace),
    )


def _activities(assignments: dict[int, Assignment]) -> list[ActivityMarking]:
    """Return what there is to mark at each, without those at which there is nothing."""
    attempts = _submitted(assignments)
    partners = partners_of(attempts)
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in Mark.objects.filter(attempt__in=[one.pk for one in attempts]):
        marks[mark.attempt_id].append(mark)
    by_assignment: defaultdict[int, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_assignment[attempt.assignment_id].append(attempt)
    gone = gone_links([one.link_id for one in assignments.values()]) if assignments else set()
    found = []
    for pk, assignment in assignments.items():
        works = by_assignment[pk]
        of_works = (one for work in works for one in marks[work.pk])
        counted = may_count(assignment, works, of_works, partners)
        has_mark = [
            any(mark.item == question.key for mark in marks[work.pk])
            for question in assignment.edition.sheet.must_be_marked
            for work in counted
            if asks_the_same(work.edition.sheet, question)
        ]
        if has_mark:
            is_gone = assignment.link_id in gone
            found.append(ActivityMarking(assignment, sum(has_mark), len(has_mark), is_gone))
    return found


def _submitted(assignments: dict[int, Assignment]) -> list[Attempt]:
    """Return the submitted attempts of pupils of each course, as the overview lists them."""
    courses = {one.link.context_id for one in assignments.values()}
    members = Membership.objects.filter(context__in=courses).only(
        "user_id", "context_id", "roles", "status"
    )
    left_out = {
        (member.user_id, member.context_id)
        for member in members
        if member.status == Membership.Status.GONE or not member.course_roles.is_learner
    }
    rows = Attempt.objects.filter(assignment__in=assignments, submitted_at__isnull=False)
    found = [
        attempt
        for attempt in rows.order_by("pk")
        if (attempt.user_id, assignments[attempt.assignment_id].link.context_id) not in left_out
    ]
    editions = {one.edition_id: one.edition for one in assignments.values()}
    others = {attempt.edition_id for attempt in found} - editions.keys()
    editions |= Edition.objects.in_bulk(others) if others else {}
    for attempt in found:
        attempt.assignment = assignments[attempt.assignment_id]
        attempt.edition = editions[attempt.edition_id]
    return found
