"""The answers of a class to one question as counts, and the sentence that tells them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.questions import KINDS, parse_sheet, question_kind, read_answers
from worksheets.questions.answers import ItemAnswer
from worksheets.questions.picture import (
    Picture,
    Share,
    change_of_mind,
    had_right,
    share_of_class,
)

RANKING = (
    "What mattered most?\n\n??? 3 marks\nrank: Money | Fear | Faith\nright: Fear > Money > Faith"
)


def answers(source: str, *posted: dict[str, str]) -> list[ItemAnswer]:
    sheet = parse_sheet(source)
    return [read_answers(sheet, one).accepted["q1"] for one in posted]


def picture(source: str, *posted: dict[str, str]) -> Picture:
    (question,) = parse_sheet(source).questions
    found = question_kind(question).picture(question, answers(source, *posted))
    assert found is not None
    return found


def counts(found: Picture) -> list[tuple[str, tuple[int, ...]]]:
    return [(row.label, row.counts) for row in found.rows]


def ranked(*order: str) -> dict[str, str]:
    """Fields go by the alphabet: Faith, Fear, Money."""
    names = {"Faith": "q1-1", "Fear": "q1-2", "Money": "q1-3"}
    return {names[thing]: str(place) for place, thing in enumerate(order, 1)}


def test_a_ranking_is_counted_by_thing_and_place() -> None:
    fear, money = ("Fear", "Money", "Faith"), ("Money", "Fear", "Faith")
    found = picture(RANKING, *[ranked(*fear)] * 4, *[ranked(*money)] * 2)
    assert counts(found) == [("Money", (2, 4, 0)), ("Fear", (4, 2, 0)), ("Faith", (0, 0, 6))]
    assert found.sentence == "Most put “Fear” first (4 of 6)."
    assert found.right == {(0, 1), (1, 0), (2, 2)}
    assert found.result == "Most had each of them right."
    even = picture(RANKING, *[ranked(*fear)] * 3, *[ranked(*money)] * 3)
    assert even.sentence == (
        "They do not agree what comes first; most put “Faith” in place 3 (6 of 6)."
    )
    assert even.result == "About half had this right: “Money”, “Fear”. Most had the rest."
    wrong = picture(RANKING, *[ranked("Faith", "Fear", "Money")] * 5)
    assert wrong.result == "Few had any of them right."
    few = picture(RANKING, ranked(*fear), ranked("Money"))
    assert (few.sentence, few.result) == (
        "Too few to tell: 1 of 2 put “Money” first.",
        "Too few to tell what is hard.",
    )
    every = ("Money", "Fear", "Faith"), ("Fear", "Faith", "Money"), ("Faith", "Money", "Fear")
    split = picture(RANKING, *[ranked(*one) for one in every * 2])
    assert split.sentence == (
        "They do not agree what comes first: 2 of 6 say “Money”, 2 say “Fear”."
    )
    assert picture(RANKING, *[ranked(*money)] * 5).sentence == "All put “Money” first."
    assert picture(RANKING, {"q1-1": "3"}).sentence == "Nobody has said what comes first."


def test_options_are_counted_whatever_the_reasons_are() -> None:
    source = "Which?\n\n(a) It was staged.\n(b) It was believed.\n\n??? 6 marks"
    a, b, none = {"q1-choice": "a", "q1": "x"}, {"q1-choice": "b"}, {"q1": "I cannot say"}
    found = picture(source, a, a, a, a, b, none)
    assert counts(found) == [("(a) It was staged.", (4,)), ("(b) It was believed.", (1,))]
    assert (found.answered, found.result) == (5, None)
    assert found.sentence == "Most chose (a): 4 of 5."
    assert picture(source, a, a, a, b, b).sentence == "More than half chose (a): 3 of 5."
    assert picture(source, a, a, a, b, b, b).sentence == (
        "They do not agree: 3 of 6 chose (a), 3 chose (b)."
    )
    question = parse_sheet(source).questions[0]
    assert question_kind(question).picture(question, answers(source, none)) is None


def test_which_interpretation_convinced_how_many() -> None:
    source = "A. x > y\ntext\n\nB. y > x\ntext\n\n??? which"
    found = picture(source, *[{"q1-choice": "B"}] * 4, {"q1-choice": "A"})
    assert found.sentence == "Interpretation B convinced most (4 of 5)."
    assert [row.counts for row in found.rows] == [(1,), (4,)]


def test_a_choice_with_a_key_says_how_many_had_it_right() -> None:
    source = "Which?\n\n(a) x\n(b) y\n(c) z\n\n??? choose several, 2 marks\ncorrect: a, b"
    both, one = {"q1-a": "a", "q1-b": "b"}, {"q1-a": "a"}
    found = picture(source, both, both, one, one, one, one)
    assert counts(found) == [("(a) x", (6,)), ("(b) y", (2,)), ("(c) z", (0,))]
    assert (found.sentence, found.result) == (
        "All chose (a).",
        "About half had this right (2 of 6).",
    )
    assert found.right == {(0, 0), (1, 0)}


def test_statements_and_pairs_are_a_matrix_too() -> None:
    source = "1. x\n2. y\n??? true or false, 2 marks\ntrue: 1"
    right, wrong = {"q1-1": "true", "q1-2": "false"}, {"q1-1": "true", "q1-2": "true"}
    found = picture(source, *[right] * 3, *[wrong] * 3)
    assert counts(found) == [("1. x", (6, 0)), ("2. y", (3, 3))]
    assert list(found.columns) == ["true", "false"]
    assert found.sentence == "They do not agree about this: 2."
    assert found.result == "About half had this right: 2. Most had the rest."
    assert found.right == {(0, 0), (1, 1)}
    source = "1. x\n2. y\n\n(a) v\n(b) w\n(c) u\n??? match, 2 marks\npairs: 1a, 2b"
    found = picture(source, *[{"q1-1": "a", "q1-2": "c"}] * 5)
    assert counts(found) == [("1. x", (5, 0, 0)), ("2. y", (0, 0, 5))]
    assert list(found.columns) == ["(a) v", "(b) w", "(c) u"]
    assert found.sentence == "They agree about each of them."
    assert found.result == "Few had this right: 2. Most had the rest."


def test_what_pupils_write_themselves_is_not_counted() -> None:
    for name, source in [("written", "Why?\n\n???"), ("complete", "A. x > y\n???")]:
        question = parse_sheet(source).questions[0]
        assert question.kind == name
        assert KINDS[name].picture(question, answers(source, {"q1": "So."})) is None
        assert KINDS[name].choices(question) == ()


def test_what_became_of_each_answer() -> None:
    pairs = [("a", "b")] * 3 + [("a", "a")] * 2 + [("b", "a"), ("", "a"), ("c", "a")]
    found = change_of_mind(pairs, ["a", "b"])
    assert found is not None
    assert counts(found) == [("a", (2, 3)), ("b", (1, 0))]
    assert found.sentence == ("Changed their mind: 4 of 6, most often from “a” to “b” (3).")
    same = change_of_mind([("a", "a")] * 2, ["a", "b"])
    assert same
    assert same.sentence == "Nobody has changed their mind; 2 answered both times."
    assert change_of_mind([("", "a")], ["a"]) is None


@pytest.mark.parametrize(
    ("count", "total", "share"),
    [
        (0, 0, Share.TOO_FEW),
        (4, 4, Share.TOO_FEW),
        (5, 5, Share.ALL),
        (4, 6, Share.MOST),
        (3, 6, Share.HALF),
        (2, 6, Share.HALF),
        (1, 6, Share.FEW),
        (0, 6, Share.NOBODY),
    ],
)
def test_shares_in_words(count: int, total: int, share: Share) -> None:
    assert share_of_class(count, total) is share
    assert f"{count} of {total}" in had_right(count, total)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)
NAMES = st.sampled_from(["v", "text", "choice", "chosen", "places", "verdicts", "pairs"])
EACH = [
    RANKING,
    "Which?\n\n(a) x\n(b) y\n\n???",
    "A. x > y\ntext\n\n??? which",
    "Which?\n\n(a) x\n(b) y\n\n??? choose several",
    "1. x\n2. y\n??? true or false, 2 marks\ntrue: 1",
    "1. x\n2. y\n\n(a) v\n(b) w\n??? match, 1 mark\npairs: 1a, 2b",
]


@given(st.sampled_from(EACH), st.lists(st.dictionaries(NAMES, VALUES, max_size=4), max_size=6))
def test_whatever_is_stored_is_counted_or_passed_over(
    source: str, values: list[dict[str, object]]
) -> None:
    question = parse_sheet(source).questions[0]
    kind, stored = question_kind(question), [ItemAnswer.stored(value, "") for value in values]
    found = kind.picture(question, [one for one in stored if not kind.is_blank(one)])
    if found is not None:
        assert 0 < found.answered <= len(values)
        assert all(0 <= n <= found.answered for row in found.rows for n in row.counts)
        assert found.sentence
    assert all(isinstance(kind.choice(question, one), str) for one in stored)
