"""Pages of pupils who work together: naming, being named, the work of both, what a teacher sees."""

from __future__ import annotations

from typing import Any

import pytest

from lti_tool.models import User
from tests.cast import PUPIL, Cast, Someone, make_someone
from tests.worksheets.sheets import EVERYTHING, assignment_at, hand_in, place, save
from worksheets.models import Assignment, Attempt, Partner


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast, may_work_together=True)


def page(who: Someone, view: str = "home", /, **kwargs: object) -> str:
    return read(who.client.get(who.url(view, **kwargs), follow=True))


def read(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    content: bytes = response.content
    return content.decode()


def search(who: Someone, words: str) -> str:
    return read(who.client.get(who.url("partners"), {"name": words}))


def name(who: Someone, whom: User, typed: str) -> Any:
    return who.client.post(who.url("partners"), {"add": str(whom.pk), "name": typed})


def answer(who: Someone, said: str) -> str:
    number = Partner.objects.get(user=who.user).pk
    response = who.client.post(who.url("shared-work", number=number), {"answer": said}, follow=True)
    return read(response)


def test_named_submitted_confirmed_and_seen_by_all(cast: Cast, assignment: Assignment) -> None:
    amina, ben, ruth = cast.amina, cast.ben, cast.ruth
    assert "I am working with …" in page(amina)
    # The button keeps what is written, also without a script.
    fields = {**EVERYTHING, "edition": str(assignment.edition_id), "attempt": "1", "partners": "1"}
    moved = amina.client.post(amina.url("answers"), fields)
    assert moved["Location"] == amina.url("partners")
    assert "Work with Ben Ashworth" in search(amina, "ashw")
    name(amina, ben.user, "ashw")
    assert "You work with Ben Ashworth" in page(amina)
    assert "Ben Ashworth" in page(amina, "submit")

    told = page(ben)
    assert "Amina Abdullahi works on this worksheet and says" in told
    assert '<form id="worksheet"' not in told
    assert "with Ben" not in page(ruth, "class")

    amina.client.post(amina.url("submit"), fields)
    assert "You worked on this with Ben Ashworth" in page(amina)
    asked = page(ben)
    assert "It was submitted on" in asked
    assert "Manchuria" not in asked  # nothing of it before he says that it is his
    seen = answer(ben, "yes")
    assert "You worked on this with Amina Abdullahi" in seen
    assert "Manchuria" in seen
    assert "Take it back" not in seen
    assert seen.count("4 out of 4") == page(ben).count("4 out of 4") >= 1
    assert "Submitted" in page(ben, "own-attempt", number=1)
    assert "That is not my work" not in page(ben)

    listed = page(ruth, "class")
    assert "with Ben Ashworth" in listed
    assert "with Amina Abdullahi" in listed
    number = Attempt.objects.get().pk
    whole = page(ruth, "attempt", number=number)
    assert "<h1>Amina Abdullahi, Ben Ashworth</h1>" in whole
    assert "Amina Abdullahi named Ben Ashworth on" in whole
    assert "Ben Ashworth says: that is my work, too." in whole
    marking = page(ruth, "mark-question", item="q1")
    assert marking.count('data-answer="') == 1
    assert "Ashworth" not in marking
    with_names = read(
        ruth.client.get(ruth.url("mark-question", item="q1"), {"names": "1"}, follow=True)
    )
    assert "Amina Abdullahi, Ben Ashworth" in with_names

    out = ruth.client.post(ruth.url("take-out", number=Partner.objects.get().pk), follow=True)
    assert "Taken out." in read(out)
    assert "Ben Ashworth taken out of the work." in read(out)
    assert '<form id="worksheet"' in page(ben)


def test_who_says_no_writes_on_their_own_sheet(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, EVERYTHING)
    name(cast.amina, cast.ben.user, "Ben")
    own = answer(cast.ben, "no")
    assert "Noted." in own
    assert '<form id="worksheet"' in own
    refused = name(cast.amina, cast.ben.user, "Ben")
    assert refused.status_code == 422
    assert "Ben Ashworth has said that this is not their work" in refused.content.decode()
    number = Partner.objects.get().pk
    # A second press, and a page that was open, change nothing.
    for said in ("yes", "no", "", "maybe" * 1000):
        cast.ben.client.post(cast.ben.url("shared-work", number=number), {"answer": said})
    assert Partner.objects.get().has_left


def test_names_come_only_to_who_knows_them(cast: Cast, assignment: Assignment) -> None:
    save(assignment, cast.amina, EVERYTHING)
    course = cast.course
    for sub, called in (("11", "Émile Brontë"), ("12", "Bo Li"), ("13", "Bea Ashworth")):
        make_someone(course, sub, called, PUPIL)
    nameless = make_someone(course, "14", "", PUPIL)
    assert "Work with" not in page(cast.amina, "partners")
    for nothing in (
        "",
        "  ",
        "a",
        "as",
        "shw",
        "%",
        "be ",
        "Ruth",
        "Otis",
        "Pupil",
        "\x00",
        "e" * 9999,
    ):
        assert "Work with" not in search(cast.amina, nothing), nothing
    assert "Work with Émile Brontë" in search(cast.amina, "bronte emi")
    assert "Work with Bo Li" in search(cast.amina, "bo")
    both = search(cast.amina, "ASHWORTH")
    assert both.index("Work with Bea") < both.index("Work with Ben")
    # A number that was not found by a name tells nothing about whose it is.
    for number in (nameless.user.pk, cast.otis.user.pk, cast.ruth.user.pk, cast.amina.user.pk):
        posted = {"add": str(number), "name": "zzz"}
        response = cast.amina.client.post(cast.amina.url("partners"), posted)
        assert response.status_code in {302, 422}
        assert "Fairweather" not in response.content.decode()
    for bad in ("x", "-1", "9" * 40, "1 OR 1"):
        cast.amina.client.post(cast.amina.url("partners"), {"add": bad, "remove": bad})


def test_words_where_somebody_cannot_be_named(cast: Cast, assignment: Assignment) -> None:
    assert cast.amina.client.get(cast.amina.url("partners")).status_code == 302  # nothing saved yet
    save(assignment, cast.amina, EVERYTHING)
    hand_in(assignment, cast.ben)
    refused = name(cast.amina, cast.ben.user, "ben")
    assert "Ben Ashworth has no attempt left here" in refused.content.decode()
    found = [make_someone(cast.course, f"2{n}", f"Cem{n} Demir", PUPIL).user for n in range(3)]
    for user in found[:2]:
        assert name(cast.amina, user, "demir").status_code == 302
    assert "At most three" in name(cast.amina, found[2], "demir").content.decode()
    Assignment.objects.update(may_work_together=False)
    assert "I am working with" not in page(cast.amina)
    shown = page(cast.amina, "partners")  # who is named can still be taken back
    assert "Not with me" in shown
    assert "Name of a classmate" not in shown


def test_another_attempt_of_a_partner(cast: Cast, assignment: Assignment) -> None:
    Assignment.objects.update(attempt_limit=2)
    save(assignment, cast.amina, EVERYTHING)
    name(cast.amina, cast.ben.user, "ben")
    cast.amina.client.post(
        cast.amina.url("submit"), {"edition": str(assignment.edition_id), "attempt": "1"}
    )
    assert "Try again" in answer(cast.ben, "yes")
    sheet = read(cast.ben.client.post(cast.ben.url("try-again"), follow=True))
    assert "Attempt 2 of 2." in sheet
    assert '<form id="worksheet"' in sheet
    here = assignment_at(cast.course.link)
    save(here, cast.ben, {"g1": "Bavaria"}, 2)
    assert "See attempt 1" in page(cast.ben)
    assert "Manchuria" in page(cast.ben, "own-attempt", number=1)
