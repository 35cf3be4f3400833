"""deploy/nginx.conf in a real nginx, with the tool behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from tests import ROOT
from tests.benchmarks.platform import Platform
from tests.benchmarks.visits import Visitor
from tests.servers.nginx import proxy
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
