"""deploy/nginx.conf in a real nginx, with the tool behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests import ROOT
from tests.benchmarks.platform import Platform
from tests.benchmarks.visits import Visitor
from tests.servers.nginx import Proxy, proxy
from tests.servers.programs import NotInstalled, free_port, skip
from tests.servers.tool import Tool

pytestmark = pytest.mark.servers

CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text()


def tool(tmp_path: Path, public_url: str) -> Tool:
    more = {"PUBLIC_URL": public_url, "ALLOWED_HOSTS": "127.0.0.1"}
    return Tool(f"sqlite:///{tmp_path / 'tool.sqlite3'}", more=more)


def test_a_launch_through_the_proxy(tmp_path: Path, platform: Platform) -> None:
    port = free_port()
    try:
        with proxy(CONFIGURATION, f"127.0.0.1:{port}") as before:
            behind = tool(tmp_path, before.url)
            behind.port = port
            behind.join(platform)
            with behind.serving():
                pupil = Visitor(before.url)
                path = pupil.launch(platform, "pupil")
                pupil.close()
                assert requests.get(f"{before.url}/readyz", timeout=10).text == "ready\n"
            log = before.output.read_text()
    except NotInstalled as error:
        skip(error)
    assert "Why did Stalin turn to terror?" in pupil.body
    assert "GET /a/... 200" in log
    assert path.split("/")[2] not in log


def test_the_scheme_outside_is_passed_on(tmp_path: Path) -> None:
    behind = tool(tmp_path, "https://worksheets.example.org")
    host = {"Host": "worksheets.example.org"}
    try:
        with proxy(CONFIGURATION, f"127.0.0.1:{behind.port}") as before, behind.serving():

            def ask(**headers: str) -> requests.Response:
                sent = {**host, **{name.replace("_", "-"): v for name, v in headers.items()}}
                return requests.get(before.url, headers=sent, timeout=10, allow_redirects=False)

            assert ask(X_Forwarded_Proto="https").status_code == 200
            plain = ask()
            assert plain.status_code == 301
            assert plain.headers["Location"] == "https://worksheets.example.org/"
            assert ask(X_Forwarded_Proto="https, http").status_code == 301
    except NotInstalled as error:
        skip(error)


class TestLimits:
    """What nginx lets through; behind it nobody need answer."""

    @staticmethod
    def ask(before: Proxy, times: int, method: str, path: str, address: str) -> Counter[int]:
        with requests.Session() as session:
            headers = {"X-Forwarded-For": address}
            url = f"{before.url}{path}"
            return Counter(
                session.request(method, url, headers=headers, timeout=10).status_code
                for _time in range(times)
            )

    def test_passwords_are_tried_slowly_from_one_address(self, nobody_behind: Proxy) -> None:
        found = self.ask(nobody_behind, 20, "POST", "/admin/login/", "203.0.113.5")
        assert found[429] >= 12
        assert found[502] >= 5
        # An address more does not make it another person's.
        found = self.ask(nobody_behind, 5, "POST", "/admin/login/", "192.0.2.9, 203.0.113.5")
        assert found[429] >= 4

    def test_nobody_elses_pages_wait_for_that(self, nobody_behind: Proxy) -> None:
        self.ask(nobody_behind, 20, "POST", "/admin/login/", "203.0.113.5")
        assert not self.ask(nobody_behind, 5, "POST", "/admin/login/", "203.0.113.6")[429]
        assert not self.ask(nobody_behind, 30, "GET", "/a/x/", "203.0.113.5")[429]

    def test_a_school_behind_one_address_can_launch_at_once(self, nobody_behind: Proxy) -> None:
        assert not self.ask(nobody_behind, 500, "POST", "/lti/launch/", "203.0.113.5")[429]

    def test_the_operators_pages_can_be_kept_inside(self) -> None:
        inside = CONFIGURATION.replace("# allow ", "allow ").replace("# deny ", "deny ")
        assert inside != CONFIGURATION
        try:
            with proxy(inside, "127.0.0.1:9") as before:
                assert self.ask(before, 1, "GET", "/admin/", "203.0.113.5") == {403: 1}
                assert self.ask(before, 1, "GET", "/admin/", "192.0.2.7") == {502: 1}
                assert self.ask(before, 1, "GET", "/lti/jwks.json", "203.0.113.5") == {502: 1}
        except NotInstalled as error:
            skip(error)


@pytest.fixture
def nobody_behind() -> Iterator[Proxy]:
    """A proxy whose tool is away: what it lets through is answered with 502."""
    try:
        with proxy(CONFIGURATION, "127.0.0.1:9") as before:
            yield before
    except NotInstalled as error:
        skip(error)
