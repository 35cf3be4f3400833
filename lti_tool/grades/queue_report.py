"""The state of each platform's queue of scores in numbers, for operators; no names of people.

It only reads, in as many statements however many scores and platforms there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone

from lti_tool.models import Delivery, PlatformQueue

_State = Delivery.State


@dataclass(frozen=True, slots=True)
class Queue:
    """The scores of one platform, counted by their state.

    ``failures`` counts those that wait or were refused, by problem. ``oldest_due_seconds`` is
    how long the oldest due score has waited, 0 if none is due.
    """

    registration: int
    platform: str
    due: int
    on_their_way: int
    refused: int
    changed: int
    oldest_due_seconds: int
    paused_until: datetime | None
    delivered_last_hour: int
    delivered_last_day: int
    failures: Mapping[str, int]


def queues() -> list[Queue]:
    """Return the queues of all platforms that ever got a score."""
    now = timezone.now()
    failures = _failures()
    counts = _counts(now)
    rows = PlatformQueue.objects.select_related("registration").order_by("pk")
    return [_queue(row, counts.get(row.pk, {}), failures[row.pk], now) for row in rows]


def _counts(now: datetime) -> dict[int, dict[str, Any]]:
    due = Q(state=_State.DUE)
    leased = due & Q(leased_until__gte=now)
    rows = Delivery.objects.order_by().values("registration")
    counted = rows.annotate(
        due=Count("pk", filter=due & ~Q(leased_until__gte=now, leased_until__isnull=False)),
        on_their_way=Count("pk", filter=leased),
        refused=Count("pk", filter=Q(state=_State.REFUSED)),
        changed=Count("pk", filter=Q(state=_State.CHANGED)),
        oldest=Min("updated_at", filter=due),
        last_hour=Count("pk", filter=Q(delivered_at__gt=now - timedelta(hours=1))),
        last_day=Count("pk", filter=Q(delivered_at__gt=now - timedelta(days=1))),
    )
    return {row["registration"]: dict(row) for row in counted}


def _failures() -> Mapping[int, dict[str, int]]:
    rows = Delivery.objects.filter(state__in=[_State.DUE, _State.REFUSED]).exclude(problem="")
    counts = rows.order_by().values_list("registration", "problem").annotate(Count("pk"))
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for registration, problem, count in counts:
        found[registration][problem] = count
    return found


def _queue(
    row: PlatformQueue, counts: Mapping[str, Any], failures: Mapping[str, int], now: datetime
) -> Queue:
    oldest = counts.get("oldest")
    age = int((now - oldest).total_seconds()) if oldest else 0
    is_paused = row.paused_until is not None and row.paused_until > now
    return Queue(
        registration=row.pk,
        platform=str(row.registration),
        due=counts.get("due", 0),
        on_their_way=counts.get("on_their_way", 0),
        refused=counts.get("refused", 0),
        changed=counts.get("changed", 0),
        oldest_due_seconds=max(age, 0),
        paused_until=row.paused_until if is_paused else None,
        delivered_last_hour=counts.get("last_hour", 0),
        delivered_last_day=counts.get("last_day", 0),
        failures=failures,
    )
