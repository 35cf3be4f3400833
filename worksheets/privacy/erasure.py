"""Functions that erase all data of a person or a course, in one transaction.

Grades in the LMS are not erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, RestrictedError
from django.utils.translation import gettext as _

from lti_tool import audit
from lti_tool.audit import Actor, AuditKind
from lti_tool.models import (
    AuditEntry,
    Context,
    Delivery,
    Job,
    LineItem,
    Membership,
    StoredLaunch,
    User,
)
from lti_tool.privacy.retention import lock_rows, orphaned_people
from worksheets.models import (
    Answer,
    Assignment,
    Attempt,
    Draft,
    DraftPage,
    EnteredMark,
    Mark,
    Partner,
    PendingAssignment,
    PupilDates,
    Worksheet,
)

MAX_COURSES_NAMED = 5  # in the text of StillInUse


class StillInUse(Exception):
    """The error for a person whose worksheets are in use in courses; nothing was erased.

    Its text is for the administrator and names the courses.
    """


class NotTheSamePlatform(Exception):
    """The error for a new owner who is on another platform, or is the person to be erased."""


def count_rows_of_person(user: User) -> Mapping[str, int]:
    """Return how many rows of each kind ``erase_person`` would delete."""
    return {
        "worksheets": user.worksheets.count(),
        "audit entries": AuditEntry.objects.filter(person=user).count(),
        "dates of pupils": user.pupil_dates.count(),
        "entered marks": EnteredMark.objects.filter(user=user).count(),
        **_count_rows(
            Attempt.objects.filter(user=user).exclude(pk__in=_shared(user)),
            Delivery.objects.filter(user=user),
            Membership.objects.filter(user=user),
        ),
    }


def count_rows_of_course(context: Context) -> Mapping[str, int]:
    """Return how many rows of each kind ``erase_course`` would delete."""
    return {
        "activities": context.links.count(),
        "audit entries": _entries_of_course(context).count(),
        "dates of pupils": PupilDates.objects.filter(assignment__link__context=context).count(),
        "entered marks": EnteredMark.objects.filter(assignment__link__context=context).count(),
        **_count_rows(
            Attempt.objects.filter(assignment__link__context=context),
            Delivery.objects.filter(line_item__link__context=context),
            Membership.objects.filter(context=context),
        ),
    }


def erase_person(user: User, new_owner: User | None = None, *, by: Actor) -> None:
    """Erase a person with their names, attempts, marks, scores and launches.

    Their worksheets are erased too, unless ``new_owner`` is given, a teacher on the same platform
    who becomes their author. Submitted work that partners share becomes the first partner's, with
    its marks. Marks that the person gave are kept without their name, and so is what
    the audit trail has of their doings; what it has about them goes. It keeps that somebody of this
    platform was erased, and by whom. Raise StillInUse if courses use the worksheets and there is no
    new owner, NotTheSamePlatform if ``new_owner`` is on another platform or the same person.
    """
    with transaction.atomic():
        lock_rows(user.jobs.all())
        given = _change_author(user, new_owner) if new_owner is not None else 0
        lock_rows(User.objects.filter(pk=user.pk))
        lock_rows(user.memberships.all())
        _lock_attempts_and_scores(
            Attempt.objects.filter(user=user),
            EnteredMark.objects.filter(user=user),
            Delivery.objects.filter(user=user),
        )
        _hand_over(user)
        _drafts_of_marks(Attempt.objects.filter(user=user)).delete()
        audit.record(
            AuditKind.ERASURE,
            by,
            registration=user.registration,
            after={**_erased("person", count_rows_of_person(user)), "worksheets given": given},
        )
        try:
            user.delete()
        except RestrictedError as error:
            raise StillInUse(_still_in_use_text(user)) from error


def erase_course(context: Context, *, by: Actor) -> None:
    """Erase a course with its activities, attempts, marks, scores, launches, and memberships.

    Worksheets are kept for their authors. People of the same platform to whom no row refers any
    more (``orphaned_people``) are erased too.
    """
    with transaction.atomic():
        users = User.objects.filter(registration=context.deployment.registration_id)
        lock_rows(Job.objects.filter(link__context=context))
        lock_rows(Context.objects.filter(pk=context.pk))
        lock_rows(context.links.all())
        lock_rows(context.memberships.all())
        _lock_attempts_and_scores(
            Attempt.objects.filter(assignment__link__context=context),
            EnteredMark.objects.filter(assignment__link__context=context),
            Delivery.objects.filter(line_item__link__context=context),
        )
        _drafts_of_marks(Attempt.objects.filter(assignment__link__context=context)).delete()
        registration = context.deployment.registration
        erased = _erased("course", count_rows_of_course(context))
        _entries_of_course(context).delete()
        audit.record(AuditKind.ERASURE, by, registration=registration, after=erased)
        context.delete()
        orphaned_people().filter(pk__in=users).delete()


def _shared(user: User) -> QuerySet[Any, Any]:
    """Return the keys of this person's attempts that are somebody else's, too."""
    rows = Partner.objects.filter(attempt__user=user, number__isnull=False)
    return rows.values("attempt")


def _hand_over(user: User) -> None:
    """Make shared work that of the first partner who can have it, under the partner's number.

    Nobody can have two open attempts: work that is open again goes to one who has none.
    """
    for attempt in Attempt.objects.filter(pk__in=_shared(user)).order_by("pk"):
        others = Attempt.objects.filter(assignment=attempt.assignment_id, submitted_at=None)
        partners = attempt.partners.filter(number__isnull=False).order_by("pk")
        if not attempt.is_submitted:
            partners = partners.exclude(user__in=others.values("user"))
        heir = partners.first()
        if heir is None:
            continue
        heir.delete()
        attempt.user_id, attempt.number = heir.user_id, heir.number or attempt.number
        attempt.save(update_fields=["user", "number"])


def _entries_of_course(context: Context) -> QuerySet[AuditEntry]:
    """Return what the audit trail has of a course and its activities."""
    return AuditEntry.for_privacy.filter(Q(context=context) | Q(link__context=context))


def _erased(what: str, counts: Mapping[str, int]) -> dict[str, object]:
    """Return what is recorded of an erasure: how much, and not whose."""
    return {"what": what, **counts}


def _drafts_of_marks(attempts: QuerySet[Attempt]) -> QuerySet[Draft]:
    """Return what teachers have typed about these attempts, or for a class of them, and not saved.

    The page of a class's feedback may have a quotation of theirs that was being shortened.
    """
    return Draft.objects.filter(
        Q(page=DraftPage.MARK, number__in=attempts.values("pk"))
        | Q(page=DraftPage.CLASS_FEEDBACK, number__in=attempts.values("assignment"))
    )


def _lock_attempts_and_scores(
    attempts: QuerySet[Attempt], entered: QuerySet[EnteredMark], scores: QuerySet[Delivery]
) -> None:
    """Lock the rows that are about to be deleted, with their assignments and line items.

    Submitting, marking and reporting lock them in the same order, which avoids deadlocks.
    """
    of_work = Q(pk__in=attempts.values("assignment")) | Q(pk__in=entered.values("assignment"))
    lock_rows(Assignment.objects.filter(of_work))
    lock_rows(attempts)
    lock_rows(entered)
    lock_rows(LineItem.objects.filter(pk__in=scores.values("line_item")))
    lock_rows(scores)


def _count_rows(
    attempts: QuerySet[Attempt], scores: QuerySet[Delivery], memberships: QuerySet[Membership]
) -> Mapping[str, int]:
    return {
        "attempts": attempts.count(),
        "answers": Answer.objects.filter(attempt__in=attempts).count(),
        "marks": Mark.objects.filter(attempt__in=attempts).count(),
        "scores": scores.count(),
        "memberships": memberships.count(),
        "launches": StoredLaunch.objects.filter(membership__in=memberships).count(),
    }


def _change_author(user: User, new_owner: User) -> int:
    """Make ``new_owner`` the author of the user's worksheets, and return how many.

    Raise NotTheSamePlatform.
    """
    if new_owner.pk == user.pk or new_owner.registration_id != user.registration_id:
        raise NotTheSamePlatform
    return Worksheet.objects.filter(author=user).update(author=new_owner)


def _still_in_use_text(user: User) -> str:
    """Return a sentence for an administrator: the courses that use the worksheets, what to do."""
    assigned = Assignment.objects.filter(edition__worksheet__author=user)
    pending = PendingAssignment.objects.filter(edition__worksheet__author=user)
    courses = Context.objects.filter(links__assignment__in=assigned).distinct().order_by("pk")
    pending_courses = (
        Context.objects.filter(pending_assignments__in=pending).exclude(pk__in=courses).distinct()
    )
    names = [str(context) for context in [*courses, *pending_courses]]
    shown = ", ".join(names[:MAX_COURSES_NAMED])
    if len(names) > MAX_COURSES_NAMED:
        shown += " …"
    return _(
        "Nothing was erased: worksheets of this person are in use in %(courses)s. Give the"
        " worksheets to another teacher or erase those courses first."
    ) % {"courses": shown}
