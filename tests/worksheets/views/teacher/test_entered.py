"""Marks without an attempt on the pages: the class list, one pupil, a pile of papers."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from lti_tool.models import Delivery, StoredLaunch
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.reported import reported
from tests.worksheets.html import Page
from tests.worksheets.sheets import assignment_at, hand_in, mark, place, save
from worksheets import attempts
from worksheets.models import Assignment, EnteredMark
from worksheets.reports.class_answers import class_answers
from worksheets.reports.class_figures import class_averages
from worksheets.reports.class_overview import overview
from worksheets.reports.tables import gaps_table, marks_table


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


def type_in(cast: Cast, pupil: Someone, text: str, **more: str) -> Any:
    """Post the form of a row of the class list as a browser without scripts does."""
    row = EnteredMark.objects.filter(user=pupil.user).first()
    posted = {"class": "show=opened", "seen": attempts.standing_entry(row), "text": text, **more}
    return cast.ruth.client.post(cast.ruth.url("entered", number=pupil.user.pk), posted)


def follow(someone: Someone, answer: Any) -> Page:
    assert answer.status_code == 302, answer.content[:3000]
    return Page(someone.client.get(answer["Location"]))


def stands() -> dict[str, str]:
    rows = EnteredMark.objects.select_related("user")
    return {row.user.display_name: row.entry.text for row in rows}


@reported("desk-21")
def test_a_class_with_paper_absent_and_excused_pupils(cast: Cast, assignment: Assignment) -> None:
    worked = [make_someone(cast.course, f"5{n}", f"Worked {n}", PUPIL) for n in range(3)]
    for someone in worked:
        mark(hand_in(assignment, someone), cast.ruth, q1="2", q2="2")  # 8 of 14
    names = ("Paula Paper", "Pete Paper", "Abe Away", "Eve Excused", "Nora Nothing")
    paula, pete, abe, eve, _nora = (
        make_someone(cast.course, f"6{n}", name, PUPIL) for n, name in enumerate(names)
    )
    gaps_before = gaps_table(assignment).rows
    answers_before = class_answers(assignment)
    page = Page(cast.ruth.client.get(cast.ruth.url("paper-marks")))
    posted = dict(page.posted)
    typed = {paula: "14", pete: "14", abe: "a", eve: "excused"}
    posted |= {f"text-{someone.user.pk}": text for someone, text in typed.items()}
    saved = Page(cast.ruth.client.post(cast.ruth.url("paper-marks"), posted))
    assert "4 entries saved:" in saved.text
    assert stands() == {
        "Paula Paper": "on-paper:14",
        "Pete Paper": "on-paper:14",
        "Abe Away": "absent",
        "Eve Excused": "excused",
    }  # untouched fields have saved nothing
    assert not Delivery.objects.filter(score_given=14).exists()
    # In the total, in no gap, and never 0.
    seen = overview(assignment)
    averages = class_averages(seen.rows)
    assert (averages.total.points, averages.total.count) == (Decimal("10.4"), 5)
    assert (averages.automatic.count, averages.by_teacher.count) == (3, 3)
    assert gaps_table(assignment).rows == gaps_before
    assert class_answers(assignment) == answers_before
    cells = {row[3]: row for row in marks_table(assignment).rows}
    assert [cells["Paula Paper"][n] for n in (4, -4, -3)] == ["on paper", 14, 14]
    assert [cells["Abe Away"][n] for n in (4, -7, -4)] == ["absent", "absent", None]
    assert [cells["Nora Nothing"][n] for n in (-7, -4, -3)] == [None, None, None]
    # What the class list offers to release, and what the gradebook has then.
    assert "Release marks to 7 pupils …" in Page(cast.ruth.client.get(cast.ruth.url("class"))).text
    cast.ruth.client.post(cast.ruth.url("release-all"))
    given = Delivery.objects.values_list("user__name", "score_given")
    assert {name: int(points) for name, points in given if points is not None} == {
        **{f"Worked {n}": 8 for n in range(3)},
        "Paula Paper": 14,
        "Pete Paper": 14,
    }
    # The pupil begins all the same, and is told.
    sheet = Page(paula.client.get(paula.url("home")))
    assert "On paper: 14 / 14" in sheet.text
    assert "You can still work on this sheet." in sheet.text
    hand_in(assignment, paula, {"g1": "Manchuria"})
    assert stands()["Paula Paper"] == "on-paper:14"
    assert Delivery.objects.get(user=paula.user).score_given == 14
    result = Page(paula.client.get(paula.url("home")))
    assert "On paper: 14 / 14" in result.text
    assert "it counts. What you submitted here is kept." in result.text
    # The teacher sees both, and says which counts.
    attempt = assignment.attempts.get(user=paula.user)
    both = Page(cast.ruth.client.get(cast.ruth.url("attempt", number=attempt.pk)))
    assert "On paper: 14 / 14. That counts, and not the work here." in both.text
    url = cast.ruth.url("entered", number=paula.user.pk)
    chosen = follow(cast.ruth, cast.ruth.client.post(url, {"do": "count-work"}))
    assert "The work here counts now." in chosen.text
    assert Delivery.objects.get(user=paula.user).score_given == 1
    assert "On paper: 14 / 14" not in Page(paula.client.get(paula.url("home"))).text


@reported("desk-20", "desk-21")
def test_late_work_beside_a_mark_that_counts_takes_nothing_off_it(cast: Cast) -> None:
    due_at = timezone.now() - timedelta(hours=1)
    late = place(cast, late_deduction=20, due_at=due_at)
    type_in(cast, cast.ben, "14")
    for someone in (cast.ben, cast.amina):
        mark(hand_in(late, someone), cast.ruth, q1="4", q2="4")
    total_to_taken_off = {row[3]: row[-4:] for row in marks_table(late).rows}
    assert total_to_taken_off == {
        "Ben Ashworth": [14, 14, None, None],
        "Amina Abdullahi": [12, 14, 1, Decimal("2.4")],
    }
    # Each printed sheet says which counts.
    printed = Page(cast.ruth.client.get(cast.ruth.url("print-marked"))).text
    assert printed.count("That counts, and not the work here.") == 1
    assert "On paper: 14 / 14. That counts" in printed.partition("Ben Ashworth")[2]


def test_nothing_of_an_unreleased_mark_reaches_the_pupil(
    cast: Cast, assignment: Assignment
) -> None:
    type_in(cast, cast.ben, "3,5")
    for text in ("", "absent", "excused"):
        if text:
            type_in(cast, cast.ben, text)
        page = Page(cast.ben.client.get(cast.ben.url("home")))
        assert "Your teacher has already entered a result for you." in page.text
        for word in ("3.5", "Absent", "Excused", "On paper"):
            assert word not in page.html
    assert not Delivery.objects.exists()


def test_a_row_of_the_class_list(cast: Cast, assignment: Assignment) -> None:
    page = follow(cast.ruth, type_in(cast, cast.ben, "13,5"))
    assert "show=opened" in type_in(cast, cast.amina, "a")["Location"]
    assert "Saved. The pupil does not see it before you release it." in page.text
    assert "Ben Ashworth: On paper: 13.5 / 14" in page.text
    form = {name: page.fields[name].value for name in ("before",)}
    assert form == {"before": ""}
    url = cast.ruth.url("entered", number=cast.ben.user.pk)
    undo = {"do": "undo", "before": "", "seen": "on-paper:13.5", "class": ""}
    assert "Undone." in follow(cast.ruth, cast.ruth.client.post(url, undo)).text
    assert stands() == {"Amina Abdullahi": "absent"}
    # Chosen is as good as typed; both together must agree.
    type_in(cast, cast.ben, "", outcome="absent-zero")
    assert stands()["Ben Ashworth"] == "absent-zero:0"
    refused = type_in(cast, cast.ben, "a", outcome="excused")
    assert refused.status_code == 422
    type_in(cast, cast.ben, "12", outcome="on-paper")
    assert stands()["Ben Ashworth"] == "on-paper:12"
    hand_in(assignment, cast.amina)  # who has submitted is marked by question
    EnteredMark.objects.filter(user=cast.amina.user).delete()
    late = type_in(cast, cast.amina, "3")
    assert late.status_code == 409
    assert "This pupil has submitted work here meanwhile." in Page(late).text


@reported("desk-10")
def test_figures_in_each_language_and_what_is_none(cast: Cast, assignment: Assignment) -> None:
    for code in ("en", "de"):
        StoredLaunch.objects.filter(pk=cast.ruth.launch.pk).update(locale=code)
        for typed in ("2,5", "2.5", "٢٫٥"):
            EnteredMark.objects.all().delete()
            assert type_in(cast, cast.ben, typed).status_code == 302
            assert stands() == {"Ben Ashworth": "on-paper:2.5"}
        for typed in ("2.,5", "15", "-1", "maybe", ""):
            answer = type_in(cast, cast.ben, typed)
            assert answer.status_code == 422
            page = Page(answer)
            assert page.fields["text"].value == typed or not typed
            assert "autofocus" in page.html or not typed
        assert stands() == {"Ben Ashworth": "on-paper:2.5"}


def test_a_released_mark_says_first_what_the_lms_shows(cast: Cast, assignment: Assignment) -> None:
    type_in(cast, cast.ben, "12")
    url = cast.ruth.url("entered", number=cast.ben.user.pk)
    assert "Released." in follow(cast.ruth, cast.ruth.client.post(url, {"do": "release"})).text
    asked = type_in(cast, cast.ben, "9")
    assert asked.status_code == 409
    page = Page(asked)
    assert "This is released: 12 / 14 is on its way to" in page.text
    assert "The new mark replaces it at once." in page.text
    assert stands() == {"Ben Ashworth": "on-paper:12"}
    Delivery.objects.update(state=Delivery.State.DELIVERED)
    gone = Page(cast.ruth.client.post(url, {"do": "take-back", "seen": "on-paper:12"}))
    assert gone.status == 409
    assert "shows 12 / 14." in gone.text
    assert "keeps that mark until you change it there." in gone.text
    confirmed = {"do": "set", "before": "on-paper:9", "seen": "on-paper:12", "confirmed": "1"}
    page = follow(cast.ruth, cast.ruth.client.post(url, confirmed))
    assert stands() == {"Ben Ashworth": "on-paper:9"}
    for words in ("Entered: On paper: 12 / 14 → On paper: 9 / 14.", "Released: On paper: 12 / 14."):
        assert words in page.text  # the history
    assert Delivery.objects.get().score_given == 9


def test_the_page_of_a_pile_without_a_script(cast: Cast, assignment: Assignment) -> None:
    url = cast.ruth.url("paper-marks")
    type_in(cast, cast.amina, "14")
    fields = dict(Page(cast.ruth.client.get(url)).posted)
    fields |= {f"text-{cast.ben.user.pk}": "2.,5", f"text-{cast.amina.user.pk}": ""}
    answer = Page(cast.ruth.client.post(url, fields))
    assert answer.status == 422
    assert "1 field was not saved." in answer.text
    assert answer.fields[f"text-{cast.ben.user.pk}"].value == "2.,5"
    assert stands() == {}  # an emptied field takes back
    undone = Page(cast.ruth.client.post(url, {"undo": "1", "entry": answer.fields["entry"].value}))
    assert undone.status == 200
    assert stands() == {"Amina Abdullahi": "on-paper:14"}
    # A second teacher's page, older than the entry.
    stale = {f"text-{cast.amina.user.pk}": "1", f"seen-{cast.amina.user.pk}": ""}
    late = Page(cast.ruth.client.post(url, stale))
    assert "Somebody has entered something else meanwhile: On paper: 14 / 14." in late.text
    assert stands() == {"Amina Abdullahi": "on-paper:14"}


def send(cast: Cast, body: object) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body)
    url = cast.ruth.url("paper-marks")
    return cast.ruth.client.post(url, content, content_type="application/json")


def test_the_page_of_a_pile_by_its_script(cast: Cast, assignment: Assignment) -> None:
    ben = cast.ben.user.pk
    answer = send(cast, {"pupil": ben, "text": "13,5", "seen": ""})
    assert answer.json() == {
        "state": "saved",
        "message": "",
        "said": "On paper: 13.5 / 14",
        "typed": "13.5",
        "standing": "on-paper:13.5",
        "before": "",
    }
    again = send(cast, {"pupil": ben, "text": "9", "seen": ""})
    assert (again.status_code, again.json()["state"]) == (409, "changed")
    back = {"pupil": ben, "seen": "on-paper:13.5", "before": ""}
    assert send(cast, back).json()["standing"] == ""
    assert stands() == {}
    assert send(cast, {"pupil": ben, "text": "99"}).status_code == 422
    assert send(cast, {"pupil": cast.otis.user.pk, "text": "9"}).json()["state"] == "no-pupil"
    for odd in (b"\xff", b"[]", b"[" * 5000, {"pupil": "1"}, {"pupil": True}, {"pupil": 10**20}):
        assert send(cast, odd).status_code == 400
    fields: list[dict[str, object]] = [{"text": 3}, {"seen": []}, {"before": "x"}, {"before": 3}]
    for more in fields:
        assert send(cast, {"pupil": ben, **more}).status_code == 400


def test_a_large_class_is_shown_in_pages_and_searched(cast: Cast, assignment: Assignment) -> None:
    for n in range(60):
        make_someone(cast.course, f"7{n}", f"Pupil Number{n:02}", PUPIL)
    url = cast.ruth.url("paper-marks")
    first = Page(cast.ruth.client.get(url))
    assert sum(name.startswith("text-") for name in first.fields) == 50
    assert "Page 1 of 2" in first.text
    found = Page(cast.ruth.client.get(url, {"search": "number07"}))
    assert sum(name.startswith("text-") for name in found.fields) == 1


def test_odd_posts_and_people_are_refused(cast: Cast, assignment: Assignment) -> None:
    def post(number: int, **posted: str) -> int:
        url = cast.ruth.url("entered", number=number)
        return int(cast.ruth.client.post(url, posted).status_code)

    assert post(cast.otis.user.pk, text="3") == 404
    assert post(cast.ruth.user.pk, text="3") == 404
    ben = cast.ben.user.pk
    assert post(ben, do="explode") == 400
    assert post(ben, do="undo", before="on-paper:999") == 400
    assert post(ben, text="3" * 100_000) == 422
    assert post(ben, text="\x00\x01") == 422
    assert stands() == {}


def test_work_that_was_begun_is_shown_beside_it(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.ben, {"g1": "Manchuria"})
    page = follow(cast.ruth, type_in(cast, cast.ben, "12", **{"class": ""}))
    assert "Has begun here too" in page.text
    assert assignment_at(cast.course.link).attempts.filter(user=cast.ben.user).exists()
    pupil = Page(cast.ruth.client.get(cast.ruth.url("entered", number=cast.ben.user.pk)))
    assert "attempt 1 (in progress)" in pupil.text
