"""A copy of a whole database into an empty one, for any models.

It reads one snapshot of the configured database and writes in one transaction: the target
holds everything or nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db import Error as DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import BinaryField, Field, Model, QuerySet
from django.db.models.sql import InsertQuery

SOURCE, TARGET = DEFAULT_DB_ALIAS, "target"

# ``migrate`` fills these itself, with ids that may differ from the source's.
_FILLED_BY_MIGRATE = frozenset({"contenttypes.ContentType", "auth.Permission"})
_BATCH_ROWS = 500
# PostgreSQL accepts at most 65535 parameters in a statement.
_BATCH_VALUES = 30_000

Models = list[type[Model]]


class CopyRefused(Exception):
    """The refusal of a copy: nothing was written. Its text says why, and what to do."""


def copy_to(target: Mapping[str, object], report: Callable[[str, int], None]) -> int:
    """Copy all rows into ``target``, one of Django's DATABASES, and return their number.

    ``report`` is called with label and number of rows after each model. Raise CopyRefused if
    the databases are not ready, or if anything cannot be read or stored.
    """
    with _connected(target):
        models = [
            model
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed and not model._meta.proxy and not model._meta.swapped
        ]
        try:
            _check_readiness(models)
            with _snapshot_of_source(), transaction.atomic(using=TARGET):
                _allow_idling(TARGET)
                return _copy(models, report)
        except DatabaseError as error:
            raise CopyRefused(f"A database reported an error: {error}") from error


@contextmanager
def _connected(target: Mapping[str, object]) -> Iterator[None]:
    settings = connections.configure_settings({DEFAULT_DB_ALIAS: dict(target)})
    connections.settings[TARGET] = settings[DEFAULT_DB_ALIAS]
    try:
        yield
    finally:
        connections[TARGET].close()
        del connections[TARGET], connections.settings[TARGET]


def _check_readiness(models: Models) -> None:
    """Raise CopyRefused unless both are migrated, the target is empty and the source unused."""
    for alias, name in ((SOURCE, "The configured database"), (TARGET, "The target")):
        executor = MigrationExecutor(connections[alias])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CopyRefused(f"{name} lacks migrations: run 'migrate' with its DATABASE_URL.")
    for model in models:
        if model._meta.label not in _FILLED_BY_MIGRATE and _all_rows(model, TARGET).exists():
            raise CopyRefused(f"The target is not empty: it has rows of {model._meta.label}.")
    if _is_open_elsewhere(connections[SOURCE]):
        raise CopyRefused(
            "The configured database is in use: stop the web processes and workers first, so"
            " that no work is lost."
        )


def _is_open_elsewhere(source: BaseDatabaseWrapper) -> bool:
    """Return whether another process has the source open, as every process of the tool does."""
    if source.vendor == "postgresql":
        with source.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend')"
            )
            return bool(cursor.fetchone()[0])
    source.close()
    with closing(sqlite3.connect(source.settings_dict["NAME"], timeout=0)) as probe:
        try:
            # Set before the file is first read, this mode takes an exclusive lock, which
            # fails if another connection has the file open.
            probe.execute("PRAGMA locking_mode=EXCLUSIVE")
            probe.execute("SELECT 1 FROM sqlite_master")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return True
    return False


@contextmanager
def _snapshot_of_source() -> Iterator[None]:
    """Read a single snapshot of the source inside. On SQLite, others cannot write meanwhile."""
    with transaction.atomic(using=SOURCE):
        if connections[SOURCE].vendor == "postgresql":
            with connections[SOURCE].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            _allow_idling(SOURCE)
        yield


def _allow_idling(alias: str) -> None:
    """Lift the time limit of idle transactions (``lti_tool.db.postgresql``) for this one.

    It blocks no other process, and may wait for the other database or a terminal.
    """
    if connections[alias].vendor == "postgresql":
        with connections[alias].cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def _copy(models: Models, report: Callable[[str, int], None]) -> int:
    for label in _FILLED_BY_MIGRATE:
        _all_rows(apps.get_model(label), TARGET).delete()
    total = 0
    for model in models:
        _copy_rows(model)
        count = _check_count(model)
        report(model._meta.label, count)
        total += count
    connection = connections[TARGET]
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    return total


def _copy_rows(model: type[Model]) -> None:
    fields = [f for f in model._meta.local_concrete_fields if not f.generated]
    # A single picture may take as much memory as hundreds of other rows.
    wide = any(isinstance(field, BinaryField) for field in fields)
    size = 1 if wide else min(_BATCH_ROWS, _BATCH_VALUES // len(fields))
    rows = _all_rows(model, SOURCE).order_by("pk").iterator(chunk_size=size)
    for batch in _batches(rows, size):
        try:
            _insert(model, fields, batch)
        except DatabaseError as error:
            raise CopyRefused(
                f"{model._meta.label} {batch[0].pk} to {batch[-1].pk} cannot be stored: {error}"
            ) from error


def _insert(model: type[Model], fields: list[Field[Any, Any]], rows: list[Model]) -> None:
    """Insert rows exactly as they are: no default, signal or automatic date changes them."""
    query = InsertQuery(model)
    query.insert_values(fields, rows, raw=True)
    query.get_compiler(using=TARGET).execute_sql()


def _batches(rows: Iterable[Model], size: int) -> Iterator[list[Model]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def _check_count(model: type[Model]) -> int:
    """Return the number of rows that were written. Raise CopyRefused if some are missing."""
    read, written = (_all_rows(model, alias).count() for alias in (SOURCE, TARGET))
    if read != written:
        raise CopyRefused(f"{model._meta.label}: {read} rows were there, {written} arrived.")
    return written


def _all_rows(model: type[Model], alias: str) -> QuerySet[Model]:
    """Return all rows of a model; its own manager might leave some out."""
    return QuerySet(model, using=alias)
