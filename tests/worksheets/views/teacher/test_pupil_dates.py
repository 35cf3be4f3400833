"""Dates of single pupils: given by days or by date, in the teacher's time zone, for one or many."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from lti_tool.audit import person
from lti_tool.models import AuditEntry, Delivery
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.reported import reported
from tests.worksheets.html import Page
from tests.worksheets.sheets import GAPS_ONLY, RIGHT, fresh, hand_in, mark, place, release
from worksheets import attempts
from worksheets.attempts import GivenDates
from worksheets.models import Assignment, Attempt, PupilDates

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 10, 21, 18, tzinfo=BERLIN)


@pytest.fixture
def berlin(cast: Cast) -> None:
    for someone in (cast.ruth, cast.amina, cast.ben):
        live_in(someone, "Europe/Berlin")


def live_in(someone: Someone, zone: str) -> None:
    someone.user.time_zone = zone
    someone.user.save()


class Clock:
    """The time that the pages read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 20, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now.astimezone(UTC)


@pytest.fixture
def clock() -> Iterator[Clock]:
    clock = Clock()
    with patch.object(timezone, "now", clock):
        yield clock


def get(someone: Someone, name: str, **arguments: object) -> Page:
    return Page(someone.client.get(someone.url(name, **arguments)))


def give(cast: Cast, **posted: Any) -> Page:
    answer = cast.ruth.client.post(cast.ruth.url("pupil-dates"), posted)
    return Page(answer if answer.status_code != 302 else cast.ruth.client.get(answer["Location"]))


def change(cast: Cast, someone: Someone, **posted: str) -> Page:
    url = cast.ruth.url("pupil-dates-one", number=someone.user.pk)
    filled = {n: v for n, v in Page(cast.ruth.client.get(url)).posted.items() if n != "search"}
    answer = cast.ruth.client.post(url, {**filled, **posted})
    return Page(answer if answer.status_code != 302 else cast.ruth.client.get(answer["Location"]))


def dates_of(someone: Someone) -> PupilDates:
    return PupilDates.objects.get(user=someone.user)


def submit_at(cast: Cast, clock: Clock, someone: Someone, moment: datetime) -> Attempt:
    """The pupil saves and submits by the pages."""
    clock.now = moment
    edition = Assignment.objects.get(link=cast.course.link).edition_id
    for name in ("answers", "submit"):
        posted = {"edition": str(edition), "attempt": "1", **RIGHT}
        assert someone.client.post(someone.url(name), posted).status_code == 302
    return Attempt.objects.get(user=someone.user)


@reported("desk-19")
@pytest.mark.usefixtures("berlin")
def test_days_later_over_the_change_of_clocks(cast: Cast, clock: Clock) -> None:
    place(cast, GAPS_ONLY, due_at=DUE, closes_at=DUE, late_deduction=20)
    page = give(cast, pupil=[cast.amina.user.pk], days="7", note="Ill")
    assert "28 October 2026, 18:00 (CET)" in page.text
    assert "Times are in the time zone Europe/Berlin." in page.text
    assert "Ill" in page.text
    # Changed: counted from the class's date, not from the last one.
    page = change(cast, cast.amina, days="8")
    assert "29 October 2026, 18:00 (CET)" in page.text
    assert dates_of(cast.amina).due_at == datetime(2026, 10, 29, 17, tzinfo=UTC)
    assert change(cast, cast.amina, days="7").status == 200
    # A teacher in London reads and gives the same moments.
    live_in(cast.ruth, "Europe/London")
    seen = get(cast.ruth, "pupil-dates-one", number=cast.amina.user.pk)
    assert "28 October 2026, 17:00 (GMT)" in seen.text
    assert seen.fields["due_at"].value == "2026-10-28T17:00"
    assert "Times are in the time zone Europe/London." in seen.text
    assert change(cast, cast.amina, days="8").status == 200
    assert dates_of(cast.amina).due_at == datetime(2026, 10, 29, 17, tzinfo=UTC)
    assert change(cast, cast.amina, due_at="2026-10-28T17:00").status == 200
    assert dates_of(cast.amina).due_at == datetime(2026, 10, 28, 17, tzinfo=UTC)
    # The class's date has passed, for Ben too; she works by her own.
    clock.now = datetime(2026, 10, 28, 17, 30, tzinfo=BERLIN)
    assert "closed on 21 October 2026, 18:00 (CEST)" in get(cast.ben, "home").text
    assert "Due by 28 October 2026, 18:00 (CET). After that, 20 %" in get(cast.amina, "home").text
    submit_at(cast, clock, cast.amina, clock.now)
    assert Delivery.objects.get().score_given == 2
    assert "late" not in get(cast.ruth, "class").text


@reported("desk-19")
@pytest.mark.usefixtures("berlin")
def test_half_an_hour_after_the_own_date_is_late(cast: Cast, clock: Clock) -> None:
    assignment = place(cast, GAPS_ONLY, due_at=DUE, late_deduction=20)
    give(cast, pupil=[cast.amina.user.pk], days="7")
    clock.now = datetime(2026, 10, 28, 18, 30, tzinfo=BERLIN)
    sheet = get(cast.amina, "home").text
    assert "It was due by 28 October 2026, 18:00 (CET)." in sheet
    assert "If you submit now, 20 % of the marks are taken off." in sheet
    assert "If you submit now, 20 %" in get(cast.amina, "submit").text
    attempt = submit_at(cast, clock, cast.amina, clock.now)
    result = get(cast.amina, "home").text
    assert "30 minutes late 2 − 0.4 = 1.6" in result
    listed = get(cast.ruth, "class").text
    assert "30 minutes late" in listed
    assert "2 − 0.4" in listed
    assert "own date: due by 28 Oct, 18:00" in listed
    assert "30 minutes late 2 − 0.4 = 1.6" in get(cast.ruth, "attempt", number=attempt.pk).text
    assert Delivery.objects.get().score_given == Decimal("1.6")
    reopening = get(cast.ruth, "reopen", number=attempt.pk).text
    assert "The pupil's due date has passed" in reopening
    # More time afterwards: on every page, and in the gradebook.
    change(cast, cast.amina, days="8")
    assert "late" not in get(cast.amina, "home").text.lower()
    assert "30 minutes late" not in get(cast.ruth, "class").text
    assert Delivery.objects.get().score_given == 2
    assert assignment.pk


@reported("desk-24")
@pytest.mark.usefixtures("berlin", "clock")
def test_dates_that_a_colleague_gave_meanwhile_are_not_overwritten_unseen(cast: Cast) -> None:
    place(cast, GAPS_ONLY, due_at=DUE)
    url = cast.ruth.url("pupil-dates-one", number=cast.amina.user.pk)
    monday = Page(cast.ruth.client.get(url)).posted
    give(cast, pupil=[cast.amina.user.pk], days="7")
    given = dates_of(cast.amina).due_at
    wrong = Page(cast.ruth.client.post(url, monday | {"due_at": "x"}))
    assert wrong.status == 422
    told = Page(cast.ruth.client.post(url, wrong.posted | {"due_at": "2026-11-05T12:00"}))
    assert told.status == 409
    assert "changed after you opened this page, so nothing was saved" in told.text
    assert dates_of(cast.amina).due_at == given
    assert cast.ruth.client.post(url, told.posted).status_code == 302
    assert dates_of(cast.amina).due_at == datetime(2026, 11, 5, 12, tzinfo=BERLIN)


@reported("desk-19")
@pytest.mark.usefixtures("berlin")
def test_hours_that_the_clock_leaves_out_and_repeats(cast: Cast, clock: Clock) -> None:
    place(cast, GAPS_ONLY, due_at=datetime(2027, 3, 27, 2, 30, tzinfo=BERLIN))
    amina = [cast.amina.user.pk]
    page = give(cast, pupil=amina, due_at="2027-03-28T02:30")
    assert page.status == 422
    assert "There is no 02:30 on 28 March 2027 in the time zone Europe/Berlin" in page.text
    page = give(cast, pupil=amina, days="1")
    assert "The clocks change then" in page.text
    assert "28 March 2027, 03:30 (CEST)" in page.text
    page = give(cast, pupil=amina, due_at="2026-10-25T02:30")
    assert page.status == 422
    assert "02:30 comes twice on 25 October 2026 in the time zone Europe/Berlin" in page.text
    # Saved again unchanged, it stays as it is.
    assert change(cast, cast.amina).status == 200
    assert dates_of(cast.amina).due_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert AuditEntry.objects.filter(kind="dates").count() == 1


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({}, "Give a number of days or at least one date."),
        ({"days": "7", "due_at": "2026-11-01T12:00"}, "Give either a number of days or dates"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"days": "9" * 400}, "less than or equal to 366"),
        ({"due_at": "9999-12-31T23:59"}, "Choose a year from 2000 to 2199."),
        (
            {"opens_at": "2026-11-02T12:00", "closes_at": "2026-11-01T12:00"},
            "must close after it opens",
        ),
        # The class's opening holds where none is given.
        ({"closes_at": "2026-09-01T12:00"}, "must close after it opens"),
        ({"due_at": "2026-09-01T12:00"}, "due date must be after it opens"),
        ({"opens_at": "2026-12-01T12:00"}, "must close after it opens"),
        ({"due_at": "2026-11-02T12:00", "closes_at": "2026-11-01T12:00"}, "not be after it closes"),
        ({"days": "1", "note": "x" * 501}, "at most 500"),
        ({"days": "1", "note": "a\0b"}, "Null characters"),
        ({"days": "1", "pupil": ["0", "x", "9" * 400]}, "Tick at least one pupil."),
        ({"days": "1", "pupil": []}, "Tick at least one pupil."),
    ],
)
def test_what_does_not_fit_is_said_and_kept(
    cast: Cast, clock: Clock, posted: dict[str, Any], words: str
) -> None:
    opens = datetime(2026, 10, 1, tzinfo=UTC)
    place(cast, GAPS_ONLY, opens_at=opens, due_at=DUE, closes_at=DUE + timedelta(days=1))
    page = give(cast, **{"pupil": [cast.amina.user.pk], "note": "kept", **posted})
    assert page.status == 422
    assert words in page.text
    assert not PupilDates.objects.exists()
    if "note" not in posted:
        assert "kept" in page.html


def test_without_a_class_date_there_is_nothing_to_count_from(cast: Cast) -> None:
    place(cast, GAPS_ONLY)
    page = give(cast, pupil=[cast.amina.user.pk], days="7")
    assert page.status == 422
    assert "The class has no due date and no closing time." in page.text


def test_many_at_once_found_by_name(cast: Cast) -> None:
    place(cast, GAPS_ONLY, due_at=DUE)
    others = [make_someone(cast.course, f"9{n}", f"Zoe Number{n:02}", PUPIL) for n in range(70)]
    page = give(cast, find="1", search="number6", pupil=[cast.amina.user.pk], days="x")
    assert page.status == 200
    assert page.html.count(" checked") == 1
    assert page.html.index("Amina") < page.html.index("Zoe Number60")
    assert "Number59" not in page.html
    assert page.fields["days"].value == "x"
    chosen = [cast.amina.user.pk, *(one.user.pk for one in others[:45])]
    page = give(cast, pupil=chosen, days="2")
    assert "46 pupils have dates of their own now" in page.text
    assert PupilDates.objects.filter(due_at=DUE + timedelta(days=2)).count() == 46
    assert AuditEntry.objects.filter(kind="dates", actor=cast.ruth.user).count() == 46
    # Again: nothing changes, and nothing more is recorded.
    give(cast, pupil=chosen, days="2")
    assert AuditEntry.objects.filter(kind="dates").count() == 46


def test_taken_back_after_a_look_and_recorded(cast: Cast) -> None:
    assignment = place(cast, GAPS_ONLY, due_at=DUE)
    give(cast, pupil=[cast.amina.user.pk], days="2", note="SECRETNOTE")
    number = cast.amina.user.pk
    asked = get(cast.ruth, "pupil-dates-take-back", number=number)
    assert "Take back the own dates of Amina Abdullahi?" in asked.text
    assert PupilDates.objects.exists()
    url = cast.ruth.url("pupil-dates-take-back", number=number)
    for _press in range(2):
        assert cast.ruth.client.post(url).status_code == 302
    assert not PupilDates.objects.exists()
    assert cast.ruth.client.get(url).status_code == 404
    given, back = AuditEntry.objects.filter(kind="dates", person=number).order_by("pk")
    assert given.before == {}
    assert given.after["due_at"].startswith("2026-10-23")
    assert (back.before["due_at"], back.after) == (given.after["due_at"], {"note": True})
    assert "SECRETNOTE" not in str([given.after, back.before, back.after])
    history = get(cast.ruth, "pupil-dates-one", number=number).text
    assert "Own dates taken back: the class's dates hold." in history
    assert "Own dates: Due by: – → 23 October 2026" in history
    attempt = hand_in(assignment, cast.amina)
    assert "Own dates: Due by" in get(cast.ruth, "attempt", number=attempt.pk).text


def test_nobody_else_learns_of_it(cast: Cast) -> None:
    assignment = place(cast, due_at=DUE)
    due_at = datetime(2126, 7, 1, 12, tzinfo=UTC)
    attempts.give_dates(
        assignment, [cast.ben.user], GivenDates(due_at=due_at), "SECRETNOTE", by=cast.ruth.user
    )
    attempt = hand_in(assignment, cast.ben)
    release(attempt, cast.ruth, q1="3", q2="5")
    for someone in (cast.amina, cast.ben):
        for name in ("home", "submit", "score-status"):
            html = someone.client.get(someone.url(name), follow=True).content.decode()
            assert "SECRETNOTE" not in html
            assert ("2126" in html) <= (someone is cast.ben)
    assert "2126" not in Delivery.objects.get().comment


def test_a_pupil_that_is_none_of_the_course(cast: Cast) -> None:
    place(cast, GAPS_ONLY, due_at=DUE)
    for number in (cast.otis.user.pk, cast.ruth.user.pk, 10**30, 0):
        for name in ("pupil-dates-one", "pupil-dates-take-back"):
            url = cast.ruth.url(name, number=number)
            assert cast.ruth.client.get(url).status_code == 404
            assert cast.ruth.client.post(url, {"days": "1"}).status_code == 404
    assert give(cast, pupil=[cast.otis.user.pk], days="1").status == 422


def test_an_own_date_leads_before_the_lms(cast: Cast, clock: Clock) -> None:
    place(cast, GAPS_ONLY)
    launch = cast.amina.launch
    launch.dates_lead, launch.due_at, launch.closes_at = True, DUE, DUE
    launch.save()
    clock.now = DUE + timedelta(days=1)
    assert "closed on" in get(cast.amina, "home").text
    give(cast, pupil=[cast.amina.user.pk], due_at="2026-10-24T12:00")
    page = get(cast.amina, "home")
    assert "Due by 24 October 2026, 12:00" in page.text
    assert "Open until 24 October 2026, 12:00" in page.text


@pytest.mark.usefixtures("berlin")
def test_lateness_on_paper_in_tables_and_where_names_are_shown(cast: Cast, clock: Clock) -> None:
    assignment = place(cast, due_at=DUE, late_deduction=20)
    clock.now = DUE + timedelta(days=1, hours=1)
    attempt = release(hand_in(assignment, cast.amina), cast.ruth, q1="2", q2="4")
    for name, arguments in [("print-marked", {}), ("print-attempt", {"number": attempt.pk})]:
        assert "2 days late · 10 − 2 = 8" in get(cast.ruth, name, **arguments).text
    url = cast.ruth.url("mark-question", item="q1")
    assert "2 days late" not in Page(cast.ruth.client.get(f"{url}?read=2")).text
    url = f"{url}?read=2&names=1"
    assert "2 days late" in Page(cast.ruth.client.get(url)).text
    saved = cast.ruth.client.get(cast.ruth.url("table", table="marks", form="csv"))
    head, *rows = csv.reader(saved.content.decode().splitlines())
    row = next(row for row in rows if "Amina Abdullahi" in row)
    told = dict(zip(head, row, strict=True))
    assert (told["Total"], told["Days late"], told["Taken off"]) == ("10", "2", "2")
    result = get(cast.amina, "home").text
    assert "2 days late 10 − 2 = 8" in result
    assert "Late: 10 − 2 = 8." in Delivery.objects.get().comment


def test_a_question_that_is_released_alone_counts_in_what_lateness_leaves(
    cast: Cast, clock: Clock
) -> None:
    assignment = place(cast, due_at=DUE, late_deduction=20)
    clock.now = DUE + timedelta(minutes=30)
    attempt = hand_in(assignment, cast.amina)
    mark(attempt, cast.ruth, q1="2", q2="4")
    assert "30 minutes late 4 − 0.8 = 3.2" in get(cast.amina, "home").text
    question = attempt.edition.sheet.question("q1")
    attempts.release_question(assignment, question, [fresh(attempt)], by=person(cast.ruth.user))
    assert "30 minutes late 6 − 1.2 = 4.8" in get(cast.amina, "home").text
    assert "Late: 6 − 1.2 = 4.8." in Delivery.objects.get().comment
