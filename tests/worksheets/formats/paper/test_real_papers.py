"""The papers that teachers use, where they are at hand."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.benchmarks.papers import HANDED as PAPERS
from tests.benchmarks.papers import handed_papers, score
from worksheets.formats.paper import Imported, read_paper, to_markup
from worksheets.markup import (
    BulletList,
    Heading,
    InterpretationBlock,
    Sheet,
)
from worksheets.markup.inline import plain
from worksheets.questions import parse_sheet

TERROR = "terror-and-purges.txt"

pytestmark = pytest.mark.skipif(
    not PAPERS.is_dir(), reason=f"the real papers are not at {PAPERS}: nothing was tried on them"
)


@cache
def text_of(name: str) -> str:
    return read_paper(name, (PAPERS / name).read_bytes())


@cache
def imported(name: str) -> Imported:
    return to_markup(text_of(name))


@cache
def sheet(name: str) -> Sheet:
    return parse_sheet(imported(name).source)


def letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text))


class TestTerror:
    def test_only_the_keys_are_missing(self) -> None:
        assert [p.code for p in sheet(TERROR).problems] == ["gap-without-key"] * 8

    def test_no_word_is_lost_and_none_is_added(self) -> None:
        source = imported(TERROR).source
        assert source.count("??? which") == 1
        assert letters(source.replace("??? which", "???")) == letters(text_of(TERROR))

    def test_the_bank_is_cut_into_its_terms(self) -> None:
        (bank,) = sheet(TERROR).banks
        assert bank.words == (
            "Manchuria",
            "Anti-Comintern Pact",
            "Fourth International",
            "Abyssinia",
            "Comintern",
            "Rhineland",
            "Bukharin faction",
            "collectivisation",
        )
        assert all(gap.bank == 0 for gap in sheet(TERROR).gaps)
        (caution,) = [c for c in imported(TERROR).warnings if c.code == "check-bank"]
        assert "Please check" in caution.message

    def test_headings(self) -> None:
        assert [
            (block.level, plain(block.children)[:20])
            for block in sheet(TERROR).blocks
            if isinstance(block, Heading)
        ] == [
            (1, "THE TERROR AND THE P"),
            (2, "1. Diplomatic Causes"),
            (2, "2. Economic Causes -"),
            (2, "3. Political - The R"),
            (3, "The Reality!"),
            (2, "Task"),
        ]

    def test_questions(self) -> None:
        assert [(q.kind, len(q.content or ())) for q in sheet(TERROR).questions] == [
            ("options", 2),
            ("written", 0),
            ("complete", 3),
            ("convincing", 3),
        ]
        assert [c.code for c in imported(TERROR).warnings].count("room-added") == 1

    def test_interpretations(self) -> None:
        assert [
            (b.label, bool(b.blocks))
            for b in sheet(TERROR).blocks
            if isinstance(b, InterpretationBlock)
        ] == [("A", True), ("B", True), ("C", False)]

    def test_bullets(self) -> None:
        lists = [b for b in sheet(TERROR).blocks if isinstance(b, BulletList)]
        assert [len(block.items) for block in lists] == [3, 1, 1]

    def test_the_text_in_brackets_stays_behind_its_gap(self) -> None:
        assert "______ (Stalin’s international communist organisation)" in imported(TERROR).source

    def test_the_footnote(self) -> None:
        assert "with Stalin[^1]) made" in imported(TERROR).source
        (note,) = sheet(TERROR).footnotes
        assert plain(note.children).startswith("Stalin always tried")

    def test_the_divided_word_is_mended_and_said(self) -> None:
        assert "fundamental reappraisal of" in imported(TERROR).source
        assert "joined-word" in [c.code for c in imported(TERROR).warnings]


HANDED = {name: (data, expected) for name, data, expected in handed_papers()}


@pytest.mark.parametrize("name", HANDED)
class TestHanded:
    """Every paper that was handed to the project, against what must come of it."""

    def test_gaps_banks_and_questions_are_found(self, name: str) -> None:
        found = score(name, *HANDED[name])
        assert (found.error, found.gaps_right, found.banks_right, found.questions_right) == (
            "",
            True,
            True,
            True,
        ), found

    def test_no_word_is_lost(self, name: str) -> None:
        assert score(name, *HANDED[name]).lost == []

    def test_only_keys_are_missing(self, name: str) -> None:
        source = to_markup(read_paper(name, HANDED[name][0])).source
        assert {p.code for p in parse_sheet(source).problems} <= {
            "gap-without-key",
            "picture-without-text",
        }
