"""Which lines are headings."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import headings, to_markup
from worksheets.questions import parse_sheet

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


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("Write a letter.\n\nI ______ you.\n___________,\nJohn", 2),
        ("Complete the dialogue.\n\nTom: Hi!\nAnn: ____\nTom: Bye!", 1),
        ("Tom: Hi!\nAnn: ____", 1),
        ("She lives in\n___________, a big town.", 1),
        ("She lives in\n___________ with two cats.", 1),
    ],
)
def test_a_sentence_around_a_blank_is_no_heading(text: str, gaps: int) -> None:
    source = to_markup(text).source
    assert "#" not in source
    assert len(parse_sheet(source).gaps) == gaps


def test_a_heading_above_a_blank_stays_one() -> None:
    assert to_markup("Colours\n____ is the sky.\n____ is the grass.\n").source.startswith(
        "# Colours"
    )
