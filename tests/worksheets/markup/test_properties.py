"""What holds for every text."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from worksheets.markup import Sheet
from worksheets.questions import parse_sheet

from .helpers import gap_keys, question_keys, shown, walk
from .texts import any_text, mark_soup


def source_lines(source: str) -> list[str]:
    return re.split(r"\r\n?|\n", source.removeprefix("\ufeff"))


@given(any_text)
@example("\0")
@example("\ud800")
def test_any_text_makes_a_sheet(source: str) -> None:
    sheet = parse_sheet(source)
    assert isinstance(sheet, Sheet)
    repr(sheet).encode("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "shape", ["x", "___", "[", "> ", "- ", "**", "`", "|\n", "\\", "1. ", "(a) b\n"]
)
def test_a_huge_text_makes_a_sheet(shape: str) -> None:
    assert isinstance(parse_sheet(shape * (60_000 // len(shape))), Sheet)
    assert [problem.code for problem in parse_sheet(shape * 1_000_000).problems] == ["too-long"]


@given(any_text)
def test_the_same_text_makes_the_same_sheet(source: str) -> None:
    assert parse_sheet(source) == parse_sheet(source)


@given(any_text)
def test_positions_are_within_the_text(source: str) -> None:
    sheet, lines = parse_sheet(source), source_lines(source)
    for problem in sheet.problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
    for gap in sheet.gaps:
        assert lines[gap.line - 1][gap.column - 1] in "_.…"
    for line in (*(row.line for row in sheet.questions), *(row.line for row in sheet.banks)):
        assert 1 <= line <= len(lines)


@given(any_text)
def test_every_gap_and_question_has_one_place_in_order(source: str) -> None:
    sheet = parse_sheet(source)
    assert gap_keys(sheet.blocks) == [gap.key for gap in sheet.gaps]
    assert question_keys(sheet) == [question.key for question in sheet.questions]
    assert gap_keys((sheet.questions, sheet.footnotes)) == []
    assert [gap.number for gap in sheet.gaps] == list(range(1, len(sheet.gaps) + 1))


@given(any_text)
def test_what_refers_to_something_finds_it(source: str) -> None:
    sheet = parse_sheet(source)
    for gap in sheet.gaps:
        assert gap.bank is None or 0 <= gap.bank < len(sheet.banks)
        assert 0 <= gap.part < len(sheet.parts)
        assert all(0 < answer.weight <= 1 for answer in gap.accepted)
    assert [note.number for note in sheet.footnotes] == list(range(1, len(sheet.footnotes) + 1))
    for node in walk((sheet.blocks, sheet.questions)):
        number = getattr(node, "number", None) if type(node).__name__ == "FootnoteRef" else None
        assert number is None or number <= len(sheet.footnotes)


SECRET = "Geheimnis"


@given(
    mark_soup,
    st.sampled_from(
        [
            f"___{SECRET}___",
            f"___a | {SECRET}___",
            f"___a | !{SECRET}: {SECRET}___",
            f"___#5 | !{SECRET}___",
        ]
    ),
    mark_soup,
)
def test_no_answer_of_a_gap_is_shown(before: str, gap: str, after: str) -> None:
    assume("`" not in before)
    sheet = parse_sheet(f"{before} {gap} {after}")
    assume(SECRET in repr(sheet.gaps))
    assert SECRET not in repr(sheet.blocks)
    assert SECRET not in repr((sheet.questions, sheet.parts, sheet.footnotes, sheet.title))


@given(
    mark_soup,
    st.sampled_from(["model:", "rubric:", "Model:", "  rubric :", "model answer:"]),
    st.lists(st.sampled_from(["- ", "", "1. ", "| "]), max_size=3),
    mark_soup,
)
def test_no_model_answer_is_shown(before: str, word: str, more: list[str], after: str) -> None:
    """Wherever such a line stands, and with whatever lines belong to it."""
    assume("[[" not in before and "---" not in before and "![" not in before)
    secret = "".join(f"\n{start}{SECRET}" for start in more)
    sheet = parse_sheet(f"{before}\n{word} {SECRET}{secret}\n\n{after}")
    assert SECRET not in repr((sheet.blocks, sheet.parts, sheet.footnotes, sheet.title))


# A line of a paper: nothing that begins one of the exceptions which the page lists.
pasted_line = st.text(
    st.characters(
        codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="`\\_<[]"
    ),
    max_size=60,
).filter(
    lambda line: (
        not re.search(
            r"https?://|www\.|[.…]{3}|\?{3}|(?:model|rubric)(?:\s+answer)?\s*:", line, re.IGNORECASE
        )
    )
)


@given(st.lists(pasted_line, max_size=5), st.data(), st.integers(4, 40))
def test_no_gap_of_a_pasted_text_is_lost(
    lines: list[str], data: st.DataObject, length: int
) -> None:
    """A run of underscores with spaces around it, put anywhere, adds exactly one gap."""
    at = data.draw(st.integers(0, len(lines)))
    line = lines[at] if at < len(lines) else "word"
    place = data.draw(st.integers(0, len(line)))
    assume(line.strip())
    marked = f"{line[:place]} {'_' * length} {line[place:]}"
    source = "\n".join([*lines[:at], marked, *lines[at + 1 :]])
    assert len(parse_sheet(source).gaps) == 1


@given(st.text(alphabet="abc é,.;'-()", max_size=80))
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    line = " ".join(f"x{text}".split())
    assume("..." not in line)
    assert shown(parse_sheet(line).blocks) == line
