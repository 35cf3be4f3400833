"""The pages of a PDF as pictures, and where its lines stand on them."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.worksheets.formats.paper.files import pdf
from worksheets.formats import children
from worksheets.formats.children import Child
from worksheets.formats.paper import read_paper
from worksheets.formats.paper.pages import render_pages
from worksheets.formats.readers import render
from worksheets.formats.readers.rows import Paper


def go_on() -> None:
    pass


def test_pages_are_drawn_within_their_bounds() -> None:
    pages = render_pages(pdf([["One."]] * (render.MAX_PAGES + 1)), go_on)
    assert len(pages) == render.MAX_PAGES
    with Image.open(io.BytesIO(pages[0].content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (pages[0].width, pages[0].height))
        assert picture.width <= render.MAX_WIDTH
        assert picture.height <= render.MAX_HEIGHT


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 no", pdf([["a"]])[:300]])
def test_what_cannot_be_drawn_has_no_pages(data: bytes) -> None:
    assert render_pages(data, go_on) == []


@pytest.mark.parametrize(
    "out",
    [b"[1, 2, 3]\nabc", b"[1, 2, 9]\n\xff\xd8a", b"[1]\n", b"nothing", b"[1, 2, null]\n\xff\xd8"],
)
def test_what_a_program_says_that_a_file_has_taken_over(
    monkeypatch: pytest.MonkeyPatch, out: bytes
) -> None:
    monkeypatch.setattr(children, "run", lambda *_, **__: Child([], 0, out, b""))
    assert render_pages(b"x", go_on) == []


def test_each_line_knows_its_place() -> None:
    paper = read_paper("a.pdf", pdf([["First line."], ["Another page."]]))
    assert isinstance(paper, Paper)
    first, second = (row.place for row in paper.rows if row)
    assert first
    assert second
    assert (first.page, second.page) == (0, 1)
    assert 0.09 < first.left < 0.12  # 60 of 595 points
    assert 0.07 < first.top < first.bottom < 0.12  # 760 of 842, from below
