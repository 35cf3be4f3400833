"""What stands between a gap's marks."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from worksheets.markup import Accepted, Anticipated, Mode
from worksheets.markup.build import MAX_GAPS_IN_GROUP
from worksheets.questions import parse_sheet

from .helpers import answers, codes, weights


def test_alternatives_are_separated_by_bars() -> None:
    assert answers("___ a___ ___a | b|c___")[-1] == ["a", "b", "c"]


def test_wrong_answers_may_have_feedback() -> None:
    (gap,) = parse_sheet("___a | !b | !c: No: that was d. |!e:___").gaps
    assert gap.accepted == (Accepted("a"),)
    assert gap.anticipated == (
        Anticipated("b"),
        Anticipated("c", "No: that was d."),
        Anticipated("e"),
    )


def test_wrong_answers_alone_are_no_key() -> None:
    assert codes("___!a___") == ["gap-without-key"]


def test_a_share_is_a_whole_number_of_percent() -> None:
    assert weights("___a | 50%: b | 1 % : c | 100%:d___") == [
        Decimal(1),
        Decimal("0.5"),
        Decimal("0.01"),
        Decimal(1),
    ]


@pytest.mark.parametrize("share", ["0%", "101%", "999999999%"])
def test_other_shares_are_errors(share: str) -> None:
    assert codes(f"___a | {share}: b___") == ["bad-weight"]


def test_percent_without_a_colon_is_an_answer() -> None:
    assert answers("___50% of all | 50%___") == [["50% of all", "50%"]]


@pytest.mark.parametrize(
    ("key", "texts", "tolerance"),
    [
        ("#1936", ["1936"], "0"),
        ("# 1936", ["1936"], "0"),
        ("#1936 ±1", ["1936"], "1"),
        ("#1936±1", ["1936"], "1"),
        ("#1936 +-1", ["1936"], "1"),
        ("#1936 +/- 0.5", ["1936"], "0.5"),
        ("#-2.5", ["-2.5"], "0"),
        ("#−2.5", ["-2.5"], "0"),
        ("#.5", [".5"], "0"),
        ("#1936 | 1937", ["1936", "1937"], "0"),
        ("#1936 ±1 | #1950", ["1936", "1950"], "1"),
        ("#1 September 1939", ["1 September 1939"], "0"),
        ("#September 1939", ["September 1939"], "0"),
        ("#Sept 1st, 1939 ±2", ["Sept 1st, 1939"], "2"),
        ("#1939-09-01", ["1939-09-01"], "0"),
    ],
)
def test_a_number_is_marked_and_never_guessed(key: str, texts: list[str], tolerance: str) -> None:
    (gap,) = parse_sheet(f"___{key}___").gaps
    assert gap.mode is Mode.NUMBER
    assert [answer.text for answer in gap.accepted] == texts
    assert gap.tolerance == Decimal(tolerance)
    assert parse_sheet("___1936___").gaps[0].mode is Mode.TEXT


@pytest.mark.parametrize(
    "key", ["#many", "#1,5", "#1 000", "#1936 ±", "#1936 ±-1", "#1 ±1 | 2 ±2", "#", "#1/9/1939"]
)
def test_what_is_no_number_is_an_error(key: str) -> None:
    assert {"bad-number", "empty-answer"} & set(codes(f"___{key}___"))


def test_a_pattern_keeps_its_stars() -> None:
    (gap,) = parse_sheet("___~collectivi*ation | kolkho*___").gaps
    assert gap.mode is Mode.PATTERN
    assert [answer.text for answer in gap.accepted] == ["collectivi*ation", "kolkho*"]


def test_a_star_is_just_a_star_elsewhere() -> None:
    (gap,) = parse_sheet("___a*b___").gaps
    assert (gap.mode, gap.accepted[0].text) == (Mode.TEXT, "a*b")


def test_a_group_may_have_numbers_and_patterns() -> None:
    sheet = parse_sheet("___&years: #1936___ ___& years :#1937___ ___&w:~a*___ ___&w: b | !c___")
    assert [(gap.group, gap.mode) for gap in sheet.gaps] == [
        ("years", Mode.NUMBER),
        ("years", Mode.NUMBER),
        ("w", Mode.PATTERN),
        ("w", Mode.TEXT),
    ]
    assert sheet.problems == ()


@pytest.mark.parametrize("key", ["&gold", "&: gold", "& | a: b"])
def test_a_group_needs_a_name_and_a_colon(key: str) -> None:
    assert "group-without-name" in codes(f"___{key}___")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (r"a\|b", "a|b"),
        (r"\!Halt", "!Halt"),
        (r"\#1936", "#1936"),
        (r"\~a*", "~a*"),
        (r"\&c: d", "&c: d"),
        (r"50\%: half", "50%: half"),
        (r"50%\: half", "50%: half"),
        (r"a\\", "a\\"),
        (r"\_", "_"),
        (r"a\_\_\_", "a___"),
        (r"C:\temp", r"C:\temp"),
        ("a: b", "a: b"),
        ("a & b", "a & b"),
        ("no. #1", "no. #1"),
    ],
)
def test_a_backslash_makes_a_mark_itself(key: str, expected: str) -> None:
    assert answers(f"___{key}___") == [[expected]]
    assert codes(f"___{key}___") == []


def test_a_mark_in_a_wrong_answer_can_be_guarded() -> None:
    (gap,) = parse_sheet(r"___2:1 | !1\:2: Turn it \| round.___").gaps
    assert gap.anticipated == (Anticipated("1:2", "Turn it | round."),)


def test_a_blank_of_a_group_has_no_answer_yet() -> None:
    (gap,) = parse_sheet("___&medals:___").gaps
    assert (gap.group, gap.accepted) == ("medals", ())
    assert sorted(codes("___&medals:___")) == ["gap-without-key", "group-of-one"]
    assert sorted(codes("___&medals: | a___")) == ["empty-answer", "group-of-one"]


@pytest.mark.parametrize("key", ["a|", "|a", "a||b", "a | | b", "a | !", "a | !:", "a | 50%:"])
def test_an_empty_alternative_is_an_error(key: str) -> None:
    assert codes(f"___{key}___") == ["empty-answer"]
    assert answers(f"___{key}___")[0][0] == "a"


@pytest.mark.parametrize(
    "key", ["a | !a", "a | !A", "Ａ | !a", "it's | !it’s", "#5 | !5.0", "#5 ±1 | !4: no"]
)
def test_no_answer_is_both_right_and_wrong(key: str) -> None:
    assert codes(f"___{key}___") == ["anticipated-accepted"]


def test_a_wrong_number_outside_the_tolerance_is_fine() -> None:
    assert codes("___#5 ±1 | !3: Too few.___") == []


def test_a_group_has_an_end() -> None:
    """Every answer is tried in every place: marking takes the cube of their number."""
    sheet = parse_sheet("___&h: b___ ___&h: c___\n" + "___&g: a___\n" * 40)
    assert [(p.code, p.line, p.column) for p in sheet.problems] == [("group-too-large", 32, 1)]
    assert Counter(gap.group for gap in sheet.gaps) == {"h": 2, "g": MAX_GAPS_IN_GROUP, "": 10}
