"""Once a night, whatever the settings name under LTI_HOUSEKEEPING.

It runs beside the deliverer, in a thread of its own: neither its length nor its failure
holds up a score. A row for each job says when it is due; whoever moves that time on
does it, so that several processes do not do the same at once.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from lti_tool.models import PeriodicJob

logger = logging.getLogger(__name__)

DAY, NIGHT = timedelta(days=1), 2  # o'clock: no lesson waits for an LMS that we question
# A job that its process did not live to finish is begun again by another one.
LEASE = timedelta(hours=1)
# Seconds: a start is busy enough, and a day is not measured in seconds.
FIRST_LOOK, NEXT_LOOK = 60.0, 600.0


class Housekeeper:
    """Looks now and then whether something is due. ``look`` costs nothing in between."""

    def __init__(self) -> None:
        self._look_at = time.monotonic() + FIRST_LOOK

    def look(self) -> None:
        """Start the thread if it is time for a look."""
        if time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + NEXT_LOOK
        threading.Thread(target=_run_periodic_jobs, name="housekeeper", daemon=True).start()


def run_periodic_jobs() -> list[str]:
    """Do what is due and not being done by another process. Return the names of what was done."""
    return [name for name in settings.LTI_HOUSEKEEPING if _run_if_due(name)]


def _run_periodic_jobs() -> None:
    try:
        run_periodic_jobs()
    except DatabaseError:
        logger.exception("the daily work has to wait for the database; it is tried again")
    finally:
        connection.close()  # this thread's own, which nobody else would close


def _run_if_due(name: str) -> bool:
    begun = timezone.now()
    job, _made = PeriodicJob.objects.get_or_create(name=name, defaults={"due_at": begun})
    if job.due_at > begun:
        return False
    mine = PeriodicJob.objects.filter(name=name, due_at=job.due_at)
    if not mine.update(due_at=begun + LEASE):
        return False
    import_string(name)()
    PeriodicJob.objects.filter(name=name).update(due_at=_next_night(begun))
    return True


def _next_night(moment: datetime) -> datetime:
    night = timezone.localtime(moment).replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return night if night > moment else night + DAY
