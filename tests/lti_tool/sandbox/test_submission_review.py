"""From the gradebook to a submission."""

from typing import Any

import pytest
from django.test import Client

from lti_tool.protocol.vocabulary import Claim, MediaType, MessageType
from lti_tool.sandbox.models import Activity, Column, Enrolment
from tests.lti_tool.sandbox import lms

REVIEW = {"url": "http://localhost:8001/review/", "custom": {"Page": "review", "who": "$User.id"}}


@pytest.fixture(autouse=True)
def _reviewable(planted: None) -> None:
    Column.objects.filter(pk=lms.WORKSHEET).update(review=REVIEW)


def launched(client: Client, person: int = lms.PUPIL, query: str = "") -> dict[str, Any]:
    address = f"/gradebook/1/{person}/review/launch/{query}"
    initiation = lms.self_posting(client.get(address)).fields
    answer = client.post("/lti/auth", lms.auth_request(initiation))
    return lms.verified(lms.self_posting(answer).fields["id_token"])


def test_the_message(teacher: Client) -> None:
    claims = launched(teacher)
    assert claims[Claim.MESSAGE_TYPE] == MessageType.SUBMISSION_REVIEW
    assert claims["sub"] == "10"
    assert claims[Claim.FOR_USER] == {"user_id": "101"}
    assert claims[Claim.RESOURCE_LINK]["id"] == "1"
    assert claims[Claim.AGS_ENDPOINT]["lineitem"] == f"{lms.URL}{lms.column_address()}"
    assert claims[Claim.TARGET_LINK_URI] == REVIEW["url"]
    assert claims[Claim.CUSTOM]["Page"] == claims[Claim.CUSTOM]["page"] == "review"
    assert claims[Claim.CUSTOM]["who"] == "10"
    assert "available_from" in claims[Claim.CUSTOM]


def test_the_reviewed_column_is_told_even_beside_another(teacher: Client) -> None:
    link = Activity.objects.get(pk=lms.WORKSHEET)
    Column.objects.create(
        course=link.course, tool=link.tool, activity=link, label="B", made_by_tool=True
    )
    assert launched(teacher)[Claim.AGS_ENDPOINT]["lineitem"].endswith(lms.column_address())


def test_without_an_address_of_its_own_the_activitys_is_opened(teacher: Client) -> None:
    Column.objects.update(review={})
    Activity.objects.filter(pk=1).update(url="http://localhost:8001/one/")
    assert launched(teacher)[Claim.TARGET_LINK_URI] == "http://localhost:8001/one/"


def test_a_plain_launch_has_nobody_to_review(teacher: Client) -> None:
    claims = lms.launch(teacher)
    assert Claim.FOR_USER not in claims
    assert claims[Claim.TARGET_LINK_URI] == "http://localhost:8001/lti/launch/"
    assert "page" not in claims[Claim.CUSTOM]


def test_the_gradebook_leads_there_from_reviewable_cells_only(teacher: Client) -> None:
    page = teacher.get("/courses/2/gradebook/").content.decode()
    assert page.count(">Review submission</a>") == 30
    assert 'href="/gradebook/1/101/review/"' in page
    assert 'href="/gradebook/2/101/review/"' not in page


def test_a_pupil_reaches_their_own(pupil: Client) -> None:
    page = pupil.get("/courses/2/gradebook/").content.decode()
    assert page.count(">Review submission</a>") == 1
    assert (
        'src="/gradebook/1/101/review/launch/"'
        in pupil.get("/gradebook/1/101/review/").content.decode()
    )
    claims = launched(pupil)
    assert (claims["sub"], claims[Claim.FOR_USER]) == ("101", {"user_id": "101"})


@pytest.mark.parametrize("end", ["", "launch/"])
def test_a_pupil_reaches_nobody_elses(pupil: Client, stranger: Client, end: str) -> None:
    assert pupil.get(f"/gradebook/1/102/review/{end}").status_code == 403
    assert pupil.get(f"/gradebook/1/10/review/{end}").status_code == 403
    assert stranger.get(f"/gradebook/1/201/review/{end}").status_code == 403
    assert lms.browser().get(f"/gradebook/1/101/review/{end}").status_code == 302


def test_a_non_editing_teacher_reviews_too() -> None:
    assistant = lms.browser()
    lms.sign_in(assistant, lms.ASSISTANT)
    assert launched(assistant)[Claim.FOR_USER] == {"user_id": "101"}


@pytest.mark.parametrize("address", ["1/10", "1/201", "1/999", "2/101", "99/101"])
def test_there_is_nothing_to_review(teacher: Client, address: str) -> None:
    assert teacher.get(f"/gradebook/{address}/review/").status_code == 404
    assert teacher.get(f"/gradebook/{address}/review/launch/").status_code == 404


def test_a_column_of_no_activity_has_nothing_to_review(teacher: Client) -> None:
    Column.objects.filter(pk=1).update(activity=None)
    assert "Review submission" not in teacher.get("/courses/2/gradebook/").content.decode()
    assert teacher.get("/gradebook/1/101/review/").status_code == 404


def test_it_can_be_opened_in_a_tab(teacher: Client) -> None:
    presentation = launched(teacher, query="?target=window")[Claim.LAUNCH_PRESENTATION]
    assert presentation["document_target"] == "window"


def test_who_has_left_the_course_is_not_launched(pupil: Client) -> None:
    initiation = lms.self_posting(pupil.get("/gradebook/1/101/review/launch/")).fields
    Enrolment.objects.filter(person_id=lms.PUPIL).delete()
    answer = lms.self_posting(pupil.post("/lti/auth", lms.auth_request(initiation)))
    assert answer.fields["error"] == "access_denied"


ITEM = {"label": "A", "scoreMaximum": 5}


def test_a_tool_sets_it_with_a_line_item_and_erases_it_by_leaving_it_out(tool: lms.Tool) -> None:
    def put(body: object) -> Any:
        address, media = lms.column_address(), MediaType.LINE_ITEM
        return lms.json_of(tool.call("PUT", address, body, content_type=media))

    given = {"label": "Look", "reviewableStatus": ["Submitted"], **REVIEW}
    assert put({**ITEM, "submissionReview": given})["submissionReview"] == REVIEW
    assert put({**ITEM, "submissionReview": {}})["submissionReview"] == {}
    assert "submissionReview" not in put(ITEM)
    assert Column.objects.get(pk=1).review is None


@pytest.mark.parametrize(
    "review", [None, True, [], {"url": 1}, {"url": "/x"}, {"custom": {"a": 1}}, {"label": 7}]
)
def test_what_is_no_review_is_400(tool: lms.Tool, review: object) -> None:
    body = {**ITEM, "submissionReview": review}
    address, media = lms.column_address(), MediaType.LINE_ITEM
    assert tool.call("PUT", address, body, content_type=media).status_code == 400
