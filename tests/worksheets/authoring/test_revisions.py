"""What was saved of a worksheet: kept with who and when, thinned out, bounded, forgotten."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from pytest_django import Settings

from lti_tool.audit import TOOL
from tests.cast import TEACHER, Cast, make_someone
from worksheets import authoring
from worksheets.authoring import revisions
from worksheets.authoring.revisions import MAX_REVISIONS, PERIOD
from worksheets.models import Revision, Worksheet
from worksheets.privacy import erasure, exports, retention


@pytest.fixture
def worksheet(cast: Cast) -> Worksheet:
    return authoring.create(cast.ruth.user, "# First\n")


class Clock:
    """The time at which things are saved."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> object:
        return self.now

    def passes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("worksheets.authoring.worksheets.timezone.now", clock)
    return clock


def texts() -> list[str]:
    return [row.source for row in Revision.objects.all()]


def test_each_saving_is_kept_with_who_and_when(cast: Cast, worksheet: Worksheet) -> None:
    colleague = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    authoring.save(worksheet, "# Second\n", seen=None, by=colleague.user)
    newest, first = Revision.objects.all()
    assert (newest.source, newest.saved_by) == ("# Second\n", colleague.user)
    assert (first.source, first.saved_by) == ("# First\n", cast.ruth.user)
    assert first.saved_at == worksheet.updated_at
    assert newest.saved_at == Worksheet.objects.get().updated_at


def test_saving_the_same_text_is_no_version(worksheet: Worksheet) -> None:
    authoring.save(worksheet, "# First\n", seen=None)
    assert texts() == []
    authoring.save(worksheet, "# Second\n", seen=None)
    authoring.save(worksheet, "# Second\n", seen=None)
    assert texts() == ["# Second\n", "# First\n"]


def test_who_saves_every_minute_leaves_few_versions(worksheet: Worksheet, clock: Clock) -> None:
    for minute in range(60):
        authoring.save(worksheet, f"# {minute}\n", seen=None)
        clock.passes(1)
    rows = list(Revision.objects.all())
    assert rows[0].source == "# 59\n"
    assert rows[-1].source == "# First\n"
    assert len(rows) <= 60 / (PERIOD.total_seconds() / 60) + 3
    older = [row.saved_at for row in rows[1:-1]]
    steps = [later - earlier for later, earlier in pairwise(older)]
    assert all(step <= PERIOD for step in steps)


def test_what_somebody_else_saved_in_between_stays(
    cast: Cast, worksheet: Worksheet, clock: Clock
) -> None:
    colleague = make_someone(cast.course, "11", "Colin Ferris", TEACHER).user
    clock.passes(60)
    for number, who in enumerate([None, colleague, None, colleague]):
        authoring.save(worksheet, f"# {number}\n", seen=None, by=who)
        clock.passes(1)
    assert texts() == ["# 3\n", "# 2\n", "# 1\n", "# 0\n", "# First\n"]


def test_a_published_version_is_named_and_stays(worksheet: Worksheet, clock: Clock) -> None:
    clock.passes(60)
    authoring.save(worksheet, "# One\n", seen=None)
    authoring.publish(worksheet)
    for number in range(3):
        clock.passes(1)
        authoring.save(worksheet, f"# {number}\n", seen=None)
    assert [(row.source, row.edition) for row in Revision.objects.all()] == [
        ("# 2\n", None),
        ("# One\n", 1),
        ("# First\n", None),
    ]


def test_publishing_what_was_never_saved_since_it_was_made(worksheet: Worksheet) -> None:
    authoring.publish(worksheet)
    assert [(row.source, row.edition) for row in Revision.objects.all()] == [("# First\n", 1)]


def test_of_many_versions_the_oldest_go(worksheet: Worksheet, clock: Clock) -> None:
    for number in range(MAX_REVISIONS + 5):
        clock.passes(60)
        authoring.save(worksheet, f"# {number}\n", seen=None)
    assert len(texts()) == MAX_REVISIONS
    assert texts()[-1] == "# 5\n"


def test_all_versions_of_a_worksheet_have_a_bound(
    worksheet: Worksheet, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "MAX_CHARACTERS", 1_000)
    for size in (300, 400, 2_000, 900):
        clock.passes(60)
        authoring.save(worksheet, "x" * size, seen=None)
    assert [len(text) for text in texts()] == [900]
    clock.passes(60)
    authoring.save(worksheet, "y" * 5_000, seen=None)
    assert [len(text) for text in texts()] == [5_000]


def test_they_are_forgotten_after_the_period(worksheet: Worksheet, settings: Settings) -> None:
    authoring.save(worksheet, "# Second\n", seen=None)
    age = timedelta(days=settings.LTI_RETENTION_DAYS + 1)
    Revision.objects.filter(source="# First\n").update(saved_at=timezone.now() - age)
    assert retention.forget(by=TOOL)["revisions"] == 1
    assert texts() == ["# Second\n"]
    assert Worksheet.objects.get().source == "# Second\n"


def test_they_are_exported_and_erased(cast: Cast, worksheet: Worksheet) -> None:
    colleague = make_someone(cast.course, "11", "Colin Ferris", TEACHER).user
    authoring.save(worksheet, "# SECONDTEXT\n", seen=None, by=colleague)
    # The title, the text, and the version.
    assert exports.person_json(cast.ruth.user).count("SECONDTEXT") == 3
    assert "SECONDTEXT" in exports.person_json(colleague)
    erasure.erase_person(colleague, by=TOOL)
    assert [row.saved_by for row in Revision.objects.all()] == [None, cast.ruth.user]
    erasure.erase_person(cast.ruth.user, by=TOOL)
    assert texts() == []
