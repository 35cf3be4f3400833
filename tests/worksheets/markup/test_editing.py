"""Changes of a text at one place: what was asked for is there, and everything else as it was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from worksheets.markup import Accepted, Anticipated, Extent, Mode, Sheet, editing
from worksheets.markup.editing import CannotEdit
from worksheets.questions import KINDS, parse_sheet

from .test_sample import SAMPLES
from .texts import MARKS, any_text, mark_soup

SAMPLE = (SAMPLES / "terror.md").read_text(encoding="utf-8")
# One gap in each place where there can be one.
PLACES = [
    "{}",
    "the {} of the farms",
    "un{}able",
    "({}), *{}* and **a {}**!",
    "# {}",
    "## {}\n\n[[ * | b ]]",
    "- a\n\t- {}\r\n",
    "> {}\n> b",
    "12) {}\n\n???\n",
    "| a | {} |\n|---|---|\n| {} | b |",
    '![a](b.png "{}")',
    "(a) {}\n(b) c",
    "\ufeff  {}\r\rb ____ ___x|y___",
    "\f{}\v\0 \ud800",
    "A. x > y\n{} b\n\n??? which, 2 marks",
    "___a___ {} ___b___",
    "http://a.b {} ........",
    "a [[ {} ]] b",
]
GAPS = ["____", ".....", "___", "___a___", "___ a|!b:c  |50%: d___"]
one_line = st.text(max_size=12) | st.lists(
    st.sampled_from([*MARKS, "'", '"', ")", "]", "www.", "http://", " ", "a", "…", "»"]), max_size=6
).map("".join)


def soup_with(*items: str) -> st.SearchStrategy[str]:
    return st.tuples(mark_soup, st.sampled_from(items), mark_soup).map("".join)


def as_read(text: str) -> str:
    """A text as a teacher would expect it back: any white space is one space."""
    return " ".join(re.sub("[\0\ud800-\udfff]", "\ufffd", text).split())


def errors_outside(sheet: Sheet, extent: Extent, difference: int = 0) -> Counter[object]:
    """The errors before and behind an extent, those behind as far back as it has grown."""
    found: Counter[object] = Counter()
    for error in sheet.errors:
        if error.end <= extent.start:
            found[error.code, error.start, error.end] += 1
        elif error.start >= extent.end:
            found[error.code, error.start - difference, error.end - difference] += 1
    return found


def only_there(source: str, text: str, extent: Extent) -> bool:
    """Whether two texts are the same but for what stood in the extent."""
    start, tail = source[: extent.start], source[extent.end :]
    fits = len(text) >= len(start) + len(tail)
    return fits and text.startswith(start) and text.endswith(tail)


def no_new_error(before: Sheet, old: Extent, after: Sheet, new: Extent) -> bool:
    """Whether there is none but at what was edited.

    Warnings may come: a gap that is emptied leaves another one alone in its group.
    """
    difference = new.end - old.end
    return not errors_outside(after, new, difference) - errors_outside(before, old)


def with_key(source: str, number: int, **values: object) -> str:
    gap = parse_sheet(source).gaps[number - 1]
    return editing.set_key(source, gap, replace(gap, **values), KINDS.values())  # type: ignore[arg-type]


def with_marks(source: str, marks: str, *numbers: int) -> str:
    questions = [parse_sheet(source).questions[n - 1] for n in numbers]
    return editing.set_marks(source, questions, Decimal(marks), KINDS.values())


def with_gap(source: str, selected: str) -> str:
    start = source.index(selected)
    return editing.make_gap(source, Extent(start, start + len(selected)), KINDS.values())


def with_word(source: str, word: str) -> str:
    return editing.add_to_bank(source, parse_sheet(source).banks[0], word, KINDS.values())


def right(*texts: str) -> tuple[Accepted, ...]:
    return tuple(map(Accepted, texts))


# --- keys ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "key", "text"),
    [
        ("a ______, b", {"accepted": right("x")}, "a ___x___, b"),
        ("a\tb\r\nc ..... d", {"accepted": right("x", "y")}, "a\tb\r\nc ___x | y___ d"),
        ("___a|b___", {"accepted": right("a", "b", "c")}, "___a|b | c___"),
        ("___ a|b ___", {"accepted": right("x")}, "___x___ a|b ___"),
        ("___a | b___", {"accepted": right("b")}, "___b___"),
        ("___a___", {"accepted": ()}, "____"),
        ("___&g:#1 ±2___ ___&g: 1___", {"accepted": right("3")}, "___&g: #3 ±2___ ___&g: 1___"),
        ("___#1 ±2___", {"accepted": right("1", "5")}, "___#1 ±2 | 5___"),
        ("___#1 ±2___", {"accepted": ()}, "____"),
        ("____", {"accepted": right("a*b"), "mode": Mode.PATTERN}, "___~a*b___"),
        ("____", {"accepted": (Accepted("a", Decimal("0.5")),)}, "___50%: a___"),
        ("____", {"anticipated": (Anticipated("a", "b: c"),)}, "___!a: b: c___"),
        ("____", {"anticipated": (Anticipated("a:b", ""),)}, "___!a\\:b___"),
        ("| ____ |\n|---|", {"accepted": right("a", "b|c")}, "| ___a \\| b\\\\|c___ |\n|---|"),
        ("____", {"accepted": right("!a")}, "___\\!a___"),
        ("____", {"accepted": right("50%: a")}, "___50\\%: a___"),
        ("____", {"accepted": right("a_b\\c")}, "___a\\_b\\\\c___"),
        ("____", {"accepted": right("' 68")}, "___\\' 68___"),
        ("____", {"accepted": right("… und")}, "___100%: … und___"),
        ("____", {"accepted": right("Why? No!")}, "___Why? No!___"),
        ("____", {"accepted": right(" a\n b ")}, "___a b___"),
    ],
)
def test_a_key_as_it_is_written(source: str, key: dict[str, object], text: str) -> None:
    assert with_key(source, 1, **key) == text


@given(st.sampled_from(PLACES), st.sampled_from(GAPS), st.data(), one_line, one_line, one_line)
def test_a_key_comes_back_as_it_was_written(
    place: str, gap: str, data: st.DataObject, answer: str, wrong: str, feedback: str
) -> None:
    source = place.replace("{}", gap.replace("|", "\\|") if place.startswith("|") else gap)
    sheet = parse_sheet(source)
    assume(sheet.gaps)
    before = data.draw(st.sampled_from(sheet.gaps))
    wanted = replace(before, accepted=(*before.accepted, Accepted(answer)))
    if as_read(wrong):
        added = Anticipated(wrong, feedback)
        wanted = replace(wanted, anticipated=(*before.anticipated, added))
    assume(as_read(answer))
    text = editing.set_key(source, before, wanted, KINDS.values())
    now = parse_sheet(text).gap(before.key)
    assert [one.text for one in now.accepted] == [
        *(one.text for one in before.accepted),
        as_read(answer),
    ]
    if as_read(wrong):
        assert now.anticipated[-1] == Anticipated(as_read(wrong), as_read(feedback))


@given(soup_with(*GAPS), st.data(), st.lists(one_line, max_size=3))
@example("x ` y ____", None, ["a`b"])
@example("a | b\n--|--\n____", None, ["a", "b"])
@example('[x](https://a "____', None, ['b")'])
def test_a_key_changes_nothing_else(
    source: str, data: st.DataObject | None, answers: list[str]
) -> None:
    sheet = parse_sheet(source)
    assume(sheet.gaps)
    before = data.draw(st.sampled_from(sheet.gaps)) if data else sheet.gaps[0]
    wanted = replace(before, accepted=tuple(map(Accepted, answers)))
    try:
        text = editing.set_key(source, before, wanted, KINDS.values())
    except CannotEdit:
        return
    after = parse_sheet(text)
    now = after.gap(before.key)
    assert only_there(source, text, before.extent)
    assert [one.text for one in now.accepted] == list(map(as_read, answers))
    assert [gap for gap in after.gaps if gap is not now] == [
        gap for gap in sheet.gaps if gap is not before
    ]
    assert (after.blocks, after.questions) == (sheet.blocks, sheet.questions)
    assert no_new_error(sheet, before.extent, after, now.extent)
    assert editing.set_key(text, now, now, KINDS.values()) == text


@pytest.mark.parametrize("number", range(1, 9))
def test_an_answer_is_added_to_each_gap_of_the_sample(number: int) -> None:
    gap = parse_sheet(SAMPLE).gaps[number - 1]
    text = with_key(SAMPLE, number, accepted=(*gap.accepted, Accepted("Другое | x")))
    assert text == f"{SAMPLE[: gap.extent.end - 3]} | Другое \\| x{SAMPLE[gap.extent.end - 3 :]}"
    assert parse_sheet(text).problems == ()


def test_several_keys_are_written_from_the_last_one() -> None:
    text = source = "____ ____ ____"
    for gap in reversed(parse_sheet(source).gaps):
        wanted = replace(gap, accepted=right(gap.key))
        text = editing.set_key(text, gap, wanted, KINDS.values())
    assert text == "___g1___ ___g2___ ___g3___"


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("x ` y ____", {"accepted": right("a`b")}),
        ("____", {"accepted": right("")}),
        ("___#1___", {"accepted": right("many")}),
        ("___~a___", {"accepted": right("a\\*")}),
        ("____", {"anticipated": (Anticipated("… a"),)}),
    ],
)
def test_a_key_that_cannot_be_written(source: str, key: dict[str, object]) -> None:
    with pytest.raises(CannotEdit):
        with_key(source, 1, **key)


# --- marks --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Why?\n???", "Why?\n??? 6 marks"),
        ("Why? ???  \r\n", "Why? ??? 6 marks  \r\n"),
        ("??? 40-120 words", "??? 6 marks, 40-120 words"),
        ("???\tup to 3 words; 2 points", "???\tup to 3 words; 6 marks"),
        ("??? [1 mark], (10-20 words)", "??? [6 marks], (10-20 words)"),
        ("??? 0 marks", "??? 6 marks"),
        ("??? 5 marks, 6 marks", "??? 5 marks, 6 marks"),
        ("??? soon", "??? 6 marks, soon"),
        ("a\n  ..........\n\n..........  \nb", "a\n  ??? 6 marks  \nb"),
        ("a\n________\n________\nmodel: b", "a\n??? 6 marks\nmodel: b"),
        ("???\nrank: A | B\nright: B > A", "??? 6 marks\nrank: A | B\nright: B > A"),
        ("A. x > y\n???", "A. x > y\n??? 6 marks"),
        ("A. x > y\nz\n\n??? which", "A. x > y\nz\n\n??? 6 marks, which"),
    ],
)
def test_marks_as_they_are_written(source: str, text: str) -> None:
    assert with_marks(source, "6", 1) == text
    assert parse_sheet(text).questions[0].marks == 6
    assert with_marks(text, "6", 1) == text


def test_marks_of_the_reasons_for_a_ranking() -> None:
    source = "??? 3 marks\nrank: A | B\nbecause:{}\nmodel: x"
    for before, after in [
        ("", " 1.5 marks"),
        (" 20-60 words", " 1.5 marks, 20-60 words"),
        ("2 marks,\n20-60 words", "1.5 marks,\n20-60 words"),
    ]:
        assert with_marks(source.format(before), "1.5", 2) == source.format(after)


def test_marks_of_every_question_at_once() -> None:
    source = "# a\n???\n\n??? 2 marks\n\n.......\n.......\n\nb? ???"
    text = "# a\n??? 1 mark\n\n??? 1 mark\n\n??? 1 mark\n\nb? ??? 1 mark"
    assert with_marks(source, "1", 1, 2, 3, 4) == text
    assert with_marks(source, "1", *()) == source


@pytest.mark.parametrize("marks", ["0", "-1", "1001", "1.234"])
def test_marks_that_cannot_be_given(marks: str) -> None:
    with pytest.raises(CannotEdit):
        with_marks("???", marks, 1)


@given(
    soup_with("\n???\n", "\n??? 2 marks, which\n", "\n......\n"),
    st.data(),
    st.decimals("0.01", "1000", places=2),
)
def test_marks_change_nothing_else(source: str, data: st.DataObject, marks: Decimal) -> None:
    sheet = parse_sheet(source)
    assume(sheet.questions)
    before = data.draw(st.sampled_from(sheet.questions))
    try:
        text = editing.set_marks(source, [before], marks, KINDS.values())
    except CannotEdit:
        return
    after = parse_sheet(text)
    now = after.question(before.key)
    assert only_there(source, text, before.extent)
    assert now == replace(before, marks=marks)
    assert after.items == tuple(now if item is before else item for item in sheet.items)
    assert after.blocks == sheet.blocks
    assert no_new_error(sheet, before.extent, after, now.extent)
    assert editing.set_marks(text, [now], marks, KINDS.values()) == text


# --- what a teacher decides about a question ----------------------------------


def with_question(source: str, number: int, **values: Any) -> str:
    question = parse_sheet(source).questions[number - 1]
    wanted = replace(question, **values)
    return editing.set_question(source, question, wanted, KINDS.values())


@pytest.mark.parametrize(
    ("source", "values", "text"),
    [
        ("???", {"words_max": 9}, "??? up to 9 words"),
        ("??? 5 marks", {"words_min": 9}, "??? 5 marks, at least 9 words"),
        ("??? 5 marks", {"marks": None}, "???"),
        ("??? 5 marks; 1-2 words", {"marks": None}, "??? 1-2 words"),
        ("??? 1-2 words, 5 marks", {"marks": None}, "??? 1-2 words"),
        ("??? [5 marks], soon", {"marks": None}, "??? soon"),
        ("??? min. 3 words, 5 marks, max 9 words", {"words_min": 4}, "??? 5 marks, 4-9 words"),
        ("??? 4-9 words", {"words_min": None, "words_max": None}, "???"),
        ("a\n......\n......\nb", {"words_min": 4}, "a\n??? at least 4 words\nb"),
        ("Why? ???", {"model": "So."}, "Why? ???\nmodel: So."),
        ("???\nNo model", {"model": "So."}, "???\nmodel: So.\n\nNo model"),
        ("???\r\n\r\nb", {"model": "a\n\n b\n- c"}, "???\r\nmodel: a b\r\n- c\r\n\r\nb"),
        ("???\nrubric: r\nb\n", {"model": "m"}, "???\nmodel: m\nrubric: r\nb\n"),
        ("???\nmodel: m\n- n\n\nb", {"rubric": "r"}, "???\nmodel: m\n- n\nrubric: r\n\nb"),
        ("???\nModel answer: m\n\nb", {"model": "n"}, "???\nmodel: n\n\nb"),
        ("???\nmodel: a\n\nmodel: b\nc", {"model": "d"}, "???\nmodel: d\n"),
        ("???\nmodel: m\nrubric: r", {"model": ""}, "???\nrubric: r"),
        ("???\nmodel: m\nrubric: r", {"rubric": "", "marks": Decimal(1)}, "??? 1 mark\nmodel: m"),
        ("a\n\n???\nrank: A | B", {"rubric": "r"}, "a\n\n???\nrank: A | B\nrubric: r"),
    ],
)
def test_what_is_decided_as_it_is_written(
    source: str, values: dict[str, object], text: str
) -> None:
    assert with_question(source, 1, **values) == text
    assert with_question(text, 1, **values) == text


def test_where_a_box_asks_for_two_things_the_last_has_the_model_answer() -> None:
    source = "??? 3 marks\nrank: A | B\nbecause: 2 marks"
    text = f"{source}, up to 9 words\nmodel: m"
    assert with_question(source, 2, words_max=9, model="m") == text
    with pytest.raises(CannotEdit):
        with_question(source, 1, model="m")


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("???", {"words_min": 9, "words_max": 3}),
        ("???", {"marks": Decimal(0)}),
        ("???", {"model": "a\n- ???"}),
    ],
)
def test_what_cannot_be_decided(source: str, values: dict[str, object]) -> None:
    with pytest.raises(CannotEdit):
        with_question(source, 1, **values)


notes = st.text(max_size=20) | st.lists(
    st.sampled_from(["a", "- b", "1. c", "## d", "[[", "]]", "model: e", "???", "\n", "\r\n", " "]),
    max_size=6,
).map("".join)
amounts = st.none() | st.integers(1, 999_999)


@given(
    soup_with("\n???\n", "\n??? 2 marks, which\nmodel: a\n", "\n???\nrubric: b\nmodel: c\n"),
    st.data(),
    st.fixed_dictionaries(
        {
            "marks": st.none() | st.decimals("0.01", "1000", places=2),
            "words_min": amounts,
            "words_max": amounts,
            "model": notes,
            "rubric": notes,
        }
    ),
)
def test_what_is_decided_changes_nothing_else(
    source: str, data: st.DataObject, values: dict[str, Any]
) -> None:
    sheet = parse_sheet(source)
    assume(sheet.questions)
    before = data.draw(st.sampled_from(sheet.questions))
    wanted = replace(before, **values)
    try:
        text = editing.set_question(source, before, wanted, KINDS.values())
    except CannotEdit:
        return
    after = parse_sheet(text)
    now = after.question(before.key)
    assert (now.marks, now.words_min, now.words_max) == (
        wanted.marks,
        wanted.words_min,
        wanted.words_max,
    )
    assert " ".join(now.model.split()) == as_read(wanted.model)
    assert " ".join(now.rubric.split()) == as_read(wanted.rubric)
    others = [item for item in sheet.items if item is not before]
    assert [item for item in after.items if item.key != now.key] == others
    assert after.blocks == sheet.blocks
    assert editing.set_question(text, now, wanted, KINDS.values()) == text


# --- many keys, and capitals --------------------------------------------------


def test_many_keys_are_written_at_once_also_in_tables() -> None:
    source = "a ____ b ___\n\n| x | ____ |\n|---|---|\n| ____ | c |"
    gaps = parse_sheet(source).gaps
    changes = [(gap, replace(gap, accepted=right("p", "q"))) for gap in gaps]
    assert editing.set_keys(source, changes, KINDS.values()) == (
        "a ___p | q___ b ___p | q___\n\n| x | ___p \\| q___ |\n|---|---|\n| ___p \\| q___ | c |"
    )
    assert editing.set_keys(source, [], KINDS.values()) == source


@given(soup_with(*GAPS), st.data())
def test_many_keys_change_nothing_else(source: str, data: st.DataObject) -> None:
    sheet = parse_sheet(source)
    words = {gap.key: data.draw(one_line) for gap in sheet.gaps[:5]}
    changes = [
        (gap, replace(gap, accepted=right(words[gap.key]), mode=Mode.TEXT, tolerance=Decimal(0)))
        for gap in sheet.gaps[:5]
        if as_read(words[gap.key])
    ]
    try:
        text = editing.set_keys(source, changes, KINDS.values())
    except CannotEdit:
        return
    after = parse_sheet(text)
    for gap, _wanted in changes:
        assert [one.text for one in after.gap(gap.key).accepted] == [as_read(words[gap.key])]
    assert len(after.gaps) == len(sheet.gaps)
    assert after.questions == sheet.questions
    assert after.blocks == sheet.blocks


@pytest.mark.parametrize(
    ("source", "count", "text"),
    [
        ("# a", True, "---\ncapitals: count\n---\n# a"),
        ("# a", False, "# a"),
        ("\ufeff# a\r\nb", True, "\ufeff---\r\ncapitals: count\r\n---\r\n# a\r\nb"),
        ("---\nlanguage: tr\n---\na", True, "---\nlanguage: tr\ncapitals: count\n---\na"),
        ("---\nCapitals :  free\n---\na", True, "---\nCapitals : count\n---\na"),
        ("---\ncapitals: count\n---\na", False, "---\ncapitals: free\n---\na"),
        ("---\ncapitals: what\n---\na", True, "---\ncapitals: count\n---\na"),
        ("---", True, "---\ncapitals: count\n---\n---"),
        ("", True, "---\ncapitals: count\n---\n"),
    ],
)
def test_capitals_count_or_do_not(source: str, count: bool, text: str) -> None:
    assert editing.set_capitals(source, count=count, kinds=KINDS.values()) == text


@given(any_text | mark_soup, st.booleans())
def test_capitals_change_nothing_else(source: str, count: bool) -> None:
    try:
        text = editing.set_capitals(source, count=count, kinds=KINDS.values())
    except CannotEdit:
        return
    before, after = parse_sheet(source), parse_sheet(text)
    assert after.settings == replace(before.settings, case_counts=count)
    assert (after.blocks, after.items) == (before.blocks, before.items)


# --- gaps of selections -------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "selected", "text"),
    [
        ("Japan took Manchuria in 1931", "Manchuria", "Japan took ___Manchuria___ in 1931"),
        ("Japan took Manchuria in 1931", "Manchuria ", "Japan took ___Manchuria___ in 1931"),
        ("unbelievable", "believ", "un___believ___able"),
        ("*a b* ____ c", "b", "*a ___b___* ____ c"),
        (
            "- the\n  Anti-Comintern\r\n  Pact",
            "Comintern\r\n  Pact",
            "- the\n  Anti-___Comintern Pact___",
        ),
        ("snake\\_case", "snake\\_case", "___snake\\_case___"),
        ("# Rivers\n1. Why Egypt?\n???", "Egypt", "# Rivers\n1. Why ___Egypt___?\n???"),
        (
            "| a | b |\n|---|---|\n| x\\|y | c |",
            "x\\|y",
            "| a | b |\n|---|---|\n| ___x\\\\|y___ | c |",
        ),
    ],
)
def test_a_gap_of_a_selection(source: str, selected: str, text: str) -> None:
    assert with_gap(source, selected) == text


@pytest.mark.parametrize(
    ("source", "selected"),
    [
        ("a **b** c", "**b**"),
        ("a **b c** d", "b c** d"),
        ("a ___b___ c", "b"),
        ("a ____ c", "a ____"),
        ("a [^1] c\n\n[^1]: d", "[^1]"),
        ("[a](https://b.c)", "a"),
        ("a `b` c", "b"),
        ("a\n\nb", "a\n\nb"),
        ("a\\\nb", "a\\\nb"),
        ("[[ a | b ]]", "a"),
        ("???\nmodel: a", "a"),
        ("a  b", "  "),
        ("a.......b", "..."),
    ],
)
def test_a_selection_that_cannot_be_a_gap(source: str, selected: str) -> None:
    with pytest.raises(CannotEdit):
        with_gap(source, selected)


def test_a_selection_outside_the_text() -> None:
    for extent in (Extent(-1, 1), Extent(1, 1), Extent(2, 4), Extent(2, 1)):
        with pytest.raises(CannotEdit):
            editing.make_gap("abc", extent, KINDS.values())


@given(any_text, st.data())
def test_a_new_gap_changes_nothing_else(source: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(source)))
    extent = Extent(start, data.draw(st.integers(start, len(source))))
    sheet = parse_sheet(source)
    try:
        text = editing.make_gap(source, extent, KINDS.values())
    except CannotEdit:
        return
    after = parse_sheet(text)
    assert only_there(source, text, extent)
    (made,) = [gap for gap in after.gaps if extent.start <= gap.extent.start < extent.end + 6]
    others = [gap for gap in after.gaps if gap is not made]
    assert [gap.accepted for gap in others] == [gap.accepted for gap in sheet.gaps]
    assert [gap.bank for gap in others] == [gap.bank for gap in sheet.gaps]
    assert [q.marks for q in after.questions] == [q.marks for q in sheet.questions]


# --- banks --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "word", "text"),
    [
        ("[[ a | b ]]", "c", "[[ a | b | c ]]"),
        ("[[a]] x", "c", "[[a | c]] x"),
        (" [[ a\r\n\tb\r\n]]", "c", " [[ a\r\n\tb | c\r\n]]"),
        ("[[ each word once: a ]]", "b", "[[ each word once: a | b ]]"),
        ("___x___\n\n[[ * ]]", "b", "___x___\n\n[[ * | b ]]"),
        ("[[ a | b ]]", "A", "[[ a | b ]]"),
        ("[[ a ]]", "*", "[[ a | \\* ]]"),
        ("[[ a ]]", "b]|___", "[[ a | b\\]\\|\\_\\_\\_ ]]"),
    ],
)
def test_a_word_of_a_bank(source: str, word: str, text: str) -> None:
    assert with_word(source, word) == text


@given(soup_with("\n[[ a | b ]]", "\n[[each word once: a\nb]]", "\n[[*]]"), st.data(), one_line)
def test_a_word_changes_nothing_else(source: str, data: st.DataObject, word: str) -> None:
    sheet = parse_sheet(source)
    assume(sheet.banks)
    index = data.draw(st.integers(0, len(sheet.banks) - 1))
    before = sheet.banks[index]
    try:
        text = editing.add_to_bank(source, before, word, KINDS.values())
    except CannotEdit:
        return
    after = parse_sheet(text)
    now = after.banks[index]
    assert only_there(source, text, before.extent)
    assert as_read(word) in now.words or text == source
    assert (after.items, after.blocks) == (sheet.items, sheet.blocks)
    assert no_new_error(sheet, before.extent, after, now.extent)
    assert editing.add_to_bank(text, now, word, KINDS.values()) == text


@given(one_line)
def test_a_bank_takes_any_word(word: str) -> None:
    source = "[[ a\n  b ]]"
    assume(as_read(word))
    text = with_word(source, word)
    assert as_read(word) in parse_sheet(text).banks[0].words or text == source


# --- a text that has changed meanwhile ------------------------------------------


@pytest.mark.parametrize("change", ["x{}", "{}", "b", ""])
@pytest.mark.parametrize(
    "edit",
    [
        lambda text, sheet: editing.set_key(text, sheet.gaps[0], sheet.gaps[0], KINDS.values()),
        lambda text, sheet: editing.set_marks(text, sheet.questions, Decimal(1), KINDS.values()),
        lambda text, sheet: editing.add_to_bank(text, sheet.banks[0], "a", KINDS.values()),
    ],
)
def test_what_has_moved_or_changed_is_not_edited(
    change: str, edit: Callable[[str, Sheet], str]
) -> None:
    source = "___a___ b\n??? 2 marks\n[[ a | b ]]"
    sheet = parse_sheet(source)
    changed = change.format(source.replace("a", "c").replace("2", "3"))
    with pytest.raises(CannotEdit):
        edit(changed, sheet)
