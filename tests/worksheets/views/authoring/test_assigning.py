"""The settings of an activity that pupils have worked on: look first, then apply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from lti_tool.audit import TOOL
from lti_tool.models import Delivery, LineItem
from lti_tool.protocol.vocabulary import Scope
from tests.cast import PUPIL, TEACHER, Cast, make_someone
from tests.reported import reported
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    CAUSES,
    EVERYTHING,
    GAPS_ONLY,
    RULES,
    WRITTEN_ONLY,
    assignment_at,
    hand_in,
    hand_in_again,
    mark,
    place,
    publish,
)
from worksheets import attempts, authoring
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, Attempt, Edition

KINDER = CAUSES.replace("___Abyssinia | Ethiopia___", "___Abyssinia | Bavaria___")
AGAIN = {**RULES, "mark_again": "on"}


@pytest.fixture
def answered(cast: Cast) -> Assignment:
    """Amina has Bavaria in the second gap, Ben has everything right."""
    assignment = place(cast)
    hand_in(assignment, cast.amina, {**EVERYTHING, "g2": "Bavaria"})
    hand_in(assignment, cast.ben)
    return assignment


@pytest.fixture
def kinder(answered: Assignment) -> Edition:
    worksheet = authoring.save(answered.edition.worksheet, KINDER, seen=None)
    return authoring.publish(worksheet)


def post(cast: Cast, edition: Edition, posted: dict[str, str]) -> Any:
    return cast.ruth.client.post(cast.ruth.url("assign", number=edition.pk), posted)


def look(cast: Cast, edition: Edition, posted: dict[str, str]) -> Page:
    answer = post(cast, edition, posted)
    assert answer.status_code == 200
    return Page(answer)


def agree(cast: Cast, edition: Edition, page: Page) -> Page:
    """Press 'Apply' on this page."""
    answer = post(cast, edition, page.posted)
    assert answer.status_code == 302
    return Page(cast.ruth.client.get(answer["Location"]))


def settings_page(cast: Cast, edition: Edition) -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url("assign", number=edition.pk)))


def test_a_corrected_key_is_looked_at_and_applied(cast: Cast, kinder: Edition) -> None:
    assert "you can re-mark submitted work below" in settings_page(cast, kinder).text
    page = look(cast, kinder, AGAIN)
    assert "Nothing has changed yet." in page.text
    assert "1 goes up 0 go down 1 stays the same" in page.text
    assert "Amina Abdullahi 3/4 4/4 ↑ up" in page.text
    assert "Ben Ashworth" not in page.text
    assert "When you apply this, 1 mark goes to the gradebook." in page.text
    assert Delivery.objects.get(user=cast.amina.user).score_given == 3
    page = agree(cast, kinder, page)
    assert "Applied. 1 mark is being sent to the gradebook." in page.text
    assert Delivery.objects.get(user=cast.amina.user).score_given == 4
    assert "mark_again" not in settings_page(cast, kinder).fields


def test_what_was_said_before_is_not_said_of_the_plan(cast: Cast, kinder: Edition) -> None:
    address = cast.ruth.url("assign", number=kinder.pk) + "?notice=settings-saved"
    assert "Saved." in Page(cast.ruth.client.get(address)).text
    page = Page(cast.ruth.client.post(address, AGAIN))
    assert "Nothing has changed yet." in page.text
    assert "Saved." not in page.text


def test_a_column_that_kept_another_maximum_is_told(cast: Cast, answered: Assignment) -> None:
    columns = LineItem.objects.filter(link=cast.course.link)
    columns.update(url="https://lms.example/1", lms_maximum=None)
    assert "keeps its maximum" not in settings_page(cast, answered.edition).text
    columns.update(lms_maximum=8)
    page = settings_page(cast, answered.edition)
    assert "gradebook keeps its maximum of 8." in page.text
    # To save the settings changes nothing there, so there is nothing to confirm.
    assert post(cast, answered.edition, RULES).status_code == 302


def test_where_the_lms_lets_no_column_be_added_the_choice_says_so(
    cast: Cast, answered: Assignment
) -> None:
    words = "marks for the gaps would not be sent"
    columns = LineItem.objects.filter(link=cast.course.link)
    columns.update(scopes=[Scope.LINE_ITEM, Scope.SCORE], container_url="https://lms.example/all")
    assert words not in settings_page(cast, answered.edition).text
    columns.update(scopes=[Scope.SCORE])
    assert words in settings_page(cast, answered.edition).text


def test_one_can_go_back_and_keeps_what_was_chosen(cast: Cast, kinder: Edition) -> None:
    page = look(cast, kinder, {**AGAIN, "feedback": "score", "closes_at": "2126-01-31T14:05"})
    back = look(cast, kinder, {**page.posted, "back": "1"})
    assert back.fields["closes_at"].value == "2126-01-31T14:05"
    assert back.fields["feedback"].value == "How many gaps are right"
    assert assignment_at(cast.course.link).edition != kinder


def test_something_happened_since(cast: Cast, kinder: Edition, answered: Assignment) -> None:
    page = look(cast, kinder, AGAIN)
    someone = make_someone(cast.course, "103", "Cleo Cole", PUPIL)
    hand_in(answered, someone, {"g2": "Bavaria"})
    second = look(cast, kinder, page.posted)
    assert "Something changed here after you opened this page" in second.text
    assert "2 go up" in second.text
    assert assignment_at(cast.course.link).edition != kinder
    assert "Applied. 2 marks are" in agree(cast, kinder, second).text


def test_a_forged_agreement_is_none(cast: Cast, kinder: Edition) -> None:
    for seen in ("x", "0" * 64, "é" * 5000):
        page = look(cast, kinder, {**AGAIN, "seen": seen})
        assert "Something changed here" in page.text
    assert assignment_at(cast.course.link).edition != kinder


def test_what_asks_something_else_stays(cast: Cast, answered: Assignment) -> None:
    source = CAUSES.replace("The first plan began", "It began")
    other = authoring.publish(authoring.save(answered.edition.worksheet, source, seen=None))
    page = look(cast, other, AGAIN)
    assert "2 attempts cannot be re-marked" in page.text
    assert "Nothing goes to the gradebook. All marks there stay the same." in page.text
    page = agree(cast, other, page)
    assert "Applied. Causes of terror" in page.text
    assert Attempt.objects.filter(edition=other).count() == 0


def test_work_that_was_asked_no_such_question_shows_no_marks_for_it(cast: Cast) -> None:
    assignment = place(cast, GAPS_ONLY)
    hand_in(assignment, cast.amina, {"g1": "Abyssinia"})
    more = f"{GAPS_ONLY}\n1. Why?\n??? 4 marks\n"
    edition = authoring.publish(authoring.save(assignment.edition.worksheet, more, seen=None))
    page = agree(cast, edition, look(cast, edition, RULES))
    assert "(version 1)" in page.text
    assert "0/0" not in page.text


def test_without_the_tick_it_is_placed_at_once(cast: Cast, kinder: Edition) -> None:
    answer = post(cast, kinder, RULES)
    assert answer.status_code == 302
    assert "Added." in Page(cast.ruth.client.get(answer["Location"])).text
    assert "mark_again" in settings_page(cast, kinder).fields  # and can be had later


def test_settings_that_change_no_mark_are_saved_at_once(cast: Cast, answered: Assignment) -> None:
    rules = {
        **RULES,
        "feedback": "score",
        "attempt_limit": "0",
        "new_attempt": "all",
        "closes_at": "2126-01-31T14:05",
    }
    answer = post(cast, answered.edition, rules)
    assert answer.status_code == 302
    assert "Saved." in Page(cast.ruth.client.get(answer["Location"])).text
    assert list(Delivery.objects.values_list("revision", flat=True)) == [1, 1]
    assert assignment_at(cast.course.link).attempt_limit == 0


@reported("desk-24")
def test_settings_of_before_a_colleagues_change_are_told_of_it_first(
    cast: Cast, answered: Assignment
) -> None:
    edition, colin = answered.edition, make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    monday = settings_page(cast, edition)
    url = colin.url("assign", number=edition.pk)
    theirs = Page(colin.client.get(url)).posted | RULES | {"due_at": "2126-01-31T14:05"}
    assert colin.client.post(url, theirs).status_code == 302
    due_at = assignment_at(cast.course.link).due_at
    wrong = post(cast, edition, monday.posted | RULES | {"attempt_limit": "x"})
    assert wrong.status_code == 422
    refused = post(cast, edition, Page(wrong).posted | RULES | {"attempt_limit": "3"})
    assert refused.status_code == 409
    told = Page(refused)
    assert "changed after you opened this page, so nothing was saved" in told.text
    assert "Due by: – → 31 January 2126" in told.text
    now = assignment_at(cast.course.link)
    assert (now.due_at, now.attempt_limit) == (due_at, 1)
    # Another edition is a change, too.
    again = authoring.publish(authoring.save(edition.worksheet, KINDER, seen=None))
    assigning.assign(cast.course.link, again, AssignmentRules.of(now), by=TOOL)
    assert post(cast, edition, told.posted | RULES).status_code == 409
    # Who has read it puts the own settings there.
    newest = settings_page(cast, again)
    assert post(cast, again, newest.posted | RULES | {"attempt_limit": "3"}).status_code == 302
    now = assignment_at(cast.course.link)
    assert (now.due_at, now.attempt_limit) == (due_at, 3)


def test_where_the_lms_has_dates_none_is_set_here(cast: Cast, answered: Assignment) -> None:
    cast.ruth.launch.dates_lead = True
    cast.ruth.launch.due_at = datetime(2126, 5, 1, 12, tzinfo=UTC)
    cast.ruth.launch.save()
    page = settings_page(cast, answered.edition)
    assert "The dates are those of the assignment in your LMS." in page.text
    assert not {"opens_at", "closes_at"} & set(page.fields)


def test_where_the_lms_has_no_dates_yet_those_here_are_set_here(
    cast: Cast, answered: Assignment
) -> None:
    cast.ruth.launch.dates_lead = True
    cast.ruth.launch.save()
    page = settings_page(cast, answered.edition)
    assert "The assignment has no dates in your LMS, so the dates here count." in page.text
    assert {"opens_at", "closes_at"} <= set(page.fields)
    rules = {**RULES, "closes_at": "2026-01-31T14:05"}
    assert post(cast, answered.edition, rules).status_code == 302
    assert assignment_at(cast.course.link).closes_at == datetime(2026, 1, 31, 14, 5, tzinfo=UTC)


def test_dates_of_the_lms_are_shown_and_not_edited(cast: Cast, answered: Assignment) -> None:
    ours = datetime(2126, 5, 1, 12, tzinfo=UTC)
    Assignment.objects.update(closes_at=ours)
    launch = cast.ruth.launch
    launch.due_at, launch.closes_at = ours + timedelta(days=9), ours + timedelta(days=30)
    launch.save()
    page = settings_page(cast, answered.edition)
    assert "Due by 10 May 2126, 12:00 (UTC). This date is set in your LMS." in page.text
    assert "Closes on 31 May 2126, 12:00 (UTC). This date is set in your LMS." in page.text
    assert "closes_at" not in page.fields
    assert "opens_at" in page.fields
    forged = {**RULES, "feedback": "score", "closes_at": "2127-01-01T00:00"}
    assert post(cast, answered.edition, forged).status_code == 302
    saved = assignment_at(cast.course.link)
    assert (saved.feedback, saved.closes_at) == ("score", ours)


def test_times_are_those_of_the_school(
    cast: Cast, answered: Assignment, settings: Settings
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    edition = answered.edition
    assert post(cast, edition, {**RULES, "closes_at": "2126-07-01T18:00"}).status_code == 302
    assert assignment_at(cast.course.link).closes_at == datetime(2126, 7, 1, 16, tzinfo=UTC)
    page = settings_page(cast, edition)
    assert page.fields["closes_at"].value == "2126-07-01T18:00"
    assert "Times are in the time zone Europe/Berlin." in page.text
    seen = Page(cast.ruth.client.get(cast.ruth.url("class")))
    assert "open until 1 July 2126, 18:00 (CEST)" in seen.text


def test_an_hour_that_the_clocks_leave_out_is_not_taken(
    cast: Cast, answered: Assignment, settings: Settings
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    answer = post(cast, answered.edition, {**RULES, "closes_at": "2027-03-28T02:30"})
    assert answer.status_code == 422
    assert "Europe/Berlin" in Page(answer).text
    assert assignment_at(cast.course.link).closes_at is None


def test_a_policy_that_changes_marks_is_looked_at(cast: Cast) -> None:
    assignment = place(cast, GAPS_ONLY, attempt_limit=2)
    hand_in(assignment, cast.amina, {"g1": "Manchuria"})
    hand_in_again(assignment, cast.amina, {"g1": ""})
    page = look(cast, assignment.edition, {**RULES, "attempt_limit": "2", "counting": "last"})
    assert "Amina Abdullahi 1/2 0/2 ↓ down" in page.text
    assert "Applied. 1 mark" in agree(cast, assignment.edition, page).text
    assert Delivery.objects.get().score_given == 0


def test_marks_that_only_now_go_are_counted(cast: Cast) -> None:
    assignment = place(cast, sending="released")
    attempt = hand_in(assignment, cast.amina)
    mark(attempt, cast.ruth, q1="1", q2="1")
    page = look(cast, assignment.edition, RULES)
    assert "1 mark goes to the gradebook" in page.text
    attempts.release(attempt, by=TOOL)  # which sends what the change would have sent
    assert "Applied. Causes of terror" in agree(cast, assignment.edition, page).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"sending": "never"},
        {"sending": ""},
        {"attempt_limit": "2", "feedback": "score"},
        {"new_attempt": "none"},
        {"attempt_limit": "11"},
        {"attempt_limit": "-1"},
        {"attempt_limit": "9" * 30},
        {"attempt_limit": "two"},
        {"counting": "mean"},
        {"counting": "b\0st"},
    ],
)
def test_rules_that_are_none(cast: Cast, answered: Assignment, wrong: dict[str, str]) -> None:
    assert post(cast, answered.edition, {**RULES, **wrong}).status_code == 422
    assert assignment_at(cast.course.link).sending == "gaps-first"


def test_gaps_alone_need_gaps(cast: Cast) -> None:
    edition = publish(cast.ruth.user, WRITTEN_ONLY)
    answer = post(cast, edition, {**RULES, "sending": "gaps-only"})
    assert answer.status_code == 422
    assert "Nothing on this worksheet is marked automatically" in Page(answer).text
    assert not Assignment.objects.exists()


def test_names_are_text(cast: Cast, kinder: Edition, answered: Assignment) -> None:
    someone = make_someone(cast.course, "103", "<b>Bobby</b>", PUPIL)
    hand_in(answered, someone, {"g2": "Bavaria"})
    assert "<b>Bobby</b> 0/4 1/4" in look(cast, kinder, AGAIN).text


@reported("desk-20")
def test_what_late_work_loses_is_looked_at_first(cast: Cast) -> None:
    assignment = place(cast, GAPS_ONLY, due_at=datetime(2026, 1, 1, tzinfo=UTC))
    hand_in(assignment, cast.amina)
    late = {**RULES, "due_at": "2026-01-01T00:00", "late_deduction": "20"}
    page = look(cast, assignment.edition, late)
    assert "Amina Abdullahi 2/2 1.6/2 ↓ down" in page.text
    assert Delivery.objects.get().score_given == 2
    agree(cast, assignment.edition, page)
    assert Delivery.objects.get().score_given == Decimal("1.6")
    assert (
        "Taken off late work, in percent: 0 → 20." in settings_page(cast, assignment.edition).text
    )
    # For each day begun: all of it is gone, and no less than 0 is left.
    page = look(cast, assignment.edition, {**late, "late_per_day": "on"})
    agree(cast, assignment.edition, page)
    assert Delivery.objects.get().score_given == 0
    history = settings_page(cast, assignment.edition).text
    assert "Take that off for each day that has begun: no → yes." in history
    agree(cast, assignment.edition, look(cast, assignment.edition, RULES))
    assert Delivery.objects.get().score_given == 2


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"late_deduction": "20"}, "Without a due date nothing is late."),
        ({"late_deduction": "101", "due_at": "2126-01-01T00:00"}, "less than or equal to 100"),
        ({"late_deduction": "-1", "due_at": "2126-01-01T00:00"}, "greater than or equal to 0"),
        ({"late_deduction": "9" * 400, "due_at": "2126-01-01T00:00"}, "less than or equal to 100"),
        ({"late_deduction": "2.5", "due_at": "2126-01-01T00:00"}, "whole number"),
        (
            {"due_at": "2126-01-02T00:00", "closes_at": "2126-01-01T00:00"},
            "The due date must be after it opens, and not after it closes.",
        ),
        ({"due_at": "2126-01-01T00:00", "opens_at": "2126-01-01T00:00"}, "must be after it opens"),
        ({"due_at": "2026-10-25T02:30"}, "02:30 comes twice on 25 October 2026"),
    ],
)
def test_late_rules_that_are_none(
    cast: Cast, answered: Assignment, settings: Settings, posted: dict[str, str], words: str
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    answer = post(cast, answered.edition, {**RULES, **posted})
    assert answer.status_code == 422
    assert words in Page(answer).text
    assert assignment_at(cast.course.link).late_deduction == 0


@reported("desk-20")
def test_where_the_lms_deducts_too_the_settings_warn(cast: Cast, answered: Assignment) -> None:
    warning = "Canvas deducts too where a late policy is set"
    assert warning not in settings_page(cast, answered.edition).text
    registration = cast.course.deployment.registration
    registration.product = "canvas"
    registration.save()
    assert warning in settings_page(cast, answered.edition).text
    # Its due date leads, so that there is something to be late for without one here.
    launch = cast.ruth.launch
    launch.dates_lead, launch.due_at = True, datetime(2126, 1, 1, tzinfo=UTC)
    launch.save()
    assert "due_at" not in settings_page(cast, answered.edition).fields
    answer = post(cast, answered.edition, {**RULES, "late_deduction": "20"})
    assert answer.status_code == 302
    assert assignment_at(cast.course.link).late_deduction == 20
