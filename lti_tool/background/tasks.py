"""Celery's tasks, and a wake-up for its workers.

Only the rows say what is due. A message that is lost, doubled or late does no harm: beat sends
another one every few seconds, and a worker that finds nothing due is done at once.
"""

from __future__ import annotations

import functools
import logging
import time

from celery import Task
from django.conf import settings
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from lti_tool.background import housekeeping, jobs
from lti_tool.background.deliverer import Deliverer
from lti_tool.celery import app
from lti_tool.grades import outbox

logger = logging.getLogger(__name__)

# While a wake-up is on its way no other is sent. If it gets lost, beat delivers anyway.
WAKE_KEY, WAKE_JOBS_KEY, WAKE_KEY_SECONDS = "lti_tool.wake", "lti_tool.wake_jobs", 5
# A task leases scores for so long; then another takes over, so that a worker can be ended.
TASK_SECONDS = 10.0
# After a failure Redis is not called for so long: a pupil's submit must not wait again.
REDIS_PAUSE_SECONDS = 5.0

_redis_paused_until = 0.0


def wake() -> None:
    """Tell a worker that there is something to deliver. Never raise, and never wait long."""
    _wake(deliver, WAKE_KEY)


def wake_jobs() -> None:
    """Tell a worker that there is a job to do. Never raise, and never wait long."""
    _wake(run_jobs, WAKE_JOBS_KEY)


def _wake(task: Task[[], int], key: str) -> None:
    global _redis_paused_until  # noqa: PLW0603
    if time.monotonic() < _redis_paused_until:
        return
    try:
        if cache.add(key, 1, WAKE_KEY_SECONDS):
            task.apply_async(retry=False, expires=60)
    except (OperationalError, RedisError, OSError) as error:
        _redis_paused_until = time.monotonic() + REDIS_PAUSE_SECONDS
        logger.warning("the workers could not be woken; beat will: %s", error)


def _was_woken(key: str) -> None:
    """Let others be woken; first of all, so that what comes from now on wakes another worker."""
    try:
        cache.delete(key)
    except (RedisError, OSError) as error:
        logger.warning("Redis does not answer: %s", error)


@app.task(name="lti_tool.deliver")
def deliver() -> int:
    """Deliver what is due. Return how many scores were tried."""
    _was_woken(WAKE_KEY)
    count = _deliverer().drain(TASK_SECONDS)
    # If none could be sent, another worker could not either: beat tries again.
    if count and outbox.has_work():
        wake()
    return count


@app.task(name="lti_tool.run_jobs")
def run_jobs() -> int:
    """Do a job, and wake a worker for the next one. Return how many were done: 0 or 1.

    One a task, so that scores which came meanwhile take their turn.
    """
    _was_woken(WAKE_JOBS_KEY)
    row = jobs.lease()
    if row is None:
        return 0
    jobs.run(row)
    if jobs.has_work():
        wake_jobs()
    return 1


run_periodic_jobs = app.task(name="lti_tool.run_periodic_jobs")(housekeeping.run_periodic_jobs)


@functools.cache
def _deliverer() -> Deliverer:
    """Return the one deliverer of this process, whose threads keep their connections."""
    return Deliverer(settings.LTI_DELIVERER_THREADS)
