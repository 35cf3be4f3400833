"""The one way in which we call another host: bounded in time and size, never redirected."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from lti_tool import __version__
from lti_tool.errors import Problem, ServiceError
from lti_tool.services.connections import GuardedSession, cut_off

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0  # for each piece
BODY_SECONDS = 15.0  # for all of them: a byte now and then would hold a deliverer for ever
MAX_BYTES = 2 * 1024 * 1024
# Some Moodles answer 403 to a request without one.
USER_AGENT = f"lti-worksheets/{__version__}"

_local = threading.local()


@dataclass(frozen=True, slots=True)
class Answer:
    """A platform's answer, read whole."""

    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        """The body as JSON. Raises ServiceError (ANSWER_UNREADABLE, passing)."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as problem:
            raise ServiceError(
                Problem.ANSWER_UNREADABLE, f"status {self.status}, no JSON", permanent=False
            ) from problem


def call(
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    data: Any = None,
    seconds: float | None = None,
) -> Answer:
    """Send one request and read its answer, whatever its status.

    ``seconds`` shortens every time limit, where a person waits. Raises ServiceError
    (passing): UNREACHABLE, or ANSWER_UNREADABLE beyond MAX_BYTES or BODY_SECONDS.
    """
    try:
        with _session().request(
            method,
            url,
            headers=headers,
            data=data,
            timeout=(min(seconds or CONNECT_SECONDS, CONNECT_SECONDS), seconds or READ_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _bounded_body(response, seconds or BODY_SECONDS)
            lower = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, lower, body)
    except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as problem:
        raise ServiceError(
            Problem.UNREACHABLE, f"{type(problem).__name__} at {_host(url)}", permanent=False
        ) from problem


def get_json(url: str) -> Any:
    """The JSON at a public address. Raises ServiceError."""
    answer = call("GET", url, headers={"Accept": "application/json"})
    if answer.status != 200:
        raise ServiceError(
            Problem.SERVER_ERROR, f"status {answer.status} at {_host(url)}", permanent=False
        )
    return answer.json()


def _bounded_body(response: requests.Response, seconds: float) -> bytes:
    body = bytearray()
    end = time.monotonic() + seconds
    # The loop sees the clock between pieces; a piece that never ends is seen from outside.
    with cut_off(2 * seconds, response.raw.shutdown):
        while piece := response.raw.read1(65536, decode_content=True):
            body += piece
            if len(body) > MAX_BYTES or time.monotonic() > end:
                raise ServiceError(
                    Problem.ANSWER_UNREADABLE,
                    f"more than {MAX_BYTES} bytes or {seconds} seconds",
                    permanent=False,
                )
    return bytes(body)


def _session() -> requests.Session:
    """One a thread, so that connections are kept alive and never shared."""
    session: requests.Session | None = getattr(_local, "session", None)
    if session is None:
        session = GuardedSession()
        session.headers["User-Agent"] = USER_AGENT
        # A platform's session cookie would tie one call to the next.
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        _local.session = session
    return session


def _host(url: str) -> str:
    """Enough of an address for a log, without the query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
