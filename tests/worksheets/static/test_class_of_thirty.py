"""A class is marked question by question with few keys, and each mark is the one that was meant."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.cast import Cast
from tests.worksheets.static.class_of_thirty import BLANK, Marker, place_class, worth
from tests.worksheets.static.served import Served
from worksheets.models import Answer, Mark

pytestmark = pytest.mark.browser


def test_120_marks_and_40_comments_take_few_keys(cast: Cast, context: BrowserContext) -> None:
    assignment = place_class(cast)
    served = Served(context.new_page(), cast.ruth)
    counted = Marker(served, assignment).mark_by_question()
    print(f"\nby question: {counted}")
    answers = 4 * 30
    assert Mark.objects.count() == answers + 30 * len(assignment.edition.sheet.gaps)
    assert counted.marks == answers - 4 * BLANK
    assert counted.comments >= 40
    # No more than 250 for 120 marks by hand.
    assert (counted.keys + counted.clicks) * answers <= 250 * counted.marks
    assert counted.loads == 4
    texts = {(row.attempt_id, row.item): row.text for row in Answer.objects.all()}
    for mark in Mark.objects.filter(source=Mark.Source.TEACHER):
        text = texts.get((mark.attempt_id, mark.item), "")
        assert mark.points == (min(worth(text), mark.maximum) if text else 0), text
    assert served.complaints == []


def test_pupil_by_pupil_takes_thirty_pages(cast: Cast, context: BrowserContext) -> None:
    """Of a third of the class: it is there to compare with."""
    assignment = place_class(cast, pupils=10)
    served = Served(context.new_page(), cast.ruth)
    counted = Marker(served, assignment).mark_pupil_by_pupil()
    print(f"\npupil by pupil, a third of the class: {counted}")
    assert counted.marks >= 36
    assert counted.loads == 10
    assert served.complaints == []
