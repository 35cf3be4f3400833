"""The gaps in a column of their own, beside the total."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lti_tool.audit import TOOL
from lti_tool.grades import outbox
from lti_tool.models import Delivery, LineItem
from lti_tool.protocol.vocabulary import Scope
from tests.cast import Cast
from tests.lti_tool.clock import Clock
from tests.lti_tool.delivering import deliver_due
from tests.platform.fake import FakePlatform
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    CAUSES,
    EVERYTHING,
    assignment_at,
    fresh,
    hand_in,
    hand_in_again,
    mark,
    place,
)
from worksheets import attempts, authoring, gradebook
from worksheets.authoring.assigning import AssignmentRules
from worksheets.gradebook import changes
from worksheets.gradebook.scoring import GAPS, TOTAL
from worksheets.gradebook.status_texts import for_pupil
from worksheets.models import Assignment, Sending
from worksheets.wording.numbers import plain

AMINA = "101"


@pytest.fixture
def assignment(cast: Cast) -> Assignment:
    return place(cast, sending=Sending.GAPS_COLUMN)


def scores() -> dict[str, str]:
    """What is reported, by the column's tag."""
    rows = Delivery.objects.select_related("line_item")
    return {
        row.line_item.tag: f"{plain(row.score_given)}/{plain(row.score_maximum)}"
        for row in rows
        if row.score_given is not None
    }


def class_page(cast: Cast) -> str:
    """What Ruth reads on it."""
    return Page(cast.ruth.client.get(cast.ruth.url("class"))).text


def test_gaps_go_at_once_and_the_total_on_release(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina, {**EVERYTHING, "g1": "Bavaria"})
    assert scores() == {GAPS: "3/4"}
    mark(attempt, cast.ruth, q1="4", q2="3")
    assert scores() == {GAPS: "3/4"}
    attempts.release(fresh(attempt), by=TOOL)
    assert scores() == {GAPS: "3/4", TOTAL: "10/14"}


def test_the_platform_makes_a_second_column(
    cast: Cast, assignment: Assignment, lms: FakePlatform, clock: Clock
) -> None:
    """Not under the link's id: Moodle takes the first column out of its launches then."""
    attempt = hand_in(assignment, cast.amina, {**EVERYTHING, "g1": "Bavaria"})
    deliver_due()
    (made,) = lms.gradebook.columns
    assert (made["label"], made["scoreMaximum"]) == ("Causes: Gaps", 4)
    assert (made["tag"], made["resourceId"]) == ("gaps", "link-2")
    assert "resourceLinkId" not in made
    mark(attempt, cast.ruth, q1="4", q2="3")
    clock.go_on(5)
    attempts.release(fresh(attempt), by=TOOL)
    deliver_due()
    by_column = {address: cell.given for (address, _), cell in lms.gradebook.cells.items()}
    assert sorted(by_column.values(), key=str) == [10, 3]
    assert len(lms.gradebook.columns) == 1
    assert {row.state for row in Delivery.objects.all()} == {Delivery.State.DELIVERED}


def test_another_attempt_counts_in_both(cast: Cast) -> None:
    assignment = place(cast, sending=Sending.GAPS_COLUMN, attempt_limit=2)
    first = hand_in(assignment, cast.amina, {**EVERYTHING, "g1": "Bavaria", "g2": "Bavaria"})
    assert scores() == {GAPS: "2/4"}
    hand_in_again(assignment, cast.amina, EVERYTHING)
    assert scores() == {GAPS: "4/4"}
    mark(first, cast.ruth, q1="4", q2="6")
    attempts.release(fresh(first), by=TOOL)
    assert scores() == {GAPS: "2/4", TOTAL: "12/14"}


def test_a_teacher_sees_both_columns(cast: Cast, assignment: Assignment) -> None:
    attempt = hand_in(assignment, cast.amina)
    Delivery.objects.update(state=Delivery.State.DELIVERED)
    assert "Gaps: ✓ 4/4" in class_page(cast)
    mark(attempt, cast.ruth, q1="4", q2="3")
    attempts.release(fresh(attempt), by=TOOL)
    Delivery.objects.update(state=Delivery.State.DELIVERED)
    assert "✓ 11/14 Gaps: ✓ 4/4" in class_page(cast)


def test_a_change_of_the_way_sends_what_is_new(cast: Cast) -> None:
    assignment = place(cast)
    hand_in(assignment, cast.amina)
    assert scores() == {TOTAL: "4/4"}
    rules = AssignmentRules(sending=Sending.GAPS_COLUMN)
    plan = changes.plan(assignment, assignment.edition, rules, mark_again=False)
    assert [dict(change.scores).keys() for change in plan.scores_to_send] == [{GAPS}]
    changes.apply(
        assignment, assignment.edition, rules, mark_again=False, seen=plan.digest, by=TOOL
    )
    # A mark stays in the gradebook until another replaces it.
    assert scores() == {TOTAL: "4/4", GAPS: "4/4"}


def test_a_pupil_whose_mark_changes_in_both_columns_counts_once(
    cast: Cast, assignment: Assignment
) -> None:
    """As in the plan."""
    attempt = hand_in(assignment, cast.amina, {**EVERYTHING, "g1": "Bavaria"})
    mark(attempt, cast.ruth, q1="4", q2="3")
    attempts.release(fresh(attempt), by=TOOL)
    kinder = CAUSES.replace("___Manchuria |", "___Manchuria | Bavaria |")
    worksheet = authoring.save(assignment.edition.worksheet, kinder, seen=None)
    edition, rules = authoring.publish(worksheet), AssignmentRules.of(assignment)
    plan = changes.plan(assignment, edition, rules, mark_again=True)
    assert len(plan.scores_to_send) == 1
    applied = changes.apply(assignment, edition, rules, mark_again=True, seen=plan.digest, by=TOOL)
    assert applied == 1
    assert scores() == {GAPS: "4/4", TOTAL: "11/14"}


def test_another_maximum_goes_to_each_column(cast: Cast, assignment: Assignment) -> None:
    hand_in(assignment, cast.amina)
    LineItem.objects.update(url="https://lms.example/1")
    more = f"{CAUSES}\nThe last one is ___Rhineland___.\n".replace("??? 4 marks", "??? 8 marks")
    worksheet = authoring.save(assignment.edition.worksheet, more, seen=None)
    edition = authoring.publish(worksheet)
    rules = AssignmentRules.of(assignment_at(cast.course.link))
    plan = changes.plan(assignment, edition, rules, mark_again=True)
    maxima = {
        column.tag: f"{plain(column.former)} to {plain(column.maximum)}" for column in plan.columns
    }
    assert maxima == {TOTAL: "14 to 19", GAPS: "4 to 5"}


def test_without_the_scope_the_gaps_have_no_column(
    cast: Cast, assignment: Assignment, lms: FakePlatform, clock: Clock
) -> None:
    LineItem.objects.update(scopes=[Scope.SCORE])
    hand_in(assignment, cast.amina)
    deliver_due()
    (status,) = gradebook.statuses_of(assignment, cast.amina.user)
    assert status.lacks_column
    assert "does not let this tool make a column for the gaps" in class_page(cast)
    assert for_pupil(status) == "Your marks are shown here. They do not reach the gradebook."
    assert lms.gradebook.columns == []
    # The administrator allows it, and the next launch tells so, for the link's own column.
    own = LineItem.objects.get(link=cast.course.link, tag="")
    own.scopes = [Scope.SCORE, Scope.LINE_ITEM]
    own.save()
    clock.go_on(5)
    outbox.make_due_after_launch(own, None)
    deliver_due()
    assert len(lms.gradebook.columns) == 1


def test_a_report_writes_no_column_that_is_there(
    cast: Cast, assignment: Assignment, lms: FakePlatform
) -> None:
    """Nor locks one: a class submits at the same time, while scores are settled."""
    hand_in(assignment, cast.amina)
    with CaptureQueriesContext(connection) as asked:
        hand_in(assignment, cast.ben)
    assert [one for one in asked if one["sql"].startswith('UPDATE "lti_tool_lineitem"')] == []


def test_the_second_column_is_named_in_the_sites_language(
    cast: Cast, assignment: Assignment, lms: FakePlatform
) -> None:
    """Not in that of the pupil who submits first."""
    with translation.override("de"):
        hand_in(assignment, cast.amina)
    assert LineItem.objects.get(tag=GAPS).label == "Causes: Gaps"


def test_a_column_that_is_still_to_be_made_gets_the_new_maximum(
    cast: Cast, assignment: Assignment, lms: FakePlatform
) -> None:
    """Of one that is not there, the teacher is told nothing, and it changes all the same."""
    lms.connect(cast.course, column=False)
    hand_in(assignment, cast.amina)
    more = f"{CAUSES}\nThe last one is ___Rhineland___.\n"
    worksheet = authoring.save(assignment.edition.worksheet, more, seen=None)
    edition = authoring.publish(worksheet)
    rules = AssignmentRules.of(assignment_at(cast.course.link))
    plan = changes.plan(assignment, edition, rules, mark_again=False)
    assert plan.columns == []
    changes.apply(assignment, edition, rules, mark_again=False, seen=plan.digest, by=TOOL)
    deliver_due()
    (made,) = lms.gradebook.columns
    assert (made["tag"], made["scoreMaximum"]) == ("gaps", 5)
