"""The same scores, by one web process's threads or by many machines' workers.

Real processes, real databases, real HTTP; how each server is started stands in
``tests/servers``.
"""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.school import PUPILS, SLOW, School, check_order, kill, school
from tests.servers.postgres import Cluster
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.servers


@pytest.fixture
def embedded(migrated: Path, tmp_path: Path) -> Iterator[School]:
    """One gunicorn with two workers, and a file."""
    file = shutil.copy(migrated, tmp_path / "worksheets.sqlite3")
    with school(f"sqlite:///{file}") as made:
        made.web()
        yield made


@pytest.fixture
def several(migrated_url: str) -> Iterator[School]:
    """On PostgreSQL, gunicorn with two workers, and two more processes that deliver."""
    with school(migrated_url) as made:
        made.web()
        made.start("manage.py", "deliver_scores")
        made.start("manage.py", "deliver_scores")
        yield made


@pytest.fixture
def celery(migrated_url: str, redis: RedisServer, tmp_path: Path) -> Iterator[School]:
    """Two Celery workers and beat on Redis."""
    with school(migrated_url, redis.url) as made:
        made.worker("one")
        made.worker("two")
        made.beat(str(tmp_path / "beat"))
        yield made


@pytest.fixture(params=["embedded", "several", "celery"])
def anywhere(request: pytest.FixtureRequest) -> School:
    """Each of them."""
    made: School = request.getfixturevalue(request.param)
    return made


def test_every_score_arrives_once_by_one_token(anywhere: School) -> None:
    anywhere.report(50)
    assert anywhere.arrives(50)
    time.sleep(1.2)  # whatever would be sent twice is sent by now
    assert len(anywhere.lms.scores) == PUPILS
    assert len(anywhere.lms.asked_for("token")) == 1
    assert len(anywhere.lms.gradebook.columns) == 0


def test_the_last_mark_wins(anywhere: School) -> None:
    for given in (10, 20, 30):
        anywhere.report(given)
    assert anywhere.arrives(30)
    check_order(anywhere.lms)


def test_who_is_killed_loses_nothing(anywhere: School) -> None:
    """What it held is due again when its lease ends: whoever lives takes it over."""
    victim = anywhere.processes[0]
    anywhere.lms.always_fail("scores", SLOW)
    anywhere.report(10)
    assert anywhere.has_taken(3)
    assert anywhere.holds_some(victim)
    kill(victim)
    anywhere.lms.mend()
    anywhere.report(20)
    if len(anywhere.processes) == 1:
        anywhere.web()
    assert anywhere.arrives(20)
    check_order(anywhere.lms)


def test_who_is_stopped_for_a_while_does_no_harm(several: School) -> None:
    """Three on the same rows; one sleeps through its lease and goes on, one is killed."""
    _web, sleeper, victim = several.processes
    several.lms.always_fail("scores", SLOW)
    several.report(10)
    assert several.has_taken(3)
    assert several.holds_some(sleeper, victim)
    kill(sleeper, signal.SIGSTOP)
    kill(victim)
    several.lms.mend()
    several.report(20)
    assert several.arrives(20)  # of the sleeper's rows as well: its lease is over
    kill(sleeper, signal.SIGCONT)
    several.report(30)
    assert several.arrives(30)
    check_order(several.lms)


def test_a_database_that_is_started_anew(several: School, postgres: Cluster) -> None:
    several.lms.always_fail("scores", SLOW)
    several.report(10)
    assert several.has_taken(3)
    assert several.held()
    postgres.stop()
    time.sleep(SLOW.slow + 1)  # the answers come, and there is nobody to tell
    postgres.start()
    several.lms.mend()
    several.report(20)
    assert several.arrives(20)
    check_order(several.lms)


def test_without_redis_a_submit_goes_through_and_the_score_comes_later(
    celery: School, redis: RedisServer
) -> None:
    celery.report(10)
    assert celery.arrives(10)
    redis.stop()
    celery.report(20)  # none waits for Redis to come back, or this would not end
    time.sleep(1)
    redis.start()
    assert celery.arrives(20)
    check_order(celery.lms)


def test_a_wake_up_does_not_wait_for_beat(celery: School) -> None:
    """Beat is killed before it has sent anything, so somebody was woken for what arrives."""
    kill(celery.processes[-1])
    for given in (10, 20):
        celery.report(given)
        assert celery.arrives(given)
