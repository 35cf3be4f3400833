"""What a pupil's score is, from the marks of the attempts and the policy."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lti_tool.audit import TOOL
from lti_tool.grades import Score
from lti_tool.models import Delivery
from tests.cast import Cast, Someone
from tests.reported import reported
from tests.worksheets.sheets import (
    CAUSES,
    EVERYTHING,
    GAPS_ONLY,
    READING,
    RIGHT,
    UNMARKED,
    WRITTEN_ONLY,
    assignment_at,
    hand_in,
    hand_in_again,
    mark,
    place,
    release,
)
from worksheets import attempts
from worksheets.gradebook import scoring
from worksheets.marking.counting_attempt import CountingRule
from worksheets.models import Assignment, Attempt, Mark, Sending
from worksheets.questions import parse_sheet


def score_at(assignment: Assignment, someone: Someone) -> Score | None:
    assignment = assignment_at(assignment.link)
    return scoring.score_of(assignment, scoring.submitted_attempts(assignment, someone.user))


def told(attempt: Attempt) -> Score:
    assignment = attempt.assignment
    score = scoring.score_of(assignment, scoring.submitted_attempts(assignment, attempt.user))
    assert score is not None
    return score


@pytest.fixture
def submitted(cast: Cast) -> Attempt:
    return hand_in(place(cast), cast.amina, {**EVERYTHING, "g1": "Bavaria"})


def test_the_gaps_go_at_once_out_of_their_own_maximum(submitted: Attempt) -> None:
    score = told(submitted)
    assert (score.given, score.maximum) == (Decimal(3), Decimal(4))
    assert score.comment == (
        "Gaps: 3 out of 4. Your teacher has not marked your written answers yet."
    )


def test_marks_that_are_not_released_change_nothing(cast: Cast, submitted: Attempt) -> None:
    before = told(submitted)
    mark(submitted, cast.ruth, q1="4", q2="6")
    assert told(submitted) == before


def test_marks_that_stand_after_reopening_are_not_called_missing(
    cast: Cast, submitted: Attempt
) -> None:
    mark(submitted, cast.ruth, q1="4", q2="6")
    attempts.reopen(submitted, by=TOOL)
    again = attempts.submit(submitted.assignment, cast.amina.user, submitted.edition_id)
    assert told(again).comment == (
        "Gaps: 3 out of 4. Your teacher has not released the other marks yet."
    )


def test_the_released_total_replaces_the_gaps(cast: Cast, submitted: Attempt) -> None:
    question = submitted.edition.sheet.question("q2")
    mark(submitted, cast.ruth, q1="2.5")
    attempts.give_mark(submitted, question, Decimal(6), "Well argued.\nDates!", cast.ruth.user)
    attempts.release(submitted, by=TOOL)
    score = told(submitted)
    assert (score.given, score.maximum) == (Decimal("11.5"), Decimal(14))
    assert score.comment.split("\n") == [
        "Gaps: 3 out of 4.",
        "Written answers: 8.5 out of 10.",
        "Question 1: 2.5 out of 4.",
        "Question 2: 6 out of 6. Well argued.",
        "Dates!",
    ]


def test_the_comment_lists_rubric_lines_and_the_overall_comment(
    cast: Cast, submitted: Attempt
) -> None:
    mark(submitted, cast.ruth, q1="3", q2="6")
    lines = [{"number": 1, "text": "names a cause", "points": "2"}]
    submitted.marks.filter(item="q1").update(rubric=lines, comment="Which <cause>?")
    attempts.comment_overall(submitted, "Dates & names", "You say\nwhy.", cast.ruth.user)
    before = told(submitted)
    assert "Dates" not in before.comment  # nothing leaves before the release
    attempts.release(submitted, by=TOOL)
    assert told(submitted).comment.split("\n") == [
        "Gaps: 3 out of 4.",
        "Written answers: 9 out of 10.",
        "What went well: Dates & names",
        "Even better if: You say",
        "why.",
        "Question 1: 3 out of 4. names a cause (+2) – Which <cause>?",
        "Question 2: 6 out of 6.",
    ]


@pytest.mark.parametrize("source", [GAPS_ONLY, UNMARKED])
def test_without_marks_for_writing_the_gaps_are_final(cast: Cast, source: str) -> None:
    attempt = hand_in(place(cast, source), cast.amina, {"q1": "A thought."})
    assert "not marked" not in told(attempt).comment
    assert told(attempt).maximum == len(parse_sheet(source).gaps)
    before = told(attempt)
    attempts.release(attempt, by=TOOL)
    assert told(attempt) == before


def test_with_nothing_but_writing_there_is_no_score_until_the_release(cast: Cast) -> None:
    attempt = hand_in(place(cast, WRITTEN_ONLY), cast.amina, {"q1": "An essay."})
    assert score_at(attempt.assignment, cast.amina) is None
    assert not Delivery.objects.exists()
    mark(attempt, cast.ruth, q1="7")
    attempts.release(attempt, by=TOOL)
    assert (told(attempt).given, told(attempt).maximum) == (Decimal(7), Decimal(10))
    assert told(attempt).comment == "Written answers: 7 out of 10."


def test_with_nothing_to_earn_there_is_no_score(cast: Cast) -> None:
    attempt = hand_in(place(cast, READING), cast.amina, {})
    assert score_at(attempt.assignment, cast.amina) is None
    attempts.release(attempt, by=TOOL)
    assert score_at(attempt.assignment, cast.amina) is None


def test_an_unmarked_answer_never_counts_as_nothing(cast: Cast, submitted: Attempt) -> None:
    """Neither in the score nor in its maximum."""
    sheet = submitted.edition.sheet
    points = scoring.tally(sheet, submitted.marks.all())
    assert (points.unmarked, points.by_teacher) == (2, Decimal(0))
    assert told(submitted).maximum == points.automatic_maximum
    mark(submitted, cast.ruth, q1="0")
    points = scoring.tally(sheet, submitted.marks.all())
    assert (points.unmarked, points.by_teacher) == (1, Decimal(0))


def test_a_tally_adds_up() -> None:
    sheet = parse_sheet(CAUSES)
    given = {"g1": "1", "g4": "0.5", "q1": "2.25"}
    marks = [Mark(item=item, points=Decimal(points)) for item, points in given.items()]
    points = scoring.tally(sheet, marks)
    assert (points.automatic, points.automatic_maximum) == (Decimal("1.5"), Decimal(4))
    assert (points.by_teacher, points.teacher_maximum) == (Decimal("2.25"), Decimal(10))
    assert (points.total, points.maximum, points.unmarked) == (Decimal("3.75"), Decimal(14), 1)


@reported("desk-23")
def test_a_long_comment_is_cut_between_words_and_no_mark_is_lost(
    cast: Cast, submitted: Attempt
) -> None:
    for key, text in (("q1", "Say why, and give dates. " * 120), ("q2", "Good <3 &amp; *so*")):
        question = submitted.edition.sheet.question(key)
        attempts.give_mark(submitted, question, Decimal(1), text.strip(), cast.ruth.user)
    attempts.comment_overall(submitted, "Much " * 300, "", cast.ruth.user)
    attempts.release(submitted, by=TOOL)
    comment = told(submitted).comment
    assert 3800 < len(comment) <= scoring.MAX_COMMENT
    first = next(row for row in comment.split("\n") if row.startswith("Question 1: 1 out of 4. "))
    assert first.endswith(("why,…", "and…", "give…", "dates.…", "Say…"))
    assert comment.endswith("\nQuestion 2: 1 out of 6. Good <3 &amp; *so*")


def test_blank_and_right_answers_both_count(cast: Cast) -> None:
    attempt = hand_in(place(cast), cast.ben, RIGHT)
    attempts.release(attempt, by=TOOL)
    assert (told(attempt).given, told(attempt).maximum) == (Decimal(4), Decimal(14))


# --- policies ---


class TestOnceReleased:
    """Nothing before the release, then the total."""

    def test_before_it_the_mark_is_open(self, cast: Cast) -> None:
        attempt = hand_in(place(cast, sending=Sending.RELEASED), cast.amina)
        score = told(attempt)
        assert (score.given, score.maximum) == (None, Decimal(14))
        assert score.comment == "Submitted. You will see your mark when your teacher releases it."
        assert score.submitted_at == attempt.submitted_at

    def test_then_it_is_the_total(self, cast: Cast) -> None:
        attempt = hand_in(place(cast, sending=Sending.RELEASED), cast.amina)
        release(attempt, cast.ruth, q1="4", q2="6")
        assert (told(attempt).given, told(attempt).maximum) == (Decimal(14), Decimal(14))

    def test_gaps_alone_wait_as_well(self, cast: Cast) -> None:
        attempt = hand_in(place(cast, GAPS_ONLY, sending=Sending.RELEASED), cast.amina, {})
        assert told(attempt).given is None
        attempts.release(attempt, by=TOOL)
        assert (told(attempt).given, told(attempt).maximum) == (Decimal(0), Decimal(2))


class TestGapsOnly:
    """What a teacher marks stays out of the gradebook."""

    def test_the_release_changes_nothing(self, cast: Cast) -> None:
        attempt = hand_in(place(cast, sending=Sending.GAPS_ONLY), cast.amina)
        before = told(attempt)
        assert (before.given, before.maximum) == (Decimal(4), Decimal(4))
        assert before.comment == "Gaps: 4 out of 4."
        question = attempt.edition.sheet.question("q1")
        attempts.give_mark(attempt, question, Decimal(1), "Not for parents", cast.ruth.user)
        release(attempt, cast.ruth, q2="0")
        assert told(attempt) == before

    def test_without_gaps_there_is_nothing(self, cast: Cast) -> None:
        assignment = place(cast, WRITTEN_ONLY, sending=Sending.GAPS_ONLY)
        attempt = hand_in(assignment, cast.amina, {"q1": "An essay."})
        release(attempt, cast.ruth, q1="7")
        assert score_at(assignment, cast.amina) is None


@pytest.mark.parametrize(
    ("sending", "most"),
    [(Sending.GAPS_FIRST, 14), (Sending.RELEASED, 14), (Sending.GAPS_ONLY, 4)],
)
def test_the_most_that_the_gradebook_can_show(sending: str, most: int) -> None:
    assert scoring.full_marks(Assignment(sending=sending), parse_sheet(CAUSES)) == most


# --- several attempts ---


class TestSeveral:
    """Which attempt the score is of; the rule itself is tested in test_counting."""

    POOR = {**EVERYTHING, "g1": "Bavaria", "g2": "Bavaria"}

    @pytest.mark.parametrize(
        ("rule", "number", "given"),
        [(CountingRule.BEST, 1, 4), (CountingRule.LAST, 2, 2), (CountingRule.FIRST, 1, 4)],
    )
    def test_the_rule_is_the_assignments(
        self, cast: Cast, rule: CountingRule, number: int, given: int
    ) -> None:
        assignment = place(cast, attempt_limit=2, counting=rule)
        hand_in(assignment, cast.amina)
        score = told(hand_in_again(assignment, cast.amina, self.POOR))
        assert score.given == given
        assert score.comment.startswith(f"Attempt {number}. Gaps: {given} out of 4.")

    @pytest.mark.parametrize("rule", [CountingRule.BEST, CountingRule.LAST])
    def test_half_a_mark_does_not_replace_a_released_better_one(
        self, cast: Cast, rule: CountingRule
    ) -> None:
        """All gaps right, out of the gaps, would be 100 %; of all that can be earned it is less."""
        assignment = place(cast, attempt_limit=0, counting=rule)
        first = hand_in(assignment, cast.amina, self.POOR)
        release(first, cast.ruth, q1="4", q2="5")
        second = hand_in_again(assignment, cast.amina)
        assert (told(second).given, told(second).maximum) == (Decimal(11), Decimal(14))
        release(second, cast.ruth, q1="4", q2="5")
        assert told(second).given == Decimal(13)
        assert told(second).submitted_at == second.submitted_at

    def test_what_is_not_handed_in_counts_for_nothing(self, cast: Cast) -> None:
        assignment = place(cast, attempt_limit=2, counting=CountingRule.LAST)
        first = hand_in(assignment, cast.amina)
        before = told(first)
        attempts.begin_again(assignment, cast.amina.user)
        assert told(first) == before
        assert not before.comment.startswith("Attempt")

    def test_once_released_an_open_mark_takes_no_ones_place(self, cast: Cast) -> None:
        assignment = place(
            cast, sending=Sending.RELEASED, attempt_limit=2, counting=CountingRule.LAST
        )
        first = release(hand_in(assignment, cast.amina, self.POOR), cast.ruth, q1="0", q2="0")
        second = hand_in_again(assignment, cast.amina)
        assert told(first).given == Decimal(2)
        release(second, cast.ruth, q1="0", q2="0")
        assert told(first).given == Decimal(4)

    def test_whom_a_teacher_has_to_mark(self, cast: Cast) -> None:
        assignment = place(cast, attempt_limit=2)
        hand_in(assignment, cast.amina)
        hand_in_again(assignment, cast.amina)
        both = scoring.submitted_attempts(assignment, cast.amina.user)
        for rule, numbers in [
            (CountingRule.BEST, {1, 2}),
            (CountingRule.LAST, {2}),
            (CountingRule.FIRST, {1}),
        ]:
            assignment.counting = rule
            assert scoring.numbers_to_mark(assignment, both) == numbers
