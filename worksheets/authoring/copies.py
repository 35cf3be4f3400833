"""The choice of a worksheet for a link that opens nothing yet: picked for it, or copied.

A course is copied with its links, and a link with its custom values; ids are new. So the
nearest ancestor's assignment is taken, as it stands now, else what was chosen when the link
was made. Attempts and the gradebook's column belong to the link and are not copied. Nothing
is taken from another registration.
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
    """Place at this link what belongs there; return None if only its teacher can tell.

    It can be repeated and run at the same time: a link has one assignment, whoever makes
    it.
    """
    for edition_id, context_id, policy in _candidates(link):
        made = Assignment(link=link, edition_id=edition_id)
        _rules(policy, same_course=context_id == link.context_id).apply(made)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            pass  # another launch was quicker; what it made is read below
        return Assignment.objects.select_related("edition__worksheet", "link").get(link=link)
    return None


def _rules(policy: Policy, *, same_course: bool) -> AssignmentRules:
    """Return the rules for a copy: in another course without dates, which would be over."""
    rules = AssignmentRules.of(policy)
    return rules if same_course else replace(rules, opens_at=None, closes_at=None)


def _candidates(link: ResourceLink) -> Iterator[tuple[int, int, Policy]]:
    """Yield the best first, as (edition's id, id of the course it comes from, its rules)."""
    for found in _ancestors(link):
        yield found.edition_id, found.link.context_id, found
    pending = _pending_assignment(link)
    if pending is not None:
        yield pending.edition_id, pending.context_id, pending
    for found in _same_title(link):
        yield found.edition_id, found.link.context_id, found


def _ancestors(link: ResourceLink) -> Iterator[Assignment]:
    """Yield the assignments that the link was copied from, as its history or its key tells."""
    within = _assignments(link)
    for lti_id in link.history:
        yield from within.filter(link__lti_id=lti_id)[:1]
    if link.resource_key:
        keyed = within.filter(link__resource_key=link.resource_key)
        yield from keyed.filter(link__context=link.context_id).order_by("-pk")[:1]
        for context in _source_courses(link):
            yield from keyed.filter(link__context=context).order_by("-pk")[:1]


def _pending_assignment(link: ResourceLink) -> PendingAssignment | None:
    try:
        key = uuid.UUID(link.resource_key)
    except ValueError:
        return None
    registration = link.deployment.registration_id
    rows = PendingAssignment.objects.filter(context__deployment__registration=registration)
    return rows.filter(pk=key).first()


def _same_title(link: ResourceLink) -> Iterator[Assignment]:
    """Yield the assignment of the one link of that title in the nearest course copied from.

    It serves links that were made by hand.
    """
    if not link.title:
        return
    for context in _source_courses(link):
        found = list(_assignments(link).filter(link__context=context, link__title=link.title)[:2])
        if found:
            yield from found if len(found) == 1 else ()
            return


def _source_courses(link: ResourceLink) -> Iterator[Context]:
    """Yield the courses of this deployment that this one was copied from, nearest first."""
    ids = link.context.history
    rows = Context.objects.filter(deployment=link.deployment_id, lti_id__in=ids, is_link_only=False)
    known = {row.lti_id: row for row in rows}
    yield from (known[lti_id] for lti_id in ids if lti_id in known)


def _assignments(link: ResourceLink) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(link__deployment=link.deployment_id)
    return rows.exclude(link=link).select_related("link")
