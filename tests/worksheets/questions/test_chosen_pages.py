"""Choices, statements and lists to match on the pages of pupils and teachers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lti_tool.models import Delivery
from tests.cast import Cast
from tests.worksheets.html import Page
from tests.worksheets.sheets import hand_in, place, save
from worksheets import authoring
from worksheets.models import Answer, Feedback, Worksheet
from worksheets.questions import parse_sheet

SOURCE = """# Animals

1. Which of them fly?

(a) bats
(b) cows
(c) *owls*

??? choose several, 2 marks
correct: a, c

True or false?

1. Ice floats.
2. Stones float.

??? true or false, 2 marks
true: 1
as: yes | no

Match them.

1. dog
2. cat

(a) meows
(b) barks
(c) sings

??? match, 2 marks
pairs: 1b, 2a
"""
RIGHT = {
    **{"q1-a": "a", "q1-b": "", "q1-c": "c"},
    **{"q2-1": "true", "q2-2": "false"},
    **{"q3-1": "b", "q3-2": "a"},
}
KEYS = ("correct: a, c\n", "true: 1\n", "pairs: 1b, 2a\n")


def unkeyed() -> str:
    source = SOURCE
    for key in KEYS:
        source = source.replace(key, "")
    return source


def get(cast: Cast, name: str = "home") -> Page:
    return Page(cast.amina.client.get(cast.amina.url(name)))


def test_a_form_without_a_script_saves_and_takes_back(cast: Cast) -> None:
    place(cast, SOURCE)
    page = get(cast)
    assert len(page.fields["q3-1"].options) == 4
    client, url = cast.amina.client, cast.amina.url("answers")
    ticked = [("q1-a", ["", "a"]), ("q1-b", [""]), ("q1-c", ["", "c"])]  # as a browser posts it
    page_of = {name: page.posted[name] for name in ("edition", "attempt")}
    client.post(url, {**page_of, **RIGHT, **dict(ticked)})
    assert dict(Answer.objects.values_list("item", "text")) == {
        "q1": "a, c",
        "q2": "1 yes, 2 no",
        "q3": "1b, 2a",
    }
    client.post(url, {**page_of, "q1-a": [""], "q1-b": [""], "q1-c": [""]})
    assert Answer.objects.get(item="q1").text == ""
    assert client.get(url).json()["fields"]["q1-a"] == ""


def test_its_marks_are_the_machines(cast: Cast) -> None:
    assignment = place(cast, SOURCE)
    hand_in(assignment, cast.amina, {**RIGHT, "q1-b": "b", "q3-1": "a"})
    score = Delivery.objects.get()
    assert (score.score_given, score.score_maximum) == (Decimal(3), Decimal(6))
    page = get(cast)
    assert "Marked automatically 3 out of 6" in page.text
    assert "2. Stones float. no" in page.text
    assert "1. dog (a) meows" in page.text
    row = Page(cast.ruth.client.get(cast.ruth.url("class"))).text
    assert "1: a, b, c" in row
    assert "3: 1a, 2a" in row


@pytest.mark.parametrize(
    ("feedback", "is_marked", "is_solved"),
    [
        (Feedback.SCORE, False, False),
        (Feedback.CORRECTNESS, True, False),
        (Feedback.ANSWERS, True, True),
    ],
)
def test_the_result_shows_what_it_may(
    cast: Cast, feedback: str, is_marked: bool, is_solved: bool
) -> None:
    hand_in(place(cast, SOURCE, feedback=feedback), cast.amina, {"q1-a": "a"})
    page = get(cast)
    assert ("1 / 2 Each right one earns the same" in page.text) is is_marked
    assert ("Right: (a), (c)" in page.text) is is_solved
    assert ("Right: 1. yes, 2. no" in page.text) is is_solved
    assert ("Right: 1b, 2a" in page.text) is is_solved
    assert "left blank" in page.text


def test_the_page_to_fill_in_is_the_same_whatever_is_right(cast: Cast) -> None:
    place(cast, SOURCE)
    html = get(cast).html
    for key in KEYS:
        assert key.strip() not in html
    assert "checked" not in html


def test_a_teacher_marks_what_has_no_key(cast: Cast) -> None:
    hand_in(place(cast, unkeyed()), cast.amina, RIGHT)
    page = Page(cast.ruth.client.get(cast.ruth.url("mark-question", item="q3")))
    assert "1. dog" in page.text
    assert "1b, 2a" in page.text
    page = Page(cast.ruth.client.get(cast.ruth.url("mark-question", item="q2")))
    assert "Ice floats." in page.text


@pytest.mark.parametrize("value", [[], "x", 5, {"v": 2}, {"chosen": 3}, {"pairs": {"1": None}}])
def test_a_value_of_another_form_is_a_blank(cast: Cast, value: object) -> None:
    assignment = place(cast, SOURCE)
    save(assignment, cast.amina, RIGHT)
    Answer.objects.update(value=value)
    for name in ("home", "answers", "submit"):
        assert cast.amina.client.get(cast.amina.url(name)).status_code == 200
    hand_in(assignment, cast.amina, {})
    assert "Left blank" in get(cast).text


# --- the page of answers ---


def press(cast: Cast, worksheet: Worksheet, item: str, fields: dict[str, object]) -> Page:
    text = Worksheet.objects.get(pk=worksheet.pk).source
    posted = {"seen": authoring.digest_of(text), "item": item, "solution": "1", **fields}
    url = cast.ruth.url("keys", number=worksheet.pk)
    return Page(cast.ruth.client.post(url, posted, follow=True))


def test_a_teacher_gives_the_right_answers_as_a_pupil_would(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, unkeyed())
    url = cast.ruth.url("keys", number=worksheet.pk)
    page = Page(cast.ruth.client.get(url))
    assert "3 questions have no right answer yet." in page.text
    press(cast, worksheet, "q1", {"q1-a": ["", "a"], "q1-b": [""], "q1-c": ["", "c"]})
    press(cast, worksheet, "q2", {"q2-1": "true", "q2-2": "false"})
    press(cast, worksheet, "q3", {"q3-1": "b", "q3-2": "a"})
    source = Worksheet.objects.get(pk=worksheet.pk).source
    assert parse_sheet(source) == parse_sheet(SOURCE)
    page = Page(cast.ruth.client.get(url))
    assert "no right answer" not in page.text
    assert page.posted["q3-1"].strip() == "(b) barks"


def test_half_a_key_is_refused_and_shown_again(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, unkeyed())
    page = press(cast, worksheet, "q2", {"q2-1": "true"})
    assert "Give the right answer for each line, or for none." in page.text
    assert Worksheet.objects.get(pk=worksheet.pk).source == unkeyed()


@pytest.mark.parametrize("fields", [{}, {"q9-1": "x"}, {"q3-1": "z"}, {"q3-1": "a" * 9000}])
def test_hostile_keys_change_nothing(cast: Cast, fields: dict[str, object]) -> None:
    worksheet = authoring.create(cast.ruth.user, unkeyed())
    for item in ("q3", "q9", "g1", "x"):
        page = press(cast, worksheet, item, fields)
        assert "nothing was changed" in page.text
    assert Worksheet.objects.get(pk=worksheet.pk).source == unkeyed()
