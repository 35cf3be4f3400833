"""The comments that are offered again: of whom, at which question, in which order."""

from __future__ import annotations

from decimal import Decimal

from lti_tool.audit import TOOL
from tests.cast import PUPIL, TEACHER, Cast, Someone, make_someone
from tests.worksheets.sheets import assignment_at, hand_in, place
from worksheets import attempts
from worksheets.attempts import GivenMark, give_marks
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, Attempt
from worksheets.reports.comments import used_comments, used_overall_comments


def answered(cast: Cast, assignment: Assignment, sub: str) -> Attempt:
    return hand_in(assignment, make_someone(cast.course, sub, f"Pupil {sub}", PUPIL))


def test_comments_of_this_class_and_one_s_own(cast: Cast) -> None:
    assignment = place(cast)
    question = assignment.edition.sheet.question("q1")

    def comment(sub: str, text: str, points: int, who: Someone = cast.ruth) -> None:
        work = answered(cast, assignment, sub)
        given = GivenMark(work.pk, Decimal(points), text)
        give_marks(assignment, question, [given], who.user)

    okafor = make_someone(cast.course, "11", "Chidi Okafor", TEACHER)
    comment("1", "Why?", 2, okafor)
    comment("2", "Good.", 4)
    comment("3", "Why?", 1)
    comment("4", "Why?", 1)
    found = [(one.text, one.points) for one in used_comments(assignment, question, cast.ruth.user)]
    assert found == [("Why?", Decimal(1)), ("Good.", Decimal(4))]
    assigning.assign(cast.other_course.link, assignment.edition, AssignmentRules("score"), by=TOOL)
    other = assignment_at(cast.other_course.link)
    theirs = used_comments(other, question, cast.ruth.user)
    assert [one.text for one in theirs] == ["Why?", "Good."]
    assert used_comments(other, question, cast.amina.user) == []


def test_what_a_teacher_says_often_comes_behind_what_is_said_of_this_question(cast: Cast) -> None:
    assignment = place(cast)
    first, second = map(assignment.edition.sheet.question, ("q1", "q2"))

    def comment(sub: str, text: str) -> None:
        given = GivenMark(answered(cast, assignment, sub).pk, Decimal(1), text)
        give_marks(assignment, first, [given], cast.ruth.user)

    for n, text in enumerate(("Dates!", "Dates!", "Once only.")):
        comment(f"{n}", text)
    work = answered(cast, assignment, "9")
    give_marks(assignment, second, [GivenMark(work.pk, Decimal(2), "Why (b)?")], cast.ruth.user)
    found = [(c.text, c.points) for c in used_comments(assignment, second, cast.ruth.user)]
    assert found == [("Why (b)?", 2), ("Dates!", None)]
    okafor = make_someone(cast.course, "11", "Chidi Okafor", TEACHER)
    assert [c.text for c in used_comments(assignment, second, okafor.user)] == ["Why (b)?"]


def test_overall_comments_are_one_s_own(cast: Cast) -> None:
    assignment = place(cast)
    for n, better in enumerate(("Say why.", "Give dates.", "Give dates.")):
        attempts.comment_overall(
            answered(cast, assignment, f"{n}"), "Clear.", better, cast.ruth.user
        )
    found = used_overall_comments(cast.ruth.user)
    assert (found.went_well, found.better_if) == (["Clear."], ["Give dates.", "Say why."])
    assert used_overall_comments(cast.zara.user).went_well == []
