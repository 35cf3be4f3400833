"""The demo with ``--reload``, as 'make dev' starts it, on a copy of the code that is changed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from lti_tool.sandbox.demo import has_unknown_migrations
from tests import ROOT
from tests.servers.programs import two_free_ports

PATIENCE = 240.0  # seconds: nothing is measured, a test has to end
OURS = {"SECRET_KEY", "PUBLIC_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DEBUG"}
VIEW = "lti_tool/views/public.py"


@dataclass
class Dev:
    """A checkout, and the two servers of its code."""

    code: Path
    lms: str
    tool: str
    process: subprocess.Popen[bytes]
    log: Path

    def change(self, path: str, old: str, new: str) -> None:
        file = self.code / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))

    def until(self, is_so: Callable[[], bool], saved: str = VIEW) -> None:
        """Wait for what was saved. The reloader misses what is saved while a process starts:
        save it again then."""
        start, pause = time.monotonic(), 5.0
        while not is_so():
            passed = time.monotonic() - start
            assert self.process.poll() is None, self.log.read_text()
            assert passed < PATIENCE, self.log.read_text()
            if passed > pause:
                pause *= 2
                os.utime(self.code / saved)
            time.sleep(0.1)

    def processes(self) -> set[str]:
        """Whatever runs in the checkout."""
        return {path.parent.name for path in Path("/proc").glob("[0-9]*/cwd") if self._is_in(path)}

    def _is_in(self, cwd: Path) -> bool:
        try:
            return cwd.readlink() == self.code
        except OSError:  # it ended, or is another user's
            return False


def _text(url: str) -> str:
    """The page; '' without a server."""
    try:
        return requests.get(url, timeout=30).text
    except (requests.ConnectionError, requests.Timeout):
        return ""


@pytest.fixture
def dev(tmp_path: Path) -> Iterator[Dev]:
    code = tmp_path / "code"
    for folder in ("lti_tool", "worksheets", "templates", "locale"):
        shutil.copytree(ROOT / folder, code / folder)
    port = two_free_ports()
    command = [sys.executable, "-m", "lti_tool.sandbox.demo", "--reload", "--port", str(port)]
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    lms, tool, log = f"http://127.0.0.1:{port}/", f"http://localhost:{port + 1}/", tmp_path / "log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, cwd=code, env=environment, stdout=out, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            yield Dev(code, lms, tool, process, log)
        finally:
            process.terminate()


def test_what_is_saved_shows_and_ctrl_c_leaves_nothing_behind(dev: Dev) -> None:
    dev.until(lambda: "The demo is running." in dev.log.read_text())
    _templates_and_static_files(dev)
    _code(dev)
    assert dev.processes()
    dev.process.send_signal(signal.SIGINT)
    assert dev.process.wait(PATIENCE) == 0
    assert dev.processes() == set()


def _templates_and_static_files(dev: Dev) -> None:
    """The very next page has them, from the same processes and under as strict a policy."""
    processes, before = dev.processes(), requests.get(dev.tool, timeout=30)
    dev.change("templates/lti_tool/index.html", "Worksheets for your LMS", "A changed heading")
    dev.change("worksheets/static/worksheets/sheet.css", "{", "{ /* changed */")
    page = requests.get(dev.tool, timeout=30)
    assert "A changed heading" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert _style_sheet(page) != _style_sheet(before)
    sheet = requests.get(dev.tool + _style_sheet(page), timeout=30)
    assert "/* changed */" in sheet.text
    assert sheet.headers["Cache-Control"] == "max-age=0, public"
    dev.change("templates/sandbox/home.html", "Who are you?", "Who may you be?")
    assert "Who may you be?" in requests.get(dev.lms, timeout=30).text
    assert dev.processes() == processes


def _style_sheet(page: requests.Response) -> str:
    start = page.text.index("static/worksheets/sheet.css")
    return page.text[start : page.text.index('"', start)]


def _code(dev: Dev) -> None:
    """A mistake is shown or waited out, until it is mended."""
    right = '_said("ok")'
    other, wrong = 'HttpResponse("new")', "1 / 0"
    page = f"{dev.tool}healthz"
    dev.change(VIEW, right, other)
    dev.until(lambda: _text(page) == "new")
    dev.change(VIEW, other, wrong)
    dev.until(lambda: "ZeroDivisionError" in _text(page))
    dev.change(VIEW, wrong, f"{wrong})")
    dev.until(lambda: "SyntaxError" in dev.log.read_text())
    dev.change(VIEW, f"{wrong})", right)
    dev.until(lambda: _text(page) == "ok\n")
    dev.change("lti_tool/sandbox/views/assets.py", ".read_bytes()", '.read_bytes() + b"/**/"')
    style_sheet = f"{dev.lms}assets/sandbox.css"
    dev.until(lambda: _text(style_sheet).endswith("/**/"), "lti_tool/sandbox/views/assets.py")


def test_data_of_another_version_is_found(tmp_path: Path) -> None:
    assert not has_unknown_migrations(tmp_path)
    with contextlib.closing(sqlite3.connect(tmp_path / "tool.sqlite3")) as database:
        database.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
        database.executemany(
            "INSERT INTO django_migrations VALUES (?, ?)",
            [("lti_tool", "0001_initial"), ("auth", "0001_initial"), ("sandbox", "0001_initial")],
        )
        database.commit()
        assert not has_unknown_migrations(tmp_path)
        # One of those before they were squashed.
        database.execute("INSERT INTO django_migrations VALUES ('lti_tool', '0002_advantage')")
        database.commit()
    assert has_unknown_migrations(tmp_path)


def test_a_database_without_tables_is_left_to_migrate(tmp_path: Path) -> None:
    (tmp_path / "lms.sqlite3").write_bytes(b"")
    (tmp_path / "tool.sqlite3").write_bytes(b"no database at all" * 100)
    assert not has_unknown_migrations(tmp_path)
