"""Answers without marks: said where a worksheet is made, commented on, and given marks later."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lti_tool.models import Delivery
from tests.cast import Cast
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    RULES,
    UNMARKED,
    assignment_at,
    fresh,
    hand_in,
    marks_of,
    place,
    release,
)
from worksheets import attempts, authoring
from worksheets.models import Assignment, Attempt, EarlierMark, Edition, Worksheet

MARKED = UNMARKED.replace("???", "??? 5 marks")
ANSWERS = {"g1": "Paris", "q1": "Much."}


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast, UNMARKED)


def get(cast: Cast, name: str, **arguments: object) -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url(name, **arguments)))


def post(cast: Cast, name: str, posted: dict[str, str], **arguments: object) -> Page:
    address = cast.ruth.url(name, **arguments)
    return Page(cast.ruth.client.post(address, posted, follow=True))


def publish(assignment: Assignment, source: str) -> Edition:
    worksheet = authoring.save(assignment.edition.worksheet, source, seen=None)
    return authoring.publish(worksheet)


def mark_again(cast: Cast, edition: Edition) -> None:
    """Through the page that shows what changes."""
    rules = {**RULES, "mark_again": "on"}
    page = post(cast, "assign", rules, number=edition.pk)
    if "seen" in page.fields:
        post(cast, "assign", {**rules, "seen": page.fields["seen"].value}, number=edition.pk)


class TestAuthor:
    def test_the_editor_says_so_and_writes_marks_at_a_press(self, cast: Cast) -> None:
        source = "# One\n\nWhy?\n\n???\n\nAnd?\n\n??? at least 5 words\n\nSo?\n\n??? 2 marks\n"
        worksheet = authoring.create(cast.ruth.user, source)
        page = get(cast, "edit", number=worksheet.pk)
        assert (
            "Pupils answer 2 questions here that you cannot mark: they have no marks." in page.text
        )
        typed = {"source": source + "\nMore text.\n", "give-marks": "1", "marks": "6"}
        page = post(cast, "edit", typed, number=worksheet.pk)
        assert "Each answer has marks now." in page.text
        assert "cannot mark" not in page.text
        text = Worksheet.objects.get().source
        assert text.count("6 marks") == 2
        assert text.count("2 marks") == 1
        assert text.endswith("More text.\n")

    @pytest.mark.parametrize("marks", ["", "0", "-1", "x", "9" * 30, "1001"])
    def test_odd_marks_change_nothing(self, cast: Cast, marks: str) -> None:
        worksheet = authoring.create(cast.ruth.user, UNMARKED)
        post(
            cast,
            "edit",
            {"source": UNMARKED, "give-marks": "1", "marks": marks},
            number=worksheet.pk,
        )
        assert Worksheet.objects.get().source == UNMARKED

    def test_the_settings_say_so(self, cast: Cast, assignment: Assignment) -> None:
        page = get(cast, "assign", number=assignment.edition_id)
        assert "Pupils answer 1 question here that you cannot mark" in page.text
        assert cast.ruth.url("edit", number=assignment.edition.worksheet_id) in page.links


class TestComments:
    @pytest.fixture
    def commented(self, cast: Cast, assignment: Assignment) -> Attempt:
        attempt = hand_in(assignment, cast.amina, ANSWERS)
        page = post(cast, "attempt", {"q1-comment": "Say more."}, number=attempt.pk)
        assert "Saved. The pupil can see it now." in page.text
        return attempt

    @pytest.mark.usefixtures("commented")
    def test_a_pupil_reads_it_and_no_mark_changes(self, cast: Cast) -> None:
        before = Delivery.objects.get()
        page = Page(cast.amina.client.get(cast.amina.url("home")))
        assert "Say more." in page.text
        assert "0/0" not in page.text
        assert Delivery.objects.get().score_given == before.score_given == Decimal(1)

    def test_it_can_be_changed_and_taken_away(self, cast: Cast, commented: Attempt) -> None:
        post(cast, "attempt", {"q1-comment": "Less."}, number=commented.pk)
        assert [mark.comment for mark in commented.marks.filter(item="q1")] == ["Less."]
        post(cast, "attempt", {"q1-comment": ""}, number=commented.pk)
        assert "Less." not in Page(cast.amina.client.get(cast.amina.url("home"))).text

    def test_it_is_no_mark_once_the_answer_has_marks(
        self, cast: Cast, assignment: Assignment, commented: Attempt
    ) -> None:
        mark_again(cast, publish(assignment, MARKED))
        assert marks_of(commented) == {"g1": 1}
        assert [(m.item, m.comment) for m in EarlierMark.objects.all()] == [("q1", "Say more.")]
        page = get(cast, "attempt", number=commented.pk)
        assert "1 to mark" in page.text
        assert "Say more." in page.text


class TestFromNoneToSome:
    def test_submitted_work_waits_for_marks(self, cast: Cast, assignment: Assignment) -> None:
        attempt = hand_in(assignment, cast.amina, ANSWERS)
        blank = hand_in(assignment, cast.ben, {"g1": "Paris"})
        edition = publish(assignment, MARKED)
        mark_again(cast, edition)
        assert assignment_at(cast.course.link).edition == edition
        assert marks_of(attempt) == {"g1": 1}
        assert marks_of(blank) == {"g1": 1, "q1": 0}
        release(fresh(attempt), cast.ruth, q1="4")
        assert Delivery.objects.get(user=cast.amina.user).score_given == 5

    def test_what_was_released_waits_and_keeps_its_score(self, cast: Cast) -> None:
        two = UNMARKED + "\n2. Why?\n\n??? 3 marks\n"
        assignment = place(cast, two)
        attempt = hand_in(assignment, cast.amina, {**ANSWERS, "q2": "So."})
        release(attempt, cast.ruth, q2="3")
        assert Delivery.objects.get().score_given == 4
        mark_again(cast, publish(assignment, two.replace("???\n", "??? 5 marks\n", 1)))
        assert not fresh(attempt).is_released
        delivery: Any = Delivery.objects.get()
        # The gaps alone, as before any release: not 4 of 9.
        assert (delivery.score_given, delivery.score_maximum) == (1, 1)

    def test_marks_are_not_taken_away(self, cast: Cast) -> None:
        assignment = place(cast, MARKED)
        attempt = hand_in(assignment, cast.amina, ANSWERS)
        attempts.give_mark(
            attempt, attempt.edition.sheet.question("q1"), Decimal(3), "", cast.ruth.user
        )
        mark_again(cast, publish(assignment, UNMARKED))
        assert marks_of(attempt)["q1"] == 3
        assert fresh(attempt).edition == assignment.edition
