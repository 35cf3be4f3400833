"""Killed by SIGKILL at every step between the submission and its end, nothing is lost.

Real processes, a real database file, real HTTP. What the submitting process itself does
is in ``tests.lti_tool.grades.outbox.test_kills``.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from tests.lti_tool.grades.outbox.test_kills import (
    AMINA,
    KILLED,
    Place,
    server,
    wait_for_the_next_second,
)
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault

__all__ = ["server"]

LONG_AGO = "2001-01-01 00:00:00"
SENT = {"after-the-answer", "before-settling", "in-the-middle-of-settling", "after-settling"}
STEPS = [
    "after-lease",
    "before-asking-for-a-token",
    "after-the-token-was-given",
    "after-the-token-was-kept",
    "before-the-post",
    "after-the-answer",
    "before-settling",
    "in-the-middle-of-settling",
    "after-settling",
]


NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def submitted(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A score is due, and nobody knows where the gradebook is."""
    folder = tmp_path_factory.mktemp("submitted")
    place = Place(Path(shutil.copy(migrated, folder / "worksheets.sqlite3")))
    status, said = place.run("-m", "tests.lti_tool.killed_process", "after-commit", NOWHERE)
    assert status == KILLED, said
    place.ask("PRAGMA wal_checkpoint(TRUNCATE)")
    return place.file


@pytest.fixture
def place(submitted: Path, tmp_path: Path, server: FakePlatform) -> Place:
    place = Place(Path(shutil.copy(submitted, tmp_path / "worksheets.sqlite3")))
    for table, column in [("registration", "auth_token_url"), ("lineitem", "url")]:
        statement = f"UPDATE lti_tool_{table} SET {column} = replace({column}, ?, ?)"
        place.ask(statement, NOWHERE, server.url)
    return place


def let_leases_run_out(place: Place) -> None:
    place.ask("UPDATE lti_tool_delivery SET leased_until = ? WHERE leased_by <> ''", LONG_AGO)
    place.ask("UPDATE lti_tool_lineitem SET made_until = ? WHERE made_by <> ''", LONG_AGO)
    place.ask("UPDATE lti_tool_accesstoken SET renewed_until = ?", LONG_AGO)
    wait_for_the_next_second()


def kill_at(place: Place, step: str) -> None:
    status, said = place.run("-m", "tests.lti_tool.grades.faults.killed_deliverer", step)
    assert status == KILLED, said


def shows_the_mark(place: Place, server: FakePlatform) -> None:
    """Once, in the one column, with timestamps that increase; and the row knows."""
    cell = server.gradebook.cell(AMINA)
    assert (cell.given, cell.maximum, cell.comment) == (2, 3, "Gaps: 2 out of 3.")
    moments = [datetime.fromisoformat(score["timestamp"]) for score in server.scores]
    assert moments == sorted(set(moments))
    assert cell.accepted == len(moments)
    rows = place.ask("SELECT state, leased_by, leased_until, tried FROM lti_tool_delivery")
    assert rows == [("delivered", "", None, "[]")]


@pytest.mark.parametrize("step", STEPS)
def test_the_deliverer_killed(place: Place, server: FakePlatform, step: str) -> None:
    kill_at(place, step)
    assert bool(server.gradebook.cells) == (step in SENT)
    let_leases_run_out(place)
    place.deliver()
    shows_the_mark(place, server)
    is_settled = step == "after-settling"
    assert len(server.scores) == (2 if step in SENT and not is_settled else 1)


@pytest.mark.parametrize("taken", [False, True], ids=["not-taken", "taken"])
@pytest.mark.parametrize("endpoint", ["token", "find", "make"])
def test_the_deliverer_killed_while_it_waits_for_an_answer(
    place: Place, server: FakePlatform, endpoint: str, taken: bool
) -> None:
    without_a_column(place, server)
    server.fail(endpoint, Fault(hang=True, late=taken))
    with place.start("manage.py", "deliver_scores", "--once") as process:
        assert server.wait_for(endpoint)
        process.kill()
        process.communicate(timeout=20)
    let_leases_run_out(place)
    place.deliver()
    assert len(server.gradebook.columns) == 1
    shows_the_mark(place, server)


def test_the_deliverer_killed_when_the_column_was_made(place: Place, server: FakePlatform) -> None:
    without_a_column(place, server)
    kill_at(place, "after-the-column-was-made")
    assert len(server.gradebook.columns) == 1
    assert place.ask("SELECT COUNT(*) FROM lti_tool_lineitem WHERE made_by <> ''") == [(1,)]
    let_leases_run_out(place)
    place.deliver()
    assert len(server.gradebook.columns) == 1
    shows_the_mark(place, server)


def without_a_column(place: Place, server: FakePlatform) -> None:
    place.ask(
        "UPDATE lti_tool_lineitem SET url = '', container_url = ? WHERE url LIKE ?",
        f"{server.url}/2/lineitems?type_id=1",
        f"{server.url}%",
    )
