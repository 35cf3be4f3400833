"""The query that reads all rows a launch names: person, course, link and column."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import FilteredRelation, Q, QuerySet, Value

from lti_tool.db.prepared import Param, Prepared
from lti_tool.models import Context, Deployment, LineItem, Membership, ResourceLink, User
from lti_tool.protocol.launch import Launch


@dataclass(frozen=True)
class LaunchRows:
    """The rows of a person in a course, with the link that was opened and its column, if known."""

    membership: Membership
    user: User
    context: Context
    link: ResourceLink | None
    line_item: LineItem | None


def context_key(launch: Launch) -> tuple[str, bool]:
    """Return the id of the course, and whether a link stands for it.

    A launch without a course has the link's id, one without either ''.
    """
    if launch.course:
        return launch.course.id, False
    return (launch.link.id if launch.link else ""), True


def find_link_of_submission(deployment: Deployment, launch: Launch) -> str | None:
    """Return the id of the link at which the work was done that a launch asks for.

    Only links of the same course are looked at. None if none of them is it. Canvas launches a
    submission with the course's id in place of the link's, under which a worksheet in the course
    menu may be known: that one is never taken for the assignment.
    """
    submission = launch.submission
    if submission is None or launch.link is None:
        return None
    lti_id, is_link_only = context_key(launch)
    links = ResourceLink.objects.filter(
        deployment=deployment, context__lti_id=lti_id, context__is_link_only=is_link_only
    )
    if submission.link_id:
        links = links.filter(lti_id=submission.link_id)
    elif launch.course is None or launch.link.id != launch.course.id:
        return launch.link.id
    elif submission.assignment_id:
        links = links.filter(lms_assignment=submission.assignment_id)
    else:
        return None
    # After an assignment was given another link, the newer one has the work that is looked for.
    return links.order_by("-pk").values_list("lti_id", flat=True).first()


def find_course_of_link(deployment: Deployment, launch: Launch) -> str | None:
    """Return the id of the course in which the link of a launch is known to be, or None."""
    if launch.link is None:
        return None
    links = ResourceLink.objects.filter(
        deployment=deployment, lti_id=launch.link.id, context__is_link_only=False
    )
    return links.values_list("context__lti_id", flat=True).first()


def find_existing_rows(deployment: Deployment, launch: Launch) -> LaunchRows | None:
    """Return the rows that a launch names, or None if the person was never in this course."""
    lti_id, is_link_only = context_key(launch)
    membership = _MEMBERSHIP.first(
        registration=deployment.registration_id,
        sub=launch.person.sub,
        deployment=deployment.pk,
        context=lti_id,
        is_link_only=is_link_only,
        link=launch.link.id if launch.link else "",
    )
    if membership is None:
        return None
    link = getattr(membership, "opened_link", None)
    line_item = getattr(membership, "own_column", None)
    return LaunchRows(membership, membership.user, membership.context, link, line_item)


def _membership() -> QuerySet[Membership]:
    opened = FilteredRelation(
        "context__deployment__links", condition=Q(context__deployment__links__lti_id=Param("link"))
    )
    column = FilteredRelation(
        "opened_link__line_items", condition=Q(opened_link__line_items__tag=Value(""))
    )
    return (
        Membership.objects.filter(
            user__registration=Param("registration"),
            user__sub=Param("sub"),
            context__deployment=Param("deployment"),
            context__lti_id=Param("context"),
            context__is_link_only=Param("is_link_only"),
        )
        .annotate(opened_link=opened)
        .annotate(own_column=column)
        # The mypy plugin does not know FilteredRelation.
        .select_related("user", "context", "opened_link", "own_column")  # type: ignore[misc]
    )


_MEMBERSHIP = Prepared(_membership)
