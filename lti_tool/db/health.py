"""A try whether something could be saved now, on a connection of its own.

Nothing stays of it, because its transaction is rolled back. It takes the locks that saving takes,
and has the database write some 64 kB to its disk, which is how a full one shows.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from lti_tool.db import waiting
from lti_tool.db.troubles import GaveUp

MAX_SECONDS = 1.0  # for each statement
CONNECT_SECONDS = 2  # the least that libpq takes
# Before PostgreSQL looks for deadlocks: a migration that is running must not be what it ends.
LOCK_MILLISECONDS = 500
ROOM_BYTES = 65536

# Whoever asks often must not hold up those who save.
_one_at_a_time = threading.Lock()


@contextmanager
def trial_connection() -> Iterator[BaseDatabaseWrapper]:
    """Connect for a block in which no statement of this thread waits for long.

    Raise an error that ``trouble_of`` knows if there is no connection to be had.
    """
    if not _one_at_a_time.acquire(timeout=MAX_SECONDS):
        raise GaveUp("somebody else is trying the same, and has no answer")
    try:
        with waiting.at_most(MAX_SECONDS):
            own = connections[DEFAULT_DB_ALIAS]
            if _is_in_memory(own):
                yield own
                return
            connection = own.copy()
            if connection.vendor == "postgresql":
                connection.settings_dict["OPTIONS"]["connect_timeout"] = CONNECT_SECONDS
            try:
                connection.ensure_connection()
                yield connection
            finally:
                connection.close()
    finally:
        _one_at_a_time.release()


def try_to_save(connection: BaseDatabaseWrapper) -> None:
    """Do what saving needs, and take it back. Raise an error if it cannot be done."""
    if connection.vendor == "postgresql":
        _try_postgresql(connection)
    elif not _is_in_memory(connection):
        _try_sqlite(connection)


def _is_in_memory(connection: Any) -> bool:
    return connection.vendor == "sqlite" and bool(connection.is_in_memory_db())


def _try_sqlite(connection: BaseDatabaseWrapper) -> None:
    """Take the write lock, and write more pages than are kept in memory before the end.

    The write-ahead log may still have room for them on a disk that has none, but not for long.
    """
    disk = os.statvfs(Path(connection.settings_dict["NAME"]).parent)
    if disk.f_bavail * disk.f_frsize < ROOM_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = 1")
        cursor.execute("BEGIN IMMEDIATE")
        try:
            cursor.execute("CREATE TABLE lti_tool_trial (room BLOB)")
            cursor.execute("INSERT INTO lti_tool_trial VALUES (zeroblob(%s))", [ROOM_BYTES])
        finally:
            # Some errors have rolled back already.
            if connection.connection.in_transaction:
                cursor.execute("ROLLBACK")


def _try_postgresql(connection: BaseDatabaseWrapper) -> None:
    """Take the lock of writers on every table, and have a result written to a temporary file."""
    quote = connection.ops.quote_name
    tables = [quote(model._meta.db_table) for model in apps.get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")  # closing the connection rolls back
        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}")
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ROW EXCLUSIVE MODE")
        cursor.execute(f"DELETE FROM {tables[0]} WHERE false")  # noqa: S608
        cursor.execute("SET LOCAL work_mem = 64")  # kB, the least
        cursor.execute("SELECT count(*) FROM generate_series(1, 10000)")
        cursor.execute("ROLLBACK")
