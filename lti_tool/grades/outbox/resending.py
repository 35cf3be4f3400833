"""Functions that make refused scores due again, once a person or a launch may have mended them."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from lti_tool.grades.outbox import platform_queues
from lti_tool.grades.outbox.locking import update_in_order
from lti_tool.models import Context, Delivery, LineItem, Membership
from lti_tool.services.errors import DeliveryProblem

# Problems that a changed column may mend.
MENDABLE_PROBLEMS = (
    DeliveryProblem.NO_COLUMN,
    DeliveryProblem.COLUMN_GONE,
    DeliveryProblem.NOT_ALLOWED,
)


def make_due(rows: QuerySet[Delivery]) -> int:
    """Make due and refused rows due at once, and return their number.

    Rows that were due already keep ``updated_at``, so that the age of the queue stays true.
    """
    waiting = rows.filter(state__in=[Delivery.State.DUE, Delivery.State.REFUSED])
    registrations = list(waiting.order_by().values_list("registration", flat=True).distinct())
    if not registrations:
        return 0
    with transaction.atomic():
        platform_queues.resume(registrations)
        now = timezone.now()
        since = Case(When(state=Delivery.State.DUE, then=F("updated_at")), default=Value(now))
        return update_in_order(waiting, updated_at=since, **Delivery.due_values(now))


def people_returned(context: Context, users: Iterable[int]) -> int:
    """Make due what was refused because these users were not in the course. Return how many."""
    return make_due(_refused(_for_want_of_people(context.pk, users)))


def mended_by_launch(column: LineItem | None, returned: Membership | None) -> int:
    """Make due what a launch may have mended, and return how many rows that are.

    ``column`` is a line item that the launch changed, ``returned`` the membership of a person
    who may be back. Both go in one call, because two calls would break the order of locks
    (``outbox.locking``).
    """
    conditions = []
    if column is not None:
        conditions.append(Q(line_item=column, problem__in=MENDABLE_PROBLEMS))
    if returned is not None:
        conditions.append(_for_want_of_people(returned.context_id, [returned.user_id]))
    if not conditions:
        return 0
    return make_due(_refused(functools.reduce(operator.or_, conditions)))


def _refused(condition: Q) -> QuerySet[Delivery]:
    return Delivery.objects.filter(condition, state=Delivery.State.REFUSED)


def _for_want_of_people(context: int, users: Iterable[int]) -> Q:
    return Q(
        line_item__link__context=context,
        user__in=users,
        problem__in=(DeliveryProblem.NO_PUPIL, DeliveryProblem.NOT_ACCEPTED),
    )
