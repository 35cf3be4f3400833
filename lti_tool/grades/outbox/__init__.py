"""Functions that deliver due scores: lease rows, send their scores, settle the rows.

The rows are the only record of what is to be sent. A deliverer that dies loses nothing: its
lease runs out and the row is due again. No two deliverers hold one row at the same time.
``lti_tool.background.deliverer`` calls these functions in a loop, for many scores at once.

To read it from the beginning, follow one score:

1. ``due``: which rows may be sent now, of which platform's queue.
2. ``leasing``: this process takes some of them for a while.
3. ``sending``: the cell is read (``results_cache``), compared with what we sent (``comparing``),
   and written; a link without a column gets one (``columns``).
4. ``settling``: what came of it is written into the row, and into the platform's queue
   (``platform_queues``); after a failure, the time of the next try (``backoff``).
5. ``resending``: what was refused becomes due again.
6. ``clocks``: for rows that wait for nothing but a clock.

``locking`` is the order in which all of them lock rows.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from lti_tool.grades.outbox.due import has_work, next_due_at
from lti_tool.grades.outbox.leasing import Leased, lease, release
from lti_tool.grades.outbox.platform_queues import open_queue
from lti_tool.grades.outbox.resending import make_due, mended_by_launch, people_returned
from lti_tool.grades.outbox.sending import Outcome, our_fault, send
from lti_tool.grades.outbox.settling import settle

__all__ = [
    "Leased",
    "Outcome",
    "has_work",
    "lease",
    "make_due",
    "mended_by_launch",
    "next_due_at",
    "notify_deliverer",
    "open_queue",
    "our_fault",
    "people_returned",
    "release",
    "send",
    "settle",
]


def notify_deliverer() -> None:
    """Wake the deliverer that the settings name (LTI_WAKE); call it once a score is saved.

    Nothing depends on it: due scores are found without it, a little later.
    """
    import_string(settings.LTI_WAKE)()
