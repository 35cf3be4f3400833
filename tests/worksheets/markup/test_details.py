"""What may follow '???'."""

from __future__ import annotations

from decimal import Decimal

import pytest

from worksheets.questions import parse_sheet

from .helpers import codes


def asked(line: str) -> tuple[Decimal | None, int | None, int | None]:
    (question,) = parse_sheet(line).questions
    return question.marks, question.words_min, question.words_max


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("???", (None, None, None)),
        ("????", (None, None, None)),
        ("??? 6 marks", (Decimal(6), None, None)),
        ("??? 1 mark", (Decimal(1), None, None)),
        ("??? 1.5 marks", (Decimal("1.5"), None, None)),
        ("??? 0.25 Marks", (Decimal("0.25"), None, None)),
        ("??? 1000 marks", (Decimal(1000), None, None)),
        ("??? (6 marks)", (Decimal(6), None, None)),
        ("??? [6 points]", (Decimal(6), None, None)),
        ("??? Not counted; 6 marks", (Decimal(6), None, None)),
        ("??? 40-120 words", (None, 40, 120)),
        ("??? 40–120 words", (None, 40, 120)),
        ("??? 40 to 120 words", (None, 40, 120)),
        ("??? at least 40 words", (None, 40, None)),
        ("??? up to 120 words", (None, None, 120)),
        ("??? at least 40 words, up to 120 words", (None, 40, 120)),
        ("??? 6 marks, 40-120 words", (Decimal(6), 40, 120)),
        ("??? 40-120 words; 6 marks;", (Decimal(6), 40, 120)),
        ("Why? ??? 6 marks", (Decimal(6), None, None)),
        ("??? 0-10 words", (None, None, 10)),
    ],
)
def test_details(line: str, expected: tuple[Decimal | None, int | None, int | None]) -> None:
    assert asked(line) == expected
    assert codes(line) == []


@pytest.mark.parametrize(
    "details",
    [
        "0 marks",
        "1000.01 marks",
        "1.005 marks",
        "6 marks, 7 marks",
        "120-40 words",
        "0-0 words",
        "up to 0 words",
        "at least 50 words, up to 40 words",
        "up to 40 words, at least 50 words",
        "40-120 words, at least 50 words",
        "which, which",
    ],
)
def test_details_that_cannot_be(details: str) -> None:
    assert "bad-detail" in codes(f"A. x > y\ntext\n\nB. y > x\ntext\n\n??? {details}")


@pytest.mark.parametrize("details", ["soon", "6", "six marks", "-1 marks", "6 marks 40 words"])
def test_unknown_details(details: str) -> None:
    assert codes(f"??? {details}") == ["unknown-detail"]
    assert len(parse_sheet(f"??? {details}").questions) == 1


def test_what_is_known_counts_beside_what_is_not() -> None:
    assert asked("??? 6 marks, soon, at least 4 words") == (Decimal(6), 4, None)
