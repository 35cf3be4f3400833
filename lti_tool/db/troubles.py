"""The reasons why a database does not work, told from faults of ours by the driver's codes."""

from __future__ import annotations

import errno
import sqlite3
from enum import StrEnum

import psycopg
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError


class Trouble(StrEnum):
    """The reasons why nothing can be saved for now, as ``/readyz`` and the log name them."""

    FULL = "full"
    LOCKED = "locked"
    READ_ONLY = "read-only"
    UNREACHABLE = "unreachable"
    BROKEN = "broken"


# https://www.sqlite.org/rescode.html: the last byte of a code is the primary one.
_SQLITE = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_PERM: Trouble.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Trouble.UNREACHABLE,
    sqlite3.SQLITE_IOERR: Trouble.BROKEN,
    sqlite3.SQLITE_CORRUPT: Trouble.BROKEN,
    sqlite3.SQLITE_NOTADB: Trouble.BROKEN,
    sqlite3.SQLITE_NOMEM: Trouble.BROKEN,
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: whole codes, then classes.
_POSTGRESQL = {
    "53100": Trouble.FULL,
    "55P03": Trouble.LOCKED,  # lock_timeout
    "57014": Trouble.LOCKED,  # statement_timeout, or somebody cancelled the statement
    "40001": Trouble.LOCKED,
    "40P01": Trouble.LOCKED,  # a deadlock
    "25006": Trouble.READ_ONLY,  # a standby, or default_transaction_read_only
    "25P03": Trouble.UNREACHABLE,  # idle_in_transaction_session_timeout has ended it
    "25P04": Trouble.UNREACHABLE,  # transaction_timeout has
    "08": Trouble.UNREACHABLE,
    "28": Trouble.UNREACHABLE,  # the password was changed
    "3D": Trouble.UNREACHABLE,  # the database is gone
    "53": Trouble.UNREACHABLE,  # too many connections, no memory
    "57": Trouble.UNREACHABLE,  # it stops, starts or recovers
    "58": Trouble.BROKEN,  # a disk that cannot be read or written
    "XX001": Trouble.BROKEN,
    "XX002": Trouble.BROKEN,
}
_FILES = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
}


class GaveUp(OperationalError):
    """The error for a wait that is too long, or that others have begun in vain."""


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Return what keeps the database, or a disk, from working; None for any other error."""
    if isinstance(error, OSError):
        return _FILES.get(error.errno or 0)
    if isinstance(error, GaveUp):
        return Trouble.LOCKED
    if not isinstance(error, DatabaseError):
        return None
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(cause, psycopg.Error) and cause.sqlstate:
        return _POSTGRESQL.get(cause.sqlstate) or _POSTGRESQL.get(cause.sqlstate[:2])
    # Without a code: no connection could be made, or it was lost.
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return Trouble.UNREACHABLE
    return Trouble.UNREACHABLE if isinstance(error, InterfaceError) and cause is None else None


def is_away(error: BaseException) -> bool:
    """Return whether an error of the database may pass by itself: work is then tried again."""
    is_lost = isinstance(error, OperationalError | InterfaceError)
    return is_lost or (isinstance(error, DatabaseError) and trouble_of(error) is not None)
