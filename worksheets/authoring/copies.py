"""Functions that assign a worksheet to a link that has none: a copied link, or one just created.

When an LMS copies a course, its links keep their custom parameters and get new ids. So the
present assignment of the nearest link that this one was copied from is used, otherwise the one
that was selected by deep linking when the link was created. Attempts and the gradebook's column
belong to the link and are not copied. Nothing is used from another registration.

A worksheet shows its key, model answers and hidden pictures to whoever teaches where it is used.
So a copy has it only where a teacher could read it before, or with its author's consent.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lti_tool import audit, roster
from lti_tool.audit import TOOL, AuditKind
from lti_tool.models import Context, Membership, ResourceLink, StoredLaunch, User
from worksheets.authoring.assigning import AssignmentRules, assignment_entry
from worksheets.models import (
    Assignment,
    CopyRequest,
    Edition,
    PendingAssignment,
    Policy,
    Worksheet,
)
from worksheets.models.worksheet import worksheet_subject

logger = logging.getLogger(__name__)

_HAS_LAUNCHED = Exists(StoredLaunch.objects.filter(membership=OuterRef("pk")))
CHANGE_OF_MIND = timedelta(days=7)  # how long authors see what they have refused


@dataclass(frozen=True, slots=True)
class Source:
    """An edition in a course, and its rules there, that a link seems to be copied from."""

    edition: Edition
    context_id: int
    policy: Policy


def assign_inherited(link: ResourceLink) -> Assignment | None:
    """Create the assignment of a copied or new link, and return it; None if none can be found.

    None as well if the link may not have it (``_may_have``). If two launches do this at the same
    time, both return the assignment that was saved first.
    """
    source = next(_sources(link), None)
    if source is None or not (_may_have(link, source) or _may_by_roster(link, source)):
        return None
    assignment = Assignment(link=link, edition=source.edition)
    same_course = source.context_id == link.context_id
    _rules_for_copy(source.policy, same_course=same_course).apply(assignment)
    try:
        with transaction.atomic():
            assignment.save(force_insert=True)
            copied_from = {"copied_from_course": source.context_id}
            audit.record_all([assignment_entry(assignment, None, TOOL, copied_from)])
    except IntegrityError:
        pass  # another launch has created it, and it is read below
    return Assignment.objects.select_related("edition__worksheet", "link").get(link=link)


def worksheet_to_ask_for(link: ResourceLink) -> Worksheet | None:
    """Return the worksheet that this link seems to be a copy with and may not have, or None."""
    source = next(_sources(link), None)
    if source is None or _may_have(link, source):
        return None
    return Worksheet.objects.select_related("author").get(pk=source.edition.worksheet_id)


def ask(link: ResourceLink, worksheet: Worksheet, person: User) -> CopyRequest:
    """Ask the author of a worksheet whether this link may have it; once, whoever asks again."""
    request, is_new = CopyRequest.objects.get_or_create(
        link=link, worksheet=worksheet, defaults={"asked_by": person}
    )
    if is_new:
        _log("asked for", request, person)
    return request


def answer(request: CopyRequest, author: User, *, is_allowed: bool) -> None:
    """Save the author's answer. One that was refused may be allowed later.

    What was allowed stays: the activity may have the worksheet already.
    """
    choice = CopyRequest.Answer.ALLOWED if is_allowed else CopyRequest.Answer.REFUSED
    with transaction.atomic():
        rows = CopyRequest.objects.select_for_update(no_key=True).filter(pk=request.pk)
        row = rows.exclude(answer=CopyRequest.Answer.ALLOWED).first()
        if row is None:
            return
        former, row.answer = row.answer, choice
        row.answered_by, row.answered_at = author, timezone.now()
        row.save(update_fields=["answer", "answered_by", "answered_at"])
        audit.record(
            AuditKind.COPY,
            audit.person(author),
            link=request.link,
            person_id=request.asked_by_id,
            subject=worksheet_subject(request.worksheet_id),
            before={"answer": former},
            after={"answer": choice.value},
        )
    _log(choice, request, author)


def requests_to(author: User) -> QuerySet[CopyRequest]:
    """Return what others ask of this author, and what they refused lately, oldest first."""
    lately = timezone.now() - CHANGE_OF_MIND
    Answer = CopyRequest.Answer  # noqa: N806
    rows = CopyRequest.objects.filter(worksheet__author=author).filter(
        Q(answer=Answer.NONE) | Q(answer=Answer.REFUSED, answered_at__gte=lately)
    )
    return rows.select_related("link__context", "worksheet", "asked_by").order_by("asked_at", "pk")


def _log(what: str, request: CopyRequest, person: User) -> None:
    logger.info(
        "copy %s: worksheet=%s link=%s user=%s",
        what,
        request.worksheet_id,
        request.link_id,
        person.pk,
    )


def _may_have(link: ResourceLink, source: Source) -> bool:
    """Return whether the people of this course may read the source, key and model answers too.

    An LMS tells what was copied from what in custom values, which a teacher may set as well. So
    somebody who teaches here must have taught there or have written it, or its author allows it.
    """
    if source.context_id == link.context_id:
        return True
    everybody = Membership.objects.filter(context=link.context_id)
    is_gone = Q(status=Membership.Status.GONE)
    people = everybody.exclude(is_gone)
    readers = _readers(source) & _builders(people)
    # A teacher may enrol a colleague who knows nothing of it. So a roster is enough only where it
    # brings nobody who could not read the worksheet before; else the colleague has to come. Who
    # has launched and was in no roster can still open the pages: an account's administrator.
    builders = _builders(everybody.exclude(is_gone & ~(_HAS_LAUNCHED & Q(listed_by=""))))
    if builders and readers == builders:
        return True
    if readers and people.filter(_HAS_LAUNCHED, user__in=readers).exists():
        return True
    return CopyRequest.objects.filter(
        link=link, worksheet=source.edition.worksheet_id, answer=CopyRequest.Answer.ALLOWED
    ).exists()


def _may_by_roster(link: ResourceLink, source: Source) -> bool:
    """Return the same as ``_may_have`` once the roster says who teaches here.

    It is asked for where no teacher has come yet: a pupil may open a copied course first.
    """
    context = link.context
    people = Membership.objects.filter(_HAS_LAUNCHED, context=context)
    if not context.roster_url or _builders(people):
        return False
    roster.refresh_or_wait(context)
    return _may_have(link, source)


def _readers(source: Source) -> set[int]:
    """Return the ids of the users who wrote the source or taught where it is."""
    there = Membership.objects.filter(context=source.context_id)
    return {source.edition.worksheet.author_id, *_builders(there)}


def _builders(memberships: QuerySet[Membership]) -> set[int]:
    """Return the ids of the users who teach or build the course of their membership."""
    return {row.user_id for row in memberships if row.course_roles.builds_course}


def _sources(link: ResourceLink) -> Iterator[Source]:
    """Yield what this link may be a copy of, best first."""
    for assignment in _copied_from(link):
        yield Source(assignment.edition, assignment.link.context_id, assignment)
    pending = _pending_assignment(link)
    if pending is not None:
        yield Source(pending.edition, pending.context_id, pending)
    same_title = _same_title(link)
    if same_title is not None:
        yield Source(same_title.edition, same_title.link.context_id, same_title)


def _rules_for_copy(policy: Policy, *, same_course: bool) -> AssignmentRules:
    """Return the rules for a copy; in another course without dates that would be past.

    A due date that is still to come is kept, with what is taken off late work: whoever copies a
    course for a parallel class means both. Dates of single pupils are never copied.
    """
    rules = AssignmentRules.of(policy)
    if same_course:
        return rules
    is_to_come = rules.due_at is not None and rules.due_at > timezone.now()
    due_at = rules.due_at if is_to_come else None
    return replace(rules, opens_at=None, due_at=due_at, closes_at=None)


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
    return rows.filter(pk=key).select_related("edition__worksheet").first()


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
    return rows.exclude(link=link).select_related("link", "edition__worksheet")
