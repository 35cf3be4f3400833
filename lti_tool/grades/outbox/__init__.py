"""Functions that deliver due scores: lease rows, send their scores, settle the rows.

The rows are the only record of what is to be sent. A deliverer that dies loses nothing: its
lease runs out and the row is due again. No two deliverers hold one row at the same time.
``lti_tool.background.deliverer`` calls these functions in a loop, for many scores at once.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.module_loading import import_string

from lti_tool.grades.outbox import platform_queues
from lti_tool.grades.outbox.due import has_work, next_due_at
from lti_tool.grades.outbox.leasing import Leased, lease, release
from lti_tool.grades.outbox.locking import update_in_order
from lti_tool.grades.outbox.platform_queues import open_queue
from lti_tool.grades.outbox.sending import Sent, send
from lti_tool.grades.outbox.settling import settle
from lti_tool.models import Context, Delivery, LineItem, Membership
from lti_tool.services.errors import DeliveryProblem, ServiceError

__all__ = [
    "Leased",
    "Sent",
    "has_work",
    "lease",
    "make_due",
    "mended_by_launch",
    "next_due_at",
    "not_sent",
    "notify_deliverer",
    "open_queue",
    "people_returned",
    "release",
    "send",
    "settle",
]

# Problems that a changed column may mend.
MENDABLE_PROBLEMS = (
    DeliveryProblem.NO_COLUMN,
    DeliveryProblem.COLUMN_GONE,
    DeliveryProblem.NOT_ALLOWED,
)


def notify_deliverer() -> None:
    """Wake the deliverer that the settings name (LTI_WAKE); call it once a score is saved.

    Nothing depends on it: due scores are found without it, a little later.
    """
    import_string(settings.LTI_WAKE)()


def not_sent(leased: Leased, problem: Exception) -> Sent:
    """Return the outcome for an exception of our own code (OUR_FAULT): the row is tried again."""
    failure = ServiceError(DeliveryProblem.OUR_FAULT, type(problem).__name__, permanent=False)
    return Sent(leased, failure, None)


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
        return update_in_order(
            waiting,
            updated_at=since,
            state=Delivery.State.DUE,
            next_try_at=now,
            tries=0,
            problem="",
            detail="",
        )


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
