"""A timer for the daily jobs, which the settings name in LTI_HOUSEKEEPING.

They run beside the deliverer, in a thread of their own: neither their length nor their failure
holds up a score. A row for each job says when it is due. The process that moves that time into
the future does the job, so that no two processes do it at once.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from lti_tool.db.troubles import is_away
from lti_tool.models import PeriodicJob

logger = logging.getLogger(__name__)

DAY, NIGHT = timedelta(days=1), 2  # o'clock, when no lesson waits for an LMS that answers us
# If its process dies, a job is begun again by another one after this.
LEASE = timedelta(hours=1)
# In seconds. The first look comes late because a start is busy enough.
FIRST_LOOK, NEXT_LOOK = 60.0, 600.0


class Housekeeper:
    """A timer that starts the jobs that are due, in a thread of its own."""

    def __init__(self) -> None:
        self._look_at = time.monotonic() + FIRST_LOOK

    def run_if_due(self) -> None:
        """Start the thread if it is time for it; cheap enough for every round of a deliverer."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + NEXT_LOOK
        threading.Thread(target=_run_in_thread, name="housekeeper", daemon=True).start()


def _run_in_thread() -> None:
    try:
        run_periodic_jobs()
    except DatabaseError as error:
        trace = None if is_away(error) else error
        logger.warning("the daily jobs wait for the database: %s", error, exc_info=trace)
    finally:
        connection.close()  # this thread's own; Django closes only those of requests


def run_periodic_jobs() -> list[str]:
    """Do the jobs that are due and not being done by another process. Return their names."""
    done = []
    for name in settings.LTI_HOUSEKEEPING:
        begun = timezone.now()
        job, _made = PeriodicJob.objects.get_or_create(name=name, defaults={"due_at": begun})
        same = PeriodicJob.objects.filter(name=name, due_at=job.due_at)
        if job.due_at > begun or not same.update(due_at=begun + LEASE):
            continue
        import_string(name)()
        night = timezone.localtime(begun).replace(hour=NIGHT, minute=0, second=0, microsecond=0)
        due_at = night if night > begun else night + DAY
        PeriodicJob.objects.filter(name=name).update(due_at=due_at)
        done.append(name)
    return done
