"""A designer of the course, who builds it without teaching it: Canvas sends ContentDeveloper."""

from __future__ import annotations

import pytest

from tests.cast import DESIGNER, Cast, Someone, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import CAUSES, RULES, assignment_at, hand_in, publish
from worksheets.models import Assignment, Edition


@pytest.fixture
def dana(cast: Cast) -> Someone:
    return make_someone(cast.course, "13", "Dana Orr", DESIGNER)


@pytest.fixture
def edition(dana: Someone) -> Edition:
    return publish(dana.user, CAUSES)


@pytest.fixture
def placed(cast: Cast, dana: Someone, edition: Edition) -> Assignment:
    dana.client.post(dana.url("assign", number=edition.pk), RULES)
    return assignment_at(cast.course.link)


def test_a_designer_places_a_worksheet(cast: Cast, dana: Someone, edition: Edition) -> None:
    home = Page(dana.client.get(dana.url("home")))
    assert "Choose a worksheet for this activity" in home.text
    answer = dana.client.post(dana.url("assign", number=edition.pk), RULES)
    assert (answer.status_code, answer["Location"]) == (302, f"{dana.url('home')}?notice=placed")
    assert assignment_at(cast.course.link).edition == edition
    page = Page(dana.client.get(answer["Location"]))
    assert "This activity uses “Causes of terror”" in page.text


def test_a_designer_changes_its_rules_until_pupils_begin(
    cast: Cast, dana: Someone, placed: Assignment
) -> None:
    url = dana.url("assign", number=placed.edition_id)
    assert dana.client.get(url).status_code == 200
    assert dana.client.post(url, {**RULES, "attempt_limit": "2"}).status_code == 302
    placed.refresh_from_db()
    assert placed.attempt_limit == 2
    hand_in(placed, cast.amina)
    assert dana.client.get(url).status_code == 403
    assert dana.client.post(url, RULES).status_code == 403
    page = Page(dana.client.get(dana.url("home")))
    assert "only a teacher can change it now" in page.text
    assert "Amina" not in page.text


def test_a_designer_answers_nothing_and_is_on_no_list(
    cast: Cast, dana: Someone, placed: Assignment
) -> None:
    assert dana.client.post(dana.url("submit"), {"edition": placed.edition_id}).status_code == 403
    assert "Dana" not in Page(cast.ruth.client.get(cast.ruth.url("class"))).text
