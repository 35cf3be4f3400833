"""paper-marks.js: a pile of papers by name and key, each saved at once, none on the next pupil."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.cast import PUPIL, Cast, make_someone
from tests.journeys.test_accessibility import look
from tests.worksheets.sheets import hand_in, place
from tests.worksheets.static.served import Served
from worksheets.models import EnteredMark

pytestmark = pytest.mark.browser

NAMES = ("Ärmin Öztürk", "Anna Meier", "Anton Meier", "Zoë Straße")


@pytest.fixture
def served(cast: Cast, context: BrowserContext) -> Iterator[Served]:
    assignment = place(cast)
    for n, name in enumerate(NAMES):
        make_someone(cast.course, f"95{n}", name, PUPIL)
    hand_in(assignment, cast.amina)
    served = Served(context.new_page(), cast.ruth)
    yield served
    assert served.complaints == []


def stands() -> dict[str, str]:
    rows = EnteredMark.objects.select_related("user")
    return {row.user.name: row.entry.text for row in rows}


def settled(page: Page, count: int) -> None:
    expect(page.locator("#pile-done li")).to_have_count(count)
    expect(page.locator("#pile-done .waiting")).to_have_count(0)


def test_a_pile_by_keys(served: Served) -> None:
    page, keyboard = served.page, served.page.keyboard
    served.open("paper-marks")
    name = page.locator("#pile-name")
    expect(name).to_be_focused()
    # Capitals and accents do not matter; arrows choose among several.
    keyboard.type("arm oz")
    expect(page.locator("#pile-found li")).to_have_text(["Ärmin Öztürk"])
    keyboard.press("Enter")
    keyboard.type("13,5")
    keyboard.press("Enter")
    expect(name).to_be_focused()
    keyboard.type("meier")
    expect(page.locator("#pile-found li")).to_have_text(["Anna Meier", "Anton Meier"])
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    keyboard.press("a")
    keyboard.type("strasse")
    keyboard.press("Enter")
    keyboard.press("e")
    settled(page, 3)
    assert stands() == {
        "Ärmin Öztürk": "on-paper:13.5",
        "Anton Meier": "absent",
        "Zoë Straße": "excused",
    }
    expect(page.locator("#pile-done li").first).to_contain_text("Zoë Straße: Excused · saved")
    page.locator("#pile-done li").first.get_by_role("button", name="Undo").click()
    expect(page.locator("#pile-done li").first).to_contain_text("undone")
    assert "Zoë Straße" not in stands()
    # The form below knows it by now, and brings nothing back.
    below = page.get_by_label("Ärmin Öztürk", exact=True)
    expect(below).to_have_value("13.5")
    keyboard.type("amina")
    expect(page.locator("#pile-notice")).to_contain_text("Nobody is found")
    look(page, "paper-pile")


def test_a_held_key_and_a_second_press_reach_nobody_else(served: Served) -> None:
    page, keyboard = served.page, served.page.keyboard
    served.open("paper-marks")
    keyboard.type("anna")
    keyboard.press("Enter")
    for _ in range(5):  # held: the first one, then repeats
        keyboard.down("a")
    keyboard.up("a")
    keyboard.press("a")  # and once more in the same moment
    expect(page.locator("#pile-name")).to_have_value("")
    keyboard.type("zoe")
    for _ in range(5):
        keyboard.down("Enter")
    keyboard.up("Enter")
    keyboard.type("7")
    for _ in range(5):
        keyboard.down("Enter")
    keyboard.up("Enter")
    keyboard.press("Enter")
    settled(page, 2)
    assert stands() == {"Anna Meier": "absent", "Zoë Straße": "on-paper:7"}


def test_what_is_not_saved_says_so_and_is_sent_again(served: Served) -> None:
    page, keyboard = served.page, served.page.keyboard
    served.open("paper-marks")
    page.context.set_offline(True)
    page.route("**/class/paper/", lambda route: route.abort())
    keyboard.type("zoe")
    keyboard.press("Enter")
    keyboard.type("99")
    keyboard.press("Enter")
    row = page.locator("#pile-done li").first
    expect(row).to_contain_text("Zoë Straße: 99 · Not saved yet")
    page.context.set_offline(False)
    page.unroute("**/class/paper/")
    row.get_by_role("button", name="Try again").click()
    expect(row).to_contain_text("At most 14.")
    assert stands() == {}
    expect(page.locator("#pile-name")).to_be_focused()


@pytest.mark.parametrize("kind", ["light", "dark", "phone", "window"])
def test_how_it_looks(served: Served, kind: str) -> None:
    page = served.page
    sizes = {"phone": (360, 800), "window": (770, 577)}
    width, height = sizes.get(kind, (1366, 800))
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if kind == "dark" else "light")
    served.open("paper-marks")
    page.keyboard.type("m")
    look(page, f"paper-{kind}")
    page.keyboard.press("Enter")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    settled(page, 1)
    served.open("class")
    page.locator(".enter summary").first.click()
    look(page, f"paper-class-{kind}")
    page.locator("#release-all, .release-all summary").first.click()
    look(page, f"paper-release-{kind}")
    page.locator("th a", has_text="Anna").click()
    look(page, f"paper-pupil-{kind}")
