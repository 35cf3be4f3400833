"""Which pictures of a worksheet its pupils get: those that they are shown, once they are."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.urls import Resolver404, resolve
from django.utils import timezone

from lti_tool.audit import TOOL
from tests.cast import TEACHER, Cast, Someone, make_someone
from tests.worksheets.images import picture
from tests.worksheets.sheets import GAPS_ONLY, hand_in, hand_in_again, place
from worksheets import authoring
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.authoring.pictures import read_picture
from worksheets.models import Assignment

OK, MISSING = 200, 404
FIRST = f"{GAPS_ONLY}\n![A map](map.png)\n\n???\nmodel: ![The answer](solution.png)\n"
SECOND = f"{GAPS_ONLY}\n![Another map](other.png)\n"
PICTURES = ("map.png", "other.png", "solution.png")


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    placed = place(cast, FIRST, attempt_limit=2)
    for name in PICTURES:
        authoring.add_picture(placed.edition.worksheet, name, read_picture(picture()))
    return placed


def seen(someone: Someone, assignment: Assignment) -> set[str]:
    """The names that this person's browser gets a picture for."""
    statuses = {}
    for name in PICTURES:
        url = someone.url("picture", worksheet=assignment.edition.worksheet_id, name=name)
        statuses[name] = someone.client.get(url).status_code
    assert set(statuses.values()) <= {OK, MISSING}
    return {name for name, status in statuses.items() if status == OK}


def move_on(assignment: Assignment) -> None:
    """The teacher publishes another edition and places it."""
    worksheet = authoring.save(assignment.edition.worksheet, SECOND, seen=None)
    rules = AssignmentRules(assignment.feedback, attempt_limit=2)
    assigning.assign(assignment.link, authoring.publish(worksheet), rules, by=TOOL)


def test_a_pupil_gets_what_the_sheet_shows_and_no_other(cast: Cast, assignment: Assignment) -> None:
    assert seen(cast.amina, assignment) == {"map.png"}
    assert seen(cast.otis, assignment) == set()
    assert seen(cast.zara, assignment) == set()


def test_nothing_before_it_opens(cast: Cast, assignment: Assignment) -> None:
    Assignment.objects.update(opens_at=timezone.now() + timedelta(days=1))
    assert seen(cast.amina, assignment) == set()
    assert seen(cast.ruth, assignment) == set(PICTURES)


def test_what_was_answered_stays_to_be_seen(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    later = timezone.now() + timedelta(days=1)
    Assignment.objects.update(opens_at=later)
    assert seen(cast.amina, assignment) == {"map.png"}
    assert seen(cast.ben, assignment) == set()


def test_each_pupil_gets_the_editions_that_are_theirs(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    move_on(assignment)
    assert seen(cast.amina, assignment) == {"map.png"}
    assert seen(cast.ben, assignment) == {"other.png"}
    assignment.refresh_from_db()
    hand_in_again(assignment, cast.amina)
    assert seen(cast.amina, assignment) == {"map.png", "other.png"}


@pytest.mark.parametrize("name", ["", "%00", "map.png%00", "a%20b.png", "x" * 101, "%C3%A9.png"])
def test_no_database_is_asked_for_a_name_that_no_picture_has(cast: Cast, name: str) -> None:
    with pytest.raises(Resolver404):
        resolve(unquote(cast.ruth.url("home") + f"pictures/1/{name}"))
    with pytest.raises(Resolver404):
        resolve(unquote(cast.ruth.url("library") + f"1/pictures/{name}/remove/"))


def test_teachers_get_all_of_them(cast: Cast, assignment: Assignment) -> None:
    colleague = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    assert seen(cast.ruth, assignment) == seen(colleague, assignment) == set(PICTURES)


def test_a_browser_keeps_a_picture_and_no_page(cast: Cast, assignment: Assignment) -> None:
    url = cast.amina.url("picture", worksheet=assignment.edition.worksheet_id, name="map.png")
    answer = cast.amina.client.get(url)
    assert answer["Cache-Control"] == "private, max-age=86400"
    assert "Expires" not in answer
    missing = cast.amina.client.get(url.replace("map", "none"))
    assert "no-store" in missing["Cache-Control"]
    assert "no-store" in cast.amina.client.get(cast.amina.url("home"))["Cache-Control"]
