"""A browser that an LMS sends to the tool: over real HTTP, or straight into Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from django.test import Client

from lti_tool.login.browser_key import COOKIE
from tests.platform.keys import KeyPair
from tests.platform.launches import Changes, Platform

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back; ``headers`` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def location(self) -> str:
        return self.headers.get("location", "")

    @property
    def set_cookie(self) -> str:
        return self.headers.get("set-cookie", "")


class Wire(Protocol):
    """A way to the tool that follows nothing and keeps nothing."""

    def send(
        self, method: str, path: str, body: str | bytes, headers: Mapping[str, str]
    ) -> Answer: ...


class HttpWire:
    """Real HTTP to a server that listens."""

    def __init__(self, base: str) -> None:
        self.base = base

    def send(self, method: str, path: str, body: str | bytes, headers: Mapping[str, str]) -> Answer:
        response = requests.request(
            method,
            self.base + path,
            data=body or None,
            headers=dict(headers),
            allow_redirects=False,
            timeout=30,
        )
        lower = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, lower, response.text)


class ClientWire:
    """Django's own test client: quicker, where HTTP is not the point."""

    def send(self, method: str, path: str, body: str | bytes, headers: Mapping[str, str]) -> Answer:
        client = Client(raise_request_exception=False, headers={"host": "localhost:8001"})
        others = {name: value for name, value in headers.items() if name != "Content-Type"}
        response = client.generic(
            method, path, body, content_type=headers.get("Content-Type", FORM), headers=others
        )
        lower = {name.lower(): value for name, value in response.items()}
        if response.cookies:
            lower["set-cookie"] = response.cookies.output(header="").strip()
        return Answer(response.status_code, lower, response.content.decode())


@dataclass(frozen=True)
class Begun:
    """A login that has begun, as the platform's authorisation address saw it."""

    answer: Answer
    query: Mapping[str, str]

    @property
    def state(self) -> str:
        return self.query["state"]

    @property
    def nonce(self) -> str:
        return self.query["nonce"]


class Browser:
    """Keeps the one cookie, as browsers do; ``cookie`` None is a browser that blocks it."""

    def __init__(self, wire: Wire, *, blocks_cookies: bool = False) -> None:
        self.wire = wire
        self.blocks_cookies = blocks_cookies
        self.cookie = ""

    def send(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        body: str | bytes = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, of a form or of a raw body."""
        sent = (
            {"Content-Type": FORM, **(headers or {})} if method == "POST" else {**(headers or {})}
        )
        if self.cookie:
            sent["Cookie"] = f"{COOKIE}={self.cookie}"
        answer = self.wire.send(method, path, body or urlencode(form or {}), sent)
        if answer.set_cookie and not self.blocks_cookies:
            name, _, rest = answer.set_cookie.partition("=")
            assert name.startswith(COOKIE)
            self.cookie = rest.partition(";")[0]
        return answer

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """One GET."""
        return self.send("GET", path, headers=headers)

    def begin(self, platform: Platform, **changes: object) -> Begun:
        """The login, as far as the platform's own address."""
        answer = self.send("POST", "/lti/login/", platform.login_form(**changes))
        assert answer.status == 302, answer.text
        return Begun(answer, query_of(answer.location))

    def finish(self, state: str, id_token: str) -> Answer:
        """What the platform's page posts back."""
        return self.send("POST", "/lti/launch/", {"state": state, "id_token": id_token})

    def launch(
        self,
        platform: Platform,
        changes: Changes | None = None,
        *,
        header: Changes | None = None,
        key: KeyPair | None = None,
        algorithm: str = "RS256",
    ) -> Answer:
        """A whole launch, up to the answer of the launch address."""
        begun = self.begin(platform)
        token = platform.token(begun.nonce, changes, header=header, key=key, algorithm=algorithm)
        return self.finish(begun.state, token)


def query_of(address: str) -> dict[str, str]:
    """The parameters of an address, each of which stands there once."""
    pairs = parse_qs(urlsplit(address).query, strict_parsing=True, keep_blank_values=True)
    assert all(len(values) == 1 for values in pairs.values())
    return {name: values[0] for name, values in pairs.items()}
