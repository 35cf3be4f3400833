"""deploy/nginx.conf in a real nginx, with the tool behind it."""

from __future__ import annotations

import re
import resource
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import yaml

from tests import ROOT
from tests.benchmarks.platform import Platform
from tests.benchmarks.starting import common_start
from tests.benchmarks.visits import Visitor
from tests.servers.nginx import Proxy, proxy
from tests.servers.programs import NotInstalled, free_port, skip
from tests.servers.tool import Tool

pytestmark = pytest.mark.servers

TOKEN = "0123456789abcdef0123456789abcdef.1uXyZ0.c2lnbmF0dXJlIG9mIGl0IGFuZCBtb3Jl"
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


def number(text: str, name: str) -> int:
    """The number of the one directive of that name."""
    (found,) = re.findall(rf"^\s*{name} ([0-9]+)s?;", text, re.M)
    return int(found)


class TestCommonStart:
    """Thousands of pupils come at the same minute."""

    def test_files_match_the_connections(self) -> None:
        connections = number(CONFIGURATION, "worker_connections")
        files = number(CONFIGURATION, "worker_rlimit_nofile")
        assert connections == 8192
        assert files > 2 * connections  # a body that is too long for memory is a file more
        compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
        assert compose["services"]["proxy"]["ulimits"]["nofile"] >= files

    def test_the_queue_of_new_connections_is_long(self) -> None:
        assert re.search(r"^\s*listen 8080 backlog=4096;", CONFIGURATION, re.M)

    def test_more_idle_connections_than_there_were_ever_are_held_open(self) -> None:
        """One process of nginx; with 1,024 of them it dropped every further one."""
        wanted = 1500
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < wanted + 500:
            pytest.skip(f"this machine lets a process have {hard} files")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted + 500), hard))
        one = CONFIGURATION.replace("worker_processes auto;", "worker_processes 1;")
        try:
            with proxy(one, "127.0.0.1:9") as before, ExitStack() as held:
                place = urlsplit(before.url)
                for _ in range(wanted):
                    held.enter_context(
                        socket.create_connection((place.hostname, place.port), timeout=10)
                    )
                assert requests.get(f"{before.url}/-/proxy", timeout=10).status_code == 204
                # A request takes a second connection, to the tool that is away.
                assert requests.get(f"{before.url}/a/x/", timeout=10).status_code == 502
        except NotInstalled as error:
            skip(error)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    def test_first_launches_at_once_are_all_answered(
        self, postgres_url: str, platform: Platform
    ) -> None:
        """The large one is a benchmark: tests/benchmarks/starting.py."""
        found = common_start(platform, postgres_url, pupils=60, seconds=0.5)
        assert found.lost == []
        assert found.people == 60

    @pytest.mark.parametrize("place", ["deploy/nginx.conf", "docs/operator.md"])
    def test_the_proxy_closes_idle_connections_before_gunicorn_does(self, place: str) -> None:
        (upstream,) = re.findall(
            r"^\s*upstream \w+ \{.*?^\s*\}", (ROOT / place).read_text(), re.M | re.S
        )
        assert number(upstream, "keepalive") > 0
        for told in ("Dockerfile", "docs/operator.md"):
            kept = re.findall(r"--keep-alive[ =](\d+)", (ROOT / told).read_text())
            assert kept
            assert number(upstream, "keepalive_timeout") < min(map(int, kept))

    def test_a_connection_to_the_tool_is_used_again(self) -> None:
        accepted: list[object] = []

        class Counting(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                accepted.append(self.client_address)
                super().setup()

            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        one = CONFIGURATION.replace("worker_processes auto;", "worker_processes 1;")
        try:
            with proxy(one, f"127.0.0.1:{server.server_port}") as before:
                for path in ("/", "/lti/jwks.json", "/admin/", "/a/x/"):
                    assert requests.get(f"{before.url}{path}", timeout=10).status_code == 200
        except NotInstalled as error:
            skip(error)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
        assert len(accepted) == 1

    def test_several_processes_without_containers(self, tmp_path: Path, platform: Platform) -> None:
        """The part of docs/operator.md, in an nginx: one of two processes may be away."""
        text = (ROOT / "docs" / "operator.md").read_text()
        (block,) = [
            part for part in re.findall(r"```nginx\n(.*?)```", text, re.S) if "upstream" in part
        ]
        port, away = free_port(), free_port()
        for told, ours in (
            ("127.0.0.1:8001", f"127.0.0.1:{port}"),
            ("127.0.0.1:8002", f"127.0.0.1:{away}"),
        ):
            assert told in block
            block = block.replace(told, ours)
        listen = "listen 443 ssl;"
        assert listen in block
        block = block.replace(listen, "listen 8080 ;")
        block = re.sub(r"\s*ssl_\w+ .*;", "", block).replace("https", "http")
        whole = (
            "pid /tmp/nginx.pid;\nevents { worker_connections 8192; }\nhttp {\n"
            + "".join(f"{kind}_temp_path /tmp/{kind};\n" for kind in ("fastcgi", "uwsgi", "scgi"))
            + "client_body_temp_path /tmp/body;\nproxy_temp_path /tmp/proxy;\n"
            + f"access_log off;\nerror_log /dev/stderr crit;\n{block}\n}}\n"
        )
        try:
            with proxy(whole, None) as before:
                behind = tool(tmp_path, before.url)
                behind.port = port
                behind.join(platform)
                with behind.serving():
                    for person in ("one", "two", "three"):
                        pupil = Visitor(before.url)
                        pupil.launch(platform, person)
                        pupil.close()
                        assert "Why did Stalin turn to terror?" in pupil.body
        except NotInstalled as error:
            skip(error)


class TestLogs:
    """No line of the proxy's shows the token of a visit, however its address was written."""

    @pytest.mark.parametrize(
        "path",
        [
            "/a/{token}/",
            "/A/{token}/class/",
            "/%61/{token}/",
            "/%41/{token}/",
            "/a%2F{token}/",
            "/%2561/{token}/",
            "/a%252f{token}/",
            "//a//{token}/",
            "/x/../a/{token}/",
            "/a/{encoded}/",
            "/%2561/{encoded}/",
            "/somewhere/a/{token}",
            "/{token}",
            "/lti/launch/?next=/a/{token}/",
        ],
    )
    def test_show_no_token(self, nobody_behind: Proxy, path: str) -> None:
        encoded = "".join(f"%{ord(sign):02x}" for sign in TOKEN)
        # As it stands: a library would write it anew.
        connection = HTTPConnection(urlsplit(nobody_behind.url).netloc, timeout=10)
        connection.request("GET", path.format(token=TOKEN, encoded=encoded))
        assert connection.getresponse().status == 502
        connection.close()
        log, errors = self.said(nobody_behind), nobody_behind.errors.read_text()
        for part in TOKEN.split("."):
            assert part not in log + errors

    @staticmethod
    def said(before: Proxy) -> str:
        """The log: a line is written once the answer has gone."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if "GET /" in (log := before.output.read_text()):
                return log
            time.sleep(0.01)
        raise AssertionError("nothing in the log")

    def test_show_other_addresses(self, nobody_behind: Proxy) -> None:
        for path in ("/lti/launch/", "/admin/lti_tool/", "/static/v-0123456789/worksheets/a.js"):
            requests.get(f"{nobody_behind.url}{path}", timeout=10)
            assert f"GET {path} 502" in self.said(nobody_behind)
            nobody_behind.output.write_text("")


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
