"""Each case in which paper and Markdown mean different things by the same marks.

The rows of the page's section 'Where marks collide', in the same order.
"""

from __future__ import annotations

import pytest

from worksheets.questions import parse_sheet

from .helpers import answers, codes, shape, shown

CASES = [
    ("______", ["Paragraph"], 1, ["gap-without-key"]),
    ("______\n______", ["QuestionBlock"], 0, []),
    (".........", ["QuestionBlock"], 0, []),
    ("a ......... b", ["Paragraph"], 1, ["gap-without-key"]),
    ("| a |\n|---|\n| ___y \\| z___ |", ["Table"], 1, []),
    (
        "| a |\n|---|\n| ___y | z___ |",
        ["Table"],
        0,
        ["uneven-table", "unclosed-gap", "glued-underscores"],
    ),
    ("a paragraph\n???", ["Paragraph", "QuestionBlock"], 0, []),
    ("- a list\n    ???", ["BulletList", "QuestionBlock"], 0, []),
    ("Really???", ["Paragraph"], 0, []),
    ("_x_ __x__ snake_case __dunder__ snake___case", ["Paragraph"], 0, []),
    ("___x___", ["Paragraph"], 1, []),
    ("un___believ___able", ["Paragraph"], 1, []),
    ("a ___ b ___.", ["Paragraph"], 2, ["gap-without-key", "gap-without-key"]),
    ("word___ b", ["Paragraph"], 0, ["glued-underscores"]),
    ("a ___word", ["Paragraph"], 0, ["unclosed-gap"]),
    ("https://example.org/x___y___z", ["Paragraph"], 0, []),
    ("<https://example.org/x___y___z>", ["Paragraph"], 0, []),
    ("[a](https://example.org/x___y___z)", ["Paragraph"], 0, []),
    ("`x ___y___ z`", ["Paragraph"], 0, []),
    ("\\____ \\.....", ["Paragraph"], 0, []),
    ("Economic\n> Political", ["Paragraph"], 0, []),
    ("A. Economic\n> Political", ["Paragraph"], 0, []),
    ("A. Diplomatic > Economic\n> Political\n???", ["InterpretationBlock"], 0, []),
    ("(a) alone", ["Paragraph"], 0, []),
    ("A. Text without an order", ["Paragraph"], 0, []),
    ("A. ______ > Political", ["Paragraph"], 1, ["gap-without-key"]),
    ("1936. was", ["Paragraph"], 0, []),
    ("on\n12. March", ["Paragraph"], 0, []),
    ("a\n– b", ["Paragraph"], 0, []),
    ("– b", ["BulletList"], 0, []),
    ("    four spaces ______", ["Paragraph"], 1, ["gap-without-key"]),
    ("<b>a</b> &amp;", ["Paragraph"], 0, []),
    ("\\# a\n1\\. b\n\\- c\n\\> d\n\\[[ e ]]\nA\\. f > g", ["Paragraph"], 0, ["bank-in-text"]),
]


@pytest.mark.parametrize(("source", "blocks", "gaps", "problems"), CASES)
def test_a_collision_is_settled(
    source: str, blocks: list[str], gaps: int, problems: list[str]
) -> None:
    assert shape(source) == blocks
    assert len(parse_sheet(source).gaps) == gaps
    assert sorted(codes(source)) == sorted(problems)


def test_text_is_shown_as_it_was_written() -> None:
    for text in ("_x_ __x__ snake_case", "<b>a</b> &amp;", "Really???", "1936. was"):
        assert shown(parse_sheet(text).blocks) == text
    assert shown(parse_sheet("\\# a 1\\. b \\[[ c ]]").blocks) == "# a 1. b [[ c ]]"


def test_three_underscores_are_never_bold_italic() -> None:
    assert "Emphasis" not in repr(parse_sheet("___x___ a___y___b").blocks)
    assert answers("___x___ a___y___b") == [["x"], ["y"]]
