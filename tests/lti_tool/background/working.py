"""What the settings of tests of jobs name: work that a test watches, and who is woken for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from lti_tool.background.jobs import JobFailed, Result, Task, Write
from lti_tool.models import Registration

NAME = f"{__name__}.work"
NOBODY = f"{__name__}.wake_nobody"
STEPS = 3


class Hooks:
    """What a test lets happen in the middle of the work."""

    before_step: Callable[[int, Task], None]
    in_the_write: Callable[[Task], None]

    def __init__(self) -> None:
        self.before_step = lambda _step, _task: None
        self.in_the_write = lambda _task: None


hooks = Hooks()


def wake_nobody() -> None:
    """The job waits for what the test does."""


def work(task: Task) -> Write:
    """Count to three, and write a row.

    What has a ``gate`` goes on when there is a file of that name: however slow a machine is, its
    test decides when.
    """
    gate = task.row.arguments.get("gate")
    while gate and not Path(gate).exists():
        time.sleep(0.05)
        task.progress(0, STEPS)
    for step in range(STEPS):
        time.sleep(task.row.arguments.get("seconds", 0))
        hooks.before_step(step, task)
        task.progress(step, STEPS)
    if "fails" in task.row.arguments:
        raise JobFailed("It cannot be done.", reason="a-reason")

    def write() -> Result:
        Registration.objects.create(name="written", issuer="http://x", client_id=str(task.row.pk))
        hooks.in_the_write(task)
        return {"written": task.row.pk}

    return write
