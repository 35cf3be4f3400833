"""A process that re-marks a class in steps and is killed; ``test_correcting_kills`` runs it.

``make N`` puts a class of N with an accepted answer and its job into the database; ``run MOMENT
STEP`` does the job and dies in that step, behind it, or never; ``show`` prints what the database
holds, and ends leases.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402

from lti_tool.background import jobs  # noqa: E402
from lti_tool.models import AuditEntry, Delivery, Job  # noqa: E402
from tests.cast import PUPIL, assemble, make_someone  # noqa: E402
from tests.worksheets.gradebook.test_corrections import ACCEPTED, SHEET  # noqa: E402
from tests.worksheets.sheets import hand_in, place  # noqa: E402
from worksheets.gradebook import correcting, corrections  # noqa: E402
from worksheets.models import Attempt, KeyCorrection, Mark  # noqa: E402

AT_ONCE = 3


def die() -> None:
    """As a power cut does: nothing is caught, closed or written any more."""
    os.kill(os.getpid(), signal.SIGKILL)


def make(count: str) -> None:
    cast = assemble()
    assignment = place(cast, SHEET)
    for n in range(int(count)):
        someone = make_someone(cast.course, f"c{n}", f"Pupil N{n}", PUPIL)
        hand_in(assignment, someone, {"g1": "abisynya", "g2": "1935", "q1": "Because."})
    seen = corrections.digest_of([corrections.propose(assignment, ACCEPTED)])
    correcting.start(cast.ruth.user, cast.course.link, [assignment], ACCEPTED, seen=seen)


def run(moment: str, step: str = "0") -> None:
    correcting.PUPILS_AT_ONCE = AT_ONCE  # type: ignore[attr-defined]
    done, remark, progress = Counter[str](), corrections.remark, jobs.Task.progress

    def remark_then_die(*args: Any, **more: Any) -> int:
        changed = remark(*args, **more)
        done["steps"] += 1
        if moment == "in" and done["steps"] == int(step):
            die()
        return changed

    def die_behind(task: jobs.Task, *counts: int) -> None:
        if moment == "behind" and done["steps"] == int(step):
            die()
        progress(task, *counts)

    corrections.remark = remark_then_die
    jobs.Task.progress = die_behind  # type: ignore[assignment, method-assign]
    jobs.run_due()


def show() -> None:
    points = Mark.objects.filter(item="g1").values_list("points", flat=True)
    revisions = Delivery.objects.values_list("revision", flat=True)
    held = {
        "job": Job.objects.values_list("state", flat=True).get(),
        "decided": KeyCorrection.objects.count(),
        "right": sum(1 for one in points if one == 1),
        "moved": Attempt.objects.filter(edition__is_correction=True).count(),
        "sent": sorted(Counter(revisions).items()),
        "recorded": AuditEntry.objects.filter(kind="re-mark").count(),
    }
    running = Job.objects.filter(state=Job.State.RUNNING)
    running.update(leased_until=timezone.now() - timedelta(seconds=1))
    print(json.dumps(held))


if __name__ == "__main__":
    {"make": make, "run": run, "show": show}[sys.argv[1]](*sys.argv[2:])  # type: ignore[operator]
