"""A rubric that changes while answers are marked: whose marks follow, whose stay, and back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from lti_tool.audit import TOOL, AuditKind
from lti_tool.models import AuditEntry, Delivery
from tests.cast import PUPIL, Cast, make_someone
from tests.reported import reported
from tests.worksheets.sheets import assignment_at, hand_in, mark, marks_of, place, publish
from worksheets import attempts
from worksheets.attempts import GivenMark, MarkState, give_marks, rubrics
from worksheets.attempts.rubrics import Outdated, UndoUnconfirmed, rubric_of
from worksheets.marking.rubric import RubricLine, digest
from worksheets.markup import Question
from worksheets.models import Assignment, Attempt, Mark, RubricChange
from worksheets.reports.by_question import question_marking

CAUSE = """# Causes

Explain.

??? 6 marks
rubric: Read twice.
- 2 marks for one cause
- +1 a date
"""


class Class:
    """Ten answers to one question: six by the first line, one of them changed by hand since."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.teacher = cast.ruth.user
        self.assignment: Assignment = place(cast, CAUSE)
        self.question: Question[Any] = self.assignment.edition.sheet.question("q1")
        people = [make_someone(cast.course, f"9{n}", f"Pupil {n}", PUPIL) for n in range(10)]
        self.works = [hand_in(self.assignment, one, {"q1": f"Because {one}"}) for one in people]
        for work in self.works[:6]:
            self.give(work, "2", [1])
        self.give(self.works[6], "5", [1])  # by hand
        for work in self.works[7:]:
            self.give(work, "2")
        for work in self.works[:4]:
            attempts.release(work, by=TOOL)

    @property
    def lines(self) -> list[RubricLine]:
        return rubric_of(self.assignment, self.question)

    def give(self, work: Attempt, points: str, lines: list[int] | None = None, **k: Any) -> Any:
        by = {"lines": lines or [], "rubric": digest(self.lines)} | k
        given = GivenMark(work.pk, Decimal(points), "Well.", **by)
        (outcome,) = give_marks(self.assignment, self.question, [given], self.teacher)
        return outcome

    def points(self) -> list[Decimal]:
        return [marks_of(work)["q1"] for work in self.works]

    def change(self, *lines: RubricLine, too: tuple[int, ...] = ()) -> rubrics.RubricPlan:
        plan = rubrics.plan(self.assignment, self.question, lines)
        rubrics.apply(
            self.assignment, self.question, lines, self.teacher, seen=plan.digest, too=too
        )
        return plan

    def undo(self) -> int:
        change = rubrics.last_change(self.assignment, self.question)
        assert change is not None
        seen = rubrics.undo_plan(change).digest
        return rubrics.undo(self.assignment, self.question, change.pk, self.teacher, seen=seen)


@pytest.fixture
def group(cast: Cast) -> Class:
    return Class(cast)


def test_the_lines_are_those_of_the_sheet_until_somebody_changes_them(group: Class) -> None:
    assert [(one.number, one.text, one.points) for one in group.lines] == [
        (1, "one cause", Decimal(2)),
        (2, "a date", Decimal(1)),
    ]
    row = Mark.objects.get(attempt=group.works[0])
    assert row.rubric == [{"number": 1, "text": "one cause", "points": "2"}]


@reported("desk-07")
def test_a_changed_level_marks_again_what_was_marked_by_it(group: Class) -> None:
    first = group.lines[0]
    before, rows = group.points(), list(Mark.objects.order_by("pk").values("points", "rubric"))
    plan = group.change(replace(first, points=Decimal(3)))
    assert [one.mark.points for one in plan.following] == [2] * 6
    assert [one.points for one in plan.following] == [3] * 6
    assert sum(one.attempt.is_released for one in plan.following) == 4
    assert [one.attempt for one in plan.asked_about] == [group.works[6]]
    assert group.points() == [3] * 6 + [5, 2, 2, 2]
    told = [row.score_given for row in Delivery.objects.filter(score_given__isnull=False)]
    assert told == [3] * 4
    assert all("one cause (+3)" in row.comment for row in Delivery.objects.all())
    found = question_marking(assignment_at(group.assignment.link), group.question)
    assert sum(one.points for one in found.marks) == 29  # so averages say it too
    # Then it is deleted: no mark is left with a line that is not there.
    group.change(replace(group.lines[0], is_deleted=True))
    assert group.points() == [0] * 6 + [5, 2, 2, 2]
    assert not Mark.objects.exclude(rubric=[]).exists()
    assert [one.text for one in group.lines] == ["a date"]
    # And back, twice: all ten as they were, exactly.
    assert (group.undo(), group.undo()) == (6, 6)
    assert group.points() == before
    assert list(Mark.objects.order_by("pk").values("points", "rubric")) == rows
    assert [row.score_given for row in Delivery.objects.all()] == [2] * 4
    assert [one.points for one in group.lines] == [2, 1]
    assert not RubricChange.objects.exists()


@reported("desk-07")
def test_one_that_was_changed_by_hand_follows_if_it_is_wanted(group: Class) -> None:
    by_hand = group.works[6]
    group.change(replace(group.lines[0], points=Decimal(3)), too=(by_hand.pk,))
    assert marks_of(by_hand)["q1"] == 3
    assert group.undo() == 7
    assert marks_of(by_hand)["q1"] == 5


@reported("desk-07")
def test_the_next_key_of_another_teacher_does_not_bring_the_old_level_back(group: Class) -> None:
    seen = digest(group.lines)
    group.change(replace(group.lines[0], points=Decimal(3)))
    work = group.works[5]
    outcome = group.give(work, "2", [1], rubric=seen, seen=["3#1|Well."])
    assert outcome.state is MarkState.RUBRIC
    assert marks_of(work)["q1"] == 3
    # A line that is not there, and two levels at once.
    assert group.give(work, "2", [9], seen=["3#1|Well."]).state is MarkState.RUBRIC


def test_lines_do_not_follow_a_number_to_another_question(group: Class) -> None:
    group.change(replace(group.lines[0], text="names one reason"))
    source = group.assignment.edition.source.replace(group.question.prompt, "Something else?")
    assert source != group.assignment.edition.source
    other = publish(group.teacher, source)
    Assignment.objects.filter(pk=group.assignment.pk).update(edition=other)
    assignment = assignment_at(group.assignment.link)
    question = other.sheet.question(group.question.key)
    assert rubrics.last_change(assignment, question) is None
    (first, *rest) = rubrics.rubric_of(assignment, question)
    assert first.text != "names one reason"
    # It has lines of its own, and the first one is as it was until then.
    assert rubrics.rubric_of(assignment, group.question)[0].text == "names one reason"
    line = replace(first, text="another reason")
    seen = rubrics.plan(assignment, question, [line]).digest
    rubrics.apply(assignment, question, [line], group.teacher, seen=seen)
    assert rubrics.rubric_of(assignment, question)[0].text == "another reason"
    assert len(rubrics.rubric_of(assignment, question)) == 1 + len(rest)


@reported("desk-07")
def test_a_mark_that_is_released_by_its_question_alone_is_asked_about_too(group: Class) -> None:
    work = group.works[5]
    Mark.objects.filter(attempt=work).update(released_at=timezone.now())
    for other in group.works[:4]:
        attempts.take_back_release(group.assignment, [other], by=TOOL)
    group.change(replace(group.lines[0], points=Decimal(3)))
    change = rubrics.last_change(group.assignment, group.question)
    assert change is not None
    with pytest.raises(UndoUnconfirmed):
        rubrics.undo(group.assignment, group.question, change.pk, group.teacher)
    assert marks_of(work)["q1"] == 3
    assert group.undo() == 6


def test_what_was_given_anew_since_stays_when_a_change_is_undone(group: Class) -> None:
    group.change(replace(group.lines[0], points=Decimal(3)))
    work = group.works[4]
    assert group.give(work, "6", [1, 2], seen=["3#1|Well."]).state is MarkState.SAVED
    assert group.undo() == 5
    assert marks_of(work)["q1"] == 6


def test_a_plan_that_is_another_by_now_changes_nothing(group: Class) -> None:
    line = replace(group.lines[0], points=Decimal(3))
    plan = rubrics.plan(group.assignment, group.question, [line])
    assert group.give(group.works[9], "2", [1], seen=["2|Well."]).state is MarkState.SAVED
    arguments = (group.assignment, group.question, [line], group.teacher)
    for seen in (plan.digest, ""):
        with pytest.raises(Outdated):
            rubrics.apply(*arguments, seen=seen)
    with pytest.raises(ValueError, match="between"):
        rubrics.plan(group.assignment, group.question, [replace(line, points=Decimal(7))])
    with pytest.raises(Outdated):
        rubrics.undo(group.assignment, group.question, 1, group.teacher)
    assert not RubricChange.objects.exists()
    assert group.points() == [2] * 6 + [5, 2, 2, 2]


def test_a_new_line_changes_no_mark_and_gets_a_number_that_no_line_has_had(group: Class) -> None:
    group.change(replace(group.lines[1], is_deleted=True))
    number = rubrics.new_number(group.assignment, group.question)
    assert number == 3
    plan = group.change(RubricLine(number, "a <name>", Decimal("0.5")))
    assert not plan.remarks
    assert [one.number for one in group.lines] == [1, 3]
    group.undo()
    assert [one.number for one in group.lines] == [1]


def test_it_is_recorded_and_other_teachers_marks_keep_their_giver(group: Class) -> None:
    group.change(replace(group.lines[0], points=Decimal(3)))
    (entry,) = AuditEntry.objects.filter(kind=AuditKind.RUBRIC)
    assert (entry.actor, entry.after) == (group.teacher, {"item": "q1", "changed": 6})
    changed = AuditEntry.objects.filter(kind=AuditKind.MARK, before__points="2", after__points="3")
    assert changed.count() == 6


@reported("desk-14")
def test_reopened_work_keeps_its_lines_for_the_mark_that_counts_again(group: Class) -> None:
    work = group.works[5]
    attempts.reopen(work, by=TOOL)
    assert not Mark.objects.filter(attempt=work, item="q1").exists()
    # A key of whoever had it open does not land on the text that comes then.
    assert group.give(work, "6", read=work.submission).state is MarkState.OPEN
    attempts.submit(work.assignment, work.user, work.edition_id)
    row = Mark.objects.get(attempt=work, item="q1")
    assert (row.points, row.comment) == (Decimal(2), "Well.")
    assert row.rubric[0]["text"] == "one cause"


def test_a_mark_on_a_pupils_page_keeps_the_lines(group: Class) -> None:
    mark(group.works[0], group.cast.ruth, q1="4")
    row = Mark.objects.get(attempt=group.works[0], item="q1")
    assert (row.points, [one["number"] for one in row.rubric]) == (Decimal(4), [1])


def test_an_answer_to_another_question_of_that_number_keeps_its_mark(group: Class) -> None:
    former = group.works[0]
    other = publish(group.teacher, CAUSE.replace("Explain.", "Describe."))
    Attempt.objects.filter(pk=former.pk).update(edition=other)
    assert former.pk not in {
        one.attempt.pk for one in group.change(replace(group.lines[0], points=Decimal(3))).remarks
    }
    assert group.points() == [2] + [3] * 5 + [5, 2, 2, 2]


def test_no_mark_becomes_more_than_its_question_has_by_now_when_a_change_is_undone(
    group: Class,
) -> None:
    work = group.works[5]
    group.change(replace(group.lines[0], points=Decimal(1)))
    # Another version has fewer marks for the question.
    Mark.objects.filter(attempt=work).update(maximum=1)
    assert group.undo() == 5
    assert group.points() == [2] * 5 + [1, 5, 2, 2, 2]
