"""What pupils wrote and chose becomes one value, and comes back: on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connections, models
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from lti_tool.server.environment import read_database

pytestmark = pytest.mark.slow

BEFORE = ("worksheets", "0001_initial")
AFTER = ("worksheets", "0002_answer_value")
ALIAS = "migrated"
# What a query, JSON or a database might take for something else.
TEXTS = (
    "",
    " ",
    "Manchuria",
    "It said \"haste\", 'fear' and %s.",
    "C:\\temp\\u0041 \\n \\",
    "one\ntwo\r\nthree\tfour\x01\x7f\u2028five",
    "Großmächte, 満州, \U0001f600\U0001f1ef\U0001f1f5",
    '{"v": 2, "choice": "c"}',
    "null",
    "true",
    "1",
    '"',
    "\U0001f600" * 20_000,
)
CHOICES = ("", "b", "iii", "é", '"', "\\")
GIVEN = list(product(TEXTS, CHOICES))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def first(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Apps]:
    """The models of the first version; their database has no rows yet."""
    url = f"sqlite:///{tmp_path / 'school.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    configured = connections.configure_settings({"default": dict(read_database(url, tmp_path))})
    connections.settings[ALIAS] = configured["default"]
    try:
        with django_db_blocker.unblock():
            yield migrate(BEFORE)
    finally:
        connections[ALIAS].close()
        del connections[ALIAS], connections.settings[ALIAS]


def migrate(target: tuple[str, str]) -> Apps:
    """Migrate there, forward or backward, and return the models of then."""
    executor = MigrationExecutor(connections[ALIAS])
    executor.migrate([target])
    return executor.loader.project_state([target]).apps


def rows(apps: Apps, label: str) -> models.QuerySet[Any]:
    return models.QuerySet(apps.get_model(label), using=ALIAS).order_by("pk")


def make_answers(apps: Apps, field: str, given: Iterable[tuple[str, Any]]) -> None:
    """Make an attempt with these answers: their text, and what the field holds."""
    registration = rows(apps, "lti_tool.Registration").create()
    deployment = rows(apps, "lti_tool.Deployment").create(registration=registration)
    context = rows(apps, "lti_tool.Context").create(deployment=deployment)
    link = rows(apps, "lti_tool.ResourceLink").create(deployment=deployment, context=context)
    user = rows(apps, "lti_tool.User").create(registration=registration)
    worksheet = rows(apps, "worksheets.Worksheet").create(author=user)
    edition = rows(apps, "worksheets.Edition").create(worksheet=worksheet, number=1)
    assignment = rows(apps, "worksheets.Assignment").create(link=link, edition=edition)
    attempt = rows(apps, "worksheets.Attempt").create(
        assignment=assignment, user=user, edition=edition
    )
    for number, (text, held) in enumerate(given, 1):
        rows(apps, "worksheets.Answer").create(
            attempt=attempt, item=f"q{number}", text=text, **{field: held}
        )


def answers(apps: Apps, *fields: str) -> list[Any]:
    return list(rows(apps, "worksheets.Answer").values_list(*fields))


def value(text: str, choice: str) -> dict[str, Any]:
    return {"v": 1, "text": text} | ({"choice": choice} if choice else {})


def test_text_and_choice_become_the_value_and_come_back(first: Apps) -> None:
    make_answers(first, "choice", GIVEN)
    before = list(rows(first, "worksheets.Answer").values())

    second = migrate(AFTER)
    assert answers(second, "text", "value") == [(text, value(text, c)) for text, c in GIVEN]
    found = rows(second, "worksheets.Answer")
    assert found.filter(value__v=1).count() == len(GIVEN)
    assert found.filter(value__text="null", value__choice="é").count() == 1

    first = migrate(BEFORE)
    assert list(rows(first, "worksheets.Answer").values()) == before


def test_what_was_saved_since_goes_back(first: Apps) -> None:
    second = migrate(AFTER)
    make_answers(second, "value", [(text, value(text, c)) for text, c in GIVEN])
    first = migrate(BEFORE)
    assert answers(first, "text", "choice") == GIVEN


def test_a_kind_that_the_first_version_does_not_know_leaves_its_text(first: Apps) -> None:
    second = migrate(AFTER)
    ranked = {"v": 1, "places": {"Economic": 2, "Diplomatic": 1}}
    make_answers(second, "value", [("Diplomatic, Economic", ranked), ("", {})])
    first = migrate(BEFORE)
    assert answers(first, "text", "choice") == [("Diplomatic, Economic", ""), ("", "")]
