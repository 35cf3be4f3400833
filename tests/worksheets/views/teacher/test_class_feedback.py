"""Whole-class feedback: collected while marking, edited by two teachers, told without names."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lti_tool.models import AuditEntry, AuditKind
from tests.cast import TEACHER, Cast, Someone, make_someone
from tests.reported import reported
from tests.worksheets.hidden import number_of
from tests.worksheets.html import Page
from tests.worksheets.sheets import EVERYTHING, RIGHT, hand_in, place, save
from worksheets.models import Assignment, Attempt, Draft, DraftPage, FeedbackPoint

JSON = {"accept": "application/json"}
WORDS = "My name is Amina Abdullahi.\nAmina thinks: fear, and <b>hunger</b> & “awe”."


@pytest.fixture
def placed(cast: Cast) -> Assignment:
    return place(cast)


@pytest.fixture
def attempt(cast: Cast, placed: Assignment) -> Attempt:
    return hand_in(placed, cast.amina, {**EVERYTHING, "q1": WORDS})


def collect(someone: Someone, **posted: Any) -> Any:
    """Collect as a script does; ``start`` is the page of the form."""
    return someone.client.post(someone.url("class-feedback"), _fields(posted), headers=JSON)


def collect_by_form(someone: Someone, query: str = "", **posted: Any) -> Any:
    return someone.client.post(someone.url("class-feedback") + query, _fields(posted))


def _fields(posted: dict[str, Any]) -> dict[str, Any]:
    return {"collect": "1", **{name.replace("start", "from"): v for name, v in posted.items()}}


def page(someone: Someone, name: str = "class-feedback", query: str = "") -> Page:
    return Page(someone.client.get(someone.url(name) + query))


def post(someone: Someone, shown: Page, **changed: Any) -> Any:
    """Post the page's fields as a browser does that has shown it, some of them changed."""
    fields = {n: v for n, v in shown.posted.items() if n.startswith(("text", "was", "new"))}
    parts = {n: f"{f.value}" for n, f in shown.fields.items() if n.startswith("part-")}
    labels = {"What went well": "well", "Errors to talk about": "error"}
    labels |= {"Quoted answers": "quote", "What to do next": "task"}
    fields |= {name: labels[value.strip()] for name, value in parts.items()}
    return someone.client.post(someone.url("class-feedback"), {**fields, **changed})


def texts() -> list[tuple[str, str]]:
    rows = FeedbackPoint.objects.filter(removed_at=None)
    return [(row.part, row.text) for row in rows]


def test_an_answer_is_collected_once_and_told_without_a_name(
    cast: Cast, placed: Assignment, attempt: Attempt
) -> None:
    said = collect(cast.ruth, item="q1", work=attempt.pk, start="mark")
    assert (said.status_code, said.json()) == (200, {"said": "Collected"})
    assert collect(cast.ruth, item="q1", work=attempt.pk).json()["said"] == (
        "It is collected already."
    )
    quoted = "My name is ….\n… thinks: fear, and <b>hunger</b> & “awe”."
    assert texts() == [("quote", quoted)]
    for name in ("class-feedback", "feedback-projector", "print-feedback"):
        shown = page(cast.ruth, name)
        assert "fear, and <b>hunger</b> & “awe”." in " ".join(
            [shown.text, *(field.value for field in shown.fields.values())]
        )
        for told in (
            "Amina",
            "Abdullahi",
            cast.amina.user.sub,
            'name="work"',
            f"class/{attempt.pk}/",
        ):
            assert told not in shown.html


@reported("desk-23")
def test_a_quotation_stays_letter_for_letter(cast: Cast, placed: Assignment) -> None:
    words = "a<b and c>d, <3, &amp; *not* [[x]] ___ \\n new line, 100 %, “Ω”\n\nA second part."
    found = hand_in(placed, cast.ben, {**EVERYTHING, "q1": words})
    collect(cast.ruth, item="q1", work=found.pk)
    assert texts() == [("quote", words)]
    shown = page(cast.ruth)
    (name,) = [one for one in shown.fields if one.startswith("text-")]
    assert shown.fields[name].value == words
    for _again in range(3):
        assert post(cast.ruth, page(cast.ruth)).status_code == 302
    assert texts() == [("quote", words)]
    told = page(cast.ruth, "feedback-projector").text
    assert "a<b and c>d, <3, &amp; *not* [[x]] ___ \\n new line, 100 %, “Ω”" in told


def test_without_a_script_the_form_goes_back_to_where_it_stood(
    cast: Cast, attempt: Attempt
) -> None:
    marked = {"attempt": [number_of(attempt)], "comment": "typed", "points": ""}
    answer = collect_by_form(cast.ruth, "?names=1&x=2", **{**marked, "collect": "q1"})
    assert answer["Location"] == cast.ruth.url("mark-question", item="q1") + (
        "?names=1&notice=collected"
    )
    shown = Page(cast.ruth.client.get(answer["Location"]))
    assert "Collected for the class. No pupil sees it there." in shown.text
    there = cast.ruth.url("class-feedback-there", number=attempt.assignment_id)
    address = f"{there}?page-of={attempt.assignment_id}&amp;names=1"
    assert f'formaction="{address}"' in shown.html
    answer = collect_by_form(cast.ruth, item="q1", work=attempt.pk, start="attempt")
    place_of = cast.ruth.url("attempt", number=attempt.pk)
    assert answer["Location"] == f"{place_of}?notice=collected-already#question-q1"
    shown = Page(cast.ruth.client.get(answer["Location"]))
    assert shown.html.count('form="collect"') == 2
    answer = collect_by_form(cast.ruth, item="q2", start="answers")
    assert answer["Location"] == cast.ruth.url("class-answers") + "?notice=collected"
    answer = collect_by_form(cast.ruth, text="Dates!", start="x")
    assert answer["Location"] == cast.ruth.url("class-feedback") + "?notice=collected"
    assert ("error", "Dates!") in texts()


def test_points_gaps_and_pictures_are_collected_too(cast: Cast, placed: Assignment) -> None:
    found = hand_in(placed, cast.ben, {**EVERYTHING, "g1": "Bavaria"})
    collect(cast.ruth, item="g1", work=found.pk, part="error")
    collect(cast.ruth, item="q2")
    collect(cast.ruth, text="Read the source twice.", part="task")
    quoted = FeedbackPoint.objects.exclude(attempt=None).get()
    assert "Japan took [Bavaria] in 1931" in quoted.text
    assert sorted(texts()) == sorted(
        [
            ("error", quoted.text),
            ("task", "Read the source twice."),
            ("error", "Too few to tell: 1 of 1 chose (a)."),
        ]
    )


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({"item": "q1", "work": "999999"}, 409),
        ({"item": "q1", "work": "x" * 50}, 409),
        ({"item": "q9", "work": "1"}, 404),
        ({"item": "q1"}, 409),
        ({"text": " \r\n"}, 409),
        ({"text": "x" * 2001}, 422),
        ({}, 409),
        ({"text": "a\0b\ud800", "part": "nothing"}, 200),
    ],
)
def test_what_cannot_be_collected_says_so(
    cast: Cast, attempt: Attempt, posted: dict[str, str], status: int
) -> None:
    posted = {n: v.encode("utf-8", "surrogatepass").decode("latin-1") for n, v in posted.items()}
    assert collect(cast.ruth, **posted).status_code == status
    assert FeedbackPoint.objects.count() == (status == 200)


def test_an_answer_of_another_activity_is_not_there(cast: Cast, attempt: Attempt) -> None:
    there = Assignment.objects.create(link=cast.other_course.link, edition=attempt.edition)
    tessa = make_someone(cast.other_course, "12", "Tessa Olowe", TEACHER)
    assert collect(tessa, item="q1", work=attempt.pk).status_code == 409
    assert not there.feedback_points.exists()
    url = tessa.url("class-feedback-there", number=attempt.assignment_id)
    assert tessa.client.post(url, {"collect": "1", "text": "x"}).status_code == 404


def test_blank_and_unsubmitted_answers_are_no_quotations_and_parts_have_a_bound(
    cast: Cast, placed: Assignment
) -> None:
    blank = hand_in(placed, cast.amina, RIGHT)
    writing = save(placed, cast.ben, {"q1": "still"})
    for found in (blank, writing):
        assert collect(cast.ruth, item="q1", work=found.pk).status_code == 409
    for number in range(12):
        assert collect(cast.ruth, text=f"{number}").status_code == 200
    assert collect(cast.ruth, text="one more").status_code == 409
    assert "Not collected: there is no room" in collect(cast.ruth, text="x").json()["said"]
    answer = post(cast.ruth, page(cast.ruth), **{"new-error": "typed", "new-well": "kept"})
    assert answer.status_code == 422
    assert ("well", "kept") in texts()
    assert Page(answer).fields["new-error"].value == "typed"


def test_a_quotation_is_shortened_and_points_are_ordered_removed_and_put_back(
    cast: Cast, attempt: Attempt
) -> None:
    collect(cast.ruth, item="q1", work=attempt.pk)
    collect(cast.ruth, text="first")
    collect(cast.ruth, text="second")
    quote, first, second = FeedbackPoint.objects.order_by("pk")
    shown = page(cast.ruth)
    answer = post(cast.ruth, shown, **{f"text-{quote.pk}": "thinks: “awe”.", "new-well": "Dates"})
    assert answer["Location"].endswith("?notice=feedback-saved")
    quote.refresh_from_db()
    assert quote.text == "… thinks: … “awe”."
    answer = post(cast.ruth, page(cast.ruth), up=second.pk, **{f"text-{first.pk}": "first!"})
    assert answer["Location"].endswith(f"#point-{second.pk}")
    assert [text for part, text in texts() if part == "error"] == ["second", "first!"]
    post(cast.ruth, page(cast.ruth), remove=second.pk)
    assert "second" in page(cast.ruth).text
    assert ("error", "second") not in texts()
    assert "second" not in page(cast.ruth, "print-feedback").text
    post(cast.ruth, page(cast.ruth), restore=second.pk)
    post(cast.ruth, page(cast.ruth), **{f"part-{second.pk}": "task"})
    post(cast.ruth, page(cast.ruth), **{f"text-{first.pk}": " "})  # emptied is removed
    assert sorted(texts()) == [
        ("quote", "… thinks: … “awe”."),
        ("task", "second"),
        ("well", "Dates"),
    ]
    assert post(cast.ruth, page(cast.ruth), remove="9" * 30).status_code == 302
    history = page(cast.ruth).text
    for told in ("Answer collected: Quoted answers.", "Point removed", "Point put back"):
        assert told in history


def test_two_teachers_never_overwrite_each_other_unseen(cast: Cast, placed: Assignment) -> None:
    colin = make_someone(cast.course, "11", "Colin Ferris", TEACHER)
    for text in ("one", "two", "three"):
        collect(cast.ruth, text=text)
    one, two, three = FeedbackPoint.objects.order_by("pk")
    before = page(cast.ruth)
    post(colin, page(colin), remove=three.pk, **{f"text-{one.pk}": "one by Colin"})
    mine = {f"text-{one.pk}": "one by Ruth", f"text-{two.pk}": "two by Ruth"}
    answer = post(cast.ruth, before, **mine, **{f"text-{three.pk}": "three by Ruth"})
    assert answer.status_code == 409
    shown = Page(answer)
    assert "one by Colin" in shown.text
    assert "Colin Ferris" in shown.text
    assert "A colleague has removed this." in shown.text
    assert shown.fields[f"text-{one.pk}"].value == "one by Ruth"
    assert texts() == [("error", "one by Colin"), ("error", "two by Ruth")]
    assert post(cast.ruth, shown).status_code == 302  # 'Use mine', seen what stands
    assert texts() == [
        ("error", "one by Ruth"),
        ("error", "two by Ruth"),
        ("error", "three by Ruth"),
    ]
    # What was not touched on an old page changes nothing.
    assert post(cast.ruth, before).status_code == 302
    assert ("error", "one by Ruth") in texts()


def test_pages_of_whoever_collects_nothing_and_of_the_projector(
    cast: Cast, placed: Assignment
) -> None:
    assert "Nothing is collected yet." in page(cast.ruth, "feedback-projector").text
    for part, text in [("task", "last"), ("well", "first"), ("error", "middle")]:
        collect(cast.ruth, text=text, part=part)
    told = [page(cast.ruth, "feedback-projector", f"?n={n}").text for n in (0, 2, 3, 99)]
    for text, word in zip(told, ["first", "middle", "last", "last"], strict=True):
        assert word in text
    assert "1 of 3" in told[0]
    assert re.search("Collect|Remove|Save", told[0]) is None
    assert page(cast.ruth, "feedback-projector", "?n=%00").status == 200


def test_nothing_of_it_reaches_a_pupil(cast: Cast, attempt: Attempt) -> None:
    before = cast.amina.client.get(cast.amina.url("home")).content
    collect(cast.ruth, item="q1", work=attempt.pk)
    collect(cast.ruth, text="SECRETPOINT")
    after = cast.amina.client.get(cast.amina.url("home")).content
    assert (b"SECRETPOINT" in after, len(before)) == (False, len(after))


def test_the_audit_trail_names_the_act_and_no_word_of_it(cast: Cast, attempt: Attempt) -> None:
    collect(cast.ruth, item="q1", work=attempt.pk)
    collect(cast.ruth, text="SECRETPOINT")
    rows = AuditEntry.objects.filter(kind=AuditKind.CLASS_FEEDBACK).order_by("pk")
    assert [(row.after["act"], row.person_id) for row in rows] == [
        ("quoted", cast.amina.user.pk),
        ("added", None),
    ]
    assert all(row.actor == cast.ruth.user for row in rows)
    assert "SECRETPOINT" not in str([(row.before, row.after) for row in rows])


def test_what_was_saved_is_no_draft_any_more(cast: Cast, placed: Assignment) -> None:
    Draft.objects.create(
        user=cast.ruth.user,
        page=DraftPage.CLASS_FEEDBACK,
        number=placed.pk,
        fields={"new-well": "typed"},
    )
    assert "typed" in page(cast.ruth).html
    post(cast.ruth, page(cast.ruth), **{"new-well": "typed"})
    assert not Draft.objects.exists()
