"""Functions that erase a person's or a course's data: all of it, in one transaction.

What the gradebook shows is the LMS's and stays there.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet, RestrictedError
from django.utils.translation import gettext as _

from lti_tool.models import Context, Delivery, LineItem, Membership, StoredLaunch, User
from lti_tool.privacy.retention import lock_rows, orphaned_people
from worksheets.models import Answer, Assignment, Attempt, Mark, PendingAssignment, Worksheet

MAX_NAMED = 5  # courses that a sentence names


class StillInUse(Exception):
    """The error for a person whose worksheets courses use; nothing was erased.

    Its text names the courses.
    """


class NotTheSamePlatform(Exception):
    """The error for worksheets handed to a person of another platform, or to their author."""


def count_rows_of_person(user: User) -> Mapping[str, int]:
    """Return how many rows of each kind ``erase_person`` would delete."""
    return {
        "worksheets": user.worksheets.count(),
        **_count_rows(
            Attempt.objects.filter(user=user),
            Delivery.objects.filter(user=user),
            Membership.objects.filter(user=user),
        ),
    }


def count_rows_of_course(context: Context) -> Mapping[str, int]:
    """Return how many rows of each kind ``erase_course`` would delete."""
    return {
        "activities": context.links.count(),
        **_count_rows(
            Attempt.objects.filter(assignment__link__context=context),
            Delivery.objects.filter(line_item__link__context=context),
            Membership.objects.filter(context=context),
        ),
    }


def erase_person(user: User, new_owner: User | None = None) -> None:
    """Erase a person with their names, work, marks, scores and launches.

    Their worksheets go too, or to ``new_owner``, a teacher of the same platform. Marks that they
    gave stay, without saying by whom. Raise StillInUse if courses use worksheets that
    nobody takes over, NotTheSamePlatform if ``new_owner`` is of another platform or the same
    person.
    """
    with transaction.atomic():
        if new_owner is not None:
            _hand_over(user, new_owner)
        lock_rows(User.objects.filter(pk=user.pk))
        lock_rows(user.memberships.all())
        _hold_work(Attempt.objects.filter(user=user), Delivery.objects.filter(user=user))
        try:
            user.delete()
        except RestrictedError as error:
            raise StillInUse(_where_in_use(user)) from error


def erase_course(context: Context) -> None:
    """Erase a course with its activities, work, marks, scores, launches, and memberships.

    Worksheets stay with their authors. People who are in no other course are erased too.
    """
    with transaction.atomic():
        people = User.objects.filter(registration=context.deployment.registration_id)
        lock_rows(Context.objects.filter(pk=context.pk))
        lock_rows(context.links.all())
        lock_rows(context.memberships.all())
        _hold_work(
            Attempt.objects.filter(assignment__link__context=context),
            Delivery.objects.filter(line_item__link__context=context),
        )
        context.delete()
        orphaned_people().filter(pk__in=people).delete()


def _hold_work(attempts: QuerySet[Attempt], scores: QuerySet[Delivery]) -> None:
    """Lock what is about to be deleted, from the assignment to the scores.

    Whoever writes there meanwhile locks in the same order; another one could deadlock.
    """
    lock_rows(Assignment.objects.filter(pk__in=attempts.values("assignment")))
    lock_rows(attempts)
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


def _hand_over(user: User, new_owner: User) -> None:
    if new_owner.pk == user.pk or new_owner.registration_id != user.registration_id:
        raise NotTheSamePlatform
    Worksheet.objects.filter(author=user).update(author=new_owner)


def _where_in_use(user: User) -> str:
    """Return a sentence with the courses that use this person's worksheets, and what to do."""
    placed = Assignment.objects.filter(edition__worksheet__author=user)
    picked = PendingAssignment.objects.filter(edition__worksheet__author=user)
    courses = Context.objects.filter(links__assignment__in=placed).distinct().order_by("pk")
    more = Context.objects.filter(pending_assignments__in=picked).exclude(pk__in=courses).distinct()
    names = [str(context) for context in [*courses, *more]]
    shown = ", ".join(names[:MAX_NAMED]) + (" …" if len(names) > MAX_NAMED else "")
    return _(
        "Nothing was erased: worksheets of this person are in use in %(courses)s. Give the"
        " worksheets to another teacher or erase those courses first."
    ) % {"courses": shown}
