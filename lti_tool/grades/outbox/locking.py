"""Functions that lock rows of the outbox in one order, which avoids deadlocks.

In a transaction line items come first, by key, then queues, by key, and then deliveries: by user,
and those of one user by key. A user belongs to one platform, so this is one order over all
platforms. Code that writes more than one of these rows in a statement or a transaction keeps it: a
bare ``update()`` locks rows in the order in which they lie on the disk.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from lti_tool.models import Delivery

_CHUNK = 500  # keys a statement: SQLite's parameters suffice


def position(row: Delivery) -> tuple[int, int]:
    """Return the sort key of a delivery in the order of locks."""
    return row.user_id, row.pk


def locked_in_order(rows: QuerySet[Delivery]) -> list[int]:
    """Lock these deliveries in order. Return the keys of those that still match, in order.

    Call it in a transaction that locks no queue afterwards. SQLite has one writer at a time and
    locks nothing here.
    """
    return locked(rows, "user_id", "pk")


def locked(rows: QuerySet[Any], *order: str) -> list[Any]:
    """Lock rows of any model in this order. Return the keys of those that still match."""
    # A related manager sets what its rows belong to: deferred, that is a query for each row.
    relations = [field.name for field in rows.model._meta.concrete_fields if field.is_relation]
    rows = rows.select_related(None).only("pk", *relations).order_by(*order)
    # The rows alone, and with their keys free: a lock on what they refer to has another order.
    return [row.pk for row in rows.select_for_update(of=("self",), no_key=True)]


def update_in_order(rows: QuerySet[Delivery], **values: object) -> int:
    """Do what ``rows.update(**values)`` does, with the rows locked in order."""
    with transaction.atomic():
        return sum(
            Delivery.objects.filter(pk__in=keys).update(**values)
            for keys in _chunks(locked_in_order(rows))
        )


def _chunks(keys: Iterable[int]) -> Iterable[list[int]]:
    keys = iter(keys)
    while some := list(itertools.islice(keys, _CHUNK)):
        yield some
