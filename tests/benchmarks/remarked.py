"""What the measuring of re-marks does inside the project: ``python -m tests.benchmarks.remarked``.

``fill N`` puts N pupils with submitted work into the one course, all with the same wrong answer;
``start`` asks for the job that accepts it, ``wait`` returns once a web process has done that.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from lti_tool.grades import outbox  # noqa: E402
from lti_tool.models import Delivery, Job, Membership, PlatformQueue, User  # noqa: E402
from tests.worksheets.sheets import said  # noqa: E402
from worksheets import questions  # noqa: E402
from worksheets.gradebook import correcting, corrections  # noqa: E402
from worksheets.gradebook.corrections import Decision  # noqa: E402
from worksheets.models import Answer, Assignment, Attempt, Mark  # noqa: E402
from worksheets.questions.correcting import Verdict  # noqa: E402

WRONG = "Manchuria"  # a word of the bank
ACCEPTED = Decision("g1", (WRONG,), Verdict.RIGHT)
BATCH = 2000
PATIENCE = 1200.0  # seconds


def fill(count: int) -> None:
    """Scores are queued, and stay so: how fast they reach gradebooks is measured elsewhere."""
    assignment = Assignment.objects.select_related("edition", "link").get()
    registration = assignment.link.deployment.registration
    outbox.open_queue(registration)
    until = timezone.now() + timedelta(minutes=30)
    PlatformQueue.objects.update(paused_until=until, consecutive_pauses=1)
    for start in range(0, count, BATCH):
        with transaction.atomic():
            _add(assignment, range(start, min(start + BATCH, count)))


def _add(assignment: Assignment, numbers: range) -> None:
    link, sheet = assignment.link, assignment.edition.sheet
    users = User.objects.bulk_create(
        User(registration=link.deployment.registration, sub=f"past-{n}", name=f"Pupil {n:05}")
        for n in numbers
    )
    Membership.objects.bulk_create(
        Membership(user=user, context=link.context, roles=["Learner"]) for user in users
    )
    now = timezone.now()
    attempts = Attempt.objects.bulk_create(
        Attempt(assignment=assignment, user=user, edition=assignment.edition, submitted_at=now)
        for user in users
    )
    answers = {gap.key: said(gap.accepted[0].text) for gap in sheet.gaps} | {"g1": said(WRONG)}
    marks = list(questions.automatic_marks(sheet, answers))
    written = "Because fear of war made haste seem necessary. " * 8
    answers |= {question.key: said(written) for question in sheet.to_mark}
    Answer.objects.bulk_create(
        Answer(attempt=attempt, item=item, text=answer.text, value=answer.value)
        for attempt in attempts
        for item, answer in answers.items()
    )
    Mark.objects.bulk_create(
        Mark(
            attempt=attempt,
            item=mark.key,
            points=mark.points,
            maximum=mark.maximum,
            source=Mark.Source.MARKER,
        )
        for attempt in attempts
        for mark in marks
    )


def start() -> None:
    """Ask for it as the page does; a web process looks every two seconds."""
    rows = Assignment.objects.select_related("edition__worksheet", "link")
    assignment = rows.get()
    seen = corrections.digest_of([corrections.propose(assignment, ACCEPTED)])
    teacher = assignment.edition.worksheet.author
    assert teacher is not None
    correcting.start(teacher, assignment.link, [assignment], ACCEPTED, seen=seen)


def wait() -> dict[str, Any]:
    """Return how long it took, from when it was taken up, and what came of it."""
    end = time.monotonic() + PATIENCE
    while not (job := Job.objects.get(kind=correcting.KIND)).has_ended:
        if time.monotonic() > end:
            raise SystemExit("the re-mark does not end")
        time.sleep(0.2)
    assert job.started_at is not None
    assert job.ended_at is not None
    right = Mark.objects.filter(item="g1", points=Decimal(1), attempt__submitted_at__isnull=False)
    return {
        "seconds": (job.ended_at - job.started_at).total_seconds(),
        "state": job.state,
        "changed": job.result.get("n"),
        "right": right.count(),
        "queued": Delivery.objects.filter(state=Delivery.State.DUE).count(),
    }


def main() -> int:
    """Do one of them."""
    what, *rest = sys.argv[1:]
    match what:
        case "fill":
            fill(int(rest[0]))
        case "start":
            start()
        case "wait":
            sys.stdout.write(json.dumps(wait()) + "\n")
        case _:
            raise SystemExit(f"no such part: {what}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
