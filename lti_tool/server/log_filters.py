"""A log filter that hides the token in the addresses of an activity's pages."""

from __future__ import annotations

import logging
import re

# The token alone opens an activity's pages; see lti_tool.launches.visit.
_TOKEN = re.compile(r"(/a/)[^/\s'\"?]{16,}")


class HideActivityTokens(logging.Filter):
    """A filter that replaces the token in every path that a log record carries."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = _TOKEN.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, None
        return True
