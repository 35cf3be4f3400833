"""Pupils selected in the class list: what is asked before an act, who is left out, what is done."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lti_tool import audit
from lti_tool.audit import TOOL
from lti_tool.models import AuditEntry, Delivery
from tests.cast import PUPIL, Cast, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import EVERYTHING, RIGHT, fresh, hand_in, mark, place, save
from worksheets import attempts
from worksheets.marking.entered import Entry, Outcome
from worksheets.models import Assignment, Attempt, EnteredMark, Sending
from worksheets.reports.history import history_of_pupil, history_of_work


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast)


@pytest.fixture
def marked(cast: Cast, assignment: Assignment) -> Attempt:
    attempt = hand_in(assignment, cast.amina)
    mark(attempt, cast.ruth, q1="3", q2="5")
    return attempt


def post(cast: Cast, posted: dict[str, Any], query: str = "") -> Page:
    answer = cast.ruth.client.post(cast.ruth.url("selected") + query, posted, follow=True)
    return Page(answer)


def get(cast: Cast, name: str, query: str = "", **arguments: object) -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url(name, **arguments) + query))


def pupils(*someone: Any) -> list[str]:
    return [str(one.user.pk) for one in someone]


def test_the_list_has_a_box_for_each_who_has_begun_and_one_form(
    cast: Cast, assignment: Assignment, marked: Attempt
) -> None:
    page = get(cast, "class")
    assert page.html.count('form="selection"') == 1  # Ben has not begun
    assert "Select Amina Abdullahi" in page.html
    assert "All 2 in this list" in page.text
    assert "only question 2" in page.html


def test_some_are_released_and_the_others_are_named(
    cast: Cast, assignment: Assignment, marked: Attempt
) -> None:
    waiting = hand_in(assignment, cast.ben)
    writing = make_someone(cast.course, "901", "Cleo Cole", PUPIL)
    save(assignment, writing, RIGHT)
    chosen = {"act": "release", "pupil": pupils(cast.amina, cast.ben, writing)}
    page = post(cast, chosen)
    assert "Release marks to 1 pupil?" in page.text
    assert "1 not marked yet: Ben Ashworth" in page.text
    assert "1 has not submitted: Cleo Cole" in page.text
    assert "Amina Abdullahi (12/14)" in page.text
    assert not fresh(marked).is_released
    done = post(cast, {**chosen, "confirmed": "1"})
    assert "Released to 1 pupil." in done.text
    assert "Take this release back for 1 pupil …" in done.text
    assert fresh(marked).is_released
    assert not fresh(waiting).is_released


def test_all_are_those_whom_the_list_shows(cast: Cast, assignment: Assignment) -> None:
    for someone in (cast.amina, cast.ben):
        mark(hand_in(assignment, someone), cast.ruth, q1="1", q2="1")
    page = post(cast, {"act": "release", "all": "1"}, "?search=ben")
    assert "Release marks to 1 pupil?" in page.text
    assert "Ben Ashworth (6/14)" in page.text
    assert "Amina" not in page.text


def test_one_question_from_the_end_of_marking_it(
    cast: Cast, assignment: Assignment, marked: Attempt
) -> None:
    end = get(cast, "mark-question", "?part=end", item="q1")
    assert "Release question 1 to 1 pupil …" in end.text
    asked = {"act": "release", "item": "q1", "all": "1"}
    page = post(cast, asked)
    assert "Release question 1 to 1 pupil?" in page.text
    assert "Why was the trial held in public?" in page.text
    done = post(cast, {**page.posted, "act": "release"})
    assert "The question is released to 1 pupil." in done.text
    assert "1 question released" in done.text
    pupil = Page(cast.amina.client.get(cast.amina.url("home")))
    assert "3 / 4" in pupil.text
    assert "5 / 6" not in pupil.text
    assert "3 out of 4 for 1 question. Your teacher has not released the other marks" in pupil.text
    assert "1 released already" in post(cast, asked).text
    assert fresh(marked).marks_seen_at is not None
    back = post(cast, {**asked, "act": "take-back"})
    assert "Take question 1 back for 1 pupil?" in back.text
    post(cast, {**back.posted, "act": "take-back"})
    assert "3 / 4" not in Page(cast.amina.client.get(cast.amina.url("home"))).text
    lines = [line.what for line in history_of_work(fresh(marked))][:2]
    assert lines == [
        ("Answer 1: release taken back.", "The pupil had opened the result before."),
        ("Answer 1: released, 3 out of 4.",),
    ]


def test_many_are_reopened_after_a_page_that_counts(
    cast: Cast, assignment: Assignment, marked: Attempt
) -> None:
    writing = save(assignment, cast.ben, RIGHT)
    page = post(cast, {"act": "reopen", "all": "1"})
    assert "Reopen the worksheet for 1 pupil?" in page.text
    assert "1 still working on it: Ben Ashworth" in page.text
    assert "You have marked 1 of them." in page.text
    done = post(cast, {**page.posted, "act": "reopen"})
    assert "Reopened for 1 pupil" in done.text
    assert not fresh(marked).is_submitted
    assert fresh(writing).reopened_at is None


@pytest.mark.parametrize("sending", [Sending.RELEASED, Sending.GAPS_COLUMN, Sending.GAPS_FIRST])
def test_a_released_total_stays_where_nothing_takes_its_place(cast: Cast, sending: Sending) -> None:
    """The pages that ask before work is opened again say what becomes of it in the gradebook."""
    assignment = place(cast, sending=sending)
    attempt = hand_in(assignment, cast.amina)
    mark(attempt, cast.ruth, q1="3", q2="5")
    said = "The released total stays in the gradebook after that, too"
    pages = [("", {"act": "reopen", "all": "1"}), ("?item=q1", {"act": "reopen", "item": "q1"})]

    def is_said() -> set[bool]:
        found = [get(cast, "reopen", query, number=attempt.pk).text for query, _posted in pages]
        found += [post(cast, {"all": "1", **posted}).text for _query, posted in pages]
        return {said in text for text in found}

    assert is_said() == {False}  # nothing is there before the release
    attempts.release(attempt, by=TOOL)
    stays = sending.holds_total_back
    assert is_said() == {stays}
    attempts.reopen_all(assignment, [attempt], by=TOOL)
    totals = Delivery.objects.filter(line_item__tag="")
    assert totals.get().score_given == 12
    attempts.submit(assignment, cast.amina.user, assignment.edition_id)
    assert (totals.get().score_given == 12) is stays
    mark(fresh(attempt), cast.ruth, q1="1", q2="1")
    attempts.release(fresh(attempt), by=TOOL)
    assert totals.get().score_given == 6


def test_where_only_gaps_are_sent_no_page_promises_more(cast: Cast) -> None:
    assignment = place(cast, sending=Sending.GAPS_ONLY)
    mark(hand_in(assignment, cast.amina), cast.ruth, q1="3", q2="5")
    EnteredMark.objects.create(
        assignment=assignment, user=cast.ben.user, outcome="on-paper", points=9, maximum=14
    )
    listed = get(cast, "class").text
    assert "The gradebook keeps what was marked at once: Amina" in listed
    assert "what you entered, which does not go to the gradebook: Ben" in listed
    asked = post(cast, {"act": "release", "all": "1"}).text
    assert "The gradebook keeps what was marked at once." in asked
    assert "It does not go to the gradebook." in asked
    one = post(cast, {"act": "release", "item": "q1", "all": "1"}).text
    assert "The gradebook keeps what was marked at once." in one
    for text in (listed, asked, one):
        assert "will show their totals" not in text
        assert "before all is released" not in text


def test_a_question_is_handed_back_to_those_who_are_ticked(
    cast: Cast, assignment: Assignment, marked: Attempt
) -> None:
    hand_in(assignment, cast.ben)
    page = post(cast, {"act": "reopen", "item": "q2", "all": "1", "choosing": "1"})
    assert "Hand question 2 back to whom?" in page.text
    assert "Amina Abdullahi (5/6)" in page.text
    assert " checked" not in page.html
    answer = {"act": "reopen", "item": "q2", "confirmed": "1", "comment": "Name the source."}
    assert "Tick pupils in the list first." in post(cast, answer).text
    done = post(cast, {**answer, "pupil": pupils(cast.amina)})
    assert "Handed back to 1 pupil" in done.text
    assert "1 question open again" in done.text
    pupil = Page(cast.amina.client.get(cast.amina.url("home")))
    asked = "Your teacher asks you to look at question 2 again: Name the source."
    assert asked in pupil.text
    assert set(pupil.fields) & {"g1", "q1"} == set()
    assert "q2" in pupil.fields
    # Marks of what is not released stay out of sight.
    assert "3 / 4" not in pupil.text


def test_an_answer_is_handed_back_from_the_page_of_a_pupil_or_of_marking(
    cast: Cast, marked: Attempt
) -> None:
    page = get(cast, "attempt", number=marked.pk)
    address = cast.ruth.url("reopen", number=marked.pk)
    assert f"{address}?item=q1" in page.links
    asked = get(cast, "reopen", "?item=q1", number=marked.pk)
    assert "Hand question 1 back to Amina Abdullahi?" in asked.text
    # While names are hidden this page does not tell whose answer it is.
    nameless = get(cast, "reopen", "?item=q1&from=marking", number=marked.pk)
    assert "Hand this answer to question 1 back?" in nameless.text
    assert "Amina" not in nameless.text
    posted = {**nameless.posted, "comment": "x" * 5000}
    assert cast.ruth.client.post(address, posted).status_code == 422
    assert fresh(marked).is_submitted
    answer = cast.ruth.client.post(address, {**nameless.posted, "comment": "Again."}, follow=True)
    assert "Handed back." in Page(answer).text
    assert fresh(marked).reopened_items == {"q1": "Again."}
    assert "handed back to rewrite" in get(cast, "attempt", number=marked.pk).text
    # It is open already, and a gap or another key is no question to hand back.
    again = cast.ruth.client.post(address, nameless.posted, follow=True)
    assert "Not handed back" in Page(again).text
    for item in ("g1", "q9"):
        assert cast.ruth.client.post(address, {"item": item}).status_code == 404


def test_a_release_is_taken_back_on_the_page_of_a_pupil(cast: Cast, marked: Attempt) -> None:
    assert "Take the release back" not in get(cast, "attempt", number=marked.pk).text
    attempts.release(marked, by=TOOL)
    assert "Take the release back …" in get(cast, "attempt", number=marked.pk).text
    asked = get(cast, "take-back-release", number=marked.pk)
    assert "1 mark has not reached LMS of client-1 yet. It is not sent." in asked.text
    assert "Nobody has opened the result here since the release." in asked.text
    address = cast.ruth.url("take-back-release", number=marked.pk)
    assert "Taken back." in Page(cast.ruth.client.post(address, follow=True)).text
    assert not fresh(marked).is_released
    assert "Nothing to take back" in Page(cast.ruth.client.post(address, follow=True)).text
    assert "These marks are not released." in get(cast, "take-back-release", number=marked.pk).text


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"act": "delete", "all": "1"},
        {"act": "release"},
        {"act": "release", "pupil": ["", "-", "-1", "9" * 400, "x", "0-x"], "confirmed": "1"},
        {"act": "take-back", "release": "2026-13-45T99:99", "confirmed": "1"},
        {"act": "take-back", "release": "2026-01-01T00:00:00", "confirmed": "1"},
        {"act": "take-back", "release": "\0", "all": "1", "confirmed": "1"},
    ],
)
def test_odd_requests_do_nothing(cast: Cast, marked: Attempt, posted: dict[str, Any]) -> None:
    before = AuditEntry.objects.count()
    page = post(cast, posted)
    assert page.status == 200
    assert AuditEntry.objects.count() == before
    assert (
        cast.ruth.client.post(
            cast.ruth.url("selected"), {"act": "release", "item": "g1"}
        ).status_code
        == 404
    )


def test_a_class_list_of_many_is_released_with_one_field(
    cast: Cast, assignment: Assignment
) -> None:
    people = [make_someone(cast.course, f"9{n:02}", f"Pupil {n:02}", PUPIL) for n in range(62)]
    for one in people:
        mark(hand_in(assignment, one, EVERYTHING), cast.ruth, q1="1", q2="1")
    page = post(cast, {"act": "release", "all": "1"})
    assert "and 2 more." in page.text
    beside = "-".join(pupils(*people[60:]))
    assert f'value="{beside}"' in page.html
    done = post(cast, {"act": "release", "confirmed": "1", "pupil": [beside]})
    assert "Released to 2 pupils." in done.text


def test_what_is_entered_for_selected_pupils_is_released_too(
    cast: Cast, assignment: Assignment, marked: Attempt
) -> None:
    names = ("Paula Paper", "Abe Away", "Pia Pile", "Rosa Released")
    people = [make_someone(cast.course, f"8{n}", name, PUPIL) for n, name in enumerate(names)]
    paula, abe, _pia, rosa = people
    on_paper = Entry(Outcome.ON_PAPER, Decimal(7))
    entries = [on_paper, Entry(Outcome.ABSENT), Entry(Outcome.ON_PAPER), on_paper]
    # Amina has handed in since; what stood for her counts.
    EnteredMark.objects.create(
        assignment=assignment, user=cast.amina.user, outcome="on-paper", points=9, maximum=14
    )
    wanted = [
        attempts.Wanted(one.user.pk, entry) for one, entry in zip(people, entries, strict=True)
    ]
    by = audit.person(cast.ruth.user)
    attempts.enter(assignment, wanted, by=by)
    attempts.release_entered(assignment, [rosa.user.pk], by=by)
    assert "Select Paula Paper" in get(cast, "class").html
    chosen = {"act": "release", "pupil": pupils(cast.amina, *people)}
    page = post(cast, chosen)
    assert "Release marks to 3 pupils?" in page.text
    assert "Amina Abdullahi (12/14) (On paper: 9 / 14)" in page.text
    assert "Paula Paper (On paper: 7 / 14)" in page.text
    assert "Abe Away (Absent)" in page.text
    assert page.html.count(f'value="{cast.amina.user.pk}"') == 1  # unticked, nothing is hers
    assert "1 not marked yet: Pia Pile" in page.text
    assert "1 released already: Rosa Released" in page.text
    assert "What you entered for pupils will be shown to them" in page.text
    assert (
        not EnteredMark.objects.filter(released_at__isnull=False).exclude(user=rosa.user).exists()
    )
    done = post(cast, {**chosen, "pupil": pupils(paula, abe), "confirmed": "1"})
    assert "Released to 2 pupils." in done.text
    released = EnteredMark.objects.filter(released_at__isnull=False).values_list("user", flat=True)
    assert set(released) == {paula.user.pk, abe.user.pk, rosa.user.pk}
    assert not fresh(marked).is_released
    one = post(cast, {"act": "release", "item": "q1", "pupil": pupils(abe)})
    assert "1 with an entered mark, which has no questions: Abe Away" in one.text
    # Each has the same way back, and only who is ticked goes it.
    back = post(cast, {"act": "take-back", "pupil": pupils(rosa, abe)})
    assert "Take the release back for 2 pupils?" in back.text
    assert "Rosa Released (On paper: 7 / 14)" in back.text
    assert "What you entered for pupils stays here, too." in back.text
    assert "Who has read here what you entered is not recorded." in back.text
    assert "Nobody has opened the result" not in back.text
    pressed = {"act": "take-back", "pupil": pupils(abe), "confirmed": "1"}
    assert "Taken back for 1 pupil. These" in post(cast, pressed).text
    assert "Nothing to take back" in post(cast, pressed).text
    assert set(released.all()) == {paula.user.pk, rosa.user.pk}
    assert "Take the release back …" in get(cast, "entered", number=rosa.user.pk).text
    assert "Take the release back …" not in get(cast, "entered", number=abe.user.pk).text
    history = history_of_pupil(assignment, abe.user)
    assert [line.what for line in history][:2] == [("Release taken back.",), ("Released: Absent.",)]
