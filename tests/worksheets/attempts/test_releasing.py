"""Marks released and taken back: all of an attempt, one question, one press, a whole class."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from lti_tool.audit import TOOL, AuditKind
from lti_tool.models import AuditEntry, Delivery
from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.sheets import (
    EVERYTHING,
    UNMARKED,
    WRITTEN_ONLY,
    assignment_at,
    fresh,
    hand_in,
    mark,
    marks_of,
    place,
)
from worksheets import attempts
from worksheets.attempts import NotReady
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.gradebook import scoring
from worksheets.models import Assignment, Attempt, Mark, Sending


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


@pytest.fixture
def marked(cast: Cast, assignment: Assignment) -> Attempt:
    attempt = hand_in(assignment, cast.amina)
    question = attempt.edition.sheet.question("q1")
    attempts.give_mark(attempt, question, Decimal(3), "Whose trial?", cast.ruth.user)
    mark(attempt, cast.ruth, q2="5")
    return attempt


def release_question(attempt: Attempt, key: str) -> set[int]:
    question = attempt.edition.sheet.question(key)
    assignment = assignment_at(attempt.assignment.link)
    return attempts.release_question(assignment, question, [attempt], by=TOOL)


def take_back(attempt: Attempt, item: str = "") -> list[Attempt]:
    return attempts.take_back_release(attempt.assignment, [attempt], by=TOOL, item=item)


def reported(attempt: Attempt) -> tuple[Any, Any, str]:
    row = Delivery.objects.get(user=attempt.user)
    return row.score_given, row.score_maximum, row.comment


def shown_items(attempt: Attempt) -> set[str]:
    marks = attempt.marks.filter(source=Mark.Source.TEACHER)
    return {one.item for one in marks if fresh(attempt).shows(one)}


class TestOneQuestion:
    def test_its_mark_counts_and_the_others_are_left_out(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        assert release_question(marked, "q1") == {cast.amina.user.pk}
        assert shown_items(marked) == {"q1"}
        assert not fresh(marked).is_released
        given, maximum, comment = reported(marked)
        assert (given, maximum) == (7, 8)
        assert "Question 1: 3 out of 4. Whose trial?" in comment
        assert "Your teacher has not released the other marks yet." in comment
        assert "Question 2" not in comment
        # The sums of the class list, which the database adds up, are the same.
        summed = scoring.saved_tallies(assignment, [fresh(marked)])[marked.pk]
        assert summed == scoring.tally(marked.edition.sheet, marked.marks.all())
        assert [summed.shown, summed.shown_points, summed.shown_maximum] == [1, 3, 4]

    def test_the_last_one_releases_all(self, marked: Attempt) -> None:
        release_question(marked, "q1")
        release_question(marked, "q2")
        assert fresh(marked).is_released
        assert reported(marked)[:2] == (12, 14)

    def test_the_only_question_of_a_sheet_is_all_of_it(self, cast: Cast) -> None:
        attempt = hand_in(place(cast, WRITTEN_ONLY), cast.amina, {"q1": "Because."})
        mark(attempt, cast.ruth, q1="4")
        release_question(attempt, "q1")
        assert fresh(attempt).is_released
        assert reported(attempt)[:2] == (4, 10)

    def test_only_an_answer_with_a_mark_and_only_once(self, cast: Cast, marked: Attempt) -> None:
        other = hand_in(marked.assignment, cast.ben)
        assert release_question(other, "q1") == set()
        release_question(marked, "q1")
        assert release_question(marked, "q1") == set()
        assert AuditEntry.objects.filter(kind=AuditKind.RELEASE).count() == 1

    @pytest.mark.parametrize("sending", [Sending.RELEASED, Sending.GAPS_ONLY, Sending.GAPS_COLUMN])
    def test_a_column_that_waits_for_the_total_waits_on(self, cast: Cast, sending: Sending) -> None:
        attempt = hand_in(place(cast, sending=sending), cast.amina)
        before = list(Delivery.objects.values_list("score_given", "score_maximum", "comment"))
        mark(attempt, cast.ruth, q1="3", q2="5")
        release_question(attempt, "q1")
        after = list(Delivery.objects.values_list("score_given", "score_maximum", "comment"))
        assert after == before

    def test_another_mark_for_it_is_reported_and_one_for_another_is_not(
        self, cast: Cast, marked: Attempt
    ) -> None:
        release_question(marked, "q1")
        mark(marked, cast.ruth, q2="6")
        assert reported(marked)[:2] == (7, 8)
        mark(marked, cast.ruth, q1="2")
        assert reported(marked)[:2] == (6, 8)
        assert shown_items(marked) == {"q1"}


class TestTakenBack:
    def test_the_gradebook_shows_what_it_showed_before(self, marked: Attempt) -> None:
        before = reported(marked)
        attempts.release(marked, by=TOOL)
        assert reported(marked)[:2] == (12, 14)
        assert take_back(marked) == [marked]
        assert reported(marked) == before
        assert shown_items(marked) == set()
        assert marks_of(marked)["q1"] == 3  # nothing is lost
        assert take_back(marked) == []

    def test_one_question_of_what_is_released(self, marked: Attempt) -> None:
        attempts.release(marked, by=TOOL)
        take_back(marked, "q2")
        assert shown_items(marked) == {"q1"}
        assert reported(marked)[:2] == (7, 8)
        take_back(marked, "q1")
        assert reported(marked)[:2] == (4, 4)

    def test_only_that_press_is_taken_back(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        other = hand_in(assignment, cast.ben)
        mark(other, cast.ruth, q1="1", q2="1")
        attempts.release(other, by=TOOL)
        release_question(marked, "q1")
        moment = timezone.now() + timedelta(seconds=1)
        attempts.release_all(assignment, [marked, other], by=TOOL, moment=moment)
        # Who pressed later, on a page from before, has released nothing of what was released.
        assert attempts.released_in(assignment, moment) == [marked]
        seen_before = AuditEntry.objects.count()
        attempts.release(fresh(other), by=TOOL)
        assert AuditEntry.objects.count() == seen_before
        attempts.take_back_release(assignment, [marked, other], by=TOOL, moment=moment)
        assert shown_items(marked) == {"q1"}
        assert fresh(other).is_released
        assert attempts.released_in(assignment, moment) == []

    def test_a_question_that_completed_it_leaves_the_others(self, marked: Attempt) -> None:
        release_question(marked, "q1")
        moment = timezone.now() + timedelta(seconds=1)
        question = marked.edition.sheet.question("q2")
        attempts.release_question(marked.assignment, question, [marked], by=TOOL, moment=moment)
        attempts.take_back_release(marked.assignment, [marked], by=TOOL, moment=moment)
        assert not fresh(marked).is_released
        assert shown_items(marked) == {"q1"}

    def test_where_nothing_was_sent_before_the_release_nothing_is_left(self, cast: Cast) -> None:
        attempt = hand_in(place(cast, sending=Sending.RELEASED), cast.amina)
        mark(attempt, cast.ruth, q1="3", q2="5")
        attempts.release(attempt, by=TOOL)
        take_back(attempt)
        assert not Delivery.objects.exists()
        attempts.release(fresh(attempt), by=TOOL)
        assert reported(attempt)[:2] == (12, 14)

    def test_it_is_recorded_with_whether_the_pupil_had_seen_it(self, marked: Attempt) -> None:
        for is_seen in (False, True):
            attempts.release(fresh(marked), by=TOOL)
            if is_seen:
                attempts.note_marks_seen(fresh(marked))
            take_back(marked)
            entry = AuditEntry.objects.filter(kind=AuditKind.RELEASE).latest("pk")
            assert entry.after == {"taken_back": True, "seen": is_seen}
            assert fresh(marked).marks_seen_at is None

    def test_who_loads_the_page_at_that_moment_is_shown_nothing(self, marked: Attempt) -> None:
        read = attempts.release(marked, by=TOOL)
        take_back(marked)
        assert not attempts.note_marks_seen(read).is_released
        assert fresh(marked).marks_seen_at is None

    def test_a_comment_without_marks_can_be_taken_back(self, cast: Cast) -> None:
        attempt = hand_in(place(cast, UNMARKED), cast.amina, {"g1": "Paris", "q1": "x"})
        question = attempt.edition.sheet.question("q1")
        attempts.give_mark(attempt, question, Decimal(0), "Well thought.", cast.ruth.user)
        release_question(attempt, "q1")
        assert fresh(attempt).is_released
        take_back(attempt)
        assert not fresh(attempt).is_released


def test_a_class_takes_a_bounded_number_of_statements_for_each(
    cast: Cast, assignment: Assignment, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = [make_someone(cast.course, f"9{n}", "", PUPIL) for n in range(25)]
    found = [hand_in(assignment, one, EVERYTHING) for one in people]
    for attempt in found:
        mark(attempt, cast.ruth, q1="1", q2="1")
    with django_assert_max_num_queries(40 + 20 * len(found)):
        done = attempts.release_all(assignment, found, by=TOOL)
    assert len(done) == len(found)
    with django_assert_max_num_queries(40 + 25 * len(found)):
        attempts.take_back_release(assignment, found, by=TOOL)
    assert not Attempt.objects.filter(released_at__isnull=False).exists()


def test_an_attempt_of_another_activity_or_without_marks_is_left_alone(
    cast: Cast, marked: Attempt
) -> None:
    rules = AssignmentRules.of(marked.assignment)
    assigning.assign(cast.other_course.link, marked.edition, rules, by=TOOL)
    elsewhere = assignment_at(cast.other_course.link)
    assert attempts.release_all(elsewhere, [marked], by=TOOL) == set()
    assert not fresh(marked).is_released
    with pytest.raises(NotReady):
        attempts.release(hand_in(marked.assignment, cast.ben), by=TOOL)
