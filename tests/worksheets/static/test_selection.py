"""Pupils ticked in the class list, by keys alone, and the pages that follow, as they look."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.sheets import fresh, hand_in, mark, place
from tests.worksheets.static.served import Served

pytestmark = pytest.mark.browser

LOOKS = {
    "laptop": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 770, "height": 577}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 800}},
}
# The words of a check box begin at its height, to its right.
BESIDE = """(box) => {
  const words = document.createRange();
  words.selectNodeContents(box.nextSibling);
  const first = words.getClientRects()[0], its = box.getBoundingClientRect();
  return first.top < its.bottom && first.left >= its.right;
}"""
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def look(page: Page, name: str) -> None:
    """Check the page as it stands, and keep its picture where one is wanted."""
    page.wait_for_load_state("load")
    if folder := os.environ.get("JOURNEY_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    found = Axe().run(page, options=OPTIONS)
    assert [v["id"] for v in found.response["violations"]] == [], name
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name


@pytest.mark.parametrize("kind", LOOKS)
def test_release_take_back_and_hand_back_by_keys(
    cast: Cast, real_browser: Browser, kind: str
) -> None:
    assignment = place(cast)
    works = [
        hand_in(assignment, make_someone(cast.course, f"90{n}", f"Pupil Number{n}", PUPIL))
        for n in range(3)
    ]
    for attempt in works[:2]:
        mark(attempt, cast.ruth, q1="3", q2="5")
    context = real_browser.new_context(has_touch=True, **LOOKS[kind])  # type: ignore[arg-type]
    served = Served(context.new_page(), cast.ruth)
    page = served.page
    served.open("class")
    for attempt in (works[0], works[2]):
        tick = page.get_by_label(f"Select {attempt.user.display_name}")
        tick.focus()
        page.keyboard.press("Space")
        expect(tick).to_be_checked()
    # A row that is made anew keeps its tick.
    mark(works[2], cast.ruth, q1="1")
    page.evaluate("document.getElementById('class-live').dispatchEvent(new Event('look'))")
    expect(page.locator(f"#row-{works[2].user_id}")).to_contain_text("1 to mark")
    expect(page.get_by_label(f"Select {works[2].user.display_name}")).to_be_checked()
    look(page, f"select-class-{kind}")
    page.get_by_role("button", name="Release …").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Release marks to 1 pupil?")
    look(page, f"select-release-{kind}")
    page.get_by_role("button", name="Release").press("Enter")
    expect(page.get_by_text("Released to 1 pupil.")).to_be_visible()
    assert fresh(works[0]).is_released
    look(page, f"select-released-{kind}")
    page.get_by_role("button", name="Take this release back for 1 pupil …").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Take the release back for 1 pupil?")
    look(page, f"select-take-back-{kind}")
    page.get_by_role("button", name="Take back").press("Enter")
    expect(page.get_by_text("Taken back for 1 pupil")).to_be_visible()
    assert not fresh(works[0]).is_released
    page.get_by_label("All 5 in this list").check()
    page.get_by_label("Which part of the work").select_option("q2")
    page.get_by_role("button", name="Reopen …").press("Enter")
    look(page, f"select-hand-back-{kind}")
    page.get_by_label("What should be looked at again? (optional)").fill("Name the source.")
    page.get_by_role("button", name="Hand back").press("Enter")
    expect(page.get_by_text("Handed back to 3 pupils")).to_be_visible()
    look(page, f"select-handed-back-{kind}")
    assert served.complaints == []
    context.close()


def test_full_rows_and_the_check_boxes_of_settings_fit(cast: Cast, real_browser: Browser) -> None:
    due = timezone.now() - timedelta(days=2)
    assignment = place(cast, due_at=due, late_deduction=10)
    long_name = make_someone(cast.course, "910", "Zuzanna Kowalczyk-Brzęczyszczykiewicz", PUPIL)
    typed = {"class": "", "seen": "", "text": "12"}
    cast.ruth.client.post(cast.ruth.url("entered", number=long_name.user.pk), typed)
    works = [hand_in(assignment, someone) for someone in (long_name, cast.amina)]
    for attempt in works:
        mark(attempt, cast.ruth, q1="3", q2="5")
    context = real_browser.new_context(viewport={"width": 770, "height": 577})
    page = (served := Served(context.new_page(), cast.ruth)).page
    served.open("class")
    row = page.locator(f"#row-{cast.amina.user.pk}")
    expect(row).to_contain_text("12 − 1.2 = 10.8")
    expect(row.get_by_role("link", name="Dates")).to_be_visible()
    look(page, "full-rows-window")
    served.open("attempt", number=works[1].pk)
    primary = page.locator(".button.primary").evaluate_all("them => them.map(e => e.innerText)")
    assert primary == ["Save marks"]
    page.set_viewport_size({"width": 360, "height": 800})
    served.open("assign", number=assignment.edition_id)
    field = page.locator("#div_id_assistants_release").bounding_box()
    assert field is not None
    assert field["width"] > 300
    look(page, "settings-phone")
    # Each name stands beside its box, however long it is.
    served.open("class")
    page.get_by_label("in this list").check()
    page.get_by_role("button", name="Reopen …").click()
    chosen = page.get_by_label("Zuzanna")
    assert chosen.evaluate(BESIDE)
    look(page, "full-rows-reopen-phone")
    assert served.complaints == []
    context.close()
