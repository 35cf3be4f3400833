"""What marking a large class costs: the first answers, the next ones, the class's answers.

Each figure is said twice: what the process computes, and what passed on the clock.
"""

from __future__ import annotations

import os
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.benchmarks.launching import Row

ANSWERS = 10_000  # to one question
CLASS_ANSWERS = 100_000  # of a class, to gaps
GAPS = 40
GROUPED = 1000
RUNS = 5
SHEET = """# Trials

1. Why was the trial held in public?

??? 6 marks
"""
CAUSES = ("fear", "hunger", "debts", "the railway", "new taxes", "a bad harvest", "rumours")
VERBS = ("drove", "frightened", "helped", "divided", "ruined", "united", "silenced")
WHOM = ("the villages", "the towns", "the army", "the party", "the workers", "its rivals")


def measure() -> Iterator[Row]:
    """Yield the rows of the desk, in a database of their own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.db import connection

    former = connection.creation.create_test_db(verbosity=0)
    try:
        from tests.cast import TEACHER, assemble, make_course, make_someone

        cast = assemble()
        course = make_course(cast.course.deployment, "9")
        teacher = make_someone(course, "19", "Chidi Okafor", TEACHER)
        yield from _measure_grouping()
        yield from _measure_desk(cast)
        yield from _measure_class_answers(replace(cast, course=course, ruth=teacher))
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


def sentences(count: int) -> list[str]:
    """Return what a class writes: many say one thing in other words, some say the same."""
    draw = random.Random(18)
    said = []
    for _ in range(count):
        cause, verb, whom = draw.choice(CAUSES), draw.choice(VERBS), draw.choice(WHOM)
        ending = draw.choice(("", ".", " then", f" in {draw.randint(1918, 1938)}"))
        said.append(f"{cause.capitalize()} {verb} {whom}{ending}")
    return said


def both(work: Callable[[], Any], runs: int = RUNS) -> str:
    """Return the medians of computing and of the clock, in words."""
    cpu, wall = [], []
    for _ in range(runs):
        began = time.process_time(), time.perf_counter()
        work()
        cpu.append(time.process_time() - began[0])
        wall.append(time.perf_counter() - began[1])
    computing, clock = (statistics.median(one) * 1000 for one in (cpu, wall))
    return f"{computing:.0f} ms computing, {clock:.0f} ms on the clock"


def _measure_grouping() -> Iterator[Row]:
    from worksheets.marking.pile import PileAnswer, arrange
    from worksheets.words.settings import Settings

    texts = sentences(GROUPED)
    pile = [PileAnswer(number, text) for number, text in enumerate(texts)]
    yield f"grouping {GROUPED} answers", both(lambda: arrange(pile, Settings(), "s", "Why?"))


def _measure_desk(cast: Any) -> Iterator[Row]:
    from tests.worksheets.sheets import place

    assignment = place(cast, SHEET)
    enrol(cast, assignment, {"q1": sentences(ANSWERS)})
    client, address = cast.ruth.client, cast.ruth.url("mark-question", item="q1")
    first = client.get(address)
    assert first.status_code == 200
    chunk = re.search(r'hx-get="(\?[^"]+)"', first.content.decode())
    assert chunk
    following = address + chunk[1].replace("&amp;", "&")
    yield f"the first of {ANSWERS} answers", both(lambda: client.get(address))
    yield f"the next of {ANSWERS} answers", both(lambda: client.get(following))


def _measure_class_answers(cast: Any) -> Iterator[Row]:
    from tests.worksheets.sheets import place
    from worksheets.models import Answer, Mark

    words = [f"word {n}" for n in range(GAPS)]
    text = "\n\n".join(f"Sentence {n} has a ___{word}___ left out." for n, word in enumerate(words))
    assignment = place(cast, f"# A long worksheet\n\n{text}\n")
    draw, pupils = random.Random(19), CLASS_ANSWERS // GAPS
    slips = {word: [word] * 7 + [f"{word}s", f"wor {word}", "no idea"] for word in words}
    given = {
        f"g{n}": [draw.choice(slips[word]) for _ in range(pupils)]
        for n, word in enumerate(words, start=1)
    }
    enrol(cast, assignment, given)
    right = dict(zip(given, words, strict=True))
    Mark.objects.bulk_create(
        Mark(
            attempt_id=attempt,
            item=item,
            points=int(text == right[item]),
            maximum=1,
            source=Mark.Source.MARKER,
        )
        for attempt, item, text in Answer.objects.filter(
            attempt__assignment=assignment
        ).values_list("attempt", "item", "text")
    )
    client, address = cast.ruth.client, cast.ruth.url("class-answers")
    assert client.get(address).status_code == 200
    yield f"the class's answers, {CLASS_ANSWERS} of them", both(lambda: client.get(address))


def enrol(cast: Any, assignment: Any, answers: dict[str, list[str]]) -> None:
    """Pupils who have submitted these answers, each item's in their order."""
    from django.utils import timezone

    from lti_tool.models import Membership, User
    from tests.cast import PUPIL
    from worksheets.models import Answer, Attempt

    count = len(next(iter(answers.values())))
    registration = cast.course.deployment.registration
    users = User.objects.bulk_create(
        User(registration=registration, sub=f"{assignment.pk}-{n}", name=f"Pupil Number{n:05}")
        for n in range(count)
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
    Answer.objects.bulk_create(
        Answer(attempt=attempt, item=item, text=text, value={"v": 1, "text": text})
        for item, texts in answers.items()
        for attempt, text in zip(attempts, texts, strict=True)
    )


def main() -> int:
    """Print the rows of the desk alone."""
    for name, said in measure():
        print(f"{name:<52}  {said}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
