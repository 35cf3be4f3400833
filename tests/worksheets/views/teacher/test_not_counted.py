"""'Do not count this gap', as a teacher presses it and as pupils see it."""

from __future__ import annotations

from typing import Any

import pytest

from lti_tool.audit import TOOL
from lti_tool.models import Delivery, Membership
from tests.cast import PUPIL, TEACHER, Cast, Someone, make_course, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import assignment_at, fresh, hand_in, marks_of, place
from worksheets import attempts
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, EnteredMark, KeyCorrection
from worksheets.reports.class_answers import name_of

SHEET = """# Towns

Italy: ___Rome___, France: ___Paris___, Spain: ___Madrid | ?: in the middle___.
"""
HTMX = {"hx-request": "true"}


@pytest.fixture
def placed(cast: Cast) -> Assignment:
    return place(cast, SHEET)


def press(someone: Someone, item: str = "g1", headers: Any = None, **posted: Any) -> Any:
    posted = {"verdict": "omitted", **posted}
    return someone.client.post(someone.url("class-answer", item=item), posted, headers=headers)


def test_the_press_says_what_changes_and_the_confirmed_one_changes_it(
    cast: Cast, placed: Assignment
) -> None:
    ann = hand_in(placed, cast.amina, {"g1": "Rome", "g2": "Lyon", "g3": "Madrid"})
    hand_in(placed, cast.ben, {"g1": "Milan", "g2": "Paris", "g3": ""})
    # It is offered at the same place of every gap, whatever is open, and to nobody who may not.
    query = f"?gap=g1&answer={name_of('g1', 'Milan')}"
    page = Page(cast.ruth.client.get(cast.ruth.url("class-answers") + query))
    assert page.text.count("Do not count this gap …") == 3
    shown = press(cast.ruth)
    text = Page(shown).text
    assert shown.status_code == 200
    assert "2 pupils: the best possible mark is 2 instead of 3." in text
    assert "For 1 the share falls. For 1 the share rises." in text
    assert "For 2 LMS of client-1 changes now." in text
    assert not KeyCorrection.objects.exists()
    done = press(cast.ruth, seen=Page(shown).posted["seen"])
    page = Page(cast.ruth.client.get(done["Location"]))
    assert "not counted 2 answered · 0 blank" in page.text
    assert "Not counted: decided by you." in page.text
    assert "Do not count" not in page.html.split('id="gap-g1"')[1].split('id="gap-g2"')[0]
    # Pupils read it at the gap, and what their marks are out of; so does whoever begins now.
    result = Page(cast.amina.client.get(cast.amina.url("home"))).text
    assert "Rome not counted" in result
    assert "1 out of 2" in result
    cem = make_someone(cast.course, "93", "Cem", PUPIL)
    assert "not counted" in Page(cem.client.get(cem.url("home"))).text
    # No page of the teacher stumbles over a gap that nobody can earn at.
    for name in ("class", "class-answers", "class-answers-projector", "class-answers-live"):
        assert cast.ruth.client.get(cast.ruth.url(name)).status_code == 200
    for kind in ("marks", "answers", "gaps"):
        url = cast.ruth.url("table", table=kind, form="csv")
        assert cast.ruth.client.get(url).status_code == 200

    again = press(cast.ruth, seen="x")
    assert again.status_code == 409
    assert "The key says that already." in Page(again).text
    undo = cast.ruth.url("correction", number=KeyCorrection.objects.get().pk)
    shown = cast.ruth.client.post(undo)
    assert "the best possible mark is 3 instead of 2." in Page(shown).text
    cast.ruth.client.post(undo, {"seen": Page(shown).posted["seen"]})
    assert marks_of(ann)["g1"] == 1
    assert "not counted" not in Page(cast.amina.client.get(cast.amina.url("home"))).text


def test_neither_an_entered_mark_nor_one_of_the_lms_is_counted(
    cast: Cast, placed: Assignment
) -> None:
    """What is said beforehand is of work here, and of cells that do change."""
    for one, gap in ((cast.amina, "Rome"), (cast.ben, "Milan")):
        hand_in(placed, one, {"g1": gap, "g2": "Paris"})
    paula = make_someone(cast.course, "94", "Paula Paper", PUPIL)
    EnteredMark.objects.create(
        assignment=placed, user=paula.user, outcome="on-paper", points=2, maximum=3
    )
    attempts.release_entered(placed, by=TOOL)
    ben = Delivery.objects.filter(user=cast.ben.user)
    ben.update(state=Delivery.State.KEPT, theirs_given=3, theirs_maximum=3)
    text = Page(press(cast.ruth)).text
    assert "2 pupils: the best possible mark is 2 instead of 3." in text
    assert "For 1 LMS of client-1 changes now." in text
    assert "LMS of client-1 holds another mark and keeps it." in text
    chosen = {"verdict": "right", "answer": name_of("g1", "Milan"), "spelling": "Milan"}
    accepted = Page(press(cast.ruth, **chosen)).text
    assert "1 pupil goes up." in accepted
    assert "changes now" not in accepted


def test_to_htmx_the_row_and_then_the_list_and_all_classes_if_pressed(
    cast: Cast, placed: Assignment
) -> None:
    course = make_course(cast.course.deployment, "10c")
    assigning.assign(course.link, placed.edition, AssignmentRules(), by=TOOL)
    Membership.objects.create(user=cast.ruth.user, context=course.context, roles=[TEACHER])
    pia = make_someone(course, "77", "Pia", PUPIL)
    theirs = hand_in(assignment_at(course.link), pia, {"g1": "Milan", "g2": "Paris"})
    ann = hand_in(placed, cast.amina, {"g1": "Milan", "g2": "Paris"})
    shown = press(cast.ruth, headers=HTMX)
    assert shown.content.decode().lstrip().startswith("<li")
    fields = Page(shown).posted
    seen = {name: fields[name] for name in ("seen", "seen_everywhere")}
    done = press(cast.ruth, headers=HTMX, classes="on", **seen)
    assert done["HX-Retarget"] == "#answers"
    assert "Gap 1 is not counted any more. 2 marks changed." in Page(done).text
    for attempt in (ann, theirs):
        assert fresh(attempt).edition.sheet.uncounted == {"g1"}
    # A mark for one pupil by hand is refused there: it would be out of nothing.
    given = {"attempt": str(ann.pk), "share": "all", "answer": name_of("g1", "Milan")}
    refused = cast.ruth.client.post(cast.ruth.url("class-answer", item="g1"), given)
    assert refused.status_code == 422
    assert marks_of(ann)["g1"] == 0
    assert press(cast.amina).status_code == 403


def test_the_author_is_offered_it_for_the_text(cast: Cast, placed: Assignment) -> None:
    hand_in(placed, cast.amina, {"g1": "Milan"})
    shown = press(cast.ruth)
    press(cast.ruth, seen=Page(shown).posted["seen"])
    worksheet = placed.edition.worksheet
    url = cast.ruth.url("class-corrections", number=worksheet.pk)
    assert "Gap 1: – not counted" in Page(cast.ruth.client.get(url)).text
    cast.ruth.client.post(url, {"correction": str(KeyCorrection.objects.get().pk)})
    worksheet.refresh_from_db()
    assert "___Rome | [0 marks]___" in worksheet.source
    # The page of answers keeps it so: 0 typed there is meant.
    keys = Page(cast.ruth.client.get(cast.ruth.url("keys", number=worksheet.pk) + "?item=g1"))
    assert keys.posted.get("points") == "0"
