"""The pages of Canvas's containers: ten items unless asked for more, with a Link header.

A roster has fifty, and never more (`memberships_provider.rb`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict

from lti_tool.sandbox.server.converters import parse_number

Item = TypeVar("Item")

DEFAULT_PAGE_SIZE = 10
ROSTER_PAGE_SIZE = 50
MAX_PAGE_SIZE = 100
PAGE_PARAMETERS = ("page", "per_page", "limit")


@dataclass(frozen=True)
class Page:
    number: int
    size: int
    address: str
    query: tuple[tuple[str, str], ...]

    def select(self, items: Sequence[Item]) -> Sequence[Item]:
        return items[(self.number - 1) * self.size : self.number * self.size]

    def set_link_header(self, response: HttpResponse, total: int) -> None:
        """Set the Link header (RFC 8288): current, first, last and, if there is one, next."""
        last = max(1, -(-total // self.size))
        pages = {"current": self.number, "first": 1, "last": last}
        if self.number < last:
            pages["next"] = self.number + 1
        links = []
        for name, number in pages.items():
            query = urlencode((*self.query, ("page", number), ("per_page", self.size)))
            links.append(f'<{self.address}?{query}>; rel="{name}"')
        response["Link"] = ",".join(links)


def requested_page(
    query: QueryDict, address: str, default: int = DEFAULT_PAGE_SIZE, most: int = MAX_PAGE_SIZE
) -> Page:
    """Return the page that a query asks for; the specification's `limit` means `per_page`."""
    size = parse_number(query.get("per_page")) or parse_number(query.get("limit"))
    return Page(
        number=parse_number(query.get("page")) or 1,
        size=min(size or default, most),
        address=address,
        query=tuple((name, str(v)) for name, v in query.items() if name not in PAGE_PARAMETERS),
    )
