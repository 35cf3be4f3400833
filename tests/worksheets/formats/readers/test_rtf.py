"""RTF files as lines of a paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reported import reported
from worksheets.formats.paper import UnreadablePaper, read_paper, to_markup
from worksheets.formats.readers.rtf import read_rtf
from worksheets.questions import parse_sheet


def rows(body: str) -> list[str]:
    data = (
        f"{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0 Arial;}}{{\\f1\\fcharset204 X;}}}}{body}}}"
    )
    return [str(row) for row in read_rtf(data.encode("ascii"))[0] if row]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"one\par two\line three", ["one", "two", "three"]),
        (r"caf\'e9 \u8211? na\u239?ve", ["café – naïve"]),
        (r"{\f1 \'c7\'e8\'ec\'e0}", ["Зима"]),
        (r"a {\ul           } b", ["a __________ b"]),
        (r"a {\ul word} b", ["a word b"]),
        (r"H{\sub 2}O, m{\super 2}", ["H₂O, m²"]),
        (r"a\tab b", ["a\tb"]),
        (r"{\info{\title hidden}}shown{\*\unknown hidden}", ["shown"]),
        (r"\trowd\intbl a\cell b|c\cell\row\pard after", ["| a | b\\|c |", "after"]),
        (r"It is {\v blue} here", ["It is  here"]),
        (r"It is \v blue\v0  here", ["It is  here"]),
        (r"It is \v blu\'e9\u233?\plain  here", ["It is  here"]),
        (r"It is {\v blue\par}here", ["It is", "here"]),
        (r"\{ \\ \} 2*3", ["{ \\\\ } 2\\*3"]),
    ],
)
def test_lines(body: str, expected: list[str]) -> None:
    assert rows(body) == expected


def test_a_worksheet() -> None:
    data = (
        rb"{\rtf1\ansi Bees\par\par Use the words in the box: queen, nectar, wax\par"
        rb" 1. A hive has one {\ul             }.\par"
        rb" 2. Bees collect ________ and make ______.\par}"
    )
    sheet = parse_sheet(to_markup(read_paper("a.rtf", data)).source)
    assert len(sheet.gaps) == 3
    assert sheet.banks[0].words == ("queen", "nectar", "wax")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{\\rtf1 }", "no text"),
        (b"{\\rtf1" + b"{" * 100_000, "not an RTF"),
        (b"{\\pdf}", "not a .rtf"),
    ],
)
def test_what_cannot_be_read(data: bytes, words: str) -> None:
    with pytest.raises(UnreadablePaper, match=words):
        read_paper("a.rtf", data)


tokens = st.sampled_from(
    [
        "{",
        "}",
        "\\par ",
        "\\u-5?",
        "\\'e9",
        "\\ul",
        "\\cell",
        "\\row",
        "\\f9 ",
        "a",
        "\\*",
        "\\uc3 ",
        "\\intbl ",
    ]
)


@given(st.lists(tokens, max_size=60))
def test_nothing_raises(parts: list[str]) -> None:
    read_rtf(("{\\rtf1 " + "".join(parts)).encode())


def test_hidden_text_is_told_of() -> None:
    notes = read_rtf(rb"{\rtf1 The sky is {\v blue}.\par}")[1]
    assert [note.code for note in notes] == ["hidden"]
    assert not read_rtf(rb"{\rtf1 The sky is {\v }blue.\par}")[1]


@reported("desk-25")
def test_comments_changes_heads_and_feet_are_told() -> None:
    data = (
        r"{\rtf1{\header\pard Class 10b\par}{\footerf Page {\field{\*\fldinst PAGE}{\fldrslt 1}}}"
        r"The sky {\deleted was}{\revised is} ____ \deleted old\deleted0 and"
        r"{\*\atnid AB}{\*\annotation{\*\atndate 1}\pard KEY: \'fcber} blue\deleted x\plain .}"
    )
    rows, notes = read_rtf(data.encode("ascii"))
    assert rows == ["The sky is ____ and blue."]
    assert {note.code: note.values.get("text") for note in notes} == {
        "tracked": None,
        "furniture": "Class 10b Page 1",
        "comments": "KEY: über",
    }
    assert read_rtf(rb"{\rtf1 The sky\deleted0  is\revised0  blue}")[1] == []
