"""Line items, scores, results and the roster as Moodle returns them."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from lti_tool.protocol.vocabulary import CONTEXT_ROLE, Claim, MediaType
from lti_tool.sandbox.models import Column, Enrolment, Grade, ToolClient
from tests.lti_tool.sandbox import lms

NEW = {"label": "Essay", "scoreMaximum": 20, "resourceLinkId": "3", "resourceId": "r", "tag": "t"}
EARLIER, FIRST, LATER = "2026-03-01T09:59:59Z", "2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z"
ROSTER = "/lti/services/CourseSection/2/bindings/1/memberships"


def create(tool: lms.Tool, **changes: object) -> Any:
    body = {name: value for name, value in {**NEW, **changes}.items() if value is not ...}
    return tool.call("POST", lms.columns_address(), body, content_type=MediaType.LINE_ITEM)


def put(tool: lms.Tool, column: int, body: object) -> Any:
    address = lms.column_address(column)
    return tool.call("PUT", address, body, content_type=MediaType.LINE_ITEM)


def read(tool: lms.Tool, address: str, media: str = MediaType.LINE_ITEM_CONTAINER) -> Any:
    response = tool.call("GET", address, accept=media)
    assert response.headers["Content-Type"] == media
    return lms.json_of(response)


def results(tool: lms.Tool, query: str = "") -> Any:
    return read(tool, lms.results_address() + query, MediaType.RESULT_CONTAINER)


def members(tool: lms.Tool, query: str = "") -> Any:
    return read(tool, ROSTER + query, MediaType.MEMBERSHIP_CONTAINER)["members"]


def status(tool: lms.Tool, column: int = lms.WORKSHEET, **changes: Any) -> int:
    return tool.post_score(lms.a_score(**changes), column).status_code


def grade() -> Grade:
    return Grade.objects.get(column=lms.WORKSHEET, person=lms.PUPIL)


class TestLineItems:
    def test_a_new_item_can_be_listed_read_and_deleted(self, tool: lms.Tool) -> None:
        assert read(tool, lms.columns_address())[0] == {
            "id": f"{lms.URL}{lms.column_address(1)}",
            "label": "The Terror and the Purges – causes",
            "scoreMaximum": 100,
            "resourceId": "",
            "tag": "",
            "resourceLinkId": "1",
        }
        response = create(tool)
        assert (response.status_code, response["Content-Type"]) == (201, MediaType.LINE_ITEM)
        item = lms.json_of(response)
        assert {name: item[name] for name in NEW} == NEW
        path = item["id"].removeprefix(lms.URL)
        assert read(tool, path, MediaType.LINE_ITEM) == item
        assert tool.call("DELETE", path).status_code == 204
        assert tool.call("GET", path).status_code == 404
        alone = lms.json_of(create(tool, resourceLinkId=..., tag=..., resourceId=...))
        assert "resourceLinkId" not in alone
        assert (alone["tag"], alone["resourceId"]) == ("", "")

    def test_filters_and_pages(self, tool: lms.Tool) -> None:
        create(tool)
        for query, labels in (
            ("&resource_link_id=3", ["Essay"]),
            ("&resource_link_id=99", []),
            ("&resource_link_id=x", []),
            ("&resource_link_id=4", []),
            ("&resource_id=r", ["Essay"]),
            ("&tag=t", ["Essay"]),
            ("&tag=t&resource_id=r&resource_link_id=1", []),
        ):
            found = read(tool, lms.columns_address() + query)
            assert [item["label"] for item in found] == labels, query
        for limit in ("", "0", "-1", "x", "9" * 30):
            assert len(read(tool, f"{lms.columns_address()}&limit={limit}&from=x")) == 3

    def test_a_limit_brings_moodles_malformed_link_header(self, tool: lms.Tool) -> None:
        address = lms.columns_address() + "&limit=1"
        response = tool.call("GET", address)
        assert len(lms.json_of(response)) == 1
        link = response["Link"].encode("latin-1").decode()
        assert "type_id=1&amp;limit=1&amp;from=1>; rel=“next”" in link
        assert "next" not in tool.call("GET", address + "&from=1")["Link"]

    def test_what_is_no_line_item_is_400(self, tool: lms.Tool) -> None:
        wrong: dict[str, list[object]] = {
            "label": [..., "", "  ", 7, "x" * 256],
            "scoreMaximum": [..., 0, -1, "20", True, None, 10**12, 1e-9],
            "tag": [7, "x" * 256],
            "resourceId": [None],
            "resourceLinkId": [3, "three", "9" * 30],
            "submissionReview": [None, True, {"url": 1}, {"url": "/x"}, {"custom": {"a": 1}}],
        }
        for name, values in wrong.items():
            for value in values:
                assert create(tool, **{name: value}).status_code == 400, (name, value)
        assert {create(tool, resourceLinkId=link).status_code for link in ("4", "99")} == {403}
        assert len(read(tool, lms.columns_address())) == 2

    def test_a_put_erases_what_it_leaves_out_and_rescales(self, tool: lms.Tool) -> None:
        tool.post_score(lms.a_score())
        review = {"url": "http://localhost:8001/review/"}
        body = {"label": "A", "scoreMaximum": 20}
        told = lms.json_of(put(tool, 1, {**body, "tag": "t", "submissionReview": review}))
        assert (told["tag"], told["submissionReview"]) == ("t", review)
        told = lms.json_of(put(tool, 1, body))
        assert (told["tag"], told["resourceLinkId"]) == ("", "1")
        assert "submissionReview" not in told
        assert (grade().score, grade().column.maximum) == (Decimal(15), Decimal(20))

    def test_a_new_maximum_leaves_what_a_teacher_entered_and_fills_empty_cells(
        self, tool: lms.Tool, teacher: Client
    ) -> None:
        tool.post_score(lms.a_score())
        teacher.post("/gradebook/1/101/", {"score": "42.5", "comment": "Seen in class"})
        other = lms.json_of(create(tool, resourceLinkId=""))
        number = int(other["id"].split("/lineitems/")[1].split("/")[0])
        tool.post_score(lms.a_score(userId="102"), number)
        put(tool, 1, {"label": "A", "scoreMaximum": 200})
        shown = {grade.person_id: grade.shown_score for grade in Grade.objects.filter(column=1)}
        assert shown == {101: Decimal("42.5"), 102: 0}

    def test_an_activitys_own_item_stays_with_it(self, tool: lms.Tool) -> None:
        body = {"label": "A", "scoreMaximum": 100}
        assert put(tool, 1, {**body, "resourceLinkId": "2"}).status_code == 403
        assert tool.call("DELETE", lms.column_address(1)).status_code == 403
        assert Column.objects.get(pk=1).activity_id == 1


class TestScores:
    def test_a_score_arrives_scaled_and_a_later_one_replaces_it(self, tool: lms.Tool) -> None:
        response = tool.post_score(lms.a_score())
        assert (response.status_code, response.content) == (200, b"")
        assert (grade().score, grade().comment) == (Decimal(75), "Gaps: 6 of 8.")
        assert status(tool, timestamp=LATER, scoreGiven=8, comment=...) == 200
        assert (grade().score, grade().comment) == (Decimal(100), "")

    def test_the_same_second_or_an_earlier_one_of_a_cell_is_409(self, tool: lms.Tool) -> None:
        status(tool)
        same = (FIRST, EARLIER, "2026-03-01T10:00:00.999Z", "2026-03-01T11:00:00+01:00")
        assert {status(tool, timestamp=again, scoreGiven=8) for again in same} == {409}
        assert grade().score == Decimal(75)
        assert status(tool, userId=str(lms.OTHER_PUPIL)) == 200
        assert status(tool, lms.EMPTY) == 200

    def test_a_timestamp_in_the_future_is_taken_and_blocks_later_scores(
        self, tool: lms.Tool
    ) -> None:
        now = timezone.now()
        assert status(tool, timestamp=(now + timedelta(days=30)).isoformat()) == 200
        assert status(tool, timestamp=(now + timedelta(minutes=1)).isoformat()) == 409

    @pytest.mark.parametrize(
        "changes",
        [
            *({"gradingProgress": p} for p in ("Pending", "PendingManual", "Failed", "NotReady")),
            {"scoreGiven": ..., "scoreMaximum": ...},
        ],
        ids=str,
    )
    def test_without_a_full_grade_the_score_is_erased(
        self, tool: lms.Tool, changes: dict[str, Any]
    ) -> None:
        status(tool)
        assert status(tool, timestamp=LATER, **changes) == 200
        assert grade().score is None

    def test_only_a_pupil_of_the_course_has_a_grade(self, tool: lms.Tool) -> None:
        for user in (
            10,
            11,
            lms.STRANGER,
            999,
            "ruth",
            "",
            "-1",
            "101.0",
            " 101",
            "１０１",
            "9" * 30,
        ):
            assert status(tool, userId=str(user)) == 400, user
        Enrolment.objects.filter(person=lms.PUPIL).delete()
        assert status(tool) == 400
        assert not Grade.objects.exists()

    def test_what_is_no_score_is_refused(self, tool: lms.Tool) -> None:
        wrong: dict[str, list[Any]] = {
            "userId": [..., 101, None],
            "timestamp": [
                *(..., 1772359200, "", "2026-03-01", "2026-03-01T10:00Z", "2026-03-01T10:00:00"),
                *("2026-03-01 10:00:00Z", "2026-02-30T10:00:00Z", "2026-03-01T10:00:00+25:00"),
                *("9999-12-31T23:59:59-05:00", "٢٠٢٦-03-01T10:00:00Z"),
            ],
            "activityProgress": [..., "completed", None],
            "gradingProgress": [..., "Done", ["FullyGraded"]],
            "scoreMaximum": [..., 0, -8, "8", None],
            "scoreGiven": [-1, "6", True, None],
            "comment": [7, None],
        }
        for name, values in wrong.items():
            for value in values:
                assert status(tool, **{name: value}) == 400, (name, value)
        assert status(tool, scoreGiven=801) == 422
        assert not Grade.objects.exists()

    def test_a_grade_set_by_hand_stays_whatever_is_posted_later(
        self, tool: lms.Tool, teacher: Client
    ) -> None:
        tool.post_score(lms.a_score())
        by_hand = {"score": "42.5", "comment": "Seen in class"}
        assert teacher.post("/gradebook/1/101/", by_hand).status_code == 302
        later = (timezone.now() + timedelta(seconds=60)).isoformat()
        assert status(tool, timestamp=later, scoreGiven=8) == 200
        assert (grade().shown_score, grade().score) == (Decimal("42.5"), Decimal(100))
        [result] = results(tool)
        assert (result["resultScore"], result["comment"]) == (42.5, "Seen in class")


class TestResults:
    def test_a_result_in_points_of_the_column(self, tool: lms.Tool) -> None:
        assert results(tool) == []
        tool.post_score(lms.a_score())
        tool.post_score(lms.a_score(userId="102"))
        assert results(tool, "&user_id=101") == [
            {
                "id": f"{lms.URL}{lms.results_address()}&user_id=101",
                "userId": "101",
                "resultScore": 75,
                "resultMaximum": 100,
                "scoreOf": f"{lms.URL}{lms.column_address()}",
                "timestamp": "2026-03-01T10:00:00+00:00",
                "comment": "Gaps: 6 of 8.",
            }
        ]
        for query, found in {"&user_id=103": [], "&user_id=x": [], "&limit=1": ["101"]}.items():
            assert [result["userId"] for result in results(tool, query)] == found

    def test_nothing_comes_back_without_a_score_and_zero_with_one(self, tool: lms.Tool) -> None:
        status(tool, scoreGiven=0)
        status(tool, userId="102", gradingProgress="PendingManual")
        zero, nothing = results(tool)
        assert zero["resultScore"] == 0
        assert set(nothing) == {"id", "userId"}


class TestRoster:
    def test_everyone_in_the_course_with_short_roles_and_no_e_mail(self, tool: lms.Tool) -> None:
        body = read(tool, ROSTER, MediaType.MEMBERSHIP_CONTAINER)
        assert body["id"] == lms.URL + ROSTER
        assert body["context"] == {"id": "2", "label": "HIS10b", "title": "History 10b"}
        by_id = {member["user_id"]: member for member in body["members"]}
        assert len(by_id) == 32
        assert by_id["101"] == {
            "status": "Active",
            "roles": ["Learner"],
            "user_id": "101",
            "lis_person_sourcedid": "",
            "name": "Amina Abdullahi",
            "given_name": "Amina",
            "family_name": "Abdullahi",
        }
        assert by_id["10"]["roles"] == by_id["11"]["roles"] == ["Instructor"]
        for role, count in (("Learner", 30), (f"{CONTEXT_ROLE}Instructor", 2), ("Mentor", 0)):
            assert len(members(tool, f"?role={quote(role)}")) == count
        ToolClient.objects.update(shares_names=False)
        assert "name" not in members(tool)[0]

    def test_pages_follow_their_links_to_everyone(self, tool: lms.Tool) -> None:
        found, query = [], "?limit=12&role=Learner"
        for _ in range(3):
            response = tool.call("GET", ROSTER + query)
            found += [member["user_id"] for member in lms.json_of(response)["members"]]
            link = re.fullmatch(r'<(.+)>; rel="next"', response.headers.get("Link", ""))
            query = link[1].removeprefix(lms.URL + ROSTER) if link else ""
        assert found == [str(number) for number in range(101, 131)]
        assert query == ""

    def test_a_link_of_the_course_adds_its_message(self, tool: lms.Tool) -> None:
        [message] = members(tool, "?rlid=1")[0]["message"]
        assert message[Claim.MESSAGE_TYPE] == "LtiResourceLinkRequest"
        for link in ("4", "99", "x", ""):
            assert tool.call("GET", f"{ROSTER}?rlid={link}").status_code == 404
