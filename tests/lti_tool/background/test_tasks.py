"""Celery's part: it wakes, and what is due the rows say. With real workers: tests/delivery."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisAway

from lti_tool.background import jobs, tasks
from lti_tool.grades import outbox
from lti_tool.grades.outbox import notify_deliverer
from lti_tool.models import Job
from tests import ROOT
from tests.cast import Cast
from tests.lti_tool.background.working import NAME


class Broker:
    """Takes the place of publishing."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []
        self.problem: Exception | None = None

    def apply_async(self, **options: Any) -> None:
        if self.problem:
            raise self.problem
        self.published.append(options)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Broker]:
    made = Broker()
    settings.LTI_WAKE = "lti_tool.background.tasks.wake"
    monkeypatch.setattr(tasks.deliver, "apply_async", made.apply_async)
    monkeypatch.setattr(tasks.run_jobs, "apply_async", made.apply_async)
    monkeypatch.setattr(tasks, "_redis_paused_until", 0.0)
    cache.clear()
    yield made
    cache.clear()


def test_one_wake_up_is_on_its_way_at_a_time(broker: Broker) -> None:
    for _ in range(30):
        notify_deliverer()
    (options,) = broker.published
    assert options["retry"] is False  # no pupil waits for it
    assert "countdown" not in options
    assert "eta" not in options


def test_who_comes_while_a_worker_begins_wakes_another(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its score may be too late for the look that the worker has just had."""

    class Hand:
        def drain(self, seconds: float) -> int:
            assert seconds == tasks.TASK_SECONDS
            notify_deliverer()
            return 7

    monkeypatch.setattr(tasks, "_deliverer", Hand)
    monkeypatch.setattr(outbox, "has_work", lambda: False)
    notify_deliverer()
    assert tasks.deliver() == 7
    assert len(broker.published) == 2


def test_what_a_worker_leaves_another_takes(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hand:
        def drain(self, _seconds: float) -> int:
            return 100

    monkeypatch.setattr(tasks, "_deliverer", Hand)
    monkeypatch.setattr(outbox, "has_work", lambda: True)
    tasks.deliver()
    assert len(broker.published) == 1


def test_a_worker_that_could_send_nothing_wakes_nobody(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hand:
        def drain(self, _seconds: float) -> int:
            return 0

    monkeypatch.setattr(tasks, "_deliverer", Hand)
    monkeypatch.setattr(outbox, "has_work", lambda: True)
    tasks.deliver()
    assert broker.published == []


@pytest.mark.parametrize("problem", [OperationalError("gone"), RedisAway("gone"), OSError("gone")])
def test_a_wake_up_that_fails_fails_nothing_else(
    broker: Broker, caplog: pytest.LogCaptureFixture, problem: Exception
) -> None:
    broker.problem = problem
    notify_deliverer()
    assert "could not be woken" in caplog.text
    cache.clear()
    broker.problem = None
    notify_deliverer()
    assert broker.published == []  # for a while Redis is let be


@pytest.fixture
def waiting(broker: Broker, cast: Cast, settings: Any) -> list[Job]:
    """A job of Ruth's and one of Zara's."""
    settings.LTI_JOBS = {"work": NAME}
    settings.LTI_WAKE_JOBS = "lti_tool.background.tasks.wake_jobs"
    return [jobs.start("work", someone.user) for someone in (cast.ruth, cast.zara)]


def test_a_job_wakes_a_worker_who_wakes_another(broker: Broker, waiting: list[Job]) -> None:
    """One job a task, so that scores take their turn."""
    assert len(broker.published) == 1
    assert tasks.run_jobs() == 1
    assert len(broker.published) == 2
    assert tasks.run_jobs() == 1
    assert len(broker.published) == 2
    assert tasks.run_jobs() == 0
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_a_score_and_a_job_do_not_keep_each_other_from_waking(
    broker: Broker, waiting: list[Job]
) -> None:
    notify_deliverer()
    assert len(broker.published) == 2


def test_a_job_is_made_without_a_broker_as_well(
    broker: Broker, cast: Cast, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broker.problem = OperationalError("gone")
    settings.LTI_JOBS = {"work": NAME}
    settings.LTI_WAKE_JOBS = "lti_tool.background.tasks.wake_jobs"
    assert jobs.start("work", cast.ruth.user).state == "waiting"
    assert "could not be woken" in caplog.text


def run(code: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "only-for-tests-q7w9etyu1opas5dfg8hjk2zxcvb4nm6",
        "PUBLIC_URL": "http://localhost:8001",
        "DATABASE_URL": "sqlite://:memory:",
        "DJANGO_SETTINGS_MODULE": "lti_tool.settings",
        **more,
    }
    command = [sys.executable, *code]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("what", ["worker", "beat"])
def test_without_an_address_celery_says_what_is_missing(what: str, tmp_path: Path) -> None:
    options = ["--schedule", str(tmp_path / "beat")] if what == "beat" else []
    done = run(["-m", "celery", "-A", "lti_tool", what, *options])
    assert done.returncode != 0
    assert "REDIS_URL is not set" in done.stderr


def test_a_tool_that_delivers_itself_knows_nothing_of_celery() -> None:
    code = (
        "import django, sys; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "from lti_tool.grades.outbox import notify_deliverer; notify_deliverer();"
        "assert 'lti_tool.background.deliverer' in sys.modules;"
        "assert not {'celery', 'redis', 'lti_tool.background.tasks'} & set(sys.modules)"
    )
    done = run(["-c", code])
    assert done.returncode == 0, done.stderr


def test_with_redis_the_workers_deliver() -> None:
    code = (
        "import django; django.setup(); from django.conf import settings;"
        "print(settings.LTI_DELIVER_IN_PROCESS, settings.LTI_WAKE,"
        " settings.CACHES['default']['BACKEND'], settings.CELERY_BROKER_URL)"
    )
    done = run(["-c", code], REDIS_URL="redis://127.0.0.1:6379/0")
    assert done.stdout.split() == [
        "False",
        "lti_tool.background.tasks.wake",
        "django.core.cache.backends.redis.RedisCache",
        "redis://127.0.0.1:6379/0",
    ]


@pytest.mark.parametrize("wrong", ["127.0.0.1:6379", "http://x/", "redis://", "redis://h:port/0"])
def test_a_wrong_address_is_one_sentence_at_start(wrong: str) -> None:
    done = run(["manage.py", "check"], REDIS_URL=wrong)
    assert done.returncode != 0
    assert "REDIS_URL is not an address of a Redis server" in done.stderr
    assert "Traceback" not in done.stderr
