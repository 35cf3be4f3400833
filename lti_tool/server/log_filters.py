"""A log filter that hides the token in the addresses of an activity's pages."""

from __future__ import annotations

import logging
import re

# The token alone opens an activity's pages; see lti_tool.launches.visit. Some servers log a path
# as it was sent: its characters may be encoded, once or several times, or be capitals.
_PATH = re.compile(r"(/(?:a|%(?:25)*[46]1)(?:/|%(?:25)*2f))[^/\s'\"?]{16,}", re.IGNORECASE)
# The token itself, wherever it stands: a traceback names it without its path.
_TOKEN = re.compile(r"\b[0-9a-f]{32}\.[0-9a-z]+\.[\w-]{10,}", re.IGNORECASE)
_FORMATTER = logging.Formatter()


class HideActivityTokens(logging.Filter):
    """A filter that replaces the token of an activity wherever a log record carries it."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = _hide(message)
        if hidden != message:
            record.msg, record.args = hidden, None
        # Formatters write this text instead of formatting the exception once more.
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = _hide(record.exc_text)
        return True


def hide_tokens_in(*loggers: str) -> None:
    """Add the filter to loggers whose handlers are not those of ``LOGGING``."""
    for name in loggers:
        logging.getLogger(name).addFilter(HideActivityTokens())


def _hide(text: str) -> str:
    return _TOKEN.sub("…", _PATH.sub(r"\1…", text))
