"""What the custom values of a launch mean to us: where it was copied from, its dates, its key.

Pure. The names are those of ``vocabulary.CUSTOM_PARAMETERS``. Custom values are free text
that platforms expand, leave as they are ('$ResourceLink.id.history') or empty, and that
course editors can change: what cannot be read is none, never a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from lti_tool.protocol.claims import ID_LENGTH, clean

RESOURCE_KEY = "worksheet"  # what our answer to a deep linking request puts into a link
MAX_HISTORY = 20
# Years that somebody means. What is beyond says 'no limit', and an offset would lead out of time.
FIRST_YEAR, LAST_YEAR = 2000, 2199

Custom = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dates:
    """As the LMS tells them for this person; aware, None where it tells none.

    ``due_at`` is when it should be handed in, ``closes_at`` when it no longer can be.
    ``lead``: the LMS has dates for this link, and a None means that there is no limit.
    """

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    lead: bool = False


def history(custom: Custom, name: str) -> tuple[str, ...]:
    """The ids that a link or course was copied from, nearest first (LTI Core 1.3, B.2).

    They come URL-encoded, so that an id may hold a comma.
    """
    value = custom.get(name, "")
    if value.startswith("$"):
        return ()
    ids = [clean(unquote(part.strip())) for part in value.split(",")]
    return tuple(part for part in ids if part and len(part) <= ID_LENGTH)[:MAX_HISTORY]


def resource_key(custom: Custom) -> str:
    """The key that we gave to the link, or '' for a link made without us."""
    return custom.get(RESOURCE_KEY, "")[:ID_LENGTH]


def dates(custom: Custom) -> Dates:
    """The dates that the link's custom values tell; of several, the strictest.

    In LTI Core 1.3, B.2, nothing can be submitted after the end of submission. Canvas
    sends its due date there, after which it still takes what is late. A date that an
    assignment of Canvas lacks is not expanded, as if the link were no assignment.
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
    """ISO 8601; without an offset it is UTC. None for what no clock will show."""
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
