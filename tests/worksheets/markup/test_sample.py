"""The worksheet that ships with the tool."""

from __future__ import annotations

import struct
from decimal import Decimal
from importlib import resources

import pytest

from worksheets.markup import (
    BulletList,
    InterpretationBlock,
    PictureBlock,
    Sheet,
)
from worksheets.questions import parse_sheet

from .helpers import walk

SAMPLES = resources.files("worksheets") / "samples"


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return parse_sheet((SAMPLES / "terror.md").read_text(encoding="utf-8"))


def test_it_has_no_problems(sheet: Sheet) -> None:
    assert sheet.problems == ()
    assert sheet.title


def test_it_has_three_parts(sheet: Sheet) -> None:
    assert [part.title[:2] for part in sheet.parts] == ["", "1.", "2.", "3."]


def test_it_has_eight_gaps_and_a_bank_of_eight(sheet: Sheet) -> None:
    (bank,) = sheet.banks
    assert len(sheet.gaps) == len(bank.words) == 8
    assert bank.each_once
    assert {gap.accepted[0].text for gap in sheet.gaps} == set(bank.words)
    assert [gap.accepted[0].text for gap in sheet.gaps] != list(bank.words)
    assert all(gap.bank == 0 and gap.part == 1 for gap in sheet.gaps)


def test_it_foresees_wrong_answers(sheet: Sheet) -> None:
    wrong = [answer for gap in sheet.gaps for answer in gap.anticipated]
    assert len(wrong) >= 3
    assert all(answer.feedback and answer.text in sheet.banks[0].words for answer in wrong)


def test_its_questions_are_those_of_the_paper(sheet: Sheet) -> None:
    assert [question.kind for question in sheet.questions] == [
        "options",
        "written",
        "complete",
        "convincing",
        "ranking",
    ]
    for question in sheet.to_mark:
        assert question.prompt
        assert question.marks
        assert question.model
        assert question.rubric
        assert question.words_min
        assert question.words_max
    assert [option.label for option in sheet.questions[3].content] == ["A", "B", "C"]
    assert sheet.automatic_marks + sheet.teacher_marks == Decimal(30)


def test_its_interpretations_stand_for_three_orders(sheet: Sheet) -> None:
    found = [b for b in sheet.blocks if isinstance(b, InterpretationBlock)]
    assert [(b.label, bool(b.blocks), b.questions) for b in found] == [
        ("A", True, ()),
        ("B", True, ()),
        ("C", False, ("q3",)),
    ]
    assert len({b.order for b in found}) == 3
    assert len({frozenset(b.order) for b in found}) == 1


def test_it_has_bullets_a_picture_and_a_footnote(sheet: Sheet) -> None:
    assert any(isinstance(block, BulletList) for block in sheet.blocks)
    assert len(sheet.footnotes) == 1
    (picture,) = [b for b in sheet.blocks if isinstance(b, PictureBlock)]
    assert picture.alternative
    assert picture.caption
    data = (SAMPLES / picture.source).read_bytes()
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">II", data[16:24]) == (1200, 500)
    assert len(data) < 60_000


def test_its_picture_does_not_give_answers_away(sheet: Sheet) -> None:
    (picture,) = [b for b in walk(sheet.blocks) if isinstance(b, PictureBlock)]
    said = picture.alternative.casefold()
    assert not any(word.casefold() in said for word in sheet.banks[0].words)
