"""Where problems, gaps, questions and banks stand in the text, to the character."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from worksheets.markup import MarkupProblem
from worksheets.markup.parser import MAX_BYTES
from worksheets.questions import parse_sheet

from .conftest import PROBLEMS
from .test_sample import SAMPLES
from .texts import MARKS, any_text

SAMPLE = (SAMPLES / "terror.md").read_text(encoding="utf-8")
LINE_END = re.compile(r"\r\n?|\n")

# For each problem, texts in which ⟦ ⟧ stand around what is wrong.
WRONG = {
    "answer-not-in-bank": ["a ⟦___b | c___⟧ d\n\n[[ e ]]"],
    "anticipated-accepted": [
        "___a |⟦!A⟧ | b___",
        "___#1 | ⟦! 1.0 : x⟧___",
        "| ___a \\| ⟦!a⟧___ |\n|---|",
    ],
    "bad-detail": [
        "___a | ?: b | ⟦?: c⟧___",
        "___a | ⟦[1001 marks]⟧___",
        "(a) x\n(b) y\n??? choose several, ⟦choose one⟧",
        "??? ⟦0 marks⟧",
        "??? 1 mark, not counted, ⟦not  counted⟧",
        "??? 5 marks;⟦3 marks⟧ , 2-3 words",
        "???\nrank: A | B\n ⟦Rank: C |\nD⟧ ",
    ],
    "bad-key": [
        "(a) x\n(b) y\n??? choose several, 1 mark\n correct: a, ⟦c⟧ , b",
        "(a) x\n(b) y\n??? choose one, 1 mark\ncorrect: ⟦a, b⟧ ",
        "1. x\n2. y\n??? true or false, 1 mark\ntrue: 1,\n ⟦1⟧",
        "1. x\n2. y\n\n(a) v\n(b) w\n??? match, 1 mark\npairs: 1a, ⟦3b⟧",
        "1. x\n2. y\n\n(a) v\n(b) w\n??? match, 1 mark\npairs: ⟦1a⟧",
    ],
    "bad-number": ["___# ⟦many⟧ | 1___", "___#1 | ⟦50%: x⟧___"],
    "bad-pattern": ["___~a | ⟦a\\*b⟧___"],
    "bad-verdicts": ["1. x\n??? true or false\nas: ⟦vrai | vrai⟧ "],
    "bad-weight": ["___a | ⟦101%: a⟧___", "___⟦0%: a⟧___"],
    "bad-formula": [r"a **b ⟦\(\foo\)⟧** c"],
    "bank-in-text": ["Choose from ⟦[[ a | b ]]⟧ now ]]"],
    "bank-runs-out": ["___a___ ___a___\n\n  ⟦[[ each word once:\r\na ]]⟧ b"],
    "bank-too-large": [
        f"{'___a___ ' * 2000}\n\n ⟦[[ a | {' | '.join(c * 499 for c in 'bcdefg')} ]]⟧ \n"
    ],
    "bank-too-long": [f"⟦[[ {' | '.join(map(str, range(201)))} ]]⟧"],
    "empty-answer": [
        "___a|⟦⟧|b___",
        "___a |⟦  ⟧| b___",
        "___a | ⟦!⟧___",
        "___a | ⟦50%:⟧___",
        "___a |⟦⟧___",
        "___a | ⟦=:⟧ | b___",
    ],
    "empty-bank": ["a\n⟦[[ each word once: \n ]]⟧ b"],
    "empty-interpretation": [" ⟦A. x >\ny⟧ "],
    "footnote-twice": ["x[^1]\n\n[^1]: a\n\n ⟦[^1]⟧: b"],
    "gap-in-bank": ["[[ a | ⟦b ____ c⟧ |\n d ]]"],
    "gap-in-formula": [r"a ⟦\(x = ___7___\)⟧ b"],
    "gap-in-link": ["[a *⟦___b___⟧* ____](https://example.org)"],
    "gap-not-here": [
        "x[^1]\n\n[^1]: a ⟦___b___⟧ c",
        "![ ⟦a ____⟧ ](b.png)",
        "(a) ⟦.....⟧\n(b) y\n???",
        "???\nrank: A | ⟦b ____⟧ |\nC",
    ],
    "gap-without-key": [
        "😀\ta ⟦______⟧.",
        "\ufeff⟦____⟧",
        "a\r\nb\r⟦........⟧ c",
        "> - ⟦…………⟧",
        "| a\\|⟦____⟧ |\n|---|",
        "\0\f\v\ud800⟦____⟧",
    ],
    "glued-underscores": ["word⟦___⟧ x"],
    "group-of-one": ["a ⟦___&g: a___⟧"],
    "group-too-large": ["___&g: a___ " * 30 + "⟦___&g: b___⟧"],
    "group-without-name": ["___⟦&: a⟧ | b___", "___⟦& a⟧ | b: c___"],
    "interpretation-twice": ["A. x > y\ntext\n\n ⟦A⟧) y > x\ntext"],
    "line-in-model": ["???\nmodel: a\n\t⟦2. Why?⟧ \nb"],
    "long-order": [f" ⟦A. x > {'y' * 200}⟧\ntext"],
    "long-word": [f"[[ a |  ⟦{'b' * 501}⟧ ]]"],
    "misplaced-as": ["(a) x\n(b) y\n??? choose one, true or false\n ⟦as: a |\nb⟧"],
    "misplaced-because": [
        "(a) x\n(b) y\n???\nrank: A | B\n⟦because:⟧",
        "(a) x\n(b) y\n???\nrank: A | B\n⟦because: 1 mark,\n up to 3 words⟧",
    ],
    "misplaced-choose": ["A. x > y\n??? 2 marks; ⟦Choose  several⟧"],
    "misplaced-correct": ["a\n ⟦correct: a, c⟧ \nb", "???\nmodel: a\n⟦Correct: (b)⟧"],
    "misplaced-match": ["A. x > y\n??? ⟦match⟧"],
    "misplaced-not-given": ["??? 1 mark\n⟦not given: none⟧", "⟦Not given: 1, 3⟧"],
    "misplaced-pairs": [" ⟦pairs: 1c; 2 - a⟧ "],
    "misplaced-rank": [" ⟦rank: A | B⟧ "],
    "misplaced-right": ["a\n⟦right: A > B⟧\nb", "???\nmodel: a\n⟦right: A > B⟧"],
    "misplaced-statements": ["A. x > y\n??? ⟦true or false⟧, 1 mark"],
    "misplaced-true": ["??? 1 mark\n⟦true: none⟧", "⟦True: 1, 3⟧"],
    "misplaced-which": ["A. x > y\n??? 2 marks, ⟦which⟧"],
    "misplaced-words": [
        "??? 1 mark, ⟦up to 20 words⟧\nrank: A | B",
        "??? ⟦3 to 20 words⟧\nrank: A | B",
        "(a) x\n(b) y\n??? choose one, ⟦up to 20 words⟧",
    ],
    "missing-footnote": ["x⟦[^1]⟧ y"],
    "no-interpretations": ["??? ⟦Which⟧, 2 marks"],
    "nothing-to-choose": [
        "??? 1 mark, ⟦choose one⟧",
        "1. a\n2. ___b___\n??? ⟦true or false⟧",
        "1. a\n2. b\n??? ⟦match⟧",
    ],
    "option-order": ["(a) x\n(b) y\n ⟦(d)⟧ z"],
    "pattern-in-bank": ["⟦___~a*___⟧\n\n[[ * | b ]]"],
    "picture-in-text": ["see ⟦![a](b.png)⟧ here"],
    "picture-name": ['![a]( ⟦https://example.org/b.png⟧ "c")'],
    "picture-without-text": ["![⟦⟧](b.png)"],
    "rank-things": ["???\nrank: ⟦A⟧ ", "???\nrank:⟦⟧", f"???\nrank: A |\n⟦{'b' * 201}⟧ | C"],
    "repeated-answer": ["___a | ⟦A⟧ | b___"],
    "repeated-thing": ["???\nrank: A | b |\n  ⟦a⟧ | c"],
    "repeated-word": ["[[ a\n⟦A⟧ | b ]]"],
    "right-as-listed": ["??? 1 mark\nrank: A | B\nright: ⟦A >\nB⟧"],
    "right-without-marks": ["a ⟦???⟧\nrank: A | B\nright: B > A"],
    "setting-twice": ["---\nspelling: counts\n ⟦spelling: counts⟧ \n---"],
    "shown-key": ["???\nrank: A | B\n ⟦**right:** B > A⟧"],
    "shown-model": ["???\n ⟦**Model:** a⟧ "],
    "stray-model": ["a\n\n ⟦model: x⟧\ny"],
    "too-few-choices": ["a ___⟦choose: a | a⟧___", "___⟦&g: choose: a⟧___"],
    "too-long": ["ab\n" * (MAX_BYTES // 3) + "xx⟦yz⟧", "x" * (MAX_BYTES - 1) + "⟦é\n⟧"],
    "too-many-lines": ["a\n\n" * 5000 + " ⟦b⟧ \nc"],
    "too-many-questions": ["???\n\n" * 500 + "Why?\n ⟦??? 1 mark⟧\n"],
    "too-many-gaps": ["___a___ " * 2000 + "⟦___b___⟧ ____"],
    "unclosed-bank": ["text\n\n ⟦[[ a | b⟧ \nc"],
    "unclosed-gap": ["the ⟦___⟧word goes on"],
    "uneven-table": ["| a | b |\n|---|---|\n  ⟦| c |⟧ "],
    "unknown-detail": ["Why? ??? 5 marks, ⟦soon  enough⟧ ; 2-3 words"],
    "stars-at-figures": ["a 2⟦*3*⟧4 b"],
    "unknown-language": ["---\nlanguage: ⟦no such⟧ \n---"],
    "unknown-setting": ["---\n ⟦colour⟧ : red\n---"],
    "unknown-value": ["---\nspelling: ⟦per haps⟧ \n---"],
    "unused-footnote": [" ⟦[^1]⟧: a"],
    "wrong-order": ["??? 1 mark\nrank: A | B\nright: ⟦A⟧"],
}


def test_each_problem_has_an_example() -> None:
    assert WRONG.keys() == PROBLEMS.keys()


@pytest.mark.parametrize(
    ("code", "marked"), [(code, text) for code in WRONG for text in WRONG[code]]
)
def test_what_is_wrong_is_selected_and_nothing_else(code: str, marked: str) -> None:
    start, end = marked.index("⟦"), marked.index("⟧") - 1
    source = marked.replace("⟦", "").replace("⟧", "")
    found = [problem for problem in parse_sheet(source).problems if problem.code == code]
    assert (found[0].start, found[0].end) == (start, end), source[found[0].start : found[0].end]


def test_each_wrong_thing_has_a_problem_of_its_own() -> None:
    source = "___a | A | !a | !A | a___\n??? at least 2 words, up to 4 words\nrank: b | B | b"
    wrong = [source[problem.start : problem.end] for problem in parse_sheet(source).problems]
    assert wrong == ["A", "!a", "!A", "a", "at least 2 words", "up to 4 words", "B", "b"]


def is_in_place(source: str, problem: MarkupProblem) -> bool:
    before = LINE_END.split(source[: problem.start].removeprefix("\ufeff"))
    place = (len(before), len(before[-1]) + 1)
    return 0 <= problem.start <= problem.end <= len(source) and place == (
        problem.line,
        problem.column,
    )


mutated_sample = st.tuples(
    st.integers(0, len(SAMPLE)), st.integers(0, 40), st.lists(st.sampled_from(MARKS), max_size=3)
).map(lambda cut: f"{SAMPLE[: cut[0]]}{''.join(cut[2])}{SAMPLE[cut[0] + cut[1] :]}")


@given(any_text | mutated_sample)
@example("\r\n____\r\r\n|\t____\\|\n\ufeff" + "\f" * 3 + "____")
def test_extents_are_in_the_text_and_agree_with_line_and_column(source: str) -> None:
    for problem in parse_sheet(source).problems:
        assert is_in_place(source, problem), problem


@given(any_text | mutated_sample)
def test_items_and_banks_know_where_they_stand(source: str) -> None:
    sheet = parse_sheet(source)
    for gap in sheet.gaps:
        text = source[slice(*gap.extent)]
        assert re.fullmatch(r"_{3,}|[.…]+|___(?:\S|\S.*\S)___", text), text
    for question in sheet.questions:
        text = source[slice(*question.extent)]
        assert (
            text.startswith("???") or not text.strip("._… \t\r\n\f\v\xa0\u2028") or "rank" in source
        )
    for bank in sheet.banks:
        text = source[slice(*bank.extent)]
        assert text.startswith("[["), text
        assert text.endswith("]]"), text
    for rows in (sheet.gaps, sheet.questions, sheet.banks):
        places = [row.extent for row in rows]
        assert places == sorted(places)


@pytest.mark.parametrize(
    ("source", "extents"),
    [
        ("a\r\n???  6 marks, which \r\n", ["???  6 marks, which"]),
        ("Why? ??? 2 marks", ["??? 2 marks"]),
        (
            " ......\n\n....... \n\n________\n________\nx",
            ["......\n\n.......", "________\n________"],
        ),
        ("???\nrank: a | b\nbecause: 2 marks,\n 3-4 words ", ["???", "2 marks,\n 3-4 words"]),
        ("???\nrank: a | b\nbecause:", ["???", ""]),
    ],
)
def test_the_extent_of_a_question_is_where_its_details_are_written(
    source: str, extents: list[str]
) -> None:
    questions = parse_sheet(source).questions
    assert [source[slice(*question.extent)] for question in questions] == extents
