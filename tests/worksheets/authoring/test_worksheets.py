"""What teachers do to worksheets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import RestrictedError
from django.utils import timezone

from lti_tool.audit import TOOL
from tests.cast import Cast
from tests.worksheets.sheets import (
    CAUSES,
    EVERYTHING,
    GAPS_ONLY,
    assignment_at,
    hand_in,
    place,
    publish,
    save,
)
from worksheets import authoring
from worksheets.authoring import ChangedElsewhere, HasErrors, InUse, NameTaken, TooLong, assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.formats.picture_file import StoredPicture
from worksheets.models import Assignment, Edition, Feedback, Picture, Worksheet

BROKEN = "# Broken\n\nA gap ___ without its answer ______.\n"
PIXELS = StoredPicture(b"pixels", "image/png", 8, 6)


def row(worksheet: Worksheet) -> Worksheet:
    return Worksheet.objects.get(pk=worksheet.pk)


# --- write ---


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("# Causes\n\nText.", "Causes"),
        ("Text.", "Worksheet"),
        ("", "Worksheet"),
        ("# " + "x" * 300, "x" * 200),
    ],
)
def test_a_worksheet_is_titled_by_its_heading(cast: Cast, source: str, title: str) -> None:
    made = authoring.create(cast.ruth.user, source)
    assert row(made).title == title
    assert row(made).source == source


def test_a_worksheet_without_a_heading_is_titled_as_the_caller_says(cast: Cast) -> None:
    assert authoring.create(cast.ruth.user, "Text.", "Untitled").title == "Untitled"
    assert authoring.create(cast.ruth.user, "# Causes", "Untitled").title == "Causes"


@pytest.mark.parametrize("length", [200_000, 200_001])
def test_a_text_is_kept_whole_or_not_at_all(cast: Cast, length: int) -> None:
    worksheet, text = authoring.create(cast.ruth.user, "# One"), "x" * length
    if length > authoring.MAX_SOURCE:
        with pytest.raises(TooLong):
            authoring.create(cast.ruth.user, text)
        with pytest.raises(TooLong):
            authoring.save(worksheet, text, seen=None)
        assert row(worksheet).source == "# One"
        assert Worksheet.objects.count() == 1
    else:
        assert row(authoring.create(cast.ruth.user, text)).source == text
        assert row(authoring.save(worksheet, text, seen=None)).source == text


def test_the_title_follows_the_heading_and_stays_without_one(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# One")
    assert authoring.save(worksheet, "# Two", seen=None).title == "Two"
    assert authoring.save(worksheet, "no heading", seen=None).title == "Two"


def test_a_text_with_errors_is_kept(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# One")
    authoring.save(worksheet, BROKEN, seen=None)
    assert row(worksheet).source == BROKEN


def test_a_text_that_was_saved_elsewhere_is_not_overwritten(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# One")
    opened = authoring.digest_of("# One")
    authoring.save(worksheet, "# Of the first window", seen=opened)
    with pytest.raises(ChangedElsewhere):
        authoring.save(worksheet, "# Of the second window", seen=opened)
    assert row(worksheet).source == "# Of the first window"
    authoring.save(
        worksheet, "# Of the second window", seen=authoring.digest_of("# Of the first window")
    )
    assert row(worksheet).source == "# Of the second window"


def test_a_text_that_was_saved_again_as_it_was_is_the_one_that_a_page_began_with(
    cast: Cast,
) -> None:
    worksheet = authoring.create(cast.ruth.user, "# One")
    opened = authoring.digest_of("# One")
    authoring.save(worksheet, "# One", seen=opened)
    assert authoring.save(worksheet, "# Two", seen=opened).source == "# Two"


def test_the_same_text_from_two_windows_is_no_quarrel(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# One")
    opened = authoring.digest_of(worksheet.source)
    authoring.save(worksheet, "# Two", seen=opened)
    assert authoring.save(worksheet, "# Two", seen=opened).source == "# Two"


def test_what_paper_made_us_guess_is_kept_until_it_is_published(cast: Cast) -> None:
    guessed = [(3, "Please check these words.")]
    worksheet = authoring.create(cast.ruth.user, GAPS_ONLY, cautions=guessed)
    assert row(worksheet).cautions == [[3, "Please check these words."]]
    worksheet = authoring.save(worksheet, GAPS_ONLY, seen=None)
    assert row(worksheet).cautions == [[3, "Please check these words."]]
    worksheet = authoring.save(worksheet, GAPS_ONLY, seen=None, cautions=[(1, "Other.")])
    assert row(worksheet).cautions == [[1, "Other."]]
    authoring.publish(worksheet)
    assert row(worksheet).cautions == []


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("a\nb\n???\nc", "a\nb\n???\nc, changed", 3),
        ("a\nb\n???\nc", "new\n\na\nb\n???\nc", 5),
        ("a\n???\n???\n???", "???\n???\n???", 2),
        ("a\nb\n???\nc", "a\nb\n??? 6 marks\nc", 3),
        ("a\nb\n???\nc", "a\nb\nc", None),
        ("a\nb\n???\nc", "", 1),
    ],
)
def test_what_paper_made_us_guess_goes_with_its_line(
    cast: Cast, before: str, after: str, line: int | None
) -> None:
    worksheet = authoring.create(cast.ruth.user, before, cautions=[(3, "Please check.")])
    worksheet = authoring.save(worksheet, after, seen=None)
    assert row(worksheet).cautions == ([[line, "Please check."]] if line else [])


# --- publish ---


def test_what_is_published_stays_as_it_is(cast: Cast) -> None:
    edition = publish(cast.ruth.user)
    authoring.save(edition.worksheet, GAPS_ONLY, seen=None)
    assert Edition.objects.get().source == CAUSES
    edition.source = GAPS_ONLY
    with pytest.raises(ValueError, match="never changed"):
        edition.save()
    assert Edition.objects.get().source == CAUSES


def test_the_same_text_is_the_same_edition(cast: Cast) -> None:
    first = publish(cast.ruth.user)
    assert authoring.publish(first.worksheet) == first
    worksheet = authoring.save(first.worksheet, GAPS_ONLY, seen=None)
    second = authoring.publish(worksheet)
    assert (first.number, second.number) == (1, 2)
    assert second.title == "Two gaps"
    worksheet = authoring.save(worksheet, CAUSES, seen=None)
    assert authoring.publish(worksheet).number == 3  # a step back is a step


def test_errors_keep_a_text_from_pupils(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, BROKEN)
    with pytest.raises(HasErrors):
        authoring.publish(worksheet)
    assert not Edition.objects.exists()


def test_what_is_published_is_what_was_checked(cast: Cast) -> None:
    """Whoever publishes may have read the worksheet before somebody else saved it."""
    as_read = authoring.create(cast.ruth.user, CAUSES)
    authoring.save(as_read, BROKEN, seen=None)
    assert as_read.source == CAUSES
    with pytest.raises(HasErrors):
        authoring.publish(as_read)
    assert not Edition.objects.exists()
    as_read = row(as_read)
    authoring.save(as_read, CAUSES, seen=None)
    assert as_read.source == BROKEN
    assert authoring.publish(as_read).source == CAUSES


def test_the_sample_is_whole(cast: Cast) -> None:
    worksheet = authoring.create_sample(cast.ruth.user)
    edition = authoring.publish(worksheet)
    sheet = edition.sheet
    assert sheet.problems == ()
    assert (len(sheet.gaps), len(sheet.banks), len(sheet.questions)) == (8, 1, 5)
    picture = Picture.objects.get()
    assert f"({picture.name} " in edition.source
    assert (picture.worksheet, picture.media_type) == (worksheet, "image/png")


# --- place ---


def test_an_edition_is_placed_with_its_rules(cast: Cast) -> None:
    closes = timezone.now() + timedelta(days=7)
    edition = publish(cast.ruth.user)
    assigning.assign(
        cast.course.link, edition, AssignmentRules(Feedback.ANSWERS, closes_at=closes), by=TOOL
    )
    placed = assignment_at(cast.course.link)
    assert (placed.edition, placed.feedback, placed.closes_at) == (edition, "answers", closes)
    assigning.assign(cast.course.link, edition, AssignmentRules(Feedback.SCORE), by=TOOL)
    again = assignment_at(cast.course.link)
    assert (again.pk, again.feedback, again.closes_at) == (placed.pk, "score", None)


def test_another_worksheet_takes_the_place_until_somebody_has_begun(cast: Cast) -> None:
    place(cast)
    other = publish(cast.ruth.user, GAPS_ONLY)
    assigning.assign(cast.course.link, other, AssignmentRules(Feedback.SCORE), by=TOOL)
    assignment = assignment_at(cast.course.link)
    assert assignment.edition == other
    save(assignment, cast.amina, {"g1": "Manchuria"})
    with pytest.raises(InUse):
        assigning.assign(
            cast.course.link, publish(cast.ruth.user), AssignmentRules(Feedback.SCORE), by=TOOL
        )
    assert assignment_at(cast.course.link).edition == other


def test_a_newer_edition_of_the_same_takes_the_place_also_later(cast: Cast) -> None:
    assignment = place(cast)
    attempt = hand_in(assignment, cast.amina, EVERYTHING)
    worksheet = authoring.save(assignment.edition.worksheet, GAPS_ONLY, seen=None)
    newer = authoring.publish(worksheet)
    assigning.assign(cast.course.link, newer, AssignmentRules(Feedback.SCORE), by=TOOL)
    assert assignment_at(cast.course.link).edition == newer
    attempt.refresh_from_db()
    assert attempt.edition == assignment.edition


def test_one_worksheet_serves_many_places(cast: Cast) -> None:
    edition = publish(cast.ruth.user)
    for course in (cast.course, cast.other_course):
        assigning.assign(course.link, edition, AssignmentRules(Feedback.SCORE), by=TOOL)
    assert Assignment.objects.filter(edition=edition).count() == 2


# --- delete ---


def test_a_worksheet_is_deleted_with_all_that_is_its(cast: Cast) -> None:
    edition = publish(cast.ruth.user)
    authoring.add_picture(edition.worksheet, "map.png", PIXELS)
    authoring.delete(edition.worksheet)
    assert not Worksheet.objects.exists()
    assert not Edition.objects.exists()
    assert not Picture.objects.exists()


def test_what_is_placed_is_not_deleted(cast: Cast) -> None:
    assignment = place(cast)
    with pytest.raises(InUse):
        authoring.delete(assignment.edition.worksheet)
    assert Worksheet.objects.exists()


def test_what_is_answered_is_not_deleted(cast: Cast) -> None:
    """Whatever is placed by now: an answer refers to the edition that it answers."""
    assignment = place(cast)
    answered = assignment.edition
    hand_in(assignment, cast.amina)
    Assignment.objects.update(edition=publish(cast.ruth.user, GAPS_ONLY))
    with pytest.raises(InUse):
        authoring.delete(answered.worksheet)
    assert Edition.objects.filter(pk=answered.pk).exists()


def test_an_edition_that_was_answered_cannot_be_deleted(cast: Cast) -> None:
    assignment = place(cast)
    hand_in(assignment, cast.amina)
    with pytest.raises(RestrictedError):
        assignment.edition.worksheet.delete()


def test_everything_of_a_platform_can_be_deleted_with_it(cast: Cast) -> None:
    hand_in(place(cast), cast.amina)
    cast.course.deployment.registration.delete()
    assert not Worksheet.objects.exists()


# --- pictures ---


def test_a_name_is_taken_once_a_worksheet(cast: Cast) -> None:
    one, other = (authoring.create(cast.ruth.user, "# One") for _ in range(2))
    authoring.add_picture(one, "map.png", PIXELS)
    with pytest.raises(NameTaken):
        authoring.add_picture(one, "map.png", PIXELS)
    assert authoring.add_picture(other, "map.png", PIXELS).worksheet == other


@pytest.mark.parametrize(
    "line",
    ["![A map](map.png)", '![A map](map.png "Asia in *1931*")', "![A map]( map.png )"],
)
def test_a_picture_that_an_edition_shows_stays(cast: Cast, line: str) -> None:
    worksheet = authoring.create(cast.ruth.user, f"# One\n\n{line}\n")
    picture = authoring.add_picture(worksheet, "map.png", PIXELS)
    edition = authoring.publish(worksheet)
    assert "map.png" in {getattr(block, "source", "") for block in edition.sheet.blocks}
    authoring.save(worksheet, "# One", seen=None)
    with pytest.raises(InUse):
        authoring.remove_picture(picture)


def test_a_picture_that_only_a_draft_shows_goes(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# One\n\n![A map](map.png)\n")
    picture = authoring.add_picture(worksheet, "map.png", PIXELS)
    authoring.remove_picture(picture)
    assert not Picture.objects.exists()
