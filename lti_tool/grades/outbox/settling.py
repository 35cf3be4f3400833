"""Functions that write the outcomes of scores that were sent into their rows."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from lti_tool.db.prepared import update_where
from lti_tool.grades.outbox import locking, platform_queues
from lti_tool.grades.outbox.backoff import delay
from lti_tool.grades.outbox.leasing import never_posted
from lti_tool.grades.outbox.sending import Sent, Theirs, comment_digest
from lti_tool.models import Delivery
from lti_tool.protocol.claims import clean
from lti_tool.services.errors import ServiceError

logger = logging.getLogger(__name__)


def settle(sent: Iterable[Sent]) -> None:
    """Write the outcomes of several scores in one transaction.

    A row that is no longer leased by the process that sent it is left alone.
    """
    in_order = sorted(sent, key=lambda one: locking.position(one.leased.row))
    with transaction.atomic():
        for one in sorted(in_order, key=lambda one: one.leased.queue.pk):
            _settle_queue(one)
        for one in in_order:
            _settle_row(one)


def _settle_queue(sent: Sent) -> None:
    queue, outcome = sent.leased.queue, sent.outcome
    if sent.clock_ahead is not None:
        platform_queues.note_clock(queue, sent.clock_ahead)
    if isinstance(outcome, ServiceError):
        platform_queues.note_failure(queue, sent.leased.row, outcome)
    else:
        platform_queues.note_success(queue)


def _settle_row(sent: Sent) -> None:
    row, outcome = sent.leased.row, sent.outcome
    if isinstance(outcome, ServiceError):
        back = never_posted(sent.leased)
        _write(row, {**_failed(row, outcome), **back}, always=back)
    elif isinstance(outcome, Theirs):
        back = never_posted(sent.leased)
        _write(row, {**_changed(outcome), **back}, always=back)
    else:
        taken = _taken(row)
        _write(row, {**taken, **_delivered()}, always=taken)


def _write(row: Delivery, values: dict[str, object], always: dict[str, object]) -> None:
    """Write ``values``, or only ``always`` if a newer score was reported meanwhile.

    The newer score stays due. ``always`` is true of the cell in either case, and the lease
    ends.
    """
    mine = {"pk": row.pk, "leased_by": row.leased_by}
    free: dict[str, object] = {"leased_by": "", "leased_until": None}
    if not update_where(Delivery, {**values, **free}, **mine, revision=row.revision):
        update_where(Delivery, {**always, **free}, **mine)


def _delivered() -> dict[str, object]:
    return {
        "state": Delivery.State.DELIVERED,
        "problem": "",
        "detail": "",
        "tries": 0,
        "force": False,
        "theirs_given": None,
        "theirs_maximum": None,
    }


def _taken(row: Delivery) -> dict[str, object]:
    """Return the columns that say which score the LMS has from now on."""
    return {
        "delivered_at": timezone.now(),
        "sent_given": row.score_given,
        "sent_maximum": row.score_maximum if row.score_given is not None else None,
        "tried": [],
        "sent_comment": comment_digest(row.comment),
    }


def _changed(theirs: Theirs) -> dict[str, object]:
    result = theirs.result
    return {
        "state": Delivery.State.CHANGED,
        "problem": theirs.why,
        "detail": "",
        "force": False,
        "theirs_given": result.given if result else None,
        "theirs_maximum": result.maximum if result else None,
    }


def _failed(row: Delivery, problem: ServiceError) -> dict[str, object]:
    detail = clean(problem.detail[:500])
    logger.warning(
        "score not delivered: delivery=%s try=%s permanent=%s %s: %s",
        row.pk,
        row.tries + 1,
        problem.permanent,
        problem.problem,
        detail,
    )
    seconds = delay(row.tries, problem.retry_after)
    return {
        "state": Delivery.State.REFUSED if problem.permanent else Delivery.State.DUE,
        "problem": problem.problem,
        "detail": detail,
        "tries": row.tries + 1,
        "next_try_at": timezone.now() + timedelta(seconds=seconds),
    }
