"""The pages of a container: `limit` and `from`, and the Link header with the next page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict

from lti_tool.sandbox.server.converters import parse_number

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page:
    """A part of a container; a limit of 0 means no limit."""

    limit: int
    start: int

    def select(self, items: Sequence[Item]) -> Sequence[Item]:
        return items[self.start : self.start + self.limit] if self.limit else items

    def next_start(self, total: int) -> int | None:
        """Return where the next page begins, None on the last one."""
        end = self.start + self.limit
        return end if self.limit and end < total else None


def requested_page(query: QueryDict) -> Page:
    """Return the page that a query asks for. As in Moodle, a bad `limit` means no limit."""
    return Page(
        limit=parse_number(query.get("limit")) or 0, start=parse_number(query.get("from")) or 0
    )


def set_link_header(response: HttpResponse, page: Page, total: int, address: str) -> None:
    """Set a correct Link header (RFC 8288), as Moodle's roster has it."""
    start = page.next_start(total)
    if start is not None:
        query = urlencode({"limit": page.limit, "from": start})
        separator = "" if address.endswith("?") else "&" if "?" in address else "?"
        response["Link"] = f'<{address}{separator}{query}>; rel="next"'


def set_malformed_link_header(response: HttpResponse, page: Page, total: int, address: str) -> None:
    """Set the malformed Link header of Moodle's line items and results.

    It has `&amp;` in the address and curly quotes around rel, as in Moodle 4.5
    (`mod/lti/service/gradebookservices`: `lineitems.php`, `results.php`).
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
