"""A class list that stays open, and the file of its marks, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.people import (
    CAUSES,
    TEACHER,
    Demo,
    enter,
    gap_list,
    new_person,
    saved,
    submit,
    watch,
)

pytestmark = pytest.mark.browser
PUPIL = "Freya Thorsen"


def test_the_list_follows_what_happens_and_its_marks_come_in_again(
    browser: Browser, calm: Demo, tmp_path: Path
) -> None:
    with new_person(browser) as teachers, new_person(browser) as pupils:
        page = teachers.new_page()
        complaints = watch(page, (calm.lms, calm.tool))
        frame = enter(page, calm, TEACHER, CAUSES)
        row = frame.get_by_role("row").filter(has_text=PUPIL)
        expect(row).to_contain_text("not opened")
        place = row.evaluate("row => row.rowIndex")
        other = enter(pupils.new_page(), calm, PUPIL, CAUSES)
        gap_list(other, 5).select_option("Abyssinia")
        other.locator("textarea#q2").fill("=1+1")
        saved(other)
        submit(other)
        # Nobody loads the page again.
        expect(row).to_contain_text("submitted")
        expect(frame.locator("#class-averages")).to_contain_text("of ")
        assert row.evaluate("row => [row.rowIndex, row.closest('tbody') !== null]") == [place, True]
        frame.get_by_role("link", name="Files and printing").click()
        with page.expect_download() as saving:
            frame.locator("a[href$='marks.xlsx']").click()
        file = tmp_path / "marks.xlsx"
        saving.value.save_as(file)
        frame.get_by_label("File (.xlsx, .ods or .csv)").set_input_files(file)
        frame.get_by_role("button", name="Show the differences").click()
        expect(frame.get_by_text("0 differences.")).to_be_visible()
        assert complaints == []
