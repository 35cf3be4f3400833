"""Errors as the drivers raise them, and what each is taken for."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)

from lti_tool.db.troubles import GaveUp, Trouble, is_away, trouble_of


def caused(by: Exception, error: type[Exception] = OperationalError) -> Exception:
    """The error of Django's that the error of a driver becomes."""
    made = error(str(by))
    made.__cause__ = by
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE kept (text)")
    return path


def error_of(connection: sqlite3.Connection, statement: str) -> sqlite3.Error:
    with closing(connection), pytest.raises(sqlite3.Error) as raised:
        connection.execute(statement)
    return raised.value


INSERT = "INSERT INTO kept VALUES (zeroblob(100000))"


def test_sqlite(file: Path) -> None:
    full = sqlite3.connect(file)
    full.execute("PRAGMA max_page_count = 2")
    assert trouble_of(caused(error_of(full, INSERT))) is Trouble.FULL

    holding = sqlite3.connect(file, isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    locked = error_of(sqlite3.connect(file, timeout=0), INSERT)
    holding.close()
    assert trouble_of(caused(locked)) is Trouble.LOCKED

    read_only = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    assert trouble_of(caused(error_of(read_only, INSERT))) is Trouble.READ_ONLY

    with pytest.raises(sqlite3.OperationalError) as missing:
        sqlite3.connect(file.parent / "nowhere" / "file")
    assert trouble_of(caused(missing.value)) is Trouble.UNREACHABLE

    file.write_bytes(b"no database at all " * 100)
    broken = caused(error_of(sqlite3.connect(file), INSERT), DatabaseError)
    assert trouble_of(broken) is Trouble.BROKEN
    assert is_away(broken)


def test_a_fault_of_ours_is_none(file: Path) -> None:
    wrong = caused(error_of(sqlite3.connect(file), "SELECT 1 FROM nothing"))
    assert trouble_of(wrong) is None
    assert trouble_of(caused(psycopg.errors.UndefinedTable(), ProgrammingError)) is None
    assert trouble_of(caused(psycopg.errors.UniqueViolation(), IntegrityError)) is None
    assert trouble_of(ValueError()) is None
    assert trouble_of(OSError(errno.ENOENT, "missing")) is None
    assert trouble_of(None) is None
    assert not is_away(caused(psycopg.errors.UndefinedTable(), ProgrammingError))


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (psycopg.errors.DiskFull, Trouble.FULL),
        (psycopg.errors.LockNotAvailable, Trouble.LOCKED),
        (psycopg.errors.QueryCanceled, Trouble.LOCKED),
        (psycopg.errors.DeadlockDetected, Trouble.LOCKED),
        (psycopg.errors.ReadOnlySqlTransaction, Trouble.READ_ONLY),
        (psycopg.errors.IdleInTransactionSessionTimeout, Trouble.UNREACHABLE),
        (psycopg.errors.TooManyConnections, Trouble.UNREACHABLE),
        (psycopg.errors.AdminShutdown, Trouble.UNREACHABLE),
        (psycopg.errors.CannotConnectNow, Trouble.UNREACHABLE),
        (psycopg.errors.ConnectionFailure, Trouble.UNREACHABLE),
        (psycopg.errors.IoError, Trouble.BROKEN),
        (psycopg.errors.DataCorrupted, Trouble.BROKEN),
        (psycopg.OperationalError, Trouble.UNREACHABLE),  # no connection: the server gave no code
        (psycopg.InterfaceError, Trouble.UNREACHABLE),
    ],
)
def test_postgresql(error: type[psycopg.Error], trouble: Trouble) -> None:
    made = caused(error("said"), InternalError)
    assert trouble_of(made) is trouble
    assert is_away(made)


def test_what_is_no_drivers() -> None:
    assert trouble_of(GaveUp("after four seconds")) is Trouble.LOCKED
    assert trouble_of(InterfaceError("connection already closed")) is Trouble.UNREACHABLE
    assert trouble_of(OSError(errno.ENOSPC, "No space left on device")) is Trouble.FULL
    assert trouble_of(OSError(errno.EROFS, "Read-only file system")) is Trouble.READ_ONLY
    assert is_away(OperationalError("gone"))
