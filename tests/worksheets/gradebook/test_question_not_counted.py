"""A question taken out of the marks: scores, maxima, a teacher's marks, all of it undone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lti_tool.audit import TOOL, AuditKind
from lti_tool.background import jobs
from lti_tool.models import AuditEntry, Delivery, Job, LineItem
from lti_tool.protocol.vocabulary import Scope
from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.sheets import assignment_at, fresh, hand_in, mark, place, release
from worksheets import attempts
from worksheets.attempts import releasing
from worksheets.gradebook import correcting, corrections, scoring
from worksheets.gradebook.corrections import Change, Decision, Withdrawal
from worksheets.markup.editing import CannotEdit
from worksheets.models import Assignment, KeyCorrection, Mark, Sending
from worksheets.questions.correcting import Verdict

SHEET = """# Towns

Italy: ___Rome___, France: ___Paris___.

1. Why there?

??? 4 marks

2. Since when?

??? 6 marks, up to 50 words
rubric:
- 2 marks: a date

3. Which river?

(a) Tiber
(b) Seine

??? 3 marks, choose one
correct: a
"""
WRITTEN, CHOSEN = Decision("q2", (), Verdict.OMITTED), Decision("q3", (), Verdict.OMITTED)


def run(cast: Cast, change: Change) -> Job:
    here = assignment_at(cast.course.link)
    seen = corrections.digest_of([corrections.propose(here, change)])
    job = correcting.start(cast.ruth.user, cast.course.link, [here], change, seen=seen)
    jobs.run_due()
    return Job.objects.get(pk=job.pk)


def undo(cast: Cast) -> Job:
    return run(cast, Withdrawal(KeyCorrection.objects.get(undone_at=None).press))


def scores(assignment: Assignment) -> dict[str, Any]:
    rows = Delivery.objects.filter(line_item__link=assignment.link).select_related("user")
    return {
        f"{row.user.given_name}{row.line_item.tag}": (row.score_given, row.score_maximum)
        for row in rows
    }


def tallies_agree(assignment: Assignment) -> bool:
    """The sums that the database makes are those that are made of the marks one by one."""
    rows = assignment.attempts.filter(submitted_at__isnull=False).select_related("edition")
    saved = scoring.saved_tallies(assignment, list(rows))
    return all(
        saved[row.pk] == scoring.mark_attempt(row, row.marks.all()).tally
        for row in rows.prefetch_related("marks")
    )


def test_it_is_in_no_total_waits_for_no_mark_and_is_counted_again(cast: Cast) -> None:
    placed = place(cast, SHEET)
    answers = {"g1": "Rome", "g2": "Lyon", "q1": "Why", "q2": "When", "q3-choice": "a"}
    ann = hand_in(placed, cast.amina, answers)
    ben = hand_in(placed, cast.ben, {**answers, "q3-choice": "b"})
    release(fresh(ann), cast.ruth, q1="2", q2="5")
    mark(ben, cast.ruth, q1="4")
    before = scores(placed)
    assert before == {"Amina": (11, 15), "Ben": (1, 5)}
    marks = set(Mark.objects.values_list("attempt", "item", "points", "maximum", "source"))
    scopes = [Scope.LINE_ITEM, Scope.RESULT_READONLY, Scope.SCORE]
    LineItem.objects.update(url="https://lms.example/item", maximum=Decimal(15), scopes=scopes)

    proposal = corrections.propose(placed, WRITTEN)
    assert [proposal.best_before, proposal.best_after] == [15, 9]
    # 11/15 to 6/9 falls. Ben has no mark there, and the gradebook none of what is not released.
    assert proposal.plan.counts == {"rises": 0, "falls": 1, "stays": 1}
    assert proposal.seen_at_once == 1
    assert [user.given_name for user in proposal.by_hand] == ["Amina"]
    assert run(cast, WRITTEN).state == "done"
    here = assignment_at(cast.course.link)
    assert "??? 6 marks, up to 50 words, not counted" in here.edition.source
    assert scores(here) == {"Amina": (6, 9), "Ben": (1, 5)}
    assert LineItem.objects.get(link=cast.course.link).maximum == 9
    assert tallies_agree(here)
    # Every mark stays as it was given, and Ben's work is whole without one.
    assert set(Mark.objects.values_list("attempt", "item", "points", "maximum", "source")) == marks
    assert AuditEntry.objects.filter(kind=AuditKind.KEY, after__items=["q2"]).count() == 1
    # That Ben's work is out of less is recorded too, though no mark of his has changed.
    entry = AuditEntry.objects.get(kind=AuditKind.REMARK, person=cast.ben.user)
    assert [entry.before["maximum"], entry.after["maximum"]] == ["15", "9"]
    ready = scoring.mark_attempt(fresh(ben), fresh(ben).marks.all()).tally
    assert (ready.unmarked, ready.total, ready.maximum) == (0, 5, 9)
    # It can be marked on; what is given is in no total before the question counts again.
    mark(fresh(ben), cast.ruth, q2="6")
    attempts.release(fresh(ben), by=TOOL)
    assert scores(here)["Ben"] == (5, 9)
    comment = Delivery.objects.get(user=cast.ben.user).comment
    assert "Question 2: 6 out of 6, not counted." in comment
    assert "Question 1: 4 out of 4." in comment

    assert undo(cast).state == "done"
    back = assignment_at(cast.course.link)
    assert back.edition == placed.edition
    assert scores(back) == {"Amina": (11, 15), "Ben": (11, 15)}
    assert tallies_agree(back)
    assert LineItem.objects.get(link=cast.course.link).maximum == 15


def test_what_the_machine_marks_and_work_without_a_mark_when_it_counts_again(cast: Cast) -> None:
    placed = place(cast, SHEET)
    answers = {"g1": "Rome", "g2": "Paris", "q1": "Why", "q2": "When", "q3-choice": "b"}
    ann = hand_in(placed, cast.amina, answers)
    assert scores(placed) == {"Amina": (2, 5)}
    run(cast, CHOSEN)
    assert scores(placed) == {"Amina": (2, 2)}
    dora = make_someone(cast.course, "94", "Dora", PUPIL)
    hand_in(assignment_at(cast.course.link), dora, answers)
    assert scores(placed)["Dora"] == (2, 2)
    undo(cast)
    assert scores(placed) == {"Amina": (2, 5), "Dora": (2, 5)}

    # Released without a mark for what did not count: it waits for one once that counts again.
    run(cast, WRITTEN)
    release(fresh(ann), cast.ruth, q1="3")
    assert scores(placed)["Amina"] == (5, 9)
    press = KeyCorrection.objects.get(undone_at=None).press
    back = corrections.propose(assignment_at(cast.course.link), Withdrawal(press))
    assert [user.given_name for user in back.held_back] == ["Amina"]
    undo(cast)
    assert not fresh(ann).is_released
    assert tallies_agree(assignment_at(cast.course.link))


@pytest.mark.parametrize("sending", list(Sending))
def test_the_maxima_of_each_way_of_sending_follow(cast: Cast, sending: Sending) -> None:
    placed = place(cast, SHEET, sending=sending)
    ann = hand_in(placed, cast.amina, {"g1": "Rome", "g2": "Paris", "q3-choice": "a"})
    release(fresh(ann), cast.ruth, q1="2", q2="5")
    hand_in(placed, cast.ben, {"g1": "Rome", "q1": "Why", "q2": "When"})
    before = scores(placed)
    for change in (WRITTEN, CHOSEN):
        run(cast, change)
        here = assignment_at(cast.course.link)
        maxima = scoring.column_maxima(here, here.edition.sheet)
        sent = {tag: most for tag, (_points, most) in scores(here).items()}
        assert {tag: sent[f"Amina{tag}"] for tag in maxima} == maxima
        # Also of work without a mark there.
        theirs = scoring.scores_of(here, scoring.submitted_attempts(here, cast.ben.user))
        assert all(
            sent[f"Ben{tag}"] == score.maximum for tag, score in theirs.items() if score.given
        )
        assert tallies_agree(here)
        undo(cast)
        assert scores(placed) == before


def test_the_only_question_keeps_what_the_gradebook_shows_and_one_without_marks_is_refused(
    cast: Cast,
) -> None:
    placed = place(cast, "# One\n\n1. Why?\n\n??? 5 marks\n\n2. And you?\n\n???\n")
    ann = hand_in(placed, cast.amina, {"q1": "So."})
    release(fresh(ann), cast.ruth, q1="3")
    with pytest.raises(CannotEdit):
        corrections.propose(placed, Decision("q2", (), Verdict.OMITTED))
    only = Decision("q1", (), Verdict.OMITTED)
    assert corrections.propose(placed, only).best_after == 0
    assert run(cast, only).state == "done"
    assert not corrections.propose(assignment_at(cast.course.link), only).changes_key
    assert scores(placed) == {"Amina": (3, 5)}
    undo(cast)
    assert scores(placed) == {"Amina": (3, 5)}


def test_the_last_question_that_counts_releases_the_work_unless_another_mark_is_held_back(
    cast: Cast,
) -> None:
    placed = place(cast, SHEET)
    ann = hand_in(placed, cast.amina, {"g1": "Rome", "q1": "Why", "q2": "When"})
    ben = hand_in(placed, cast.ben, {"g1": "Rome", "q1": "Why", "q2": "When"})
    run(cast, WRITTEN)
    here = assignment_at(cast.course.link)
    mark(fresh(ann), cast.ruth, q1="2")
    mark(fresh(ben), cast.ruth, q1="2", q2="1")
    for one in (ann, ben):
        releasing.release_question(here, here.edition.sheet.question("q1"), [fresh(one)], by=TOOL)
    assert fresh(ann).is_released
    assert not fresh(ben).is_released
    assert scores(here) == {"Amina": (3, 9), "Ben": (3, 9)}
