"""The reminder for those who have not begun: a text without names, and the names apart."""

from __future__ import annotations

import re
from html import unescape

import pytest

from lti_tool.models import Membership, Registration, ResourceLink, StoredLaunch, User
from tests.cast import PUPIL, Cast
from tests.worksheets.html import Page
from tests.worksheets.sheets import hand_in, place, save
from worksheets.models import Assignment


@pytest.fixture
def placed(cast: Cast) -> Assignment:
    """Amina has opened it, Ben has begun, two were never there, one of them has left."""
    placed = place(cast)
    save(placed, cast.ben, {"g1": "Bavaria"})
    registration = cast.course.deployment.registration
    for n, status in enumerate((Membership.Status.ACTIVE, Membership.Status.GONE)):
        user = User.objects.create(registration=registration, sub=f"p{n}", name=f"<Pupil> {n}")
        Membership.objects.create(
            user=user, context=cast.course.context, roles=[PUPIL], status=status
        )
    return placed


def look(cast: Cast, part: str) -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url("class") + f"?show={part}"))


def area(page: Page, name: str) -> str:
    found = re.search(
        rf'<textarea id="reminder-{name}"[^>]*>(.*?)</textarea>', page.html, re.DOTALL
    )
    assert found
    return unescape(found[1])


def test_it_names_activity_and_course_and_no_pupil(cast: Cast, placed: Assignment) -> None:
    page = look(cast, "not-begun")
    assert "2 not begun" in page.text
    assert "Nothing is sent from here" in page.text
    assert area(page, "text") == (
        "You have not started “Causes” in the course “Course 2” yet. Please do it soon."
    ).replace("Course 2", str(cast.course.context))
    assert sorted(area(page, "names").split("\n")) == ["<Pupil> 0", "Amina Abdullahi"]
    assert area(look(cast, "opened"), "names") == "Amina Abdullahi"
    assert area(look(cast, "never-opened"), "names") == "<Pupil> 0"
    # Of everybody else it says nothing, nor where nobody is left to remind.
    for part in ("", "begun", "left", "nonsense"):
        assert "reminder-text" not in look(cast, part).html
    hand_in(placed, cast.amina)
    assert "not begun" not in look(cast, "").text


def test_with_an_address_where_the_launch_makes_it_certain(cast: Cast, placed: Assignment) -> None:
    Registration.objects.update(product="canvas", issuer="https://canvas.example")
    ResourceLink.objects.update(lms_assignment="91")
    address = "https://canvas.example/courses/34/external_content/success/external_tool_redirect"
    StoredLaunch.objects.update(return_url=address)
    text = area(look(cast, "opened"), "text")
    assert text.endswith("\nYou find it here: https://canvas.example/courses/34/assignments/91")
    # Moodle's return address has the key of the teacher's session.
    Registration.objects.update(product="moodle")
    address = "https://canvas.example/mod/lti/return.php?course=7&sesskey=SECRET"
    StoredLaunch.objects.update(return_url=address)
    page = look(cast, "opened")
    assert area(page, "text").endswith("https://canvas.example/course/view.php?id=7")
    assert "SECRET" not in area(page, "text")


def test_without_names_there_is_no_list(cast: Cast, placed: Assignment) -> None:
    User.objects.update(name="", given_name="", family_name="")
    page = look(cast, "not-begun")
    assert "reminder-names" not in page.html
    assert "You have not started" in area(page, "text")
