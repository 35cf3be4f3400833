"""What the page of a class costs, of 30 pupils and of 1,000: statements, computing, bytes."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.benchmarks.launching import Row

SIZES = (30, 1000)
GAPS, QUESTIONS = 36, 4
RUNS = 9


def sheet() -> str:
    """A worksheet of 40 items: gaps in its text, and questions that a teacher marks."""
    gaps = "\n\n".join(f"Sentence {n} has a ___word {n}___ left out." for n in range(1, GAPS + 1))
    boxes = "\n\n".join(f"{n}. Why?\n\n??? 6 marks" for n in range(1, QUESTIONS + 1))
    return f"# A long worksheet\n\n{gaps}\n\n{boxes}\n"


def measure() -> Iterator[Row]:
    """Yield a row for each size of class."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.db import connection

    former = connection.creation.create_test_db(verbosity=0)
    try:
        yield from _measure_all()
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


def _measure_all() -> Iterator[Row]:
    from tests.cast import assemble
    from tests.worksheets.sheets import place

    cast = assemble()
    assignment = place(cast, sheet())
    made = 0
    for size in SIZES:
        _enrol(cast, assignment, range(made, size))
        made = size
        statements, content = _look(cast)
        seconds = [_seconds(cast) for _run in range(RUNS)]
        yield (
            f"class page, {size} pupils x {GAPS + QUESTIONS} items",
            f"{statements} statements, {statistics.median(seconds) * 1000:.0f} ms,"
            f" {len(content) / 1000:.0f} kB",
        )


def _enrol(cast: Any, assignment: Any, numbers: range) -> None:
    """Pupils who have submitted; of every third one the teacher has marked everything."""
    from django.utils import timezone

    from lti_tool.models import Membership, User
    from tests.cast import PUPIL
    from worksheets.models import Answer, Attempt, Mark

    registration = cast.course.deployment.registration
    users = User.objects.bulk_create(
        User(registration=registration, sub=f"p{n}", name=f"Pupil Number{n:04}") for n in numbers
    )
    Membership.objects.bulk_create(
        Membership(user=user, context=cast.course.context, roles=[PUPIL]) for user in users
    )
    attempts = Attempt.objects.bulk_create(
        Attempt(
            assignment=assignment,
            user=user,
            edition=assignment.edition,
            submitted_at=timezone.now(),
        )
        for user in users
    )
    gaps = [f"g{n}" for n in range(1, GAPS + 1)]
    questions = [f"q{n}" for n in range(1, QUESTIONS + 1)]
    Answer.objects.bulk_create(
        Answer(attempt=attempt, item=item, text=f"word {item}", value={"v": 1, "text": item})
        for attempt in attempts
        for item in gaps + questions
    )
    marks = []
    for place, attempt in enumerate(attempts):
        for item in gaps + (questions if place % 3 == 0 else []):
            is_gap = item.startswith("g")
            marks.append(
                Mark(
                    attempt=attempt,
                    item=item,
                    points=Decimal(1 if is_gap else 4),
                    maximum=Decimal(1 if is_gap else 6),
                    source=Mark.Source.MARKER if is_gap else Mark.Source.TEACHER,
                )
            )
    Mark.objects.bulk_create(marks)


def _look(cast: Any) -> tuple[int, bytes]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cast.ruth.client.get(cast.ruth.url("class"))
    with CaptureQueriesContext(connection) as asked:
        answer = cast.ruth.client.get(cast.ruth.url("class"))
    return len(asked), answer.content


def _seconds(cast: Any) -> float:
    """Return how long a page computes, whatever else the machine does."""
    start = time.process_time()
    cast.ruth.client.get(cast.ruth.url("class"))
    return time.process_time() - start
