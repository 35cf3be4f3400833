"""docs/data.md names every field that is kept: a new one is not forgotten there."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands

from lti_tool.server.environment import MIN_RETENTION_DAYS, RETENTION_DAYS
from tests import ROOT

PAGE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
MODELS = {
    model.__name__: model
    for label in ("lti_tool", "worksheets")
    for model in apps.get_app_config(label).get_models()
}


def named_fields() -> dict[str, list[str]]:
    """The fields that the page's last table names, by row."""
    rows = re.findall(r"^\| `(\w+)` \|[^|]+\| ([^|]+) \|$", PAGE, re.MULTILINE)
    return {name: re.findall(r"`(\w+)`", cell) for name, cell in rows}


def test_the_page_names_every_kind_of_row_and_no_other() -> None:
    assert set(named_fields()) == set(MODELS)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_page_names_every_field_of(name: str) -> None:
    kept = sorted(field.name for field in MODELS[name]._meta.fields)
    assert sorted(named_fields()[name]) == kept


def test_the_page_tells_the_period_that_is_kept() -> None:
    assert f"({RETENTION_DAYS} if it is not set, at least {MIN_RETENTION_DAYS})" in PAGE
    assert settings.LTI_RETENTION_DAYS == RETENTION_DAYS


@pytest.mark.parametrize(
    "command", ["forget_old", "export_person", "erase_person", "export_course", "erase_course"]
)
def test_the_page_shows_commands_that_exist(command: str) -> None:
    assert f"manage.py {command}" in PAGE
    assert get_commands()[command] == "worksheets"
