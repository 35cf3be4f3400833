"""Exports: everything of one person or one course, and nothing of anybody else."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from lti_tool import audit
from lti_tool.audit import TOOL
from lti_tool.models import AuditEntry, Job, StoredLaunch, User
from tests.cast import PUPIL, TEACHER, Cast, make_someone
from tests.worksheets.sheets import EVERYTHING, fresh, hand_in, hand_in_again, place
from worksheets import attempts, authoring
from worksheets.attempts import GivenDates
from worksheets.authoring import copies
from worksheets.formats.picture_file import StoredPicture
from worksheets.models import Assignment, Attempt, IncomingFile, Mark, Share, Worksheet
from worksheets.privacy import erasure, exports
from worksheets.privacy.exports import course_json, export_course, export_person, person_json


@pytest.fixture
def worked(cast: Cast) -> Cast:
    """Amina's answers are marked with a comment; Ben has handed in as well."""
    assignment = place(cast)
    authoring.add_picture(
        assignment.edition.worksheet, "map.png", StoredPicture(b"pixels", "image/png", 1, 1)
    )
    attempt = hand_in(assignment, cast.amina)
    question = attempt.edition.sheet.question("q1")
    attempts.give_mark(attempt, question, Decimal(3), "Well argued, Amina.", cast.ruth.user)
    hand_in(assignment, cast.ben, {**EVERYTHING, "q1": "BENS-OWN-WORDS"})
    StoredLaunch.objects.filter(pk=cast.ruth.launch.pk).update(reviewed=cast.amina.user)
    return cast


def of_person(user: User) -> dict[str, Any]:
    content = json.loads(person_json(user))
    assert isinstance(content, dict)
    return content


def test_a_pupils_export_holds_all_of_theirs(worked: Cast) -> None:
    content = of_person(worked.amina.user)
    assert content["person"]["name"] == "Amina Abdullahi"
    assert content["person"]["platform"]["client_id"] == "client-1"
    (membership,) = content["memberships"]
    assert (membership["course"], membership["roles"]) == ("Course 2", [PUPIL])
    (launch,) = content["launches"]
    assert (launch["course"], launch["activity"]) == ("Course 2", "Causes")
    created = StoredLaunch.objects.get(membership=worked.amina.membership).created_at
    assert launch["created_at"][:16] == created.isoformat()[:16]
    assert len(content["looked_at_by_teachers"]) == 1
    (score,) = content["scores"]
    assert (Decimal(score["score_given"]), score["state"]) == (Decimal(4), "due")
    (attempt,) = content["attempts"]
    assert attempt["worksheet"] == "Causes of terror (1)"
    answers = {answer["item"]: answer["text"] for answer in attempt["answers"]}
    assert answers == {key: text for key, text in EVERYTHING.items() if "-" not in key}
    (chosen,) = [answer for answer in attempt["answers"] if answer["item"] == "q2"]
    assert chosen["value"] == {"v": 1, "choice": "a", "text": chosen["text"]}
    marks = {mark["item"]: mark["comment"] for mark in attempt["marks"]}
    assert (marks["q1"], len(marks)) == ("Well argued, Amina.", 5)
    assert (content["worksheets"], content["marks_given"]) == ([], [])


def test_every_attempt_is_in_it(cast: Cast) -> None:
    assignment = place(cast, attempt_limit=2)
    hand_in(assignment, cast.amina, {"q1": "FIRST"})
    hand_in_again(assignment, cast.amina, {"q1": "SECOND"})
    content = of_person(cast.amina.user)
    assert [attempt["number"] for attempt in content["attempts"]] == [1, 2]
    written = [attempt["answers"][0]["text"] for attempt in content["attempts"]]
    assert written == ["FIRST", "SECOND"]
    course = json.loads(course_json(cast.course.context))
    assert len(course["attempts"]) == 2
    assert course["assignments"][0]["attempt_limit"] == 2


def test_a_pupils_export_holds_nothing_of_others(worked: Cast) -> None:
    text = person_json(worked.amina.user)
    for foreign in ("Ben", "BENS-OWN-WORDS", "Ruth", "MODELANSWER", "RUBRICTEXT", "Zara"):
        assert foreign not in text


def test_a_teachers_export_holds_their_worksheets_and_marks(worked: Cast) -> None:
    content = of_person(worked.ruth.user)
    (worksheet,) = content["worksheets"]
    assert "MODELANSWER" in worksheet["source"]
    assert [edition["number"] for edition in worksheet["editions"]] == [1]
    assert base64.b64decode(worksheet["pictures"][0]["content"]) == b"pixels"
    (mark,) = content["marks_given"]
    assert (mark["item"], mark["points"], mark["comment"]) == (
        "q1",
        "3.0000",
        "Well argued, Amina.",
    )
    assert content["attempts"] == []


def test_a_courses_export_holds_everybodys_work_in_it_and_none_of_elsewhere(worked: Cast) -> None:
    text = course_json(worked.course.context)
    content = json.loads(text)
    assert content["course"]["title"] == "Course 2"
    (activity,) = content["course"]["activities"]
    assert "lineitem" in activity["columns"][0]["url"]
    (assignment,) = content["assignments"]
    assert (assignment["activity"], assignment["feedback"]) == ("Causes", "correctness")
    assert {person["sub"] for person in content["people"]} == {"10", "101", "102"}
    owners = {attempt["user"] for attempt in content["attempts"]}
    assert owners == {worked.amina.user.pk, worked.ben.user.pk}
    assert "BENS-OWN-WORDS" in text
    assert "Otis" not in text
    assert "Zara" not in text


def test_a_course_without_a_column_is_exported(worked: Cast) -> None:
    worked.course.line_item.delete()
    assert (
        json.loads(course_json(worked.course.context))["course"]["activities"][0]["columns"] == []
    )


def test_statements_do_not_grow_with_the_class(
    worked: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with CaptureQueriesContext(connection) as few:
        course_json(worked.course.context)
    attempt = fresh(Attempt.objects.get(user=worked.ben.user))
    for number in range(20):
        someone = make_someone(worked.course, f"n{number}", f"N {number}", PUPIL)
        attempt.pk, attempt.user = None, someone.user
        attempt.save(force_insert=True)
        Mark.objects.create(attempt=attempt, item="g1", points=0, maximum=1, source="marker")
    with django_assert_num_queries(len(few)):
        course_json(worked.course.context)


def test_sharing_and_a_file_that_waits_are_in_it(worked: Cast) -> None:
    ruth, context = worked.ruth.user, worked.course.context
    Share.objects.create(worksheet=Worksheet.objects.get(), context=context, may_edit=True)
    IncomingFile.objects.create(owner=ruth, name="mine.zip", content=b"zip", listed=[])
    content = of_person(ruth)
    (share,) = content["worksheets"][0]["shares"]
    assert (share["course"], share["may_edit"]) == ("Course 2", True)
    (file,) = content["incoming_files"]
    assert (file["name"], base64.b64decode(file["content"])) == ("mine.zip", b"zip")
    (shared,) = json.loads(course_json(context))["shared_worksheets"]
    assert (shared["title"], shared["worksheet"]) == ("Causes of terror", share["worksheet"])
    assert "mine.zip" not in course_json(context)


def test_a_job_is_its_owners_and_with_what_it_changes_the_courses(worked: Cast) -> None:
    ruth = worked.ruth.user
    Job.objects.create(kind="import", owner=ruth, content=b"paper", arguments={"name": "a.pdf"})
    Job.objects.create(kind="mark-again", owner=ruth, link=worked.course.link)
    theirs = of_person(ruth)["jobs"]
    assert [job["kind"] for job in theirs] == ["import", "mark-again"]
    assert base64.b64decode(theirs[0]["content"]) == b"paper"
    assert of_person(worked.amina.user)["jobs"] == []
    (job,) = json.loads(course_json(worked.course.context))["jobs"]
    assert job["kind"] == "mark-again"


def test_who_asked_for_a_worksheet_and_who_answered(worked: Cast) -> None:
    worksheet = Worksheet.objects.get()
    asker = make_someone(worked.other_course, "12", "Tessa Olowe", TEACHER).user
    asked = copies.ask(worked.other_course.link, worksheet, asker)
    copies.answer(asked, worked.ruth.user, is_allowed=True)
    for rows in (
        of_person(asker)["copy_requests"],
        of_person(worked.ruth.user)["copy_answers"],
        json.loads(course_json(worked.other_course.context))["copy_requests"],
    ):
        (row,) = rows
        assert (row["title"], row["answer"], row["activity"]) == (
            str(worksheet),
            "allowed",
            "Causes",
        )
    assert of_person(worked.amina.user)["copy_requests"] == []


def test_what_was_recorded_about_and_by_a_person(worked: Cast) -> None:
    (about,) = of_person(worked.amina.user)["audit"]
    assert (about["kind"], about["person"]) == ("mark", worked.amina.user.pk)
    assert about["after"]["points"] == "3"
    (by,) = of_person(worked.ruth.user)["audit"]
    # Not whose work it was.
    assert (by["kind"], by["person"], by["subject"]) == ("mark", None, "")
    course = json.loads(course_json(worked.course.context))["audit"]
    assert [row["kind"] for row in course] == ["edition", "mark"]
    assert json.loads(course_json(worked.other_course.context))["audit"] == []


def test_an_export_is_recorded_and_says_so_itself(worked: Cast) -> None:
    exported = json.loads(export_person(worked.amina.user, by=audit.command_line()))
    (row,) = [row for row in exported["audit"] if row["kind"] == "export"]
    # That it was an operator, and not who: the file may be handed to the person.
    subject = f"person-{worked.amina.user.pk}"
    assert (row["by"], row["operator"], row["subject"]) == ("operator", "", subject)
    exported = json.loads(export_course(worked.course.context, by=audit.command_line()))
    (row,) = [row for row in exported["audit"] if row["kind"] == "export"]
    assert (row["operator"], row["subject"]) == (
        "manage.py",
        f"course-{worked.course.context.pk}",
    )


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_it_is_read(worked: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite only one transaction writes at a time."""
    in_transaction = []

    def read(*_given: object) -> str:
        in_transaction.append(connection.in_atomic_block)
        return "{}"

    monkeypatch.setattr(exports, "person_json", read)
    monkeypatch.setattr(exports, "course_json", read)
    export_person(worked.amina.user, by=audit.command_line())
    export_course(worked.course.context, by=audit.command_line())
    assert in_transaction == [False, False]
    assert AuditEntry.objects.filter(kind="export").count() == 2


def test_dates_of_single_pupils_are_theirs_their_teachers_and_the_courses(worked: Cast) -> None:
    assignment = Assignment.objects.get(link=worked.course.link)
    due_at = datetime(2126, 7, 1, tzinfo=UTC)
    dates, by = GivenDates(due_at=due_at), worked.ruth.user
    attempts.give_dates(assignment, [worked.ben.user], dates, "BENS-NOTE", by=by)
    (own,) = of_person(worked.ben.user)["own_dates"]
    assert (own["note"], own["due_at"][:10]) == ("BENS-NOTE", "2126-07-01")
    assert "BENS-NOTE" not in person_json(worked.amina.user)
    teacher = of_person(by)
    assert teacher["dates_given"][0]["note"] == "BENS-NOTE"
    assert "Ashworth" not in json.dumps(teacher["dates_given"])
    assert len(json.loads(course_json(worked.course.context))["own_dates"]) == 1
    assert erasure.count_rows_of_person(worked.ben.user)["dates of pupils"] == 1
    assert erasure.count_rows_of_course(worked.course.context)["dates of pupils"] == 1
    erasure.erase_person(worked.ben.user, by=TOOL)
    assert not assignment.pupil_dates.exists()
