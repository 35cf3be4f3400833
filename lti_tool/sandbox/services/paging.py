"""The pages of a container: `limit` and `from`, and the Link header with the next page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Page:
    limit: int
    start: int

    def of(self, things: Sequence[Thing]) -> Sequence[Thing]:
        return things[self.start : self.start + self.limit] if self.limit else things

    def next_start(self, total: int) -> int | None:
        follows = self.start + self.limit
        return follows if self.limit and follows < total else None


def asked(query: QueryDict) -> Page:
    """Return the page that a query asks for. As in Moodle, a bad `limit` means no limit."""
    return Page(_count(query.get("limit")), _count(query.get("from")))


def _count(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 7 else 0


def link_next(response: HttpResponse, page: Page, total: int, address: str) -> None:
    """Set a correct Link header (RFC 8288), as Moodle's roster has it."""
    follows = page.next_start(total)
    if follows is not None:
        query = urlencode({"limit": page.limit, "from": follows})
        mark = "" if address.endswith("?") else "&" if "?" in address else "?"
        response["Link"] = f'<{address}{mark}{query}>; rel="next"'


def link_crookedly(response: HttpResponse, page: Page, total: int, address: str) -> None:
    """Set the malformed Link header of Moodle's line items and results.

    It has `&amp;` in the address and curly quotes around rel.
    """
    if not page.limit:
        return
    starts = {"first": 0, "canonical": page.start, "next": page.next_start(total)}
    links = [
        f"<{address}&amp;limit={page.limit}&amp;from={start}>; rel=“{name}”"
        for name, start in starts.items()
        if start is not None
    ]
    response["Link"] = ", ".join(links).encode().decode("latin-1")
