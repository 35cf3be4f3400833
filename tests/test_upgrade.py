"""The code of each version before writes into the newest tables: what happens while it is replaced.

Between 'migrate' and the restart, and until the last old process has ended, old code inserts,
reads, changes and deletes rows. Its models are those of the migrations that it knows, so a checkout
needs no other version: every state since the first release is tried, on SQLite and PostgreSQL.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import Error as DatabaseError
from django.db import models, transaction
from django.db.migrations.loader import MigrationLoader
from pytest_django import DjangoDbBlocker

from lti_tool.db.copying import connected
from lti_tool.server.environment import read_database
from tests.test_migrations import OURS, REMOVED, released

pytestmark = pytest.mark.slow

ALIAS = "newest"
NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
# Where a value that merely fits its type is refused by a rule of the table.
VALUES: dict[str, Any] = {
    "answer.item": "q1",
    "auditentry.by": "tool",
    "edition.number": 1,
    "keycorrection.undone_at": NOW,
    "keycorrection.verdict": "right",
    "pupildates.due_at": NOW,
}


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)]
)
def newest(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """A database with the newest tables, under ALIAS."""
    folder = tmp_path_factory.mktemp("upgrade")
    if request.param == "postgresql":
        with request.getfixturevalue("postgres").database() as url:
            yield from migrated(url, folder, django_db_blocker)
    else:
        yield from migrated(f"sqlite:///{folder / 'newest.sqlite3'}", folder, django_db_blocker)


def migrated(url: str, folder: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with connected(ALIAS, read_database(url, folder)), django_db_blocker.unblock():
        call_command("migrate", database=ALIAS, interactive=False, verbosity=0)
        yield


class OldCode:
    """What code of another version does, by its own models."""

    def __init__(self, apps: Apps) -> None:
        self.apps = apps
        self.made: dict[type[models.Model], models.Model] = {}

    def rows(self, model: type[models.Model]) -> models.QuerySet[Any]:
        return models.QuerySet(model, using=ALIAS)

    def make(self, model: type[models.Model]) -> models.Model:
        """A row of this model, with all that it refers to; one of each model."""
        if model not in self.made:
            fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
            # A primary key that is a reference is a value as well.
            key = model._meta.pk
            if key is not None and key.is_relation:
                fields.append(key)
            values = {field.name: self.value(field) for field in fields}
            row = model(**values)
            row.save(using=ALIAS, force_insert=True)
            self.made[model] = row
        return self.made[model]

    def value(self, field: models.Field[Any, Any]) -> Any:
        """A value as ordinary as may be: its default, NULL for what is optional, or a short one."""
        model = field.model
        name = f"{model._meta.model_name}.{field.name}"
        if name in VALUES:
            return VALUES[name]
        if field.is_relation:
            other = field.remote_field.model  # type: ignore[union-attr]
            return None if other is model else self.make(other)
        if field.has_default():
            return field.get_default()
        if field.null:
            return None
        if field.choices:
            return field.choices[0][0]
        return by_type(field)


def by_type(field: models.Field[Any, Any]) -> Any:
    match field:
        case models.BooleanField():
            return False
        case models.DateTimeField():
            return NOW
        case models.UUIDField():
            return uuid.uuid4()
        case models.DecimalField():
            return Decimal(1)
        case models.IntegerField():
            return 1
        case models.BinaryField():
            return b"picture"
        case models.CharField() | models.TextField():
            return uuid.uuid4().hex[: field.max_length or 32]
    raise AssertionError(f"no value for {field!r}")


FIRST = {("lti_tool", "0001_initial"), ("worksheets", "0001_initial")}
# What the code of each version knows: the first release's migrations, then one more each time.
VERSIONS = [known for i in range(1, len(released()) + 1) if set(known := released()[:i]) >= FIRST]


@pytest.mark.usefixtures("newest")
@pytest.mark.parametrize("known", VERSIONS, ids=lambda known: ".".join(known[-1]))
def test_old_code_goes_on_in_the_newest_tables(known: list[tuple[str, str]]) -> None:
    """It inserts, changes, reads and deletes a row of every table that it knows."""
    code, tables = OldCode(MigrationLoader(None).project_state(known).apps), 0
    failed = set()
    try:
        for model in code.apps.get_models():
            if model._meta.app_label not in OURS:
                continue
            tables += 1
            try:
                with transaction.atomic(using=ALIAS):
                    row = code.make(model)
                    if model._meta.model_name != "auditentry":  # which nobody changes
                        row.save(using=ALIAS, force_update=True)
                    assert code.rows(model).get(pk=row.pk) == row
            except DatabaseError:
                failed.add(model._meta.label_lower)
                code.made.pop(model, None)
        assert tables > 20
        # It fails as a whole, and so tells nobody that something was saved.
        assert failed == {table for table, since in REMOVED.items() if since not in known}
    finally:
        for made, row in reversed(code.made.items()):
            code.rows(made).filter(pk=row.pk).delete()


def test_the_first_release_is_among_them_and_the_newest() -> None:
    assert set(VERSIONS[0]) == FIRST
    newest = {key for key in MigrationLoader(None).graph.leaf_nodes() if key[0] in OURS}
    assert newest <= set(VERSIONS[-1])
