"""Receipts in words, where the LMS shows another mark than ours."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from lti_tool.grades import ColumnMaximum, Grade, ScoreProgress, ScoreStatus
from lti_tool.models import Registration
from lti_tool.services.errors import DeliveryProblem
from worksheets.gradebook.status_texts import both_marks, column_sentence, for_pupil, lms_name


def changed(
    given: str | None,
    maximum: str | None,
    *,
    ours: str = "18",
    ours_maximum: str = "26",
    progress: ScoreProgress = ScoreProgress.CHANGED,
) -> ScoreStatus:
    lms_grade = Grade(Decimal(given) if given else None, Decimal(maximum) if maximum else None)
    return ScoreStatus(
        progress=progress,
        given=Decimal(ours),
        maximum=Decimal(ours_maximum),
        problem=DeliveryProblem.NEWER_IN_LMS if progress is ScoreProgress.CHANGED else None,
        changed_at=timezone.now(),
        lms_grade=lms_grade,
    )


@pytest.mark.parametrize(
    ("product", "name", "called"),
    [
        ("moodle", "Our school", "Moodle"),
        ("Canvas", "", "Canvas"),
        ("sakai", "Sakai of the college", "Sakai of the college"),
        ("", "", "The LMS"),
    ],
)
def test_a_platform_has_the_name_that_people_know(product: str, name: str, called: str) -> None:
    assert lms_name(Registration(product=product, name=name)) == called


def test_both_marks_are_told() -> None:
    assert both_marks(changed("20", "26"), "Moodle") == (
        "Moodle shows 20; ours is 18, out of 26. The mark there did not come from this tool."
    )


def test_both_marks_are_told_on_the_columns_scale() -> None:
    status = changed("90.00000", "100", ours="2", ours_maximum="3")
    assert "shows 90; ours is 66.67, out of 100." in both_marks(status, "Canvas")


@pytest.mark.parametrize("maximum", [None, "26"])
def test_a_mark_that_was_taken_away_or_is_not_told(maximum: str | None) -> None:
    said = both_marks(changed(None, maximum), "Moodle")
    assert said == "Moodle shows no mark; ours is 18 out of 26."


def test_a_kept_mark_says_both_still() -> None:
    kept = changed("20", "26", progress=ScoreProgress.KEPT)
    assert both_marks(kept, "Moodle") == "Moodle’s mark stays: 20; ours is 18, out of 26."
    kept = changed(None, None, progress=ScoreProgress.KEPT)
    assert both_marks(kept, "Moodle") == "Moodle’s own mark stays; ours is 18 out of 26."


def test_a_pupil_hears_that_another_mark_counts() -> None:
    said = for_pupil(changed("20", "26", progress=ScoreProgress.CHANGED))
    assert said == "The gradebook shows a different mark, which was entered there."
    said = for_pupil(changed("20", "26", progress=ScoreProgress.KEPT))
    assert said == "Your teacher has kept the mark that was entered in the gradebook."


def test_without_a_change_there_are_no_two_marks() -> None:
    status = ScoreStatus(ScoreProgress.IN_GRADEBOOK, Decimal(1), Decimal(1), None, timezone.now())
    assert str(for_pupil(status)) == "In the gradebook."
    with pytest.raises(ValueError, match="nobody changed"):
        both_marks(status, "Moodle")


def test_the_sentence_says_which_column() -> None:
    own = ColumnMaximum(former=Decimal(8), maximum=Decimal(24), held=Decimal(8), may_set=True)
    gaps = replace(own, tag="gaps")
    assert column_sentence(own, "Moodle").startswith("The column in Moodle’s gradebook gets")
    assert column_sentence(gaps, "Moodle").startswith("The gaps’ own column: The column in")
