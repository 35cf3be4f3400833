"""What a stretch of a text is can be changed; everything else stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.markup import Extent, Gap, Heading, Paragraph
from worksheets.markup.bank_words import join_words, remove_word, split_word, words_of
from worksheets.markup.editing import CannotEdit
from worksheets.markup.reshaping import (
    clear_gap,
    drop_name_line,
    gap_to_box,
    to_bank,
    to_box,
    to_heading,
    to_option,
    to_plain,
)
from worksheets.markup.source import read_lines
from worksheets.questions import KINDS, parse_sheet

from .texts import any_text, mark_soup

GapChange = Callable[[str, Gap, Any], str]
LineChange = Callable[[str, Extent, Any], str]
KINDS_OF_ITEM = KINDS.values()
LINES: list[LineChange] = [to_heading, to_option, to_box, to_plain]


def at(source: str, words: str) -> Extent:
    start = source.index(words)
    return Extent(start, start + len(words))


def changed_gap(change: GapChange, source: str, number: int = 1) -> str:
    return change(source, parse_sheet(source).gaps[number - 1], KINDS_OF_ITEM)


def changed_line(change: LineChange, source: str, words: str) -> str:
    return change(source, at(source, words), KINDS_OF_ITEM)


# --- gaps -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a ______ b ____", "a \\______ b ____"),
        ("a ........ b", "a \\______ b"),
        ("a ……… b", "a \\______ b"),
        ("the ___Fourth International | x | !y: z___ in", "the Fourth International in"),
        ("They ___choose: were | !was___ big.", "They was / were big."),
        ("___5 * 3___ or ___b___", "5 * 3 or ___b___"),
        ("| a | ____ |\n|---|---|\n| b | c |", "| a | \\______ |\n|---|---|\n| b | c |"),
    ],
)
def test_what_was_no_gap_is_plain_text(source: str, text: str) -> None:
    assert changed_gap(clear_gap, source) == text


def test_a_key_that_cannot_be_read_is_not_lost() -> None:
    with pytest.raises(CannotEdit):
        changed_gap(clear_gap, "___# a___")


def test_only_that_gap_is_cleared() -> None:
    source = "______ a ___b | !c: d___ ______\r\n\r\n[[ b | e ]]\r\n"
    text = changed_gap(clear_gap, source, 2)
    assert text == "______ a b ______\r\n\r\n[[ b | e ]]\r\n"
    assert len(parse_sheet(text).gaps) == 2


@pytest.mark.parametrize(
    ("source", "number", "text"),
    [
        ("Name: ______ Date: ______\n\na ____", 1, "Date: ______\n\na ____"),
        ("Name: ______ Date: ______\n\na ____", 2, "Name: ______\n\na ____"),
        ("# A\n\nYour full name: ______\n\nb", 1, "# A\n\nb"),
        ("Name ______", 1, ""),
    ],
)
def test_the_line_for_a_name_goes_with_its_label(source: str, number: int, text: str) -> None:
    assert changed_gap(drop_name_line, source, number) == text


@pytest.mark.parametrize(
    "source",
    ["Stalin gained support for ______.", "He left. Name: ______", "We all know: it is ____"],
)
def test_a_sentence_is_no_label(source: str) -> None:
    with pytest.raises(CannotEdit):
        changed_gap(drop_name_line, source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("2. Why? ......", "2. Why?\n???"),
        ("Why? ______ Say it. \nb", "Why?\n???\nSay it. \nb"),
        ("Why ______.", "Why\n???"),
        ("______", "???"),
        ("Because ___of him___", "Because\n???\nmodel: of him"),
    ],
)
def test_a_gap_becomes_an_answer_box(source: str, text: str) -> None:
    assert changed_gap(gap_to_box, source) == text


def test_a_table_has_no_answer_box() -> None:
    with pytest.raises(CannotEdit):
        changed_gap(gap_to_box, "| a | ____ |\n|---|---|\n| b | c |")


# --- lines ----------------------------------------------------------------------

SHEET = """\
Stalin gained support for ______ and more. Trotsky did not.

[[ one | Fourth International | three ]]

- Causes, and why
1. What do they think?

???

(a) he was
(b) she was

## Purges
Words one, two

2. Why? ???
"""


@pytest.mark.parametrize(
    ("change", "words", "old", "new"),
    [
        (to_heading, "Words one, two", "Words one, two", "## Words one, two"),
        (to_heading, "Causes, and why", "- Causes, and why", "## Causes, and why"),
        (to_heading, "Trotsky did not", " Trotsky did not.", "\n\n## Trotsky did not."),
        (to_option, "Words one, two", "Words one, two", "(a) Words one, two"),
        (to_option, "## Purges", "## Purges", "(c) Purges"),
        (to_box, "What do they think", "think?\n", "think?\n???\n"),
        (to_box, "one, two", "one, two\n", "one, two\n???\n"),
        (to_plain, "Purges", "## Purges\n", "Purges\n\n"),
        (to_plain, "(b) she was", "(b) she was", "\n(b\\) she was"),
        (to_plain, "???", "???\n\n", ""),
        (
            to_plain,
            "Fourth",
            "[[ one | Fourth International | three ]]",
            "one, Fourth International, three",
        ),
    ],
)
def test_a_line_becomes_something_else(change: LineChange, words: str, old: str, new: str) -> None:
    assert changed_line(change, SHEET, words) == SHEET.replace(old, new, 1)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("1. a\n2. b\n\n??? true or false\ntrue: 1\nas: vrai | faux\n\nc", "1. a\n2. b\n\nc"),
        ("(a) x\n(b) y\n\n??? choose one, 2 marks\ncorrect: b\n", "(a) x\n(b) y\n\n"),
        (
            "1. a\n2. b\n\n(a) x\n(b) y\n\n??? match\npairs: 1a,\n2b",
            "1. a\n2. b\n\n(a) x\n(b) y\n\n",
        ),
    ],
)
def test_a_question_with_choices_goes_with_its_key(source: str, text: str) -> None:
    box = source[source.index("???") :].split("\n")[0]
    assert changed_line(to_plain, source, box) == text
    assert parse_sheet(text).questions == ()


def test_a_box_behind_its_question_goes_alone() -> None:
    extent = Extent(SHEET.rindex("???"), SHEET.rindex("???") + 3)
    assert to_plain(SHEET, extent, KINDS_OF_ITEM) == SHEET.replace("2. Why? ???", "2. Why?")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (to_heading, "Fourth"),
        (to_option, "Fourth"),
        (to_box, "Fourth"),
        (to_heading, "???"),
        (to_option, "???"),
        (to_plain, "Stalin gained"),
        (to_plain, "Words one"),
    ],
)
def test_what_would_change_more_is_refused(change: LineChange, words: str) -> None:
    with pytest.raises(CannotEdit):
        changed_line(change, SHEET, words)


def test_a_box_with_a_model_answer_stays() -> None:
    with pytest.raises(CannotEdit):
        changed_line(to_plain, "a\n\n???\nmodel: b\n", "???")


def test_words_become_a_bank() -> None:
    source = "A ______\n\none two_ [three]\n\nb"
    text = to_bank(
        source, at(source, "one two_ [three]"), ["one", "two_", "[three]", " "], KINDS_OF_ITEM
    )
    assert text.startswith("A ______\n\n[[ one | two")
    assert parse_sheet(text).banks[0].words == ("one", "two_", "[three]")
    assert parse_sheet(text).gaps[0].bank == 0


def test_dotted_lines_become_one_box_and_are_none_again() -> None:
    source = "1. Why?\n\n______\n\nb"
    boxed = changed_line(to_box, source, "______")
    assert boxed == "1. Why?\n\n???\n\nb"
    assert changed_line(to_plain, boxed, "???") == "1. Why?\n\nb"


def test_blocks_know_their_lines() -> None:
    sheet = parse_sheet(SHEET)
    assert len(sheet.lines) == len(sheet.blocks)
    headings = [n for b, n in zip(sheet.blocks, sheet.lines, strict=True) if isinstance(b, Heading)]
    assert headings == [13]
    assert isinstance(sheet.blocks[0], Paragraph)


# --- banks ----------------------------------------------------------------------

BANK = "a ____\n\n[[ each word once: one | Fourth International Rhineland\n | three\\|b ]] rest\n"


def bank_changed(change: Callable[..., str], *where: int) -> tuple[str, ...]:
    text = change(BANK, parse_sheet(BANK).banks[0], *where, KINDS_OF_ITEM)
    start = BANK.index("[[")
    assert text.startswith(BANK[:start])
    assert text.endswith(BANK[BANK.index("]]") :])
    return parse_sheet(text).banks[0].words


def test_an_entry_is_split_joined_and_removed() -> None:
    assert [w.text for w in words_of(read_lines(BANK), parse_sheet(BANK).banks[0])] == [
        "one",
        "Fourth International Rhineland",
        "three\\|b",
    ]
    split = bank_changed(split_word, 1, len("Fourth International"))
    assert split == ("one", "Fourth International", "Rhineland", "three|b")
    assert bank_changed(join_words, 0) == ("one Fourth International Rhineland", "three|b")
    assert bank_changed(join_words, 1) == ("one", "Fourth International Rhineland three|b")
    assert bank_changed(remove_word, 0) == ("Fourth International Rhineland", "three|b")
    assert bank_changed(remove_word, 2) == ("one", "Fourth International Rhineland")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (split_word, (1, 3)),
        (split_word, (0, 3)),
        (split_word, (9, 3)),
        (join_words, (2,)),
        (remove_word, (3,)),
    ],
)
def test_an_entry_that_cannot_be_changed(
    change: Callable[..., str], where: tuple[int, ...]
) -> None:
    with pytest.raises(CannotEdit):
        bank_changed(change, *where)


def test_the_last_entry_is_not_removed() -> None:
    with pytest.raises(CannotEdit):
        remove_word("[[ a ]]", parse_sheet("[[ a ]]").banks[0], 0, KINDS_OF_ITEM)


# --- whatever the text is -------------------------------------------------------


def is_only_there(source: str, text: str, first: int, last: int) -> bool:
    """Whether nothing before and nothing behind the lines from first to last has changed."""
    return text.startswith(source[:first]) and text.endswith(source[last:])


def lines_around(source: str, extent: Extent) -> tuple[int, int]:
    first = max(source.rfind("\n", 0, extent.start), source.rfind("\r", 0, extent.start)) + 1
    ends = [i for i in (source.find("\n", extent.end), source.find("\r", extent.end)) if i >= 0]
    return first, min(ends, default=len(source))


@given(any_text | mark_soup, st.sampled_from([clear_gap, drop_name_line, gap_to_box]), st.data())
def test_a_changed_gap_leaves_everything_else(
    source: str, change: GapChange, data: st.DataObject
) -> None:
    sheet = parse_sheet(source)
    if not sheet.gaps:
        return
    gap = data.draw(st.sampled_from(sheet.gaps))
    try:
        text = change(source, gap, KINDS_OF_ITEM)
    except CannotEdit:
        return
    first, last = lines_around(source, gap.extent)
    behind = source[last:].lstrip("\r\n \t")
    assert is_only_there(source, text, first, len(source) - len(behind))
    assert len(parse_sheet(text).gaps) == len(sheet.gaps) - 1


@given(mark_soup | any_text, st.sampled_from(LINES), st.data())
def test_a_changed_line_leaves_every_other_item(
    source: str, change: LineChange, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, max(len(source), 1)))
    end = data.draw(st.integers(0, len(source) + 1))
    try:
        text = change(source, Extent(start, end), KINDS_OF_ITEM)
    except CannotEdit:
        return
    before, after = parse_sheet(source), parse_sheet(text)
    assert len(before.gaps) >= len(after.gaps)
    assert abs(len(before.questions) - len(after.questions)) <= 1
    assert abs(len(before.banks) - len(after.banks)) <= 1
    assert [gap.accepted for gap in after.gaps if gap.accepted] == [
        gap.accepted for gap in before.gaps if gap.accepted
    ] or change is to_box


@given(
    st.tuples(
        mark_soup,
        st.lists(st.text(max_size=8) | st.sampled_from(["a b", "c", "*", "\\|", "é  f g"])).map(
            lambda words: f"\n\n[[ {' | '.join(words)} ]]\n\n"
        ),
        mark_soup,
    ).map("".join),
    st.sampled_from([split_word, join_words, remove_word]),
    st.data(),
)
def test_a_changed_entry_leaves_everything_outside_its_bank(
    source: str, change: Callable[..., str], data: st.DataObject
) -> None:
    sheet = parse_sheet(source)
    if not sheet.banks:
        return
    number = data.draw(st.integers(0, len(sheet.banks) - 1))
    bank = sheet.banks[number]
    where = [data.draw(st.integers(0, 5))]
    if change is split_word:
        where.append(data.draw(st.integers(0, 8)))
    entries = [word.text for word in words_of(read_lines(source), bank)]
    try:
        text = change(source, bank, *where, KINDS_OF_ITEM)
    except CannotEdit:
        return
    assert is_only_there(source, text, bank.extent.start, bank.extent.end)
    after = parse_sheet(text)
    count = {split_word: 1, join_words: -1, remove_word: -1}[change]
    assert len(words_of(read_lines(text), after.banks[number])) == len(entries) + count
    assert len(after.gaps) == len(sheet.gaps)


@given(mark_soup | any_text)
def test_every_block_begins_on_a_line_and_none_before_the_one_above(source: str) -> None:
    sheet = parse_sheet(source)
    assert len(sheet.lines) == len(sheet.blocks)
    assert list(sheet.lines) == sorted(sheet.lines)
    assert all(1 <= line <= len(source) + 1 for line in sheet.lines)
