"""A gap that is taken out of the marks: scores, maxima, marks by hand, and all of it undone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lti_tool.audit import TOOL, AuditKind
from lti_tool.background import jobs
from lti_tool.models import AuditEntry, Delivery, Job, LineItem
from lti_tool.protocol.vocabulary import Scope
from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.sheets import assignment_at, fresh, hand_in, place, release
from worksheets import attempts
from worksheets.gradebook import correcting, corrections, scoring
from worksheets.gradebook.corrections import Change, Decision, Withdrawal
from worksheets.models import Assignment, KeyCorrection, Mark
from worksheets.questions.correcting import Verdict
from worksheets.reports.class_answers import class_answers
from worksheets.reports.gap_states import GapState, gap_states

SHEET = """# Towns

Italy: ___Rome___, France: ___Paris___, Germany: ___Berlin | [2 marks]___.

1. Why?

??? 4 marks
"""
OMITTED = Decision("g1", (), Verdict.OMITTED)


def run(cast: Cast, change: Change, **more: Any) -> Job:
    here = assignment_at(cast.course.link)
    seen = corrections.digest_of([corrections.propose(here, change)])
    job = correcting.start(cast.ruth.user, cast.course.link, [here], change, seen=seen, **more)
    jobs.run_due()
    return Job.objects.get(pk=job.pk)


def undo(cast: Cast) -> Job:
    return run(cast, Withdrawal(KeyCorrection.objects.get(undone_at=None).press))


def scores(assignment: Assignment) -> dict[str, Any]:
    rows = Delivery.objects.filter(line_item__link=assignment.link).select_related("user")
    return {row.user.given_name: (row.score_given, row.score_maximum) for row in rows}


def tallies_agree(assignment: Assignment) -> bool:
    """The sums that the database makes are those that are made of the marks one by one."""
    rows = assignment.attempts.filter(submitted_at__isnull=False).select_related("edition")
    saved = scoring.saved_tallies(assignment, list(rows))
    return all(
        saved[row.pk] == scoring.mark_attempt(row, row.marks.all()).tally
        for row in rows.prefetch_related("marks")
    )


def test_it_earns_nothing_is_in_no_maximum_and_is_counted_again(cast: Cast) -> None:
    placed = place(cast, SHEET)
    cem = make_someone(cast.course, "93", "Cem", PUPIL)
    ann = hand_in(placed, cast.amina, {"g1": "Rome", "g2": "Paris", "g3": "Bonn"})
    ben = hand_in(placed, cast.ben, {"g1": "Milan", "g2": "Paris", "g3": "Berlin"})
    hand = hand_in(placed, cem, {"g1": "Roma", "g2": "", "g3": "Berlin"})
    attempts.give_gap_mark(hand, placed.edition.sheet.gap("g1"), Decimal("0.5"), cast.ruth.user)
    release(fresh(ann), cast.ruth, q1="2")
    before = scores(placed)
    assert before == {"Amina": (4, 8), "Ben": (3, 4), "Cem": (Decimal("2.5"), 4)}
    marks = set(Mark.objects.values_list("attempt", "item", "points", "maximum", "source"))
    scopes = [Scope.LINE_ITEM, Scope.RESULT_READONLY, Scope.SCORE]
    LineItem.objects.update(url="https://lms.example/item", maximum=Decimal(8), scopes=scopes)

    proposal = corrections.propose(placed, OMITTED)
    assert [proposal.best_before, proposal.best_after] == [8, 7]
    # 4/8 to 3/7 falls; 3/4 to 3/3 rises; 2.5/4 to 2/3 rises.
    assert proposal.plan.counts == {"rises": 2, "falls": 1, "stays": 0}
    assert proposal.seen_at_once == 1
    assert [user.given_name for user in proposal.by_hand] == ["Cem"]
    assert len(proposal.plan.scores_to_send) == 3

    assert run(cast, OMITTED).result["n"] == 3
    here = assignment_at(cast.course.link)
    assert "___Rome | [0 marks]___" in here.edition.source
    assert scores(here) == {"Amina": (3, 7), "Ben": (3, 3), "Cem": (2, 3)}
    assert LineItem.objects.get(link=cast.course.link).maximum == 7
    assert tallies_agree(here)
    assert AuditEntry.objects.filter(kind=AuditKind.KEY, after__items=["g1"]).count() == 1
    states = gap_states([fresh(ann), fresh(hand)])
    assert {found[0] for found in states.values()} == {GapState.NOT_COUNTED}
    first, *_others = class_answers(here).gaps
    assert (first.facility, first.percent, first.answered) == (None, None, 3)
    assert class_answers(here).hardest_first[-1].gap.key == "g1"

    # Who submits now, and who is reopened, with a mark by hand that waits for the undo.
    dora = make_someone(cast.course, "94", "Dora", PUPIL)
    hand_in(here, dora, {"g1": "Rome", "g2": "Paris", "g3": "Berlin"})
    assert scores(here)["Dora"] == (3, 3)
    attempts.reopen(fresh(hand), by=TOOL)
    attempts.submit(here, cem.user, here.edition_id)
    assert scores(here)["Cem"] == (2, 3)
    assert tallies_agree(here)

    assert undo(cast).result["n"] == 4
    back = assignment_at(cast.course.link)
    assert back.edition == placed.edition
    assert scores(back) == before | {"Dora": (4, 4)}
    rows = Mark.objects.filter(attempt__in=[ann, ben, hand])
    assert set(rows.values_list("attempt", "item", "points", "maximum", "source")) == marks
    assert tallies_agree(back)
    assert LineItem.objects.get(link=cast.course.link).maximum == 8


def test_the_only_gap_leaves_nothing_to_earn_and_keeps_what_the_gradebook_shows(
    cast: Cast,
) -> None:
    placed = place(cast, "# One\n\nIt is ___Rome___.\n")
    hand_in(placed, cast.amina, {"g1": "Rome"})
    assert corrections.propose(placed, OMITTED).best_after == 0
    assert run(cast, OMITTED).state == "done"
    here = assignment_at(cast.course.link)
    assert scores(here) == {"Amina": (1, 1)}
    hand_in(here, cast.ben, {"g1": "Milan"})
    assert scores(here) == {"Amina": (1, 1)}
    undo(cast)
    assert scores(placed) == {"Amina": (1, 1), "Ben": (0, 1)}


GROUP = """# Medals

___&m: gold___, ___&m: silver___, ___&m: bronze___.

[[ each word once: gold | silver | bronze | tin ]]
"""


def test_in_a_group_and_with_each_word_once_the_others_earn_what_they_did(cast: Cast) -> None:
    placed = place(cast, GROUP)
    hand_in(placed, cast.amina, {"g1": "tin", "g2": "gold", "g3": "bronze"})
    hand_in(placed, cast.ben, {"g1": "gold", "g2": "gold", "g3": "silver"})
    assert scores(placed) == {"Amina": (2, 3), "Ben": (2, 3)}
    run(cast, OMITTED)
    # What stands in the gap that is not counted takes no place from the others.
    assert scores(placed) == {"Amina": (2, 2), "Ben": (2, 2)}
    undo(cast)
    assert scores(placed) == {"Amina": (2, 3), "Ben": (2, 3)}


def test_an_answer_accepted_meanwhile_stays_and_twice_is_refused(cast: Cast) -> None:
    placed = place(cast, SHEET)
    hand_in(placed, cast.amina, {"g1": "Roma", "g2": "Paris", "g3": "Berlin"})
    run(cast, OMITTED)
    here = assignment_at(cast.course.link)
    assert not corrections.propose(here, OMITTED).changes_key
    run(cast, Decision("g1", ("Roma",), Verdict.RIGHT))
    press = KeyCorrection.objects.get(verdict="omitted").press
    run(cast, Withdrawal(press))
    assert scores(placed) == {"Amina": (4, 4)}


@pytest.mark.parametrize("at_once", [1])
def test_broken_off_between_steps_it_goes_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(correcting, "PUPILS_AT_ONCE", at_once)
    placed = place(cast, SHEET)
    for number in range(3):
        someone = make_someone(cast.course, f"8{number}", f"Pupil{number} X", PUPIL)
        hand_in(placed, someone, {"g1": "Rome", "g2": "Paris", "g3": ""})
    steps, taken = jobs.Task.step, []

    def dies(task: jobs.Task) -> Any:
        taken.append(1)
        if len(taken) == 3:
            raise jobs.Cancelled
        return steps(task)

    monkeypatch.setattr(jobs.Task, "step", dies)
    assert run(cast, OMITTED).state == "cancelled"
    here = assignment_at(cast.course.link)
    assert len(corrections.pupils_waiting(here)) == 2
    monkeypatch.setattr(jobs.Task, "step", steps)
    correcting.go_on(cast.ruth.user, here)
    jobs.run_due()
    assert set(scores(here).values()) == {(1, 3)}
