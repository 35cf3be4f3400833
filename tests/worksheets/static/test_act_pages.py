"""The pages that ask before something is done to pupils, for everybody and every window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.cast import PUPIL, Cast, make_someone
from tests.journeys.test_accessibility import look
from tests.worksheets.sheets import EVERYTHING, hand_in, mark, place
from tests.worksheets.static.served import Served

pytestmark = pytest.mark.browser

WINDOWS = {"window": (770, 577), "phone": (360, 800)}


@pytest.fixture
def served(cast: Cast, context: BrowserContext) -> Iterator[Served]:
    """Three have submitted and are marked, two have not begun."""
    assignment = place(cast)
    for n, name in enumerate(("Ärmin Öztürk", "Maximiliane von Hohenberg-Schwarzenstein", "Bo Ek")):
        attempt = hand_in(assignment, make_someone(cast.course, f"96{n}", name, PUPIL), EVERYTHING)
        mark(attempt, cast.ruth, q1="1", q2="2")
    served = Served(context.new_page(), cast.ruth)
    yield served
    assert served.complaints == []


def in_both_windows(page: Page, name: str) -> None:
    for kind, (width, height) in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": height})
        look(page, f"{name}-{kind}")


def select_two(page: Page, act: str) -> Locator:
    """Ask for something for two pupils, and return the button that does it."""
    for name in ("Ärmin", "Maximiliane"):
        page.get_by_role("row", name=name).get_by_role("checkbox").check()
    page.get_by_role("button", name=f"{act} …").click()
    button = page.get_by_role("button", name=act, exact=True)
    button.wait_for()
    return button


def test_what_is_asked_before_something_is_done(served: Served) -> None:
    page = served.page
    served.open("class")
    in_both_windows(page, "acts-class")
    button = select_two(page, "Release")
    in_both_windows(page, "acts-release")
    button.click()
    expect(page.get_by_text("Released to 2 pupils.")).to_be_visible()
    in_both_windows(page, "acts-released")
    button = select_two(page, "Take back")
    in_both_windows(page, "acts-take-back")
    button.click()
    expect(page.get_by_text("Taken back for 2 pupils")).to_be_visible()
    select_two(page, "Reopen")
    in_both_windows(page, "acts-reopen")
    served.open("class", "show=not-begun")
    page.get_by_text("Copy a reminder …").click()
    in_both_windows(page, "acts-reminder")
    served.open("class")
    page.get_by_role("link", name="Bo Ek").click()
    page.get_by_role("link", name="Hand back to rewrite …").first.click()
    page.get_by_role("button", name="Hand back").wait_for()
    in_both_windows(page, "acts-hand-back")
    served.open("second-sheet")
    in_both_windows(page, "acts-second-sheet")


def test_the_page_on_which_one_is_has_another_tab_in_forced_colours(served: Served) -> None:
    page = served.page
    page.emulate_media(forced_colors="active")
    served.open("class")
    colours = page.locator(".header-row nav > *").evaluate_all(
        "tabs => tabs.map((one) => [one.hasAttribute('aria-current'),"
        " getComputedStyle(one).borderBlockEndColor])"
    )
    here = [colour for is_here, colour in colours if is_here]
    others = {colour for is_here, colour in colours if not is_here}
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert len(here) == 1
    assert here[0] != ground
    assert others == {ground}
