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
REMARKED = 10_000
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

        def in_course(number: str) -> Any:
            course = make_course(cast.course.deployment, number)
            teacher = make_someone(course, f"t{number}", "Chidi Okafor", TEACHER)
            return replace(cast, course=course, ruth=teacher)

        yield from _measure_grouping()
        yield from _measure_desk(cast)
        yield from _measure_class_answers(in_course("9"))
        yield from _measure_keys(in_course("8"), in_course("7"))
        yield from _measure_remark(in_course("6"))
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


def _measure_keys(first: Any, second: Any) -> Iterator[Row]:
    """Mark a class by real key events, question by question and pupil by pupil."""
    from playwright.sync_api import sync_playwright

    from tests.chromium import ARGUMENTS, find_chromium
    from tests.worksheets.static.class_of_thirty import Marker, place_class
    from tests.worksheets.static.served import Served

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium() or None, args=ARGUMENTS
        )
        for cast, name, way in (
            (first, "by question", Marker.mark_by_question),
            (second, "pupil by pupil", Marker.mark_pupil_by_pupil),
        ):
            marker = Marker(Served(browser.new_page(), cast.ruth), place_class(cast))
            began = time.perf_counter()
            counted = way(marker)
            seconds = time.perf_counter() - began
            yield f"marking a class {name}", f"{counted}; {seconds:.0f} s in all"
        browser.close()


def _measure_remark(cast: Any) -> Iterator[Row]:
    """Accept an answer of each pupil; a pupil's save waits for one step at most."""
    from tests.worksheets.gradebook.test_corrections import ACCEPTED
    from tests.worksheets.gradebook.test_corrections import SHEET as GAPS_SHEET
    from tests.worksheets.sheets import place
    from worksheets.gradebook import correcting, corrections
    from worksheets.models import Attempt, Mark

    assignment = place(cast, GAPS_SHEET)
    given = {"g1": "abisynya", "g2": "1935", "q1": "Because."}
    enrol(cast, assignment, {item: [text] * REMARKED for item, text in given.items()})
    Mark.objects.bulk_create(
        Mark(
            attempt_id=attempt,
            item=item,
            points=points,
            maximum=1,
            source=Mark.Source.MARKER,
        )
        for attempt in Attempt.objects.filter(assignment=assignment).values_list("pk", flat=True)
        for item, points in (("g1", 0), ("g2", 1))
    )
    steps: list[float] = []
    remark = corrections.remark

    def timed(*args: Any, **more: Any) -> int:
        began = time.perf_counter()
        changed = remark(*args, **more)
        steps.append(time.perf_counter() - began)
        return changed

    corrections.remark = timed
    try:
        seen = corrections.digest_of([corrections.propose(assignment, ACCEPTED)])
        began = time.process_time(), time.perf_counter()
        correcting.start(cast.ruth.user, cast.course.link, [assignment], ACCEPTED, seen=seen)
        spent = time.process_time() - began[0], time.perf_counter() - began[1]
    finally:
        corrections.remark = remark
    right = Mark.objects.filter(attempt__assignment=assignment, item="g1", points=1).count()
    steps.sort()
    yield (
        f"re-marking {REMARKED} attempts, {len(steps)} steps",
        f"{right} changed, {spent[0]:.0f} s computing, {spent[1]:.0f} s on the clock; a step"
        f" {statistics.median(steps) * 1000:.0f} ms, at most {steps[-1] * 1000:.0f} ms",
    )


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
