"""A teacher's library in a browser: found, copied, archived, shared, out as a file and in again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.journeys.people import OWN, TEACHER, Demo, enter, new_person, sign_in, watch
from tests.journeys.test_accessibility import LOOKS, follow, look
from tests.worksheets.images import picture
from worksheets.formats.library_file import Packed, pack, unpack

pytestmark = pytest.mark.browser


def opened(context: BrowserContext, demo: Demo) -> Page:
    """The library, in a tab of its own."""
    page = context.new_page()
    enter(page, demo, TEACHER, OWN)
    with context.expect_page() as tab:
        page.get_by_role("link", name="Open in a new tab").click()
    tab.value.wait_for_url(f"{demo.tool}/a/**")
    follow(tab.value, tab.value.get_by_role("link", name="My worksheets"))
    return tab.value


def worksheets(name: str) -> bytes:
    """A file of two worksheets whose titles hold the name."""
    return pack(
        [
            Packed(
                f"{name} of Europe",
                f"# {name} of Europe\n\nThe Rhône ends in the ___sea___.\n\n![A map](map.png)\n",
                {"map.png": picture(size=(40, 30))},
            ),
            Packed(f"{name} of Asia", f"# {name} of Asia\n\nThe Mekong ends in ___Vietnam___.\n"),
        ]
    )


def take_in(page: Page, data: bytes, name: str, *, has_script: bool = True) -> None:
    """Drop a file where paper is dropped, and take all of it in."""
    file = FilePayload(name=name, mimeType="application/zip", buffer=data)
    page.get_by_label("Drop a paper worksheet here").set_input_files(file)
    follow(page, page.get_by_role("button", name="Import from paper"))
    while "/jobs/" in page.url and not has_script:
        page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_role("heading", name="Choose what comes in")).to_be_visible()


def menu(page: Page, title: str) -> None:
    """Open what is folded away of a worksheet."""
    page.locator("summary", has_text=f"More: {title}").click()


@pytest.mark.parametrize("kind", LOOKS)
def test_the_library(browser: Browser, calm: Demo, kind: str, tmp_path: Path) -> None:
    name = f"Rivers {kind}"
    with new_person(browser, **LOOKS[kind]) as context:
        page = opened(context, calm)
        complaints = watch(page, (calm.lms, calm.tool))
        take_in(page, worksheets(name), f"{kind}.zip")
        look(page, f"library-incoming-{kind}")
        follow(page, page.get_by_role("button", name="Take these in"))
        expect(page.get_by_text("2 worksheets came in.")).to_be_visible()
        menu(page, f"{name} of Asia")
        look(page, f"library-menu-{kind}")
        follow(page, page.get_by_role("link", name="Share …"))
        look(page, f"library-share-{kind}")
        page.get_by_role("combobox").first.select_option("edit")
        follow(page, page.get_by_role("button", name="Save"))
        row = page.locator(".library li", has_text=f"{name} of Asia")
        expect(row.get_by_text("shared")).to_be_visible()
        # A word of the text, with the accent left out.
        page.get_by_label("Search in titles and text").fill(f"{kind} rhone")
        follow(page, page.get_by_role("button", name="Search"))
        expect(page.get_by_text("1 worksheet with")).to_be_visible()
        menu(page, f"{name} of Europe")
        follow(page, page.get_by_role("button", name="Archive"))
        follow(page, page.get_by_role("link", name="Archived"))
        look(page, f"library-archived-{kind}")
        follow(
            page, page.get_by_role("button", name=re.compile(f"^Bring back ?: {name} of Europe"))
        )
        menu(page, f"{name} of Europe")
        follow(page, page.get_by_role("button", name="Make a copy"))
        expect(page.get_by_text("This is your own worksheet")).to_be_visible()
        follow(page, page.get_by_role("link", name="← My worksheets"))
        page.get_by_label("Search in titles and text").fill("stands nowhere")
        follow(page, page.get_by_role("button", name="Search"))
        look(page, f"library-none-{kind}")
        follow(page, page.get_by_role("link", name="Show all"))
        follow(page, page.get_by_role("link", name="Save several as a file …"))
        look(page, f"library-save-{kind}")
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save as a file").click()
        saved.value.save_as(tmp_path / "worksheets.zip")
        data = (tmp_path / "worksheets.zip").read_bytes()
        assert f"{name} of Asia" in [one.folder for one in unpack(data)[0]]
        # The same file again brings nothing that is there.
        follow(page, page.get_by_role("link", name="← My worksheets"))
        take_in(page, data, "again.zip")
        expect(page.get_by_text("You have all of these worksheets already.")).to_be_visible()
        look(page, f"library-again-{kind}")
        follow(page, page.get_by_role("button", name="Forget this file"))
        assert complaints == []


def test_without_a_script_and_by_keyboard(browser: Browser, calm: Demo) -> None:
    """The menu is a fold with a form in it, so that it works without a script and by keys."""
    with new_person(browser, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, calm, TEACHER)
        page.goto(f"{calm.lms}/launch/{OWN}/?target=window")
        while "/a/" not in page.url:  # each of the LMS's forms has a button to press
            page.get_by_role("button").last.click()
        page.get_by_role("link", name="My worksheets").click()
        take_in(page, worksheets("Lakes"), "lakes.zip", has_script=False)
        page.get_by_role("checkbox", name="Lakes of Asia").press("Space")
        page.get_by_role("button", name="Take these in").press("Enter")
        expect(page.get_by_text("1 worksheet came in.")).to_be_visible()
        more = page.locator("summary", has_text="More: Lakes of Europe")
        more.press("Enter")
        page.locator("li", has=more).get_by_role("button", name="Archive").press("Enter")
        expect(page.get_by_text("You find it under “Archived”.")).to_be_visible()


def test_a_file_that_is_none_is_said_on_the_page(browser: Browser, calm: Demo) -> None:
    with new_person(browser) as context:
        page = opened(context, calm)
        file = FilePayload(name="odd.zip", mimeType="application/zip", buffer=b"PK odd")
        page.get_by_label("Drop a paper worksheet here").set_input_files(file)
        page.get_by_role("button", name="Import from paper").click()
        expect(page.locator("main").get_by_text("This file is damaged.")).to_be_visible()
        look(page, "library-damaged")
