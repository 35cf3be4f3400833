"""A page's lines become chunks."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import to_markup
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
        ("." * 60, Kind.LINE, "." * 60, ""),
        ("_" * 60, Kind.LINE, "_" * 60, ""),
        ("3°) one two", Kind.NUMBER, "one two", "3."),
        ("3- one two", Kind.NUMBER, "one two", "3."),
        ("3．one two", Kind.NUMBER, "one two", "3."),
        ("(3) one two", Kind.NUMBER, "one two", "3."),
        ("③ one two", Kind.NUMBER, "one two", "3."),
        ("☐ one two", Kind.OPTION, "one two", "(a)"),
        ("(3)______ one two", Kind.PARAGRAPH, "(3)______ one two", ""),
        ("7 Complete the sentences.", Kind.HEADING, "7 Complete the sentences.", "##"),
    ],
)
def test_marks(line: str, kind: Kind, text: str, mark: str) -> None:
    chunk = join(["Some words come first, so that this is no title.", "", line])[-1]
    assert (chunk.kind, chunk.text, chunk.mark) == (kind, text, mark)


def test_room_at_the_end_of_a_line_leaves_the_line() -> None:
    assert [k for k, _ in kinds("x.\n\n1. Why so? ???\n\nMore.")] == [
        Kind.PARAGRAPH,
        Kind.NUMBER,
        Kind.ROOM,
        Kind.PARAGRAPH,
    ]


def test_rooms_without_end_on_one_line() -> None:
    """As many as a text can hold: a loop, not a call in a call."""
    found = kinds(f"1. Why so? {' '.join(['???'] * 3000)}")
    assert found[0] == (Kind.NUMBER, "Why so?")
    assert [kind for kind, _ in found[1:]] == [Kind.ROOM] * 3000


def test_a_label_stays_with_its_room() -> None:
    assert kinds("x.\n\nYour answer: ??? ???")[1:] == [
        (Kind.ROOM, "Your answer: ???"),
        (Kind.ROOM, "???"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1 We left early.\n2 We came late.",
        "A. Paris\nB. Rome",
        "Anna: Good evening.\nBen: Good night.",
        "house        Haus\ntree         Baum",
        "Ice floats. ( )\nStones float. ( )",
        "____ 1. Ice floats.\n____ 2. Stones float.",
        "O milk\nO bread",
    ],
)
def test_rows_of_something_stay_apart(text: str) -> None:
    assert len(kinds(f"Some words come first here.\n\n{text}")) == 3


def test_several_lines_that_look_like_headings_are_a_list() -> None:
    assert [k for k, _ in kinds("Some text.\n\nPilze\nIgel\nSüden\n\nMore text.")][1:4] == [
        Kind.PARAGRAPH
    ] * 3


def test_a_date_in_a_wrapped_line_is_no_item() -> None:
    assert len(kinds(f"{WIDE} on\n12. of March, in the evening.")) == 1


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Coffee ........ 2.50\nTea ........... 1.80", ["Coffee: 2.50", "Tea: 1.80"]),
        ("Coffee…………€2,50\n\nTea……………€1,80", ["Coffee: €2,50", "Tea: €1,80"]),
        ("Café ..... 2,50 €\nThé ..... 1,80 €", ["Café: 2,50 €", "Thé: 1,80 €"]),
        (
            "1. Introduction ........ 3\n2. Methods ........ p. 12\n",
            ["1. Introduction: 3", "2. Methods: p. 12"],
        ),
        ("Preface . . . . . . iv\nIndex . . . . . . 120", ["Preface: iv", "Index: 120"]),
    ],
)
def test_dots_that_lead_to_a_price_or_a_page(text: str, made: list[str]) -> None:
    source = to_markup(f"# The menu\n\nThe sky is ____.\n\n{text}\n\nThe end is ____.\n").source
    assert source.count("____") == 2
    assert [line for line in source.split("\n") if ": " in line] == made


@pytest.mark.parametrize(
    "text",
    [
        "It costs ........ 5",
        "Fill in the gaps.\n\nIt began in ........ 1914\nIt ended in ........ 1918",
        "I was ........ at 8\nWe left ........ at 9",
    ],
)
def test_dots_that_lead_to_nothing_else_are_gaps(text: str) -> None:
    source = to_markup(f"# Years\n\n{text}\n").source
    assert source.count("____") == text.count("........")
