"""One pupil's way through a launch, over a connection of their own, and many at once."""

from __future__ import annotations

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.benchmarks.platform import CLIENT_ID, Platform

MAX_AGAIN = 10
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Visitor:
    """A browser: one connection, its cookies, and how long the tool took in all."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    body: str = ""
    patience: float = 60.0  # seconds that it waits for an answer
    sent_again: int = 0

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=self.patience
        )

    def request(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        """One request; gives the Location of a redirect, or ''."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if form is not None:
            headers |= FORM
        begin = time.perf_counter()
        while True:
            self._connection.request(method, path, urlencode(form) if form else None, headers)
            answer = self._connection.getresponse()
            self.body = answer.read().decode()
            pause = answer.getheader("Retry-After")
            if answer.status != 503 or pause is None or self.sent_again == MAX_AGAIN:
                break
            # A page that sends the launch again by itself: the platform's keys are being read.
            self.sent_again += 1
            time.sleep(float(pause))
        self.seconds += time.perf_counter() - begin
        for header, value in answer.getheaders():
            if header.lower() == "set-cookie":
                name, _, rest = value.partition("=")
                self.cookies[name] = rest.partition(";")[0]
        if answer.status >= 400:
            raise AssertionError(f"{answer.status} at {path}: {self.body[:500]}")
        return answer.getheader("Location") or ""

    def launch(self, platform: Platform, person: str, role: str = "Learner") -> str:
        """Login, launch, page. Gives the page's path; signing is not counted."""
        form = {
            "iss": platform.url,
            "login_hint": person,
            "client_id": CLIENT_ID,
            "target_link_uri": f"{self.url}/lti/launch/",
        }
        query = parse_qs(urlsplit(self.request("POST", "/lti/login/", form)).query)
        token = platform.id_token(person, query["nonce"][0], self.url, role)
        answer = {"state": query["state"][0], "id_token": token}
        path = self.request("POST", "/lti/launch/", answer)
        self.request("GET", path)
        return path

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True)
class Figures:
    """Launches per second, and how long one takes."""

    per_second: float
    p50: float
    p95: float


def launches(url: str, platform: Platform, count: int, at_once: int) -> Figures:
    """So many launches by so many people at once; a failed one ends the measurement."""

    def one(number: int) -> float:
        visitor = Visitor(url)
        visitor.launch(platform, str(number % 200))
        visitor.close()
        return visitor.seconds

    begin = time.perf_counter()
    with ThreadPoolExecutor(at_once) as people:
        seconds = sorted(people.map(one, range(count)))
    wall = time.perf_counter() - begin
    return Figures(count / wall, quantile(seconds, 0.5), quantile(seconds, 0.95))


def quantile(values: list[float], share: float) -> float:
    """Of sorted values."""
    return values[min(int(len(values) * share), len(values) - 1)]
