"""The address of the next page of a list, from the Link header (RFC 8288)."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from requests.utils import parse_header_links

from lti_tool.services.addresses import is_same_origin
from lti_tool.services.errors import unreadable
from lti_tool.services.http import HttpReply


def next_page(url: str, reply: HttpReply) -> str:
    """Return the address of the page after ``reply``, which came from ``url``, or ''.

    Raise ServiceError (ANSWER_UNREADABLE) if it is at another origin, which must not get our
    token.
    """
    for link in parse_header_links(reply.headers.get("link", "")):
        # Moodle 4.5 writes rel=“next” with curly quotes (results.php and lineitems.php of
        # mod/lti/service/gradebookservices); without this the list would seem to end.
        if "next" not in re.split(r"[^a-z-]+", link.get("rel", "").lower()):
            continue
        try:
            found = urljoin(url, link["url"])
            is_same = is_same_origin(found, url)
        except ValueError as error:
            raise unreadable("the next page has no address") from error
        if not is_same:
            raise unreadable("the next page is on another host")
        return found
    return ""
