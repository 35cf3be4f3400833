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
from lti_tool.models import Delivery, Lane, Registration
from lti_tool.protocol.vocabulary import CANVAS
from lti_tool.services.errors import Problem, ServiceError

# So many scores that fail in a row speak of the platform.
STRIKES = 3
_THROTTLED = {403, 429}
_PLATFORM_WIDE = {Problem.UNREACHABLE, Problem.SERVER_ERROR, Problem.TOKEN_REFUSED}

# What failed, as this process has seen; each learns for itself, the closing is for all.
_strikes: dict[int, set[tuple[str, int]]] = {}
_lock = threading.Lock()


def open_lane(registration: Registration) -> None:
    """A lane for a platform that gets its first score."""
    Lane.objects.get_or_create(registration=registration)


def width(lane: Lane) -> int:
    """How many scores may be on their way at once."""
    if lane.failures:
        return 1
    if lane.registration.product == CANVAS:
        return int(settings.LTI_SCORES_AT_ONCE_CANVAS)
    return int(settings.LTI_SCORES_AT_ONCE)


def succeeded(lane: Lane) -> None:
    """The platform took a score."""
    with _lock:
        _strikes.pop(lane.pk, None)
    if lane.failures:
        Lane.objects.filter(pk=lane.pk).update(failures=0, closed_until=None)


def failed(lane: Lane, row: Delivery, problem: ServiceError) -> None:
    """The platform did not take this score; perhaps it is better let alone."""
    throttled = problem.problem is Problem.BUSY and problem.status in _THROTTLED
    if problem.problem not in _PLATFORM_WIDE and not throttled:
        return
    # Moodle answers 500 to all scores of a column that a teacher has locked.
    is_of_column = problem.status == 500
    failing = ("column", row.line_item_id) if is_of_column else ("score", row.pk)
    if throttled or _is_out(lane, failing):
        seconds = delay(lane.failures, problem.retry_after)
        # Of several that fail together, one closes it; the others were leased as it was then.
        Lane.objects.filter(pk=lane.pk, failures=lane.failures).update(
            failures=lane.failures + 1,
            closed_until=timezone.now() + timedelta(seconds=seconds),
        )


def note_clock(lane: Lane, ahead: int) -> None:
    """Scores carry the platform's time: it compares them with its own."""
    if abs(lane.clock_ahead - ahead) > 1:
        Lane.objects.filter(pk=lane.pk).update(clock_ahead=ahead)


def reopen(registrations: list[int]) -> None:
    """A person wants these tried now. Locks them in order, see ``outbox.locking``."""
    for pk in sorted(registrations):
        Lane.objects.filter(pk=pk).update(closed_until=None)


def _is_out(lane: Lane, failing: tuple[str, int]) -> bool:
    """Of a platform that was closed, whatever had not failed yet tells that it should stay so."""
    with _lock:
        strikes = _strikes.setdefault(lane.pk, set())
        is_new = failing not in strikes
        strikes.add(failing)
    return is_new and (bool(lane.failures) or len(strikes) >= STRIKES)
