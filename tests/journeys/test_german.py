"""A class whose LMS speaks German: the same ways and pages, and longer words.

The sandbox LMS speaks the language of the browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import (
    CAUSES,
    RIGHT,
    TEACHER,
    Demo,
    activity_frame,
    gap_list,
    new_person,
    sign_in,
)
from tests.journeys.test_accessibility import LOOKS, follow, look
from tests.journeys.test_registration_pages import address
from tests.journeys.test_registration_pages import lms as lms
from tests.platform.fake import FakePlatform

pytestmark = pytest.mark.browser

PUPILS = {"laptop": ("Oleksandra Petrenko", 124), "phone": ("Mele Vainikolo", 130)}
each_kind = pytest.mark.parametrize("kind", PUPILS)


@contextmanager
def german(browser: Browser, kind: str) -> Iterator[Page]:
    """A page in a browser that asks for German."""
    with new_person(browser, **LOOKS[kind], locale="de-DE") as context:
        yield context.new_page()


def open_window(page: Page, demo: Demo, name: str) -> None:
    """The activity in a window of its own, as axe wants it."""
    sign_in(page, demo, name)
    page.goto(f"{demo.lms}/launch/{CAUSES}/?target=window")
    page.wait_for_url(re.compile("/a/"))
    expect(page.locator("html")).to_have_attribute("lang", "de")


@each_kind
def test_a_pupil_submits_and_the_teacher_looks(browser: Browser, calm: Demo, kind: str) -> None:
    name, number = PUPILS[kind]
    with german(browser, kind) as page:
        open_window(page, calm, name)
        if kind == "phone":
            page.evaluate("scrollTo(0, 200)")  # the strip lies over half a word of the bank
        look(page, f"german-pupil-empty-{kind}")
        for place, word in enumerate(RIGHT[:5], 1):
            gap_list(page, place).select_option(word)
        expect(page.locator("#live")).to_have_text("Lücke 5: Manchuria. Noch 3 offen.")
        page.locator("textarea#q2").fill("Die Angst vor dem Krieg.")
        expect(page.locator("[data-save-state]")).to_have_text("Gespeichert")
        look(page, f"german-pupil-filled-{kind}")
        page.get_by_role("button", name="Prüfen und abgeben").click()
        expect(page.get_by_role("heading", name="Noch nicht beantwortet")).to_be_visible()
        look(page, f"german-pupil-check-{kind}")
        page.get_by_role("button", name="Trotzdem abgeben").click()
        expect(page.locator("main").get_by_text("In den Bewertungen eingetragen.")).to_be_visible()
        look(page, f"german-pupil-result-{kind}")
    calm.wait_for_grade(CAUSES, number, "Lücken: 5 von 8.")
    with german(browser, kind) as page:
        open_window(page, calm, TEACHER)
        expect(
            page.locator("main").get_by_text(re.compile(r"^\s*Klassenliste vom"))
        ).to_be_visible()
        look(page, f"german-class-{kind}")
        follow(page, page.locator("table.pupils tbody th a").first)
        look(page, f"german-marking-{kind}")
        follow(page, page.get_by_role("link", name="Ganze Klasse"))
        follow(page, page.get_by_role("link", name="Einstellungen"))
        look(page, f"german-settings-{kind}")
        follow(page, page.get_by_role("link", name="Meine Arbeitsblätter"))
        look(page, f"german-shelf-{kind}")
        page.get_by_text("Mit einem Muster-Arbeitsblatt beginnen").click()
        follow(page, page.get_by_role("button", name=re.compile("^Kopie verwenden ?: Why did")))
        expect(page.locator("main").get_by_text("Keine Fehler.")).to_be_visible()
        page.get_by_text("Hilfe zur Formatierung").click()
        page.locator("#id_source").fill("# Titel\n\n______ und ___a | a___\n\n??? 6 marks, drei\n")
        expect(page.locator("main").get_by_text("Lücke 1 hat noch keine Lösung.")).to_be_visible()
        look(page, f"german-editor-{kind}")


@each_kind
def test_the_picker(browser: Browser, calm: Demo, kind: str) -> None:
    with german(browser, kind) as page:
        sign_in(page, calm, TEACHER)
        page.goto(f"{calm.lms}/courses/2/")
        page.get_by_role("button", name="Add activities").click()
        activity_frame(page)
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Open in a new tab").click()
        tab = opened.value
        tab.wait_for_url(f"{calm.tool}/a/**")
        line = tab.locator("li.choice", has=tab.get_by_role("checkbox")).first
        line.get_by_role("checkbox").check()
        line.get_by_text("Weitere Einstellungen").click()
        look(tab, f"german-picker-{kind}")


@each_kind
def test_an_administrator_registers(
    browser: Browser,
    demo: Demo,
    lms: FakePlatform,
    kind: str,
) -> None:
    with german(browser, kind) as page:
        page.goto(address(demo, lms))
        expect(page.locator("main").get_by_text("Ihr LMS bietet nicht alles an")).to_be_visible()
        look(page, f"german-registration-ask-{kind}")
        page.get_by_role("button", name="Registrieren").press("Enter")
        expect(page.locator("main").get_by_text("Ihr LMS hat nicht alles erlaubt")).to_be_visible()
        page.get_by_text("Erteilte Berechtigungen").click()
        look(page, f"german-registration-done-{kind}")
