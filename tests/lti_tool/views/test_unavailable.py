"""A database that cannot save, under the real tool: what it answers, and whom it holds up.

What holds a lock, or fills a disk, does so until the answers are there. So no busy machine decides.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import resource
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import requests

from tests.benchmarks.platform import Platform
from tests.benchmarks.visits import Visitor
from tests.servers.postgres import Cluster, cluster
from tests.servers.programs import NotInstalled, skip
from tests.servers.tool import Tool

pytestmark = pytest.mark.servers

THREADS = 8
PAGE = "text/html; charset=utf-8"
TEXT = "Fear made haste, <and> haste made fear."


@dataclass
class Pupil:
    """A pupil with an open page, whose script and form save."""

    tool: Tool
    platform: Platform
    server: int  # the process that starts the others
    name: str = "amina"
    path: str = ""
    edition: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def open(self) -> Pupil:
        visitor = Visitor(self.tool.url)
        self.path = visitor.launch(self.platform, self.name)
        self.edition = visitor.body.partition('name="edition" value="')[2].partition('"')[0]
        self.cookies = visitor.cookies
        visitor.close()
        return self

    def send(self, text: str) -> requests.Response:
        """What the form sends."""
        return self._post("answers/", data=self._fields(text))

    def autosave(self, text: str) -> requests.Response:
        """What the script sends."""
        return self._post("answers/", json=self._fields(text))

    def saved(self) -> str:
        reply = requests.get(
            f"{self.tool.url}{self.path}answers/", headers=self._headers(), timeout=30
        )
        return str(reply.json()["fields"].get("q2", ""))

    def _fields(self, text: str) -> dict[str, str]:
        return {"edition": self.edition, "attempt": "1", "q2": text}

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _post(self, path: str, **options: object) -> requests.Response:
        return requests.post(
            f"{self.tool.url}{self.path}{path}",
            headers=self._headers(),
            timeout=30,
            allow_redirects=False,
            **options,  # type: ignore[arg-type]
        )


@contextmanager
def lesson(tool: Tool, platform: Platform, log: list[str] | None = None) -> Iterator[Pupil]:
    """A pupil with an open page that was saved once; then ``log`` has what the tool said."""
    tool.join(platform)
    with tool.serving(log) as server:
        pupil = Pupil(tool, platform, server.pid).open()
        assert pupil.autosave("First.").status_code == 200
        assert ready(tool) == (200, "ready")
        yield pupil


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with Platform() as running:
        yield running


@pytest.fixture
def log() -> list[str]:
    """The lines that the tool has logged, once it has ended."""
    return []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "worksheets.sqlite3"


def ready(tool: Tool) -> tuple[int, str]:
    reply = tool.get("/readyz")
    return reply.status_code, reply.text.strip()


def assert_refused(pupil: Pupil, text: str = TEXT) -> None:
    """Nothing is saved, and both a person and a script are told so."""
    reply = pupil.autosave(text)
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
    assert reply.headers["Content-Type"] == "application/json"
    assert set(reply.json()) == {"error"}
    page = pupil.send(text)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert page.headers["Content-Type"] == PAGE
    assert "This does not work at the moment" in page.text
    # To be copied, and to be sent again as it was.
    assert page.text.count("Fear made haste, &lt;and&gt; haste made fear.") == 2
    assert f'<form method="post" action="{pupil.path}answers/">' in page.text
    assert f'<input type="hidden" name="edition" value="{pupil.edition}">' in page.text
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def large_text(number: int) -> str:
    """An answer for which a database needs new pages: no two are alike, nor can be compressed."""
    signs = "".join(hashlib.sha256(f"{number} {n}".encode()).hexdigest() for n in range(200))
    return f"{signs} {TEXT}"


def save_until_refused(pupil: Pupil) -> str:
    """Save more and more, and return what was confirmed last."""
    last = "First."
    for number in range(2000):
        text = large_text(number)
        if pupil.autosave(text).status_code != 200:
            return last
        last = text
    raise AssertionError("the disk is never full")


def assert_saves_again(pupil: Pupil) -> None:
    assert ready(pupil.tool) == (200, "ready")
    assert pupil.autosave(TEXT).status_code == 200
    assert pupil.saved() == TEXT


def assert_one_line_each(log: list[str], reason: str) -> None:
    lines = [line for line in log if "the database cannot be used" in line]
    assert lines
    assert all(f"reason={reason} " in line for line in lines)
    assert not [line for line in log if "Traceback" in line or "Service Unavailable" in line]


def fill(path: Path) -> None:
    """Write to a small disk until it is full."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)


def children(pid: int) -> list[int]:
    said = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True)
    return [int(line) for line in said.stdout.split()]


def limit(pids: list[int], size: int) -> None:
    """Let these processes make no file larger than that."""
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """A file system of a few megabytes, in memory."""
    folder = Path(tempfile.mkdtemp(prefix="disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        skip(NotInstalled("A small disk cannot be mounted: only root may."))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def set_read_only(url: str, value: str) -> None:
    """Let the database take no changes, or take them again."""
    name = url.rpartition("/")[2]
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SET default_transaction_read_only = off")
        change = f'ALTER DATABASE "{name}" SET default_transaction_read_only = {value}'
        other.execute(change.encode())
        end_connections(other)


def end_connections(by: psycopg.Connection) -> None:
    """End all other connections to this database."""
    by.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@contextmanager
def somebody(by: psycopg.Connection) -> Iterator[str]:
    """The name of a role that limits hold for."""
    by.execute("CREATE ROLE somebody LOGIN")
    by.execute("GRANT ALL ON SCHEMA public TO somebody")
    try:
        yield "somebody"
    finally:
        by.execute("DROP OWNED BY somebody")
        by.execute("DROP ROLE somebody")


class TestSqlite:
    def test_locked(self, platform: Platform, file: Path, log: list[str]) -> None:
        with lesson(Tool(f"sqlite:///{file}"), platform, log) as pupil:
            with closing(sqlite3.connect(file, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                assert ready(pupil.tool) == (503, "database: locked")
                assert_refused(pupil)
                assert pupil.saved() == "First."  # who reads waits for nobody
                other.execute("ROLLBACK")
            assert_saves_again(pupil)
        assert_one_line_each(log, "locked")

    def test_a_crowd_that_waits_holds_up_nobody(self, platform: Platform, file: Path) -> None:
        """The lock is let go only when everybody has an answer."""
        with (
            lesson(Tool(f"sqlite:///{file}"), platform) as pupil,
            closing(sqlite3.connect(file, isolation_level=None)) as other,
        ):
            other.execute("BEGIN IMMEDIATE")
            with ThreadPoolExecutor(4 * THREADS) as pool:
                sent = [pool.submit(pupil.autosave, TEXT) for _ in range(4 * THREADS)]
                while not any(one.done() for one in sent):
                    assert pupil.tool.get("/healthz").status_code == 200
                # Half of the threads still wait for the lock.
                assert pupil.tool.get("/healthz").status_code == 200
                assert ready(pupil.tool) == (503, "database: locked")
                assert [one.result().status_code for one in sent] == [503] * len(sent)
            other.execute("ROLLBACK")
            assert_saves_again(pupil)

    def test_a_launch_is_kept_and_sent_again(self, platform: Platform, file: Path) -> None:
        with lesson(Tool(f"sqlite:///{file}"), platform) as pupil:
            with closing(sqlite3.connect(file, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                ben = Visitor(pupil.tool.url)
                with pytest.raises(AssertionError, match="503 at /lti/launch/"):
                    ben.launch(platform, "ben")
                other.execute("ROLLBACK")
            assert "This page tries again by itself, and nothing that was saved" in ben.body
            form = dict(re.findall(r'name="(\w+)" value="([^"]+)"', ben.body))
            assert ben.request("POST", "/lti/launch/", form).startswith("/a/")
            ben.close()

    def test_a_full_disk(self, platform: Platform, log: list[str]) -> None:
        with (
            small_disk("8m") as disk,
            lesson(Tool(f"sqlite:///{disk / 'worksheets.sqlite3'}"), platform, log) as pupil,
        ):
            filling = disk / "filling"
            fill(filling)
            assert ready(pupil.tool) == (503, "database: full")
            last = save_until_refused(pupil)  # the write-ahead log has room left
            assert_refused(pupil)
            assert pupil.saved() == last
            filling.unlink()
            assert_saves_again(pupil)
        assert_one_line_each(log, "full")

    def test_a_file_that_may_not_grow(self, platform: Platform, file: Path, log: list[str]) -> None:
        """A disk that reports errors; the same process goes on when it has none any more."""
        with lesson(Tool(f"sqlite:///{file}"), platform, log) as pupil:
            workers = children(pupil.server)
            limit(workers, 4096)
            assert ready(pupil.tool) == (503, "database: broken")
            assert_refused(pupil)
            limit(workers, resource.RLIM_INFINITY)
            assert_saves_again(pupil)
        assert_one_line_each(log, "broken")


class TestPostgresql:
    def test_a_locked_table(self, platform: Platform, postgres_url: str, log: list[str]) -> None:
        with lesson(Tool(postgres_url), platform, log) as pupil:
            with psycopg.connect(postgres_url) as other:
                other.execute("LOCK TABLE worksheets_answer IN SHARE MODE")
                assert ready(pupil.tool) == (503, "database: locked")
                assert_refused(pupil)
                assert pupil.saved() == "First."
                other.rollback()
            assert_saves_again(pupil)
        assert_one_line_each(log, "locked")

    def test_a_pupil_who_is_locked_holds_up_nobody(
        self, platform: Platform, postgres_url: str
    ) -> None:
        with (
            lesson(Tool(postgres_url), platform) as pupil,
            psycopg.connect(postgres_url) as other,
        ):
            ben = Pupil(pupil.tool, platform, pupil.server, "ben").open()
            other.execute("SELECT 1 FROM worksheets_attempt FOR UPDATE")
            with ThreadPoolExecutor(4 * THREADS) as pool:
                sent = [pool.submit(pupil.autosave, TEXT) for _ in range(4 * THREADS)]
                while not any(one.done() for one in sent):
                    assert ready(pupil.tool) == (200, "ready")
                assert ben.autosave("Ben's.").status_code == 200
                assert {one.result().status_code for one in sent} == {503}
            other.rollback()
            assert_saves_again(pupil)

    def test_read_only(self, platform: Platform, postgres_url: str, log: list[str]) -> None:
        """As on a standby."""
        with lesson(Tool(postgres_url), platform, log) as pupil:
            set_read_only(postgres_url, "on")
            assert ready(pupil.tool) == (503, "database: read-only")
            assert_refused(pupil)
            set_read_only(postgres_url, "off")
            assert_saves_again(pupil)
        assert_one_line_each(log, "read-only")

    def test_too_many_connections(
        self, platform: Platform, postgres_url: str, log: list[str]
    ) -> None:
        name = postgres_url.rpartition("/")[2]
        with (
            psycopg.connect(postgres_url, autocommit=True) as other,
            somebody(other) as role,
            lesson(Tool(postgres_url.replace("tool@", f"{role}@")), platform, log) as pupil,
        ):
            other.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0'.encode())
            end_connections(other)
            assert ready(pupil.tool) == (503, "database: unreachable")
            assert_refused(pupil)
            other.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1'.encode())
            assert_saves_again(pupil)
        assert_one_line_each(log, "unreachable")

    @pytest.mark.usefixtures("postgres")
    def test_a_server_that_hangs_or_is_away(self, platform: Platform, log: list[str]) -> None:
        with (
            cluster() as server,  # of its own: others use that of this process
            server.database() as url,
            lesson(Tool(url), platform, log) as pupil,
        ):
            with server.hanging(), ThreadPoolExecutor(4 * THREADS) as pool:
                assert ready(pupil.tool) == (503, "database: unreachable")
                assert_refused(pupil)
                sent = [pool.submit(pupil.autosave, TEXT) for _ in range(4 * THREADS)]
                assert pupil.tool.get("/healthz").status_code == 200
                assert {one.result().status_code for one in sent} == {503}
            server.stop()
            assert ready(pupil.tool) == (503, "database: unreachable")
            assert_refused(pupil)
            server.start()
            assert_saves_again(pupil)
        assert not [line for line in log if "Traceback" in line]

    def test_a_full_disk(self, platform: Platform, postgres: Cluster, log: list[str]) -> None:
        with (
            small_disk("48m") as disk,
            postgres.database_on(disk) as url,
            lesson(Tool(url), platform, log) as pupil,
        ):
            fill(disk / "filling")
            assert ready(pupil.tool) == (503, "database: full")
            last = save_until_refused(pupil)
            # A short one may still fit into the pages that are there.
            assert_refused(pupil, large_text(-1))
            assert pupil.saved() == last
            (disk / "filling").unlink()
            assert_saves_again(pupil)
        assert_one_line_each(log, "full")
