"""Which lines are headings."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import headings

WIDE = "This line of the page is as long as the lines of a page are, and goes on until the"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["THE TERROR", WIDE], True),
        (["Je lis", "", "Texte"], True),
        (["The terror.", WIDE], False),
        (["What is it?", WIDE], False),
        (["1. One", WIDE], False),
        (["He was ______", ""], False),
        (["The terror", "went on"], False),
        ([WIDE, WIDE], False),
    ],
)
def test_titles(rows: list[str], expected: bool) -> None:
    assert headings.is_title(rows, 0, len(WIDE)) is expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["", "1. Diplomatic Causes - Trotskyites and Fascists", ""], True),
        (["", "2. Economic Causes - The Trial (1928)", "In March it"], True),
        (["", "2) A mon tour", "", "Texte"], True),
        (["", "1. From this evidence, do you think that the trial", "(a) was"], False),
        (["", "2. What was the Cause?", ""], False),
        (["1. have", "2. pay", "3. be"], False),
        (["", "2. pay", "", "3. be"], False),
        (["", "2. The ______ Pact", ""], False),
        (["", "No Number", ""], False),
    ],
)
def test_sections(rows: list[str], expected: bool) -> None:
    assert headings.is_section(rows, 1, len(WIDE)) is expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["", "Task", "• Deciding why"], True),
        (["", "The Reality!", "The famine"], True),
        (["", "Activité 1", ""], True),
        (["surrendered.", "Infinitive Practice", "1. should"], True),
        (["", "a hard-working man", ""], False),
        (["", "Name (Inspecteur)", ""], False),
        (["", "Pourquoi?", ""], False),
        ([WIDE, "Pennsylvania", "20. more"], False),
    ],
)
def test_headings(rows: list[str], expected: bool) -> None:
    assert headings.is_heading(rows, 1, len(WIDE)) is expected
