"""Single questions that are open again: what the pupil can change, and what stays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lti_tool.audit import TOOL
from lti_tool.models import Delivery
from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.sheets import (
    CAUSES,
    EVERYTHING,
    RIGHT,
    fresh,
    hand_in,
    hand_in_again,
    mark,
    marks_of,
    place,
    publish,
    save,
)
from worksheets import attempts
from worksheets.attempts import NotLatestAttempt, NotReady, StaleEdition
from worksheets.models import Assignment, Attempt, EarlierMark, Mark

FULL = {"g1": 1, "g2": 1, "g3": 1, "g4": 1, "q1": 3, "q2": 5}


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


@pytest.fixture
def marked(cast: Cast, assignment: Assignment) -> Attempt:
    attempt = hand_in(assignment, cast.amina)
    question = attempt.edition.sheet.question("q2")
    mark(attempt, cast.ruth, q1="3")
    attempts.give_mark(attempt, question, Decimal(5), "Which source?", cast.ruth.user)
    return attempt


def reopen(attempt: Attempt, key: str = "q2", comment: str = "") -> Attempt:
    question = attempt.edition.sheet.question(key)
    return attempts.reopen_question(attempt, question, comment, by=TOOL)


def texts(attempt: Attempt) -> dict[str, str]:
    return dict(attempt.answers.values_list("item", "text"))


def submit(assignment: Assignment, cast: Cast) -> Attempt:
    return attempts.submit(assignment, cast.amina.user, assignment.edition_id)


def reported(cast: Cast) -> tuple[Any, Any]:
    row = Delivery.objects.get(user=cast.amina.user)
    return row.score_given, row.score_maximum


class TestWhatStays:
    def test_all_other_marks_stay_and_this_one_is_the_one_before(self, marked: Attempt) -> None:
        reopen(marked, comment="Name the source.")
        assert marks_of(marked) == {key: n for key, n in FULL.items() if key != "q2"}
        assert EarlierMark.objects.get().item == "q2"
        now = fresh(marked)
        assert not now.is_submitted
        assert now.reopened_items == {"q2": "Which source?\nName the source."}

    def test_only_that_answer_can_be_changed(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        before = texts(marked)
        reopen(marked)
        hostile = {"g1": "Bavaria", "g4": "x" * 5000, "q1": "Other.", "q2": "Better."}
        user, edition = cast.amina.user, assignment.edition_id
        saved = attempts.save_answers(assignment, user, edition, hostile)
        assert texts(marked) == {**before, "q2": "Better."}
        assert set(saved.errors) == {"g1", "g4", "q1"}
        submit(assignment, cast)
        assert marks_of(marked) == {key: n for key, n in FULL.items() if key != "q2"}
        assert marked.marks.get(item="q1").source == Mark.Source.TEACHER

    def test_what_a_stale_page_repeats_is_no_mistake(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        reopen(marked)
        user, edition = cast.amina.user, assignment.edition_id
        saved = attempts.save_answers(assignment, user, edition, EVERYTHING | {"q2": "New."})
        assert saved.errors == {}

    def test_what_was_left_blank_without_a_mark_stays_shut(
        self, cast: Cast, assignment: Assignment
    ) -> None:
        attempt = hand_in(assignment, cast.amina, {**RIGHT, "q2": "x", "q2-choice": "a"})
        attempt.marks.filter(item="q1").delete()
        reopen(attempt)
        save(assignment, cast.amina, {"q1": "Now.", "q2": "y"})
        assert texts(attempt)["q2"] == "y"
        assert not texts(attempt).get("q1")

    def test_an_unchanged_answer_has_its_mark_again(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        reopen(marked)
        submit(assignment, cast)
        assert marks_of(marked) == FULL
        assert not EarlierMark.objects.exists()

    def test_an_earlier_mark_of_another_answer_does_not_come_back(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        attempts.reopen(marked, by=TOOL)
        save(assignment, cast.amina, {"q1": "Another."})
        submit(assignment, cast)
        assert EarlierMark.objects.get().item == "q1"
        mark(marked, cast.ruth, q1="1")
        save_again = {**EVERYTHING, "q2": "Better."}
        reopen(marked)
        save(assignment, cast.amina, save_again)
        submit(assignment, cast)
        assert marks_of(marked)["q1"] == 1

    def test_a_mark_by_hand_for_a_gap_stays(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        gap = marked.edition.sheet.gap("g1")
        attempts.give_gap_mark(marked, gap, Decimal(0), cast.ruth.user)
        reopen(marked)
        save(assignment, cast.amina, {"q2": "Better."})
        submit(assignment, cast)
        assert marks_of(marked)["g1"] == 0


class TestAfterTheRelease:
    def test_the_rest_stays_released_and_the_score_waits_for_the_pupil(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        attempts.release(marked, by=TOOL)
        reopen(marked)
        assert reported(cast) == (12, 14)
        shown = [one.item for one in marked.marks.all() if one.released_at]
        assert shown == ["q1"]
        save(assignment, cast.amina, {"q2": "Better."})
        submit(assignment, cast)
        assert reported(cast) == (7, 8)
        mark(marked, cast.ruth, q2="6")
        attempts.release(fresh(marked), by=TOOL)
        assert reported(cast) == (13, 14)

    def test_taken_back_while_it_is_open_the_gradebook_waits_too(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        attempts.release(marked, by=TOOL)
        reopen(marked)
        assert attempts.take_back_release(assignment, [marked], by=TOOL) == [marked]
        assert reported(cast) == (12, 14)
        submit(assignment, cast)
        assert reported(cast) == (4, 4)


class TestSeveral:
    def test_a_second_question_while_the_first_is_open(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        reopen(marked, "q2", "First.")
        save(assignment, cast.amina, {"q2": "Begun."})
        reopen(marked, "q1", "Second.")
        assert set(fresh(marked).reopened_items) == {"q1", "q2"}
        assert texts(marked)["q2"] == "Begun."
        with pytest.raises(NotReady):
            reopen(marked, "q1")

    def test_all_of_it_while_one_is_open_keeps_the_teachers_marks(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        reopen(marked)
        attempts.reopen(marked, by=TOOL)
        assert fresh(marked).reopened_items == {}
        assert {one.item for one in EarlierMark.objects.all()} == {"q1", "q2"}
        submit(assignment, cast)
        assert marks_of(marked) == FULL

    def test_of_many_who_cannot_are_left_out(
        self, cast: Cast, assignment: Assignment, marked: Attempt
    ) -> None:
        people = [make_someone(cast.course, f"9{n}", "", PUPIL) for n in range(21)]
        found = [hand_in(assignment, one) for one in people]
        writing = save(assignment, cast.ben, RIGHT)
        question = marked.edition.sheet.question("q2")
        every = [marked, writing, *found]
        done = attempts.reopen_question_of_all(assignment, question, every, "Again.", by=TOOL)
        assert {one.pk for one in done} == {marked.pk, *(one.pk for one in found)}
        assert attempts.reopen_all(assignment, every, by=TOOL) == []
        submit(assignment, cast)
        assert attempts.reopen_all(assignment, every, by=TOOL) == [marked]


def test_it_is_refused_where_it_cannot_be(cast: Cast) -> None:
    assignment = place(cast, attempt_limit=2)
    first = hand_in(assignment, cast.amina)
    hand_in_again(assignment, cast.amina)
    with pytest.raises(NotLatestAttempt):
        reopen(first)
    other = hand_in(assignment, cast.ben)
    unlike = publish(cast.ruth.user, CAUSES.replace("4 marks", "3 marks"))
    stranger = unlike.sheet.question("q1")
    with pytest.raises(StaleEdition):
        attempts.reopen_question(other, stranger, by=TOOL)
    attempts.reopen(other, by=TOOL)
    with pytest.raises(NotReady):
        reopen(other)


def test_a_pupil_takes_the_same_question_back_until_it_is_marked(
    cast: Cast, assignment: Assignment, marked: Attempt
) -> None:
    reopen(marked)
    save(assignment, cast.amina, {"q2": "Better."})
    submit(assignment, cast)
    attempts.take_back(assignment, cast.amina.user, 1)
    save(assignment, cast.amina, {"q1": "Not this.", "q2": "Best."})
    assert texts(marked)["q2"] == "Best."
    assert texts(marked)["q1"] == EVERYTHING["q1"]
    submit(assignment, cast)
    mark(marked, cast.ruth, q2="6")
    with pytest.raises(NotReady):
        attempts.take_back(assignment, cast.amina.user, 1)
