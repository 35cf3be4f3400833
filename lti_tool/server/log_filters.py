"""What may stand in a log: references and reasons, never the token of an activity."""

from __future__ import annotations

import logging
import re

# The token is the whole credential of an activity's pages; see lti_tool.launches.visit.
_TOKEN = re.compile(r"(/a/)[^/\s'\"?]{16,}")


class HideActivityTokens(logging.Filter):
    """Replaces the token in every path that a log record carries."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = _TOKEN.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, None
        return True
