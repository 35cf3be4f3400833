"""Connections stay open for longer than two seconds where no proxy is in between."""

from __future__ import annotations

import http.client
import re
import time
from pathlib import Path

import pytest

from tests import ROOT
from tests.servers.tool import Tool

STARTED = re.compile(r'gunicorn(?:", "| )lti_tool\.wsgi\b.*')
PLACES = ["README.md", "docs/operator.md", "Dockerfile"]


def test_a_page_that_stays_open_goes_on_over_its_connection(tmp_path: Path) -> None:
    tool = Tool(f"sqlite:///{tmp_path / 'tool.sqlite3'}")
    with tool.serving():
        connection = http.client.HTTPConnection("127.0.0.1", tool.port, timeout=30)
        for pause in (0, 4):
            time.sleep(pause)
            connection.request("GET", "/healthz")
            reply = connection.getresponse()
            reply.read()
            assert (reply.status, reply.will_close) == (200, False)
        connection.close()


@pytest.mark.parametrize("place", PLACES)
def test_whoever_is_told_how_to_start_it_is_told_so(place: str) -> None:
    lines = STARTED.findall((ROOT / place).read_text(encoding="utf-8"))
    assert lines
    for line in lines:
        assert "--threads" in line
        assert "--keep-alive" in line
