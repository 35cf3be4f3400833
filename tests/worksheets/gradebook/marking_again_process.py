"""A process that re-marks and is killed; ``test_marking_again_kills`` runs it by ``python -m``.

``make`` puts a class with a corrected key and its job into the database; ``run MOMENT`` does the
job and dies at that moment, or never; ``show`` prints what the database holds, and ends leases.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402

from lti_tool.background import jobs  # noqa: E402
from lti_tool.models import Delivery, Job  # noqa: E402
from tests.cast import assemble  # noqa: E402
from tests.worksheets.sheets import CAUSES, EVERYTHING, assignment_at, hand_in, place  # noqa: E402
from worksheets import authoring  # noqa: E402
from worksheets.authoring.assigning import AssignmentRules  # noqa: E402
from worksheets.gradebook import changes, marking_again  # noqa: E402
from worksheets.models import Attempt, Mark  # noqa: E402


def die(*_: object, **__: object) -> None:
    """As a power cut does: nothing is caught, closed or written any more."""
    os.kill(os.getpid(), signal.SIGKILL)


def make() -> None:
    cast = assemble()
    assignment = place(cast)
    hand_in(assignment, cast.amina, {**EVERYTHING, "g2": "Bavaria"})
    hand_in(assignment, cast.ben)
    kinder = CAUSES.replace("___Abyssinia | Ethiopia___", "___Abyssinia | Bavaria___")
    edition = authoring.publish(authoring.save(assignment.edition.worksheet, kinder, seen=None))
    assignment = assignment_at(cast.course.link)
    rules = AssignmentRules.of(assignment)
    seen = changes.plan(assignment, edition, rules, mark_again=True).digest
    marking_again.start(cast.ruth.user, assignment, edition, rules, mark_again=True, seen=seen)


def run(moment: str) -> None:
    dies_in = {"marking": "progress", "applied": "end"}
    if moment in dies_in:
        setattr(jobs.Task, dies_in[moment], die)
    jobs.run_due()
    if moment == "ended":
        die()


def show() -> None:
    held = {
        "job": Job.objects.values_list("state", flat=True).get(),
        "editions": sorted(Attempt.objects.values_list("edition__number", flat=True)),
        "marks": Mark.objects.filter(item="g2", points=1).count(),
        "scores": sorted(int(row.score_given or 0) for row in Delivery.objects.all()),
        "revisions": sorted(Delivery.objects.values_list("revision", flat=True)),
    }
    running = Job.objects.filter(state=Job.State.RUNNING)
    running.update(leased_until=timezone.now() - timedelta(seconds=1))
    print(json.dumps(held))


if __name__ == "__main__":
    {"make": make, "run": run, "show": show}[sys.argv[1]](*sys.argv[2:])  # type: ignore[operator]
