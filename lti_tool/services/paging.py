"""The next page of a list that a platform tells page by page (RFC 8288)."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from requests.utils import parse_header_links

from lti_tool.services.errors import Problem, ServiceError
from lti_tool.services.http import Answer


def next_page(url: str, answer: Answer) -> str:
    """The address of the page after ``answer``, which came from ``url``, or ''.

    Raises ServiceError (ANSWER_UNREADABLE) for another host's: our token goes to nobody else.
    """
    for link in parse_header_links(answer.headers.get("link", "")):
        # Moodle has been seen to quote with “…”; a page overlooked would look like the end.
        if "next" not in re.split(r"[^a-z-]+", link.get("rel", "").lower()):
            continue
        try:
            found = urljoin(url, link["url"])
            is_same = _origin(found) == _origin(url)
        except ValueError as problem:
            raise _unreadable("the next page has no address") from problem
        if not is_same:
            raise _unreadable("the next page is on another host")
        return found
    return ""


def _origin(url: str) -> tuple[str, str | None, int | None]:
    """Raises ValueError for what is no address."""
    parts = urlsplit(url)
    default = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or default


def _unreadable(detail: str) -> ServiceError:
    return ServiceError(Problem.ANSWER_UNREADABLE, detail, permanent=False)
