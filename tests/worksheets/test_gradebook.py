"""What the gradebook is told, from marks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lti_tool.grades import Progress, Score
from lti_tool.models import Delivery, LineItem
from tests.cast import Cast
from tests.worksheets.sheets import (
    CAUSES,
    EVERYTHING,
    GAPS_ONLY,
    READING,
    RIGHT,
    UNMARKED,
    WRITTEN_ONLY,
    fresh,
    hand_in,
    mark,
    place,
)
from worksheets import attempts, gradebook
from worksheets.markup import parse
from worksheets.models import Attempt, Mark


def told(attempt: Attempt) -> Score:
    score = gradebook.score_of(fresh(attempt))
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


def test_the_released_total_replaces_the_gaps(cast: Cast, submitted: Attempt) -> None:
    question = submitted.edition.sheet.question("q2")
    mark(submitted, cast.ruth, q1="2.5")
    attempts.give_mark(submitted, question, Decimal(6), "Well argued.\nDates!", cast.ruth.user)
    attempts.release(submitted)
    score = told(submitted)
    assert (score.given, score.maximum) == (Decimal("11.5"), Decimal(14))
    assert score.comment.split("\n") == [
        "Gaps: 3 out of 4.",
        "Written answers: 8.5 out of 10.",
        "Answer 2: Well argued.",
        "Dates!",
    ]


@pytest.mark.parametrize("source", [GAPS_ONLY, UNMARKED])
def test_without_marks_for_writing_the_gaps_are_final(cast: Cast, source: str) -> None:
    attempt = hand_in(place(cast, source), cast.amina, {"q1": "A thought."})
    assert "not marked" not in told(attempt).comment
    assert told(attempt).maximum == len(parse(source).gaps)
    before = told(attempt)
    attempts.release(attempt)
    assert told(attempt) == before


def test_with_nothing_but_writing_there_is_no_score_until_the_release(cast: Cast) -> None:
    attempt = hand_in(place(cast, WRITTEN_ONLY), cast.amina, {"q1": "An essay."})
    assert gradebook.score_of(attempt) is None
    assert not Delivery.objects.exists()
    mark(attempt, cast.ruth, q1="7")
    attempts.release(attempt)
    assert (told(attempt).given, told(attempt).maximum) == (Decimal(7), Decimal(10))
    assert told(attempt).comment == "Written answers: 7 out of 10."


def test_with_nothing_to_earn_there_is_no_score(cast: Cast) -> None:
    attempt = hand_in(place(cast, READING), cast.amina, {})
    assert gradebook.score_of(attempt) is None
    attempts.release(attempt)
    assert gradebook.score_of(fresh(attempt)) is None


def test_an_unmarked_answer_never_counts_as_nothing(cast: Cast, submitted: Attempt) -> None:
    """Neither in the score nor in its maximum."""
    sheet = submitted.edition.sheet
    points = gradebook.tally(sheet, submitted.marks.all())
    assert (points.unmarked, points.written) == (2, Decimal(0))
    assert told(submitted).maximum == points.gaps_maximum
    mark(submitted, cast.ruth, q1="0")
    points = gradebook.tally(sheet, submitted.marks.all())
    assert (points.unmarked, points.written) == (1, Decimal(0))


def test_a_tally_adds_up() -> None:
    sheet = parse(CAUSES)
    given = {"g1": "1", "g4": "0.5", "q1": "2.25", "q9": "5", "g9": "5"}
    marks = [Mark(item=item, points=Decimal(points)) for item, points in given.items()]
    points = gradebook.tally(sheet, marks)
    assert (points.gaps, points.gaps_maximum) == (Decimal("1.5"), Decimal(4))
    assert (points.written, points.written_maximum) == (Decimal("2.25"), Decimal(10))
    assert (points.total, points.maximum, points.unmarked) == (Decimal("3.75"), Decimal(14), 1)


def test_a_long_comment_is_cut_with_a_sign(cast: Cast, submitted: Attempt) -> None:
    for key in ("q1", "q2"):
        question = submitted.edition.sheet.question(key)
        attempts.give_mark(submitted, question, Decimal(1), "ü" * 2000, cast.ruth.user)
    attempts.release(submitted)
    comment = told(submitted).comment
    assert len(comment) == gradebook.MAX_COMMENT
    assert comment.endswith("ü…")
    assert comment.startswith("Gaps: 3 out of 4.")


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("6", "6"),
        ("6.0000", "6"),
        ("2.5000", "2.5"),
        ("0.3333", "0.3333"),
        ("0", "0"),
        ("100", "100"),
        ("1E+2", "100"),
        ("0.0010", "0.001"),
    ],
)
def test_marks_are_written_as_people_write_them(number: str, written: str) -> None:
    assert gradebook.plain(Decimal(number)) == written


def test_the_comment_is_never_empty(cast: Cast, submitted: Attempt) -> None:
    """An empty one would erase what the gradebook shows."""
    assert Delivery.objects.get().comment
    mark(submitted, cast.ruth, q1="4", q2="6")
    attempts.release(submitted)
    assert Delivery.objects.get().comment


def test_receipts_come_from_the_same_rows(cast: Cast, submitted: Attempt) -> None:
    link = submitted.assignment.link
    receipt = gradebook.receipt(link, cast.amina.user)
    assert receipt is not None
    assert receipt.progress == Progress.ON_ITS_WAY
    assert gradebook.receipts(link) == {cast.amina.user.pk: receipt}
    assert gradebook.receipt(link, cast.ben.user) is None
    Delivery.objects.update(state=Delivery.State.REFUSED, problem="column-gone")
    gradebook.send_again(link, cast.amina.user)
    assert Delivery.objects.get().state == Delivery.State.DUE


def test_blank_and_right_answers_both_count(cast: Cast) -> None:
    attempt = hand_in(place(cast), cast.ben, RIGHT)
    attempts.release(attempt)
    assert (told(attempt).given, told(attempt).maximum) == (Decimal(4), Decimal(14))


def test_a_column_that_we_make_has_room_for_the_total(cast: Cast, submitted: Attempt) -> None:
    LineItem.objects.update(url="")
    gradebook.report(fresh(submitted))
    assert LineItem.objects.get(link=cast.course.link).maximum == 14
