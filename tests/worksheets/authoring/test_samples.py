"""The worksheets that ship with the tool can be used as they are."""

from __future__ import annotations

from importlib import resources

import pytest

from tests.cast import Cast
from tests.worksheets.sheets import said
from worksheets import authoring
from worksheets.authoring.samples import SAMPLES
from worksheets.markup import Sheet
from worksheets.questions import automatic_marks

SHORT = 6_000  # characters; the one about terror is the long one


@pytest.fixture(params=SAMPLES)
def sheet(request: pytest.FixtureRequest) -> Sheet:
    return SAMPLES[request.param].sheet


def test_every_text_of_the_folder_is_one() -> None:
    folder = resources.files("worksheets") / "samples"
    names = {file.name for file in folder.iterdir() if file.name.endswith(".md")}
    assert names == {f"{name}.md" for name in SAMPLES}


def test_it_is_whole(sheet: Sheet) -> None:
    assert sheet.problems == ()
    assert sheet.gaps
    assert len(sheet.banks) == 1
    kinds = [question.kind for question in sheet.questions]
    assert "options" in kinds
    assert len(kinds) > 1
    for question in sheet.to_mark:
        assert question.model or question.kind == "ranking"
        assert question.rubric or question.kind == "ranking"


@pytest.mark.parametrize("name", ["water", "letter"])
def test_nothing_in_a_short_one_is_without_marks(name: str) -> None:
    assert SAMPLES[name].sheet.without_marks == ()


def test_its_own_answers_earn_every_mark(sheet: Sheet) -> None:
    answers = {gap.key: said(gap.accepted[0].text) for gap in sheet.gaps}
    marks = automatic_marks(sheet, answers)
    right = [mark for mark in marks if mark.key.startswith("g")]
    assert len(right) == len(sheet.gaps)
    assert all(mark.points == mark.maximum for mark in right)


def test_it_does_not_print_the_answers_of_a_bank_in_their_order(sheet: Sheet) -> None:
    (bank,) = sheet.banks
    in_order = [gap.accepted[0].text for gap in sheet.gaps if gap.bank is not None]
    assert list(bank.words)[: len(in_order)] != in_order


@pytest.mark.parametrize("name", SAMPLES)
def test_a_teacher_has_it_as_their_own(cast: Cast, name: str) -> None:
    worksheet = authoring.create_sample(cast.ruth.user, name)
    edition = authoring.publish(worksheet)
    assert set(edition.sheet.pictures) == {row.name for row in worksheet.pictures.all()}
    assert name == "terror" or len(edition.source) < SHORT


def test_there_is_no_other(cast: Cast) -> None:
    with pytest.raises(KeyError):
        authoring.create_sample(cast.ruth.user, "../terror")
