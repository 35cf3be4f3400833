"""HTTP calls to other hosts, bounded in time and size and never redirected.

Every call that the tool makes to another host goes through ``call``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3

from lti_tool import __version__
from lti_tool.services.connections import pools_for
from lti_tool.services.deadlines import cut_off
from lti_tool.services.errors import DeliveryProblem, ServiceError, unreadable

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0  # for each piece
BODY_SECONDS = 15.0  # for all pieces: otherwise a slow body would block a deliverer for ever
MAX_BYTES = 2 * 1024 * 1024
# Some Moodles answer 403 to a request without one.
USER_AGENT = f"lti-worksheets/{__version__}"
_HEADERS = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An HTTP response whose body has been read completely."""

    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        """Return the body parsed as JSON.

        Raise ServiceError (ANSWER_UNREADABLE, not permanent) if it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise unreadable(f"status {self.status}, no JSON") from error


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    data: str | Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> HttpReply:
    """Send one request and return the reply, whatever its status.

    ``data`` is a body as it stands, or the fields of a form. ``seconds`` shortens every time
    limit, for calls that a person waits for. Raise ServiceError (not permanent) with
    UNREACHABLE, or with ANSWER_UNREADABLE beyond MAX_BYTES or BODY_SECONDS.
    """
    body, form_headers = (urlencode(data), _FORM) if isinstance(data, Mapping) else (data, {})
    connect = min(seconds or CONNECT_SECONDS, CONNECT_SECONDS)
    try:
        response = pools_for(url).request(
            method,
            url,
            body=body.encode() if body is not None else None,
            headers={**_HEADERS, **form_headers, **(headers or {})},
            timeout=urllib3.Timeout(connect=connect, read=seconds or READ_SECONDS),
            # urllib3 would read the body of a redirect without any limit.
            redirect=False,
            retries=False,
            preload_content=False,
        )
        with closing(response):
            read = _bounded_body(response, seconds or BODY_SECONDS)
            # A header that came in several lines is one (RFC 9110 section 5.3).
            lower = {name.lower(): response.headers[name] for name in response.headers}
            return HttpReply(response.status, lower, read)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        # ValueError: an invalid address or header. OSError: a missing file of authorities.
        raise ServiceError(
            DeliveryProblem.UNREACHABLE,
            f"{type(error).__name__} at {_without_query(url)}",
            permanent=False,
        ) from error


def _bounded_body(response: urllib3.BaseHTTPResponse, seconds: float) -> bytes:
    body = bytearray()
    end = time.monotonic() + seconds
    # The loop checks the time between pieces; cut_off ends a piece that takes too long.
    with cut_off(2 * seconds, response.shutdown):
        while piece := response.read1(65536, decode_content=True):
            body += piece
            if len(body) > MAX_BYTES or time.monotonic() > end:
                raise unreadable(f"more than {MAX_BYTES} bytes or {seconds} seconds")
    return bytes(body)


def _without_query(url: str) -> str:
    """Return an address without its query, for a log."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
