"""The feedback for a class, where people are erased, exported or forgotten after the period."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from lti_tool.audit import TOOL
from tests.cast import TEACHER, Cast, make_someone
from tests.worksheets.sheets import EVERYTHING, hand_in, place
from worksheets.attempts import class_feedback
from worksheets.models import Draft, DraftPage, FeedbackPart, FeedbackPoint
from worksheets.privacy.erasure import erase_course, erase_person
from worksheets.privacy.exports import course_json, person_json
from worksheets.privacy.retention import forget_old

QUOTE, ERROR = FeedbackPart.QUOTE, FeedbackPart.ERROR


@pytest.fixture
def collected(cast: Cast) -> Cast:
    """Answers of Amina (one removed again) and of Ben, a point of Ruth's, a draft of hers."""
    assignment = place(cast)
    for someone, words in [(cast.amina, "AMINASWORDS"), (cast.ben, "BENSWORDS")]:
        attempt = hand_in(assignment, someone, {**EVERYTHING, "q1": words, "q2": f"{words}2"})
        for item in ("q1", "q2"):
            class_feedback.quote(assignment, attempt.pk, item, QUOTE, cast.ruth.user)
    class_feedback.add_point(assignment, ERROR, "RUTHSPOINT", cast.ruth.user)
    removed = FeedbackPoint.objects.get(text="AMINASWORDS2")
    class_feedback.remove_point(assignment, removed.pk, cast.ruth.user)
    Draft.objects.create(
        user=cast.ruth.user,
        page=DraftPage.CLASS_FEEDBACK,
        number=assignment.pk,
        fields={"text-1": "AMINASWORDS"},
    )
    return cast


def texts() -> list[str]:
    return sorted(FeedbackPoint.objects.values_list("text", flat=True))


def test_a_pupil_is_erased_with_what_was_quoted_of_them(collected: Cast) -> None:
    erase_person(collected.amina.user, by=TOOL)
    assert texts() == ["BENSWORDS", "BENSWORDS2", "RUTHSPOINT"]
    assert not Draft.objects.exists()  # it may have a quotation that was being shortened


def test_what_a_teacher_has_collected_outlives_them(collected: Cast) -> None:
    colin = make_someone(collected.course, "11", "Colin Ferris", TEACHER).user
    erase_person(collected.ruth.user, new_owner=colin, by=TOOL)
    assert len(texts()) == 5
    assert FeedbackPoint.objects.filter(made_by=None, changed_by=None).count() == 5
    assert collected.amina.client.get(collected.amina.url("home")).status_code == 200


def test_a_course_is_erased_with_its_feedback(collected: Cast) -> None:
    erase_course(collected.course.context, by=TOOL)
    assert (texts(), Draft.objects.count()) == ([], 0)


def test_exports_have_it_where_it_belongs(collected: Cast) -> None:
    (attempt,) = json.loads(person_json(collected.amina.user))["attempts"]
    assert [row["text"] for row in attempt["quotations"]] == ["AMINASWORDS", "AMINASWORDS2"]
    for_ruth = json.loads(person_json(collected.ruth.user))
    assert [row["text"] for row in for_ruth["class_feedback_given"]] == ["RUTHSPOINT"]
    assert "BENSWORDS" not in json.dumps(for_ruth)
    of_course = json.loads(course_json(collected.course.context))
    assert len(of_course["class_feedback"]) == 5


def test_it_is_forgotten_after_the_period(collected: Cast) -> None:
    FeedbackPoint.objects.filter(text="RUTHSPOINT").update(
        changed_at=timezone.now() - timedelta(days=397)
    )
    assert forget_old()["feedback points"] == 1
    assert "RUTHSPOINT" not in texts()
