"""The groups and sections of a class, and pages and presses that are about one of them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.audit import person
from lti_tool.models import Membership
from tests.cast import ASSISTANT, PUPIL, Cast, Someone, make_someone
from tests.worksheets.html import Page
from tests.worksheets.sheets import EVERYTHING, hand_in, mark, place, save
from worksheets import attempts
from worksheets.attempts import Wanted
from worksheets.marking.entered import Entry, Outcome
from worksheets.models import Assignment, Attempt, EnteredMark, Mark
from worksheets.reports.class_attempts import counting_attempts
from worksheets.reports.groups import NO_GROUP, class_groups

BLANK = {**EVERYTHING, "q1": ""}


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    """Amina is in a section with a name, Ben in a group without one, Cem in none."""
    cem = make_someone(cast.course, "103", "Cem Demir", PUPIL)
    section = [{"id": "section-7", "name": "Übung <b>"}]
    Membership.objects.filter(user=cast.amina.user).update(groups=section)
    Membership.objects.filter(user=cast.ben.user).update(groups=[{"id": "group-3", "name": ""}])
    placed = place(cast)
    for who in (cast.amina, cast.ben, cem):
        hand_in(placed, who, BLANK)
    return placed


def page(who: Someone, view: str, query: str = "", /, **kwargs: object) -> str:
    response = who.client.get(f"{who.url(view, **kwargs)}?{query}", follow=True)
    assert response.status_code == 200
    return response.content.decode()


def press(who: Someone, view: str, query: str, /, posted: dict[str, Any], **kwargs: object) -> None:
    response = who.client.post(f"{who.url(view, **kwargs)}?{query}", posted)
    assert response.status_code == 302


def released() -> set[str]:
    rows = Attempt.objects.filter(released_at__isnull=False)
    return set(rows.values_list("user__given_name", flat=True))


def test_what_there_is_to_choose(cast: Cast, assignment: Assignment) -> None:
    labels = [(one.id, one.label) for one in class_groups(assignment)]
    assert labels == [
        ("group-3", "Group 3"),
        ("section-7", "Übung <b>"),
        (NO_GROUP, "no group known"),
    ]
    assert [one.user for one in counting_attempts(assignment, "group-3")] == [cast.ben.user]
    assert len(counting_attempts(assignment, "an old one")) == 3
    Membership.objects.update(groups=[])
    assert class_groups(assignment) == []
    for view, more in (("class", {}), ("mark-question", {"item": "q1"}), ("tables", {})):
        assert "Group or section" not in page(cast.ruth, view, "group=group-3", **more), view


def test_the_class_list_and_what_is_pressed_there(cast: Cast, assignment: Assignment) -> None:
    ruth = cast.ruth
    whole = page(ruth, "class")
    assert "Übung &lt;b&gt;" in whole
    assert "Ben Ashworth" in whole
    shown = page(ruth, "class", "group=section-7&sort=name")
    assert "Amina Abdullahi" in shown
    assert "Ben Ashworth" not in shown
    assert '<option value="section-7" selected>' in shown
    assert "show=submitted&amp;sort=name&amp;group=section-7" in shown
    assert "Cem Demir" in page(ruth, "class", f"group={NO_GROUP}")
    assert "Ben Ashworth" in page(ruth, "class", "group=" + "x" * 5000)

    for attempt in Attempt.objects.all():
        mark(attempt, ruth, q1="1", q2="2")
    assert "group=section-7" in page(ruth, "class", "group=section-7").partition("release/")[2][:60]
    press(ruth, "release-all", "group=section-7", {})
    assert released() == {"Amina"}
    press(ruth, "release-all", "", {})
    assert released() == {"Amina", "Ben", "Cem"}


def test_marking_answers_and_files_of_one_group(cast: Cast, assignment: Assignment) -> None:
    ruth = cast.ruth
    desk = page(ruth, "mark-question", "group=group-3&names=1", item="q1")
    assert "Ben Ashworth" in desk
    assert "Amina" not in desk
    Mark.objects.filter(item="q1").delete()  # the machine's, of what is blank
    blank = re.findall(r'name="answer" value="(\d+)"', page(ruth, "mark-question", item="q1"))
    assert len(blank) > 1
    give = {"blank": "give", "answer": blank}
    press(ruth, "mark-question", "group=group-3", give, item="q1")
    given = Mark.objects.filter(item="q1", source="teacher")
    assert [one.attempt.user for one in given] == [cast.ben.user]

    assert "1 pupil has submitted." in page(ruth, "class-answers", "group=group-3")
    assert "holds for the whole class" in page(ruth, "class-answers", "group=group-3")
    assert "3 pupils have submitted." in page(ruth, "class-answers")
    live = ruth.client.get(ruth.url("class-answers-live"), {"group": "group-3"})
    assert live.json()["pupils"] == 1

    assert "marks.csv?group=group-3" in page(ruth, "tables", "group=group-3")
    table = page(ruth, "table", "group=group-3", table="marks", form="csv")
    assert "Ben Ashworth" in table
    assert "Amina" not in table


def test_the_projector_and_marked_sheets_of_one_group(cast: Cast, assignment: Assignment) -> None:
    """Ways from a page of a group keep it, and its name stands on the page."""
    ruth = cast.ruth
    projector = ruth.url("class-answers-projector")
    assert f"{projector}?group=group-3" in page(ruth, "class-answers", "group=group-3")
    shown = Page(ruth.client.get(f"{projector}?gap=g2&group=group-3"))
    assert "Group 3" in shown.text
    assert "1 right" in shown.text
    assert "3 right" in Page(ruth.client.get(f"{projector}?gap=g2&group=odd")).text
    for link in ("?gap=g1&group=group-3", "?gap=g3&group=group-3"):
        assert link in shown.links
    assert "answers=1&amp;group=group-3" in shown.html
    live = f"{ruth.url('class-answers-live')}?group=group-3"
    assert f'data-url="{live}"' in shown.html
    # What the page shows anew within seconds is of the group, too, the pictures as well.
    rows = ruth.client.get(live).json()["rows"]
    whole = ruth.client.get(ruth.url("class-answers-live")).json()["rows"]
    assert rows["q2"] != whole["q2"]
    assert rows["q2-plain"] != whole["q2-plain"]

    assert f"{ruth.url('tables')}?group=group-3" in page(ruth, "class", "group=group-3")
    printed = ruth.url("print-marked") + "?group=group-3"
    assert printed in page(ruth, "tables", "group=group-3")
    sheets = Page(ruth.client.get(printed))
    assert "Marked sheets of the class (Group 3)" in sheets.text
    assert "Ben Ashworth" in sheets.text
    assert "Amina" not in sheets.text
    assert "Amina" in page(ruth, "print-marked", "group=odd")


def test_what_is_done_to_many_reaches_one_group(cast: Cast, assignment: Assignment) -> None:
    """Selected work, entered marks, dates, and the list of whom to remind."""
    ruth = cast.ruth
    for number, group in enumerate(["group-3", "section-7"], 1):
        someone = make_someone(cast.course, f"30{number}", f"Nora {group}", PUPIL)
        Membership.objects.filter(user=someone.user).update(groups=[{"id": group, "name": ""}])
        paper = Wanted(someone.user.pk, Entry(Outcome.ON_PAPER, Decimal(5)))
        attempts.enter(assignment, [paper], by=person(ruth.user))
    for attempt in Attempt.objects.all():
        mark(attempt, ruth, q1="1", q2="2")

    for view in ("paper-marks", "pupil-dates"):
        shown = page(ruth, view, "group=group-3")
        assert "Nora group-3" in shown, view
        assert "Nora section-7" not in shown, view
        assert "Nora section-7" in page(ruth, view, "group=odd"), view
    reminded = page(ruth, "class", "show=not-opened&group=group-3")
    assert "Nora section-7" not in reminded

    asked = ruth.client.post(
        f"{ruth.url('selected')}?group=group-3", {"act": "release", "all": "1"}
    ).content.decode()
    assert "Ben Ashworth" in asked
    assert "Amina" not in asked
    press(ruth, "release-all", "group=group-3", {})
    assert released() == {"Ben"}
    entered = EnteredMark.objects.filter(released_at__isnull=False)
    assert [row.user.name for row in entered] == ["Nora group-3"]


def test_an_assistant_chooses_a_group_while_totals_are_hidden(
    cast: Cast, assignment: Assignment
) -> None:
    assistant = make_someone(cast.course, "14", "Tariq Alami", ASSISTANT)
    shown = page(assistant, "class", "group=group-3")
    assert "Ben Ashworth" in shown
    assert "Cem Demir" not in shown


def test_work_shared_over_groups_counts_as_it_does_for_those_of_the_group(cast: Cast) -> None:
    """Amina's own attempt is better than the one that Ben, in no group, has made with her."""
    placed = place(cast, attempt_limit=2, may_work_together=True)
    section = [{"id": "section-7", "name": ""}]
    Membership.objects.filter(user=cast.amina.user).update(groups=section)
    own = hand_in(placed, cast.amina)
    save(placed, cast.ben, {"g1": "Bavaria"})
    attempts.name_partner(placed, cast.ben.user, cast.amina.user.pk)
    shared = attempts.submit(placed, cast.ben.user, placed.edition_id)
    assert counting_attempts(placed, "section-7") == [own]
    assert set(counting_attempts(placed)) == {own, shared}
