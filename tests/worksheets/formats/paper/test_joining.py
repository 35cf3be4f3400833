"""A page's lines become chunks."""

from __future__ import annotations

import pytest

from worksheets.formats.paper.chunks import Kind
from worksheets.formats.paper.joining import join

WIDE = "This line of the page is as long as the lines of a page are, and goes on until the"


def kinds(text: str) -> list[tuple[Kind, str]]:
    return [(chunk.kind, chunk.text) for chunk in join(text.split("\n"))]


def test_wrapped_lines_are_joined() -> None:
    assert kinds(f"{WIDE}\nend.\n\n{WIDE}\nend.") == [
        (Kind.PARAGRAPH, f"{WIDE} end."),
        (Kind.PARAGRAPH, f"{WIDE} end."),
    ]


def test_a_short_line_that_ends_a_sentence_ends_its_paragraph() -> None:
    assert len(kinds(f"{WIDE}\nend.\n{WIDE}\nend.")) == 2


def test_half_a_sentence_goes_on_after_a_picture() -> None:
    text = f"{WIDE}\n▪ However, when Kirov (right,\n\nwith Stalin) spoke, {WIDE}"
    assert kinds(text)[-1] == (
        Kind.BULLET,
        f"However, when Kirov (right, with Stalin) spoke, {WIDE}",
    )


def test_a_text_without_wrapping_has_a_line_for_each_paragraph() -> None:
    long = "word " * 40
    assert len(kinds(f"{long}\nand more\nand more")) == 3


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        ("re-", "appraisal", "reappraisal"),
        ("anti-", "fascist", "anti-fascist"),
        ("semi-", "fascist", "semi-fascist"),
        ("indus-", "try,", "industry,"),
        ("Anti-", "Comintern", "Anti- Comintern"),
        ("1930-", "1940", "1930- 1940"),
    ],
)
def test_words_that_a_lines_end_divided(first: str, second: str, word: str) -> None:
    (chunk,) = join([f"{WIDE} {first}", f"{second} of it."])
    assert chunk.text == f"{WIDE} {word} of it."


def test_a_divided_word_is_mended_as_the_text_writes_it_elsewhere() -> None:
    (chunk,) = join([f"re-elected {WIDE} re-", "elected of it."])
    assert chunk.text.endswith("re-elected of it.")
    assert [code for code, _ in chunk.cautions] == ["joined-word"]


@pytest.mark.parametrize(
    ("line", "kind", "text", "mark"),
    [
        ("▪ one", Kind.BULLET, "one", "-"),
        ("1. one two", Kind.NUMBER, "one two", "1."),
        ("1) one two", Kind.NUMBER, "one two", "1)"),
        ("(a) one two", Kind.OPTION, "one two", "(a)"),
        ("a) one two", Kind.OPTION, "one two", "(a)"),
        ("A. x > y", Kind.INTERPRETATION, "A. x > y", ""),
        ("[^1]: note", Kind.FOOTNOTE, "note", "[^1]:"),
        ("| a | b |", Kind.TABLE, "| a | b |", ""),
        ("2. Economic Causes (1928)", Kind.HEADING, "2. Economic Causes (1928)", "##"),
        ("Task", Kind.HEADING, "Task", "##"),
        ("Your answer: ???", Kind.ROOM, "Your answer: ???", ""),
        ("???", Kind.ROOM, "???", ""),
        ("." * 60, Kind.ROOM, "???", ""),
        ("_" * 60, Kind.ROOM, "???", ""),
    ],
)
def test_marks(line: str, kind: Kind, text: str, mark: str) -> None:
    chunk = join(["Some words come first, so that this is no title.", "", line])[-1]
    assert (chunk.kind, chunk.text, chunk.mark) == (kind, text, mark)


def test_room_at_the_end_of_a_line_leaves_the_line() -> None:
    blank = "_" * 50
    assert [k for k, _ in kinds(f"x.\n\n1. Why so? ???\n\nAn adjective: {blank}")] == [
        Kind.PARAGRAPH,
        Kind.NUMBER,
        Kind.ROOM,
        Kind.PARAGRAPH,
        Kind.ROOM,
    ]


@pytest.mark.parametrize("room", ["???", "_" * 50, "." * 60])
def test_rooms_without_end_on_one_line(room: str) -> None:
    """As many as a text can hold: a loop, not a call in a call."""
    found = kinds(f"1. Why so? {' '.join([room] * 3000)}")
    assert found[0] == (Kind.NUMBER, "Why so?")
    assert [kind for kind, _ in found[1:]] == [Kind.ROOM] * 3000


def test_a_label_stays_with_its_room() -> None:
    assert kinds("x.\n\nYour answer: ??? ???")[1:] == [
        (Kind.ROOM, "Your answer: ???"),
        (Kind.ROOM, "???"),
    ]


def test_several_lines_to_write_on_are_one_box() -> None:
    dots = "." * 60
    assert [k for k, _ in kinds(f"Why is it so, then?\n{dots}\n{dots}\n\n{dots}")] == [
        Kind.PARAGRAPH,
        Kind.ROOM,
    ]


def test_a_date_in_a_wrapped_line_is_no_item() -> None:
    assert len(kinds(f"{WIDE} on\n12. of March, in the evening.")) == 1
