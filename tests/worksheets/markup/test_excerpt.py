"""A part of a worksheet is a worksheet: the items that were chosen, with their keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests import ROOT
from tests.worksheets.markup.texts import any_text
from worksheets.markup import Sheet
from worksheets.markup.editing import CannotEdit
from worksheets.markup.excerpt import excerpt, together
from worksheets.questions.registry import KINDS, parse_sheet

EXAMPLES = re.findall(
    r"```worksheet\n(.*?)```",
    Path(ROOT, "docs", "markup.md").read_text(encoding="utf-8"),
    re.DOTALL,
)
SAMPLES = [
    path.read_text(encoding="utf-8") for path in Path(ROOT, "worksheets", "samples").glob("*.md")
]
SOUND = [
    text
    for text in [*SAMPLES, *EXAMPLES]
    if parse_sheet(text).items and not parse_sheet(text).errors
]


def cut(source: str, *items: str, title: str = "Once more") -> str:
    return excerpt(source, items, title, KINDS.values())


def traits(sheet: Sheet, keys: Sequence[str]) -> list[Any]:
    """What of some items is the same wherever they stand."""
    found: list[Any] = []
    for gap in (gap for gap in sheet.gaps if gap.key in keys):
        bank = None if gap.bank is None else sheet.banks[gap.bank].each_once
        found.append((replace(gap, key="", number=0, part=0, group="", bank=None), bank))
    chosen = (question for question in sheet.questions if question.key in keys)
    return found + [replace(one, key="", number=0, part=0, prompt="") for one in chosen]


def check(source: str, chosen: Sequence[str]) -> Sheet:
    """A part of a text has what was chosen, all of it and nothing else."""
    before = parse_sheet(source)
    after = parse_sheet(cut(source, *chosen))
    keys = together(before, chosen)
    assert {one.code for one in after.problems} <= {one.code for one in before.problems}
    assert traits(after, [one.key for one in after.items]) == traits(before, sorted(keys))
    assert after.title == "Once more"
    assert after.settings == before.settings
    for gap in after.gaps:
        if gap.bank is not None:
            words = after.banks[gap.bank].words
            assert gap.accepted[0].text in words or not any(
                gap.accepted[0].text in bank.words for bank in before.banks
            )
    return after


@pytest.mark.parametrize("source", SOUND)
def test_each_item_of_examples_and_samples_alone_and_all_of_them(source: str) -> None:
    keys = [item.key for item in parse_sheet(source).items]
    for chosen in [*([key] for key in keys), keys[::2], keys]:
        check(source, chosen)


WORDS = st.one_of(
    st.text("ab1*_|\\#>[](){}!?.:~&$%`<-= é", min_size=1, max_size=6).map(str.strip).filter(bool),
    st.sampled_from(["cat", "1", "- x", "(a) y", "A. b > c", "???", ".....", "www.a.bc", "50%: d"]),
)


def gap_of(word: str) -> str:
    guarded = re.sub(r"[^\w\s]", r"\\\g<0>", word)
    return f"___{guarded}___"


GAPS = WORDS.map(gap_of) | st.sampled_from(
    [
        *("___cat | !dog: No.___", "___#5 ±1 | [2 marks]___", "___~c*t___", "___&g: red___"),
        *("___&g: blue___", "___choose: was | !were___", "___x | [0 marks]___", "b___ecause___"),
    ]
)
LINES = st.lists(GAPS | st.sampled_from(["word", "and", "*so*", "[^1]", "1936."]), max_size=5).map(
    " ".join
)
PIECES = st.one_of(
    LINES,
    st.lists(LINES, min_size=1, max_size=3).map("\n".join),
    st.lists(LINES.map("- {}".format), min_size=2, max_size=4).map("\n".join),
    st.lists(LINES, min_size=2, max_size=4).map(
        lambda rows: "\n".join(f"{number}. {row}" for number, row in enumerate(rows, 1))
    ),
    LINES.map("> {}".format),
    LINES.map(lambda row: f"| a | b |\n|---|---|\n| c | {row.replace('|', chr(92) + '|')} |"),
    st.sampled_from(
        [
            *("## Part", "### Smaller", "# Another title", "![a map](map.png)", "---"),
            *("1. Why?\n\n??? 4 marks\nmodel: So.\nrubric: 2 marks for each", "2. How? ???"),
            *("[[ * | mouse ]]", "[[ each word once: cat | x | dog ]]", "(a) one\n(b) two"),
            *("(a) x\n(b) y\n\n??? choose one, 1 mark\ncorrect: a", "C. x > y\n??? 2 marks"),
            *(
                "1. x\n2. y\n??? true or false\ntrue: 1",
                "1. x\n\n(a) y\n(b) z\n??? match\npairs: 1a",
            ),
            *("??? 3 marks\nrank: A | B\nright: B > A\nbecause: 2 marks", "A. x > y\nText."),
            *(
                "1. Which?\n\n??? which, 6 marks",
                "...........\n...........",
                "[^1]: A note [^2].\n",
            ),
        ]
    ),
)
SHEETS = st.lists(PIECES, min_size=1, max_size=9).map("\n\n".join)


@given(SHEETS, st.data())
def test_any_sound_sheet_can_be_cut(source: str, data: st.DataObject) -> None:
    sheet = parse_sheet(source)
    assume(sheet.items and not sheet.errors)
    keys = [item.key for item in sheet.items]
    check(source, data.draw(st.lists(st.sampled_from(keys), min_size=1, unique=True)))


@given(any_text, st.sets(st.sampled_from(["g1", "g2", "g3", "q1", "q2"]), min_size=1))
def test_any_text_is_cut_or_refused(source: str, chosen: set[str]) -> None:
    try:
        text = cut(source, *chosen)
    except CannotEdit:
        return
    before, after = parse_sheet(source), parse_sheet(text)
    assert len(after.items) == len(together(before, chosen))
    assert not after.errors
