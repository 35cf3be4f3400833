"""The address of the next page of a list, from the Link header (RFC 8288)."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from requests.utils import parse_header_links

from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.http import HttpReply


def next_page(url: str, reply: HttpReply) -> str:
    """Return the address of the page after ``answer``, which came from ``url``, or ''.

    Raise ServiceError (ANSWER_UNREADABLE) if it is at another origin, which must not get our
    token.
    """
    for link in parse_header_links(reply.headers.get("link", "")):
        # Moodle writes rel=“next” with curly quotes; without this the list would seem to end.
        if "next" not in re.split(r"[^a-z-]+", link.get("rel", "").lower()):
            continue
        try:
            found = urljoin(url, link["url"])
            is_same = _origin(found) == _origin(url)
        except ValueError as error:
            raise _unreadable("the next page has no address") from error
        if not is_same:
            raise _unreadable("the next page is on another host")
        return found
    return ""


def _origin(url: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port. Raise ValueError if it is no address."""
    parts = urlsplit(url)
    default = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or default


def _unreadable(detail: str) -> ServiceError:
    return ServiceError(DeliveryProblem.ANSWER_UNREADABLE, detail, permanent=False)
