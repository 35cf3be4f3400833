"""Backups: one file with everything that the database holds, of SQLite and of PostgreSQL alike.

The file is a ZIP archive of two members: the rows as a database of SQLite, and a manifest that
says what they are. So a backup of the one kind of database can be restored into the other.
Processes may go on writing while it is made: it has what was committed when it began.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from lti_tool import __version__
from lti_tool.db.copying import connected, copy_rows
from lti_tool.db.schema import Key, applied_migrations, read_schema

FORMAT = 1  # of the file; a higher one is refused
SUFFIX = ".backup"
COPY = "copy"  # the alias of the file with the rows
_DATABASE, _MANIFEST = "database.sqlite3", "manifest.json"
_MAX_MANIFEST = 1_000_000  # bytes


class BackupRefused(Exception):
    """The refusal to make or to read a backup. Its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a backup: of which version and kind of database, from when, its hash."""

    format: int
    version: str
    vendor: str
    made_at: datetime
    size: int
    sha256: str
    migrations: tuple[Key, ...]


def write_backup(to: Path) -> tuple[Path, Manifest]:
    """Write a backup of the configured database, and return its path and what it is.

    ``to`` is a file that is not there yet, or a folder, in which it gets a name with its time.
    The file appears complete or not at all, and only its owner reads it. Raise BackupRefused.
    """
    made_at = timezone.now()
    path = to / f"tool-{made_at:%Y%m%d-%H%M%S}{SUFFIX}" if to.is_dir() else to
    if path.exists():
        raise BackupRefused(f"{path} is there already, and is not overwritten.")
    if not applied_migrations():
        raise BackupRefused("The database has no tables: there is nothing to back up.")
    try:
        # On the file system of the backup, so that the complete file is renamed to it.
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
            rows, archive = Path(folder) / _DATABASE, Path(folder) / path.name
            _write_rows(rows)
            manifest = _describe(rows, made_at)
            _pack(rows, manifest, archive)
            archive.rename(path)
    except OSError as error:
        raise BackupRefused(f"The backup cannot be written: {error}") from error
    sync_folder(path.parent)
    return path, manifest


def read_backup(path: Path, to: Path | None = None) -> Manifest:
    """Read a backup completely, and return what it is. Write its database to the file ``to``.

    Raise BackupRefused if it is damaged or of a newer version.
    """
    found = hashlib.sha256()
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_DATABASE) as rows:
            manifest = _read_manifest(archive)
            with _opened(to) as target:
                while part := rows.read(1 << 20):
                    found.update(part)
                    target.write(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError) as error:
        raise BackupRefused(f"{path} is no backup, or is damaged: {error}") from error
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {error}") from error
    if found.hexdigest() != manifest.sha256:
        raise BackupRefused(f"{path} is damaged: its database is not the one that was saved.")
    return manifest


def _opened(path: Path | None) -> BinaryIO:
    """Open a new file that only its owner reads, or nothing."""
    if path is None:
        return Path(os.devnull).open("wb")
    private_file(path)
    return path.open("wb")


def file_database(path: Path) -> Mapping[str, object]:
    """Return one of Django's DATABASES for a file that nobody else opens, without a ``-wal``."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # Who needs the file on the disk sees to it once it is complete.
        "OPTIONS": {"init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF;"},
    }


def private_file(path: Path) -> None:
    """Create an empty file that only its owner reads. Raise FileExistsError."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def sync_folder(path: Path) -> None:
    """Let the names in a folder survive a power cut."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_rows(rows: Path) -> None:
    private_file(rows)
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        # SQLite's own way copies one state of the file, with what is still in its -wal.
        connection.ensure_connection()
        with closing(sqlite3.connect(rows)) as target:
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    else:
        schema = read_schema()
        if schema.unapplied:
            raise BackupRefused("The database lacks migrations: run 'migrate', or the old version.")
        if schema.unknown:
            raise BackupRefused("The database is of a newer version: back it up with that version.")
        with connected(COPY, file_database(rows)):
            call_command("migrate", database=COPY, interactive=False, verbosity=0)
            copy_rows(DEFAULT_DB_ALIAS, COPY, lambda _label, _count: None)
    _check_integrity(rows)


def _describe(rows: Path, made_at: datetime) -> Manifest:
    with connected(COPY, file_database(rows)):
        migrations = tuple(sorted(applied_migrations(COPY)))
    return Manifest(
        format=FORMAT,
        version=__version__,
        vendor=connections[DEFAULT_DB_ALIAS].vendor,
        made_at=made_at,
        size=rows.stat().st_size,
        sha256=_hash(rows),
        migrations=migrations,
    )


def _pack(rows: Path, manifest: Manifest, to: Path) -> None:
    private_file(to)
    values: dict[str, Any] = {**asdict(manifest), "made_at": manifest.made_at.isoformat()}
    with to.open("r+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_MANIFEST, json.dumps(values, indent=1))
            archive.write(rows, _DATABASE)
        file.flush()
        os.fsync(file.fileno())


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Raise BackupRefused for a newer format; ValueError, KeyError or TypeError otherwise."""
    if archive.getinfo(_MANIFEST).file_size > _MAX_MANIFEST:
        raise ValueError("its manifest is too long")
    values = json.loads(archive.read(_MANIFEST))
    if int(values["format"]) > FORMAT:
        raise BackupRefused(f"The backup is of a newer version, {values.get('version')}.")
    values["made_at"] = datetime.fromisoformat(values["made_at"]).astimezone(UTC)
    values["migrations"] = tuple((app, name) for app, name in values["migrations"])
    return Manifest(**values)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_integrity(rows: Path) -> None:
    """Raise BackupRefused if SQLite finds the file damaged."""
    try:
        with closing(sqlite3.connect(rows)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BackupRefused(f"The database is damaged: {found}")
