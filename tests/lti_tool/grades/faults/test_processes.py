"""Deliverers as processes: beside each other, and on a database that goes away."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests import ROOT
from tests.lti_tool.grades.outbox.test_kills import (
    AMINA,
    Place,
    place,
    server,
    wait_for_the_next_second,
)
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault
from tests.servers.postgres import Cluster, cluster
from tests.servers.programs import NotInstalled, skip

pytestmark = pytest.mark.servers

__all__ = ["place", "server"]

BEN = "102"


class PostgresPlace(Place):
    """The same, on PostgreSQL."""

    def __init__(self, url: str, place: Place) -> None:
        super().__init__(place.file)
        self.url = url
        self.environment = {**self.environment, "DATABASE_URL": url}

    def ask(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def postgres_place(migrated_url: str, place: Place) -> PostgresPlace:
    return PostgresPlace(migrated_url, place)


def migrated_at(url: str, place: Place) -> PostgresPlace:
    made = PostgresPlace(url, place)
    status, said = made.run("manage.py", "migrate", "--verbosity", "0")
    assert status == 0, said
    return made


@contextlib.contextmanager
def delivering(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """A deliverer that goes on until the end of the block, and then ends when it is asked."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "deliver_scores"],
        cwd=ROOT,
        env=place.environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


def is_settled(place: Place) -> bool:
    """Whether nothing is due within half a minute."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        # Between crash and recovery nobody answers.
        with contextlib.suppress(psycopg.OperationalError):
            if place.ask("SELECT DISTINCT state FROM lti_tool_delivery") == [("delivered",)]:
                return True
        time.sleep(0.1)
    return False


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Place:
    """On both databases."""
    name = "place" if request.param == "sqlite" else "postgres_place"
    found: Place = request.getfixturevalue(name)
    return found


def test_two_that_race_for_one_row_send_it_once(either: Place, server: FakePlatform) -> None:
    either.submit("after-commit", server)
    server.fail("scores", Fault(slow=3.0))  # the second one is there before the first is done
    racing = [either.start("manage.py", "deliver_scores", "--once") for _ in range(2)]
    said = []
    for process in racing:
        with process:
            said.append(process.communicate(timeout=60)[0].splitlines()[-1])
            assert process.returncode == 0, said
    assert sorted(said) == ["Scores tried: 0.", "Scores tried: 1."]
    assert len(server.scores) == server.gradebook.cell(AMINA).accepted == 1


def goes_away_while_a_score_is_on_its_way(
    database: Cluster, place: PostgresPlace, server: FakePlatform, how: signal.Signals
) -> None:
    """What was answered meanwhile is settled when it is back; nothing is sent twice."""
    place.submit("after-commit", server)
    server.fail("scores", Fault(slow=1.0))
    with delivering(place):
        assert server.wait_for("scores")
        database.stop(how)
        time.sleep(1.5)  # the answer comes, and there is nobody to tell
        database.start()
        assert is_settled(place)
    assert server.gradebook.cell(AMINA).accepted == 1


def test_the_database_is_restarted_while_a_score_is_on_its_way(
    postgres: Cluster, postgres_place: PostgresPlace, server: FakePlatform
) -> None:
    goes_away_while_a_score_is_on_its_way(postgres, postgres_place, server, signal.SIGINT)


def test_the_database_crashes_while_a_score_is_on_its_way(
    place: Place, server: FakePlatform
) -> None:
    try:
        with cluster(durable=True) as ours, ours.database() as url:
            made = migrated_at(url, place)
            goes_away_while_a_score_is_on_its_way(ours, made, server, signal.SIGQUIT)
    except NotInstalled as error:
        skip(error)


def test_the_database_goes_away_and_the_deliverer_goes_on(
    postgres: Cluster, postgres_place: PostgresPlace, server: FakePlatform
) -> None:
    """Its pooled connections are dead; the next score goes all the same."""
    with delivering(postgres_place):
        postgres_place.submit("never", server)
        assert is_settled(postgres_place)
        postgres.stop()
        postgres.start()
        server.fail("scores", Fault(500))
        wait_for_the_next_second()
        postgres_place.ask("UPDATE lti_tool_delivery SET state = 'due', next_try_at = now()")
        assert is_settled(postgres_place)
    assert server.gradebook.cell(AMINA).accepted == server.gradebook.cell(BEN).accepted == 2
