"""The results of whole columns, as this process read them some seconds ago.

A score that goes into a cell for the first time may find a grade there that a teacher gave
before. A class hands in within minutes, so one reading of the whole column serves them all.
"""

from __future__ import annotations

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
from lti_tool.services.errors import ServiceError

SECONDS = 5.0  # age at which a column is read again
MAX_COLUMNS = 1000  # remembered


@dataclass
class _Look:
    lock: threading.Lock = field(default_factory=threading.Lock)
    at: float = -math.inf  # on the monotonic clock, as is the next
    failed_at: float = -math.inf
    failure: ServiceError | None = None
    results: Mapping[str, Result] = field(default_factory=dict)

    def refresh(self, platform: Connector, column: str) -> None:
        """Read the column. Raise ServiceError if it cannot be read."""
        try:
            self.results = ags.read_results(platform, column)
        except ServiceError as error:
            self.failure, self.failed_at = error, time.monotonic()
            raise
        self.at = time.monotonic()


_looks: dict[str, _Look] = {}
_lock = threading.Lock()


def read_cell(platform: Connector, row: Delivery) -> Result | None:
    """Return what the row's cell held within the last ``SECONDS`` seconds.

    Raise ServiceError if the column cannot be read.
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
