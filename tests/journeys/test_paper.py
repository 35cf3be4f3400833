"""The real paper: imported, keyed, published, placed, launched, filled in, graded."""

from __future__ import annotations

import subprocess
import sys

import pytest
from playwright.sync_api import Browser, expect

from tests import ROOT
from tests.journeys.people import (
    TEACHER,
    Demo,
    enter,
    gap_list,
    new_person,
    saved,
    submit,
)

pytestmark = pytest.mark.browser

PAPER = ROOT.parent / "shared" / "worksheets" / "terror-and-purges.txt"
WITHOUT_COLUMN = 3

# The paper's answers, in the order of its gaps.
KEY = [
    "collectivisation | collectivization",
    "Bukharin faction",
    "Fourth International",
    "Comintern",
    "Manchuria",
    "Abyssinia",
    "Rhineland",
    "Anti-Comintern Pact",
]


@pytest.mark.skipif(not PAPER.exists(), reason=f"the real paper is not here: {PAPER}")
def test_the_real_paper_from_text_to_gradebook(browser: Browser, calm: Demo) -> None:
    source = _imported()
    assert source.count("______") == len(KEY)
    for answers in KEY:
        source = source.replace("______", f"___{answers}___", 1)
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, TEACHER, WITHOUT_COLUMN)
        frame.get_by_label("or paste its text").fill(source)
        frame.get_by_role("button", name="Use my text unchanged").click()
        expect(frame.locator("main").get_by_text("No errors.")).to_be_visible()
        frame.get_by_role("button", name="Answers and use").click()
        frame.get_by_role("button", name="Use in").click()
        expect(frame.get_by_text("Nobody has started yet")).to_be_visible()
    with new_person(browser) as context:
        frame = enter(context.new_page(), calm, "Amina Abdullahi", WITHOUT_COLUMN)
        behind = "(Stalin’s international communist organisation)"
        expect(frame.locator("li", has_text=behind)).to_be_visible()
        for place, answers in enumerate(KEY, 1):
            word = answers.split(" | ")[0] if place != 5 else "Abyssinia"
            gap_list(frame, place).select_option(word)
        assert frame.locator("textarea").count() == 4
        frame.get_by_role("radio", name="(b)").check()
        frame.get_by_role("radio", name="C.").check()
        frame.locator("textarea").last.fill("It follows the order of events.")
        saved(frame)
        submit(frame)
        expect(frame.get_by_text("7 out of 8")).to_be_visible()
        expect(frame.locator("main").get_by_text("In the gradebook.")).to_be_visible()
    grade = calm.wait_for_grade(WITHOUT_COLUMN, 101, "Gaps: 7 out of 8.")
    # Nothing waits for a teacher: the paper's written answers carry no marks.
    assert grade["comment"] == "Gaps: 7 out of 8."
    assert grade["score"] == pytest.approx(7)
    columns = [c for c in calm.state()["columns"] if c["link"] == str(WITHOUT_COLUMN)]
    assert [(c["maximum"], c["made_by_tool"]) for c in columns] == [(pytest.approx(8), True)]


def _imported() -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "import_worksheet", str(PAPER)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Please check" in done.stderr
    return done.stdout
