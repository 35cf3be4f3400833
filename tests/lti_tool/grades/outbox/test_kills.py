"""Processes that are killed lose nothing; processes that race send nothing twice.

Real processes, a real database file, real HTTP.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests import ROOT
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault

AMINA = "101"
KILLED = -signal.SIGKILL


class Place:
    """A database file, and processes that use it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "lti_tool.settings",
            "SECRET_KEY": "only-for-tests-q7w9etyu1opas5dfg8hjk2zxcvb4nm6",
            "PUBLIC_URL": "http://localhost:8001",
            "LTI_ALLOW_PRIVATE_HOSTS": "1",
            "DATABASE_URL": f"sqlite:///{file}",
        }

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *command: str) -> tuple[int, str]:
        with self.start(*command) as process:
            said, _ = process.communicate(timeout=60)
        return process.returncode, said

    def submit(self, dies: str, server: FakePlatform) -> tuple[int, str]:
        return self.run("-m", "tests.lti_tool.killed_process", dies, server.url)

    def deliver(self) -> str:
        status, said = self.run("manage.py", "deliver_scores", "--once")
        assert status == 0, said
        return said

    def ask(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.file, timeout=20)) as connection, connection:
            return connection.execute(statement, values).fetchall()


@pytest.fixture
def place(migrated: Path, tmp_path: Path) -> Place:
    return Place(Path(shutil.copy(migrated, tmp_path / "worksheets.sqlite3")))


@pytest.fixture
def server(fake_platform: FakePlatform) -> FakePlatform:
    """Asked by processes of their own, over the rows of their own database."""
    return fake_platform


def wait_for_the_next_second() -> None:
    now = datetime.now(UTC)
    time.sleep(1 - now.microsecond / 1_000_000 + 0.02)


def test_killed_between_the_commit_and_the_delivery(place: Place, server: FakePlatform) -> None:
    status, said = place.submit("after-commit", server)
    assert status == KILLED, said
    assert server.asked == []
    assert place.ask("SELECT state, leased_by FROM lti_tool_delivery") == [("due", "")]

    place.deliver()
    (score,) = server.scores
    assert (score["userId"], score["scoreGiven"], score["scoreMaximum"]) == (AMINA, 2, 3)
    assert score["gradingProgress"] == "FullyGraded"
    assert score["comment"] == "Gaps: 2 out of 3."
    assert server.gradebook.cell(AMINA).accepted == 1
    place.deliver()
    assert len(server.scores) == 1


def test_killed_before_the_commit_nothing_was_submitted(place: Place, server: FakePlatform) -> None:
    status, said = place.submit("before-commit", server)
    assert status == KILLED, said
    assert place.ask("SELECT submitted_at FROM worksheets_attempt") == [(None,)]
    assert place.ask("SELECT COUNT(*) FROM worksheets_mark") == [(0,)]
    assert place.ask("SELECT COUNT(*) FROM worksheets_answer") == [(3,)]
    place.deliver()
    assert server.asked == []


@pytest.mark.parametrize("taken", [False, True], ids=["not-taken", "taken-by-the-gradebook"])
def test_killed_in_the_middle_of_a_delivery(
    place: Place, server: FakePlatform, taken: bool
) -> None:
    place.submit("after-commit", server)
    server.fail("scores", Fault(hang=True, late=taken))
    with place.start("manage.py", "deliver_scores", "--once") as process:
        assert server.wait_for("scores")
        process.kill()
        process.communicate(timeout=20)
    assert len(server.gradebook.cells) == taken
    place.deliver()
    assert len(server.scores) == 1  # the dead one holds the row until its lease runs out

    place.ask("UPDATE lti_tool_delivery SET leased_until = '2001-01-01 00:00:00'")
    wait_for_the_next_second()
    place.deliver()
    cell = server.gradebook.cell(AMINA)
    assert (cell.given, cell.maximum, cell.comment) == (2, 3, "Gaps: 2 out of 3.")
    assert cell.accepted == 1 + taken
    first, second = (datetime.fromisoformat(score["timestamp"]) for score in server.scores)
    assert first < second
    assert place.ask("SELECT state, leased_until FROM lti_tool_delivery") == [("delivered", None)]


def test_deliverers_at_once_send_each_score_once(place: Place, server: FakePlatform) -> None:
    assert place.submit("never", server)[0] == 0
    people = [f"9{n:02}" for n in range(40)]
    for number, sub in enumerate(people, 5000):
        place.ask(
            "INSERT INTO lti_tool_user (id, registration_id, sub, name, given_name, family_name)"
            " SELECT ?, registration_id, ?, '', '', '' FROM lti_tool_user WHERE sub = ?",
            number,
            sub,
            AMINA,
        )
    place.ask(
        "INSERT INTO lti_tool_membership (user_id, context_id, roles, status, updated_at)"
        " SELECT u.id, m.context_id, m.roles, m.status, m.updated_at FROM lti_tool_user u,"
        " lti_tool_membership m JOIN lti_tool_user a ON a.id = m.user_id"
        " WHERE u.id >= 5000 AND a.sub = ?",
        AMINA,
    )
    columns = [str(row[1]) for row in place.ask("PRAGMA table_info(lti_tool_delivery)")]
    names = [name for name in columns if name not in {"id", "user_id"}]
    copied, theirs = ", ".join(names), ", ".join(f"d.{name}" for name in names)
    place.ask(
        f"INSERT INTO lti_tool_delivery (user_id, {copied}) SELECT u.id, {theirs} FROM"
        " lti_tool_delivery d, lti_tool_user u WHERE u.id >= 5000"
        " AND d.user_id = (SELECT id FROM lti_tool_user WHERE sub = ?)",
        AMINA,
    )
    processes = [place.start("manage.py", "deliver_scores", "--once") for _ in range(3)]
    said = []
    for process in processes:
        with process:
            said.append(process.communicate(timeout=60)[0])
            assert process.returncode == 0, said
    assert sorted(score["userId"] for score in server.scores) == sorted([*people, AMINA, "102"])
    assert place.ask("SELECT DISTINCT state FROM lti_tool_delivery") == [("delivered",)]
    assert sum(int(text.split(":")[-1].strip(" .\n")) for text in said) == 42
