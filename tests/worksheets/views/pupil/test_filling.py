"""What a pupil does: open, fill in, check, submit, see the result."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from lti_tool.audit import TOOL
from lti_tool.models import Delivery, StoredLaunch
from lti_tool.protocol.vocabulary import CONTEXT_ROLE, INSTITUTION_ROLE
from tests.cast import PUPIL, Cast, Someone, make_someone, open_again
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    CAUSES,
    EVERYTHING,
    GAPS_ONLY,
    READING,
    RIGHT,
    WRITTEN_ONLY,
    assignment_at,
    fresh,
    hand_in,
    mark,
    place,
    save,
)
from worksheets import attempts, authoring
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Answer, Assignment, Attempt, Edition, Feedback


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def get(someone: Someone, name: str = "home") -> Page:
    return Page(someone.client.get(someone.url(name)))


def post(someone: Someone, name: str, posted: dict[str, str]) -> Any:
    return someone.client.post(someone.url(name), posted)


def send(someone: Someone, body: object) -> Any:
    """As the page's script saves."""
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return someone.client.post(someone.url("answers"), data, content_type="application/json")


FIRST = {"device": "a1", "sent": "1"}


def edition_of(assignment: Assignment) -> dict[str, str]:
    return {"edition": str(assignment.edition_id)}


def close(assignment: Assignment) -> None:
    assignment.closes_at = datetime(2026, 1, 31, 14, 5, tzinfo=UTC)
    assignment.save()


def new_edition(cast: Cast, source: str) -> None:
    worksheet = assignment_at(cast.course.link).edition.worksheet
    edition = authoring.publish(authoring.save(worksheet, source, seen=None))
    assigning.assign(cast.course.link, edition, AssignmentRules(Feedback.CORRECTNESS), by=TOOL)


# --- opening ---


def test_a_link_without_a_worksheet(cast: Cast) -> None:
    page = get(cast.amina)
    assert page.status == 200
    assert "Your teacher has not set this up yet." in page.text
    page = get(cast.ruth)
    assert page.status == 200
    assert "Choose a worksheet for this activity" in page.text


@pytest.mark.parametrize(
    ("role", "checks"),
    [(f"{INSTITUTION_ROLE}Administrator", True), (f"{CONTEXT_ROLE}Mentor", False)],
)
def test_who_only_looks_in_may_try_and_is_no_pupil(cast: Cast, role: str, *, checks: bool) -> None:
    visitor = make_someone(cast.course, "900", "Vera Visitor", role)
    link = "Check this connection"
    assert (link in get(visitor).text) == checks
    assignment = place(cast, GAPS_ONLY)
    page = get(visitor).text
    assert "You are not a pupil of this course." in page
    assert (link in page) == checks
    assert post(visitor, "submit", edition_of(assignment) | RIGHT).status_code == 302
    assert "You are not a pupil" in get(visitor).text
    assert not Delivery.objects.exists()
    assert "Vera Visitor" not in get(cast.ruth, "class").text
    assert "You are not a pupil" not in get(cast.amina).text


def test_a_first_look_writes_nothing(cast: Cast, assignment: Assignment) -> None:
    page = get(cast.amina)
    assert page.status == 200
    assert not Attempt.objects.exists()
    assert {name: f.value for name, f in page.fields.items()} == {
        "edition": str(assignment.edition_id),
        "attempt": "1",
        "seen": "",
        "g1": "",
        "g2": "",
        "g3": "",
        "g4": "",
        "q1": "",
        "q2": "",
        "q2-choice": "",
    }


def test_gaps_of_a_bank_are_chosen_and_others_typed(cast: Cast, assignment: Assignment) -> None:
    page = get(cast.amina)
    bank = ["", "Manchuria", "Rhineland", "Abyssinia", "Bavaria"]
    assert [page.fields[key].options for key in ("g1", "g2", "g3")] == [bank] * 3
    assert page.fields["g4"].tag == "input"
    assert page.fields["q2-choice"].options == ["a", "b"]
    assert "Gap 1 of 4" in page.html


def test_what_is_saved_stands_on_the_page_also_on_another_device(
    cast: Cast, assignment: Assignment
) -> None:
    save(assignment, cast.amina, EVERYTHING)
    elsewhere = open_again(cast.course, cast.amina.membership)
    page = get(elsewhere)
    assert {k: page.posted[k] for k in EVERYTHING} == EVERYTHING
    assert page.fields["seen"].value == Attempt.objects.get().saved_at.isoformat()


def test_nobody_finds_what_another_wrote(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, EVERYTHING)
    page = get(cast.ben)
    assert EVERYTHING["q1"] not in page.html
    assert "Amina" not in page.html


# --- saving ---


def test_the_script_saves_what_changed(cast: Cast, assignment: Assignment) -> None:
    answer = send(cast.amina, {**edition_of(assignment), "g1": "Manchuria", "q1": "So"})
    assert answer.status_code == 200
    saved = Attempt.objects.get()
    seen = saved.saved_at.isoformat()
    assert answer.json() == {"seen": seen, "errors": {}, "faults": {}, "late": 0, "kept": {}}
    send(cast.amina, {**edition_of(assignment), "q2": "because", "q2-choice": "b"})
    fields = cast.amina.client.get(cast.amina.url("answers")).json()
    assert fields == {
        "fields": {"g1": "Manchuria", "q1": "So", "q2": "because", "q2-choice": "b"},
        "seen": fresh(saved).saved_at.isoformat(),
        "submitted": False,
        "attempt": 1,
        "state": "1",
        "received": {},
        "written": {
            "g1": seen,
            "q1": seen,
            "q2": fresh(saved).saved_at.isoformat(),
        },
    }


def test_the_script_hears_what_has_arrived_of_its_browser(
    cast: Cast, assignment: Assignment
) -> None:
    send(cast.amina, {**edition_of(assignment), "q1": "So", "g1": "Manchuria", **FIRST})
    for device, found in (("a1", {"g1": 1, "q1": 1}), ("b2", {}), ("", {})):
        shown = cast.amina.client.get(cast.amina.url("answers"), {"device": device}).json()
        assert shown["received"] == found


def test_a_browser_knows_work_by_whose_and_which_it_is(cast: Cast, assignment: Assignment) -> None:
    """By no key of a row: those are given again where the database was restored."""

    def name(someone: Someone) -> str:
        found = re.search(r'data-work="([0-9a-f]{12}-[0-9a-f]{12})"', get(someone).html)
        assert found
        return found[1]

    amina = name(cast.amina)
    assert name(open_again(cast.course, cast.amina.membership)) == amina
    assert not set(amina.split("-")) & set(name(cast.ben).split("-"))
    Edition.objects.update(created_at=timezone.now() + timedelta(seconds=1))
    person, work = name(cast.amina).split("-")
    assert person == amina.split("-")[0]
    assert work != amina.split("-")[1]


def test_the_script_hears_of_errors_and_everything_else_is_saved(
    cast: Cast, assignment: Assignment
) -> None:
    body = {**edition_of(assignment), "g1": "Ruhr", "q1": "x" * 100_000, "g4": "1928"}
    errors = send(cast.amina, body).json()["errors"]
    assert errors == {
        "g1": "“Ruhr” is not in the word bank. Choose one of its words.",
        "q1": "This answer has 100,000 characters. At most 20,000 can be saved."
        " Shorten it and save again.",
    }
    assert list(Answer.objects.values_list("item", "text")) == [("g4", "1928")]


def test_the_script_hears_of_a_word_that_was_typed_in_another_way(
    cast: Cast, assignment: Assignment
) -> None:
    body = {**edition_of(assignment), "g1": "manchuria", "g4": "1928"}
    assert send(cast.amina, body).json()["kept"] == {"g1": {"g1": "Manchuria"}}


def test_the_script_hears_of_what_came_too_late(cast: Cast, assignment: Assignment) -> None:
    counted = {"device": "a1", **edition_of(assignment)}
    assert send(cast.amina, {"q1": "newer", "sent": "3", **counted}).json()["late"] == 0
    assert send(cast.amina, {"q1": "older", "sent": "1", **counted}).json()["late"] == 3
    assert Answer.objects.get().text == "newer"


def test_a_form_that_came_too_late_is_shown_again_and_counts_on(
    cast: Cast, assignment: Assignment
) -> None:
    counted = {"device": "a1", **edition_of(assignment)}
    send(cast.amina, {"q1": "newer", "sent": "9", **counted})
    page = Page(post(cast.amina, "answers", {"q1": "older", "sent": "1", **counted}))
    assert page.status == 422
    assert "Something newer was saved meanwhile." in page.text
    assert escape('{"q1": {"q1": "newer"}}') in page.html
    assert page.fields["q1"].value == "older"
    assert 'data-sent="9"' in page.html
    assert Answer.objects.get().text == "newer"
    assert post(cast.amina, "answers", {"q1": "older", "sent": "10", **counted}).status_code == 302


def test_what_another_device_has_saved_since_is_looked_at_first(
    cast: Cast, assignment: Assignment
) -> None:
    shown = {**get(cast.amina).posted, "device": "b2"}
    assert shown["seen"] == ""
    send(cast.amina, {**edition_of(assignment), "q1": "here", "seen": "", **FIRST})
    reply = send(cast.amina, {**shown, "q1": "there", "sent": "4"}).json()
    assert reply["late"] == 4
    page = Page(post(cast.amina, "answers", {**shown, "q1": "there", "sent": "5"}))
    assert page.status == 422
    assert page.fields["q1"].value == "there"
    assert Answer.objects.get(item="q1").text == "here"
    seen = page.fields["seen"].value
    assert send(cast.amina, {**shown, "q1": "there", "sent": "6", "seen": seen}).json()["late"] == 0
    assert Answer.objects.get(item="q1").text == "there"


@pytest.mark.parametrize("count", [FIRST, {}], ids=["by a script", "without"])
def test_an_answer_that_was_carried_over_can_be_emptied(
    cast: Cast, assignment: Assignment, count: dict[str, str]
) -> None:
    assignment.attempt_limit = 2
    assignment.save()
    attempt = hand_in(assignment, cast.amina, {"q1": "carried over"})
    assert attempts.begin_again(assignment, cast.amina.user).answers.exists()
    send(cast.amina, {**get(cast.amina).posted, "q1": "", **count})
    assert not Answer.objects.filter(attempt__number=2).exclude(text="").exists()
    assert attempt.answers.get(item="q1").text == "carried over"


@pytest.mark.parametrize(
    "count",
    [
        {"device": "a" * 17, "sent": "1"},
        {"device": "a\0", "sent": "1"},
        {"device": "", "sent": "1"},
        {"device": "a", "sent": "-1"},
        {"device": "a", "sent": "9" * 16},
        {"device": "a", "sent": "x"},
        {"device": "a"},
    ],
)
def test_nonsense_for_a_count_is_no_count(
    cast: Cast, assignment: Assignment, count: dict[str, str]
) -> None:
    for text in ("first", "second"):
        assert send(cast.amina, {"q1": text, **count, **edition_of(assignment)}).status_code == 200
    answer = Answer.objects.get()
    assert (answer.text, answer.device, answer.sent) == ("second", "", 0)


@pytest.mark.parametrize(
    "body",
    [b" ", b"{", b"[]", b"7", b'"text"', b"null", b"\xff\xfe", b"[" * 50_000, b'{"g1":' * 5000],
)
def test_what_is_no_json_object_is_refused(cast: Cast, assignment: Assignment, body: bytes) -> None:
    answer = send(cast.amina, body)
    assert answer.status_code == 400
    assert answer.json() == {"error": "This request could not be read."}
    assert not Attempt.objects.exists()


def test_values_that_are_no_text_are_passed_over(cast: Cast, assignment: Assignment) -> None:
    odd: dict[str, object] = {"g1": ["Manchuria"], "g4": 1928, "q1": None, "q2": {}}
    body = {**edition_of(assignment), **odd}
    assert send(cast.amina, body).json()["errors"] == {}
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\0b", "ab"),
        ("\ud83d", "?"),
        ("👩🏽‍🏫 🎉", "👩🏽‍🏫 🎉"),
        ("שלום עולם", "שלום עולם"),
        ("</textarea><script>alert(1)</script>", "</textarea><script>alert(1)</script>"),
        ("\n\n first line", "\n\n first line"),
    ],
)
def test_odd_text_is_saved_and_shown_again(
    cast: Cast, assignment: Assignment, sent: str, kept: str
) -> None:
    assert send(cast.amina, {**edition_of(assignment), "q1": sent, "g4": sent}).status_code == 200
    assert Answer.objects.get(item="q1").text == kept
    page = get(cast.amina)
    assert page.fields["q1"].value == kept
    assert page.fields["g4"].value == kept
    attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    assert kept.split()[-1] in get(cast.amina).text


def test_the_form_saves_and_goes_on_to_the_check(cast: Cast, assignment: Assignment) -> None:
    posted = {**get(cast.amina).posted, **EVERYTHING}
    answer = post(cast.amina, "answers", posted)
    assert (answer.status_code, answer["Location"]) == (302, cast.amina.url("submit"))
    assert {k: get(cast.amina).posted[k] for k in EVERYTHING} == EVERYTHING


def test_the_form_can_be_left_for_later(cast: Cast, assignment: Assignment) -> None:
    answer = post(cast.amina, "answers", {**get(cast.amina).posted, **RIGHT, "stay": "1"})
    assert answer["Location"].startswith(cast.amina.url("home") + "?")
    page = Page(cast.amina.client.get(answer["Location"]))
    assert "Saved. You can continue later, on any device." in page.text


def test_errors_keep_what_was_typed_on_the_page(cast: Cast, assignment: Assignment) -> None:
    long = "lang " * 20_000
    posted = {**get(cast.amina).posted, "g1": "Ruhr", "g4": "1928", "q1": long, "q2-choice": "z"}
    answer = post(cast.amina, "answers", posted)
    page = Page(answer)
    assert page.status == 422
    assert page.fields["g1"].value == "Ruhr"
    assert page.fields["q1"].value == long
    assert page.fields["g4"].value == "1928"
    for words in ("not in the word bank", "100,000 characters", "Choose one of the options."):
        assert words in page.text
    assert "Everything else is saved." in page.text
    assert Answer.objects.get(item="g4").text == "1928"
    assert not Answer.objects.filter(item="q1").exists()


def test_a_page_of_before_does_not_wipe_what_came_since(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, {"g4": "1928"})
    old = get(cast.amina).posted
    send(cast.amina, {**edition_of(assignment), "q1": "on the other device"})
    post(cast.amina, "answers", {**old, "g1": "Manchuria"})
    assert Answer.objects.get(item="q1").text == "on the other device"
    assert Answer.objects.get(item="g1").text == "Manchuria"


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-99-99T00:00:00Z", "2026-01-01", "9" * 50])
def test_nonsense_for_a_time_is_no_time(cast: Cast, assignment: Assignment, seen: str) -> None:
    posted = {**edition_of(assignment), "g4": "1928", "seen": seen}
    assert post(cast.amina, "answers", posted).status_code == 302
    assert Answer.objects.get().text == "1928"


@pytest.mark.parametrize("edition", ["", "x", "-1", "1e3", "9" * 40, "²", "0"])
def test_nonsense_for_an_edition_is_a_stale_page(
    cast: Cast, assignment: Assignment, edition: str
) -> None:
    page = Page(post(cast.amina, "answers", {"edition": edition, "g4": "1928"}))
    assert page.status == 409
    assert page.fields["g4"].value == "1928"
    assert page.fields["edition"].value == str(assignment.edition_id)
    assert not Attempt.objects.exists()


# --- a new edition, the close, other tabs ---


def test_a_stale_tab_keeps_what_was_typed(cast: Cast, assignment: Assignment) -> None:
    old = {**get(cast.amina).posted, **EVERYTHING}
    new_edition(cast, CAUSES + "\nOne more ___gap___.\n")
    page = Page(post(cast.amina, "answers", old))
    assert page.status == 409
    assert "Your answers are still here" in page.text
    assert {k: page.posted[k] for k in EVERYTHING} == EVERYTHING
    assert not Attempt.objects.exists()
    assert post(cast.amina, "answers", page.posted).status_code == 302
    assert {k: get(cast.amina).posted[k] for k in EVERYTHING} == EVERYTHING


def test_a_stale_tab_hears_it_by_script_too(cast: Cast, assignment: Assignment) -> None:
    old = edition_of(assignment)
    new_edition(cast, GAPS_ONLY)
    answer = send(cast.amina, {**old, "g1": "Manchuria"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "StaleEdition"
    assert "changed this worksheet" in answer.json()["error"]


def test_a_stale_check_page_submits_nothing(cast: Cast, assignment: Assignment) -> None:
    old = edition_of(assignment)
    new_edition(cast, GAPS_ONLY)
    page = Page(post(cast.amina, "submit", old))
    assert page.status == 409
    assert not Attempt.objects.exists()


def test_who_has_begun_goes_on_with_their_edition(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, RIGHT)
    new_edition(cast, GAPS_ONLY)
    page = get(cast.amina)
    assert page.fields["edition"].value == str(assignment.edition_id)
    assert "g4" in page.fields
    assert post(cast.amina, "submit", edition_of(assignment)).status_code == 302
    assert "4 out of 4" in get(cast.amina).text


def test_after_the_close(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, RIGHT)
    close(assignment)
    page = get(cast.amina)
    assert "This worksheet closed on 31 January 2026, 14:05 (UTC)." in page.text
    assert "Everything you saved before then is kept" in page.text
    assert "saved before then" not in get(cast.ben).text
    for name in ("answers", "submit"):
        answer = post(cast.amina, name, {**edition_of(assignment), "g1": "Bavaria"})
        assert (answer.status_code, answer["Location"]) == (302, cast.amina.url("home"))
    answer = send(cast.amina, {**edition_of(assignment), "g1": "Bavaria"})
    assert (answer.status_code, answer.json()["code"]) == (409, "Closed")
    assert cast.amina.client.get(cast.amina.url("submit")).status_code == 302
    assert Answer.objects.get(item="g1").text == "Manchuria"
    assert not fresh(Attempt.objects.get()).is_submitted


def set_dates(someone: Someone, **dates: datetime | None) -> None:
    """Set what the LMS told at this person's launch."""
    StoredLaunch.objects.filter(pk=someone.launch.pk).update(**dates)


def test_an_earlier_close_holds_in_pages_that_are_open(cast: Cast, assignment: Assignment) -> None:
    now = timezone.now()
    set_dates(cast.amina, closes_at=now + timedelta(hours=1))
    set_dates(open_again(cast.course, cast.amina.membership), closes_at=now)
    answer = send(cast.amina, {**edition_of(assignment), "q1": "too late"})
    assert (answer.status_code, answer.json()["code"]) == (409, "Closed")
    assert "closed" in get(cast.amina).text


def test_an_extension_holds_in_pages_that_are_open(cast: Cast, assignment: Assignment) -> None:
    now = timezone.now()
    set_dates(cast.amina, closes_at=now)
    set_dates(open_again(cast.course, cast.amina.membership), closes_at=now + timedelta(hours=1))
    answer = send(cast.amina, {**edition_of(assignment), "q1": "in time"})
    assert answer.status_code == 200


def test_a_launch_of_somebody_else_changes_no_dates(cast: Cast, assignment: Assignment) -> None:
    set_dates(cast.ben, closes_at=timezone.now())
    assert send(cast.amina, {**edition_of(assignment), "q1": "mine"}).status_code == 200


def test_the_close_is_told_before_it_comes(cast: Cast, assignment: Assignment) -> None:
    assignment.closes_at = datetime(2126, 1, 31, 14, 5, tzinfo=UTC)
    assignment.save()
    assert "Open until 31 January 2126, 14:05 (UTC)." in get(cast.amina).text


def test_who_submitted_in_time_sees_the_result_after_the_close(
    cast: Cast, assignment: Assignment
) -> None:
    hand_in(assignment, cast.amina)
    close(assignment)
    assert "4 out of 4" in get(cast.amina).text


# --- check and submit ---


def test_the_check_page_names_what_is_empty(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, {"g1": "Manchuria", "g4": " ", "q2-choice": "a"})
    page = get(cast.amina, "submit")
    left = page.text.split("Not answered yet")[1]
    numbers = [left.index(f"Gap {n}") for n in (2, 3, 4)]
    assert numbers == sorted(numbers)
    assert numbers[-1] < left.index("Why was the trial held in public?")
    assert "into the ___" in left
    assert "Why was the trial held in public?" in page.text
    assert "choose one and give your reasons" in page.text
    home = cast.amina.url("home")
    assert {f"{home}#g2", f"{home}#question-q1", f"{home}#question-q2"} <= set(page.links)
    filling = get(cast.amina)
    assert {"g2", "question-q1", "question-q2"} <= set(filling.ids)  # the links lead somewhere


def test_the_check_page_says_which_word_is_used_twice(cast: Cast) -> None:
    assignment = place(cast, CAUSES.replace("[[ Manchuria", "[[ each word once: Manchuria"))
    save(assignment, cast.amina, {**RIGHT, "g2": "Manchuria"})
    page = get(cast.amina, "submit")
    said = page.text.index("“Manchuria” is used 2 times. Each word fits once.")
    first, second = (page.text.index(words) for words in ("Japan took ___", "1935"))
    assert said < first < second  # the gaps in the order of the sheet, each with its words
    home = cast.amina.url("home")
    assert {f"{home}#g1", f"{home}#g2"} <= set(page.links)


def test_the_check_page_of_a_full_sheet(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, EVERYTHING)
    page = get(cast.amina, "submit")
    assert "Everything is answered." in page.text
    assert page.posted == {**edition_of(assignment), "attempt": "1"}


def test_submit_result_and_receipt(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, {**EVERYTHING, "g2": "Bavaria"})
    answer = post(cast.amina, "submit", edition_of(assignment))
    assert (answer.status_code, answer["Location"]) == (302, cast.amina.url("home"))
    page = get(cast.amina)
    assert "Gaps 3 out of 4" in page.text
    assert "Your teacher has not marked them yet." in page.text
    assert "The gradebook will update shortly." in page.text
    assert "Total" not in page.text
    assert page.fields == {}
    assert f'hx-get="{cast.amina.url("score-status")}?look=1"' in page.html
    assert cast.amina.client.get(cast.amina.url("answers")).json()["submitted"] is True


@pytest.mark.parametrize(
    ("state", "problem", "words", "asks_again"),
    [
        ("due", "", "The gradebook will update shortly.", True),
        ("due", "unreachable", "has not reached the gradebook yet; we keep trying.", True),
        ("delivered", "", "In the gradebook.", False),
        (
            "refused",
            "column-gone",
            "The gradebook column of this activity no longer exists.",
            False,
        ),
    ],
)
def test_the_receipt_is_a_fragment_that_asks_until_it_is_settled(
    cast: Cast, assignment: Assignment, state: str, problem: str, words: str, asks_again: bool
) -> None:
    hand_in(assignment, cast.amina)
    Delivery.objects.update(state=state, problem=problem)
    page = get(cast.amina, "score-status")
    assert words in page.text
    assert ("hx-get" in page.html) == asks_again
    assert "<html" not in page.html
    assert ("Please tell your teacher" in page.text) == (state == "refused")
    whole = get(cast.amina)
    assert words in whole.text
    assert ("htmx" in whole.html) == asks_again


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("no-column", "This activity has no column in the gradebook."),
        ("column-unknown", "They do not reach the gradebook."),
    ],
)
def test_who_works_without_a_column_is_not_sent_to_the_teacher(
    cast: Cast, assignment: Assignment, problem: str, words: str
) -> None:
    hand_in(assignment, cast.amina)
    Delivery.objects.update(state="refused", problem=problem)
    page = get(cast.amina)
    assert f"Your marks are shown here. {words}" in page.text
    assert "Not accepted" not in page.text
    assert "tell your teacher" not in page.text


def test_there_is_no_receipt_before_there_is_a_score(cast: Cast, assignment: Assignment) -> None:
    assert get(cast.amina, "score-status").text == ""
    save(assignment, cast.amina, RIGHT)
    assert get(cast.amina, "score-status").text == ""


def test_a_double_submit_is_no_mistake(cast: Cast, assignment: Assignment) -> None:
    """A double click, a second tab, a reload of the answer."""
    save(assignment, cast.amina, EVERYTHING)
    for _ in range(3):
        answer = post(cast.amina, "submit", edition_of(assignment))
        assert (answer.status_code, answer["Location"]) == (302, cast.amina.url("home"))
    assert Delivery.objects.get().revision == 1


def test_another_tab_after_the_submit(cast: Cast, assignment: Assignment) -> None:
    other_tab = {**get(cast.amina).posted, "g1": "Bavaria"}
    hand_in(assignment, cast.amina)
    answer = post(cast.amina, "answers", other_tab)
    assert (answer.status_code, answer["Location"]) == (302, cast.amina.url("home"))
    answer = send(cast.amina, other_tab)
    assert (answer.status_code, answer.json()["code"]) == (409, "AlreadySubmitted")
    assert cast.amina.client.get(cast.amina.url("submit")).status_code == 302
    assert Answer.objects.get(item="g1").text == "Manchuria"


# --- what is shown afterwards ---


def test_each_policy_shows_what_it_says(cast: Cast) -> None:
    shown = {}
    for feedback in Feedback.values:
        Attempt.objects.all().delete()
        assignment = place(cast, feedback=feedback)
        hand_in(assignment, cast.amina, {**EVERYTHING, "g1": "Abyssinia", "g2": "Bavaria"})
        shown[feedback] = get(cast.amina).text
    assert all("Gaps 2 out of 4" in text for text in shown.values())
    for text, marks, answers in [
        (shown["score"], False, False),
        (shown["correctness"], True, False),
        (shown["answers"], True, True),
    ]:
        assert ("(wrong)" in text) == marks
        assert ("Which of the two lies near Japan?" in text) == marks
        assert ("Right: Abyssinia" in text) == answers


def test_marks_and_comments_are_shown_from_the_release_on(
    cast: Cast, assignment: Assignment
) -> None:
    attempt = hand_in(assignment, cast.amina)
    mark(attempt, cast.ruth, q1="4", q2="5.5")
    Attempt.objects.get().marks.filter(item="q2").update(comment="Name a date.")
    before = get(cast.amina).text
    assert "Name a date." not in before
    assert "5.5" not in before
    attempts.release(attempt, by=TOOL)
    after = get(cast.amina).text
    assert "Name a date." in after
    assert "5.5 / 6" in after
    assert "Written answers 9.5 out of 10" in after
    assert "Total 13.5 out of 14" in after


def test_who_gets_it_back_can_write_again(cast: Cast, assignment: Assignment) -> None:
    attempts.reopen(hand_in(assignment, cast.amina), by=TOOL)
    page = get(cast.amina)
    assert {k: page.posted[k] for k in EVERYTHING} == EVERYTHING


def test_a_test_user_works_like_a_pupil_and_gets_no_score(
    cast: Cast, assignment: Assignment
) -> None:
    test_user = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
    someone = make_someone(cast.course, "900", "Test Student", PUPIL, test_user)
    save(assignment, someone, RIGHT)
    assert post(someone, "submit", edition_of(assignment)).status_code == 302
    assert "4 out of 4" in get(someone).text
    assert not Delivery.objects.exists()


# --- unusual sheets ---


def test_a_sheet_without_anything_to_fill_in(cast: Cast) -> None:
    place(cast, READING)
    page = get(cast.amina)
    assert page.status == 200
    assert "There is nothing to fill in." in page.text


def test_a_sheet_without_gaps(cast: Cast) -> None:
    assignment = place(cast, WRITTEN_ONLY)
    save(assignment, cast.amina, {"q1": "An essay."})
    assert post(cast.amina, "submit", edition_of(assignment)).status_code == 302
    page = get(cast.amina)
    assert "An essay." in page.text
    assert "Gaps" not in page.text
    assert page.status == 200


def test_a_sheet_without_a_bank(cast: Cast) -> None:
    place(cast, GAPS_ONLY)
    page = get(cast.amina)
    assert {page.fields[key].tag for key in ("g1", "g2")} == {"input"}
    assert "Word bank" not in page.text


def test_five_hundred_gaps(cast: Cast) -> None:
    source = "# Many\n\n" + "\n\n".join(f"Number {n} is ___n{n}___." for n in range(1, 501))
    assignment = place(cast, source)
    page = get(cast.amina)
    assert page.status == 200
    assert "Gap 500 of 500" in page.html
    full = {f"g{n}": f"n{n}" for n in range(1, 501)}
    assert post(cast.amina, "answers", {**page.posted, **full}).status_code == 302
    assert "Everything is answered." in get(cast.amina, "submit").text
    assert post(cast.amina, "submit", edition_of(assignment)).status_code == 302
    assert "500 out of 500" in get(cast.amina).text
    assert Delivery.objects.get().score_given == 500


def test_too_many_fields_are_a_readable_refusal(cast: Cast, assignment: Assignment) -> None:
    answer = post(cast.amina, "answers", {f"x{n}": "" for n in range(14_000)})
    assert answer.status_code == 400
    assert "Nothing was changed" in Page(answer).text


def test_too_much_at_once_is_a_readable_refusal(cast: Cast, assignment: Assignment) -> None:
    answer = send(cast.amina, b" " * (4 * 1024 * 1024))
    assert answer.status_code == 400
    assert not Attempt.objects.exists()


def test_an_address_that_has_expired_says_what_to_do(
    cast: Cast, assignment: Assignment, settings: Any
) -> None:
    settings.LTI_ACTIVITY_HOURS = 0
    page = get(cast.amina)
    assert page.status == 403
    assert "This page has closed for security" in page.text
    assert "What you saved is safe" in page.text


def test_a_browser_without_its_cookie_is_told_the_same(cast: Cast, assignment: Assignment) -> None:
    answer = Client(headers={"host": "localhost:8001"}).get(cast.amina.url("home"))
    assert answer.status_code == 403
    assert "What you saved is safe" in Page(answer).text


def test_a_launch_of_long_ago_still_saves_within_its_hours(
    cast: Cast, assignment: Assignment
) -> None:
    cast.amina.launch.created_at -= timedelta(hours=20)
    cast.amina.launch.renewed_at = timezone.now() - timedelta(hours=2)
    cast.amina.launch.save()
    assert send(cast.amina, {**edition_of(assignment), "g4": "1928"}).status_code == 200
