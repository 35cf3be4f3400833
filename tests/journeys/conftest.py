"""The demo, as 'make demo' starts it, and a real Chromium to walk through it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from lti_tool.sandbox.canvas import ids
from tests import ROOT
from tests.journeys.people import CANVAS_COURSE, IN_CANVAS, PATIENCE, Demo
from tests.journeys.profiles import manage_tool
from tests.servers.programs import two_free_ports

# Two browsers and two servers share what cores there are, and other machines are slower.
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The sandbox LMS and the tool, each a process of its own."""
    port = two_free_ports()
    folder = tmp_path_factory.mktemp("demo")
    log = folder / "log"
    command = [sys.executable, "-m", "lti_tool.sandbox.demo", "--port", str(port)]
    environment = {k: v for k, v in os.environ.items() if k not in _OURS}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--folder", str(folder / "data")],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        _wait_for(log, "The demo is running", process)
        yield Demo(f"http://127.0.0.1:{port}", f"http://localhost:{port + 1}", folder / "data", log)
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def calm(demo: Demo) -> Iterator[Demo]:
    """The demo, without faults afterwards whatever a test arranged."""
    yield demo
    demo.faults(dict.fromkeys(("scores", "token", "line_items"), "off"))


@pytest.fixture
def canvas(demo: Demo) -> Demo:
    """The demo with the sample in its Canvas course."""
    teacher = 10
    manage_tool(
        demo,
        *("place_sample", "--client-id", "sandbox-canvas"),
        *("--deployment-id", "1:sandbox-canvas"),
        *("--context-id", ids.course(CANVAS_COURSE), "--link-id", ids.link(IN_CANVAS)),
        *("--teacher", ids.person(teacher)),
    )
    return demo


@pytest.fixture(scope="session")
def browser(real_browser: Browser) -> Browser:
    """The Chromium in which each person has a context of their own."""
    return real_browser


_OURS = {"SECRET_KEY", "PUBLIC_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}


def _wait_for(log: Path, words: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 480  # a busy machine takes more than 240
    while time.monotonic() < end:
        text = log.read_text()
        if words in text:
            return
        assert process.poll() is None, text
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def read_json(url: str) -> Any:
    """What the sandbox tells about itself."""
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)
