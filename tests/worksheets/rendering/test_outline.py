"""The headings of a sheet on its page: one h1 a page, no level skipped, the look of the sheet."""

from __future__ import annotations

import re

import pytest

from tests.worksheets.html import are_in_order
from tests.worksheets.sheets import no_picture
from worksheets.questions import parse_sheet
from worksheets.rendering import render_sheet
from worksheets.rendering.filling import Filling

ORDER = "A. Economic > Political\n??? 4 marks\n"


def outline(source: str, below: int) -> list[str]:
    sheet = parse_sheet(source)
    html = render_sheet(sheet, Filling(sheet, {}, {}, no_picture).widgets, below)
    return re.findall(r"<h(\d class=\"level-\d)\"", html)


def levels(source: str, below: int) -> str:
    return "".join(found[0] for found in outline(source, below))


@pytest.mark.parametrize(
    ("source", "alone", "under_one", "under_two"),
    [
        ("# A\n\n## a\n\n## b\n", "122", "233", "344"),
        ("# A\n\n### a\n\n## b\n", "122", "233", "344"),  # a level chosen by its look
        ("# A\n\n## a\n\n# B\n\n## b\n", "1223", "2323", "3434"),
        ("## a\n\n# A\n\n## b\n", "1223", "223", "334"),  # begins with no title: the page has it
        ("Only a text.\n", "1", "", ""),
        (f"# A\n\n{ORDER}", "12", "23", "34"),
        (f"# A\n\n## a\n\n{ORDER}\n{ORDER}", "1233", "2344", "3455"),
        ("# 1\n\n## 2\n\n### 3\n\n#### 4\n\n##### 5\n\n###### 6\n", "123456", "234566", "345666"),
        ("# A\n\n> ### quoted\n\n## a\n", "122", "233", "344"),
    ],
)
def test_levels(source: str, alone: str, under_one: str, under_two: str) -> None:
    assert [levels(source, below) for below in (0, 1, 2)] == [alone, under_one, under_two]
    assert are_in_order([int(level) for level in alone])


def test_the_look_is_that_of_the_sheet_wherever_it_stands() -> None:
    source = "# A\n\n### a\n"
    looks = {tuple(found[-1] for found in outline(source, below)) for below in (0, 1, 2)}
    assert looks == {("1", "3")}
