"""A process that is killed in the middle of a job loses nothing, and nothing is done twice.

Real processes, a real database: a file, and PostgreSQL.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.servers.tool import Tool

KILLED = -signal.SIGKILL
MODULE = "tests.lti_tool.background.job_process"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.lti_tool.background.job_settings"}
READ = """
import django, json; django.setup()
from lti_tool.models import Job, Registration
rows = list(Job.objects.order_by("pk").values_list("state", "steps_done", "tries"))
written = Registration.objects.filter(name="written").values_list("client_id", flat=True)
print(json.dumps([rows, sorted(map(int, written))]))
"""
EXPIRE = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from lti_tool.models import Job
Job.objects.filter(state="running").update(leased_until=timezone.now() - timedelta(seconds=1))
"""


@pytest.fixture
def embedded(migrated: Path, tmp_path: Path) -> Tool:
    file = shutil.copy(migrated, tmp_path / "worksheets.sqlite3")
    return Tool(f"sqlite:///{file}", more=SETTINGS)


@pytest.fixture
def on_postgres(migrated_url: str) -> Tool:
    return Tool(migrated_url, more=SETTINGS)


@pytest.fixture(params=["embedded", pytest.param("on_postgres", marks=pytest.mark.servers)])
def tool(request: pytest.FixtureRequest) -> Tool:
    made: Tool = request.getfixturevalue(request.param)
    return made


def python(tool: Tool, *words: str) -> tuple[int, str]:
    return tool.run(tool.python, *words)


def do(tool: Tool, *words: str) -> int:
    status, said = python(tool, "-m", MODULE, *words)
    assert status in {0, KILLED}, said
    return status


def rows(tool: Tool) -> tuple[list[list[object]], list[int]]:
    status, said = python(tool, "-c", READ)
    assert status == 0, said
    jobs, written = json.loads(said.splitlines()[-1])
    return jobs, written


@pytest.mark.parametrize("moment", ["leased", "step-1", "write"])
def test_killed_before_the_end_nothing_is_written_and_another_one_does_it(
    tool: Tool, moment: str
) -> None:
    do(tool, "make", "1")
    assert do(tool, "run", moment) == KILLED
    ((state, _steps, tries),), written = rows(tool)
    assert (state, tries, written) == ("running", 1, [])
    python(tool, "-c", EXPIRE)
    assert do(tool, "run", "never") == 0
    ((state, _steps, tries),), written = rows(tool)
    assert (state, tries, len(written)) == ("done", 2, 1)


def test_killed_after_the_end_it_is_not_done_again(tool: Tool) -> None:
    do(tool, "make", "1")
    assert do(tool, "run", "ended") == KILLED
    assert do(tool, "run", "never") == 0
    ((state, _steps, tries),), written = rows(tool)
    assert (state, tries, len(written)) == ("done", 1, 1)


def test_a_job_that_kills_whoever_does_it_is_given_up(tool: Tool) -> None:
    do(tool, "make", "1")
    for _ in range(3):
        assert do(tool, "run", "step-0") == KILLED
        python(tool, "-c", EXPIRE)
    assert do(tool, "run", "step-0") == 0
    ((state, _steps, _tries),), written = rows(tool)
    assert (state, written) == ("failed", [])


def test_several_processes_do_each_job_once(tool: Tool) -> None:
    do(tool, "make", "12")
    command = [str(tool.python), "-m", MODULE, "run", "never"]
    processes = [subprocess.Popen(command, cwd=tool.folder, env=tool.environment) for _ in range(3)]
    for process in processes:
        assert process.wait(120) == 0
    # Each stops when it finds that enough are being done: the rest is for the next look.
    assert do(tool, "run", "never") == 0
    jobs, written = rows(tool)
    assert {state for state, _steps, _tries in jobs} == {"done"}
    assert {tries for _state, _steps, tries in jobs} == {1}
    assert len(written) == len(set(written)) == 12
