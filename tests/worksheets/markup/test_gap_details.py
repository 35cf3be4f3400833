"""What a gap has beside its answers: choices, a hint, feedback, marks, letters around it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worksheets.markup.helpers import codes
from worksheets.markup import Accepted, Anticipated, Gap
from worksheets.markup.editing import CannotEdit, set_key
from worksheets.questions import KINDS, parse_sheet


def gap_of(source: str) -> Gap:
    return parse_sheet(source).gaps[0]


def test_everything_that_a_gap_says() -> None:
    source = "x ___Rome | !Milan: Larger. | ?: starts with R | =: Yes. | !: No. | [2.5 marks]___ y"
    gap = gap_of(source)
    assert [answer.text for answer in gap.accepted] == ["Rome"]
    assert [(wrong.text, wrong.feedback) for wrong in gap.anticipated] == [("Milan", "Larger.")]
    assert (gap.hint, gap.feedback_right, gap.feedback_wrong) == ("starts with R", "Yes.", "No.")
    assert (gap.marks, gap.points) == (Decimal("2.5"), Decimal("2.5"))
    assert codes(source) == []
    assert parse_sheet(source).automatic_marks == Decimal("2.5")


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("\\?: a", "?: a"),
        ("\\=: a", "=: a"),
        ("\\[2 marks]", "[2 marks]"),
        ("choose\\: a", "choose: a"),
        ("[2]", "[2]"),
        ("a: b", "a: b"),
    ],
)
def test_an_answer_can_look_like_one(key: str, answer: str) -> None:
    gap = gap_of(f"x ___{key}___ y")
    assert [one.text for one in gap.accepted] == [answer]
    assert not gap.offers_choices


@pytest.mark.parametrize(
    ("key", "choices", "right"),
    [
        ("choose: was | !were", ("was", "were"), ["was"]),
        ("choose: !were | !was", ("was", "were"), []),
        ("Choose : b | 50%: c | !a: Why?", ("a", "b", "c"), ["b", "c"]),
        ("choose: #1 | !#2", ("#1", "#2"), ["#1"]),
    ],
)
def test_choices_of_a_gap(key: str, choices: tuple[str, ...], right: list[str]) -> None:
    sheet = parse_sheet(f"x ___{key}___ y\n\n[[ p | q ]]")
    (gap,) = sheet.gaps
    assert (gap.choices, [answer.text for answer in gap.accepted]) == (choices, right)
    assert gap.bank is None
    assert [p.code for p in sheet.errors] == ([] if right else ["gap-without-key"])


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("at b___ecause___ it", ("b", "")),
        ("un___believ___able", ("un", "able")),
        ("b______ it", ("b", "")),
        ("x ___a___ y", ("", "")),
        ("**b**___a___", ("", "")),
        ("2___a___-b", ("", "")),
        ("___a___b___c___", ("", "b")),
        (f"{'x' * 40}______", ("", "")),
        ("公园里的____开了", ("", "")),
    ],
)
def test_letters_around_a_gap(text: str, letters: tuple[str, str]) -> None:
    gap = gap_of(text)
    assert (gap.before, gap.after) == letters


texts = st.text(st.sampled_from("ab ?=![]:2|\\#_chose*"), max_size=12)


@given(texts, texts, texts, texts, st.booleans())
def test_what_is_written_of_a_gap_is_read_again(
    word: str, hint: str, right: str, wrong: str, offers: bool
) -> None:
    """Or it is refused: nothing else changes."""
    source = "before ___choose: p | !q___ after" if offers else "before ______ after"
    gap = gap_of(source)
    wanted = replace(
        gap,
        accepted=(Accepted(" ".join(word.split())),) if word.strip() else (),
        anticipated=(Anticipated("p"), Anticipated("q")) if offers else (),
        hint=hint,
        feedback_right=right,
        feedback_wrong=wrong,
        marks=Decimal(3),
    )
    try:
        text = set_key(source, gap, wanted, KINDS.values())
    except CannotEdit:
        return
    found = gap_of(text)
    assert [one.text for one in found.accepted] == [" ".join(word.split())][: bool(word.strip())]
    assert found.hint == " ".join(hint.split())
    assert (found.offers_choices, found.marks) == (offers, Decimal(3))
    assert text.startswith("before ___")
    assert text.endswith("___ after")
