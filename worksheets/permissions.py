"""The rules for who may do what: the one place that views ask, and the table that tests walk."""

from __future__ import annotations

from lti_tool.launches.visit import Visit
from lti_tool.models import Job, Membership
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

    That may change marks, which are shown then: once pupils have begun, a designer may not.
    """
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


def may_see_job(visit: Visit, job: Job) -> bool:
    """Return whether this person may follow and cancel this job: their own, here or anywhere."""
    is_here = job.link_id is None or job.link_id == visit.launch.link_id
    return job.owner_id == visit.user.pk and is_here
