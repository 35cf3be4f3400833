"""The results of whole columns, as this process read them some seconds ago.

A score that goes into a cell for the first time may find a grade there that a teacher gave
before. A class hands in within minutes, so one reading of the whole column serves them all.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from lti_tool.adapter.connector import Connector
from lti_tool.models import Delivery
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services import ags
from lti_tool.services.ags import Result
from lti_tool.services.errors import DeliveryProblem, ServiceError

logger = logging.getLogger(__name__)

SECONDS = 5.0  # age at which a column is read again
MAX_COLUMNS = 1000  # remembered
MAX_FAILED_READS = 3  # readings in a row that may fail before scores are sent without one
# Problems of reading that need not be ones of writing: lasting, and passing.
_REFUSED = {DeliveryProblem.NOT_ALLOWED, DeliveryProblem.NOT_ACCEPTED}
_FAILED = {DeliveryProblem.SERVER_ERROR, DeliveryProblem.ANSWER_UNREADABLE}


@dataclass
class _Look:
    lock: threading.Lock = field(default_factory=threading.Lock)
    at: float = -math.inf  # on the monotonic clock, as is the next
    failed_at: float = -math.inf
    failure: ServiceError | None = None
    failures: int = 0  # in a row
    results: Mapping[str, Result] = field(default_factory=dict)

    def refresh(self, platform: Connector, column: str) -> None:
        """Read the column. Raise ServiceError as ``read_cell`` does."""
        try:
            self.results = ags.read_results(platform, column)
            self.failures = 0
        except ServiceError as error:
            if error.problem in _FAILED:
                self.failures += 1
            is_over = error.problem in _FAILED and self.failures >= MAX_FAILED_READS
            if error.problem not in _REFUSED and not is_over:
                self.failure, self.failed_at = error, time.monotonic()
                raise
            logger.warning("a column could not be looked at before its first scores: %s", error)
            self.results = {}
        self.at = time.monotonic()


_looks: dict[str, _Look] = {}
_lock = threading.Lock()


def read_cell(platform: Connector, row: Delivery) -> Result | None:
    """Return what the row's cell held within the last ``SECONDS`` seconds.

    Return None also if the platform does not allow this column to be read, or has failed at it
    ``MAX_FAILED_READS`` times in a row: a first score does not wait for that. Raise ServiceError
    for a failure that may pass, and for one that would keep the score from arriving too.
    """
    platform.get_access_token([Scope.RESULT_READONLY])
    look, began = _look(row.line_item.url), time.monotonic()
    with look.lock:
        if look.failure and look.failed_at > began:
            raise look.failure  # of the thread that read while this one waited
        if time.monotonic() - look.at > SECONDS:
            look.refresh(platform, row.line_item.url)
        return look.results.get(row.user.sub)


def _look(column: str) -> _Look:
    with _lock:
        if len(_looks) >= MAX_COLUMNS:
            _looks.clear()
        return _looks.setdefault(column, _Look())
