"""The rules for who may do what: the one place that views ask, and the table that tests walk."""

from __future__ import annotations

from functools import cached_property

from lti_tool.launches.visit import Visit
from lti_tool.models import Job, Membership, User
from worksheets.models import Assignment, Attempt, Partner, Share, Worksheet


def may_teach(visit: Visit) -> bool:
    """Return whether this person may see everybody's work and mark it here."""
    return visit.roles.is_teacher


def may_build(visit: Visit) -> bool:
    """Return whether this person may write worksheets: teachers, and designers of the course."""
    return visit.roles.builds_course


def may_choose(visit: Visit) -> bool:
    """Return whether this person may pick worksheets for links that the LMS is about to make."""
    return visit.roles.builds_course and visit.deep_linking is not None


def may_place(visit: Visit, assignment: Assignment | None) -> bool:
    """Return whether this person may place a worksheet at this link, or change its rules.

    That may change marks, which are shown then: once pupils have begun, a designer may not. A
    teaching assistant never may: what an activity is, and under which rules, a teacher decides.
    """
    if visit.roles.is_assistant:
        return False
    if may_see_class(visit):
        return True
    begun = assignment is not None and assignment.attempts.exists()
    return visit.roles.is_designer and visit.launch.reviewed_id is None and not begun


def may_answer(visit: Visit) -> bool:
    """Return whether this person may fill in this link's worksheet: who is not building here."""
    return not visit.roles.builds_course


def may_own(visit: Visit, worksheet: Worksheet) -> bool:
    """Return whether this person may delete, archive and share a worksheet, and has its paper.

    Its author may, while building a course.
    """
    return visit.roles.builds_course and worksheet.author_id == visit.user.pk


def may_edit(visit: Visit, worksheet: Worksheet) -> bool:
    """Return whether this person may change and publish a worksheet.

    Its author may, and who builds a course with which it is shared for that, in that course.
    """
    return may_own(visit, worksheet) or _is_shared(visit, worksheet, may_edit=True)


def may_read(visit: Visit, worksheet: Worksheet) -> bool:
    """Return whether this person may read, use and copy a worksheet, with its key.

    Its author may, and who builds a course with which it is shared, in that course.
    """
    return may_own(visit, worksheet) or _is_shared(visit, worksheet)


def _is_shared(visit: Visit, worksheet: Worksheet, **rights: bool) -> bool:
    """Return whether a worksheet is shared with those who build the course of this visit."""
    if not visit.roles.builds_course:
        return False
    shares = Share.objects.filter(worksheet=worksheet, context=visit.membership.context_id)
    return shares.filter(**rights).exists()


def may_see_class(visit: Visit) -> bool:
    """Return whether this person may see everybody's work at once.

    A teacher may who did not come to review one submission.
    """
    return visit.roles.is_teacher and visit.launch.reviewed_id is None


def may_mark(visit: Visit, attempt: Attempt) -> bool:
    """Return whether this person may see and mark this attempt.

    Teachers of the link at which it was made may. A teacher who came to review one
    submission sees that pupil's work alone.
    """
    reviewed = visit.launch.reviewed_id
    return (
        visit.roles.is_teacher
        and attempt.assignment.link_id == visit.link.pk
        and (reviewed in {None, attempt.user_id} or _has_part(reviewed, attempt))
    )


def _has_part(user_id: int | None, attempt: Attempt) -> bool:
    """Return whether submitted work of somebody else is this person's as well."""
    return Partner.objects.filter(attempt=attempt, user=user_id, number__isnull=False).exists()


def may_mark_there(visit: Visit, assignment: Assignment) -> bool:
    """Return whether this person may mark the class at an activity, from the pages of this visit.

    A teacher may at the link that was opened, and at those of other courses on the platform that
    know the person as a teacher: by the roles of the last launch or roster there.
    """
    if not may_see_class(visit):
        return False
    context = assignment.link.context_id
    if context == visit.membership.context_id:
        return True
    found = Membership.objects.filter(
        user=visit.user, context=context, status=Membership.Status.ACTIVE
    ).first()
    return found is not None and found.course_roles.is_teacher


def may_release(visit: Visit, attempt: Attempt | None = None) -> bool:
    """Return whether this person may release marks, take that back, and decide about grades.

    Of one attempt, or of anybody's. Teachers may; a teaching assistant may where a teacher of the
    class has let them.
    """
    sees = may_teach(visit) if attempt is None else may_mark(visit, attempt)
    return sees and _is_let(visit, assistants_release=True)


def may_reopen(visit: Visit, attempt: Attempt | None = None) -> bool:
    """Return whether this person may reopen work, and submit it for a pupil: as releasing."""
    return may_release(visit, attempt)


def may_change_answers(visit: Visit) -> bool:
    """Return whether this person may change what is right here, by which all work is re-marked.

    Teachers may; a teaching assistant may where a teacher of the class has let them.
    """
    return may_see_class(visit) and _is_let(visit, assistants_correct=True)


def may_change_answers_at(visit: Visit, assignment: Assignment) -> bool:
    """Return what ``may_change_answers`` does, of an activity that may be in another course."""
    if assignment.link_id == visit.launch.link_id:
        return may_change_answers(visit)
    return may_see_class(visit) and may_correct_there(visit.user, assignment)


def may_correct_there(user: User, assignment: Assignment) -> bool:
    """Return whether a person may change what is right at an activity of a course of theirs.

    By the roles of their membership there.
    """
    found = Membership.objects.filter(
        user=user, context=assignment.link.context_id, status=Membership.Status.ACTIVE
    ).first()
    if found is None or not found.course_roles.is_teacher:
        return False
    return assignment.assistants_correct or not found.course_roles.is_assistant


def may_follow_totals(visit: Visit) -> bool:
    """Return whether this person may see totals by name while answers are marked without names.

    Teachers may, and whom they let release: an assistant who marks would know whose answer it was.
    """
    return may_release(visit)


def may_set_rules(visit: Visit) -> bool:
    """Return whether this person may change the rules and dates of the class: no assistant may."""
    return may_see_class(visit) and not visit.roles.is_assistant


def may_give_dates(visit: Visit) -> bool:
    """Return whether this person may give single pupils dates of their own here."""
    return may_set_rules(visit)


def may_replace_marks(visit: Visit) -> bool:
    """Return whether this person may replace marks of others by those of a file: as the rules."""
    return may_set_rules(visit)


class Rights:
    """The rights of a visit, for templates: a button is shown to who may press it."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    @cached_property
    def release(self) -> bool:
        return may_release(self._visit)

    @property
    def reopen(self) -> bool:
        # The same rule, asked for once.
        return self.release

    @cached_property
    def change_answers(self) -> bool:
        return may_change_answers(self._visit)

    @property
    def set_rules(self) -> bool:
        return may_set_rules(self._visit)


def _is_let(visit: Visit, **rule: bool) -> bool:
    """Return whether a rule of the activity lets this teacher do it; only assistants need one."""
    if not visit.roles.is_assistant:
        return True
    rows = Assignment.objects.filter(link=visit.launch.link_id, **rule)
    return visit.launch.link_id is not None and rows.exists()


def may_see_job(visit: Visit, job: Job) -> bool:
    """Return whether this person may follow and cancel this job: their own, here or anywhere."""
    is_here = job.link_id is None or job.link_id == visit.launch.link_id
    return job.owner_id == visit.user.pk and is_here
