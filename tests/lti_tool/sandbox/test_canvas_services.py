"""Line items, scores, results and the roster as Canvas returns them."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from lti_tool.protocol.vocabulary import CONTEXT_ROLE, Claim, MediaType
from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.models import (
    Activity,
    Column,
    Course,
    Enrolment,
    Grade,
    Person,
    ToolClient,
)
from lti_tool.sandbox.services import gradebook
from tests.lti_tool.sandbox import canvas, lms

SUBMISSION_TYPE = "https://canvas.instructure.com/lti/submission_type"
LAUNCH = "http://localhost:8001/lti/launch/?sheet=1"
EXTERNAL = {"type": "external_tool", "external_tool_url": LAUNCH}
EARLIER, LATER = "2026-03-01T09:59:59.999Z", "2026-03-01T10:00:01Z"


@pytest.fixture
def tool(seeded: None) -> lms.Tool:
    return canvas.tool()


def create(tool: lms.Tool, **changes: object) -> Any:
    body = {"label": "Essay", "scoreMaximum": 20, **changes}
    body = {name: value for name, value in body.items() if value is not ...}
    return tool.call("POST", canvas.COLUMNS, body, content_type=MediaType.LINE_ITEM)


def update(tool: lms.Tool, **changes: object) -> Any:
    media = MediaType.LINE_ITEM
    return lms.json_of(tool.call("PUT", canvas.column_address(), changes, content_type=media))


def grade() -> Grade:
    return Grade.objects.get(column=canvas.COLUMN, person=lms.PUPIL)


class TestLineItems:
    def test_listed_found_and_read(self, tool: lms.Tool) -> None:
        create(tool, tag="grade")
        own = f"{canvas.COLUMNS}?resource_link_id={ids.link(canvas.LINK)}"
        [item] = lms.json_of(tool.call("GET", own))
        assert item == {
            "id": f"{canvas.ISSUER}/api/lti/courses/4/line_items/5",
            "label": "A worksheet in Canvas",
            "scoreMaximum": 100,
            "resourceLinkId": ids.link(canvas.LINK),
        }
        assert lms.json_of(tool.call("GET", canvas.column_address())) == item
        [tagged] = lms.json_of(tool.call("GET", f"{canvas.COLUMNS}?tag=grade"))
        assert tagged["label"] == "Essay"
        unknown = tool.call("GET", f"{canvas.COLUMNS}?resource_link_id=1")
        assert (unknown.status_code, lms.json_of(unknown)) == (200, [])

    def test_only_with_a_submission_type_an_assignment_opens_the_tool(self, tool: lms.Tool) -> None:
        response = create(tool)
        assert response.status_code == 201
        assert "resourceLinkId" not in lms.json_of(response)
        item = lms.json_of(create(tool, label="Opens", **{SUBMISSION_TYPE: EXTERNAL}))
        activity = Activity.objects.get(title="Opens")
        assert item["resourceLinkId"] == ids.link(activity.pk)
        assert activity.target_link_uri == LAUNCH

    def test_what_is_refused(self, tool: lms.Tool) -> None:
        elsewhere = {**EXTERNAL, "external_tool_url": "http://evil.example/"}
        wrong: list[tuple[str, object, int]] = [
            ("resourceLinkId", "unknown", 404),
            ("resourceLinkId", ids.link(lms.WORKSHEET), 404),
            *(("label", value, 422) for value in (..., " ")),
            *(("scoreMaximum", value, 422) for value in (..., 0)),
            ("tag", 7, 422),
            *((SUBMISSION_TYPE, value, 422) for value in ({"type": "essay"}, "none", elsewhere)),
        ]
        for name, value, expected in wrong:
            assert create(tool, **{name: value}).status_code == expected, (name, value)
        Column.objects.filter(course=canvas.COURSE).delete()
        # A link that is no assignment takes no line item.
        assert create(tool, resourceLinkId=ids.link(canvas.LINK)).status_code == 404

    def test_an_update_keeps_what_it_leaves_out(self, tool: lms.Tool) -> None:
        update(tool, tag="grade", resourceId="sheet")
        item = update(tool, label="Renamed", scoreMaximum=50)
        assert (item["label"], item["scoreMaximum"], item["tag"]) == ("Renamed", 50, "grade")
        assert item["resourceId"] == "sheet"

    def test_only_what_the_tool_made_is_deleted(self, tool: lms.Tool) -> None:
        assert tool.call("DELETE", canvas.column_address()).status_code == 401
        made = lms.json_of(create(tool))["id"].removeprefix(lms.URL)
        assert tool.call("DELETE", made).status_code == 204
        assert tool.call("GET", made).status_code == 404


class TestScores:
    def test_a_score_arrives_and_the_response_names_the_result(self, tool: lms.Tool) -> None:
        response = canvas.post(tool)
        address = f"{canvas.ISSUER}/api/lti/courses/4/line_items/5/results/{ids.person(lms.PUPIL)}"
        assert (response.status_code, lms.json_of(response)) == (200, {"resultUrl": address})
        assert grade().score == Decimal(75)
        canvas.post(tool, scoreGiven=8.5, timestamp=LATER)  # more than the maximum: extra credit
        assert grade().score == Decimal("8.5") * 100 / 8

    def test_who_is_no_student_here_is_422(self, tool: lms.Tool) -> None:
        others = (str(lms.PUPIL), ids.person(lms.TEACHER), ids.person(lms.STRANGER), "nobody")
        assert {canvas.post(tool, userId=user).status_code for user in others} == {422}
        Enrolment.objects.filter(person=lms.PUPIL, course=canvas.COURSE).delete()
        assert canvas.post(tool).status_code == 422
        assert canvas.post(tool, userId=ids.person(canvas.TEST_STUDENT)).status_code == 200

    def test_an_earlier_timestamp_is_400_and_the_same_is_taken(self, tool: lms.Tool) -> None:
        canvas.post(tool)
        assert canvas.post(tool, timestamp=EARLIER).status_code == 400
        assert canvas.post(tool, scoreGiven=8).status_code == 200
        assert grade().score == Decimal(100)

    def test_submitted_at_may_be_a_minute_ahead(self, tool: lms.Tool) -> None:
        # Half a minute to either side: a slow machine does not turn one into the other.
        for seconds, expected in ((30, 200), (120, 400)):
            moment = (timezone.now() + timedelta(seconds=seconds)).isoformat()
            assert canvas.post(tool, {"submitted_at": moment}).status_code == expected
            own = canvas.post(tool, submission={"submittedAt": moment})
            assert own.status_code == expected

    @pytest.mark.parametrize(
        ("progress", "score"),
        [("Pending", None), ("Failed", None), ("NotReady", None), ("PendingManual", 75)],
    )
    def test_a_progress_without_a_score_erases_it(
        self, tool: lms.Tool, progress: str, score: int | None
    ) -> None:
        canvas.post(tool)
        assert canvas.post(tool, timestamp=LATER, gradingProgress=progress).status_code == 200
        assert grade().score == score

    def test_without_points_the_score_is_erased_unless_it_is_preserved(
        self, tool: lms.Tool
    ) -> None:
        canvas.post(tool)
        none: dict[str, Any] = {"scoreGiven": ..., "scoreMaximum": ..., "timestamp": LATER}
        canvas.post(tool, {"preserve_score": True}, **none)
        assert grade().score == Decimal(75)
        canvas.post(tool, {"preserve_score": True}, scoreGiven=8, timestamp=LATER)
        assert grade().score == Decimal(75)
        canvas.post(tool, **none)
        assert grade().score is None

    def test_each_score_is_a_submission_and_each_comment_is_kept(self, tool: lms.Tool) -> None:
        for comment, extension in (
            ("one", {}),
            ("two", {"new_submission": True}),
            (..., {"new_submission": False}),
        ):
            canvas.post(tool, extension, comment=comment)
        assert (grade().submissions, grade().comments) == (2, ["one", "two"])

    def test_attempts_are_counted_for_new_submissions_alone(self, tool: lms.Tool) -> None:
        Activity.objects.filter(pk=canvas.LINK).update(allowed_attempts=1)
        assert canvas.post(tool, {}).status_code == 200
        refused = canvas.post(tool, {"new_submission": True}, scoreGiven=8, timestamp=LATER)
        assert refused.status_code == 422
        assert lms.json_of(refused)["errors"]["type"] == "unprocessable_entity"
        assert "maximum number of allowed attempts" in lms.json_of(refused)["errors"]["message"]
        assert (grade().score, grade().submissions) == (Decimal(75), 1)
        canvas.post(tool, {"new_submission": False}, scoreGiven=8, timestamp=LATER)
        assert (grade().score, grade().submissions) == (Decimal(100), 1)

    def test_an_unpublished_assignment_takes_a_submission_and_no_score(
        self, tool: lms.Tool
    ) -> None:
        Activity.objects.filter(pk=canvas.LINK).update(is_published=False)
        refused = canvas.post(tool)
        assert refused.status_code == 422
        assert "still unpublished" in lms.json_of(refused)["errors"]["message"]
        assert (grade().score, grade().submissions, grade().comments) == (None, 1, [])
        assert lms.json_of(tool.call("GET", f"{canvas.column_address()}/results")) == []
        none: dict[str, Any] = {"scoreGiven": ..., "scoreMaximum": ..., "timestamp": LATER}
        assert canvas.post(tool, {"preserve_score": True}, **none).status_code == 200

    def test_a_course_that_has_concluded_takes_no_grades(self, tool: lms.Tool) -> None:
        Course.objects.filter(pk=canvas.COURSE).update(is_concluded=True)
        for response in (
            canvas.post(tool),
            create(tool),
            tool.call("GET", canvas.COLUMNS),
            tool.call("GET", f"{canvas.column_address()}/results"),
        ):
            assert response.status_code == 422
            assert "has concluded" in lms.json_of(response)["errors"]["message"]
        assert tool.call("GET", canvas.ROSTER).status_code == 200

    def test_a_tool_that_was_removed_is_401(self, tool: lms.Tool) -> None:
        ToolClient.objects.filter(client_id=canvas.CLIENT_ID).update(is_active=False)
        response = canvas.post(tool)
        assert response.status_code == 401
        assert "not linked to a Tool" in lms.json_of(response)["errors"]["message"]

    @pytest.mark.parametrize(("yields", "shown"), [(True, 42), (False, 75)])
    def test_a_teacher_s_grade_stays_only_where_the_tool_yields(
        self, tool: lms.Tool, yields: bool, shown: int
    ) -> None:
        column = Column.objects.get(pk=canvas.COLUMN)
        gradebook.override(column, Person.objects.get(pk=lms.PUPIL), Decimal(42), "")
        later = (timezone.now() + timedelta(seconds=5)).isoformat()
        canvas.post(tool, {"prioritize_non_tool_grade": yields}, timestamp=later)
        assert grade().shown_score == shown

    def test_a_submission_is_read_strictly(self, tool: lms.Tool) -> None:
        launch = {"submission_type": "basic_lti_launch"}
        submissions: list[tuple[Any, int]] = [
            ("x", 400),
            ({"new_submission": "false"}, 400),
            ({"preserve_score": 1}, 400),
            ({"submitted_at": "2026-03-01T10:00:00"}, 400),
            ({"submission_type": "essay"}, 422),
            (launch, 422),
            ({**launch, "submission_data": "javascript:1"}, 422),
            ({**launch, "submission_data": "http://[x/"}, 422),
            ({"submission_type": "online_url", "submission_data": "text"}, 200),
        ]
        for submission, expected in submissions:
            response = canvas.post(tool, **{canvas.SUBMISSION: submission})
            assert response.status_code == expected, submission
        assert canvas.post(tool, scoreMaximum=...).status_code == 422


def test_results_have_a_zero_and_no_comment(tool: lms.Tool) -> None:
    canvas.post(tool, scoreGiven=0)
    canvas.post(tool, userId=ids.person(lms.OTHER_PUPIL), scoreGiven=..., gradingProgress="Pending")
    address = f"{canvas.column_address()}/results"
    first, second = lms.json_of(tool.call("GET", address))
    assert (first["resultScore"], first["resultMaximum"]) == (0, 100)
    assert "comment" not in first
    assert "resultScore" not in second
    [one] = lms.json_of(tool.call("GET", f"{address}?user_id={ids.person(lms.OTHER_PUPIL)}"))
    assert one["userId"] == ids.person(lms.OTHER_PUPIL)
    own = {"submitted_at": "2026-03-01T09:59:00Z"}
    canvas.post(tool, own, timestamp=LATER)
    [mine] = lms.json_of(tool.call("GET", f"{address}?user_id={ids.person(lms.PUPIL)}"))
    assert mine[canvas.SUBMISSION] == own


@pytest.mark.parametrize(("query", "size"), [("", 50), ("?per_page=10", 10), ("?limit=100", 50)])
def test_the_roster_comes_in_pages_of_fifty_with_the_next_one_named(
    tool: lms.Tool, query: str, size: int
) -> None:
    people = Person.objects.bulk_create(Person(username=f"new{n}") for n in range(30))
    Enrolment.objects.bulk_create(
        Enrolment(course_id=canvas.COURSE, person=person, role="pupil") for person in people
    )
    address, seen = canvas.ROSTER + query, []
    for _ in range(-(-62 // size)):
        response = tool.call("GET", address)
        seen += lms.json_of(response)["members"]
        links = {name: url for url, name in re.findall(r'<([^>]+)>; rel="(\w+)"', response["Link"])}
        if "next" not in links:
            break
        address = links["next"].removeprefix(lms.URL)
    assert len(seen) == len({one["user_id"] for one in seen}) == 62
    assert set(links) == {"current", "first", "last"}
    assert len(lms.json_of(tool.call("GET", canvas.ROSTER + query))["members"]) == min(size, 62)


def test_the_roster_has_full_roles_and_opaque_ids_and_no_test_student(tool: lms.Tool) -> None:
    query = f"rlid={ids.link(canvas.LINK)}&per_page=50"
    members = lms.json_of(tool.call("GET", f"{canvas.ROSTER}?{query}"))["members"]
    by_id = {one["user_id"]: one for one in members}
    amina = by_id[ids.person(lms.PUPIL)]
    assert (amina["roles"], amina["name"]) == ([CONTEXT_ROLE + "Learner"], "Amina Abdullahi")
    assert amina["message"][0][Claim.CUSTOM]["context_history"] == ""
    assert ids.person(canvas.TEST_STUDENT) not in by_id
    assert tool.call("GET", f"{canvas.ROSTER}?rlid=5").status_code == 404
    role = CONTEXT_ROLE.replace("#", "%23") + "Instructor"
    teachers = lms.json_of(tool.call("GET", f"{canvas.ROSTER}?role={role}"))["members"]
    assert [one["name"] for one in teachers] == ["Ruth Adeyemi", "Tomasz Brandt"]
    ToolClient.objects.update(shares_names=False)
    [first, *_] = lms.json_of(tool.call("GET", canvas.ROSTER))["members"]
    assert set(first) == {"status", "user_id", "lti11_legacy_user_id", "roles"}
