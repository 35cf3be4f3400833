"""Functions that read a launch's custom parameters: what it was copied from, dates, our key.

Pure. The names are those of ``vocabulary.CUSTOM_PARAMETERS``. Custom values are free text
that platforms expand, leave as they are ('$ResourceLink.id.history') or empty, and that
course editors can change: a value that cannot be read counts as absent and never refuses a
launch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from lti_tool.protocol.claims import ID_LENGTH, clean

RESOURCE_KEY = "worksheet"  # what our answer to a deep linking request puts into a link
MAX_HISTORY = 20
# Dates outside these years mean 'no limit'; converting them to UTC could overflow datetime.
FIRST_YEAR, LAST_YEAR = 2000, 2199

Custom = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a link as the LMS sends them for one person; aware, None if not sent.

    ``due_at`` is when it should be handed in, ``closes_at`` when it no longer can be.
    ``lead``: the LMS keeps dates for this link, so that None means no limit.
    """

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    lead: bool = False


def history(custom: Custom, name: str) -> tuple[str, ...]:
    """Return the ids that a link or course was copied from, nearest first (LTI Core 1.3, B.2).

    At most MAX_HISTORY. They come URL-encoded, because an id may contain a comma.
    """
    value = custom.get(name, "")
    if value.startswith("$"):
        return ()
    ids = [clean(unquote(part.strip())) for part in value.split(",")]
    return tuple(part for part in ids if part and len(part) <= ID_LENGTH)[:MAX_HISTORY]


def resource_key(custom: Custom) -> str:
    """Return the key that our deep linking response gave to the link, or ''."""
    return custom.get(RESOURCE_KEY, "")[:ID_LENGTH]


def dates(custom: Custom) -> Dates:
    """Return the dates in the custom parameters; of several for one field, the strictest.

    In LTI Core 1.3, B.2, nothing can be submitted after the end of submission. Canvas sends
    its due date there, after which it still accepts late work. It leaves the variable of a
    date that an assignment lacks unexpanded, as it does where the link is no assignment.
    """
    opens = _times(custom, "available_from", "submission_from", "canvas_unlock_at")
    closes = _times(custom, "available_until", "canvas_lock_at")
    due = _times(custom, "canvas_due_at")
    ends = _times(custom, "submission_until")
    if "canvas_due_at" in custom:
        due += ends
    else:
        closes += ends
    return Dates(
        opens_at=max(opens, default=None),
        due_at=min(due, default=None),
        closes_at=min(closes, default=None),
        lead=_is_expanded(custom.get("canvas_assignment", "")),
    )


def _is_expanded(value: str) -> bool:
    return bool(value) and not value.startswith("$")


def _times(custom: Custom, *names: str) -> list[datetime]:
    found = (_time(custom.get(name, "")) for name in names)
    return [time for time in found if time is not None]


def _time(text: str) -> datetime | None:
    """Return an ISO 8601 date in UTC, which it is without an offset.

    None if it cannot be read or is outside FIRST_YEAR to LAST_YEAR.
    """
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
