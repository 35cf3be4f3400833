"""What the layer behind the editor's text area is told: each mark, in the text area's units."""

from __future__ import annotations

import json
from html import unescape

from tests.cast import Cast
from tests.worksheets.html import Page
from worksheets import authoring
from worksheets.questions import parse_sheet
from worksheets.rendering.review import placed_blocks
from worksheets.views.authoring.marks import marks_of
from worksheets.views.authoring.text_area import TextArea

TEXT = """# 😀 Title

The ___Nile___ and ______.

[[ Nile | Po
   Rhine ]]

(a) one
(b) two

??? 4 marks
model: because
"""


def marked(source: str) -> list[tuple[str, str]]:
    """The marks of a text: what each is, and what stands there."""
    sheet = parse_sheet(source)
    marks = marks_of(sheet, placed_blocks(sheet, source), TextArea(source))
    value = source.replace("\r\n", "\n").encode("utf-16-le")
    assert [start for start, _end, _kind in marks] == sorted(mark[0] for mark in marks)
    return [(kind, value[2 * start : 2 * end].decode("utf-16-le")) for start, end, kind in marks]


def test_each_mark_is_where_it_stands() -> None:
    expected = [
        ("heading", "# 😀 Title"),
        ("gap", "___Nile___"),
        ("error", "______"),
        ("gap", "______"),
        ("bank", "[[ Nile | Po\n   Rhine ]]"),
        ("box", "??? 4 marks"),
        ("note", "model: because"),
    ]
    found = marked(TEXT)
    assert [mark for mark in expected if mark not in found] == []
    assert found == marked(TEXT.replace("\n", "\r\n"))


def test_a_page_gets_them_with_its_sheet_and_blocks_lead_to_their_lines(cast: Cast) -> None:
    made = authoring.create(cast.ruth.user, TEXT)
    page = Page(cast.ruth.client.post(cast.ruth.url("preview", number=made.pk), {"source": TEXT}))
    text = page.html.partition('data-marks="')[2].partition('"')[0]
    marks = json.loads(unescape(text))
    assert [mark[2] for mark in marks] == [kind for kind, _text in marked(TEXT)]
    value = TEXT.encode("utf-16-le")
    start = value.index("The ___".encode("utf-16-le")) // 2
    assert f'class="placed" data-start="{start}"' in page.html
    gap = value.index("___Nile".encode("utf-16-le")) // 2
    assert f'data-start="{gap}" data-end="{gap + 10}" tabindex="-1"' in page.html
    assert "Gap 1 of 2: show it in the text" in page.html


def test_the_sheet_beside_the_text_has_nothing_to_fill_in(cast: Cast) -> None:
    made = authoring.create(cast.ruth.user, TEXT)
    page = Page(cast.ruth.client.get(cast.ruth.url("edit", number=made.pk)))
    sheet = page.html.partition('<article class="sheet paper">')[2].partition("</article>")[0]
    assert "<select" not in sheet
    assert sheet.count("inert>") == sheet.count("<textarea") == 1
