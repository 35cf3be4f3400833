"""mark-pressing.js: the mouse at an answer that is not the active one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.sheets import hand_in, marks_of, place
from tests.worksheets.static.served import Served
from worksheets.models import Attempt, FeedbackPoint

pytestmark = pytest.mark.browser

LINES = """# Trials

1. Why was the trial held in public?

??? 6 marks
rubric: 2 marks for a reason
- up to 3 marks for evidence from the text
- 1 mark for another view
"""


@pytest.fixture
def served(cast: Cast, context: BrowserContext) -> Iterator[Served]:
    assignment = place(cast, LINES)
    for n in range(4):
        someone = make_someone(cast.course, f"97{n}", f"Pupil N{n}", PUPIL)
        hand_in(assignment, someone, {"q1": f"Answer with {n + 2} words" + " more" * n})
    served = Served(context.new_page(), cast.ruth)
    served.page.set_viewport_size({"width": 1280, "height": 1400})  # all of them in sight
    yield served
    assert served.complaints == []


def press(served: Served, target: Locator) -> None:
    """Press and let go at one place, as a hand does."""
    box = target.bounding_box()
    assert box
    mouse = served.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.up()


def test_a_press_counts_where_it_began(served: Served) -> None:
    page = served.page
    served.open("mark-question", item="q1")
    page.locator(".scripted").wait_for()
    answers = page.locator(".answer")
    # The first one is active and shows its lines; the third one has none yet.
    expect(answers.nth(0).locator(".answer-rubric label").first).to_be_visible()
    expect(answers.nth(2).locator(".answer-rubric label").first).to_be_hidden()
    page.evaluate("scrollTo(0, 200)")  # above there is room for what folds
    top = answers.nth(2).evaluate("one => one.getBoundingClientRect().top")
    press(served, answers.nth(2).get_by_role("button", name="Collect this"))
    expect(answers.nth(2).locator("[data-collected]")).to_have_text("Collected")
    assert FeedbackPoint.objects.count() == 1
    expect(answers.nth(2)).to_have_attribute("aria-current", "true")
    assert abs(answers.nth(2).evaluate("one => one.getBoundingClientRect().top") - top) < 2
    press(served, answers.nth(1).get_by_role("button", name="4", exact=True))
    expect(answers.nth(1).locator("[data-state]")).to_contain_text("4 · saved")
    given = [points for work in Attempt.objects.all() for points in marks_of(work).values()]
    assert given == [Decimal(4)]
