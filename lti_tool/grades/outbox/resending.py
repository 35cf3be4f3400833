"""Functions that make refused scores due again, once their cause may be gone."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from lti_tool.grades.outbox import platform_queues
from lti_tool.grades.outbox.locking import locked, update_in_order
from lti_tool.models import Context, Delivery, LineItem, Membership
from lti_tool.services.errors import DeliveryProblem

# Problems that may be gone once a launch has changed the line item.
COLUMN_PROBLEMS = (
    DeliveryProblem.NO_COLUMN,
    DeliveryProblem.COLUMN_UNKNOWN,
    DeliveryProblem.COLUMN_GONE,
    DeliveryProblem.NOT_ALLOWED,
)


def make_due(rows: QuerySet[Delivery]) -> int:
    """Make those of the rows that are due or refused due now, and return how many they are.

    A person asks for it, so scores without a column ask for one again. Line items are locked
    before queues and deliveries, as a launch does that changes one.
    """
    with transaction.atomic():
        columns = LineItem.objects.filter(pk__in=rows.order_by().values("line_item"))
        keys = locked(columns, "pk")
        LineItem.objects.filter(pk__in=keys, refused_at__isnull=False).update(refused_at=None)
        return _make_due(rows)


def _make_due(rows: QuerySet[Delivery]) -> int:
    """Make those of the rows that are due or refused due now, and return how many they are.

    Rows that were due already keep their ``updated_at``, from which the queue report computes
    how long they have waited.
    """
    waiting = rows.filter(state__in=[Delivery.State.DUE, Delivery.State.REFUSED])
    registrations = list(waiting.order_by().values_list("registration", flat=True).distinct())
    if not registrations:
        return 0
    with transaction.atomic():
        platform_queues.resume(registrations)
        now = timezone.now()
        due_since = Case(When(state=Delivery.State.DUE, then=F("updated_at")), default=Value(now))
        return update_in_order(waiting, updated_at=due_since, **Delivery.due_values(now))


def people_returned(context: Context, users: Iterable[int]) -> int:
    """Make due the scores refused because these users were not in the course. Return how many."""
    return _make_due(_refused(_because_not_in_course(context.pk, users)))


def make_due_after_launch(column: LineItem | None, returned: Membership | None) -> int:
    """Make due the refused scores that the LMS may accept after a launch. Return how many.

    ``column`` is a link's own line item that the launch changed, and with it those beside it;
    ``returned`` is the membership of a user who may be back in the course. They are handled in one
    call, because two calls would break the order of locks (``outbox.locking``).
    """
    conditions = []
    if column is not None:
        _ask_for_column_again(column)
        conditions.append(Q(line_item__link=column.link_id, problem__in=COLUMN_PROBLEMS))
    if returned is not None:
        conditions.append(_because_not_in_course(returned.context_id, [returned.user_id]))
    if not conditions:
        return 0
    return _make_due(_refused(functools.reduce(operator.or_, conditions)))


def _ask_for_column_again(column: LineItem) -> None:
    """Let scores ask for a column that a launch has changed; one that it tells is known."""
    if column.refused_at or (column.url and column.creation):
        creation = LineItem.Creation.NONE if column.url else column.creation
        LineItem.objects.filter(pk=column.pk).update(refused_at=None, creation=creation)
    beside = LineItem.objects.filter(link=column.link_id).exclude(pk=column.pk)
    with transaction.atomic():
        LineItem.objects.filter(pk__in=locked(beside, "pk")).update(
            refused_at=None, container_url=column.container_url, scopes=column.scopes
        )


def _refused(condition: Q) -> QuerySet[Delivery]:
    return Delivery.objects.filter(condition, state=Delivery.State.REFUSED)


def _because_not_in_course(context: int, users: Iterable[int]) -> Q:
    return Q(
        line_item__link__context=context,
        user__in=users,
        problem__in=(DeliveryProblem.NO_PUPIL, DeliveryProblem.NOT_ACCEPTED),
    )
