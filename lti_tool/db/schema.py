"""The migrations that a database has, compared with those that this code knows."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Key = tuple[str, str]  # app and name
Database = str | BaseDatabaseWrapper  # an alias, or a connection


@dataclass(frozen=True, slots=True)
class SchemaState:
    """The migrations that a database lacks, ``unapplied``, and that the code lacks, ``unknown``.

    With the first, the code is newer than the database, and cannot work on it. With the second, it
    is older, and can: an added column has a default, and none is removed that it uses
    (``tests/test_migrations.py``).
    """

    unapplied: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        return not self.unapplied and not self.unknown


def read_schema(database: Database = DEFAULT_DB_ALIAS) -> SchemaState:
    """Return the state of a database, by one or two short queries. Raise DatabaseError."""
    return compare(applied_migrations(database))


def applied_migrations(database: Database = DEFAULT_DB_ALIAS) -> Collection[Key]:
    """Return the migrations that a database has; none if it has no tables."""
    connection = connections[database] if isinstance(database, str) else database
    return MigrationRecorder(connection).applied_migrations().keys()


def compare(applied: Collection[Key]) -> SchemaState:
    """Return the state of a database with these migrations.

    Those of apps that are not installed are passed over.
    """
    loader = _loader()
    unapplied = (
        key
        for key, migration in loader.graph.nodes.items()
        if key not in applied
        and not (migration.replaces and all(old in applied for old in migration.replaces))
    )
    unknown = (
        key
        for key in applied
        if key[0] in loader.migrated_apps and key not in loader.disk_migrations
    )
    return SchemaState(_names(unapplied), _names(unknown))


def _names(keys: Iterable[Key]) -> tuple[str, ...]:
    return tuple(sorted(f"{app}.{name}" for app, name in keys))


@functools.cache
def _loader() -> MigrationLoader:
    """Return the migrations of the code, which a process reads once."""
    return MigrationLoader(None)
