"""The steps of a review: kept, taken back in their order, bounded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from lti_tool.audit import TOOL
from tests.cast import Cast
from worksheets import authoring
from worksheets.authoring import ChangedElsewhere, digest_of, papers, reviewing
from worksheets.authoring.papers import keep_paper
from worksheets.authoring.quotas import MEGABYTE
from worksheets.authoring.reviewing import NothingToUndo, take_step
from worksheets.models import Paper, ReviewStep, Worksheet
from worksheets.privacy import exports, retention

PAPER = "Stalin led the ______ of the farms.\n"


@pytest.fixture
def worksheet(cast: Cast) -> Worksheet:
    made = authoring.create(cast.ruth.user, PAPER, cautions=[(1, "Check this.")])
    keep_paper(made, "paper.txt", PAPER, b"the file")
    return made


def newest() -> int:
    found = ReviewStep.objects.first()
    return found.pk if found else 0


def step(worksheet: Worksheet, source: str, **values: Any) -> Worksheet:
    seen = digest_of(worksheet.source)
    return take_step(worksheet, source, seen=seen, action="heading", **values)


def test_each_step_is_taken_back(worksheet: Worksheet) -> None:
    once = step(worksheet, "# One")
    twice = step(once, "# Two", number=3)
    assert (str(twice.title), twice.source) == ("Two", "# Two")
    last = reviewing.last_step(twice)
    assert last is not None
    assert (last.action, last.number) == ("heading", 3)
    for text in ("# One", PAPER):
        reviewing.undo(worksheet, seen=digest_of(Worksheet.objects.get().source), number=newest())
        assert Worksheet.objects.get().source == text
    assert Worksheet.objects.get().cautions == [[1, "Check this."]]
    with pytest.raises(NothingToUndo):
        reviewing.undo(worksheet, seen=digest_of(PAPER), number=newest())


def test_what_was_written_since_is_not_taken_back(worksheet: Worksheet) -> None:
    step(worksheet, "# One")
    written = authoring.save(worksheet, "# By hand", seen=None)
    assert reviewing.last_step(written) is None
    with pytest.raises(NothingToUndo):
        reviewing.undo(worksheet, seen=digest_of("# By hand"), number=newest())
    assert Worksheet.objects.get().source == "# By hand"


def test_another_window_is_not_overwritten(worksheet: Worksheet) -> None:
    seen = digest_of(worksheet.source)
    authoring.save(worksheet, "# Elsewhere", seen=None)
    with pytest.raises(ChangedElsewhere):
        take_step(worksheet, "# Here", seen=seen, action="plain")
    with pytest.raises(ChangedElsewhere):
        reviewing.undo(worksheet, seen=seen, number=newest())
    assert Worksheet.objects.get().source == "# Elsewhere"
    assert not ReviewStep.objects.exists()


def test_a_check_is_answered_once_and_asked_again_when_undone(worksheet: Worksheet) -> None:
    seen = digest_of(PAPER)
    answered = reviewing.answer_check(worksheet, 0, 1, seen=seen)
    assert Worksheet.objects.get().cautions == [[1, "Check this.", authoring.DONE]]
    for index, line in ((0, 1), (1, 1), (0, 2)):
        with pytest.raises(ChangedElsewhere):
            reviewing.answer_check(Worksheet.objects.get(), index, line, seen=seen)
    assert reviewing.last_step(answered) is not None
    reviewing.undo(worksheet, seen=seen, number=newest())
    assert Worksheet.objects.get().cautions == [[1, "Check this."]]


def test_the_paper_is_read_again(worksheet: Worksheet) -> None:
    changed = step(worksheet, "# Something else")
    paper = reviewing.paper_of(worksheet)
    assert paper is not None
    assert reviewing.is_changed(changed, paper)
    again = reviewing.start_again(changed, seen=digest_of(changed.source))
    assert again.source == PAPER
    assert not reviewing.is_changed(again, Paper.objects.get())
    reviewing.undo(worksheet, seen=digest_of(PAPER), number=newest())
    assert Worksheet.objects.get().source == "# Something else"


def test_so_many_steps_are_kept(worksheet: Worksheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviewing, "MAX_STEPS", 3)
    for number in range(5):
        worksheet = step(worksheet, f"# {number}")
    assert [row.source for row in ReviewStep.objects.all()] == ["# 3", "# 2", "# 1"]


def test_so_many_characters_are_kept(worksheet: Worksheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviewing, "MAX_CHARACTERS", 1000)
    for number in range(5):
        worksheet = step(worksheet, "x" * 400 + str(number))
    assert ReviewStep.objects.count() == 2


class TestFiles:
    def test_a_small_file_is_kept(self, worksheet: Worksheet) -> None:
        paper = Paper.objects.get(worksheet=worksheet)
        assert bytes(paper.content or b"") == b"the file"
        assert reviewing.has_file(paper)

    def test_a_large_file_is_not_and_its_text_is(self, worksheet: Worksheet) -> None:
        assert keep_paper(worksheet, "a.pdf", "text", bytes(papers.MAX_FILE + 1))
        assert (Paper.objects.get().content, Paper.objects.get().text) == (None, "text")

    def test_an_authors_files_have_a_part_of_the_quota(
        self, worksheet: Worksheet, settings: Settings
    ) -> None:
        settings.LTI_AUTHOR_QUOTA_MB = 4
        keep_paper(worksheet, "a.pdf", "text", bytes(MEGABYTE))
        other = authoring.create(worksheet.author, "# Other")
        keep_paper(other, "b.pdf", "text", b"1")
        kept = [(row.name, row.content is None) for row in Paper.objects.order_by("name")]
        assert kept == [("a.pdf", False), ("b.pdf", True)]

    def test_a_longer_text_has_no_review(
        self, worksheet: Worksheet, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(papers, "MAX_TEXT", 10)
        assert not keep_paper(worksheet, "a.pdf", "x" * 11)
        assert reviewing.paper_of(worksheet) is None


def test_what_is_kept_of_it_is_exported_and_goes_with_the_worksheet(worksheet: Worksheet) -> None:
    step(worksheet, "# One")
    text = exports.person_json(worksheet.author)
    assert '"paper.txt"' in text
    assert '"heading"' in text
    authoring.delete(worksheet)
    assert not Paper.objects.exists()
    assert not ReviewStep.objects.exists()


def test_old_steps_are_forgotten_and_the_paper_stays(
    worksheet: Worksheet, settings: Settings
) -> None:
    step(worksheet, "# One")
    age = timedelta(days=settings.LTI_RETENTION_DAYS + 1)
    ReviewStep.objects.update(made_at=timezone.now() - age)
    assert retention.forget(by=TOOL)["review steps"] == 1
    assert Paper.objects.exists()
