"""Each problem: that it is found, where, and in words that a teacher understands."""

from __future__ import annotations

import pytest

from worksheets.questions import parse_sheet

from .conftest import PROBLEMS
from .helpers import codes, where


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_problem_is_found(code: str) -> None:
    assert code in codes(PROBLEMS[code])


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_message_is_a_plain_sentence(code: str) -> None:
    for problem in parse_sheet(PROBLEMS[code]).problems:
        assert problem.message[0].isupper() or problem.message[0] in "'["
        assert problem.message.rstrip("'").endswith((".", ")", "?"))
        assert "None" not in problem.message


@pytest.mark.parametrize(
    ("source", "code", "place"),
    [
        ("one\n  two ______", "gap-without-key", (2, 7)),
        ("one\r\ntwo ______", "gap-without-key", (2, 5)),
        ("one\rtwo ______", "gap-without-key", (2, 5)),
        ("\tx ______", "gap-without-key", (1, 4)),
        ("- a\n- b ______", "gap-without-key", (2, 5)),
        ("- a\n  wrapped ______", "gap-without-key", (2, 11)),
        ("> a ______", "gap-without-key", (1, 5)),
        ("## Part ______", "gap-without-key", (1, 9)),
        ("1. a ______", "gap-without-key", (1, 6)),
        ("(a) x ____\n(b) y", "gap-without-key", (1, 7)),
        ("| a | b |\n|---|---|\n| c | d ____ |", "gap-without-key", (3, 9)),
        ("| a |\n|---|\n| \\| ____ |", "gap-without-key", (3, 6)),
        ("*a* [b](https://c.d) ____", "gap-without-key", (1, 22)),
        ("*a ____*", "gap-without-key", (1, 4)),
        ("x ___a | b | #1 | !___", "empty-answer", (1, 19)),
        ("x ___a |  | b___", "empty-answer", (1, 9)),
        ("x ___a | 0%: b___", "bad-weight", (1, 10)),
        ("x ___&g:  #no___", "bad-number", (1, 12)),
        ("one\nWhy? ??? 5 marks, soon", "unknown-detail", (2, 19)),
        ("??? 5 marks; 3 marks", "bad-detail", (1, 14)),
        ("---\nspelling: no\n---", "unknown-value", (2, 11)),
        ("---\n\n bad: no\n---", "unknown-setting", (3, 2)),
        ("text\n\n [[ a | b", "unclosed-bank", (3, 2)),
        ("[[ a | b\n   | a ]]", "repeated-word", (2, 6)),
        ("![x](a/b.png)", "picture-name", (1, 6)),
        ("text ![x](a.png)", "picture-in-text", (1, 6)),
        ("a\n\n  model: x", "stray-model", (3, 3)),
        ("a [^x]", "missing-footnote", (1, 3)),
        ("see [[ a ]]", "bank-in-text", (1, 5)),
        ("a\nthe ___word", "unclosed-gap", (2, 5)),
        ("\ufeff____", "gap-without-key", (1, 1)),
    ],
)
def test_a_problem_is_found_at_its_place(source: str, code: str, place: tuple[int, int]) -> None:
    assert where(source, code) == place


def test_problems_come_in_the_order_of_the_text() -> None:
    places = [(p.line, p.column) for p in parse_sheet("[[ ]]\n\n____ ____\n??? x\n____").problems]
    assert places == sorted(places)


def test_errors_are_those_that_keep_a_sheet_from_being_published() -> None:
    sheet = parse_sheet("____ ___a | a___")
    assert [problem.code for problem in sheet.problems] == ["gap-without-key", "repeated-answer"]
    assert [problem.code for problem in sheet.errors] == ["gap-without-key"]


@pytest.mark.parametrize(
    ("source", "gap"),
    [
        ("___a___ ___b___ ____", "Gap 3"),
        ("____ of 1936", "Gap 1"),
        ("There was support for ____ and 5-Year Plans", "Gap 1 (… was support for ▁▁)"),
        ("Italy's\ninvasion of ____", "Gap 1 (… Italy's invasion of ▁▁)"),
        ("From ___a___ to ____", "Gap 2 (… to ▁▁)"),
        ("| a | b |\n|---|---|\n| c | took ____ |", "Gap 1 (… took ▁▁)"),
        (f"{'x' * 100} ____", f"Gap 1 (… {'x' * 59} ▁▁)"),
    ],
)
def test_the_gap_without_key_is_named_by_its_number_and_the_words_before(
    source: str, gap: str
) -> None:
    assert parse_sheet(source).problems[0].message == f"{gap} has no answer yet."
