"""Answers given on the sheet itself, and one press that publishes and assigns."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.models import Delivery, StoredLaunch
from lti_tool.protocol.vocabulary import MessageType
from tests.cast import Cast, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    CAUSES,
    GAPS_ONLY,
    RULES,
    assignment_at,
    hand_in,
    place,
    publish,
)
from worksheets import authoring
from worksheets.authoring import Cautions
from worksheets.authoring.assigning import AssignmentRules
from worksheets.authoring.papers import keep_paper
from worksheets.markup import Gap, Mode, Sheet, parser
from worksheets.markup.parser import read
from worksheets.models import Assignment, Edition, PendingAssignment, Worksheet
from worksheets.questions import parse_sheet

EMPTY = """# Empty

Japan took ______ in 1931, Italy took ______ in 1935. The plan began in ______.

[[ Manchuria | Abyssinia | Bavaria ]]

## Questions

The year was ______.

1. Why?

???

2. How?

??? 10-20 words
"""


@pytest.fixture
def worksheet(cast: Cast) -> Worksheet:
    return authoring.create(cast.ruth.user, EMPTY)


def url(cast: Cast, worksheet: Worksheet) -> str:
    return cast.ruth.url("keys", number=worksheet.pk)


def text(worksheet: Worksheet) -> str:
    return Worksheet.objects.get(pk=worksheet.pk).source


def gap(worksheet: Worksheet, number: int) -> Gap:
    return parse_sheet(text(worksheet)).gaps[number - 1]


def right(worksheet: Worksheet) -> list[str]:
    gaps = parse_sheet(text(worksheet)).gaps
    return [" | ".join(answer.text for answer in one.accepted) for one in gaps]


def shown(cast: Cast, worksheet: Worksheet, query: str = "") -> Page:
    answer = cast.ruth.client.get(url(cast, worksheet) + query)
    assert answer.status_code == 200
    return Page(answer)


def post(cast: Cast, worksheet: Worksheet, fields: dict[str, Any], *, seen: str = "") -> Any:
    """Post as a form does; ``seen`` is the text that the page showed, if another one is there."""
    seen = authoring.digest_of(seen or text(worksheet))
    return cast.ruth.client.post(url(cast, worksheet), {"seen": seen, **fields})


def press(
    cast: Cast, worksheet: Worksheet, fields: dict[str, Any], *, seen: str = "", status: int = 200
) -> Any:
    """Post as the script does, and return what it is told."""
    answer = cast.ruth.client.post(
        url(cast, worksheet),
        {"seen": authoring.digest_of(seen or text(worksheet)), **fields},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == status
    return answer.json()


def follow(cast: Cast, answer: Any) -> Page:
    assert answer.status_code == 302, answer.content
    return Page(cast.ruth.client.get(answer["Location"]))


# --- the page ---


def test_the_page_has_a_list_and_a_field_for_each_gap(cast: Cast, worksheet: Worksheet) -> None:
    page = shown(cast, worksheet)
    assert "Answers 0 of 4 gaps · Marks 0 of 2 questions" in page.text
    assert page.fields["g1"].options == ["", "Manchuria", "Abyssinia", "Bavaria"]
    assert page.fields["g1-typed"].value == ""
    assert page.fields["g4"].tag == "input"
    assert "g4-typed" not in page.fields
    assert "4 gaps have no answer yet." in page.text
    assert "2 written answers have no marks." in page.text
    assert "Use in" not in page.text


def test_the_page_shows_the_answers_that_there_are(cast: Cast) -> None:
    page = shown(cast, authoring.create(cast.ruth.user, CAUSES))
    assert [page.fields[f"g{n}"].value for n in range(1, 5)] == [
        "Manchuria",
        "Abyssinia",
        "Rhineland",
        "1928",
    ]
    assert "/ Ethiopia" in page.text
    assert "1 wrong answer" in page.text
    assert "Answers 4 of 4 gaps · Marks 2 of 2 questions" in page.text
    assert "Everything has its answer." in page.text
    assert "Bavaria: right for no gap, a distractor" in page.text
    assert "4 marks · 5 to 100 words · model answer · how you will mark" in page.text


def test_a_text_that_is_too_large_goes_to_the_editor(cast: Cast) -> None:
    large = authoring.create(cast.ruth.user, "____ " * 2001)
    answer = cast.ruth.client.get(url(cast, large))
    assert answer["Location"].startswith(cast.ruth.url("edit", number=large.pk))


def test_editor_and_library_lead_there(cast: Cast, worksheet: Worksheet) -> None:
    library = Page(cast.ruth.client.get(cast.ruth.url("library")))
    assert url(cast, worksheet) in library.links
    edit = cast.ruth.url("edit", number=worksheet.pk)
    assert "keys" in Page(cast.ruth.client.get(edit)).buttons
    answer = cast.ruth.client.post(edit, {"source": f"{EMPTY}\nmore", "keys": "1"})
    assert answer["Location"] == url(cast, worksheet)
    assert text(worksheet).endswith("more")


# --- a plain form ---


def test_all_that_was_chosen_and_typed_is_written_at_once(cast: Cast, worksheet: Worksheet) -> None:
    page = shown(cast, worksheet)
    posted = {**page.posted, "g1": "Manchuria", "g2-typed": " Ethiopia ", "g4": "1936"}
    page = follow(cast, cast.ruth.client.post(url(cast, worksheet), posted))
    assert right(worksheet) == ["Manchuria", "Ethiopia", "", "1936"]
    assert "Saved." in page.text
    assert "No right answer of gap 2 is in its word bank" in page.text


def test_a_form_without_changes_writes_nothing(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    page = shown(cast, worksheet)
    answer = cast.ruth.client.post(url(cast, worksheet), page.posted)
    assert answer.status_code == 302
    assert text(worksheet) == CAUSES


def test_a_gap_is_emptied_and_keeps_what_is_foreseen_as_wrong(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    post(cast, worksheet, {"g1": "", "g2": ""})
    assert right(worksheet) == ["", "", "Rhineland", "1928"]
    assert [wrong.text for wrong in gap(worksheet, 1).anticipated] == ["Abyssinia"]
    post(cast, worksheet, {"g1": "Abyssinia"})
    assert gap(worksheet, 1).anticipated == ()


def test_every_answer_gets_marks_in_one_press(cast: Cast, worksheet: Worksheet) -> None:
    page = follow(cast, post(cast, worksheet, {"marks-for-all": "2.5", "give-marks": "1"}))
    assert [q.marks for q in parse_sheet(text(worksheet)).questions] == [Decimal("2.5")] * 2
    assert "Marks 2 of 2 questions" in page.text


@pytest.mark.parametrize("marks", ["", "0", "-1", "1001", "1.234", "many", "NaN", "1e999999999"])
def test_marks_that_there_are_not(cast: Cast, worksheet: Worksheet, marks: str) -> None:
    answer = post(cast, worksheet, {"marks-for-all": marks, "give-marks": "1"})
    assert answer.status_code == 422
    assert "Write " in Page(answer).text
    assert text(worksheet) == EMPTY


# --- one item ---


def test_the_form_of_a_gap_is_on_the_page_and_by_itself(cast: Cast, worksheet: Worksheet) -> None:
    page = shown(cast, worksheet, "?item=g1")
    assert "Wrong answers you expect, and what to say" in page.text
    part = shown(cast, worksheet, "?item=g1&part=1")
    assert "<html" not in part.html
    assert "Japan took ▁▁ in 1931" in part.text
    for odd in ("g9", "q9", "x", "g0", "g01", "g٣", "%00", ""):
        assert shown(cast, worksheet, f"?item={odd}").status == 200
        answer = cast.ruth.client.get(f"{url(cast, worksheet)}?item={odd}&part=1")
        assert answer.status_code == 404


def test_a_gaps_key_as_its_form_has_it(cast: Cast, worksheet: Worksheet) -> None:
    fields = {
        "item": "g1",
        "right": ["Manchuria", "", "Mandschurei | it"],
        "share": ["100", "50"],
        "wrong": ["Abyssinia", "!x", ""],
        "say": ["Near: Japan?", "", "nothing"],
    }
    answer = post(cast, worksheet, {**fields, "add": "right"})
    assert answer["Location"].endswith("?item=g1")
    found = gap(worksheet, 1)
    assert [one.text for one in found.accepted] == ["Manchuria", "Mandschurei | it"]
    assert [(one.text, one.feedback) for one in found.anticipated] == [
        ("Abyssinia", "Near: Japan?"),
        ("!x", ""),
    ]
    post(cast, worksheet, {**fields, "right": ["Manchuria", "M."], "drop": "0"})
    assert [one.text for one in gap(worksheet, 1).accepted] == ["M."]


def test_a_gap_becomes_one_with_choices_and_one_to_write_in_again(
    cast: Cast, worksheet: Worksheet
) -> None:
    """Also one that takes its words from a bank; a form without the field changes nothing."""
    form = {"item": "g1", "right": "Manchuria", "wrong": "Korea", "say": "", "has-choices": "1"}
    post(cast, worksheet, {**form, "choices": "1"})
    found = gap(worksheet, 1)
    assert (found.choices, found.bank) == (("Korea", "Manchuria"), None)
    assert 'id="key-choices" value="1" checked' in shown(cast, worksheet, "?item=g1").html
    post(cast, worksheet, {"item": "g1", "right": ["Manchuria", "Manchukuo"], "wrong": "Korea"})
    assert gap(worksheet, 1).choices == ("Korea", "Manchukuo", "Manchuria")
    before = text(worksheet)
    answer = post(cast, worksheet, {**form, "wrong": "", "choices": "1"})
    assert answer.status_code == 422
    assert "Write two words at least to choose from" in answer.content.decode()
    assert text(worksheet) == before
    post(cast, worksheet, form)
    assert (gap(worksheet, 1).choices, right(worksheet)[0]) == ((), "Manchuria")


def test_a_gap_becomes_a_number_and_capitals_count(cast: Cast, worksheet: Worksheet) -> None:
    fields = {"item": "g3", "right": "1928", "mode": "number", "tolerance": "1", "capitals": "1"}
    post(cast, worksheet, fields)
    found = gap(worksheet, 3)
    assert (found.mode, found.tolerance) == (Mode.NUMBER, Decimal(1))
    assert parse_sheet(text(worksheet)).settings.case_counts
    post(cast, worksheet, {"item": "g3", "right": "19*", "mode": "pattern"})
    assert gap(worksheet, 3).mode is Mode.PATTERN
    assert not parse_sheet(text(worksheet)).settings.case_counts


@pytest.mark.parametrize(
    "fields",
    [
        {"right": "soon", "mode": "number"},
        {"right": "1", "mode": "number", "tolerance": "x"},
        {"right": "1", "mode": "colour"},
        {"right": "1", "share": "0"},
        {"right": "1", "share": "200"},
        {"right": ["a", "a"], "wrong": "a", "item": "g7"},
        {"item": "q7"},
        {"item": "\0"},
        {"item": "q1", "marks": "x"},
        {"item": "q1", "least": "x"},
        {"item": "q1", "least": "9", "most": "3"},
        {"item": "q1", "model": "so\n- why ???"},
    ],
)
def test_an_item_as_it_cannot_be(cast: Cast, worksheet: Worksheet, fields: dict[str, Any]) -> None:
    reply = press(cast, worksheet, {"item": "g3", **fields}, status=422)
    assert reply["error"].endswith(".")
    assert Page(post(cast, worksheet, {"item": "g3", **fields})).status == 422
    assert text(worksheet) == EMPTY


def test_a_word_is_added_to_the_bank(cast: Cast, worksheet: Worksheet) -> None:
    post(cast, worksheet, {"g2": "Ethiopia"})
    assert "Pupils cannot choose this." in shown(cast, worksheet, "?item=g2").text
    reply = press(cast, worksheet, {"item": "g2", "add-word": "1"})
    assert parse_sheet(text(worksheet)).banks[0].words[-1] == "Ethiopia"
    assert "Ethiopia" in reply["banks"]["0"]
    assert reply["gaps"]["g2"]["isMissing"] is False
    assert "Pupils cannot choose this." not in reply["item"]


def test_a_question_as_its_form_has_it(cast: Cast, worksheet: Worksheet) -> None:
    fields = {
        "item": "q2",
        "marks": "3,5",
        "least": "5",
        "most": "",
        "model": "Because\r\nof the harvest.\r\n- and more",
        "rubric": "1 mark each",
    }
    post(cast, worksheet, fields)
    found = parse_sheet(text(worksheet)).questions[1]
    assert (found.marks, found.words_min, found.words_max) == (Decimal("3.5"), 5, None)
    assert (found.model, found.rubric) == ("Because of the harvest.\n- and more", "1 mark each")
    post(cast, worksheet, {**fields, "step": "1"})
    assert parse_sheet(text(worksheet)).questions[1].marks == Decimal("4.5")
    post(cast, worksheet, {"item": "q2", "marks": "1", "step": "-1"})
    found = parse_sheet(text(worksheet)).questions[1]
    assert (found.marks, found.words_min, found.rubric) == (None, 5, "1 mark each")
    post(cast, worksheet, {"item": "q2", "least": "", "model": "", "rubric": ""})
    found = parse_sheet(text(worksheet)).questions[1]
    assert (found.words_min, found.model, found.rubric) == (None, "", "")


def test_a_ranking_has_marks_and_nothing_else(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "???\nrank: A | B\nright: B > A")
    form = shown(cast, worksheet, "?item=q1&part=1")
    assert "model" not in form.fields
    post(cast, worksheet, {"item": "q1", "marks": "3", "model": "x", "least": "7"})
    assert text(worksheet) == "??? 3 marks\nrank: A | B\nright: B > A"


# --- the script ---


def test_a_press_is_told_what_has_changed(cast: Cast, worksheet: Worksheet) -> None:
    reply = press(cast, worksheet, {"g1": "Manchuria"})
    assert reply["seen"] == authoring.digest_of(text(worksheet))
    assert list(reply["gaps"]) == ["g1"]
    assert reply["gaps"]["g1"]["word"] == "Manchuria"
    assert (reply["boxes"], reply["banks"]) == ({}, {})
    assert reply["count"] == "Answers 1 of 4 gaps · Marks 0 of 2 questions"
    assert "3 gaps have no answer yet." in reply["rest"]
    reply = press(cast, worksheet, {"marks-for-all": "5", "give-marks": "1"})
    assert list(reply["boxes"]) == ["q1", "q2"]
    assert "5 marks" in reply["boxes"]["q1"]


def test_a_press_reads_the_text_before_and_the_text_after_it_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a sheet of two thousand gaps it takes a second to read one."""
    reads: list[str] = []

    def counted(source: str, kinds: Any) -> Sheet:
        reads.append(source)
        return read(source, kinds)

    monkeypatch.setattr(parser, "read", counted)
    worksheet = authoring.create(cast.ruth.user, f"{EMPTY}\nRead once.")
    reads.clear()
    press(cast, worksheet, {"g1": "Bavaria"})
    assert len(reads) == len(set(reads)) <= 2
    item = {"item": "g2", "right": "Abyssinia", "wrong": "Bavaria", "say": "", "capitals": "1"}
    press(cast, worksheet, item)
    assert len(reads) == len(set(reads)) <= 4  # the answers, then the setting


def test_a_word_moves_and_comes_back_with_all_of_its_key(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    before = {key: press_key(cast, worksheet, key) for key in ("g1", "g2")}
    press(cast, worksheet, {"g1": "", "g2": "Manchuria"})
    assert right(worksheet)[:2] == ["", "Manchuria"]
    press(cast, worksheet, {"restore": json.dumps(before)})
    assert parse_sheet(text(worksheet)) == parse_sheet(CAUSES)


def press_key(cast: Cast, worksheet: Worksheet, key: str) -> Any:
    """The key of a gap as the page has it."""
    html = shown(cast, worksheet).html
    start = html.index("data-key=", html.index(f'name="{key}"')) + len('data-key="')
    return json.loads(html[start : html.index('"', start)].replace("&quot;", '"'))


KEY = {"right": [["a", "1"]], "wrong": [], "mode": "text", "tolerance": "0", "group": ""}


@pytest.mark.parametrize(
    "value",
    [
        *("", "x", "[]", "[" * 5000, '{"g9": {}}', '{"g1": 1}', '{"g1": {}}'),
        json.dumps({"g1": {**KEY, "right": [["a"]]}}),
        json.dumps({"g1": {**KEY, "right": [["a", 1]]}}),
        json.dumps({"g1": {**KEY, "right": "ab"}}),
        json.dumps({"g1": {**KEY, "right": [["a", "9"]]}}),
        json.dumps({"g1": {**KEY, "mode": "x"}}),
        json.dumps({"g1": {**KEY, "tolerance": "1e999999"}}),
        json.dumps({"g1": {**KEY, "group": 1}}),
        json.dumps({"g1": KEY, "g2": {**KEY, "wrong": [["a", "b", "c"]]}}),
    ],
)
def test_what_a_page_cannot_have_had(cast: Cast, worksheet: Worksheet, value: str) -> None:
    press(cast, worksheet, {"restore": value}, status=422)
    assert text(worksheet) == EMPTY


def test_another_window_is_told_at_once_and_nothing_is_overwritten(
    cast: Cast, worksheet: Worksheet
) -> None:
    press(cast, worksheet, {"g1": "Manchuria"})
    reply = press(cast, worksheet, {"g1": "Bavaria"}, seen=EMPTY, status=409)
    assert "changed in another window" in reply["error"]
    assert right(worksheet)[0] == "Manchuria"
    answer = post(cast, worksheet, {"g1": "Bavaria", "g2": "", "g2-typed": "Rome"}, seen=EMPTY)
    assert answer.status_code == 409
    page = Page(answer)
    assert "Nothing was overwritten" in page.text
    assert "Gap 1: Bavaria\nGap 2: Rome" in page.html
    assert page.fields["g1"].value == "Manchuria"
    answer = post(cast, worksheet, {"item": "q1", "model": "My model answer"}, seen=EMPTY)
    assert answer.status_code == 409
    assert "My model answer" in answer.content.decode()


def test_what_arrives_twice_is_written_once(cast: Cast, worksheet: Worksheet) -> None:
    """A reply got lost, and the script sends the same again."""
    press(cast, worksheet, {"g1": "Manchuria"})
    reply = press(cast, worksheet, {"g1": "Manchuria"}, seen=EMPTY)
    assert reply["seen"] == authoring.digest_of(text(worksheet))
    assert list(reply["gaps"]) == ["g1", "g2", "g3", "g4"]


def test_a_text_that_would_be_too_long(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "____" + " a" * (authoring.MAX_SOURCE // 2 - 3))
    reply = press(cast, worksheet, {"g1": "x" * 400}, status=422)
    assert reply["error"]


# --- using it ---


def test_one_press_publishes_and_assigns_with_the_usual_rules(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    page = shown(cast, worksheet)
    assert "Use in Course 2" in page.text
    assert (
        "Pupils see which gaps are right; marks reach LMS of client-1 at once for the gaps, and"
        " when you release for the rest; one attempt." in page.text
    )
    page = follow(cast, post(cast, worksheet, {"use": "1"}))
    assert "Added. Pupils can open it now." in page.text
    assignment = assignment_at(cast.course.link)
    assert assignment.edition.source == CAUSES
    assert AssignmentRules.of(assignment) == AssignmentRules()


def test_change_opens_the_settings_on_the_same_page(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    page = follow(cast, post(cast, worksheet, {"change": "1"}))
    assert "what goes to the gradebook" in page.text.lower()
    assert not Edition.objects.exists()
    rules = {**RULES, "attempt_limit": "3", "closes_at": "2126-01-31T14:05", "use": "1"}
    page = follow(cast, post(cast, worksheet, page.posted | rules))
    assert "Added. Pupils can open it now." in page.text
    placed = assignment_at(cast.course.link)
    assert (placed.attempt_limit, placed.closes_at) == (3, datetime(2126, 1, 31, 14, 5, tzinfo=UTC))


def test_settings_that_cannot_be_stay_as_they_were_typed(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    page = shown(cast, worksheet, "?settings=1")
    wrong = {**RULES, "opens_at": "2126-02-01T08:00", "closes_at": "2126-01-31T14:05"}
    answer = post(cast, worksheet, page.posted | wrong | {"use": "1"})
    assert answer.status_code == 422
    page = Page(answer)
    assert "The worksheet must close after it opens." in page.text
    assert page.fields["closes_at"].value == "2126-01-31T14:05"
    assert not Edition.objects.exists()
    # A form that only saves answers keeps them, too.
    page = Page(post(cast, worksheet, page.posted | RULES | {"g1": "Bavaria"}))
    assert page.fields["closes_at"].value == "2126-01-31T14:05"
    assert right(worksheet)[0] == "Bavaria"


def test_it_can_be_published_for_later(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    page = follow(cast, post(cast, worksheet, {"publish": "1"}))
    assert "Published. It can be used in each of your courses" in page.text
    assert "Published, version 1." in page.text
    assert "publish" not in page.buttons
    assert not Assignment.objects.exists()
    press(cast, worksheet, {"g1": "Bavaria"})
    assert "Version 1 is published. What you have changed since" in shown(cast, worksheet).text


def test_notes_of_the_import_are_told_until_it_is_published(cast: Cast) -> None:
    cautions: Cautions = [
        (3, "Is this a bank?"),
        (4, "A small repair.", "repair"),
        (5, "Seen.", "done"),
    ]
    worksheet = authoring.create(cast.ruth.user, CAUSES, cautions=cautions)
    page = shown(cast, worksheet)
    assert "1 note of the import is not checked yet" in page.text
    assert "Is this a bank?" in page.text
    assert "A small repair." not in page.text  # the review asks nothing about it either
    assert "Seen." not in page.text
    post(cast, worksheet, {"publish": "1"})
    assert "notes of the import" not in shown(cast, worksheet).text


def test_errors_keep_it_from_being_used(cast: Cast, worksheet: Worksheet) -> None:
    page = follow(cast, post(cast, worksheet, {"use": "1"}))
    assert "Not published." in page.text
    assert not Edition.objects.exists()


def test_an_error_leads_to_its_place_in_the_editor(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, "# 😀\r\n\r\n___a___\r\n\r\n[[ ]]\r\n\r\n??? soon")
    page = shown(cast, worksheet)
    place = "# 😀\n\n___a___\n\n[[ ]]\n\n??? soon".index("soon") + 1  # in a browser's units
    edit = cast.ruth.url("edit", number=worksheet.pk)
    assert f"{edit}#text-{place}-{place + 4}" in page.links


def test_a_text_that_nobody_here_has_seen_is_not_used(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    authoring.save(worksheet, GAPS_ONLY, seen=None)
    assert post(cast, worksheet, {"use": "1"}, seen=CAUSES).status_code == 409
    assert not Edition.objects.exists()


def test_another_worksheet_is_replaced_as_long_as_nobody_has_begun(cast: Cast) -> None:
    assignment = place(cast, CAUSES, attempt_limit=3)
    other = authoring.create(cast.ruth.user, CAUSES.replace("Causes", "Roots"))
    assert "This activity uses “Causes of terror” now." in shown(cast, other).text
    assert "3 attempts" in shown(cast, other).text
    follow(cast, post(cast, other, {"use": "1"}))
    assert assignment_at(cast.course.link).edition.title == "Roots of terror"
    assert assignment_at(cast.course.link).attempt_limit == 3
    hand_in(assignment_at(cast.course.link), cast.amina)
    page = follow(cast, post(cast, assignment.edition.worksheet, {"use": "1"}))
    assert "Pupils have already started another worksheet here." in page.text


def agree(cast: Cast, page: Page) -> Page:
    """Press 'Apply' on the page that shows what would change."""
    assert "Nothing has changed yet." in page.text
    edition = Edition.objects.order_by("pk").last()
    assert edition
    return follow(
        cast, cast.ruth.client.post(cast.ruth.url("assign", number=edition.pk), page.posted)
    )


def test_what_changes_the_gradebook_is_shown_first(cast: Cast) -> None:
    """The column would get another maximum."""
    closes = datetime(2126, 1, 31, 14, 5, 30, tzinfo=UTC)
    assignment = place(cast, attempt_limit=3, closes_at=closes)
    worksheet = assignment.edition.worksheet
    press(cast, worksheet, {"item": "q1", "marks": "8"})
    page = Page(post(cast, worksheet, {"use": "1"}))
    assert assignment_at(cast.course.link).edition.number == 1
    agree(cast, page)
    placed = assignment_at(cast.course.link)
    assert (placed.edition.number, placed.attempt_limit, placed.closes_at) == (2, 3, closes)


def test_corrected_answers_mark_again_what_was_submitted(cast: Cast) -> None:
    assignment = place(cast)
    worksheet = assignment.edition.worksheet
    assert "mark_again" not in shown(cast, worksheet).fields
    hand_in(assignment, cast.amina, {"g1": "Bavaria"})
    press(cast, worksheet, {"g1": "Bavaria"})
    assert "mark_again" in shown(cast, worksheet).fields
    page = Page(post(cast, worksheet, {"use": "1", "mark_again": "on"}))
    assert "Amina Abdullahi 0/4 1/4 ↑ up" in page.text
    assert "Applied." in agree(cast, page).text
    assert Delivery.objects.get(user=cast.amina.user).score_given == 1


def test_in_deep_linking_it_is_chosen(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    StoredLaunch.objects.filter(pk=cast.ruth.launch.pk).update(
        link=None,
        message=MessageType.DEEP_LINKING,
        deep_linking={"return_url": "https://lms.example/deep", "accepts_several": True},
    )
    page = shown(cast, worksheet)
    assert "Add to Course 2" in page.text
    page = follow(cast, post(cast, worksheet, {"choose": "1"}))
    assert f'value="{worksheet.pk}"' in page.html
    assert "checked" in page.html
    other = authoring.create(cast.ruth.user, GAPS_ONLY)
    assert "Choose for Course 2" in shown(cast, other).text
    page = follow(cast, post(cast, other, {"use": "1"}))
    for chosen in (worksheet, other):
        assert re.search(rf'value="{chosen.pk}"\s+id="\S+" checked', page.html)
    assert not Assignment.objects.exists()


def test_in_deep_linking_one_press_answers_the_lms(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, CAUSES)
    StoredLaunch.objects.filter(pk=cast.ruth.launch.pk).update(
        link=None,
        message=MessageType.DEEP_LINKING,
        deep_linking={"return_url": "https://lms.example/deep", "accepts_several": True},
    )
    page = shown(cast, worksheet, "?settings=1")
    rules = {**RULES, "title": "Terror", "attempt_limit": "2"}
    names = {f"w{worksheet.pk}-{name}": value for name, value in rules.items()}
    wrong = {**page.posted, **names, f"w{worksheet.pk}-points": "-5", "use": "1"}
    assert post(cast, worksheet, wrong).status_code == 422
    assert not PendingAssignment.objects.exists()
    answer = post(cast, worksheet, {**page.posted, **names, "use": "1"})
    assert answer.status_code == 200
    assert Page(answer).fields["JWT"].value
    pending = PendingAssignment.objects.get()
    assert (pending.edition.worksheet, pending.attempt_limit) == (worksheet, 2)


def test_a_version_is_told_to_whoever_asks(cast: Cast, worksheet: Worksheet) -> None:
    address = f"{url(cast, worksheet)}?version=1"
    assert cast.ruth.client.get(address).json() == {"seen": authoring.digest_of(EMPTY)}
    press(cast, worksheet, {"g1": "Manchuria"})
    assert cast.ruth.client.get(address).json()["seen"] == authoring.digest_of(text(worksheet))


GROUP = "The medals were ___&medals: gold___ and ___&medals: silver___.\n"


def test_an_emptied_gap_stays_in_its_group(cast: Cast) -> None:
    worksheet = authoring.create(cast.ruth.user, GROUP)
    press(cast, worksheet, {"g1": ""})
    assert text(worksheet) == "The medals were ___&medals:___ and ___&medals: silver___.\n"
    press(cast, worksheet, {"g1": "silver", "g2": ""})
    press(cast, worksheet, {"g2": "bronze"})
    assert [(one.group, one.accepted[0].text) for one in parse_sheet(text(worksheet)).gaps] == [
        ("medals", "silver"),
        ("medals", "bronze"),
    ]


def test_a_colleague_does_not_see_it(cast: Cast, worksheet: Worksheet) -> None:
    colleague = make_someone(cast.course, "11", "Colin Ferris", *cast.ruth.membership.roles)
    publish(cast.ruth.user)
    address = colleague.url("keys", number=worksheet.pk)
    assert colleague.client.get(address).status_code == 404
    assert colleague.client.post(address, {"g1": "x"}).status_code == 404


class TestAnswersOfThePaper:
    PRINTED = {1: "Manchuria", 2: "Abyssinia", 3: "1928", 4: "1936"}

    def test_one_press_fills_them_in(self, cast: Cast, worksheet: Worksheet) -> None:
        keep_paper(worksheet, "paper.txt", "…", printed=self.PRINTED)
        assert "Fill in all 4 answers of the paper" in shown(cast, worksheet).text
        page = follow(cast, post(cast, worksheet, {"printed": "1"}))
        assert right(worksheet) == list(self.PRINTED.values())
        assert "answers of the paper" not in page.text

    @pytest.mark.parametrize(
        "printed",
        [{}, {1: "Manchuria"}, dict.fromkeys(range(1, 6), "x"), {2: "a", 3: "b", 4: "c", 5: "d"}],
    )
    def test_what_does_not_fit_is_not_offered(
        self, cast: Cast, worksheet: Worksheet, printed: dict[int, str]
    ) -> None:
        keep_paper(worksheet, "paper.txt", "…", printed=printed)
        assert "answers of the paper" not in shown(cast, worksheet).text
        post(cast, worksheet, {"printed": "1"})
        assert right(worksheet) == [""] * 4

    def test_a_gap_that_came_and_one_that_went_make_other_numbers(
        self, cast: Cast, worksheet: Worksheet
    ) -> None:
        keep_paper(worksheet, "paper.txt", "…", printed=self.PRINTED)
        other = text(worksheet).replace("Japan took ______", "Japan took it")
        Worksheet.objects.update(source=other + "\n\nThe end was ______.")
        assert "answers of the paper" not in shown(cast, worksheet).text

    def test_nothing_that_was_given_is_overwritten(self, cast: Cast, worksheet: Worksheet) -> None:
        keep_paper(worksheet, "paper.txt", "…", printed=self.PRINTED)
        press(cast, worksheet, {"g1": "Abyssinia"})
        post(cast, worksheet, {"printed": "1"})
        assert right(worksheet) == ["Abyssinia", "", "", ""]


def test_a_script_hears_that_its_page_shows_another_text(cast: Cast, worksheet: Worksheet) -> None:
    before = text(worksheet)
    assert press(cast, worksheet, {"g1": "Manchuria"})["isOther"] is False
    assert press(cast, worksheet, {"g1": "Manchuria"}, seen=before)["isOther"] is True


@pytest.mark.parametrize("name", ["right", "wrong"])
def test_answers_are_refused_and_not_cut_off(cast: Cast, worksheet: Worksheet, name: str) -> None:
    fields = {"item": "g1", "right": ["Manchuria"], name: [f"word {n}" for n in range(60)]}
    refused = press(cast, worksheet, fields, status=422)
    assert "At most 50 answers fit here" in refused["error"]
    assert right(worksheet)[0] == ""


def test_what_is_not_posted_of_a_question_stays(cast: Cast, worksheet: Worksheet) -> None:
    """'Give these marks' was pressed while the form of the first one was open."""
    press(cast, worksheet, {"give-marks": "1", "marks-for-all": "5"})
    press(cast, worksheet, {"item": "q1", "model": "Because."})
    first = parse_sheet(text(worksheet)).questions[0]
    assert (first.marks, first.model) == (Decimal(5), "Because.")


def test_what_was_typed_in_a_form_stays_in_sight_where_it_is_refused(
    cast: Cast, worksheet: Worksheet
) -> None:
    """Years and signs are no prose, and are keys all the same."""
    before = text(worksheet)
    Worksheet.objects.update(source=before + "\n\nThe end.")
    fields = {"item": "g1", "right": ["1936"], "wrong": ["1937"], "say": ["-1"]}
    answer = post(cast, worksheet, fields, seen=before)
    assert answer.status_code == 409
    assert all(word in Page(answer).html for word in ("1936", "1937", "-1"))
