"""A process asks another how it is, as a health check does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.servers.programs import free_port


class Answers(BaseHTTPRequestHandler):
    """Well by its own name, and not otherwise: a tool, and no part of an LMS."""

    def do_GET(self) -> None:
        well = self.path == "/readyz" and self.headers["Host"] == "worksheets.example.org:8443"
        self.send_response(200 if well else 503)
        self.end_headers()
        self.wfile.write(b"ready\n" if well else b"database\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent."""


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def probe(address: str) -> tuple[int, str]:
    environment = {**os.environ, "PUBLIC_URL": "https://worksheets.example.org:8443"}
    command = [sys.executable, "-m", "lti_tool.server.probe", address]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_process_that_is_well(port: int) -> None:
    assert probe(f"http://127.0.0.1:{port}/readyz") == (0, "ready\n")


def test_a_process_that_is_not(port: int) -> None:
    assert probe(f"http://127.0.0.1:{port}/healthz") == (1, "database\n")


def test_nobody_there() -> None:
    status, said = probe(f"http://127.0.0.1:{free_port()}/readyz")
    assert status == 1
    assert "refused" in said
