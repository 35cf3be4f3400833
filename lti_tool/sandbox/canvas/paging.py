"""The pages of Canvas's containers: ten items unless asked for more, with a Link header."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict

Thing = TypeVar("Thing")

USUAL = 10
MAX_PAGE_SIZE = 100
OWN = ("page", "per_page", "limit")


@dataclass(frozen=True)
class Page:
    number: int
    size: int
    address: str
    query: tuple[tuple[str, str], ...]

    def of(self, things: Sequence[Thing]) -> Sequence[Thing]:
        return things[(self.number - 1) * self.size : self.number * self.size]

    def announce(self, response: HttpResponse, total: int) -> None:
        """Set the Link header (RFC 8288): current, first, last and, if there is one, next."""
        last = max(1, -(-total // self.size))
        pages = {"current": self.number, "first": 1, "last": last}
        if self.number < last:
            pages["next"] = self.number + 1
        response["Link"] = ",".join(
            f'<{self._address(number)}>; rel="{name}"' for name, number in pages.items()
        )

    def _address(self, number: int) -> str:
        query = (*self.query, ("page", str(number)), ("per_page", str(self.size)))
        return f"{self.address}?{urlencode(query)}"


def asked(query: QueryDict, address: str) -> Page:
    """Return the page that a query asks for; the specification's `limit` means `per_page`."""
    kept = ((name, str(value)) for name, value in query.items() if name not in OWN)
    size = _count(query.get("per_page")) or _count(query.get("limit")) or USUAL
    return Page(_count(query.get("page")) or 1, min(size, MAX_PAGE_SIZE), address, tuple(kept))


def _count(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 7 else 0
