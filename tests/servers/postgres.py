"""A PostgreSQL of our own, started as a process and thrown away, and its fixtures."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.servers.programs import NotInstalled, free_port, skip

_DEBIAN = Path("/usr/lib/postgresql")
_UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
# What is thrown away need not survive a power cut.
_CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")
# It would make room on a disk that a test has filled.
_BY_ITSELF = "autovacuum=off"


@dataclass
class Cluster:
    """One server with any number of databases; it can be stopped and started again."""

    programs: Path
    folder: Path
    durable: bool
    port: int = field(default_factory=free_port)
    _server: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        """The DATABASE_URL of one of its databases."""
        return f"postgresql://tool@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Serve, at the same address as before, and wait until it answers; if it does, nothing."""
        if self._server and self._server.poll() is None:
            return
        # Whoever has connected and says nothing is waited for as long, also when it stops.
        patience = "authentication_timeout=5s"
        settings = ["listen_addresses=127.0.0.1", "max_connections=200", patience, _BY_ITSELF]
        options = [*settings, *(() if self.durable else _CARELESS)]
        self._server = subprocess.Popen(
            [
                *(self.programs / "postgres", "-D", self.folder / "data"),
                *("-k", self.folder, "-p", str(self.port)),
                *(word for option in options for word in ("-c", option)),
            ],
            user=_user(),
            cwd=self.folder,
            stderr=subprocess.DEVNULL,
        )
        _wait(self.url(), self._server)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it, whoever is connected; SIGQUIT is a crash that it recovers from."""
        if self._server:
            self._server.send_signal(how)
            self._server.wait(30)
            self._server = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let none of its processes go on, until the end of the block: nobody gets an answer."""
        assert self._server is not None
        server = self._server.pid
        os.kill(server, signal.SIGSTOP)  # it starts no more of them
        processes = [server]
        try:
            listed = ["pgrep", "-P", str(server)]
            said = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
            processes += map(int, said.split())
            _tell(processes[1:], signal.SIGSTOP)
            yield
        finally:
            _tell(processes, signal.SIGCONT)

    @contextmanager
    def database(self, template: str = "template1", tablespace: str = "") -> Iterator[str]:
        """The address of a new database, empty or a copy of ``template``, dropped afterwards."""
        self.start()
        name = f"test_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} {tablespace}")
        try:
            yield self.url(name)
        finally:
            self.start()
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def database_on(self, folder: Path) -> Iterator[str]:
        """The address of a new database that lies in this folder."""
        if user := _user():
            shutil.chown(folder, user)
        name = f"space_{uuid.uuid4().hex}"
        self._execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        try:
            with self.database(tablespace=f"TABLESPACE {name}") as url:
                yield url
        finally:
            self._execute(f"DROP TABLESPACE {name}")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())


def _tell(processes: Iterable[int], how: signal.Signals) -> None:
    """Send a signal to those that have not ended."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, how)


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A fresh cluster that serves. ``durable``: it writes to disk as a real one does.

    Raises NotInstalled.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if user := _user():
        shutil.chown(folder, user)
    made = Cluster(programs, folder, durable)
    try:
        _initialise(programs, folder / "data")
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder)


def _programs() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    # Debian keeps them, version by version, outside the path.
    versions = sorted(_DEBIAN.glob("*/bin/initdb"))
    if not versions:
        raise NotInstalled("PostgreSQL is not installed (Debian: apt install postgresql).")
    return versions[-1].parent


def _user() -> str | None:
    return _UNPRIVILEGED if os.geteuid() == 0 else None


def _initialise(programs: Path, data: Path) -> None:
    options = ["-U", "tool", "-A", "trust", "-E", "UTF8", "--no-sync"]
    done = subprocess.run(
        [programs / "initdb", "-D", data, *options],
        user=_user(),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"initdb: {done.stderr or done.stdout}")


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if server.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} does not answer")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One cluster for the tests of this process."""
    try:
        with cluster() as made:
            yield made
    except NotInstalled as error:
        skip(error)


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """The DATABASE_URL of an empty database of this test's own."""
    with postgres.database() as url:
        yield url
