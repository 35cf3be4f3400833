"""The database backend that Django loads for the ENGINE ``lti_tool.db.sqlite3``.

SQLite itself waits for a slice of time; the OPTION ``timeout`` is how long a thread without a limit
of its own waits in all. The file, with pupils' work and our keys, is for nobody else's eyes.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from django.db.backends.sqlite3 import base

from lti_tool.db import waiting
from lti_tool.db.sqlite3.operations import DatabaseOperations

Result = TypeVar("Result")
PRIVATE = stat.S_IRUSR | stat.S_IWUSR
COMPANIONS = ("", "-wal", "-shm", "-journal")


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that gives up waiting for a lock where ``lti_tool.db.waiting`` says so.

    Others on the machine cannot read its file.
    """

    ops_class = DatabaseOperations

    @property
    def timeout(self) -> float:
        """Return how many seconds a thread without a limit waits."""
        return float(self.settings_dict["OPTIONS"].get("timeout", 5.0))

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a connection that waits for a slice, made as soon as the file is not locked.

        Before that, the file was made, or kept, private.
        """
        if not self.is_in_memory_db():
            _make_private(Path(conn_params["database"]))
        params = {**conn_params, "timeout": waiting.SLICE_SECONDS}
        return patiently(lambda: super(DatabaseWrapper, self).get_new_connection(params), self)

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ARG002
        """Return a cursor whose statements wait as the thread may."""
        cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        waiting.refuse_if_in_vain()
        super()._start_transaction_under_autocommit()  # type: ignore[misc]


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that tries a statement again, slice by slice, while another writer has the lock."""

    wrapper: DatabaseWrapper

    def execute(self, query: str, params: Any = None) -> Any:
        return patiently(lambda: super(Cursor, self).execute(query, params), self.wrapper)


def patiently(run: Callable[[], Result], wrapper: DatabaseWrapper) -> Result:
    """Return what the function returns, as soon as it raises no 'database is locked'.

    A statement that raises it has done nothing. Raise GaveUp when it is time to.
    """
    try:
        return run()
    except sqlite3.OperationalError as error:
        if not _is_locked(error) or wrapper.in_atomic_block:
            raise
    with waiting.Wait(wrapper.timeout) as wait:
        version = _version(wrapper)
        while True:
            wait.go_on()
            try:
                return run()
            except sqlite3.OperationalError as error:
                if not _is_locked(error):
                    raise
            # SQLite lets no queue form: one may wait for long while others come and go.
            before, version = version, _version(wrapper)
            if None not in (before, version) and before != version:
                wait.note_progress()


def _version(wrapper: DatabaseWrapper) -> int | None:
    """Return a number that is another one after each commit of others, None if it is not told."""
    if wrapper.connection is None:
        return None
    try:
        (version,) = wrapper.connection.execute("PRAGMA data_version").fetchone()
    except sqlite3.Error:
        return None
    return int(version)


def _is_locked(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _make_private(file: Path) -> None:
    """Create a file that is missing for its owner alone; from one that is there, keep others away.

    What its group may do stays: some operators let a group make backups. SQLite gives its
    companions the rights of the file. What is wrong with the path, SQLite says.
    """
    with suppress(OSError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE))
    for suffix in COMPANIONS:
        name = file.with_name(file.name + suffix)
        with suppress(OSError):
            mode = stat.S_IMODE(name.stat().st_mode)
            if mode & stat.S_IRWXO:
                name.chmod(mode & ~stat.S_IRWXO)
