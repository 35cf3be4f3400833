"""What holds for every migration since the first: data stays, and a new column has a default.

While a new version is rolled out, processes of the old one still insert rows, and name no column
that they do not know.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, CreateModel
from django.db.migrations.operations.base import Operation

OURS = ("lti_tool", "worksheets")


def without_default(operations: Iterable[Operation]) -> list[str]:
    """Name the columns that these operations add, and that an older process cannot leave out."""
    added = [one for one in operations if isinstance(one, AddField)]
    return [
        f"{one.model_name}.{one.name}"
        for one in added
        if not (one.field.null or one.field.has_db_default() or one.field.many_to_many)
    ]


def test_an_added_column_has_a_default_in_the_database() -> None:
    loader = MigrationLoader(None)
    for key, migration in loader.disk_migrations.items():
        if key[0] in OURS and not migration.initial:
            assert without_default(migration.operations) == [], key


def test_a_column_without_one_is_found() -> None:
    columns: dict[str, models.Field[Any, Any]] = {
        "bare": models.IntegerField(default=0),
        "kept": models.IntegerField(db_default=0),
        "empty": models.IntegerField(null=True),
    }
    operations = [AddField("mark", name, field) for name, field in columns.items()]
    assert without_default(operations) == ["mark.bare"]
    assert without_default([CreateModel("mark", [("bare", columns["bare"])])]) == []
