"""A step of a re-mark: how much it takes at once, and that pupils' saves come in between."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lti_tool.audit import AuditKind, person
from lti_tool.background import jobs
from lti_tool.models import AuditEntry, Delivery, Job
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.worksheets.gradebook.test_corrections import ACCEPTED, SHEET
from tests.worksheets.sheets import assignment_at, fresh, hand_in, marks_of, place, release
from worksheets import attempts
from worksheets.gradebook import class_work, correcting, corrections
from worksheets.gradebook.class_work import ClassWork
from worksheets.gradebook.remarking import MarksUnder
from worksheets.models import Assignment, Attempt, Mark

WRONG = {"g1": "abisynya", "g2": "1935", "q1": "Because."}


def class_of(cast: Cast, assignment: Assignment, count: int) -> list[Someone]:
    pupils = [make_someone(cast.course, f"s{n}", f"Pupil N{n}", PUPIL) for n in range(count)]
    for pupil in pupils:
        hand_in(assignment, pupil, WRONG)
    return pupils


def decide(cast: Cast, assignment: Assignment) -> Assignment:
    proposal = corrections.propose(assignment, ACCEPTED)
    with transaction.atomic():
        corrections.decide(proposal, ACCEPTED, "a press", by=cast.ruth.user)
    return assignment_at(cast.course.link)


def step(cast: Cast, here: Assignment, pupils: list[Someone], work: ClassWork | None) -> list[str]:
    """Mark the work of these pupils; gives the statements of the transaction."""
    users = [pupil.user.pk for pupil in pupils]
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        by = person(cast.ruth.user)
        corrections.remark(here, users, MarksUnder(here.edition), by=by, work=work)
    return [one["sql"] for one in asked]


def read(here: Assignment, pupils: list[Someone]) -> ClassWork:
    users = [pupil.user.pk for pupil in pupils]
    return corrections.read_work(here, users, MarksUnder(here.edition))


def test_a_step_takes_as_many_statements_for_one_pupil_as_for_ten(cast: Cast) -> None:
    placed = place(cast, SHEET)
    pupils = class_of(cast, placed, 11)
    here = decide(cast, placed)
    few, many = pupils[:1], pupils[1:]
    assert here.link.deployment.registration  # the first step of a job reads them
    first = step(cast, here, few, read(here, few))
    rest = step(cast, here, many, read(here, many))
    assert len(first) == len(rest)
    right = Mark.objects.filter(item="g1", points=1)
    assert right.count() == 11
    # The mark for the other gap is the row that it was: only what is other is written.
    assert len([sql for sql in rest if sql.startswith('INSERT INTO "worksheets_mark"')]) == 1
    assert Mark.objects.count() == 22
    assert set(Delivery.objects.values_list("revision", "score_given")) == {(2, Decimal(2))}
    assert AuditEntry.objects.filter(kind=AuditKind.REMARK).count() == 11
    assert set(Attempt.objects.values_list("edition", flat=True)) == {here.edition_id}


def test_what_changes_between_reading_and_saving_is_read_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = place(cast, SHEET)
    ann, ben = (hand_in(placed, who, WRONG) for who in (cast.amina, cast.ben))
    here = decide(cast, placed)
    pupils = [cast.amina, cast.ben]
    reads: list[int] = []
    whole = ClassWork.read.__func__  # type: ignore[attr-defined]

    def counted(*given: Any) -> ClassWork:
        reads.append(1)
        found: ClassWork = whole(ClassWork, *given)
        return found

    work = read(here, pupils)
    gap = placed.edition.sheet.gap("g1")
    attempts.give_gap_mark(fresh(ben), gap, Decimal("0.25"), cast.ruth.user)
    monkeypatch.setattr(class_work.ClassWork, "read", counted)
    step(cast, here, pupils, work)
    assert reads == [1]
    assert (marks_of(ann)["g1"], marks_of(ben)["g1"]) == (Decimal(1), Decimal("0.25"))
    assert ben.marks.get(item="g1").source == Mark.Source.TEACHER


@pytest.mark.parametrize("changed", ["attempt", "answer", "mark", "nothing"])
def test_any_change_is_seen(cast: Cast, changed: str) -> None:
    placed = place(cast, SHEET)
    ann = hand_in(placed, cast.amina, WRONG)
    here, users = decide(cast, placed), [cast.amina.user.pk]
    work = ClassWork.read(here, users)
    match changed:
        case "attempt":
            release(fresh(ann), cast.ruth, q1="2")
        case "answer":
            ann.answers.filter(item="g1").update(value={"v": 1, "text": "Rome"})
        case "mark":
            ann.marks.filter(item="g2").update(comment="Well spotted.")
    assert work.is_as_saved(here, users) == (changed == "nothing")


def test_pupils_at_once_and_a_rest_between_two_steps(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is slept has no transaction open, and is as long as the step before, at least."""
    monkeypatch.setattr(correcting, "PUPILS_AT_ONCE", 2)
    placed = place(cast, SHEET)
    class_of(cast, placed, 5)
    taken: list[int] = []
    rests: list[tuple[bool, bool]] = []
    remark, outer = corrections.remark, len(connection.savepoint_ids)

    def counted(here: Assignment, users: list[int], *given: Any, **more: Any) -> int:
        taken.append(Attempt.objects.filter(assignment=here, user__in=users).count())
        return remark(here, users, *given, **more)

    def slept(seconds: float) -> None:
        rests.append((seconds > 0, len(connection.savepoint_ids) == outer))

    seen = corrections.digest_of([corrections.propose(placed, ACCEPTED)])
    monkeypatch.setattr(corrections, "remark", counted)
    monkeypatch.setattr(jobs, "REST_SECONDS", 3600.0)
    monkeypatch.setattr(time, "sleep", slept)
    correcting.start(cast.ruth.user, cast.course.link, [placed], ACCEPTED, seen=seen)
    jobs.run_due()
    assert Job.objects.get().state == "done"
    assert taken == [2, 2, 1]
    # None before the decision, one before each step.
    assert rests == [(False, True), *[(True, True)] * 3]
