"""Lines on their way from the program that reads a file to who asked for it."""

from __future__ import annotations

from worksheets.formats.readers.rows import (
    Look,
    Note,
    Row,
    dump,
    escape,
    load,
    look_of,
    separated,
    unescape,
)


def test_what_is_dumped_can_be_loaded() -> None:
    rows = [Row("a", level=2, bold=True), Row(""), Row("| b |", table=3, layout=True)]
    paper = load(dump(rows, [Note("picture", {"count": 2})]))
    assert paper == "a\n\n| b |"
    assert [row.look for row in paper.rows] == [row.look for row in rows]
    assert paper.notes == (Note("picture", {"count": 2}),)


def test_a_string_has_a_plain_look() -> None:
    assert look_of("a") == Look()
    assert look_of(Row("a", box=1).with_text("b")) == Look(box=1)


def test_paragraphs_are_apart_and_items_are_not() -> None:
    rows = [Row("a"), Row("1. b"), Row("2. c"), Row("| d |", table=1), Row("| e |", table=1)]
    assert separated(rows) == ["a", "", "1. b", "2. c", "", "| d |", "| e |"]


def test_signs_of_the_markup_are_guarded() -> None:
    assert escape("2*3 a * b `c` \\d") == "2\\*3 a * b \\`c\\` \\\\d"
    assert unescape(escape("2*3 a * b `c` \\d")) == "2*3 a * b `c` \\d"
