"""A copy of a whole database into an empty one, for any models.

It reads one snapshot of the one database and writes in one transaction: the target holds
everything or nothing.
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
from django.db.models import BinaryField, Field, Model, QuerySet
from django.db.models.sql import InsertQuery

from lti_tool.db.schema import read_schema

TARGET = "target"

# ``migrate`` fills these itself, with ids that may differ from the source's.
_FILLED_BY_MIGRATE = frozenset({"contenttypes.ContentType", "auth.Permission"})
_BATCH_ROWS = 500
# PostgreSQL accepts at most 65535 parameters in a statement.
_BATCH_VALUES = 30_000

Models = list[type[Model]]
Report = Callable[[str, int], None]  # label and number of rows, after each model


class CopyRefused(Exception):
    """The refusal of a copy: nothing was written. Its text says why, and what to do."""


def copy_to(target: Mapping[str, object], report: Report) -> int:
    """Copy all rows of the configured database into ``target``, and return their number.

    ``target`` is one of Django's DATABASES. Raise CopyRefused if the databases are not ready, or
    if anything cannot be read or stored.
    """
    with connected(TARGET, target):
        try:
            _check_readiness()
        except DatabaseError as error:
            raise CopyRefused(f"A database reported an error: {error}") from error
        return copy_rows(DEFAULT_DB_ALIAS, TARGET, report)


def copy_rows(source: str, target: str, report: Report) -> int:
    """Copy all rows from one alias to another, whose tables are empty. Return their number.

    Processes may go on writing to the source: it is read as it is at the beginning. Raise
    CopyRefused if anything cannot be read or stored.
    """
    try:
        with _snapshot(source), transaction.atomic(using=target):
            _allow_idling(target)
            return _copy(source, target, report)
    except DatabaseError as error:
        raise CopyRefused(f"A database reported an error: {error}") from error


@contextmanager
def connected(alias: str, database: Mapping[str, object]) -> Iterator[None]:
    """Let Django know a database by this alias until the end of the block."""
    settings = connections.configure_settings({DEFAULT_DB_ALIAS: dict(database)})
    connections.settings[alias] = settings[DEFAULT_DB_ALIAS]
    try:
        yield
    finally:
        connections[alias].close()
        del connections[alias], connections.settings[alias]


def find_rows(alias: str) -> str:
    """Return the label of a model with rows, '' if the tables are as ``migrate`` leaves them."""
    for model in _models():
        if model._meta.label not in _FILLED_BY_MIGRATE and _all_rows(model, alias).exists():
            return model._meta.label
    return ""


def is_open_elsewhere(alias: str = DEFAULT_DB_ALIAS) -> bool:
    """Return whether another process has the database open, as every process of the tool does.

    Raise DatabaseError, or that of sqlite3, if this cannot be found out.
    """
    database = connections[alias]
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend')"
            )
            return bool(cursor.fetchone()[0])
    database.close()
    with closing(sqlite3.connect(database.settings_dict["NAME"], timeout=0)) as probe:
        return not lock_file(probe)


def lock_file(connection: sqlite3.Connection) -> bool:
    """Lock a file of SQLite for this connection alone. Return False if another one has it open."""
    try:
        # Set before the file is first read, this mode takes an exclusive lock, which fails if
        # another connection has the file open.
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("SELECT 1 FROM sqlite_master")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _models() -> Models:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]


def _check_readiness() -> None:
    """Raise CopyRefused unless both are migrated, the target is empty and the source unused."""
    for alias, name in ((DEFAULT_DB_ALIAS, "The configured database"), (TARGET, "The target")):
        schema = read_schema(alias)
        if schema.unapplied:
            raise CopyRefused(f"{name} lacks migrations: run 'migrate' with its DATABASE_URL.")
        if schema.unknown:
            raise CopyRefused(f"{name} is of a newer version: copy it with that version.")
    if label := find_rows(TARGET):
        raise CopyRefused(f"The target is not empty: it has rows of {label}.")
    if is_open_elsewhere():
        raise CopyRefused(
            "The configured database is in use: stop the web processes and workers first, so"
            " that no work is lost."
        )


@contextmanager
def _snapshot(alias: str) -> Iterator[None]:
    """Read a single snapshot inside. On SQLite, others cannot write meanwhile."""
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            _allow_idling(alias)
        yield


def _allow_idling(alias: str) -> None:
    """Lift the time limit of idle transactions (``lti_tool.db.postgresql``) for this one.

    It blocks no other process, and may wait for the other database or a terminal.
    """
    if connections[alias].vendor == "postgresql":
        with connections[alias].cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def _copy(source: str, target: str, report: Report) -> int:
    models = _models()
    for label in _FILLED_BY_MIGRATE:
        _all_rows(apps.get_model(label), target).delete()
    total = 0
    for model in models:
        _copy_rows(model, source, target)
        count = _check_count(model, source, target)
        report(model._meta.label, count)
        total += count
    connection = connections[target]
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    return total


def _copy_rows(model: type[Model], source: str, target: str) -> None:
    fields = [f for f in model._meta.local_concrete_fields if not f.generated]
    # A single picture may take as much memory as hundreds of other rows.
    wide = any(isinstance(field, BinaryField) for field in fields)
    size = 1 if wide else min(_BATCH_ROWS, _BATCH_VALUES // len(fields))
    rows = _all_rows(model, source).order_by("pk").iterator(chunk_size=size)
    for batch in _batches(rows, size):
        try:
            _insert(model, fields, batch, target)
        except DatabaseError as error:
            raise CopyRefused(
                f"{model._meta.label} {batch[0].pk} to {batch[-1].pk} cannot be stored: {error}"
            ) from error


def _insert(
    model: type[Model], fields: list[Field[Any, Any]], rows: list[Model], target: str
) -> None:
    """Insert rows exactly as they are: no default, signal or automatic date changes them."""
    query = InsertQuery(model)
    query.insert_values(fields, rows, raw=True)
    query.get_compiler(using=target).execute_sql()


def _batches(rows: Iterable[Model], size: int) -> Iterator[list[Model]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def _check_count(model: type[Model], source: str, target: str) -> int:
    """Return the number of rows that were written. Raise CopyRefused if some are missing."""
    read, written = (_all_rows(model, alias).count() for alias in (source, target))
    if read != written:
        raise CopyRefused(f"{model._meta.label}: {read} rows were there, {written} arrived.")
    return written


def _all_rows(model: type[Model], alias: str) -> QuerySet[Model]:
    """Return all rows of a model; its own manager might leave some out."""
    return QuerySet(model, using=alias)
