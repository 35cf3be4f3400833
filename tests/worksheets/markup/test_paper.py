"""The real paper's text, pasted as it came out of the PDF, without the importer."""

from __future__ import annotations

import pytest

from tests import ROOT
from worksheets.questions import parse_sheet

PAPER = ROOT.parent / "shared" / "worksheets" / "terror-and-purges.txt"


@pytest.mark.skipif(not PAPER.exists(), reason=f"the real paper is not at {PAPER}")
def test_the_pasted_paper_is_nearly_a_worksheet() -> None:
    sheet = parse_sheet(PAPER.read_text(encoding="utf-8"))
    assert [problem.code for problem in sheet.problems] == ["gap-without-key"] * 8
    assert [question.kind for question in sheet.questions] == [
        "options",
        "written",
        "complete",
    ]
    assert sheet.questions[1].prompt.startswith("What do you think was the relationship")
