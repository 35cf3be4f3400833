"""How long a connection to a file waits for another writer; the file is nobody else's."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db.utils import ConnectionHandler

from lti_tool.db import waiting
from lti_tool.db.sqlite3.base import DatabaseWrapper
from lti_tool.db.troubles import GaveUp
from lti_tool.server.environment import read_database
from lti_tool.server.paths import DATA
from tests import ROOT
from tests.settings import SECRET_KEY

CONNECT = (
    "from django.db import connection; connection.ensure_connection(); print(connection.vendor)"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.sqlite3"


@pytest.fixture
def connection(db: None, file: Path) -> Iterator[Any]:
    """As Django makes it from DATABASE_URL."""
    handler = ConnectionHandler({"default": dict(read_database(f"sqlite:///{file}", DATA))})
    made: Any = handler["default"]
    with made.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (number)")
    yield made
    made.close()


@pytest.fixture
def other(connection: Any, file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as made:
        made.execute("BEGIN IMMEDIATE")
        yield made


def insert(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kept VALUES (%s)", [1])


def test_the_address_leads_to_this_backend(connection: Any) -> None:
    assert isinstance(connection, DatabaseWrapper)
    assert (connection.vendor, connection.timeout) == ("sqlite", 20.0)


def test_gives_up_where_a_limit_says_so(connection: Any, other: sqlite3.Connection) -> None:
    with waiting.at_most(0.2), pytest.raises(GaveUp):
        insert(connection)
    other.execute("ROLLBACK")
    insert(connection)


def test_tries_until_the_lock_is_free(
    connection: Any, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    slices: list[float] = []

    def go_on(_wait: waiting.Wait) -> None:
        slices.append(1)
        if len(slices) == 3:
            other.execute("ROLLBACK")

    monkeypatch.setattr(waiting.Wait, "go_on", go_on)
    insert(connection)
    assert len(slices) == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone() == (1,)  # each statement once


def test_sees_that_others_get_through(
    connection: Any, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another process, too: the database is busy, and waiting is not in vain."""
    slices: list[int] = []

    def go_on(_wait: waiting.Wait) -> None:
        slices.append(0)
        if len(slices) in (2, 4):
            other.execute("INSERT INTO kept VALUES (2)")
            other.execute("COMMIT")
            other.execute("BEGIN IMMEDIATE")  # somebody else is faster again
        elif len(slices) == 6:
            other.execute("ROLLBACK")

    def note_progress(_wait: waiting.Wait) -> None:
        slices[-1] = 1

    monkeypatch.setattr(waiting.Wait, "go_on", go_on)
    monkeypatch.setattr(waiting.Wait, "note_progress", note_progress)
    insert(connection)
    assert slices == [0, 1, 0, 1, 0, 0]


def test_no_transaction_begins_where_others_wait_in_vain(
    connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise GaveUp

    monkeypatch.setattr(waiting, "refuse_if_in_vain", refuse)
    with pytest.raises(GaveUp):
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    insert(connection)


@pytest.fixture
def _usual_mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def connect(file: Path) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", CONNECT],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "SECRET_KEY": SECRET_KEY,
            "PUBLIC_URL": "http://localhost:8001",
            "DATABASE_URL": f"sqlite:///{file}",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


@pytest.mark.usefixtures("_usual_mask")
def test_a_new_one_is_for_its_owner(tmp_path: Path) -> None:
    assert connect(tmp_path / "tool.sqlite3") == "sqlite"
    assert modes(tmp_path) == {0o600}


@pytest.mark.usefixtures("_usual_mask")
@pytest.mark.parametrize(("before", "after"), [(0o644, 0o640), (0o666, 0o660), (0o600, 0o600)])
def test_from_one_that_is_there_others_are_kept_away(
    tmp_path: Path, before: int, after: int
) -> None:
    file = tmp_path / "tool.sqlite3"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE kept (row)")
        for name in tmp_path.iterdir():
            name.chmod(before)
        connect(file)
        assert len(list(tmp_path.iterdir())) == 3
        assert modes(tmp_path) == {after}
    connection.close()


def test_a_folder_that_is_missing_is_said_by_django(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        connect(tmp_path / "nowhere" / "tool.sqlite3")
    assert "unable to open database file" in failed.value.stderr


def test_every_address_of_a_file_uses_it() -> None:
    for url in ("", "sqlite:////srv/tool.sqlite3"):
        assert read_database(url, Path("/srv"))["ENGINE"] == "lti_tool.db.sqlite3"
