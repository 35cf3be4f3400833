"""Saving, submitting, marking, releasing: what is written, and what never is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from lti_tool.audit import TOOL
from lti_tool.models import Delivery
from tests.cast import TEACHER, Cast
from tests.worksheets.sheets import (
    CAUSES,
    EVERYTHING,
    GAPS_ONLY,
    READING,
    RIGHT,
    UNMARKED,
    fresh,
    hand_in,
    hand_in_again,
    mark,
    marks_of,
    place,
    save,
)
from worksheets import attempts, authoring, gradebook
from worksheets.attempts import (
    AlreadySubmitted,
    Closed,
    NoMoreAttempts,
    NotLatestAttempt,
    NotReady,
    StaleEdition,
    by_pupil,
)
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import (
    UNLIMITED,
    Answer,
    Assignment,
    Attempt,
    Feedback,
    Mark,
    NewAttempt,
)
from worksheets.questions import unanswered
from worksheets.views.base import saved_answers


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def close(assignment: Assignment) -> None:
    assignment.closes_at = timezone.now() - timedelta(seconds=1)
    assignment.save()


def texts(attempt: Attempt) -> dict[str, str]:
    return dict(attempt.answers.values_list("item", "text"))


def delivery(cast: Cast) -> Delivery:
    return Delivery.objects.get(user=cast.amina.user)


# --- save ---


def test_the_first_answer_begins_the_attempt(cast: Cast, assignment: Assignment) -> None:
    assert not Attempt.objects.exists()
    attempt = save(assignment, cast.amina, {"g1": "Manchuria"})
    assert attempt.edition == assignment.edition
    assert not attempt.is_submitted
    assert texts(attempt) == {"g1": "Manchuria"}


def test_answers_are_kept_changed_and_emptied(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, {"g1": "Manchuria", "q1": "A"})
    save(assignment, cast.amina, {"g1": "Rhineland"})
    attempt = save(assignment, cast.amina, {"q1": "", "q2-choice": "b"})
    assert texts(attempt) == {"g1": "Rhineland", "q1": "", "q2": ""}
    assert attempt.answers.get(item="q2").value == {"v": 1, "choice": "b", "text": ""}
    assert Attempt.objects.count() == 1


def test_what_cannot_be_kept_leaves_what_was_there(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, {"g1": "Manchuria"})
    saved = attempts.save_answers(
        assignment, cast.amina.user, assignment.edition_id, {"g1": "Ruhr", "g4": "1928"}
    )
    assert list(saved.errors) == ["g1"]
    assert texts(saved.attempt) == {"g1": "Manchuria", "g4": "1928"}


def test_saving_the_same_again_changes_no_time(cast: Cast, assignment: Assignment) -> None:
    before = save(assignment, cast.amina, RIGHT)
    after = save(assignment, cast.amina, RIGHT)
    assert fresh(after).saved_at == before.saved_at


def test_two_pupils_have_attempts_of_their_own(cast: Cast, assignment: Assignment) -> None:
    one = save(assignment, cast.amina, {"g1": "Manchuria"})
    other = save(assignment, cast.ben, {"g1": "Bavaria"})
    assert one.pk != other.pk
    assert texts(one) == {"g1": "Manchuria"}


def test_a_blank_of_an_older_page_does_not_wipe_what_was_written_since(
    cast: Cast, assignment: Assignment
) -> None:
    first = save(assignment, cast.amina, {"g1": "Manchuria", "q1": "old"})
    save(assignment, cast.amina, {"q1": "written on the other device"})
    saved = attempts.save_answers(
        assignment,
        cast.amina.user,
        assignment.edition_id,
        {"g1": "", "q1": "", "g4": "1928"},
        seen=first.saved_at,
    )
    assert texts(saved.attempt) == {"g1": "", "q1": "written on the other device", "g4": "1928"}


def test_a_blank_of_the_page_that_showed_it_does_wipe(cast: Cast, assignment: Assignment) -> None:
    first = save(assignment, cast.amina, {"q1": "old"})
    attempts.save_answers(
        assignment, cast.amina.user, assignment.edition_id, {"q1": ""}, seen=first.saved_at
    )
    assert texts(first) == {"q1": ""}


def test_a_first_answer_that_is_blank_is_harmless(cast: Cast, assignment: Assignment) -> None:
    attempt = save(assignment, cast.amina, {"q1": "", "g1": " "})
    assert texts(attempt) == {"q1": "", "g1": " "}
    assert unanswered(attempt.edition.sheet, saved_answers(attempt)) == unanswered(
        attempt.edition.sheet, {}
    )


def test_nothing_is_saved_after_the_close(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, {"g1": "Manchuria"})
    close(assignment)
    for someone in (cast.amina, cast.ben):
        with pytest.raises(Closed):
            save(assignment, someone, {"g1": "Bavaria"})
    assert Answer.objects.get().text == "Manchuria"


def test_nothing_is_saved_after_the_submit(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina)
    with pytest.raises(AlreadySubmitted):
        save(assignment, cast.amina, {"g1": "Bavaria"})
    assert texts(attempt)["g1"] == "Manchuria"


def test_after_submit_and_close_one_hears_of_the_submit(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    close(assignment)
    with pytest.raises(AlreadySubmitted):
        save(assignment, cast.amina, {"g1": "Bavaria"})


@pytest.mark.parametrize("edition_id", [None, 0, 10**15])
def test_a_page_of_no_edition_is_stale(
    cast: Cast, assignment: Assignment, edition_id: int | None
) -> None:
    with pytest.raises(StaleEdition):
        attempts.save_answers(assignment, cast.amina.user, edition_id, {"g1": "Manchuria"})
    with pytest.raises(StaleEdition):
        attempts.submit(assignment, cast.amina.user, edition_id)
    assert not Attempt.objects.exists()


def new_edition(cast: Cast, assignment: Assignment) -> int:
    """Ruth publishes a change and places it; the edition that stood there before."""
    before = assignment.edition_id
    worksheet = authoring.save(
        assignment.edition.worksheet, CAUSES + "\nOne more ___gap___.\n", seen=None
    )
    assigning.assign(
        cast.course.link, authoring.publish(worksheet), AssignmentRules(Feedback.SCORE), by=TOOL
    )
    assignment.refresh_from_db()
    assert assignment.edition_id != before
    return before


def test_who_has_begun_keeps_their_edition(cast: Cast, assignment: Assignment) -> None:
    attempt = save(assignment, cast.amina, {"g1": "Manchuria"})
    old = new_edition(cast, assignment)
    attempts.save_answers(assignment, cast.amina.user, old, {"g2": "Abyssinia"})
    with pytest.raises(StaleEdition):
        attempts.save_answers(assignment, cast.amina.user, assignment.edition_id, {"g2": ""})
    assert texts(attempt) == {"g1": "Manchuria", "g2": "Abyssinia"}
    assert attempts.submit(assignment, cast.amina.user, old).edition_id == old
    assert delivery(cast).score_maximum == 4


def test_who_has_not_begun_gets_the_new_one(cast: Cast, assignment: Assignment) -> None:
    old = new_edition(cast, assignment)
    with pytest.raises(StaleEdition):
        attempts.save_answers(assignment, cast.amina.user, old, {"g1": "Manchuria"})
    assert save(assignment, cast.amina, {"g5": "gap"}).edition_id != old


def test_two_tabs_that_begin_at_once_share_one_attempt(
    cast: Cast, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = save(assignment, cast.amina, {"g1": "Manchuria"})
    # Looked before the other wrote.
    monkeypatch.setattr(by_pupil, "lock_latest_attempt", lambda *_who: None)
    second = save(assignment, cast.amina, {"g4": "1928"})
    assert second.pk == first.pk
    assert texts(first) == {"g1": "Manchuria", "g4": "1928"}


def test_who_begins_answers_what_is_placed_by_then(cast: Cast, assignment: Assignment) -> None:
    """A teacher has put another worksheet here since this pupil's page looked."""
    other = authoring.publish(authoring.create(cast.ruth.user, GAPS_ONLY))
    assigning.assign(cast.course.link, other, AssignmentRules(Feedback.SCORE), by=TOOL)
    assert assignment.edition_id != other.pk
    with pytest.raises(StaleEdition):
        save(assignment, cast.amina, {"g1": "Manchuria"})
    with pytest.raises(StaleEdition):
        attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    assert not Attempt.objects.exists()


def test_another_attempt_begins_under_the_rules_of_then(cast: Cast) -> None:
    before = place(cast, GAPS_ONLY, attempt_limit=UNLIMITED)
    hand_in(before, cast.amina, {"g1": "Manchuria"})
    hand_in(before, cast.ben, {"g1": "Manchuria"})
    worksheet = authoring.save(before.edition.worksheet, CAUSES, seen=None)
    newer = authoring.publish(worksheet)
    assigning.assign(cast.course.link, newer, AssignmentRules(attempt_limit=2), by=TOOL)
    assert attempts.begin_again(before, cast.amina.user).edition == newer
    assigning.assign(cast.course.link, newer, AssignmentRules(attempt_limit=1), by=TOOL)
    with pytest.raises(NoMoreAttempts):
        attempts.begin_again(before, cast.ben.user)


# --- submit ---


def test_a_submit_marks_the_gaps_and_reports_them(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina, {**EVERYTHING, "g2": "Bavaria"})
    assert attempt.is_submitted
    assert not attempt.is_released
    assert marks_of(attempt) == {"g1": 1, "g2": 0, "g3": 1, "g4": 1}
    row = delivery(cast)
    assert row.score_given == 3
    assert row.score_maximum == 4
    assert row.state == Delivery.State.DUE


def test_a_written_answer_left_blank_has_earned_nothing(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina, {**RIGHT, "q1": " \n"})
    assert marks_of(attempt) == {"g1": 1, "g2": 1, "g3": 1, "g4": 1, "q1": 0, "q2": 0}
    assert set(attempt.marks.values_list("source", flat=True)) == {Mark.Source.MARKER}


def test_a_choice_without_a_word_is_not_blank(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina, {"q2-choice": "a"})
    assert "q2" not in marks_of(attempt)
    assert marks_of(attempt)["q1"] == 0


def test_who_never_wrote_a_word_may_submit(cast: Cast, assignment: Assignment) -> None:
    attempt = attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    assert set(marks_of(attempt).values()) == {0}
    assert len(marks_of(attempt)) == 6
    assert delivery(cast).score_given == 0


def test_a_submit_that_fails_has_saved_nothing(
    cast: Cast, assignment: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(assignment, cast.amina, EVERYTHING)
    report = gradebook.report

    def reports_and_fails(attempt: Attempt) -> None:
        report(attempt)
        raise DatabaseError

    monkeypatch.setattr(gradebook, "report", reports_and_fails)
    with pytest.raises(DatabaseError):
        attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    attempt = Attempt.objects.get()
    assert not attempt.is_submitted
    assert marks_of(attempt) == {}
    assert not Delivery.objects.exists()
    assert texts(attempt)["g1"] == "Manchuria"
    monkeypatch.undo()
    attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    assert delivery(cast).score_given == 4


def test_a_second_submit_changes_nothing(cast: Cast, assignment: Assignment) -> None:
    first = fresh(hand_in(assignment, cast.amina))
    row = delivery(cast)
    again = attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    assert again == first
    assert again.submitted_at == first.submitted_at
    assert delivery(cast).revision == row.revision == 1
    assert attempts.submit(assignment, cast.amina.user, None) == first


def test_nothing_is_submitted_after_the_close(cast: Cast, assignment: Assignment) -> None:
    attempt = save(assignment, cast.amina, RIGHT)
    close(assignment)
    with pytest.raises(Closed):
        attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    assert not fresh(attempt).is_submitted


def test_a_teacher_submits_for_a_pupil_also_after_the_close(
    cast: Cast, assignment: Assignment
) -> None:
    attempt = save(assignment, cast.amina, RIGHT)
    close(assignment)
    handed_in = attempts.submit_for(attempt, by=TOOL)
    assert handed_in.is_submitted
    assert delivery(cast).score_given == 4
    assert attempts.submit_for(attempt, by=TOOL).submitted_at == handed_in.submitted_at
    assert delivery(cast).revision == 1


def test_a_teacher_who_tries_their_own_worksheet_has_no_score(
    cast: Cast, assignment: Assignment
) -> None:
    cast.amina.membership.roles = [TEACHER]
    cast.amina.membership.save()
    assert hand_in(assignment, cast.amina).is_submitted
    assert not Delivery.objects.exists()


def test_a_sheet_for_reading_reports_nothing(cast: Cast) -> None:
    attempt = hand_in(place(cast, READING), cast.amina, {})
    assert attempt.is_submitted
    assert marks_of(attempt) == {}
    assert not Delivery.objects.exists()


def test_a_share_of_a_gap_is_exact(cast: Cast) -> None:
    attempt = hand_in(place(cast, GAPS_ONLY), cast.amina, {"g1": "Manchuria", "g2": "Africa"})
    assert marks_of(attempt) == {"g1": 1, "g2": Decimal("0.5")}
    assert delivery(cast).score_given == Decimal("1.5")


# --- marks ---


@pytest.fixture
def submitted(cast: Cast, assignment: Assignment) -> Attempt:
    return hand_in(assignment, cast.amina)


def test_a_teacher_gives_a_mark(cast: Cast, submitted: Attempt) -> None:
    question = submitted.edition.sheet.question("q1")
    given = attempts.give_mark(submitted, question, Decimal("2.5"), "Good.", cast.ruth.user)
    assert (given.points, given.maximum, given.comment) == (Decimal("2.5"), Decimal(4), "Good.")
    assert (given.source, given.marked_by) == (Mark.Source.TEACHER, cast.ruth.user)
    again = attempts.give_mark(submitted, question, Decimal(3), "Better.", cast.ruth.user)
    assert again.pk == given.pk
    assert marks_of(submitted)["q1"] == 3


def test_an_unreleased_mark_is_not_reported(cast: Cast, submitted: Attempt) -> None:
    mark(submitted, cast.ruth, q1="3", q2="6")
    row = delivery(cast)
    assert row.score_given == 4
    assert row.score_maximum == 4
    assert row.revision == 1


@pytest.mark.parametrize("points", ["-0.01", "4.01", "1e9", "Infinity", "-Infinity"])
def test_points_out_of_range_are_not_given(cast: Cast, submitted: Attempt, points: str) -> None:
    with pytest.raises(ValueError, match="is not between 0 and 4"):
        mark(submitted, cast.ruth, q1=points)
    assert "q1" not in marks_of(submitted)


@pytest.mark.parametrize("points", ["0", "4", "0.25"])
def test_both_ends_of_the_range_are_given(cast: Cast, submitted: Attempt, points: str) -> None:
    mark(submitted, cast.ruth, q1=points)
    assert marks_of(submitted)["q1"] == Decimal(points)


@pytest.mark.parametrize(("points", "maximum"), [("-1", "4"), ("5", "4")])
def test_the_database_refuses_a_mark_out_of_range(
    submitted: Attempt, points: str, maximum: str
) -> None:
    with pytest.raises(IntegrityError, match="mark_in_range"), transaction.atomic():
        Mark.objects.create(
            attempt=submitted,
            item="q1",
            points=Decimal(points),
            maximum=Decimal(maximum),
            source=Mark.Source.TEACHER,
        )


def test_the_database_holds_one_of_each(cast: Cast, submitted: Attempt) -> None:
    for table in (Mark, Answer, Attempt):
        row = table._default_manager.all()[0]
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_the_database_releases_only_what_is_submitted(cast: Cast, assignment: Assignment) -> None:
    attempt = save(assignment, cast.amina, RIGHT)
    with pytest.raises(IntegrityError, match="released_only_if_submitted"), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(released_at=timezone.now())


def test_no_mark_before_the_submit(cast: Cast, assignment: Assignment) -> None:
    attempt = save(assignment, cast.amina, EVERYTHING)
    with pytest.raises(NotReady):
        mark(attempt, cast.ruth, q1="3")
    assert marks_of(attempt) == {}


# --- release ---


def test_a_release_reports_the_total(cast: Cast, submitted: Attempt) -> None:
    mark(submitted, cast.ruth, q1="3", q2="5.5")
    assert attempts.release(submitted, by=TOOL).is_released
    row = delivery(cast)
    assert row.score_given == Decimal("12.5")
    assert row.score_maximum == 14


def test_a_release_waits_for_every_mark(cast: Cast, submitted: Attempt) -> None:
    mark(submitted, cast.ruth, q1="3")
    with pytest.raises(NotReady):
        attempts.release(submitted, by=TOOL)
    assert not fresh(submitted).is_released
    assert delivery(cast).revision == 1


def test_blank_answers_need_no_mark_for_a_release(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.ben, RIGHT)
    assert attempts.release(attempt, by=TOOL).is_released
    assert Delivery.objects.get(user=cast.ben.user).score_maximum == 14


def test_no_release_before_the_submit(cast: Cast, assignment: Assignment) -> None:
    attempt = save(assignment, cast.amina, RIGHT)
    with pytest.raises(NotReady):
        attempts.release(attempt, by=TOOL)


def test_a_mark_that_is_changed_after_the_release_is_reported_again(
    cast: Cast, submitted: Attempt
) -> None:
    mark(submitted, cast.ruth, q1="3", q2="6")
    attempts.release(submitted, by=TOOL)
    mark(submitted, cast.ruth, q1="1")
    row = delivery(cast)
    assert row.score_given == 11
    assert row.revision == 3


def test_a_mark_whose_report_fails_is_not_kept(
    cast: Cast, submitted: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(submitted, cast.ruth, q1="3", q2="6")
    attempts.release(submitted, by=TOOL)

    def fails(attempt: Attempt) -> None:
        raise DatabaseError

    monkeypatch.setattr(gradebook, "report", fails)
    with pytest.raises(DatabaseError):
        mark(submitted, cast.ruth, q1="1")
    assert marks_of(submitted)["q1"] == 3


def test_written_answers_without_marks_are_not_waited_for(cast: Cast) -> None:
    attempt = hand_in(place(cast, UNMARKED), cast.amina, {"g1": "Paris", "q1": "Much."})
    assert marks_of(attempt) == {"g1": 1}
    assert attempts.release(attempt, by=TOOL).is_released


# --- reopen ---


def test_a_pupil_who_gets_it_back_goes_on(cast: Cast, submitted: Attempt) -> None:
    mark(submitted, cast.ruth, q1="3", q2="6")
    attempts.release(submitted, by=TOOL)
    before = delivery(cast)
    back = attempts.reopen(submitted, by=TOOL)
    assert not back.is_submitted
    assert not back.is_released
    assert marks_of(back) == {}
    assert texts(back)["q1"] == EVERYTHING["q1"]
    assert delivery(cast).revision == before.revision  # the gradebook keeps what it shows

    assignment = submitted.assignment
    save(assignment, cast.amina, {"g1": "Bavaria"})
    attempts.submit(assignment, cast.amina.user, submitted.edition_id)
    row = delivery(cast)
    assert row.score_given == 3
    assert row.score_maximum == 4


def test_giving_back_what_was_not_submitted_is_harmless(cast: Cast, assignment: Assignment) -> None:
    attempt = save(assignment, cast.amina, RIGHT)
    assert not attempts.reopen(attempt, by=TOOL).is_submitted
    assert texts(attempt) == RIGHT


# --- several attempts ---


class TestAgain:
    """Another attempt: when one may begin, and that nothing mixes."""

    @pytest.fixture
    def several(self, cast: Cast) -> Assignment:
        return place(cast, attempt_limit=2, new_attempt=NewAttempt.BLANK)

    def again(self, assignment: Assignment, cast: Cast) -> Attempt:
        return attempts.begin_again(assignment, cast.amina.user)

    def test_it_begins_empty_and_the_first_stays(self, cast: Cast, several: Assignment) -> None:
        first = hand_in(several, cast.amina)
        second = self.again(several, cast)
        assert (second.number, second.is_submitted) == (2, False)
        assert texts(second) == {}
        assert texts(first)["g1"] == "Manchuria"
        assert len(marks_of(first)) == 4

    def test_a_second_press_begins_no_third(self, cast: Cast, several: Assignment) -> None:
        hand_in(several, cast.amina)
        assert self.again(several, cast) == self.again(several, cast)
        assert Attempt.objects.count() == 2

    def test_not_before_the_first_is_handed_in(self, cast: Cast, several: Assignment) -> None:
        with pytest.raises(NotReady):
            self.again(several, cast)
        first = save(several, cast.amina, RIGHT)
        assert self.again(several, cast) == first

    @pytest.mark.parametrize(("limit", "allowed"), [(1, 1), (3, 3), (UNLIMITED, 12)])
    def test_as_many_as_the_teacher_allows(self, cast: Cast, limit: int, allowed: int) -> None:
        assignment = place(cast, GAPS_ONLY, attempt_limit=limit)
        hand_in(assignment, cast.amina, {})
        for _ in range(allowed - 1):
            hand_in_again(assignment, cast.amina, {})
        if limit != UNLIMITED:
            with pytest.raises(NoMoreAttempts):
                self.again(assignment, cast)
        numbers = Attempt.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, allowed + 1))

    def test_as_many_as_they_like_has_an_end(self, cast: Cast) -> None:
        """A script that never tires fills no table, and slows down no teacher's page."""
        assignment = place(cast, GAPS_ONLY, attempt_limit=UNLIMITED)
        last = hand_in(assignment, cast.amina, {})
        Attempt.objects.update(number=99)
        assert self.again(assignment, cast).number == 100
        attempts.submit(assignment, cast.amina.user, last.edition_id, number=100)
        with pytest.raises(NoMoreAttempts):
            self.again(assignment, cast)

    def test_not_after_the_close(self, cast: Cast, several: Assignment) -> None:
        hand_in(several, cast.amina)
        close(several)
        with pytest.raises(Closed):
            self.again(several, cast)

    def test_a_page_of_the_first_writes_nothing_into_the_second(
        self, cast: Cast, several: Assignment
    ) -> None:
        hand_in(several, cast.amina)
        second = self.again(several, cast)
        for number in (0, 1, 3, 10**15):
            with pytest.raises(AlreadySubmitted):
                save(several, cast.amina, {"q1": "from an old tab"}, number)
        assert texts(second) == {}

    def test_a_late_second_submit_of_the_first_does_not_hand_in_the_second(
        self, cast: Cast, several: Assignment
    ) -> None:
        first = hand_in(several, cast.amina)
        second = self.again(several, cast)
        assert attempts.submit(several, cast.amina.user, several.edition_id) == first
        assert not fresh(second).is_submitted
        with pytest.raises(AlreadySubmitted):
            attempts.submit(several, cast.amina.user, several.edition_id, number=7)

    def test_it_answers_the_edition_of_now(self, cast: Cast, several: Assignment) -> None:
        first = hand_in(several, cast.amina)
        worksheet = authoring.save(several.edition.worksheet, CAUSES + "\nMore.", seen=None)
        newer = authoring.publish(worksheet)
        several = assigning.assign(cast.course.link, newer, AssignmentRules.of(several), by=TOOL)
        assert self.again(several, cast).edition == newer
        assert fresh(first).edition != newer

    def test_only_the_last_can_be_given_back(self, cast: Cast, several: Assignment) -> None:
        first = hand_in(several, cast.amina)
        self.again(several, cast)
        with pytest.raises(NotLatestAttempt):
            attempts.reopen(first, by=TOOL)
        assert fresh(first).is_submitted
        assert len(marks_of(first)) == 4

    def test_giving_back_uses_up_no_attempt(self, cast: Cast, several: Assignment) -> None:
        hand_in(several, cast.amina)
        second = hand_in_again(several, cast.amina)
        attempts.reopen(second, by=TOOL)
        attempts.submit(several, cast.amina.user, several.edition_id, number=2)
        assert fresh(second).is_submitted
        with pytest.raises(NoMoreAttempts):
            self.again(several, cast)

    def test_a_lower_limit_takes_no_attempt_away(self, cast: Cast, several: Assignment) -> None:
        hand_in(several, cast.amina)
        second = self.again(several, cast)
        several.attempt_limit = 1
        several.save()
        save(several, cast.amina, RIGHT, 2)
        attempts.submit(several, cast.amina.user, several.edition_id, number=2)
        assert fresh(second).is_submitted


class TestTheDatabase:
    """What holds whoever writes."""

    @pytest.mark.parametrize(
        ("number", "constraint"), [(1, "number"), (0, "from_one"), (2, "open_attempt")]
    )
    def test_attempts_are_numbered_and_one_is_open(
        self, cast: Cast, assignment: Assignment, number: int, constraint: str
    ) -> None:
        first = save(assignment, cast.amina, RIGHT)
        keys = {"assignment": assignment, "user": cast.amina.user, "edition": first.edition}
        with pytest.raises(IntegrityError), transaction.atomic():
            Attempt.objects.create(**keys, number=number)
        first.submitted_at = timezone.now()
        first.save()
        if constraint == "open_attempt":
            Attempt.objects.create(**keys, number=number)

    @pytest.mark.parametrize(
        "wrong", [{"sending": "later"}, {"counting": "mean"}, {"attempt_limit": 11}]
    )
    def test_a_policy_is_one_that_is_known(
        self, assignment: Assignment, wrong: dict[str, Any]
    ) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.filter(pk=assignment.pk).update(**wrong)
