"""Names that were stored before they counted as none."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader

from lti_tool.models import User
from tests.cast import make_registration


@pytest.mark.django_db
def test_names_that_are_none_are_forgotten() -> None:
    registration = make_registration()
    for sub, name in (("1", "-"), ("2", "Amina"), ("3", "—"), ("4", "")):
        User.objects.create(
            registration=registration, sub=sub, name=name, given_name=name, family_name=name
        )
    migrations = MigrationLoader(None).disk_migrations.values()
    (found,) = [one for one in migrations if one.name.endswith("_launch_notes")]
    (operation,) = [one for one in found.operations if isinstance(one, RunPython)]
    operation.code(apps, connection.schema_editor())
    names = User.objects.order_by("sub").values_list("name", "given_name", "family_name")
    assert [set(row) for row in names] == [{""}, {"Amina"}, {""}, {""}]
