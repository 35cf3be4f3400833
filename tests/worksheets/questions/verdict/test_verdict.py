"""A kind of question that the product does not know goes the whole way, by its folder alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from lti_tool.audit import TOOL
from lti_tool.models import Delivery
from tests.cast import Cast, Someone
from tests.worksheets.html import Page
from tests.worksheets.questions.verdict.sheets import (
    BY_TEACHER,
    GAP,
    KEPT,
    KEYED,
    OTHER_KEY,
    RIGHT,
    STATEMENT,
    SUMMARY,
    WITHOUT_GAPS,
    WRONG,
)
from tests.worksheets.sheets import (
    RULES,
    assignment_at,
    hand_in,
    mark,
    marks_of,
    place,
    release,
    save,
)
from worksheets import authoring
from worksheets.authoring.assigning import AssignmentRules, assign
from worksheets.models import Answer, Assignment, Attempt, Edition, Feedback, Mark, Sending
from worksheets.privacy.erasure import erase_course, erase_person
from worksheets.privacy.exports import course_json, person_json
from worksheets.wording.numbers import plain


def get(someone: Someone, view: str = "home", **arguments: object) -> Page:
    return Page(someone.client.get(someone.url(view, **arguments)))


def post(someone: Someone, view: str, posted: Mapping[str, str], **arguments: object) -> Page:
    """The page that a form leads to."""
    client = someone.client
    return Page(client.post(someone.url(view, **arguments), posted, follow=True))


def send(someone: Someone, assignment: Assignment, fields: dict[str, str]) -> Any:
    """The answer to the page's script."""
    body = json.dumps({"edition": str(assignment.edition_id), **fields})
    return someone.client.post(someone.url("answers"), body, content_type="application/json").json()


def next_edition(assignment: Assignment, source: str) -> Edition:
    worksheet = authoring.save(assignment.edition.worksheet, source, seen=None)
    return authoring.publish(worksheet)


def reported(someone: Someone) -> tuple[str, int]:
    """What the gradebook shall show, and how often that has changed."""
    row = Delivery.objects.get(user=someone.user)
    given, maximum = row.score_given, row.score_maximum
    assert given is not None
    return f"{plain(given)}/{plain(maximum)}", row.revision


# --- the pupil's page ---


def test_the_page_to_fill_in_is_the_same_whatever_is_true(cast: Cast) -> None:
    place(cast, KEYED)
    pages = []
    for source in (KEYED, OTHER_KEY, BY_TEACHER):
        edition = next_edition(assignment_at(cast.course.link), source)
        assign(cast.course.link, edition, AssignmentRules(), by=TOOL)
        page = get(cast.amina)
        assert page.fields["q1-verdict"].options == ["true", "false"]
        assert page.fields["q1"].tag == "textarea"
        assert {"q1", "question-q1"} <= set(page.ids)
        assert "truth" not in page.html.lower()
        pages.append(re.sub(r'(value|draft-key|data-work)="[\w-]+"', "", page.html))
    assert pages[0] == pages[1] == pages[2]


def test_what_the_script_saves_is_kept_and_found_elsewhere(cast: Cast) -> None:
    assignment = place(cast, KEYED)
    assert send(cast.amina, assignment, {"q1-verdict": "true", "q1": ""})["errors"] == {}
    assert send(cast.amina, assignment, RIGHT)["errors"] == {}
    answer = Answer.objects.get(item="q1")
    assert (answer.value, answer.text) == (KEPT, SUMMARY)
    assert cast.amina.client.get(cast.amina.url("answers")).json()["fields"] == RIGHT
    assert RIGHT.items() <= get(cast.amina).posted.items()


def test_the_form_saves_and_leads_to_the_check(cast: Cast) -> None:
    place(cast, KEYED)
    page = post(cast.amina, "answers", {**get(cast.amina).posted, **RIGHT})
    assert "Everything is answered." in page.text
    assert Answer.objects.get(item="q1").value == KEPT


def test_the_check_names_a_correction_without_a_verdict(cast: Cast) -> None:
    save(place(cast, KEYED), cast.amina, {"q1": "It is in Germany."})
    page = get(cast.amina, "submit")
    assert f"{STATEMENT} — choose true or false" in page.text
    assert f"{cast.amina.url('home')}#question-q1" in page.links


def test_the_check_names_an_answer_without_a_prompt(cast: Cast) -> None:
    """A link needs a text."""
    assignment = place(cast, "# Alone\n\n??? right or wrong, 2 marks\n")
    save(assignment, cast.amina, {"q1": "It is in Germany."})
    page = get(cast.amina, "submit")
    assert "choose true or false" in page.text
    assert re.search(r'#question-q1">\s*</a>', page.html) is None


def test_the_check_speaks_of_gaps_only_where_there_are_some(cast: Cast) -> None:
    place(cast, f"{WITHOUT_GAPS}\n2. Why?\n\n??? 2 marks\n")
    assert "gaps" not in get(cast.amina, "submit").text


@pytest.mark.parametrize("verdict", ["maybe", "True", "true ", "1", "🎉", "</textarea><b>"])
def test_another_verdict_is_an_error_and_nothing_is_lost(cast: Cast, verdict: str) -> None:
    assignment = place(cast, KEYED)
    save(assignment, cast.amina, {"q1-verdict": "true"})
    posted = {**RIGHT, "q1-verdict": verdict}
    assert send(cast.amina, assignment, posted)["errors"] == {"q1": "Choose true or false."}
    page = post(cast.amina, "answers", {**get(cast.amina).posted, **posted})
    assert page.status == 422
    assert "Choose true or false." in page.text
    assert "Everything else is saved." in page.text
    assert page.fields["q1"].value == "It is in Germany."
    kept = dict(Answer.objects.values_list("item", "text"))
    assert kept == {"g1": "Manchuria", "q1": "true"}


# --- submitting ---


@pytest.mark.parametrize(
    ("fields", "points"),
    [
        (RIGHT, "3/3"),
        ({"q1-verdict": "false"}, "2/3"),
        (WRONG, "1/3"),
        ({**GAP, "q1": "It is in Germany."}, "1/3"),
        (GAP, "1/3"),
        ({}, "0/3"),
    ],
)
def test_it_is_marked_at_once_with_the_gaps(
    cast: Cast, fields: dict[str, str], points: str
) -> None:
    place(cast, KEYED)
    post(cast.amina, "answers", {**get(cast.amina).posted, **fields})
    page = post(cast.amina, "submit", get(cast.amina, "submit").posted)
    assert reported(cast.amina) == (points, 1)
    assert f"Marked automatically {points.replace('/', ' out of ')}" in page.text
    assert "Written answers" not in page.text
    assert {row.source for row in Mark.objects.all()} == {Mark.Source.MARKER}


def test_a_sheet_without_gaps_has_a_score_too(cast: Cast) -> None:
    hand_in(
        place(cast, WITHOUT_GAPS, sending=Sending.GAPS_ONLY), cast.amina, {"q1-verdict": "false"}
    )
    assert reported(cast.amina) == ("2/2", 1)


def test_without_marks_it_is_asked_and_never_marked(cast: Cast) -> None:
    attempt = hand_in(place(cast, KEYED.replace(", 2 marks", "")), cast.amina, RIGHT)
    assert marks_of(attempt) == {"g1": 1}
    assert reported(cast.amina) == ("1/1", 1)
    assert SUMMARY.split(": ")[1] in get(cast.ruth, "attempt", number=attempt.pk).text


# --- the teacher ---


def test_a_teacher_sees_what_the_machine_marked(cast: Cast) -> None:
    attempt = hand_in(place(cast, KEYED), cast.amina, RIGHT)
    page = get(cast.ruth, "attempt", number=attempt.pk)
    assert "3/3 marked automatically" in page.text
    assert "false It is in Germany. 2 / 2 Right: false" in page.text
    assert not [name for name in page.fields if name.startswith("q")]
    assert f"1: {SUMMARY}" in get(cast.ruth, "class").text


def test_without_a_key_a_teacher_marks_and_releases(cast: Cast) -> None:
    assignment = place(cast, BY_TEACHER)
    assert marks_of(hand_in(assignment, cast.ben, GAP))["q1"] == 0
    attempt = hand_in(assignment, cast.amina, RIGHT)
    assert reported(cast.amina) == ("1/1", 1)
    page = get(cast.ruth, "attempt", number=attempt.pk)
    assert "Right:" not in page.text
    fields = {name for name in page.fields if name.startswith("q")}
    assert fields == {"q1-points", "q1-comment", "q1-seen"}
    marked = {"q1-points": "1.5", "q1-comment": "Say more."}
    assert "1.5/2 written" in post(cast.ruth, "attempt", marked, number=attempt.pk).text
    assert "1.5" not in get(cast.amina).text
    post(cast.ruth, "release", {}, number=attempt.pk)
    assert reported(cast.amina) == ("2.5/3", 2)
    assert (
        f"Question 1: {SUMMARY} – Say more." in Delivery.objects.get(user=cast.amina.user).comment
    )
    assert "1.5 / 2 Say more." in get(cast.amina).text


# --- another key ---


def mark_again(cast: Cast, edition: Edition) -> Page:
    """The page that says what would change; its 'Apply' has then been pressed."""
    page = post(cast.ruth, "assign", {**RULES, "mark_again": "on"}, number=edition.pk)
    assert "Applied." in post(cast.ruth, "assign", page.posted, number=edition.pk).text
    return page


def test_a_corrected_key_marks_again_and_reports(cast: Cast) -> None:
    assignment = place(cast, KEYED)
    hand_in(assignment, cast.amina, RIGHT)
    hand_in(assignment, cast.ben, WRONG)
    page = mark_again(cast, next_edition(assignment, OTHER_KEY))
    assert "1 goes up 1 goes down 0 stay the same" in page.text
    assert "Amina Abdullahi 3/3 1/3 ↓ down" in page.text
    assert (reported(cast.amina), reported(cast.ben)) == (("1/3", 2), ("3/3", 2))


@pytest.mark.parametrize(
    "source",
    [
        KEYED.replace("in France", "in Spain"),
        KEYED.replace(", 2 marks", ""),
        BY_TEACHER.replace("right or wrong, ", ""),
    ],
)
def test_what_asks_something_else_is_not_marked_again(cast: Cast, source: str) -> None:
    assignment = place(cast, KEYED)
    attempt = hand_in(assignment, cast.amina, RIGHT)
    page = mark_again(cast, next_edition(assignment, source))
    assert "1 attempt cannot be re-marked" in page.text
    assert reported(cast.amina) == ("3/3", 1)
    assert marks_of(attempt) == {"g1": 1, "q1": 2}


def test_marks_of_a_teacher_stay_when_a_key_comes_later(cast: Cast) -> None:
    """They would count as the machine's, be shown before the release, and could not be changed."""
    assignment = place(cast, BY_TEACHER)
    attempt = release(hand_in(assignment, cast.amina, WRONG), cast.ruth, q1="1.5")
    mark(hand_in(assignment, cast.ben, WRONG), cast.ruth, q1="0.5")
    page = mark_again(cast, next_edition(assignment, KEYED))
    assert "2 attempts cannot be re-marked" in page.text
    assert marks_of(attempt)["q1"] == 1.5
    assert (reported(cast.amina), reported(cast.ben)) == (("2.5/3", 2), ("1/1", 1))
    assert "0.5" not in get(cast.ben).text


def test_the_machines_marks_stay_when_the_key_goes(cast: Cast) -> None:
    """A released answer would wait for a mark, and the score would fall meanwhile."""
    assignment = place(cast, KEYED)
    attempt = release(hand_in(assignment, cast.amina, RIGHT), cast.ruth)
    page = mark_again(cast, next_edition(assignment, BY_TEACHER))
    assert "1 attempt cannot be re-marked" in page.text
    assert marks_of(attempt) == {"g1": 1, "q1": 2}
    assert reported(cast.amina)[0] == "3/3"


# --- the result ---


@pytest.mark.parametrize(
    ("feedback", "is_marked", "is_told"),
    [
        (Feedback.SCORE, False, False),
        (Feedback.CORRECTNESS, True, False),
        (Feedback.ANSWERS, True, True),
    ],
)
def test_the_result_shows_what_the_policy_says(
    cast: Cast, feedback: str, *, is_marked: bool, is_told: bool
) -> None:
    hand_in(place(cast, KEYED, feedback=feedback), cast.amina, WRONG)
    page = get(cast.amina)
    assert "Marked automatically 1 out of 3" in page.text
    assert "true It is in Germany." in page.text
    assert ("0 / 2" in page.text) is is_marked
    assert ("Right: false" in page.text) is is_told
    assert ("false" in page.text) is is_told


def test_answers_wait_for_the_last_attempt(cast: Cast) -> None:
    assignment = place(cast, KEYED, feedback=Feedback.ANSWERS, attempt_limit=2)
    hand_in(assignment, cast.amina, WRONG)
    page = get(cast.amina)
    assert "0 / 2" in page.text
    assert "false" not in page.text


# --- trying, seeing, other languages ---


def test_the_editor_shows_the_sheet_and_its_problems(cast: Cast) -> None:
    number = authoring.create(cast.ruth.user, KEYED).pk
    page = get(cast.ruth, "edit", number=number)
    assert "No errors." in page.text
    assert page.fields["q1-verdict"].options == ["true", "false"]
    fragment = post(cast.ruth, "preview", {"source": OTHER_KEY}, number=number)
    assert "truth" not in fragment.html.lower()
    broken = KEYED.replace("truth: false", "truth: perhaps")
    fragment = post(cast.ruth, "preview", {"source": broken}, number=number)
    assert "Line 7, column 8" in fragment.text
    assert "Write 'truth: true' or 'truth: false'." in fragment.text


def test_a_teacher_tries_it_as_a_pupil(cast: Cast) -> None:
    number = authoring.create(cast.ruth.user, KEYED).pk
    assert get(cast.ruth, "try", number=number).fields["q1-verdict"].options == ["true", "false"]
    page = post(cast.ruth, "try", {**WRONG, "q1-verdict": "x", "submit": "1"}, number=number)
    assert "Choose true or false." in page.text
    assert page.fields["q1"].value == "It is in Germany."
    page = post(cast.ruth, "try", {**WRONG, "submit": "1"}, number=number)
    assert "true It is in Germany." in page.text
    assert "Right:" not in page.text
    assert not Attempt.objects.exists()


def test_trying_shows_the_machines_mark(cast: Cast) -> None:
    """It shows which gaps are right; what else is marked at once belongs to it."""
    number = authoring.create(cast.ruth.user, KEYED).pk
    page = post(cast.ruth, "try", {**RIGHT, "submit": "1"}, number=number)
    assert "Manchuria ✓" in page.text
    assert "2 / 2" in page.text


def test_a_german_page_shows_what_is_not_translated_in_english(cast: Cast) -> None:
    place(cast, KEYED, feedback=Feedback.ANSWERS)
    cast.amina.launch.locale = "de"
    cast.amina.launch.save()
    page = get(cast.amina)
    assert "Prüfen und abgeben …" in page.text
    assert "Your correction" in page.text
    post(cast.amina, "answers", {**page.posted, **RIGHT})
    page = post(cast.amina, "submit", get(cast.amina, "submit").posted)
    assert "3 von 3" in page.text
    assert "Richtig: falsch" in page.text


# --- what is kept of a person ---


def test_it_is_exported_and_erased(cast: Cast) -> None:
    assignment = place(cast, KEYED)
    hand_in(assignment, cast.amina, RIGHT)
    hand_in(assignment, cast.ben, WRONG)
    for text in (person_json(cast.amina.user), course_json(cast.course.context)):
        answers = json.loads(text)["attempts"][0]["answers"]
        (found,) = [answer for answer in answers if answer["item"] == "q1"]
        assert (found["text"], found["value"]) == (SUMMARY, KEPT)
    erase_person(cast.amina.user, by=TOOL)
    assert {row.attempt.user for row in Answer.objects.all()} == {cast.ben.user}
    erase_course(cast.course.context, by=TOOL)
    assert not Answer.objects.exists()
    assert not Mark.objects.exists()
