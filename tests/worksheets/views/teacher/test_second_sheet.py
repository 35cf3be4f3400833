"""A second sheet: what is offered, what the draft has, and who may make one."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from lti_tool.audit import TOOL
from tests.cast import PUPIL, TEACHER, Cast, Someone, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import EVERYTHING, assignment_at, hand_in, mark, place
from worksheets import authoring
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.authoring.sharing import Rights, share
from worksheets.formats.picture_file import StoredPicture
from worksheets.models import Assignment, Edition, Worksheet
from worksheets.reports.missed import outcomes


@pytest.fixture
def placed(cast: Cast) -> Assignment:
    """Three pupils have answered: g1 one right, g2 two, the others all; q1 has a third of 4."""
    placed = place(cast)
    cem = make_someone(cast.course, "93", "Cem", PUPIL)
    wrong = {"g1": "Bavaria"}
    for someone, answers, points in (
        (cast.amina, {}, "2"),
        (cast.ben, wrong, "1"),
        (cem, wrong | {"g2": "Bavaria"}, "1"),
    ):
        attempt = hand_in(placed, someone, EVERYTHING | answers)
        mark(attempt, cast.ruth, q1=points)
    return placed


def get(someone: Someone, query: str = "") -> Page:
    return Page(someone.client.get(someone.url("second-sheet") + query))


def post(someone: Someone, *items: str, **more: Any) -> Any:
    return someone.client.post(someone.url("second-sheet"), {"item": items, **more})


def ticked(page: Page) -> list[str]:
    parts = page.html.split('name="item"')[1:]
    return [part.split('"')[1] for part in parts if " checked" in part.split(">")[0]]


def test_what_was_missed_is_ticked_and_becomes_a_draft_of_ones_own(
    cast: Cast, placed: Assignment
) -> None:
    link = Page(cast.ruth.client.get(cast.ruth.url("class-answers")))
    assert "Make a sheet of what was missed …" in link.text
    page = get(cast.ruth)
    # g2 with two of three is enough; q2 is not marked, so nothing is known of it.
    assert ticked(page) == ["g1", "q1"]
    assert "1 of 3 right" in page.text
    assert "33 % of the marks given" in page.text
    assert "not marked yet" in page.text
    done = post(cast.ruth, "g1", "q1", "nonsense", "g99")
    assert done.status_code == 302
    made = Worksheet.objects.order_by("-pk")[0]
    assert made.title == "Causes of terror: once more"
    assert made.author == cast.ruth.user
    assert not made.editions.exists()
    assert "___Manchuria | !Abyssinia: Which of the two" in made.source
    assert "in 1931, Italy took\nAbyssinia in 1935" in made.source
    assert "[[ Manchuria | Bavaria ]]" in made.source
    assert "MODELANSWER" in made.source
    assert "#1928" not in made.source
    editor = Page(cast.ruth.client.get(done["Location"]))
    assert "This draft has what was missed." in editor.text
    assert "Undo: delete this draft" in editor.text
    cast.ruth.client.post(cast.ruth.url("delete", number=made.pk))
    assert not Worksheet.objects.filter(pk=made.pk).exists()
    assert assignment_at(cast.course.link).edition == placed.edition


def test_of_one_pupil_alone_and_nothing_ticked_is_refused(cast: Cast, placed: Assignment) -> None:
    one = Page(
        cast.ruth.client.get(cast.ruth.url("attempt", number=placed.attempts.order_by("pk")[0].pk))
    )
    assert "Make a sheet of what this pupil missed …" in one.text
    page = get(cast.ruth, f"?pupil={cast.amina.user.pk}")
    assert "The figures are of: Amina" in page.text
    assert ticked(page) == []
    page = get(cast.ruth, f"?pupil={cast.ben.user.pk}&pupil=x&pupil=9999999")
    assert ticked(page) == ["g1", "q1"]
    # Somebody of another course is nobody here, and is not named.
    stranger = get(cast.ruth, f"?pupil={cast.otis.user.pk}")
    assert "The figures are of" not in stranger.text
    refused = post(cast.ruth, pupil=str(cast.ben.user.pk))
    assert refused.status_code == 422
    assert "Tick at least one gap or question." in Page(refused).text
    assert "The figures are of: Ben" in Page(refused).text


def test_before_anybody_has_submitted_nothing_is_ticked(cast: Cast) -> None:
    placed = place(cast)
    page = get(cast.ruth)
    assert ticked(page) == []
    assert "Nothing is submitted and marked yet" in page.text
    assert not any(one.is_missed for one in outcomes(placed))
    Edition.objects.update(title="Why did it happen?")
    assert post(cast.ruth, "g4").status_code == 302
    assert Worksheet.objects.order_by("-pk")[0].title == "Why did it happen? Once more"


def test_zeros_of_blank_answers_alone_say_nothing_of_a_question(cast: Cast) -> None:
    placed = place(cast)
    cem = make_someone(cast.course, "93", "Cem", PUPIL)
    hand_in(placed, cast.amina, EVERYTHING)
    hand_in(placed, cast.ben, EVERYTHING | {"q1": "", "q1-choice": ""})
    attempt = hand_in(placed, cem, EVERYTHING)
    page = get(cast.ruth)
    assert "q1" not in ticked(page)
    assert "most not marked yet" in page.text
    mark(attempt, cast.ruth, q1="1")
    assert "q1" in ticked(get(cast.ruth))


def test_only_who_may_copy_the_worksheet_and_pictures_come_along(cast: Cast) -> None:
    source = (
        "# Maps\n\n![a map](map.png)\n\nIt is ___Rome___.\n\n## B\n\n![b](b.png)\n\n___x___ y\n"
    )
    colin = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    worksheet = authoring.create(colin.user, source)
    for name in ("map.png", "b.png"):
        authoring.add_picture(worksheet, name, StoredPicture(b"pixels", "image/png", 8, 6))
    edition = authoring.publish(worksheet)
    assigning.assign(cast.course.link, edition, AssignmentRules(), by=TOOL)
    placed = assignment_at(cast.course.link)
    hand_in(placed, cast.amina, {"g1": "Paris"})
    # Ruth teaches here, and the worksheet is Colin's alone.
    assert cast.ruth.client.get(cast.ruth.url("second-sheet")).status_code == 404
    assert post(cast.ruth, "g1").status_code == 404
    answers = Page(cast.ruth.client.get(cast.ruth.url("class-answers")))
    assert "Make a sheet" not in answers.text
    share(worksheet, cast.course.context, Rights.READ, by=colin.user)
    assert post(cast.ruth, "g1").status_code == 302
    made = Worksheet.objects.order_by("-pk")[0]
    assert (made.author, made.title) == (cast.ruth.user, "Maps: once more")
    assert [row.name for row in made.pictures.all()] == ["map.png"]
    assert post(cast.amina, "g1").status_code == 403


def test_a_teacher_with_as_many_worksheets_as_can_be_kept_is_told(
    cast: Cast, placed: Assignment, settings: Settings
) -> None:
    settings.LTI_AUTHOR_QUOTA = 1
    refused = post(cast.ruth, "g1")
    assert refused.status_code == 422
    assert ticked(Page(refused)) == ["g1"]
    assert Worksheet.objects.filter(author=cast.ruth.user).count() == 1
