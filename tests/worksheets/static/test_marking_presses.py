"""Presses at the marking desk that were meant for something else, or for nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, expect

from tests.cast import TEACHER, Cast, make_someone
from tests.reported import reported
from tests.worksheets.hidden import number_of
from tests.worksheets.sheets import mark, marks_of, place
from tests.worksheets.static.served import Served
from tests.worksheets.static.test_marking import LINES, SIX, WORDS, Desk, answered
from worksheets.models import Mark

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(cast: Cast, context: BrowserContext) -> Iterator[Desk]:
    assignment = place(cast, SIX)
    works = [answered(cast, assignment, text, f"90{n}") for n, text in enumerate(WORDS)]
    served = Served(context.new_page(), cast.ruth)
    yield Desk(served, assignment, works)
    assert served.complaints == []


def click_twice(desk: Desk, button: Locator, times: int = 2) -> None:
    """Click as somebody does who clicks everything twice: each comes where the pointer is."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    desk.page.mouse.click(box["x"] + 6, box["y"] + 6, click_count=times)
    desk.page.wait_for_timeout(330)


@reported("desk-01")
def test_clicks_too_many_reach_nothing_that_has_come_meanwhile(cast: Cast, desk: Desk) -> None:
    first, second = desk.works[:2]
    for work in (first, second):
        mark(work, cast.ruth, q1="1")
    blank = [answered(cast, desk.assignment, "", f"80{n}") for n in range(2)]
    Mark.objects.filter(attempt__in=blank).delete()
    desk.open()
    page = desk.page
    # A mark is given once, by three clicks too.
    given = desk.active
    click_twice(desk, given.get_by_role("button", name="4", exact=True), 3)
    desk.settle()
    assert sorted(filter(None, desk.given())) == [1, 1, 4]
    # One mark is taken back, and not the one before it as well.
    desk.press("3", "2")
    desk.settle()
    click_twice(desk, page.locator("[data-undo]"))
    desk.settle()
    assert sorted(filter(None, desk.given())) == [1, 1, 3, 4]
    # Blank ones stay at 0: what takes it back comes where the pointer is.
    section = page.locator("[data-blank]")
    section.get_by_text("Give 0 to all").click()
    page.wait_for_timeout(330)
    click_twice(desk, section.get_by_role("button", name="Give 0", exact=True))
    desk.settle()
    assert [marks_of(work).get("q1") for work in blank] == [0, 0]


@reported("desk-01", "desk-06")
def test_a_choice_that_is_clicked_twice_marks_nothing_below_it(cast: Cast, desk: Desk) -> None:
    okafor = make_someone(cast.course, "11", "Chidi Okafor", TEACHER)
    desk.open()
    first = desk.order()[0]
    mark(first, okafor, q1="3")
    desk.press("4")
    article = desk.page.locator(f"#answer-{number_of(first)}")
    click_twice(desk, article.get_by_role("button", name="Keep 3"))
    desk.settle()
    assert [marks_of(work).get("q1") for work in desk.order()] == [3, *[None] * 5]
    expect(article.locator("[data-state]")).to_have_text("3 · saved")


@reported("desk-06")
def test_what_is_kept_is_shown_as_it_stands_by_then(cast: Cast, desk: Desk) -> None:
    """A third mark was given while nobody had chosen between the first two."""
    okafor = make_someone(cast.course, "11", "Chidi Okafor", TEACHER)
    weber = make_someone(cast.course, "12", "Lena Weber", TEACHER)
    desk.open()
    first = desk.order()[0]
    mark(first, okafor, q1="3")
    desk.press("4")
    article = desk.page.locator(f"#answer-{number_of(first)}")
    keep = article.get_by_role("button", name="Keep 3")
    expect(keep).to_be_visible()
    mark(first, weber, q1="5")
    keep.click()
    expect(article.locator("[data-state]")).to_have_text("5 · saved")
    expect(article.get_by_role("button", name="5", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    assert marks_of(first)["q1"] == 5
    desk.press("ArrowUp", "2")  # knowing of the 5
    desk.settle()
    assert marks_of(first)["q1"] == 2


@reported("desk-03", "desk-10")
def test_keys_of_other_keyboards(desk: Desk) -> None:
    desk.open()
    press = (
        "(keys) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        " {bubbles: true, cancelable: true, ...keys}))"
    )
    # With AltGr, of which Linux says no more than this, nothing of ours happens.
    for keys in ({"modifierAltGraph": True}, {"ctrlKey": True, "altKey": True}):
        desk.page.evaluate(press, {"key": "4", **keys})
    assert desk.served.posted == []
    desk.page.evaluate(press, {"key": "٤"})
    desk.settle()
    field = desk.active.locator("[name='number']")
    field.evaluate("(field) => field.closest('label').classList.remove('number')")
    field.fill("٢٫٥")
    field.press("Enter")
    desk.settle()
    assert [str(one and one.normalize()) for one in desk.given()[:3]] == ["4", "2.5", "None"]


@reported("desk-05")
def test_what_was_ticked_and_typed_comes_back_at_no_other_answer(
    cast: Cast, context: BrowserContext
) -> None:
    """Browsers fill fields in again by their place on the page."""
    assignment = place(cast, LINES)
    works = [answered(cast, assignment, text, f"90{n}") for n, text in enumerate(WORDS)]
    served = Served(context.new_page(), cast.ruth)
    desk = Desk(served, assignment, works)
    desk.open()
    first, second = desk.order()[:2]
    desk.press("q")  # a line that is ticked, and waits
    field = desk.answers.nth(2).locator("[name='number']")
    field.evaluate("(field) => { field.value = '3' }")
    mark(first, cast.ruth, q1="1")  # so that the next one takes the first place
    served.open("class")
    desk.page.go_back()
    desk.page.locator(".scripted").wait_for()
    assert desk.order()[0] == second
    expect(desk.page.locator("[name='line']:checked")).to_have_count(0)
    numbers = desk.page.locator("[data-mark] [name='number']")
    assert [one for one in numbers.evaluate_all("all => all.map((one) => one.value)") if one] == [
        "1"
    ]
    assert served.complaints == []
