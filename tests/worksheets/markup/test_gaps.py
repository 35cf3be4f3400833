"""Where a gap is, and where there is none."""

from __future__ import annotations

import pytest

from worksheets.markup import Code, Emphasis, GapRef, Link, Paragraph, Text
from worksheets.questions import parse_sheet

from .helpers import answers, codes, shown


@pytest.mark.parametrize(
    "source",
    [
        "______",
        "____",
        "___",
        "a ______ b",
        "a ___ b",
        "a ___.",
        "a ___, b",
        "(___)",
        "a “___” b",
        "Name:___ b",
        "**___**",
        "a______b",
        "a______.",
        "the end ______",
        "______ begins",
        "a ..... b",
        "a ........... b",
        "a ……… b",
        "a …..… b",
        "Touldé..... b",
        "# ______",
        "- ______",
        "▪ ______",
        "1. ______",
        "> ______",
        "*a ______ b*",
        "`a` ______ `b`",
        "a < ______ > b",
        "https://example.org/x ______",
        "a\\ ______",
        "    ______ b",
        "\t______ b",
    ],
)
def test_a_blank_of_the_paper_is_one_gap_without_a_key(source: str) -> None:
    sheet = parse_sheet(source)
    assert [gap.accepted for gap in sheet.gaps] == [()]
    assert codes(source) == ["gap-without-key"]


@pytest.mark.parametrize(
    "source",
    [
        "snake_case and __dunder__",
        "snake___case",
        "_a_ __b__",
        "`______`",
        "`` `___a___` ``",
        "`___` starts a gap, `___a___` is one",
        "<https://example.org/a___b___c>",
        "<someone___x___@example.org>",
        "https://example.org/a___b___c and www.example.org/______",
        "[a](https://example.org/x___y___z)",
        "\\______ and \\___a\\___ and \\.....",
        "and so on... or so....",
        "…… two",
        "\\_\\_\\_\\_",
    ],
)
def test_these_are_no_gaps(source: str) -> None:
    assert parse_sheet(source).gaps == ()
    assert codes(source) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("___a___", [["a"]]),
        ("x___a___y", [["a"]]),
        ("un___believ___able", [["believ"]]),
        ("___a___ and ___b___", [["a"], ["b"]]),
        ("___a______b", [[]]),
        ("___snake_case___", [["snake_case"]]),
        ("___a__b___", [["a__b"]]),
        ("___*a* `b` [c](d)___", [["*a* `b` [c](d)"]]),
        ("*a ___b* c___", [["b* c"]]),
        ("___two words___.", [["two words"]]),
        ("___ a ___", [[], []]),
        ("____a____", [[], []]),
        ("___a\nb___", []),
        ("___+___", [["+"]]),
        ("___a___ ______ ___b___", [["a"], [], ["b"]]),
        ("www. ___a___", [["a"]]),
        (r"___a\_\_\_b___", [["a___b"]]),
    ],
)
def test_the_text_between_three_underscores_is_the_key(
    source: str, expected: list[list[str]]
) -> None:
    assert answers(source) == expected


def test_a_gap_that_does_not_end_is_an_error_and_stays_text() -> None:
    sheet = parse_sheet("the ___word and ______ here")
    assert [gap.accepted for gap in sheet.gaps] == [()]
    assert codes("the ___word and ______ here") == ["unclosed-gap", "gap-without-key"]
    assert "___word and" in shown(sheet.blocks)


def test_underscores_at_the_end_of_a_word_are_a_warning() -> None:
    assert codes("word___ here") == ["glued-underscores"]
    assert parse_sheet("word___ here").errors == ()


def test_two_runs_that_meet_at_a_lines_end_are_two_gaps() -> None:
    assert len(parse_sheet("The word is ______\n______ is the other").gaps) == 2


def test_gaps_are_numbered_in_reading_order() -> None:
    sheet = parse_sheet("# ___a___\n\n- ___b___\n\n| ___c___ |\n|---|\n| ___d___ |")
    assert [(gap.key, gap.number) for gap in sheet.gaps] == [
        ("g1", 1),
        ("g2", 2),
        ("g3", 3),
        ("g4", 4),
    ]
    assert [gap.accepted[0].text for gap in sheet.gaps] == ["a", "b", "c", "d"]


def test_a_gap_stands_among_other_marks() -> None:
    (paragraph,) = parse_sheet("*a ___b___* `c` [d](https://e.org)").blocks
    assert paragraph == Paragraph(
        (
            Emphasis((Text("a "), GapRef("g1"))),
            Text(" "),
            Code("c"),
            Text(" "),
            Link("https://e.org", (Text("d"),)),
        )
    )


def test_a_gap_in_a_link_stays_a_gap_but_not_a_link() -> None:
    sheet = parse_sheet("[a *___b___*](https://example.org)")
    assert len(sheet.gaps) == 1
    assert not any(isinstance(node, Link) for block in sheet.blocks for node in block.children)  # type: ignore[union-attr]
    assert [p.code for p in sheet.errors] == ["gap-in-link"]
