"""Jobs, by one web process's threads or by many machines' workers: each is done once."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.delivery.school import PATIENCE, School, kill
from tests.delivery.test_workers import anywhere, celery, embedded, several

__all__ = ["anywhere", "celery", "embedded", "several"]

pytestmark = pytest.mark.servers

START = """
import django, json, sys; django.setup()
from lti_tool.background import jobs
from lti_tool.models import User
for user in User.objects.filter(sub__startswith="pupil-").order_by("pk")[:int(sys.argv[1])]:
    jobs.start("work", user, arguments=json.loads(sys.argv[2]))
"""
LOOK = """
import django, json, sys; django.setup()
from lti_tool.models import Job, Registration
states = list(Job.objects.order_by("pk").values_list("state", flat=True))
written = Registration.objects.filter(name="written").count()
print(json.dumps([states, written]))
"""


def start(school: School, count: int, **arguments: float | str) -> None:
    status, said = school.python("-c", START, str(count), json.dumps(arguments))
    assert status == 0, said


def look(school: School) -> tuple[list[str], int]:
    status, said = school.python("-c", LOOK)
    assert status == 0, said
    states, written = json.loads(said.splitlines()[-1])
    return states, written


def come_to(school: School, state: str, count: int) -> bool:
    """Whether in time so many jobs are in this state."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if look(school)[0].count(state) >= count:
            return True
    return False


def test_each_is_done_once_and_scores_arrive_beside_them(anywhere: School) -> None:
    start(anywhere, 8, seconds=0.3)
    anywhere.report(50)
    assert anywhere.arrives(50)
    assert come_to(anywhere, "done", 8)
    assert look(anywhere) == (["done"] * 8, 8)


def test_who_is_killed_in_the_middle_leaves_it_to_others(anywhere: School, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    start(anywhere, 1, gate=str(gate))
    assert come_to(anywhere, "running", 1)
    was_celery = len(anywhere.processes) == 3 and "REDIS_URL" in anywhere.tool.environment
    for process in anywhere.processes:
        if process is not anywhere.processes[-1] or not was_celery:
            kill(process)
    assert look(anywhere) == (["running"], 0)
    gate.touch()
    if was_celery:
        anywhere.worker("three")
    else:
        anywhere.web()
    assert come_to(anywhere, "done", 1)
    assert look(anywhere) == (["done"], 1)
