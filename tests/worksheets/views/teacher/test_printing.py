"""Pages to be printed: what is on them, and what must not be."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import PUPIL, Cast, make_someone
from tests.reported import reported
from tests.worksheets.html import Page
from tests.worksheets.sheets import HIDDEN, hand_in, mark, place, save
from worksheets import attempts
from worksheets.models import Assignment, Feedback

KEYS = ("Manchuria", "Abyssinia", "Ethiopia", "Rhineland", "1928")


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def look(cast: Cast, name: str, **arguments: object) -> Page:
    answer = cast.ruth.client.get(cast.ruth.url(name, **arguments))
    assert "no-store" in answer["Cache-Control"]
    return Page(answer)


@reported("desk-26")
def test_the_blank_sheet_knows_no_answer(cast: Cast, assignment: Assignment) -> None:
    look(cast, "print-key")  # just before, in the same tab
    page = look(cast, "print-blank")
    for word in (*HIDDEN, "1928", "Ethiopia"):
        assert word not in page.html
    # What the bank offers stands in the bank alone.
    rest = re.sub(r'<aside class="bank".*?</aside>', "", page.html, flags=re.DOTALL)
    for word in ("Manchuria", "Abyssinia", "Rhineland"):
        assert word in page.html
        assert word not in rest
    gaps = re.findall(r'<span class="paper-gap">(.*?)</span></span>', page.html, re.DOTALL)
    assert len({re.sub(r"[0-9]", "", gap) for gap in gaps[1:]}) == 1
    assert len(gaps) == 4
    assert "Name:" in page.text
    assert "Date:" in page.text
    assert "Which of the two lies near Japan?" not in page.html


@reported("desk-26")
def test_the_answers_are_for_teachers_on_every_page(cast: Cast, assignment: Assignment) -> None:
    page = look(cast, "print-key")
    for word in (*KEYS, *HIDDEN):
        assert word in page.html
    # A table's head stands on each of its pages.
    assert re.search(r"<thead>\s*<tr>\s*<td>For teachers: answers</td>", page.html)
    for someone in (cast.amina, cast.otis):
        for name in ("print-blank", "print-key", "print-marked", "tables"):
            assert someone.client.get(someone.url(name)).status_code in {403, 404}


@pytest.mark.parametrize("feedback", [Feedback.SCORE, Feedback.CORRECTNESS, Feedback.ANSWERS])
def test_a_marked_sheet_shows_a_pupil_what_the_own_page_does(cast: Cast, feedback: str) -> None:
    assignment = place(cast, feedback=feedback)
    attempt = hand_in(assignment, cast.amina, {"g1": "Bavaria", "g4": "1929", "q1": "Because."})
    mark(attempt, cast.ruth, q1="3", q2="0")
    attempt.marks.filter(item="q1").update(comment="Which trial?")
    attempts.comment_overall(attempt, "Clear & short", "<b>Why?</b>", cast.ruth.user)
    page = look(cast, "print-attempt", number=attempt.pk)
    assert "Amina Abdullahi" in page.text
    assert "3 / 14" in page.text
    assert "3 / 4 Which trial?" in page.text
    assert "What went well Clear & short Even better if <b>Why?</b>" in page.text
    for word in HIDDEN:
        assert word not in page.html
    assert ("Right: 1928" in page.text) == (feedback == Feedback.ANSWERS)
    assert ("✗" in page.text) == (feedback != Feedback.SCORE)


def test_the_class_in_one_go(cast: Cast, assignment: Assignment) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            look(cast, "print-marked")
        return len(asked)

    assert "Nobody has submitted yet." in look(cast, "print-marked").text
    mark(hand_in(assignment, cast.amina), cast.ruth, q1="3", q2="4")
    hand_in(assignment, cast.ben)
    save(assignment, make_someone(cast.course, "901", "Cleo Cole", PUPIL), {"g1": "Bavaria"})
    few = statements()
    page = look(cast, "print-marked")  # no id stands twice
    assert page.html.count('<article class="printed-sheet') == 2
    assert "Amina Abdullahi" in page.text
    assert "11 / 14" in page.text
    assert "– / 14" in page.text
    assert "Cleo" not in page.text
    for word in HIDDEN:
        assert word not in page.html
    for n in range(5):
        hand_in(assignment, make_someone(cast.course, f"92{n}", f"P {n}", PUPIL))
    assert statements() == few


def test_what_is_not_submitted_has_nothing_to_print(cast: Cast, assignment: Assignment) -> None:
    attempt = save(assignment, cast.amina, {"g1": "Bavaria"})
    answer = cast.ruth.client.get(cast.ruth.url("print-attempt", number=attempt.pk))
    assert answer["Location"] == cast.ruth.url("attempt", number=attempt.pk)
