"""Papers in many languages and layouts: nothing is missed, nothing is invented."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import read_paper, to_markup
from worksheets.questions import parse_sheet

from .made import MadePaper, papers


@pytest.mark.parametrize("paper", list(papers()), ids=lambda paper: paper.name)
def test_papers(paper: MadePaper) -> None:
    imported = to_markup(read_paper(paper.name, paper.data))
    sheet = parse_sheet(imported.source)
    assert len(sheet.gaps) == paper.gaps
    assert sorted(word for bank in sheet.banks for word in bank.words) == sorted(paper.terms)
    assert len(sheet.questions) == paper.questions + paper.choices
    kinds = tuple(q.kind for q in sheet.questions if q.kind != "written")
    assert kinds == paper.kinds
    assert tuple(imported.printed_key.values()) == paper.key
    assert {problem.code for problem in sheet.problems} <= {"gap-without-key"}
