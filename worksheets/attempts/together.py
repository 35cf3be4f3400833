"""Work of several pupils at one device: who is named, who leaves. Each function one transaction.

The pupil whose attempt it is names classmates until it is submitted for the first time. From then
on it is an attempt of each of them, counted with their own ones. A partner who has not looked at
the work yet may say that it is not theirs; later only a teacher takes them out of it.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import TOOL, Actor, AuditKind
from lti_tool.models import Membership, User
from worksheets import gradebook
from worksheets.attempts.errors import (
    Closed,
    HasLeft,
    HasOwnWork,
    NoPartner,
    NotReady,
    TooManyPartners,
)
from worksheets.attempts.locks import lock_assignment, lock_attempt, lock_latest_attempt
from worksheets.gradebook.shared_work import Numbered, shared_with
from worksheets.models import Assignment, Attempt, Partner
from worksheets.policy.schedule import Schedule, own_schedule

MAX_PARTNERS = 2  # beside the pupil whose attempt it is


def attempts_of_person(assignment: Assignment, user: User) -> list[Numbered]:
    """Return this person's attempts by number, with those that partners have submitted."""
    found = [(one.number, one) for one in assignment.attempts.filter(user=user)]
    found += [(one.number or 0, one.attempt) for one in shared_with(assignment, user)]
    return sorted(found, key=lambda one: one[0])


def name_partner(
    assignment: Assignment, user: User, classmate_id: int, *, schedule: Schedule | None = None
) -> Partner:
    """Let a pupil say with whom they work on their open attempt; naming again changes nothing.

    Raise NoPartner if the teacher does not allow it or the person is no classmate, and its kinds
    TooManyPartners, HasLeft and HasOwnWork; NotReady if nothing is saved yet or the attempt was
    submitted before, Closed outside the dates.
    """
    with transaction.atomic():
        assignment = lock_assignment(assignment)
        attempt = _open_for_partners(assignment, user)
        if not (schedule or own_schedule(assignment)).is_open:
            raise Closed
        classmate = _classmate(assignment, user, classmate_id)
        if not assignment.may_work_together or classmate is None:
            raise NoPartner
        known = list(attempt.partners.all())
        found = next((one for one in known if one.user_id == classmate.pk), None)
        if found is not None and found.has_left:
            raise HasLeft
        if found is not None:
            return found
        if sum(not one.has_left for one in known) >= MAX_PARTNERS:
            raise TooManyPartners
        if not _has_room(assignment, classmate):
            raise HasOwnWork
        partner = Partner.objects.create(attempt=attempt, user=classmate)
        _record(partner, attempt, audit.person(user), "named")
    return partner


def unname_partner(assignment: Assignment, user: User, classmate_id: int) -> None:
    """Let a pupil take back whom they have named; nothing is done where nobody is.

    Raise NotReady if the attempt was submitted before.
    """
    with transaction.atomic():
        attempt = _open_for_partners(lock_assignment(assignment), user)
        found = attempt.partners.filter(user=classmate_id, left_at__isnull=True).first()
        if found is not None:
            _record(found, attempt, audit.person(user), "unnamed")
            found.delete()


def confirm(partner: Partner) -> None:
    """Let a partner say that the submitted work is theirs too, before they see it.

    Raise NotReady if it is not submitted, NoPartner if they left or were taken out of it.
    """
    with transaction.atomic():
        attempt, partner = _lock(partner)
        if partner.has_left:
            raise NoPartner
        if partner.number is None:
            raise NotReady
        if partner.confirmed_at is None:
            partner.confirmed_at = timezone.now()
            partner.save(update_fields=["confirmed_at"])
            _record(partner, attempt, audit.person(partner.user), "confirmed")


def leave(partner: Partner) -> None:
    """Let a partner say that it is not their work. Raise NoPartner once they have confirmed it."""
    with transaction.atomic():
        attempt, partner = _lock(partner)
        if partner.has_left:
            return
        if partner.confirmed_at is not None:
            raise NoPartner
        _part(partner, attempt, audit.person(partner.user), "left")


def take_out(partner: Partner, *, by: Actor) -> None:
    """Let a teacher take a partner out of the work; it counts for the others alone."""
    with transaction.atomic():
        attempt, partner = _lock(partner)
        if not partner.has_left:
            _part(partner, attempt, by, "taken-out")


def count_partners(attempt: Attempt) -> None:
    """Count an attempt that is submitted as one of each partner, too, with its assignment locked.

    Who has begun on their own meanwhile and has no other attempt left is no partner any more.
    """
    assignment = attempt.assignment
    rows = Partner.objects.filter(attempt=attempt, number__isnull=True, left_at__isnull=True)
    for partner in rows.select_related("user").order_by("pk"):
        last = _last_number(assignment, partner.user)
        if not assignment.allows_another(last):
            _part(partner, attempt, TOOL, "own-work")
            continue
        partner.number = last + 1
        partner.save(update_fields=["number"])


def _last_number(assignment: Assignment, user: User) -> int:
    works = attempts_of_person(assignment, user)
    return works[-1][0] if works else 0


def will_count(assignment: Assignment, partner: Partner) -> bool:
    """Return whether the work would count for this partner if it was submitted now."""
    return partner.number is not None or _has_room(assignment, partner.user)


def _has_room(assignment: Assignment, user: User) -> bool:
    """Return whether one more attempt may be this person's."""
    return assignment.allows_another(_last_number(assignment, user))


def _open_for_partners(assignment: Assignment, user: User) -> Attempt:
    """Return the open attempt of a pupil, locked. Raise NotReady if it was submitted before."""
    attempt = lock_latest_attempt(assignment, user)
    if attempt is None or attempt.is_submitted or attempt.reopened_at is not None:
        raise NotReady
    return attempt


def _classmate(assignment: Assignment, user: User, classmate_id: int) -> User | None:
    """Return a pupil who is in the course now, or None."""
    rows = Membership.objects.filter(
        context=assignment.link.context_id, user=classmate_id, status=Membership.Status.ACTIVE
    )
    found = rows.exclude(user=user).select_related("user").first()
    return found.user if found is not None and found.course_roles.is_learner else None


def _lock(partner: Partner) -> tuple[Attempt, Partner]:
    """Return the attempt and the partner as they are now, locked. Raise NoPartner if it is gone."""
    attempt = lock_attempt(partner.attempt)
    found = Partner.objects.select_for_update(no_key=True).filter(pk=partner.pk).first()
    if found is None:
        raise NoPartner
    found.attempt, found.user = attempt, partner.user
    return attempt, found


def _part(partner: Partner, attempt: Attempt, by: Actor, how: str) -> None:
    """Let the work be no longer this partner's, and report what the gradebook shows then."""
    was_counted = partner.number is not None
    partner.left_at, partner.number = timezone.now(), None
    partner.save(update_fields=["left_at", "number"])
    _record(partner, attempt, by, how)
    if was_counted:
        gradebook.withdraw(attempt.assignment, partner.user)


def _record(partner: Partner, attempt: Attempt, by: Actor, how: str) -> None:
    audit.record(
        AuditKind.PARTNER,
        by,
        link=attempt.assignment.link,
        person_id=partner.user_id,
        subject=attempt.audit_subject,
        after={"how": how},
    )
