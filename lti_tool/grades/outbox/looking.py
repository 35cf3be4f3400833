"""Functions that look at a cell before a score goes there, and say what a failed look means.

A look that fails says nothing about writing: some platforms read badly and write well. Blackboard
answers 404 for the results of a column that the tool did not make, Blackbaud's could not be read
at all (hypothesis/product-backlog#1262). So it is no reason to make another column, nor to wait
for ever. After ``MAX_FAILED_LOOKS`` tries in a row whose looks failed, of one platform or of one
cell, a score goes without a look. Every later try still looks first, and a look that works begins
the count anew.

The platform's count spares its other scores the wait; that of the cell is for a column that cannot
be read while others can. A platform that is away for a moment must not have its scores replace a
grade unseen when it is back. So a look without an answer counts for the cell alone, whose tries
are seconds apart; and if a score that goes without a look fails for now as well, both counts begin
anew: then it is not the reading that fails.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.db.models import F

from lti_tool.adapter.connector import Connector
from lti_tool.grades.outbox import results_cache
from lti_tool.grades.outbox.leasing import Leased, Look
from lti_tool.models import Delivery, PlatformQueue
from lti_tool.platforms.products import product_of
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services import ags
from lti_tool.services.ags import Result
from lti_tool.services.errors import DeliveryProblem, ServiceError, unreadable

logger = logging.getLogger(__name__)

MAX_FAILED_LOOKS = 3
# No answer, 'later', a proxy that answers for it, or a trouble that may be one of everything: the
# platform as a whole may be away.
_UNANSWERED = {DeliveryProblem.UNREACHABLE, DeliveryProblem.BUSY}
_OF_A_MOMENT = {500, 502, 503, 504}
# These are told as they are. Others would say of the score what is true of the look alone.
_OF_THE_PLATFORM = {*_UNANSWERED, DeliveryProblem.SERVER_ERROR}


def may_look(row: Delivery) -> bool:
    """Return whether the platform has granted the scope to read results."""
    return Scope.RESULT_READONLY in row.line_item.scopes


def look(platform: Connector, leased: Leased, *, with_class: bool = False) -> Result | None:
    """Return the result in the cell, and set ``leased.look``.

    None without a result, and if ``leased.look`` is not SEEN also where nobody knows. Raise
    ServiceError, not permanent, if the score has to wait for the next look. ``with_class`` reads
    the whole column, once for all who wait.
    """
    row = leased.row
    if not may_look(row) or leased.look is Look.GIVEN_UP:
        return None
    # A failure to get this token is none of the look: the score could not go either.
    platform.get_access_token([Scope.SCORE])
    try:
        result = _read_with_class(platform, row) if with_class else _read(platform, row)
    except ServiceError as error:
        _note_failure(leased, error)
        return None
    leased.look = Look.SEEN
    # A result of Canvas has the maximum of the score that was posted (scores_controller.rb in
    # app/controllers/lti/ims).
    if result is not None and not product_of(row.registration.product).takes_submissions:
        leased.column_maximum = result.maximum
    return result


def _read(platform: Connector, row: Delivery) -> Result | None:
    return ags.read_result(platform, row.line_item.url, row.user.sub)


def _read_with_class(platform: Connector, row: Delivery) -> Result | None:
    """Return what the column has for this person, or their cell alone if it has too much."""
    try:
        return results_cache.read_cell(platform, row)
    except ServiceError as error:
        # For example pages on another host, or more of them than anybody reads.
        if error.problem is not DeliveryProblem.ANSWER_UNREADABLE:
            raise
        return _read(platform, row)


def _note_failure(leased: Leased, error: ServiceError) -> None:
    """Set ``leased.look``. Raise ServiceError unless the score goes without a look."""
    if leased.has_expired:
        raise error
    is_answered = error.problem not in _UNANSWERED and error.status not in _OF_A_MOMENT
    of_cell, of_platform = leased.row.failed_looks + 1, leased.queue.failed_looks + is_answered
    if max(of_cell, of_platform) >= MAX_FAILED_LOOKS:
        leased.look = Look.GIVEN_UP
        logger.warning("a cell could not be looked at: delivery=%s %s", leased.row.pk, error)
        return
    leased.look = Look.FAILED if is_answered else Look.UNANSWERED
    if error.problem in _OF_THE_PLATFORM:
        raise error
    raise unreadable(f"results: {error.detail}") from error


def note_looks(queue: PlatformQueue, looks: Iterable[tuple[Look | None, bool]]) -> None:
    """Count the looks of tries, each with whether its score failed for now, in one statement.

    A score that the platform answered although it went without a look shows that it is the
    reading alone that fails: then its other scores need not wait either.
    """
    known, failed = None, 0  # the count after the last look that sets it, and those after it
    for look_result, has_failed in looks:
        match look_result:
            case Look.SEEN:
                known, failed = 0, 0
            case Look.FAILED:
                failed += 1
            case Look.GIVEN_UP:
                known, failed = (0 if has_failed else MAX_FAILED_LOOKS), 0
    rows = PlatformQueue.objects.filter(pk=queue.pk)
    if known is not None:
        rows.exclude(failed_looks=known + failed).update(failed_looks=known + failed)
    elif failed:
        rows.update(failed_looks=F("failed_looks") + failed)


def failed_looks_after(row: Delivery, look_result: Look | None) -> int:
    """Return how many tries in a row could not read this cell, after one that goes on waiting."""
    match look_result:
        case None:
            return row.failed_looks
        case Look.FAILED | Look.UNANSWERED:
            return row.failed_looks + 1
    return 0
