"""The number of scores that a platform gets at once, and its pauses after failures.

The queue of a platform that fails one score after the other is paused for a while, and then
tried with one at a time; the queue of one that asks us to wait is paused at once. A single bad
score, or one column that is locked, pauses nothing, however often it fails.
"""

from __future__ import annotations

import threading
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from lti_tool.grades.outbox.backoff import delay
from lti_tool.models import Delivery, PlatformQueue, Registration
from lti_tool.platforms.products import product_of
from lti_tool.services.errors import DeliveryProblem, ServiceError

# After so many different scores failing in a row, the platform is thought to be at fault.
MAX_FAILURES_IN_A_ROW = 3
_THROTTLED = {403, 429}
_PLATFORM_WIDE = {
    DeliveryProblem.UNREACHABLE,
    DeliveryProblem.SERVER_ERROR,
    DeliveryProblem.TOKEN_REFUSED,
}

# The failures that this process has seen. Each process counts its own; a pause is for all.
_failures_in_a_row: dict[int, set[tuple[str, int]]] = {}
_lock = threading.Lock()


def open_queue(registration: Registration) -> None:
    """Make the queue of a platform that gets its first score."""
    PlatformQueue.objects.get_or_create(registration=registration)


def concurrency(queue: PlatformQueue) -> int:
    """Return how many scores may be on their way to the platform at once."""
    if queue.consecutive_pauses:
        return 1
    return int(getattr(settings, product_of(queue.registration.product).concurrency_setting))


def note_success(queue: PlatformQueue) -> None:
    """Note that the platform took a score: the count of failures begins anew, and a pause ends."""
    with _lock:
        _failures_in_a_row.pop(queue.pk, None)
    if queue.consecutive_pauses:
        PlatformQueue.objects.filter(pk=queue.pk).update(consecutive_pauses=0, paused_until=None)


def note_failure(queue: PlatformQueue, row: Delivery, problem: ServiceError) -> None:
    """Note that the platform did not take this score, and pause its queue if need be.

    Only failures that concern the platform as a whole count.
    """
    throttled = problem.problem is DeliveryProblem.BUSY and problem.status in _THROTTLED
    if problem.problem not in _PLATFORM_WIDE and not throttled:
        return
    # Moodle answers 500 to all scores of a column that a teacher has locked, so they count once.
    is_of_column = problem.status == 500
    failing = ("column", row.line_item_id) if is_of_column else ("score", row.pk)
    if throttled or _is_out(queue, failing):
        seconds = delay(queue.consecutive_pauses, problem.retry_after)
        # Of several that fail together, only one pauses the queue.
        PlatformQueue.objects.filter(
            pk=queue.pk, consecutive_pauses=queue.consecutive_pauses
        ).update(
            consecutive_pauses=queue.consecutive_pauses + 1,
            paused_until=timezone.now() + timedelta(seconds=seconds),
        )


def note_clock(queue: PlatformQueue, ahead: int) -> None:
    """Save how many seconds the platform's clock is ahead, if that changed by more than one.

    Scores carry the platform's time, because it compares them with its own.
    """
    if abs(queue.clock_ahead - ahead) > 1:
        PlatformQueue.objects.filter(pk=queue.pk).update(clock_ahead=ahead)


def resume(registrations: list[int]) -> None:
    """End the pauses of these queues, because a person wants their scores tried now.

    The queues are locked in order, see ``outbox.locking``.
    """
    for pk in sorted(registrations):
        PlatformQueue.objects.filter(pk=pk).update(paused_until=None)


def _is_out(queue: PlatformQueue, failing: tuple[str, int]) -> bool:
    """Count a failure and return whether the queue is to be paused.

    After a pause one failure of something new is enough; otherwise MAX_FAILURES_IN_A_ROW are.
    """
    with _lock:
        failing_now = _failures_in_a_row.setdefault(queue.pk, set())
        is_new = failing not in failing_now
        failing_now.add(failing)
    return is_new and (bool(queue.consecutive_pauses) or len(failing_now) >= MAX_FAILURES_IN_A_ROW)
