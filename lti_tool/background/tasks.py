"""Celery's part: it wakes workers and spreads the work. What is due, the rows alone say.

A message that is lost, doubled or late does no harm: beat sends another one every few
seconds, and a worker that finds nothing due is done at once.
"""

from __future__ import annotations

import functools
import logging
import time

from django.conf import settings
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from lti_tool.background import housekeeping
from lti_tool.background.deliverer import Deliverer
from lti_tool.celery import app
from lti_tool.grades import outbox

logger = logging.getLogger(__name__)

# While a wake-up is on its way nobody sends another. Should it get lost, beat is faster.
ON_ITS_WAY, ON_ITS_WAY_SECONDS = "lti_tool.wake", 5
# A task takes scores for so long; then another takes over, so that a worker can be ended.
TAKING_SECONDS = 10.0
# After a failure Redis is let be: no pupil's submit waits for it twice.
LET_BE_SECONDS = 5.0

_let_be_until = 0.0


def wake() -> None:
    """There is something to deliver: tell a worker. Never raises, and never waits long."""
    global _let_be_until  # noqa: PLW0603
    if time.monotonic() < _let_be_until:
        return
    try:
        if cache.add(ON_ITS_WAY, 1, ON_ITS_WAY_SECONDS):
            deliver.apply_async(retry=False, expires=60)
    except (OperationalError, RedisError, OSError) as problem:
        _let_be_until = time.monotonic() + LET_BE_SECONDS
        logger.warning("the workers could not be woken; beat will: %s", problem)


@app.task(name="lti_tool.deliver")
def deliver() -> int:
    """Deliver what is due. Gives how many scores were tried."""
    try:
        # First: whoever reports a score from now on is to wake another one.
        cache.delete(ON_ITS_WAY)
    except (RedisError, OSError) as problem:
        logger.warning("Redis does not answer: %s", problem)
    count = _deliverer().drain(TAKING_SECONDS)
    # Where none could be sent there is nothing to hand on: beat comes back to it.
    if count and outbox.has_work():
        wake()
    return count


@app.task(name="lti_tool.run_periodic_jobs")
def run_periodic_jobs() -> list[str]:
    """The daily work, where it is due. Gives the names of what was done."""
    return housekeeping.run_periodic_jobs()


@functools.cache
def _deliverer() -> Deliverer:
    """One a process, so that its threads keep their connections."""
    return Deliverer(settings.LTI_DELIVERER_THREADS)
