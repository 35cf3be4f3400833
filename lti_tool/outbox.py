"""Delivers what is due: lease a row, send its score, settle it if it is still the same.

The rows are the truth. A deliverer that dies anywhere loses nothing: its lease runs out
and the row is due again. Several deliverers never hold one row at the same time.
"""

from __future__ import annotations

import logging
import random
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from lti_tool.adapter.connector import Connector
from lti_tool.errors import Problem, ServiceError
from lti_tool.models import Delivery, LineItem
from lti_tool.services import ags
from lti_tool.vocabulary import (
    CANVAS,
    SUBMISSION_OF,
    ActivityProgress,
    GradingProgress,
    Scope,
)

logger = logging.getLogger(__name__)

# Longer than everything that is done under a lease can take by its time-outs.
LEASE = timedelta(minutes=3)
FIRST_PAUSE = 2.0  # seconds
LONGEST_PAUSE = 30 * 60.0

# What a changed column, a new launch or a person's 'send again' may mend.
MENDABLE = (Problem.NO_COLUMN, Problem.COLUMN_GONE, Problem.NOT_ALLOWED)


def deliver_due(limit: int = 100) -> int:
    """Send up to ``limit`` scores that are due. Gives how many were tried."""
    tried = 0
    while tried < limit:
        row = _lease()
        if row is None:
            break
        _deliver(row)
        tried += 1
    return tried


def next_due_at() -> datetime | None:
    """When the next score is due (perhaps in the past), or None if none is."""
    rows = Delivery.objects.filter(state=Delivery.State.DUE).order_by("next_try_at")
    return rows.values_list("next_try_at", flat=True).first()


def due_now(rows: QuerySet[Delivery]) -> int:
    """Make unsettled or refused rows due at once. Gives how many."""
    return rows.exclude(state=Delivery.State.DELIVERED).update(
        state=Delivery.State.DUE, next_try_at=timezone.now(), tries=0
    )


def column_changed(line_item: LineItem) -> None:
    """The platform told of another column: what failed for want of one can go now."""
    due_now(
        Delivery.objects.filter(
            line_item=line_item, state=Delivery.State.REFUSED, problem__in=MENDABLE
        )
    )


def _due(now: datetime) -> QuerySet[Delivery]:
    """Rows that may be sent now: free, and in a later second than their last score."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    new_second = Q(last_timestamp__isnull=True) | Q(last_timestamp__lt=_second(now))
    return Delivery.objects.filter(free, new_second, state=Delivery.State.DUE, next_try_at__lte=now)


def _lease() -> Delivery | None:
    """Take the row that has been due longest, or None.

    The time of the score is written before it is sent: after a crash the next try must
    carry a later second, or the LMS answers 409.
    """
    now = timezone.now()
    if not _due(now).exists():
        return None  # an idle deliverer takes no write lock
    owner = secrets.token_hex(8)
    with transaction.atomic():
        rows = _due(now).order_by("next_try_at")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        row = rows.select_related("line_item__link__deployment__registration", "user").first()
        if row is None:
            return None
        row.leased_by, row.leased_until = owner, now + LEASE
        row.last_timestamp = _second(now)
        row.save(update_fields=["leased_by", "leased_until", "last_timestamp"])
    return row


def _second(moment: datetime) -> datetime:
    """Whole seconds, rounded down: LMSs compare no finer, and never in the future."""
    return moment.replace(microsecond=0)


def _deliver(row: Delivery) -> None:
    try:
        _send(row)
    except ServiceError as problem:
        _failed(row, problem)
    else:
        _settle(
            row,
            state=Delivery.State.DELIVERED,
            delivered_at=timezone.now(),
            problem="",
            detail="",
        )


def _send(row: Delivery) -> None:
    line_item = row.line_item
    registration = line_item.link.deployment.registration
    if not registration.is_active:
        raise ServiceError(Problem.REGISTRATION_INACTIVE, permanent=False)
    platform = Connector(registration)
    address = line_item.url or _make_column(platform, line_item, row)
    ags.post_score(
        platform,
        address,
        ags.ScorePost(
            user_id=row.user.sub,
            given=row.score_given,
            maximum=row.score_maximum,
            comment=row.comment,
            activity_progress=ActivityProgress(row.activity_progress),
            grading_progress=GradingProgress(row.grading_progress),
            timestamp=row.last_timestamp or _second(timezone.now()),
            submission=_canvas_submission(row) if registration.product == CANVAS else None,
        ),
    )


def _canvas_submission(row: Delivery) -> dict[str, object]:
    query = urlencode({SUBMISSION_OF: row.user.sub})
    address = f"{settings.PUBLIC_URL}{reverse('lti-launch')}?{query}"
    return ags.canvas_submission(address, is_new=row.delivered_at is None)


def _make_column(platform: Connector, line_item: LineItem, row: Delivery) -> str:
    """Make the link's column, once: whoever holds the line item makes it."""
    if not line_item.container_url or Scope.LINE_ITEM not in line_item.scopes:
        raise ServiceError(Problem.NO_COLUMN, permanent=True)
    now = timezone.now()
    held = LineItem.objects.filter(
        Q(made_until__isnull=True) | Q(made_until__lt=now), pk=line_item.pk, url=""
    ).update(made_by=row.leased_by, made_until=now + LEASE)
    if not held:
        fresh = LineItem.objects.values_list("url", flat=True).get(pk=line_item.pk)
        if fresh:
            return fresh
        raise ServiceError(Problem.BUSY, "the column is being made", permanent=False)
    try:
        address = ags.make_line_item(
            platform,
            line_item.container_url,
            link_id=line_item.link.lti_id,
            label=str(line_item.link),
            maximum=line_item.maximum,
        )
    except ServiceError:
        _let_go_of_column(line_item, row)
        raise
    # A launch may have told of the column meanwhile: what the platform says comes first.
    _column(line_item).filter(url="").update(url=address)
    _let_go_of_column(line_item, row)
    return address


def _let_go_of_column(line_item: LineItem, row: Delivery) -> None:
    _column(line_item).filter(made_by=row.leased_by).update(made_by="", made_until=None)


def _column(line_item: LineItem) -> QuerySet[LineItem]:
    return LineItem.objects.filter(pk=line_item.pk)


def _failed(row: Delivery, problem: ServiceError) -> None:
    logger.warning(
        "score not delivered: delivery=%s try=%s permanent=%s %s",
        row.pk,
        row.tries + 1,
        problem.permanent,
        problem,
    )
    pause = max(_pause(row.tries), min(problem.retry_after or 0, LONGEST_PAUSE))
    _settle(
        row,
        state=Delivery.State.REFUSED if problem.permanent else Delivery.State.DUE,
        problem=problem.problem,
        detail=problem.detail[:500],
        tries=row.tries + 1,
        next_try_at=timezone.now() + timedelta(seconds=pause),
    )


def _pause(tries: int) -> float:
    """Doubles with each try, up to half an hour, and is spread so that rows do not march."""
    longest: float = min(FIRST_PAUSE * 2 ** min(tries, 12), LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311


def _settle(row: Delivery, **outcome: object) -> None:
    """Write what became of the score that was sent, unless a newer one has taken its place."""
    mine = Delivery.objects.filter(pk=row.pk, leased_by=row.leased_by)
    same = mine.filter(revision=row.revision)
    if not same.update(**outcome, leased_by="", leased_until=None):
        # A newer score waits in the row: it stays due, and only the lease ends.
        mine.update(leased_by="", leased_until=None)
