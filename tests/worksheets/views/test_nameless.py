"""Without names: everything works, and a pupil is the same 'Pupil 7' for everyone who looks."""

from __future__ import annotations

import json
import re

import pytest

from lti_tool.audit import TOOL
from lti_tool.models import User
from tests.cast import TEACHER, Cast, Someone, make_someone
from tests.worksheets.sheets import assignment_at, hand_in, mark, place
from worksheets import attempts, gradebook
from worksheets.models import Attempt
from worksheets.privacy.exports import person_json


@pytest.fixture
def nameless(cast: Cast) -> Cast:
    """Amina and Ben have handed in; nobody has a name."""
    assignment = place(cast)
    for pupil in (cast.amina, cast.ben):
        mark(hand_in(assignment, pupil), cast.ruth, q1="3", q2="2")
    User.objects.update(name="", given_name="", family_name="")
    return cast


def page(someone: Someone, name: str, **kwargs: object) -> str:
    answer = someone.client.get(someone.url(name, **kwargs))
    assert answer.status_code == 200
    return answer.content.decode()


def shown(text: str) -> set[str]:
    return set(re.findall(r"Pupil \d+", text))


def test_everyone_who_looks_sees_the_same_number(nameless: Cast) -> None:
    colleague = make_someone(nameless.course, "11", "", TEACHER)
    amina, ben = (f"Pupil {someone.user.pk}" for someone in (nameless.amina, nameless.ben))
    attempt = Attempt.objects.get(user=nameless.amina.user)
    for teacher in (nameless.ruth, colleague):
        assert {amina, ben} <= shown(page(teacher, "class"))
        assert amina in shown(page(teacher, "attempt", number=attempt.pk))
        assert ben not in shown(page(teacher, "attempt", number=attempt.pk))


def test_the_number_stays_when_others_come_and_go(nameless: Cast) -> None:
    ben = f"Pupil {nameless.ben.user.pk}"
    nameless.amina.user.delete()
    make_someone(nameless.course, "103", "", "Learner")
    assert ben in shown(page(nameless.ruth, "class"))


def test_marks_are_released_and_seen_without_a_name(nameless: Cast) -> None:
    attempts.release(Attempt.objects.get(user=nameless.amina.user), by=TOOL)
    (receipt,) = gradebook.statuses_of(assignment_at(nameless.course.link), nameless.amina.user)
    assert receipt.given == 4 + 3 + 2
    person = json.loads(person_json(User.objects.get(pk=nameless.amina.user.pk)))["person"]
    assert (person["name"], person["sub"]) == ("", "101")


def test_a_pupils_own_page_shows_no_number_of_others(nameless: Cast) -> None:
    own = page(nameless.amina, "home")
    assert "So that all could see it." in own  # what she wrote: it is her result
    assert shown(own) <= {f"Pupil {nameless.amina.user.pk}"}
