"""Queries and changes whose SQL is compiled once a process.

For a query over six tables Django takes twenty times as long to compile the SQL as SQLite
takes to run it, and a launch consists of such queries and one insert. A prepared query is an
ordinary queryset that is compiled once; each run supplies its values.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import query

Row = TypeVar("Row", bound=models.Model)


class Param(models.Expression):
    """A parameter in a queryset, whose value each run supplies under this name."""

    def __init__(self, name: str, output_field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field or models.Field())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """Return a placeholder; its parameter is this object until a run replaces it."""
        return "%s", (self,)


class Prepared(Generic[Row]):
    """A queryset with ``Param`` values; ``select_related`` and annotations work as usual.

    It may not be sliced, because a slice becomes part of the SQL: ``all`` takes a limit.
    """

    def __init__(self, build: Callable[[], models.QuerySet[Row]]) -> None:
        self._build = build

    def first(self, **given: Any) -> Row | None:
        """Return the first row in the queryset's own order, or None.

        The SQL has no limit: the database's answer is read completely.
        """
        return next(self._rows(given), None)

    def all(self, *, limit: int | None = None, **given: Any) -> list[Row]:
        """Return all rows, or the first ``limit`` (not for a queryset that locks its rows)."""
        return list(self._rows(given, limit))

    @functools.cached_property
    def _compiled(self) -> _Compiled:
        return _Compiled(self._build())

    def _rows(self, given: dict[str, Any], limit: int | None = None) -> Iterator[Row]:
        compiled, connection = self._compiled, connections[DEFAULT_DB_ALIAS]
        sql = compiled.sql
        values = [
            # As the database's driver expects it.
            param.output_field.get_db_prep_value(given[param.name], connection)
            if isinstance(param, Param)
            else param
            for param in compiled.params
        ]
        if limit is not None:
            sql, values = f"{sql} LIMIT %s", [*values, limit]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = cursor.fetchall()
        return (compiled.instance(list(row), connection) for row in rows)


class PreparedInsert(Generic[Row]):
    """An INSERT for rows of one model, each a statement and a transaction of its own.

    With ``waits_for_disk`` False, PostgreSQL answers before the row is on the disk (SQLite,
    as it is configured here, never waits).
    """

    def __init__(self, model: type[Row], *, waits_for_disk: bool = True) -> None:
        self._model = model
        self._waits_for_disk = waits_for_disk
        self._fields = model._meta.concrete_fields

    def add(self, row: Row) -> bool:
        """Insert a row that has its primary key, and return True.

        Return False if a unique constraint is violated; raise IntegrityError for any other
        constraint. No signal is sent.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        values = [
            field.get_db_prep_save(field.pre_save(row, add=True), connection)
            for field in self._fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, values)
            is_new = bool(cursor.rowcount == 1)
        if is_new:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
        return is_new

    @functools.cached_property
    def _sql(self) -> str:
        connection = connections[DEFAULT_DB_ALIAS]
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self._fields)
        places = ", ".join("%s" for _ in self._fields)
        sql = (
            f"INSERT INTO {quote(self._model._meta.db_table)} ({columns})"  # noqa: S608
            f" VALUES ({places}) ON CONFLICT DO NOTHING"
        )
        if connection.vendor == "postgresql" and not self._waits_for_disk:
            # Local to the transaction, which is this one statement. A statement of its own for
            # the setting would cost the server as much as the row.
            sql += " RETURNING set_config('synchronous_commit', 'off', true)"
        return sql


def update_where(model: type[models.Model], values: Mapping[str, Any], **where: Any) -> int:
    """Update fields of the rows in which others have these values; return how many rows.

    Like ``filter(**where).update(**values)`` for plain values and equality (not to NULL).
    """
    connection, written = (
        connections[DEFAULT_DB_ALIAS],
        _compile_update(model, (*values,), (*where,)),
    )
    with connection.cursor() as cursor:
        given = written.row([*values.values(), *where.values()], connection)
        cursor.execute(written.sql, given)
        return int(cursor.rowcount)


def update_rows(rows: Sequence[models.Model], *names: str) -> None:
    """Save these fields of each row, as ``bulk_update`` does. No signal is sent."""
    if not rows:
        return
    connection, written = (
        connections[DEFAULT_DB_ALIAS],
        _compile_update(type(rows[0]), names, ("pk",)),
    )
    given = [
        written.row([getattr(row, name) for name in (*names, "pk")], connection) for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(written.sql, given)


@dataclass(frozen=True, slots=True)
class _Update:
    sql: str
    fields: Sequence[models.Field[Any, Any]]

    def row(self, values: Sequence[Any], connection: BaseDatabaseWrapper) -> list[Any]:
        """Return the parameters of one run."""
        pairs = zip(self.fields, values, strict=True)
        return [field.get_db_prep_save(value, connection) for field, value in pairs]


@functools.cache
def _compile_update(
    model: type[models.Model], names: tuple[str, ...], where: tuple[str, ...]
) -> _Update:
    """Return an UPDATE of the fields ``names`` where the fields ``where`` are equal."""
    meta, quote = model._meta, connections[DEFAULT_DB_ALIAS].ops.quote_name
    concrete = {"pk": meta.pk, **{field.name: field for field in meta.concrete_fields}}
    fields = [concrete[name] for name in (*names, *where)]
    places = [f"{quote(str(field.column))} = %s" for field in fields]
    sets, wheres = ", ".join(places[: len(names)]), " AND ".join(places[len(names) :])
    sql = f"UPDATE {quote(meta.db_table)} SET {sets} WHERE {wheres}"  # noqa: S608
    return _Update(sql, fields)


class _Compiled:
    """The compiled SQL of a queryset and the way its rows become objects.

    ``QuerySet`` works both out again for each query.
    """

    def __init__(self, queryset: models.QuerySet[Any]) -> None:
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.params = compiler.as_sql()
        info, columns = compiler.klass_info, compiler.select
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        self._model, self._own = info["model"], slice(first, last)
        self._names = [column[0].target.attname for column in columns[self._own]]
        # The stubs are of a later Django.
        self._related = query.get_related_populators(info, columns, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        self._annotations = dict(compiler.annotation_col_map)
        self._converters = compiler.get_converters([column[0] for column in columns])

    def instance(self, row: list[Any], connection: BaseDatabaseWrapper) -> Any:
        """Return the object of a row of values, with related objects and annotations."""
        for index, (converters, expression) in self._converters.items():
            for convert in converters:
                row[index] = convert(row[index], expression, connection)
        made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for populator in self._related:
            populator.populate(row, made)
        for name, index in self._annotations.items():
            setattr(made, name, row[index])
        return made
