"""What holds for every migration since the first: data stays, and a new column has a default.

While a new version is rolled out, processes of the old one still insert rows, and name no column
that they do not know, and all that they do. ``test_upgrade`` tries it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddField,
    AlterField,
    AlterModelTable,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

OURS = ("lti_tool", "worksheets")
# Tables of which something was removed that the version before uses, and by which migration: it
# says there why that is better. Another one needs as good a reason.
REMOVED = {"worksheets.answer": ("worksheets", "0002_answer_value")}
# They take something away under the feet of the version before: a step of its own, one release
# later, once nobody names it. The last two say nothing about what they do.
_TAKING = (
    RemoveField,
    DeleteModel,
    RenameField,
    RenameModel,
    AlterModelTable,
    RunSQL,
    SeparateDatabaseAndState,
)


def released() -> list[tuple[str, str]]:
    """Our migrations in the order of their numbers, as far as they depend on each other."""
    graph = MigrationLoader(None).graph
    plan: dict[tuple[str, str], None] = {}
    for key in sorted(graph.nodes, key=lambda key: key[1]):
        plan |= dict.fromkeys(graph.forwards_plan(key))
    return [key for key in plan if key[0] in OURS]


def without_default(operations: Iterable[Operation]) -> list[str]:
    """Name the columns that these operations add, and that an older process cannot leave out."""
    added = [one for one in operations if isinstance(one, AddField)]
    return [
        f"{one.model_name}.{one.name}"
        for one in added
        if not (one.field.null or one.field.has_db_default() or one.field.many_to_many)
    ]


def taken_away(operations: Iterable[Operation], state: ProjectState, app: str) -> list[str]:
    """Name what these operations remove, rename, or no longer let be NULL."""
    found = []
    for one in operations:
        if isinstance(one, _TAKING):
            found.append(one.describe())
        if isinstance(one, AlterField):
            before = state.models[app, one.model_name.lower()].fields[one.name]
            if before.null and not (one.field.null or one.field.has_db_default()):
                found.append(f"{one.model_name}.{one.name} must not be NULL")
        one.state_forwards(app, state)
    return found


def test_nothing_that_older_code_uses_is_taken_away() -> None:
    loader = MigrationLoader(None)
    for key in released():
        migration, parents = loader.graph.nodes[key], loader.graph.node_map[key].parents
        state = loader.project_state([parent.key for parent in parents] or None)
        found = taken_away(migration.operations, state, key[0])
        assert not found or key in REMOVED.values(), (key, found)


def test_what_is_taken_away_is_found() -> None:
    state = ProjectState()
    made = CreateModel("mark", [("points", models.IntegerField(null=True))])
    assert taken_away([made], state, "worksheets") == []
    altered = AlterField("mark", "points", models.IntegerField())
    assert taken_away([altered], state.clone(), "worksheets") == ["mark.points must not be NULL"]
    renamed = RenameField("mark", "points", "given")
    assert len(taken_away([renamed], state.clone(), "worksheets")) == 1
    assert len(taken_away([RemoveField("mark", "points")], state, "worksheets")) == 1


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
