"""An answer that a teacher accepts: a new edition here, other marks, and all of it taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lti_tool.audit import TOOL, AuditKind
from lti_tool.background import jobs
from lti_tool.models import AuditEntry, Delivery, Job
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.reported import reported
from tests.worksheets.sheets import assignment_at, fresh, hand_in, mark, marks_of, place, release
from worksheets import attempts
from worksheets.gradebook import correcting, corrections
from worksheets.gradebook.corrections import Change, Decision, Withdrawal
from worksheets.models import Assignment, Edition, KeyCorrection, Mark
from worksheets.questions.correcting import Verdict

SHEET = """# Abyssinia

Italy took ___Abyssinia___ in ___#1935___.

1. Why?

??? 4 marks
"""
ZERO, ONE = Decimal(0), Decimal(1)
ACCEPTED = Decision("g1", ("Abisynya",), Verdict.RIGHT)


@pytest.fixture
def placed(cast: Cast) -> Assignment:
    return place(cast, SHEET)


def answer(assignment: Assignment, who: Someone, text: str, year: str = "1935") -> Any:
    return hand_in(assignment, who, {"g1": text, "g2": year, "q1": "Because."})


def run(cast: Cast, change: Change, seen: str = "", **more: Any) -> Job:
    """The job as the page starts it, done to its end."""
    here = assignment_at(cast.course.link)
    seen = seen or corrections.digest_of([corrections.propose(here, change)])
    job = correcting.start(cast.ruth.user, cast.course.link, [here], change, seen=seen, **more)
    jobs.run_due()
    return Job.objects.get(pk=job.pk)


def points(assignment: Assignment) -> dict[str, Decimal]:
    rows = Mark.objects.filter(attempt__assignment=assignment, item="g1")
    return {row.attempt.user.given_name: row.points for row in rows.select_related("attempt__user")}


@reported("desk-08")
def test_accepted_re_marked_reported_and_taken_back(cast: Cast, placed: Assignment) -> None:
    cem, dora = (make_someone(cast.course, f"9{n}", n, PUPIL) for n in ("Cem", "Dora"))
    ann, ben = answer(placed, cast.amina, "abisynya"), answer(placed, cast.ben, "Abisynya")
    answer(placed, cem, "Peking")
    answer(placed, dora, "Abyssinia", "1936")
    attempts.give_gap_mark(ben, placed.edition.sheet.gap("g1"), Decimal("0.5"), cast.ruth.user)
    mark(ann, cast.ruth, q1="3")
    before = {row.pk: (row.points, row.source) for row in Mark.objects.all()}
    proposal = corrections.propose(placed, ACCEPTED)
    assert [one.user.given_name for one in proposal.changed] == ["Amina"]
    assert [user.given_name for user in proposal.by_hand] == ["Ben"]

    job = run(cast, ACCEPTED)
    assert (job.state, job.result) == ("done", {"n": 1, "notice": "answers-changed"})
    here = assignment_at(cast.course.link)
    assert (here.edition.number, here.edition.is_correction) == (2, True)
    assert points(here) == {"Amina": 1, "Ben": Decimal("0.5"), "Cem": 0, "Dora": 1}
    assert marks_of(ann)["q1"] == 3
    assert not corrections.waiting(here).exists()
    assert Delivery.objects.get(user=cast.amina.user).score_given == 2
    row = KeyCorrection.objects.get()
    assert (row.item, row.answers, row.changed, row.made_by) == (
        "g1",
        ["Abisynya"],
        1,
        cast.ruth.user,
    )
    # What the worksheet's author works on is as it was, and is the newest for everybody else.
    worksheet = here.edition.worksheet
    assert worksheet.source == SHEET
    assert worksheet.newest_edition == placed.edition

    assert run(cast, Withdrawal(row.press)).result["n"] == 1
    assert assignment_at(cast.course.link).edition == placed.edition
    marks = Mark.objects.filter(attempt__assignment=placed)
    assert {(m.points, m.source) for m in marks} == set(before.values())
    assert points(placed) == {"Amina": 0, "Ben": Decimal("0.5"), "Cem": 0, "Dora": 1}
    assert Delivery.objects.get(user=cast.amina.user).score_given == 1
    row.refresh_from_db()
    assert row.undone_by == cast.ruth.user


@reported("desk-08")
def test_twice_changes_nothing_more(cast: Cast, placed: Assignment) -> None:
    answer(placed, cast.amina, "abisynya")
    seen = corrections.digest_of([corrections.propose(placed, ACCEPTED)])
    job = run(cast, ACCEPTED)
    entries = AuditEntry.objects.count()
    # The same work taken up again by another process, as after a death at any line.
    again = jobs.start(correcting.KIND, job.owner, link=job.link, arguments=job.arguments)
    jobs.run_due()
    assert Job.objects.get(pk=again.pk).result["n"] == 0
    assert (Edition.objects.count(), KeyCorrection.objects.count()) == (2, 1)
    assert AuditEntry.objects.count() == entries
    # A second press on the page that was open: what it has seen is not so any more.
    second = run(cast, ACCEPTED, seen=seen)
    assert (second.state, second.result) == ("failed", {"reason": "outdated"})
    assert KeyCorrection.objects.count() == 1


def test_broken_off_between_two_steps_it_goes_on(
    cast: Cast, placed: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correcting, "PUPILS_AT_ONCE", 1)
    who = [make_someone(cast.course, f"8{n}", f"Pupil{n} X", PUPIL) for n in range(3)]
    for someone in who:
        answer(placed, someone, "Abisynya")
    steps = jobs.Task.step
    taken: list[int] = []

    def dies(task: jobs.Task) -> Any:
        taken.append(1)
        if len(taken) == 3:
            raise jobs.Cancelled
        return steps(task)

    monkeypatch.setattr(jobs.Task, "step", dies)
    assert run(cast, ACCEPTED).state == "cancelled"
    here = assignment_at(cast.course.link)
    assert sorted(points(here).values()) == [0, 0, 1]
    assert len(corrections.pupils_waiting(here)) == 2
    monkeypatch.setattr(jobs.Task, "step", steps)
    correcting.go_on(cast.ruth.user, here)
    jobs.run_due()
    assert sorted(points(here).values()) == [1, 1, 1]
    assert not corrections.waiting(here).exists()


def test_who_is_writing_goes_on_and_is_marked_by_the_new_key(
    cast: Cast, placed: Assignment
) -> None:
    cem = make_someone(cast.course, "93", "Cem", PUPIL)
    amina, shown = cast.amina.user, placed.edition_id
    attempts.save_answers(placed, amina, shown, {"g1": "Abisynya"})
    answer(placed, cast.ben, "Abisynya")
    run(cast, ACCEPTED)
    here = assignment_at(cast.course.link)
    attempts.save_answers(here, amina, shown, {"g2": "1935"})  # no conflict with the same page
    done = attempts.submit(here, amina, shown)
    assert (done.edition, marks_of(done)["g1"]) == (here.edition, ONE)
    # Who had opened the page, and begins now.
    attempts.save_answers(here, cem.user, shown, {"g1": "Abisynya"})
    assert marks_of(attempts.submit(here, cem.user, shown))["g1"] == 1


def test_what_is_released_keeps_its_marks_if_the_teacher_says_so(
    cast: Cast, placed: Assignment
) -> None:
    ann, ben = answer(placed, cast.amina, "Abisynya"), answer(placed, cast.ben, "Abisynya")
    run(cast, ACCEPTED)
    release(fresh(ann), cast.ruth, q1="2")
    press = KeyCorrection.objects.get().press
    proposal = corrections.propose(assignment_at(cast.course.link), Withdrawal(press))
    assert [pair[0].attempt for pair in proposal.released] == [ann]
    run(cast, Withdrawal(press), keeps_released=True)
    assert (marks_of(ann)["g1"], marks_of(ben)["g1"]) == (ONE, ZERO)
    assert ann.marks.get(item="g1").source == Mark.Source.TEACHER
    confirmed = AuditEntry.objects.filter(
        kind=AuditKind.MARK, person=cast.amina.user, after__item="g1"
    )
    assert confirmed.count() == 1
    assert Delivery.objects.get(user=cast.amina.user).score_given == 4


def test_a_mark_by_hand_is_the_machines_again_when_it_is_taken_back(
    cast: Cast, placed: Assignment
) -> None:
    ann, gap = answer(placed, cast.amina, "Peking"), placed.edition.sheet.gap("g1")
    for given in (Decimal(1), None):
        attempts.give_gap_mark(ann, gap, given, cast.ruth.user)
        assert marks_of(ann)["g1"] == (given or 0)
    with pytest.raises(ValueError, match="not between"):
        attempts.give_gap_mark(ann, gap, Decimal(2), cast.ruth.user)
    assert AuditEntry.objects.filter(kind=AuditKind.MARK).count() == 2
    # Reopened and submitted again with the same answer, a mark by hand counts again.
    attempts.give_gap_mark(ann, gap, Decimal("0.5"), cast.ruth.user)
    attempts.reopen(ann, by=TOOL)
    attempts.submit(placed, cast.amina.user, placed.edition_id)
    assert marks_of(ann)["g1"] == Decimal("0.5")
