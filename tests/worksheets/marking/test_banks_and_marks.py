"""A sheet's bank, its checks and its marks agree on what is the same word."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.reported import reported
from worksheets.marking import mark_gaps
from worksheets.markup import Sheet
from worksheets.questions.registry import parse_sheet

CAPITALS, SPELLING, ACCENTS = "capitals: count", "spelling: counts", "accents: optional"


def read(text: str, *settings: str) -> Sheet:
    return parse_sheet("\n".join(["---", *settings, "---", text]))


def sheet_line(text: str, code: str) -> int:
    """Return the line of the text at which the error belongs: the gap's, or that of 'rank:'."""
    wanted = "rank:" if code == "repeated-thing" else "___"
    return next(n for n, line in enumerate(text.splitlines(), 1) if wanted in line)


def codes(sheet: Sheet) -> list[str]:
    return [problem.code for problem in sheet.problems]


@pytest.mark.parametrize(
    ("text", "settings", "words"),
    [
        pytest.param(
            "Kennen ___Sie___ Anna? Ja, ich kenne ___sie___ gut.\n\n[[ Sie | sie | du ]]",
            [CAPITALS],
            ("Sie", "sie", "du"),
            marks=reported("A1"),
        ),
        pytest.param(
            "Ten times ten is ___10²___, and a hundred and two is ___102___.\n\n"
            "[[ 10² | 102 | 20 ]]",
            [],
            ("10²", "102", "20"),
            marks=reported("A6"),
        ),
        pytest.param(
            "x ___Maße___ y ___Masse___\n\n[[ * ]]",
            [CAPITALS],
            ("Masse", "Maße"),
            marks=reported("A8"),
        ),
        pytest.param(
            "x ___Anti\u2011Comintern Pact___ y\n\n[[ Anti-Comintern Pact | Rhineland ]]",
            [SPELLING],
            ("Anti-Comintern Pact", "Rhineland"),
            marks=reported("B1"),
        ),
        pytest.param(
            "x ___Rhineland___ y\n\n[[ Rhine\u00adland | Ruhr ]]",
            [SPELLING],
            ("Rhine\u00adland", "Ruhr"),
            marks=reported("B3"),
        ),
        pytest.param(
            "In ___#1936___ it was.\n\n[[ 1,936 | 1935 ]]",
            [],
            ("1,936", "1935"),
            marks=reported("B4"),
        ),
        ("___#1000___ it was\n\n[[ 1 000 | 1935 ]]", [], ("1 000", "1935")),
        ("___#3.5___ it was\n\n[[ 3,5 | 1935 ]]", [], ("3,5", "1935")),
        (
            "on ___#1 September 1939___ it\n\n[[ September 1, 1939 | 1935 ]]",
            [],
            ("September 1, 1939", "1935"),
        ),
        pytest.param(
            "The city of ___New  York___ is big.\n\n[[ New  York | Rome ]]",
            [SPELLING],
            ("New York", "Rome"),
            marks=reported("C1"),
        ),
        ("a ___the Rhineland___ b\n\n[[ Rhineland | Ruhr ]]", [], ("Rhineland", "Ruhr")),
        ("a ___ψυχή___ b\n\n[[ ΨΥΧΗ | νερό ]]", [], ("ΨΥΧΗ", "νερό")),
        ("a ___și___ b\n\n[[ şi | nu ]]", [], ("şi", "nu")),
    ],
)
def test_each_gap_is_earned_by_a_word_of_the_bank(
    text: str, settings: list[str], words: tuple[str, ...]
) -> None:
    sheet = read(text, *settings)
    assert sheet.banks[0].words == words
    assert not sheet.errors
    for gap in sheet.gaps:
        assert sum(mark_gaps(sheet, {gap.key: word}).points for word in words) == 1


@pytest.mark.parametrize(
    ("text", "settings", "code"),
    [
        pytest.param(
            "The ___Polish___ people.\n\n[[ polish | German ]]",
            [CAPITALS],
            "answer-not-in-bank",
            marks=reported("A3"),
        ),
        ("a ___Rhineland___ b\n\n[[ Rhinelnd | Ruhr ]]", [], "answer-not-in-bank"),
        ("a ___the Rhineland___ b\n\n[[ Rhineland | Ruhr ]]", [SPELLING], "answer-not-in-bank"),
        # It agrees with the right answer, and was foreseen as it stands.
        (
            "a ___the Rhineland | !Rhineland: with its article___ b\n\n[[ Rhineland | Ruhr ]]",
            [],
            "answer-not-in-bank",
        ),
        ("a ___Grüße___ b\n\n[[ Gruesse | Ruhr ]]", [], "answer-not-in-bank"),
        ("a ___10²___ b\n\n[[ 102 | 20 ]]", [], "answer-not-in-bank"),
        pytest.param(
            "x ___à | !a: It needs its accent.___ y",
            [ACCENTS],
            "anticipated-accepted",
            marks=reported("M15"),
        ),
        ("x ___Polish | !polish___ y", [], "anticipated-accepted"),
        ("x ___#1 Kasım 1938 ±2 | !2 Kasım 1938___ y", ["language: tr"], "anticipated-accepted"),
        ("x ___x² | !x^2___ y", [CAPITALS], "anticipated-accepted"),
        ("What?\n\n??? 2 marks\nrank: Sie | sie\n", [], "repeated-thing"),
    ],
)
def test_what_cannot_be_earned_is_an_error_at_its_line(
    text: str, settings: list[str], code: str
) -> None:
    sheet = read(text, *settings)
    (error,) = sheet.errors
    assert error.code == code
    line = sheet_line(text, code) + len(settings) + 2
    assert error.line == line


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        pytest.param(
            "The ___Polish | !polish: It needs a capital.___ people.",
            [CAPITALS],
            marks=reported("A4"),
        ),
        ("x ___à | !a: It needs its accent.___ y", []),
        ("x ___Maße | !Masse___ y", []),
        ("x ___a | A___ y", [CAPITALS]),
        ("??? 2 marks\nrank: Sie | sie\n", [CAPITALS]),
    ],
)
def test_what_differs_under_the_settings_is_no_error(text: str, settings: list[str]) -> None:
    assert not read(text, *settings).errors


WORDS = (
    *("Rhineland", "the Rhineland", "rhineland", "Rhine\u00adland", "Ruhr", "A level", "A-level"),
    *("1936", "1,936", "1935", "3,5", "3.5", "10²", "102", "10^2", "élève", "eleve", "Maße"),
    *(
        "Masse",
        "MASSE",
        "x²",
        "x2",
        "и",
        "й",
        "şi",
        "și",
        "New  York",
        "ilk",
        "İLK",
        "ψυχή",
        "ΨΥΧΗ",
    ),
)
words = st.sampled_from(WORDS)
settings = st.sets(st.sampled_from([CAPITALS, SPELLING, ACCENTS]))


@given(
    st.sampled_from(["", "#", "~"]),
    st.lists(words, min_size=1, max_size=2),
    st.lists(words, max_size=2),
    st.lists(words, min_size=1, max_size=4),
    settings,
)
def test_no_gap_can_be_published_that_no_word_of_its_bank_earns(
    mode: str, right: list[str], wrong: list[str], bank: list[str], chosen: set[str]
) -> None:
    key = " | ".join([mode + right[0], *right[1:], *(f"!{word}" for word in wrong)])
    sheet = read(f"x ___{key}___ y\n\n[[ {' | '.join(bank)} ]]", *sorted(chosen))
    other = [code for code in codes(sheet) if code not in ("answer-not-in-bank", "repeated-word")]
    assume(not other)
    points = [mark_gaps(sheet, {"g1": word}).points for word in sheet.banks[0].words]
    assert any(points) == (not sheet.errors)


@given(st.lists(words, min_size=1, max_size=5), settings)
def test_two_words_of_a_bank_are_never_marked_as_one(bank: list[str], chosen: set[str]) -> None:
    sheet = read(f"[[ {' | '.join(bank)} ]]", *sorted(chosen))
    offered = sheet.banks[0].words
    for one, other in itertools.permutations(offered, 2):
        strict = read(f"x ___{one} | !{other}___ y", *sorted(chosen | {SPELLING}))
        if not strict.errors:
            assert mark_gaps(strict, {"g1": one}).points == 1
            assert mark_gaps(strict, {"g1": other}).points == 0
