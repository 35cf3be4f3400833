"""Work that is open again: what a teacher's reopening, a pupil's own, and another attempt keep."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lti_tool.audit import TOOL
from lti_tool.models import Delivery
from tests.cast import Cast
from tests.worksheets.sheets import (
    CAUSES,
    EVERYTHING,
    GAPS_ONLY,
    RIGHT,
    UNMARKED,
    fresh,
    hand_in,
    mark,
    marks_of,
    place,
    save,
)
from worksheets import attempts, authoring
from worksheets.attempts import NotLatestAttempt, NotReady
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, Attempt, EarlierMark, Mark, NewAttempt

HALF = {"g1": "Manchuria", "g2": "Rhineland", "q1": "A reason.", "q2": "The evidence."}


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def texts(attempt: Attempt) -> dict[str, str]:
    return dict(attempt.answers.values_list("item", "text"))


def submit(assignment: Assignment, cast: Cast, number: int = 1) -> Attempt:
    user, edition = cast.amina.user, assignment.edition_id
    return attempts.submit(assignment, user, edition, number=number)


class TestReopening:
    @pytest.fixture
    def marked(self, cast: Cast, assignment: Assignment) -> Attempt:
        attempt = hand_in(assignment, cast.amina)
        question = attempt.edition.sheet.question("q1")
        attempts.give_mark(attempt, question, Decimal(3), "Whose trial?", cast.ruth.user)
        mark(attempt, cast.ruth, q2="5")
        return attempt

    def test_marks_and_comments_are_kept_and_count_nowhere(self, marked: Attempt) -> None:
        attempts.reopen(marked, by=TOOL)
        assert marks_of(marked) == {}
        rows = EarlierMark.objects.order_by("item").values_list("item", "points", "comment")
        assert list(rows) == [("q1", Decimal(3), "Whose trial?"), ("q2", Decimal(5), "")]

    def test_they_count_again_where_nothing_was_changed(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        attempts.reopen(marked, by=TOOL)
        save(assignment, cast.amina, {**EVERYTHING, "q1": "The trial of 1928."})
        submit(assignment, cast)
        assert marks_of(marked) == {"g1": 1, "g2": 1, "g3": 1, "g4": 1, "q2": 5}
        again = marked.marks.get(item="q2")
        assert (again.source, again.marked_by) == (Mark.Source.TEACHER, cast.ruth.user)
        assert [one.item for one in EarlierMark.objects.all()] == ["q1"]

    def test_what_was_blank_and_is_answered_now_waits_for_a_mark(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        attempt = hand_in(assignment, cast.amina, {**RIGHT, "q2": "x", "q2-choice": "a"})
        mark(attempt, cast.ruth, q1="0", q2="1")
        attempts.reopen(attempt, by=TOOL)
        save(assignment, cast.amina, {"q1": "Now."})
        submit(assignment, cast)
        assert "q1" not in marks_of(attempt)
        assert marks_of(attempt)["q2"] == 1

    @pytest.mark.parametrize("stays", [True, False])
    def test_an_answer_that_was_changed_and_changed_back_is_unchanged(
        self, cast: Cast, assignment: Assignment, marked: Attempt, stays: bool
    ) -> None:
        points = marks_of(marked)["q1"]
        attempts.reopen(marked, by=TOOL)
        save(assignment, cast.amina, {"q1": "Something else."})
        save(assignment, cast.amina, {"q1": EVERYTHING["q1"] if stays else "Something."})
        submit(assignment, cast)
        assert marks_of(marked).get("q1") == (points if stays else None)

    def test_a_mark_from_before_it_knew_its_answer_goes_by_time(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        attempts.reopen(marked, by=TOOL)
        EarlierMark.objects.update(answer="")
        save(assignment, cast.amina, {"q1": "Something else."})
        save(assignment, cast.amina, {"q1": EVERYTHING["q1"]})
        submit(assignment, cast)
        assert "q1" not in marks_of(marked)

    def test_reopened_twice_the_last_mark_is_the_one_before(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        for text, points in (("Second.", "1"), ("Third.", "2")):
            attempts.reopen(marked, by=TOOL)
            save(assignment, cast.amina, {"q1": text})
            submit(assignment, cast)
            mark(marked, cast.ruth, q1=points)
        attempts.reopen(marked, by=TOOL)
        assert EarlierMark.objects.get(item="q1").points == 2
        submit(assignment, cast)
        assert marks_of(marked)["q1"] == 2
        assert not EarlierMark.objects.exists()

    @pytest.mark.parametrize(
        ("marks", "again"),
        [("3", (Decimal(3), Decimal(3))), ("8", (Decimal(4), Decimal(8)))],
    )
    def test_a_mark_of_before_fits_the_marks_of_now(
        self, cast: Cast, assignment: Assignment, marks: str, again: tuple[Decimal, Decimal]
    ) -> None:
        attempt = hand_in(assignment, cast.amina)
        mark(attempt, cast.ruth, q1="4")
        attempts.reopen(attempt, by=TOOL)
        changed = CAUSES.replace("??? 4 marks", f"??? {marks} marks")
        newer = authoring.publish(authoring.save(assignment.edition.worksheet, changed, seen=None))
        Attempt.objects.update(edition=newer)
        assignment = assigning.assign(
            cast.course.link, newer, AssignmentRules.of(assignment), by=TOOL
        )
        submit(assignment, cast)
        row = attempt.marks.get(item="q1")
        assert (row.points, row.maximum) == again

    def test_what_is_not_submitted_is_not_reopened(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        attempt = save(assignment, cast.amina, RIGHT)
        assert attempts.reopen(attempt, by=TOOL).reopened_at is None


class TestTakingBack:
    def take(self, assignment: Assignment, cast: Cast, number: int = 1) -> Attempt:
        return attempts.take_back(assignment, cast.amina.user, number)

    def test_what_the_machine_has_marked_stays_as_it_is(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        attempt = hand_in(assignment, cast.amina, HALF)
        self.take(assignment, cast)
        save(assignment, cast.amina, {**EVERYTHING, "q1": "A better reason."})
        assert texts(attempt)["g2"] == "Rhineland"
        assert "g4" not in texts(attempt)
        assert texts(attempt)["q1"] == "A better reason."
        submit(assignment, cast)
        assert marks_of(attempt) == {"g1": 1, "g2": 0, "g3": 0, "g4": 0}
        assert fresh(attempt).is_submitted

    def test_whoever_changes_it_on_an_older_page_is_told(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        hand_in(assignment, cast.amina, HALF)
        self.take(assignment, cast)
        posted = {**HALF, "g1": "Abyssinia", "g4": "", "q1": "A better reason."}
        user, edition_id = cast.amina.user, assignment.edition_id
        result = attempts.save_answers(assignment, user, edition_id, posted)
        assert list(result.errors) == ["g1"]
        assert texts(result.attempt)["q1"] == "A better reason."

    def test_an_empty_answer_can_be_written_now(self, cast: Cast, assignment: Assignment) -> None:
        attempt = hand_in(assignment, cast.amina, RIGHT)
        assert marks_of(attempt)["q1"] == 0
        self.take(assignment, cast)
        save(assignment, cast.amina, {"q1": "I had forgotten this one."})
        submit(assignment, cast)
        assert "q1" not in marks_of(attempt)
        assert marks_of(attempt)["q2"] == 0

    def test_the_gradebook_keeps_its_score(self, cast: Cast, assignment: Assignment) -> None:
        hand_in(assignment, cast.amina, HALF)
        before = Delivery.objects.get()
        self.take(assignment, cast)
        delivery = Delivery.objects.get()
        assert (delivery.score_given, delivery.revision) == (Decimal(1), before.revision)
        submit(assignment, cast)
        assert Delivery.objects.get().score_given == 1

    def test_a_second_press_changes_nothing(self, cast: Cast, assignment: Assignment) -> None:
        hand_in(assignment, cast.amina)
        assert self.take(assignment, cast) == self.take(assignment, cast)

    def test_not_once_a_teacher_marks(self, cast: Cast, assignment: Assignment) -> None:
        attempt = hand_in(assignment, cast.amina)
        mark(attempt, cast.ruth, q1="1")
        with pytest.raises(NotReady):
            self.take(assignment, cast)
        assert fresh(attempt).is_submitted

    def test_not_after_the_release(self, cast: Cast) -> None:
        assignment = place(cast, UNMARKED)
        attempts.release(hand_in(assignment, cast.amina), by=TOOL)
        with pytest.raises(NotReady):
            self.take(assignment, cast)

    def test_not_after_the_close(self, cast: Cast, assignment: Assignment) -> None:
        attempt = hand_in(assignment, cast.amina)
        assignment.closes_at = attempt.submitted_at
        assignment.save()
        with pytest.raises(NotReady):
            self.take(assignment, cast)

    def test_not_where_everything_is_marked_at_once(self, cast: Cast) -> None:
        """What is right has been seen; the setting for more attempts is for that."""
        assignment = place(cast, GAPS_ONLY)
        hand_in(assignment, cast.amina)
        with pytest.raises(NotReady):
            self.take(assignment, cast)

    @pytest.mark.parametrize("number", [0, 2, 10**9])
    def test_no_other_attempt(self, cast: Cast, assignment: Assignment, number: int) -> None:
        hand_in(assignment, cast.amina)
        with pytest.raises(NotLatestAttempt):
            self.take(assignment, cast, number)

    def test_nobody_elses(self, cast: Cast, assignment: Assignment) -> None:
        hand_in(assignment, cast.ben)
        with pytest.raises(NotLatestAttempt):
            self.take(assignment, cast)

    def test_a_teacher_who_reopens_it_sets_the_gaps_free(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        attempt = hand_in(assignment, cast.amina, HALF)
        self.take(assignment, cast)
        submit(assignment, cast)
        attempts.reopen(attempt, by=TOOL)
        save(assignment, cast.amina, EVERYTHING)
        assert texts(attempt)["g2"] == "Abyssinia"


class TestAnotherAttempt:
    def again(self, cast: Cast, start: NewAttempt, source: str = CAUSES) -> Attempt:
        assignment = place(cast, source, attempt_limit=2, new_attempt=start)
        hand_in(assignment, cast.amina, HALF)
        return attempts.begin_again(assignment, cast.amina.user)

    def test_blank(self, cast: Cast) -> None:
        assert texts(self.again(cast, NewAttempt.BLANK)) == {}

    def test_with_what_was_right_and_the_written_answers(self, cast: Cast) -> None:
        second = self.again(cast, NewAttempt.RIGHT)
        assert texts(second) == {"g1": "Manchuria", "q1": "A reason.", "q2": "The evidence."}

    def test_half_right_is_not_right(self, cast: Cast) -> None:
        assignment = place(cast, GAPS_ONLY, attempt_limit=2)
        hand_in(assignment, cast.amina, {"g1": "Manchuria", "g2": "Africa"})
        second = attempts.begin_again(assignment, cast.amina.user)
        assert texts(second) == {"g1": "Manchuria"}

    def test_with_everything(self, cast: Cast) -> None:
        assert texts(self.again(cast, NewAttempt.ALL)) == HALF

    def test_the_choice_comes_with_its_reason(self, cast: Cast) -> None:
        assignment = place(cast, attempt_limit=2)
        first = hand_in(assignment, cast.amina)
        second = attempts.begin_again(assignment, cast.amina.user)
        values = [one.answers.get(item="q2").value for one in (first, second)]
        assert values[0] == values[1] != {}

    def test_a_second_press_copies_nothing_twice(self, cast: Cast) -> None:
        second = self.again(cast, NewAttempt.ALL)
        save(second.assignment, cast.amina, {"g1": "", "q1": "Another."}, 2)
        assert attempts.begin_again(second.assignment, cast.amina.user) == second
        assert texts(second)["q1"] == "Another."

    def test_a_worksheet_that_asks_something_else_begins_blank(self, cast: Cast) -> None:
        assignment = place(cast, attempt_limit=2, new_attempt=NewAttempt.ALL)
        hand_in(assignment, cast.amina)
        worksheet = authoring.save(assignment.edition.worksheet, GAPS_ONLY, seen=None)
        newer = authoring.publish(worksheet)
        assignment = assigning.assign(
            cast.course.link, newer, AssignmentRules.of(assignment), by=TOOL
        )
        assert texts(attempts.begin_again(assignment, cast.amina.user)) == {}
