"""Boxes and tables that a text draws with signs."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import to_markup
from worksheets.formats.paper.drawn_boxes import without_borders
from worksheets.formats.readers.rows import Row
from worksheets.questions import parse_sheet

TEXT = (
    "Fill the gaps with the words in the box.\n\n{}\n\n"
    "A ______ barks. A ______ sings. A ______ purrs.\n"
)


@pytest.mark.parametrize(
    "box",
    [
        "+------------------+\n| cat   dog   bird |\n+------------------+",
        "┌──────────────────┐\n│ cat – dog – bird │\n└──────────────────┘",
        "╔══════╗\n║ cat  ║\n║ dog  ║\n║ bird ║\n╚══════╝",
        "+-----+-----+------+\n| cat | dog | bird |\n+-----+-----+------+",
    ],
)
@pytest.mark.parametrize("is_below", [False, True])
def test_a_box_is_a_bank_above_and_below_its_text(box: str, is_below: bool) -> None:
    text = TEXT.format(box)
    if is_below:
        task, _box, gaps = text.strip().split("\n\n")
        text = "\n\n".join([task, gaps, box])
    sheet = parse_sheet(to_markup(text).source)
    assert sheet.banks[0].words == ("cat", "dog", "bird")
    assert len(sheet.gaps) == 3


def test_rows_with_several_cells_are_a_table_and_other_lines_stay() -> None:
    lines = ["+--+--+", "| a | b |", "+--+--+", "| c | d |", "+--+--+", "e", "+--+", "f"]
    made = without_borders([Row(line) for line in lines])
    assert [str(row) for row in made] == ["| a | b |", "| c | d |", "e", "f"]
    assert [bool(row.look.table) for row in made] == [True, True, False, False]
