"""Functions that assign a worksheet to a link that has none: a copied link, or one just created.

When an LMS copies a course, its links keep their custom parameters and get new ids. So the
present assignment of the nearest link that this one was copied from is used, otherwise the one
that was selected by deep linking when the link was created. Attempts and the gradebook's column
belong to the link and are not copied. Nothing is used from another registration.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from lti_tool.models import Context, ResourceLink
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, PendingAssignment, Policy


def assign_inherited(link: ResourceLink) -> Assignment | None:
    """Create the assignment of a copied or new link, and return it; None if none can be found.

    If two launches do this at the same time, both return the assignment that was saved first.
    """
    for edition_id, context_id, policy in _candidates(link):
        assignment = Assignment(link=link, edition_id=edition_id)
        _rules_for_copy(policy, same_course=context_id == link.context_id).apply(assignment)
        try:
            with transaction.atomic():
                assignment.save(force_insert=True)
        except IntegrityError:
            pass  # another launch has created it, and it is read below
        return Assignment.objects.select_related("edition__worksheet", "link").get(link=link)
    return None


def _candidates(link: ResourceLink) -> Iterator[tuple[int, int, Policy]]:
    """Yield (id of the edition, id of the course that it comes from, its rules), best first."""
    for assignment in _copied_from(link):
        yield assignment.edition_id, assignment.link.context_id, assignment
    pending = _pending_assignment(link)
    if pending is not None:
        yield pending.edition_id, pending.context_id, pending
    same_title = _same_title(link)
    if same_title is not None:
        yield same_title.edition_id, same_title.link.context_id, same_title


def _rules_for_copy(policy: Policy, *, same_course: bool) -> AssignmentRules:
    """Return the rules for a copy; in another course without dates, which would be past."""
    rules = AssignmentRules.of(policy)
    return rules if same_course else replace(rules, opens_at=None, closes_at=None)


def _copied_from(link: ResourceLink) -> Iterator[Assignment]:
    """Yield the assignments of links that this one was copied from, nearest first.

    They are known by the link's history (ids of earlier links), or by the same resource key in
    this course or in a course that it was copied from.
    """
    assignments = _other_assignments(link)
    for lti_id in link.history:
        yield from assignments.filter(link__lti_id=lti_id)[:1]
    if link.resource_key:
        same_key = assignments.filter(link__resource_key=link.resource_key)
        yield from same_key.filter(link__context=link.context_id).order_by("-pk")[:1]
        for context in _source_courses(link):
            yield from same_key.filter(link__context=context).order_by("-pk")[:1]


def _pending_assignment(link: ResourceLink) -> PendingAssignment | None:
    """Return what was selected by deep linking for this link: the resource key is its id."""
    try:
        key = uuid.UUID(link.resource_key)
    except ValueError:
        return None
    registration = link.deployment.registration_id
    rows = PendingAssignment.objects.filter(context__deployment__registration=registration)
    return rows.filter(pk=key).first()


def _same_title(link: ResourceLink) -> Assignment | None:
    """Return the assignment of the link with this title in the nearest course copied from.

    This finds links that teachers added by hand, which have no resource key. Return None if two
    links of that course have the title.
    """
    if not link.title:
        return None
    for context in _source_courses(link):
        same_title = _other_assignments(link).filter(link__context=context, link__title=link.title)
        first_two = list(same_title[:2])
        if first_two:
            return first_two[0] if len(first_two) == 1 else None
    return None


def _source_courses(link: ResourceLink) -> Iterator[Context]:
    """Yield the courses of this deployment that this one was copied from, nearest first."""
    ids = link.context.history
    rows = Context.objects.filter(deployment=link.deployment_id, lti_id__in=ids, is_link_only=False)
    by_lti_id = {row.lti_id: row for row in rows}
    yield from (by_lti_id[lti_id] for lti_id in ids if lti_id in by_lti_id)


def _other_assignments(link: ResourceLink) -> QuerySet[Assignment]:
    """Return the assignments of other links of the same deployment."""
    rows = Assignment.objects.filter(link__deployment=link.deployment_id)
    return rows.exclude(link=link).select_related("link")
