"""From paper to markup."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.work import lines_run
from tests.worksheets.markup.texts import PAPER_SHAPES, any_text
from worksheets.authoring import MAX_SOURCE
from worksheets.formats.paper import to_markup
from worksheets.questions import parse_sheet

from .made import CONTENTS, GAPS


def codes(text: str) -> list[str]:
    return [caution.code for caution in to_markup(text).warnings]


@pytest.mark.parametrize(
    ("paper", "markup"),
    [
        ("It was a ________________ day.", "It was a ______ day."),
        ("It was a ___ day.", "It was a ______ day."),
        ("It was a ............ day.", "It was a ______ day."),
        ("It was a ………… day.", "It was a ______ day."),
        ("It was a . . . . . . . day.", "It was a ______ day."),
        ("Going ...... to ... school .... now.", "Going ______ to ______ school ______ now."),
        ("Well... so be it....", "Well... so be it...."),
        ("Wait... today... he came.", "Wait... today... he came."),
        ("Two  *stars* and 2*3*4 and a * b.", "Two \\*stars\\* and 2\\*3\\*4 and a * b."),
        ("A `tick` and a \\ stroke.", "A \\`tick\\` and a \\\\ stroke."),
        ("#9 is a sign.", "\\#9 is a sign."),
        ("> is a sign.", "\\> is a sign."),
        ("Model: the one.", "Model\\: the one."),
        ("Model answers: the one.", "Model answers\\: the one."),
        ("Rubrics : the one.", "Rubrics \\: the one."),
        ("Rank: Captain of the guard.", "Rank\\: Captain of the guard."),
        ("Right : Russia, and left, Germany.", "Right \\: Russia, and left, Germany."),
        ("Because: ______ .", "Because\\: ______ ."),
        ("Left: Germany. Right: Russia.", "Left: Germany. Right: Russia."),
        ("______ (Stalin’s friends) came.", "______ (Stalin’s friends) came."),
    ],
)
def test_text(paper: str, markup: str) -> None:
    assert to_markup(paper).source == f"{markup}\n"


def test_markup_comes_back_as_it_is() -> None:
    for source in ("# Title\n\na ___b___  \nmore", "a ___b___ c", "a\n[[ b ]]\n"):
        assert to_markup(source).source == source
        assert codes(source) == ["already-markup"]


def test_headings_alone_make_no_markup() -> None:
    """A Markdown file is a paper like others."""
    assert to_markup("# Title\n\nIt was a \\_\\_\\_\\_ day.\n").source == (
        "# Title\n\nIt was a ______ day.\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "Put them in order.\n??? 3 marks\nrank: b | a\n",
        "Put them in order. ???\nrank: b | a | c\nright: a > b > c\nbecause: 2 marks\n\nMore.\n",
        "Put them in order.\n\n???\n\nbecause: 20 words\nright: a > b\nrank: b | a\n",
        "Put them in order.\n\n???\nrank:\n",
    ],
)
def test_a_ranking_comes_back_as_it_is(source: str) -> None:
    assert to_markup(source).source == source
    assert codes(source) == ["already-markup"]


def test_words_of_a_ranking_below_room_to_write_are_guarded() -> None:
    paper = "A title\n\nWho is it?\n\n???\n\nRank: Captain it was.\n\nBecause: he said so.\n"
    source = to_markup(paper).source
    assert source.endswith("???\n\nRank\\: Captain it was.\n\nBecause\\: he said so.\n")


def test_nothing_makes_nothing() -> None:
    assert to_markup("").source == ""
    assert to_markup(" \n\n").warnings == ()


def test_a_word_with_a_number_glued_to_it_has_a_footnote() -> None:
    imported = to_markup("He stood beside Stalin1 and smiled.\n\n1 He wanted to look tall.\n")
    assert imported.source == (
        "He stood beside Stalin[^1] and smiled.\n\n[^1]: He wanted to look tall.\n"
    )
    assert "footnote" in [caution.code for caution in imported.warnings]


def test_a_number_that_nothing_mentions_is_text() -> None:
    assert "[^" not in to_markup("He stood there.\n\n1 He wanted to look tall.\n").source


class TestRooms:
    @pytest.mark.parametrize(
        "text",
        [
            "- Where is it?",
            "1. Where is it?",
            "1. Where is it?\n(a) here\n(b) there?",
            "1. Where is it?\n\nLook at the map.",
            "Where is it?",
            "Explain where it is.",
            "Erkläre, wo es ist.",
            "Add what is missing in this text. (4 marks)",
        ],
    )
    def test_what_asks_gets_room(self, text: str) -> None:
        assert "room-added" in codes(f"Some text.\n\n{text}\n")

    @pytest.mark.parametrize(
        "text",
        [
            "- Where is it?\n\n???",
            "1. Where is it?\n(a) here\n(b) there?\n\nYour answer: ???",
            "1. Is it ______?",
            "1. It is here.",
            "0. Where is it? (It is here.)",
            "“Where is it?”",
        ],
    )
    def test_these_get_none(self, text: str) -> None:
        assert "room-added" not in codes(f"Some text.\n\n{text}\n")

    def test_which_convinces_most_lets_pupils_choose(self) -> None:
        paper = (
            "Some text.\n\nA. Money > Power\nHe wanted money.\n\nB. Power > Money\n"
            "He wanted power.\n\n1. Which of these do you find most convincing?\n"
        )
        assert "??? which" in to_markup(paper).source
        (question,) = parse_sheet(to_markup(paper).source).questions
        assert question.kind == "convincing"

    def test_without_interpretations_it_is_a_question_like_any_other(self) -> None:
        paper = "Some text.\n\n1. Which of these do you find most convincing?\n"
        assert "which\n" not in to_markup(paper).source


def test_printed_answers_are_taken_out_and_offered() -> None:
    imported = to_markup("A ______ meows.\n\nAnswer Key:\n\n1. cat\n")
    assert imported.source == "A ______ meows.\n"
    assert imported.printed_key == {1: "cat"}
    assert imported.key_text == "Answer Key:\n1. cat"
    (caution,) = [c for c in imported.warnings if c.code == "printed-key"]
    assert "cat" in caution.message


def test_cautions_name_their_lines() -> None:
    imported = to_markup("Some text.\n\n- Where is it?\n\nMore.\n")
    (caution,) = [c for c in imported.warnings if c.code == "room-added"]
    assert imported.source.split("\n")[caution.line - 1] == "???"
    assert str(caution).startswith(f"Line {caution.line}: ")


def letters(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]", text.casefold()))


paper_soup = any_text.map(lambda text: re.sub(r"___+", "____", re.sub(r"#|\[\[", "", text)))
PIECES = [
    *(text for c in CONTENTS.values() for text in (c.fill, f"{c.label}: ", c.key, c.true_false)),
    *GAPS.values(),
    *("\n", "\n", "\n\n", " ", "   ", "\t", "1. ", "2) ", "a) ", "(b) ", "A. ", "- ", "• ", "☐ "),
    *("| a | b |\n", "|---|---|\n", "(4 marks)", "[6]", "/4", "Name: ", "cat", "dog, bird"),
    *("?", "Why?", "Explain.", "Answers: ", "# ", "**b**", "Match the words.", "Circle it.", "( )"),
    *("...", "…", "x / y", "· ", "word word word", "I. ", "Exercise 1", "1936", "é", "؟", "一、"),
    *("<details>\n", "</details>\n", "<summary>Lösung</summary>\n"),
]
papers = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40).map("".join)
# What formats write around a text, and what stands for a blank, is no word of it.
_NO_WORDS = re.compile(
    r"\\underline\{\\hspace\{2cm\}\}|</?(?:details|summary)[^>]*>|\[blank\]", re.IGNORECASE
)


@given(any_text | paper_soup | papers | st.text(alphabet="ab. A1)\n?-_>", max_size=120))
def test_no_letter_of_any_text_is_lost(text: str) -> None:
    imported = to_markup(text)
    said = "".join(str(caution.message) for caution in imported.warnings)
    left = letters(_NO_WORDS.sub("", text)) - letters(imported.source + imported.key_text + said)
    assert not left
    parse_sheet(imported.source)


words = st.sampled_from(["zebra", "Milch", "rivière", "и", "was", "the 3rd", "(old)"])


@given(
    st.lists(st.tuples(words, st.sampled_from(["______", "..........", "…………"]), words), min_size=1)
)
def test_no_blank_disappears(pieces: list[tuple[str, str, str]]) -> None:
    text = "It is " + " and ".join(f"{before} {blank} {after}" for before, blank, after in pieces)
    imported = to_markup(f"{text} here.\n")
    assert len(parse_sheet(imported.source).gaps) == len(pieces)


@pytest.mark.slow
@pytest.mark.parametrize("shape", PAPER_SHAPES)
def test_work_grows_with_the_text(shape: str) -> None:
    small, large = (
        lines_run(partial(to_markup, shape * (count // len(shape)))) for count in (1_000, 4_000)
    )
    assert large < small * 5


@pytest.mark.slow
@pytest.mark.parametrize("shape", PAPER_SHAPES)
def test_the_longest_text_comes_to_an_end(shape: str) -> None:
    to_markup(shape * (MAX_SOURCE // len(shape)))
