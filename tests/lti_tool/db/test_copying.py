"""A school moves from SQLite to PostgreSQL, and back: real processes, real databases."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.benchmarks.platform import Platform
from tests.benchmarks.visits import Visitor
from tests.platform.fake import FakePlatform
from tests.servers.tool import Tool

# One cluster for all of them.
pytestmark = pytest.mark.servers

# A course of the fixed cast, two of whom have handed in.
LESSON = "tests.lti_tool.killed_process"
ANSWER = "Fear made haste, and haste made fear."
# What no lesson makes: people of the admin, and a content type of an app that is gone.
OPERATOR = """
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
olga = User.objects.create_superuser("olga", "olga@school.example", "secret")
group = Group.objects.create(name="operators")
group.permissions.add(Permission.objects.get(codename="change_registration"))
olga.groups.add(group)
ContentType.objects.create(app_label="gone", model="gone")
kind = ContentType.objects.get(model="registration")
LogEntry.objects.create(user=olga, content_type=kind, action_flag=2)
"""


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with Platform() as running:
        yield running


@pytest.fixture(scope="module")
def school(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file after some lessons: launches, answers, marks, scores, an operator."""
    file = tmp_path_factory.mktemp("school") / "school.sqlite3"
    tool = Tool(f"sqlite:///{file}", more={"DJANGO_SETTINGS_MODULE": "lti_tool.settings"})
    tool.join(platform)
    tool.manage("shell", "--verbosity", "0", "--command", OPERATOR)
    with tool.serving():
        amina = Visitor(tool.url)
        answer(amina, amina.launch(platform, "amina"), ANSWER)
        amina.close()
    with FakePlatform() as lms:
        status, said = tool.run(tool.python, "-m", LESSON, "never", lms.url)
    assert status == 0, said
    return file


@pytest.fixture
def source(school: Path) -> Tool:
    return Tool(f"sqlite:///{school}")


@pytest.fixture
def target(migrated_url: str) -> Tool:
    return Tool(migrated_url)


def answer(visitor: Visitor, path: str, text: str) -> None:
    """Save the answer to a question on the page that is open."""
    edition = visitor.body.partition('name="edition" value="')[2].partition('"')[0]
    visitor.request("POST", f"{path}answers/", {"edition": edition, "q2": text})


def dump(tool: Tool) -> list[dict[str, Any]]:
    """Every row with its id: marks, dates, JSON and pictures as texts."""
    rows = json.loads(tool.manage("dumpdata", "--all"))
    return sorted(rows, key=lambda row: (row["model"], str(row["pk"])))


def ids(rows: list[dict[str, Any]], model: str) -> list[Any]:
    return [row["pk"] for row in rows if row["model"] == model]


def copy(tool: Tool, to: str) -> tuple[int, str]:
    return tool.run(tool.python, "manage.py", "copy_database", to)


def test_everything_arrives_and_lessons_go_on(
    source: Tool, target: Tool, platform: Platform
) -> None:
    before = dump(source)
    status, said = copy(source, target.database)
    assert status == 0, said
    assert "worksheets.Answer: 7" in said
    assert "Set DATABASE_URL" in said
    assert dump(target) == before
    assert dump(source) == before
    models = {row["model"] for row in before}
    assert {"worksheets.mark", "worksheets.picture", "auth.group", "admin.logentry"} <= models

    with target.serving():
        amina, newcomer = Visitor(target.url), Visitor(target.url)
        amina.launch(platform, "amina")
        assert ANSWER in amina.body
        answer(newcomer, newcomer.launch(platform, "newcomer"), "Another one.")
        amina.close()
        newcomer.close()
    after = dump(target)
    for model in ("lti_tool.user", "worksheets.attempt", "worksheets.answer"):
        old, new = ids(before, model), ids(after, model)
        assert set(new) - set(old) == {max(old) + 1}


def test_the_way_back(source: Tool, target: Tool, tmp_path: Path) -> None:
    assert copy(source, target.database)[0] == 0
    back = Tool(f"sqlite:///{tmp_path / 'back.sqlite3'}")
    back.manage("migrate", "--verbosity", "0")
    status, said = copy(target, back.database)
    assert status == 0, said
    assert dump(back) == dump(source)


def test_a_target_with_rows_is_refused(source: Tool, target: Tool) -> None:
    target.manage("createsuperuser", "--noinput", "--username", "olga", "--email", "o@s.example")
    before = dump(target)
    status, said = copy(source, target.database)
    assert status == 1
    assert "The target is not empty: it has rows of auth.User. Nothing was copied." in said
    assert dump(target) == before


def test_a_target_without_tables_is_refused(source: Tool, postgres_url: str) -> None:
    status, said = copy(source, postgres_url)
    assert status == 1
    assert "The target lacks migrations: run 'migrate' with its DATABASE_URL." in said


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://somewhere/db", "must begin with sqlite:// or postgresql://"),
        ("postgresql://nobody@127.0.0.1:1/none", "A database reported an error"),
        ("", "Give the DATABASE_URL"),
    ],
)
def test_a_wrong_address_is_one_sentence(source: Tool, address: str, words: str) -> None:
    status, said = copy(source, address)
    assert status == 1
    assert words in said
    assert "Traceback" not in said


def test_a_tool_that_still_runs_is_noticed(source: Tool, target: Tool) -> None:
    with source.serving():
        assert source.get("/readyz").text == "ready\n"
        status, said = copy(source, target.database)
    assert status == 1
    assert "is in use: stop the web processes and workers first" in said
    assert ids(dump(target), "lti_tool.user") == []


def test_a_postgresql_that_is_in_use_is_noticed(target: Tool) -> None:
    with closing(psycopg.connect(target.database)):
        status, said = copy(target, target.database)
    assert status == 1
    assert "is in use" in said


def test_what_postgresql_cannot_store_stops_everything(
    school: Path, target: Tool, tmp_path: Path
) -> None:
    """SQLite takes a text of any length and with any character."""
    spoilt = tmp_path / "spoilt.sqlite3"
    shutil.copy(school, spoilt)
    with closing(sqlite3.connect(spoilt)) as connection, connection:
        connection.execute("UPDATE worksheets_answer SET text = 'a' || char(0) WHERE item = 'g1'")
    status, said = copy(Tool(f"sqlite:///{spoilt}"), target.database)
    assert status == 1
    assert "worksheets.Answer 1 to 7 cannot be stored" in said
    assert "Nothing was copied." in said
    assert ids(dump(target), "lti_tool.user") == []
