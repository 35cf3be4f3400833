"""Marks without an attempt: typed in the class list or from a pile, released, or set aside."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import place, save
from worksheets.models import Assignment, EnteredMark


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def test_first(cast: Cast, assignment: Assignment) -> None:
    ruth, ben = cast.ruth, cast.ben
    url = ruth.url("entered", number=ben.user.pk)
    assert ruth.client.get(url).status_code == 200
    answer = ruth.client.post(url, {"text": "13,5", "class": ""})
    assert answer.status_code == 302
    print(answer["Location"])
    page = ruth.client.get(answer["Location"])
    print(page.content.decode())
    page = ruth.client.get(ruth.url("paper-marks"))
    assert page.status_code == 200
    answer = ruth.client.post(ruth.url("release-all"))
    page = ruth.client.get(ruth.url("class"))
    print(page.content.decode())
    assert 0
