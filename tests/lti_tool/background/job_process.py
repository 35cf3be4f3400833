"""A process that does jobs and is killed: ``python -m tests.lti_tool.background.job_process``.

``make PEOPLE`` puts a job of each of so many people into the database; ``run MOMENT`` does what is
due and dies at that moment, or never.
"""

from __future__ import annotations

import os
import signal
import sys

import django

django.setup()

from lti_tool.background import jobs  # noqa: E402
from lti_tool.background.jobs import Task  # noqa: E402
from lti_tool.models import Job, User  # noqa: E402
from tests.cast import make_registration  # noqa: E402
from tests.lti_tool.background.working import hooks  # noqa: E402


def die() -> None:
    """As a power cut does: nothing is caught, closed or written any more."""
    os.kill(os.getpid(), signal.SIGKILL)


def make(people: int) -> None:
    registration = make_registration()
    for number in range(people):
        user = User.objects.create(registration=registration, sub=str(number))
        Job.objects.create(kind="work", owner=user)


def run(moment: str) -> None:
    jobs.SAVE_SECONDS = 0.0

    def before_step(step: int, _task: Task) -> None:
        if moment == f"step-{step}":
            die()

    def in_the_write(_task: Task) -> None:
        if moment == "write":
            die()

    hooks.before_step, hooks.in_the_write = before_step, in_the_write
    while (row := jobs.lease()) is not None:
        if moment == "leased":
            die()
        jobs.run(row)
        if moment == "ended":
            die()


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]))
    else:
        run(sys.argv[2])
