"""The page of all that a teacher has to mark, and marking in another course from there."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from lti_tool.audit import TOOL, AuditKind
from lti_tool.models import AuditEntry, Delivery, Membership, StoredLaunch
from lti_tool.services.errors import DeliveryProblem
from tests.cast import DESIGNER, PUPIL, TEACHER, Cast, make_someone, open_again
from tests.worksheets.hidden import number_of, sign_of
from tests.worksheets.html import Page
from tests.worksheets.sheets import (
    WRITTEN_ONLY,
    assignment_at,
    hand_in,
    mark,
    marks_of,
    place,
    publish,
)
from worksheets import attempts
from worksheets.attempts import rubrics
from worksheets.authoring import assigning
from worksheets.authoring.assigning import AssignmentRules
from worksheets.marking.rubric import RubricLine
from worksheets.models import Assignment, Attempt


@pytest.fixture
def here(cast: Cast) -> Assignment:
    return place(cast)


@pytest.fixture
def there(cast: Cast, here: Assignment) -> Assignment:
    """The same worksheet in another course of Ruth's, where Otis is a pupil."""
    assigning.assign(cast.other_course.link, here.edition, AssignmentRules(), by=TOOL)
    Membership.objects.create(
        user=cast.ruth.user, context=cast.other_course.context, roles=[TEACHER]
    )
    return assignment_at(cast.other_course.link)


@pytest.fixture
def otis(cast: Cast, there: Assignment) -> Attempt:
    return hand_in(there, cast.otis)


@pytest.fixture
def amina(cast: Cast, here: Assignment) -> Attempt:
    return hand_in(here, cast.amina)


def get(cast: Cast, view: str, query: str = "", **k: object) -> Page:
    return Page(cast.ruth.client.get(cast.ruth.url(view, **k) + query, follow=True))


def here_of(cast: Cast) -> Assignment:
    return assignment_at(cast.course.link)


def send(cast: Cast, work: Attempt, view: str, **k: object) -> Any:
    page = Assignment.objects.get(pk=int(str(k.get("number", here_of(cast).pk))))
    item = str(k["item"])
    mark = {"attempt": number_of(work, item, page), "points": "2", "comment": "", "seen": [""]}
    body = json.dumps({"marks": [mark | {"read": sign_of(work, item, page)}]})
    url = cast.ruth.url(view, **k)
    return cast.ruth.client.post(url, body, content_type="application/json")


def test_nothing_to_mark(cast: Cast, here: Assignment) -> None:
    assert "Nothing waits for you" in get(cast, "my-marking").text


def test_the_way_to_another_course(
    cast: Cast, amina: Attempt, there: Assignment, otis: Attempt
) -> None:
    page = get(cast, "my-marking")
    assert "0 of 4 answers marked" in page.text
    assert "Go on: Course 3, Causes of terror" in page.text
    assert "Mark 2 classes together" in page.text
    url = cast.ruth.url("mark-there", number=there.pk)
    assert url in page.links
    answers = Page(cast.ruth.client.get(url, follow=True))
    assert "Question 1 of 2" in answers.text
    assert "Causes of terror · Course 3" in answers.text
    assert f'id="answer-{number_of(otis)}"' in answers.html
    assert f'id="answer-{number_of(amina, page=there)}"' not in answers.html
    # Pages of a pupil's whole work open from their own course.
    assert "Whole sheet" not in answers.text
    assert cast.ruth.url("class") not in answers.html.split("<main")[1]
    reply = send(cast, otis, "mark-question-there", number=there.pk, item="q1")
    assert reply.json()["marks"][0]["state"] == "saved"
    entry = AuditEntry.objects.get(kind=AuditKind.MARK)
    assert (entry.link, entry.actor) == (there.link, cast.ruth.user)
    assert "1 of 4 answers marked" in get(cast, "my-marking").text


def test_classes_together(cast: Cast, amina: Attempt, there: Assignment, otis: Attempt) -> None:
    alone = get(cast, "mark-question", item="q1")
    assert "Mark together with Course 3" in alone.text
    page = get(cast, "mark", "?together=1")
    assert "together with Course 3" in page.text
    assert "0 of 2" in page.text
    assert "2 equal answers" in page.text
    assert any("together=1" in link and "/q2/" in link for link in page.links)
    # Without a script one form marks both; each mark is reported where its work is.
    here = here_of(cast)
    numbers = {one.pk: number_of(one, page=here) for one in (amina, otis)}
    form = {"attempt": [*numbers.values()], "points": "3", "comment": "Good."}
    form |= {f"read-{numbers[one.pk]}": sign_of(one, page=here) for one in (amina, otis)}
    url = cast.ruth.url("mark-question", item="q1")
    answer = cast.ruth.client.post(f"{url}?together=1", form)
    assert answer.status_code == 302
    assert "together=1" in answer["Location"]
    assert [marks_of(one)["q1"] for one in (amina, otis)] == [3, 3]
    links = AuditEntry.objects.filter(kind=AuditKind.MARK).values_list("link", flat=True)
    assert set(links) == {amina.assignment.link_id, there.link_id}
    assert "1 marked" not in get(cast, "mark-question", "?together=1&part=end", item="q1").text
    # And so the marks that a script sends.
    reply = send(cast, otis, "mark-question", item="q2")
    assert reply.json()["marks"][0]["state"] == "saved"


def test_a_class_that_the_lms_has_no_more_is_not_offered(
    cast: Cast, amina: Attempt, there: Assignment, otis: Attempt
) -> None:
    """Its activity was deleted, or its course is over; its marks can still be given there."""
    mark(otis, cast.ruth, q1="1", q2="1")
    attempts.release(otis, by=TOOL)
    other = hand_in(there, make_someone(cast.other_course, "77", "Pia Pile", PUPIL))
    Delivery.objects.filter(line_item__link=there.link).update(
        state=Delivery.State.REFUSED,
        problem=DeliveryProblem.COLUMN_GONE,
        next_try_at=timezone.now() + timedelta(minutes=1),
    )
    assert "Mark together" not in get(cast, "mark-question", item="q1").text
    assert "0 of 1" in get(cast, "mark-question", "?together=1", item="q1").text
    mine = get(cast, "my-marking").text
    assert "no longer in LMS of client-1" in mine
    assert "together" not in mine
    # A page that was open when it was heard of loses no mark.
    assert send(cast, other, "mark-question", item="q2").json()["marks"][0]["state"] == "saved"
    # Whoever opens it shows that it is there: it only has no column.
    launch = StoredLaunch.objects.filter(link=there.link)
    launch.update(created_at=timezone.now() + timedelta(minutes=2))
    assert "Mark together" in get(cast, "mark-question", item="q1").text


def test_lines_are_offered_where_they_are_the_class_s_own(cast: Cast) -> None:
    edition = publish(cast.ruth.user, "# Why?\n\n??? 6 marks\nrubric: +2 a date\n")
    classes = []
    for course, pupil in ((cast.course, cast.amina), (cast.other_course, cast.otis)):
        assigning.assign(course.link, edition, AssignmentRules(), by=TOOL)
        classes.append(assignment_at(course.link))
        hand_in(classes[-1], pupil, {"q1": f"Because of {pupil.user.name}."})
    Membership.objects.create(
        user=cast.ruth.user, context=cast.other_course.context, roles=[TEACHER]
    )
    together = get(cast, "mark-question", "?together=1", item="q1").html
    assert together.count('name="line"') == 2
    question = edition.sheet.question("q1")
    line = RubricLine(2, "a name", Decimal(1))
    rubrics.apply(classes[1], question, [line], cast.ruth.user)
    together = get(cast, "mark-question", "?together=1", item="q1").html
    assert together.count('name="line"') == 1


@pytest.mark.parametrize(
    ("roles", "status"),
    [([PUPIL], "active"), ([DESIGNER], "active"), ([TEACHER], "gone"), ([TEACHER], "inactive")],
)
def test_who_does_not_teach_there(
    cast: Cast, there: Assignment, otis: Attempt, roles: list[str], status: str
) -> None:
    rows = Membership.objects.filter(user=cast.ruth.user, context=cast.other_course.context)
    rows.update(roles=roles, status=status)
    for view, k in (
        ("mark-there", {}),
        ("mark-question-there", {"item": "q1"}),
        ("rubric-there", {"item": "q1"}),
    ):
        url = cast.ruth.url(view, number=there.pk, **k)
        assert cast.ruth.client.get(url).status_code == 404
    assert send(cast, otis, "mark-question-there", number=there.pk, item="q1").status_code == 404
    # Nor by the number of the work, on the page of one's own class.
    reply = send(cast, otis, "mark-question", item="q1")
    assert reply.json()["marks"][0]["state"] == "missing"
    assert "q1" not in marks_of(otis)
    page = get(cast, "mark", "?together=1")
    assert "Course 3" not in page.text
    assert "Course 3" not in get(cast, "my-marking").text


def test_a_review_of_one_submission_opens_no_class(cast: Cast, there: Assignment) -> None:
    reviewing = open_again(cast.course, cast.ruth.membership)
    reviewing.launch.reviewed = cast.amina.user
    reviewing.launch.save()
    for view, k in (("my-marking", {}), ("mark-there", {"number": there.pk})):
        assert reviewing.client.get(reviewing.url(view, **k)).status_code == 403


def test_another_worksheet_is_not_parallel(cast: Cast, here: Assignment) -> None:
    edition = publish(cast.ruth.user, WRITTEN_ONLY)
    assigning.assign(cast.other_course.link, edition, AssignmentRules(), by=TOOL)
    Membership.objects.create(
        user=cast.ruth.user, context=cast.other_course.context, roles=[TEACHER]
    )
    assert "Mark together" not in get(cast, "mark-question", item="q1").text


def test_a_released_mark_is_asked_about_there_too(
    cast: Cast, there: Assignment, otis: Attempt
) -> None:
    for item in ("q1", "q2"):
        send(cast, otis, "mark-question-there", number=there.pk, item=item)
    attempts.release(otis, by=TOOL)
    number = number_of(otis)
    form = {"attempt": number, "points": "1", f"read-{number}": sign_of(otis)}
    form |= {f"seen-{number}": "2|"}
    url = cast.ruth.url("mark-question-there", number=there.pk, item="q1")
    page = Page(cast.ruth.client.post(url, form))
    assert page.status == 409
    assert "This mark is released." in page.text
    assert marks_of(otis)["q1"] == 2
