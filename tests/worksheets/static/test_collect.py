"""collect.js, and the pages of pictures and of feedback in a browser: pressed, seen, projected."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.cast import PUPIL, Cast, make_someone
from tests.journeys.test_accessibility import look
from tests.worksheets.sheets import hand_in, place
from tests.worksheets.static.served import Served
from worksheets.attempts import class_feedback
from worksheets.models import Assignment, Attempt, FeedbackPart, FeedbackPoint

pytestmark = pytest.mark.browser

SHEET = """# Why did Stalin turn to terror?

In 1934 ___Kirov___ was murdered.

1. What mattered most?

??? 3 marks
rank: Economic reasons | Diplomatic and foreign policy reasons | Political reasons
right: Political reasons > Economic reasons > Diplomatic and foreign policy reasons

A. Economic > Political
Quotas had to be met.

B. Political > Economic
Rivals had to go.

??? which, 4 marks

2. Which of these are true?

1. There were five trials.
2. The trials were public.

??? true or false, 2 marks
true: 2

3. Why was the trial held in public?

??? 6 marks
"""
WINDOWS = {"laptop": (1280, 900), "dark": (1280, 900), "phone": (360, 800), "window": (770, 577)}
THINGS = ("q1-1", "q1-2", "q1-3")
ORDERS = ("213", "213", "312", "213", "321", "231", "213", "123")


def in_every_window(page: Page, name: str) -> None:
    for kind, (width, height) in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if kind == "dark" else "light")
        look(page, f"{name}-{kind}")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


@pytest.fixture
def works(cast: Cast) -> list[Attempt]:
    assignment = place(cast, SHEET)
    return [_answered(cast, assignment, n, order) for n, order in enumerate(ORDERS)]


def _answered(cast: Cast, assignment: Assignment, number: int, order: str) -> Attempt:
    someone = make_someone(cast.course, f"90{number}", f"Pupil N{number}", PUPIL)
    fields = dict(zip(THINGS, order, strict=True))
    fields |= {"g1": "Kirov" if number < 6 else "Kirow"}
    fields |= {"q2-choice": "AB"[number % 3 > 0], "q2": "Because."}
    fields |= {"q3-1": "false", "q3-2": "true" if number % 2 else "false"}
    fields |= {"q4": f"So that everybody would see it, {number} times. " * (1 + number)}
    return hand_in(assignment, someone, fields)


def test_answers_are_collected_while_marking(
    cast: Cast, context: BrowserContext, works: list[Attempt]
) -> None:
    served = Served(context.new_page(), cast.ruth)
    page = served.page
    served.open("mark-question", item="q4")
    page.locator(".scripted").wait_for()
    first = page.locator(".answer").first
    button = first.get_by_role("button", name="Collect this")
    button.click()
    expect(first.locator("[data-collected]")).to_have_text("Collected")
    expect(page.locator("#live")).to_have_text("Collected")
    button.click()
    expect(first.locator("[data-collected]")).to_have_text("It is collected already.")
    page.keyboard.press("4")  # the keys mark as before
    expect(page.locator(".answer[data-answer] [data-state]").first).to_contain_text("saved")
    page.get_by_role("link", name="For the class …").click()
    point = page.get_by_label("A point for the class")
    expect(point).to_be_focused()
    point.fill("Give a date for each event")
    page.get_by_role("button", name="Collect", exact=True).click()
    expect(point).to_have_value("")
    assert FeedbackPoint.objects.count() == 2
    in_every_window(page, "collect-desk")
    served.open("attempt", number=works[0].pk)
    one = page.locator(".mark-form .collect").last
    one.get_by_role("button").click()
    expect(one.locator("[data-collected]")).not_to_be_empty()
    assert FeedbackPoint.objects.filter(attempt=works[0]).count() == 1
    assert served.complaints == []


def test_pictures_and_feedback_in_every_window(
    cast: Cast, context: BrowserContext, works: list[Attempt]
) -> None:
    served = Served(context.new_page(), cast.ruth)
    page = served.page
    served.open("class-answers")
    expect(page.locator(".picture")).to_have_count(3)
    in_every_window(page, "pictures")
    page.emulate_media(media="print")
    look(page, "pictures-print")
    page.emulate_media(media="screen", forced_colors="active")
    look(page, "pictures-forced")
    page.emulate_media(forced_colors="none")
    served.open("class-answers-projector", "gap=q1")
    page.keyboard.press("Space")
    expect(page.get_by_text("3 of 4", exact=True)).to_be_visible()
    served.open("class-answers-projector", "gap=q1&answers=1")
    in_every_window(page, "pictures-projector")

    assignment = works[0].assignment
    for work in works[:3]:
        class_feedback.quote(assignment, work.pk, "q4", FeedbackPart.QUOTE, cast.ruth.user)
    for part, text in [
        ("well", "Nearly everybody gave reasons."),
        ("error", "A trial is no proof: who held it, and why?"),
        ("error", "Dates."),
        ("task", "Read source 2 again, and mark what is opinion."),
    ]:
        class_feedback.add_point(assignment, FeedbackPart(part), text, cast.ruth.user)
    class_feedback.remove_point(
        assignment, FeedbackPoint.objects.get(text="Dates.").pk, cast.ruth.user
    )
    served.open("class-feedback")
    in_every_window(page, "feedback")
    served.open("print-feedback")
    look(page, "feedback-print")
    served.open("feedback-projector")
    page.keyboard.press("Space")
    expect(page.get_by_text("2 of 6", exact=True)).to_be_visible()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("3 of 6", exact=True)).to_be_visible()
    in_every_window(page, "feedback-projector")
    assert served.complaints == []
