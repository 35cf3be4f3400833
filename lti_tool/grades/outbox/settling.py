"""Functions that save the outcomes of sent scores in their rows and their platforms' queues."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from lti_tool.db.prepared import update_where
from lti_tool.grades.outbox import locking, looking, platform_queues
from lti_tool.grades.outbox.backoff import delay
from lti_tool.grades.outbox.leasing import Look, tried_unless_posted
from lti_tool.grades.outbox.sending import ForeignGrade, Outcome, comment_digest
from lti_tool.models import Delivery, LineItem
from lti_tool.protocol.values import clean
from lti_tool.services.errors import ServiceError

logger = logging.getLogger(__name__)

Columns = dict[str, object]  # of the table of deliveries, by the name of the field


def settle(outcomes: Iterable[Outcome]) -> None:
    """Save several outcomes in one transaction.

    A row that is no longer leased by the process that sent it is not changed.
    """
    in_order = sorted(outcomes, key=lambda outcome: locking.position(outcome.leased.row))
    with transaction.atomic():
        _save_column_maxima(in_order)
        by_queue = sorted(in_order, key=_queue_of)
        for _, outcomes_of_queue in itertools.groupby(by_queue, key=_queue_of):
            _settle_queue([*outcomes_of_queue])
        for outcome in in_order:
            _settle_row(outcome)


def _save_column_maxima(outcomes: Sequence[Outcome]) -> None:
    """Save what results told of columns that have told nothing yet: a result's may be older.

    Line items are locked before queues.
    """
    told = {
        outcome.leased.row.line_item_id: outcome.leased.column_maximum
        for outcome in outcomes
        if outcome.leased.column_maximum and outcome.leased.row.line_item.lms_maximum is None
    }
    for pk, maximum in sorted(told.items()):
        LineItem.objects.filter(pk=pk, lms_maximum=None).update(lms_maximum=maximum)


def _queue_of(outcome: Outcome) -> int:
    return outcome.leased.queue.registration_id


def _settle_queue(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        queue, failure = outcome.leased.queue, outcome.failure
        if outcome.clock_ahead is not None:
            platform_queues.note_clock(queue, outcome.clock_ahead)
        if isinstance(failure, ServiceError):
            platform_queues.note_failure(queue, outcome.leased.row, failure)
        else:
            platform_queues.note_success(queue)
    looks = [(outcome.leased.look, _has_failed_for_now(outcome)) for outcome in outcomes]
    looking.note_looks(outcomes[0].leased.queue, looks)


def _has_failed_for_now(outcome: Outcome) -> bool:
    return isinstance(outcome.failure, ServiceError) and not outcome.failure.permanent


def _settle_row(outcome: Outcome) -> None:
    row, failure, look = outcome.leased.row, outcome.failure, outcome.leased.look
    if failure is None:
        # True of the cell even if a newer score was reported meanwhile.
        sent: Columns = {
            "delivered_at": timezone.now(),
            "sent_given": row.score_given,
            "sent_maximum": row.score_maximum if row.score_given is not None else None,
            "tried": [],
            "sent_comment": comment_digest(row.comment),
            "failed_looks": 0,
            "sent_unseen": look is not None and look is not Look.SEEN,
        }
        if outcome.leased.was_counted is not None:
            sent["attempts_used_up"] = not outcome.leased.was_counted
        delivered: Columns = {
            "state": Delivery.State.DELIVERED,
            "problem": "",
            "detail": "",
            "tries": 0,
            "force": False,
            "theirs_given": None,
            "theirs_maximum": None,
            "theirs_is_earlier": False,
        }
        _save(row, {**sent, **delivered}, always=sent)
        return
    if isinstance(failure, ForeignGrade):
        values = _columns_for_foreign_grade(failure)
    else:
        values = _columns_for_error(row, failure)
    kept: Columns = {
        **tried_unless_posted(outcome.leased),
        "failed_looks": looking.failed_looks_after(row, look),
    }
    _save(row, {**values, **kept}, always=kept)


def _columns_for_foreign_grade(grade: ForeignGrade) -> Columns:
    result = grade.result
    return {
        "state": Delivery.State.KEPT if grade.is_kept else Delivery.State.CHANGED,
        "problem": "" if grade.is_kept else grade.problem,
        "detail": "",
        "force": False,
        "theirs_given": result.given if result else None,
        "theirs_maximum": result.maximum if result else None,
        "theirs_is_earlier": grade.is_earlier,
    }


def _columns_for_error(row: Delivery, error: ServiceError) -> Columns:
    detail = clean(error.detail[:500])
    logger.warning(
        "score not delivered: delivery=%s try=%s permanent=%s %s: %s",
        row.pk,
        row.tries + 1,
        error.permanent,
        error.problem,
        detail,
    )
    seconds = delay(row.tries, error.retry_after)
    return {
        "state": Delivery.State.REFUSED if error.permanent else Delivery.State.DUE,
        "problem": error.problem,
        "detail": detail,
        "tries": row.tries + 1,
        "next_try_at": timezone.now() + timedelta(seconds=seconds),
    }


def _save(row: Delivery, values: Columns, always: Columns) -> None:
    """Save ``values`` and end the lease; save only ``always`` if a newer score was reported.

    The newer score, which has a higher revision, stays due.
    """
    leased_row = {"pk": row.pk, "leased_by": row.leased_by}
    lease_end: Columns = {"leased_by": "", "leased_until": None}
    if not update_where(Delivery, {**values, **lease_end}, **leased_row, revision=row.revision):
        update_where(Delivery, {**always, **lease_end}, **leased_row)
