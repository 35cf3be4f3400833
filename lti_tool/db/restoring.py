"""A backup back in the place of the database, which is put aside and not deleted.

All is prepared beside the database: the backup is checked, brought up to the migrations of this
version, and changed where it would be wrong to go on as if nothing had happened since
(``Settle``). Only then it takes the place, by a rename. Whatever fails before has changed nothing.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections, transaction
from django.db import Error as DatabaseError
from django.utils import timezone

from lti_tool.db.backup import (
    COPY,
    BackupRefused,
    Manifest,
    file_database,
    read_backup,
    sync_folder,
)
from lti_tool.db.copying import (
    TARGET,
    connected,
    copy_rows,
    find_rows,
    is_open_elsewhere,
    lock_file,
)
from lti_tool.db.schema import applied_migrations, compare, read_schema

# Changes the rows of a backup, under this alias, before they take the place of the database.
Settle = Callable[[str, Manifest], None]

_IN_USE = "The database is in use: stop all web processes and workers first."
_OLD, _NEW = "before", "restored"


@dataclass(frozen=True, slots=True)
class Restored:
    """The outcome of a restore: the backup, and where the former database is; '' for none."""

    manifest: Manifest
    put_aside: str


def check_backup(path: Path, to: Path | None = None) -> Manifest:
    """Read a backup completely, into the file ``to`` if there is one, and return what it is.

    Raise BackupRefused if this version cannot use it.
    """
    manifest = read_backup(path, to)
    if unknown := compare(manifest.migrations).unknown:
        raise BackupRefused(
            f"The backup is of a newer version, {manifest.version}: restore it with that version."
            f" This one does not know {unknown[0]}."
        )
    return manifest


def restore(path: Path, settle: Settle) -> Restored:
    """Put a backup in the place of the configured database.

    Raise BackupRefused or CopyRefused, and then nothing was changed.
    """
    is_file = connections[DEFAULT_DB_ALIAS].vendor == "sqlite"
    if not is_file or _file().exists():
        _check_unused()
    beside = _file().parent if is_file else None
    try:
        with tempfile.TemporaryDirectory(dir=beside, prefix=".restore-") as folder:
            rows = Path(folder) / "rows"
            manifest = check_backup(path, rows)
            with connected(COPY, file_database(rows)):
                call_command("migrate", database=COPY, interactive=False, verbosity=0)
                with transaction.atomic(using=COPY):
                    settle(COPY, manifest)
                aside = "" if is_file else _replace_in_server()
            if is_file:
                aside = _replace_file(rows)
    except (OSError, DatabaseError, sqlite3.Error) as error:
        raise BackupRefused(f"The backup was not restored: {error}") from error
    return Restored(manifest, aside)


def _check_unused() -> None:
    try:
        is_used = is_open_elsewhere()
    except sqlite3.OperationalError as error:
        raise BackupRefused(f"The database cannot be opened: {error}.") from error
    except sqlite3.DatabaseError:  # damaged: that may be why it is replaced
        return
    except DatabaseError as error:
        raise BackupRefused(f"The database cannot be reached: {error}") from error
    if is_used:
        raise BackupRefused(_IN_USE)


def _stamp() -> str:
    return f"{timezone.now():%Y%m%d_%H%M%S}"


# --- SQLite: a file, and up to three beside it ---


def _file() -> Path:
    return Path(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"])


def _replace_file(rows: Path) -> str:
    """Put the file in the place of the database's, and return the path of that, '' for none."""
    file = _file()
    connections[DEFAULT_DB_ALIAS].close()
    with rows.open("rb") as new:
        os.fsync(new.fileno())
    has_file = file.exists()
    _take_owner_and_mode(rows, file if has_file else file.parent)
    aside = file.with_name(f"{file.name}.{_OLD}-{_stamp()}")
    with _held(file) if has_file else contextlib.nullcontext(False) as is_whole:
        # Left in its place, a -wal would write what it holds into the restored file.
        for suffix in () if is_whole else ("-wal", "-shm", "-journal"):
            with contextlib.suppress(FileNotFoundError):
                Path(f"{file}{suffix}").rename(f"{aside}{suffix}")
        if has_file:
            file.rename(aside)
        rows.rename(file)
    sync_folder(file.parent)
    return str(aside) if has_file else ""


@contextmanager
def _held(file: Path) -> Iterator[bool]:
    """Hold a file that nobody else has open, and say whether all of the database is in it.

    That is so unless it is damaged: then it is moved as it is.
    """
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as holding:
        is_whole = True
        try:
            if not lock_file(holding):
                raise BackupRefused(_IN_USE)
            holding.execute("PRAGMA journal_mode=DELETE")  # it takes in what the -wal held
        except sqlite3.DatabaseError:
            is_whole = False
        yield is_whole


def _take_owner_and_mode(new: Path, known: Path) -> None:
    """Let the tool open a file that root has restored: it belongs to whom ``known`` belongs."""
    status = known.stat()
    if os.geteuid() == 0:
        os.chown(new, status.st_uid, status.st_gid)
    if known.is_file():
        new.chmod(status.st_mode & 0o777)


# --- PostgreSQL: a database of the server ---


def _replace_in_server() -> str:
    """Copy the rows into the database if it is empty, else into a new one that takes its name.

    Return the name that the former database has now, '' if it was empty.
    """
    if _is_empty():
        call_command("migrate", database=DEFAULT_DB_ALIAS, interactive=False, verbosity=0)
        _fill(DEFAULT_DB_ALIAS)
        return ""
    settings = connections[DEFAULT_DB_ALIAS].settings_dict
    name, stamp = str(settings["NAME"]), _stamp()
    aside, new = (f"{name[:40]}_{word}_{stamp}" for word in (_OLD, _NEW))
    connections[DEFAULT_DB_ALIAS].close()
    with connected("server", {**settings, "NAME": "postgres"}):
        _execute('CREATE DATABASE "{}"', new)
        try:
            with connected(TARGET, {**settings, "NAME": new}):
                call_command("migrate", database=TARGET, interactive=False, verbosity=0)
                _fill(TARGET)
            # The server refuses this while anybody is connected.
            with transaction.atomic(using="server"):
                _execute('ALTER DATABASE "{}" RENAME TO "{}"', name, aside)
                _execute('ALTER DATABASE "{}" RENAME TO "{}"', new, name)
        except BaseException:
            _execute('DROP DATABASE "{}"', new)
            raise
    return aside


def _is_empty() -> bool:
    if not applied_migrations():
        return True
    schema = read_schema()
    return schema.is_current and not find_rows(DEFAULT_DB_ALIAS)


def _fill(alias: str) -> None:
    copy_rows(COPY, alias, lambda _label, _count: None)


def _execute(statement: str, *names: str) -> None:
    """Execute a statement about databases. Raise BackupRefused if the account may not."""
    try:
        with connections["server"].cursor() as cursor:
            cursor.execute(statement.format(*(name.replace('"', '""') for name in names)))
    except ProgrammingError as error:
        raise BackupRefused(
            f"The database is not empty, and its account may not put it aside: {error}. Make an"
            " empty database, and restore into that, by DATABASE_URL."
        ) from error
