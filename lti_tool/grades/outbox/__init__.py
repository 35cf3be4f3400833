"""Functions that deliver due scores: lease rows, send their scores, settle the rows.

The rows (``Delivery``) are the only record of what is to be sent. If a process crashes, the
leases of its rows expire and the rows are due again. Only one process leases a row at a time.
``lti_tool.background.deliverer`` calls these functions in a loop, for many scores at once.

The modules, in the order in which a score passes through them:

1. ``due`` finds the rows that may be sent now, by the platform's queue.
2. ``leasing`` reserves some of them for this process for a limited time.
3. ``sending`` looks at the cell (``looking``, ``results_cache``), compares it with the scores sent
   before (``comparing``), and writes it; a link without a column gets one (``columns``), and one
   whose worksheet has other marks now gets another maximum (``column_maximum``).
4. ``settling`` saves the outcome in the row and in the platform's queue (``platform_queues``);
   after a failure, also the time of the next try (``backoff``).
5. ``resending`` makes refused rows due again; ``deciding`` does what a teacher says where the LMS
   holds another grade.
6. ``clocks`` corrects times after a clock was set back; ``restored`` puts all cells in doubt after
   the database was restored.

``locking`` defines the order in which all of them lock rows.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from lti_tool.grades.outbox import column_maximum
from lti_tool.grades.outbox.columns import column_problem
from lti_tool.grades.outbox.deciding import CHANGED_IN_LMS, decide, decide_anew, fingerprint
from lti_tool.grades.outbox.due import has_work, next_due_at
from lti_tool.grades.outbox.leasing import Leased, lease, release
from lti_tool.grades.outbox.platform_queues import open_queue
from lti_tool.grades.outbox.resending import make_due, make_due_after_launch, people_returned
from lti_tool.grades.outbox.sending import Outcome, our_fault, send
from lti_tool.grades.outbox.settling import settle

__all__ = [
    "CHANGED_IN_LMS",
    "Leased",
    "Outcome",
    "column_maximum",
    "column_problem",
    "decide",
    "decide_anew",
    "fingerprint",
    "has_work",
    "lease",
    "make_due",
    "make_due_after_launch",
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
    """Wake the deliverer by the function that LTI_WAKE names; call it after a score was saved.

    Without this call the deliverer finds the score at its next look for due scores.
    """
    import_string(settings.LTI_WAKE)()
