"""Markdown files as papers."""

from __future__ import annotations

from hypothesis import given

from tests.worksheets.markup.texts import any_text
from worksheets.formats.paper import read_paper, to_markup
from worksheets.formats.paper.markdown import markdown_rows
from worksheets.questions import parse_sheet

PAPER = r"""
# Bees

## Exercise 1

Fill the gaps with the words:
**queen, nectar, honey**

> A colony has one \_\_\_\_\_. Workers collect \_\_\_\_\_
> and make \_\_\_\_\_.

| word | in German |
|------|:---------:|
| bee  | Biene     |
| honey |          |

Look at the `code` and [this page](https://example.org/a_b).

![A bee](bee.png "on a flower")

<details>
<summary>Answers</summary>

queen, nectar, honey

</details>

### Think about it

Why do bees dance?
"""


def test_a_paper_in_markdown() -> None:
    imported = to_markup(read_paper("a.md", PAPER.encode()))
    sheet = parse_sheet(imported.source)
    assert imported.source.startswith("# Bees\n\n## Exercise 1\n")
    assert sheet.banks[0].words == ("queen", "nectar", "honey")
    assert len(sheet.gaps) == 4
    assert list(imported.printed_key.values()) == ["queen", "nectar", "honey"]
    assert "A colony has one ______. Workers collect ______ and make ______." in imported.source
    assert "| bee | Biene |" in imported.source
    assert "`code` and [this page](https://example.org/a_b)" in imported.source
    assert "### Think about it" in imported.source
    assert [question.kind for question in sheet.questions] == ["written"]
    (picture,) = [c for c in imported.warnings if c.code == "picture"]
    assert "bee.png" in picture.message


def test_pasted_markdown_is_read_alike() -> None:
    assert to_markup(PAPER).source == to_markup(read_paper("a.md", PAPER.encode())).source


@given(any_text)
def test_nothing_raises(text: str) -> None:
    markdown_rows(text.split("\n"))
