"""'Do not count this question', as a teacher presses it and as pupils see it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from lti_tool.audit import TOOL
from lti_tool.models import Membership
from tests.cast import PUPIL, TEACHER, Cast, Someone, make_course, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import assignment_at, fresh, hand_in, mark, place, release
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.models import Assignment, KeyCorrection
from worksheets.reports.class_overview import next_to_mark
from worksheets.reports.missed import outcomes
from worksheets.reports.my_marking import my_marking

SHEET = """# Towns

Italy: ___Rome___.

1. Why there?

??? 4 marks

2. Since when?

??? 6 marks

3. And you?

???
"""
HTMX = {"hx-request": "true"}
OFFER = "Do not count this question …"


@pytest.fixture
def placed(cast: Cast) -> Assignment:
    return place(cast, SHEET)


def press(someone: Someone, item: str = "q2", headers: Any = None, **posted: Any) -> Any:
    posted = {"verdict": "omitted", **posted}
    return someone.client.post(someone.url("class-answer", item=item), posted, headers=headers)


def text_of(someone: Someone, name: str, **more: Any) -> str:
    return Page(someone.client.get(someone.url(name, **more))).text


def leave_out(cast: Cast) -> None:
    press(cast.ruth, seen=Page(press(cast.ruth)).posted["seen"])


def test_the_press_says_what_changes_the_confirmed_one_does_it_and_it_is_counted_again(
    cast: Cast, placed: Assignment
) -> None:
    ann = hand_in(placed, cast.amina, {"g1": "Rome", "q1": "Why", "q2": "When"})
    ben = hand_in(placed, cast.ben, {"g1": "Rome", "q1": "Why", "q2": "When"})
    release(fresh(ann), cast.ruth, q1="2", q2="6")
    mark(fresh(ben), cast.ruth, q1="1")
    # It is offered where a question has marks, and in the pile.
    assert text_of(cast.ruth, "class-answers").count(OFFER) == 2
    assert OFFER in text_of(cast.ruth, "mark-question", item="q2")
    shown = Page(press(cast.ruth))
    assert "Do not count this question?" in shown.text
    assert "2 pupils: the best possible mark is 5 instead of 11." in shown.text
    assert "1 of these marks is released" in shown.text
    assert "The mark that a teacher gave 1 pupil here is kept and counts nothing." in shown.text
    assert not KeyCorrection.objects.exists()
    done = press(cast.ruth, seen=shown.posted["seen"])
    page = text_of(cast.ruth, "class-answers")
    assert done.status_code == 302
    assert "Not counted: decided by you." in page
    assert page.count(OFFER) == 1
    assert "Question 2: Not counted: decided by you." in page
    # The pupil reads it at the question, at the marks and in the total; so does who begins now.
    result = text_of(cast.amina, "home")
    assert "This question does not count: its marks are in no total." in result
    assert "6 / 6" in result
    assert "3 out of 5" in result
    cem = make_someone(cast.course, "93", "Cem", PUPIL)
    assert "6 marks, not counted" in text_of(cem, "home")
    # The pile says so, stays open to marks, and nobody waits for one; nor does any list.
    pile = text_of(cast.ruth, "mark-question", item="q2")
    assert "This question does not count" in pile
    assert OFFER not in pile
    assert "waits for a mark" not in pile
    assert my_marking(cast.ruth.user).last is None
    way = cast.ruth.client.get(cast.ruth.url("mark"))["Location"]
    assert way.startswith(cast.ruth.url("mark-question", item="q1"))
    assert next_to_mark(assignment_at(cast.course.link), fresh(ann)) is None
    mark(fresh(ben), cast.ruth, q2="3")
    # Tables and the second sheet.
    table = cast.ruth.client.get(cast.ruth.url("table", table="marks", form="csv"))
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["Answer 2 / 6, not counted [q2]"] for row in rows][:2] == ["6", "3"]
    found = {one.key: one for one in outcomes(assignment_at(cast.course.link))}
    assert not found["q2"].is_missed
    assert "Question 2 Since when? not counted" in text_of(cast.ruth, "second-sheet")
    for name in ("class", "class-answers-projector", "class-answers-live"):
        assert cast.ruth.client.get(cast.ruth.url(name)).status_code == 200

    again = press(cast.ruth, seen="x")
    assert again.status_code == 409
    undo = cast.ruth.url("correction", number=KeyCorrection.objects.get().pk)
    shown = Page(cast.ruth.client.post(undo))
    assert "Count this question again?" in shown.text
    assert "the best possible mark is 11 instead of 5." in shown.text
    cast.ruth.client.post(undo, {"seen": shown.posted["seen"]})
    assert "9 out of 11" in text_of(cast.amina, "home")
    assert "not count" not in text_of(cast.amina, "home")


def test_to_htmx_the_row_and_all_classes_if_pressed(cast: Cast, placed: Assignment) -> None:
    course = make_course(cast.course.deployment, "10c")
    assigning.assign(course.link, placed.edition, AssignmentRules(), by=TOOL)
    Membership.objects.create(user=cast.ruth.user, context=course.context, roles=[TEACHER])
    pia = make_someone(course, "77", "Pia", PUPIL)
    theirs = hand_in(assignment_at(course.link), pia, {"g1": "Milan", "q2": "When"})
    ann = hand_in(placed, cast.amina, {"g1": "Milan", "q2": "When"})
    shown = press(cast.ruth, headers=HTMX)
    assert shown.content.decode().lstrip().startswith('<li id="gap-q2"')
    fields = Page(shown).posted
    seen = {name: fields[name] for name in ("seen", "seen_everywhere")}
    done = press(cast.ruth, headers=HTMX, classes="on", **seen)
    assert "Question 2 is not counted any more. 2 marks changed." in Page(done).text
    for attempt in (ann, theirs):
        assert fresh(attempt).edition.sheet.uncounted == {"q2"}


def test_what_is_refused(cast: Cast, placed: Assignment) -> None:
    hand_in(placed, cast.amina, {"q2": "When"})
    without = press(cast.ruth, item="q3")
    assert without.status_code == 422
    assert "This question has no marks, so it counts nothing already." in Page(without).text
    for posted in ({"verdict": "right"}, {"attempt": "1", "share": "all", "verdict": ""}):
        assert press(cast.ruth, **posted).status_code == 404
    assert press(cast.ruth, item="q9").status_code == 404
    assert press(cast.amina).status_code == 403
    assert not KeyCorrection.objects.exists()


def test_the_author_is_offered_it_for_the_text(cast: Cast, placed: Assignment) -> None:
    hand_in(placed, cast.amina, {"q2": "When"})
    leave_out(cast)
    worksheet = placed.edition.worksheet
    url = cast.ruth.url("class-corrections", number=worksheet.pk)
    assert "Question 2: – not counted" in Page(cast.ruth.client.get(url)).text
    cast.ruth.client.post(url, {"correction": str(KeyCorrection.objects.get().pk)})
    worksheet.refresh_from_db()
    assert "??? 6 marks, not counted" in worksheet.source
