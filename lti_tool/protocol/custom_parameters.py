"""Functions that read a launch's custom parameters: what it was copied from, and dates.

Pure. The names are those of ``vocabulary.CUSTOM_PARAMETERS``. Custom values are free text
that platforms expand, leave as they are ('$ResourceLink.id.history') or empty, and that
course editors can change: a value that cannot be read counts as absent and never refuses a
launch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from lti_tool.protocol.values import ID_LENGTH, clean, is_identifier

MAX_HISTORY = 20
# Dates outside these years mean 'no limit'; converting them to UTC could overflow datetime.
FIRST_YEAR, LAST_YEAR = 2000, 2199

Custom = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a link as the LMS sends them for one person; aware, None if not sent.

    ``due_at`` is when it should be handed in, ``closes_at`` when it no longer can be.
    ``lead``: the LMS keeps dates for this link, so that None means no limit where there is any.
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


def assignment_id(custom: Custom) -> str:
    """Return the LMS's own id of the assignment, '' if it has none; Canvas alone sends it."""
    value = custom.get("canvas_assignment", "")
    return "" if value.startswith("$") or not is_identifier(value) else value


def dates(custom: Custom) -> Dates:
    """Return the dates in the custom parameters; of several for one field, the strictest.

    In LTI Core 1.3, B.2, nothing can be submitted after the end of submission. Canvas sends
    its due date there, after which it still accepts late work. It leaves the variable of a
    date that an assignment lacks unexpanded, as it does where the link is no assignment.
    """
    opens = ["available_from", "submission_from", "canvas_unlock_at"]
    due, closes = ["canvas_due_at"], ["available_until", "canvas_lock_at"]
    (due if "canvas_due_at" in custom else closes).append("submission_until")
    return Dates(
        opens_at=max(_times(custom, opens), default=None),
        due_at=min(_times(custom, due), default=None),
        closes_at=min(_times(custom, closes), default=None),
        lead=bool(assignment_id(custom)),
    )


def _times(custom: Custom, names: Iterable[str]) -> list[datetime]:
    """Return the ISO 8601 dates in these parameters in UTC, which they are without an offset.

    One that cannot be read, or is outside FIRST_YEAR to LAST_YEAR, is left out.
    """
    found = []
    for name in names:
        try:
            time = datetime.fromisoformat(custom.get(name, "").strip())
        except ValueError:
            continue
        if FIRST_YEAR <= time.year <= LAST_YEAR:
            found.append((time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC))
    return found
