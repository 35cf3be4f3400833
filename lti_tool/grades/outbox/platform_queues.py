"""How many scores go to a platform at once, and when none does.

A platform that fails one score after the other is closed for a while, and then tried with
one at a time; one that asks us to wait is closed at once. A single bad score, or one column
that is locked, closes nothing, however often it fails.
"""

from __future__ import annotations

import threading
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from lti_tool.grades.outbox.backoff import delay
from lti_tool.models import Delivery, PlatformQueue, Registration
from lti_tool.protocol.vocabulary import CANVAS
from lti_tool.services.errors import Problem, ServiceError

# So many scores that fail in a row speak of the platform.
MAX_FAILURES_IN_A_ROW = 3
_THROTTLED = {403, 429}
_PLATFORM_WIDE = {Problem.UNREACHABLE, Problem.SERVER_ERROR, Problem.TOKEN_REFUSED}

# What failed, as this process has seen; each learns for itself, the closing is for all.
_failures_in_a_row: dict[int, set[tuple[str, int]]] = {}
_lock = threading.Lock()


def open_queue(registration: Registration) -> None:
    """A queue for a platform that gets its first score."""
    PlatformQueue.objects.get_or_create(registration=registration)


def concurrency(queue: PlatformQueue) -> int:
    """How many scores may be on their way at once."""
    if queue.consecutive_pauses:
        return 1
    if queue.registration.product == CANVAS:
        return int(settings.LTI_SCORES_AT_ONCE_CANVAS)
    return int(settings.LTI_SCORES_AT_ONCE)


def succeeded(queue: PlatformQueue) -> None:
    """The platform took a score."""
    with _lock:
        _failures_in_a_row.pop(queue.pk, None)
    if queue.consecutive_pauses:
        PlatformQueue.objects.filter(pk=queue.pk).update(consecutive_pauses=0, paused_until=None)


def failed(queue: PlatformQueue, row: Delivery, problem: ServiceError) -> None:
    """The platform did not take this score; perhaps it is better let alone."""
    throttled = problem.problem is Problem.BUSY and problem.status in _THROTTLED
    if problem.problem not in _PLATFORM_WIDE and not throttled:
        return
    # Moodle answers 500 to all scores of a column that a teacher has locked.
    is_of_column = problem.status == 500
    failing = ("column", row.line_item_id) if is_of_column else ("score", row.pk)
    if throttled or _is_out(queue, failing):
        seconds = delay(queue.consecutive_pauses, problem.retry_after)
        # Of several that fail together, one closes it; the others were leased as it was then.
        PlatformQueue.objects.filter(
            pk=queue.pk, consecutive_pauses=queue.consecutive_pauses
        ).update(
            consecutive_pauses=queue.consecutive_pauses + 1,
            paused_until=timezone.now() + timedelta(seconds=seconds),
        )


def note_clock(queue: PlatformQueue, ahead: int) -> None:
    """Scores carry the platform's time: it compares them with its own."""
    if abs(queue.clock_ahead - ahead) > 1:
        PlatformQueue.objects.filter(pk=queue.pk).update(clock_ahead=ahead)


def resume(registrations: list[int]) -> None:
    """A person wants these tried now. Locks them in order, see ``outbox.locking``."""
    for pk in sorted(registrations):
        PlatformQueue.objects.filter(pk=pk).update(paused_until=None)


def _is_out(queue: PlatformQueue, failing: tuple[str, int]) -> bool:
    """Of a platform that was closed, whatever had not failed yet tells that it should stay so."""
    with _lock:
        failing_now = _failures_in_a_row.setdefault(queue.pk, set())
        is_new = failing not in failing_now
        failing_now.add(failing)
    return is_new and (bool(queue.consecutive_pauses) or len(failing_now) >= MAX_FAILURES_IN_A_ROW)
