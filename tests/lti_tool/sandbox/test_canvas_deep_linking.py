"""Canvas's placements: what each asks a tool for, and what comes of the answer."""

import time
import uuid
from typing import Any

import jwt
import pytest
from django.test import Client

from lti_tool.protocol.vocabulary import Claim
from lti_tool.sandbox.models import Activity, ToolClient
from tests.lti_tool.sandbox import canvas, lms
from tests.lti_tool.sandbox.tool_server import ToolServer, rsa_key

ITEM = {"type": "ltiResourceLink", "title": "Rome", "url": "http://localhost:8001/lti/launch/"}
LINE_ITEM = {
    "scoreMaximum": 18,
    "submissionReview": {"url": "http://localhost:8001/lti/launch/"},
}


@pytest.fixture(autouse=True)
def _keys_at_the_server(planted: None, tool_server: ToolServer) -> None:
    ToolClient.objects.update(jwks_url=tool_server.url)


def ask(client: Client, placement: str) -> dict[str, Any]:
    address = f"/courses/4/select/launch/?id=2&placement={placement}"
    return canvas.launch(client, address)


def answer(client: Client, claims: dict[str, Any], *items: object, issuer: str = "") -> Any:
    settings, now = claims[Claim.DEEP_LINKING_SETTINGS], int(time.time())
    signed = {
        "iss": canvas.CLIENT_ID,
        "aud": issuer or canvas.ISSUER,
        "iat": now,
        "exp": now + 300,
        "nonce": str(uuid.uuid4()),
        Claim.MESSAGE_TYPE: "LtiDeepLinkingResponse",
        Claim.VERSION: "1.3.0",
        Claim.DEPLOYMENT_ID: claims[Claim.DEPLOYMENT_ID],
        Claim.DATA: settings["data"],
        Claim.CONTENT_ITEMS: list(items),
    }
    token = jwt.encode(signed, rsa_key("first"), "RS256", headers={"kid": "first"})
    path = settings["deep_link_return_url"].removeprefix(lms.URL)
    return client.post(path, {"JWT": token})


def test_the_course_page_offers_the_placements(teacher: Client) -> None:
    page = teacher.get("/courses/4/").content.decode()
    assert page.count('name="placement"') == 3
    assert "Add one activity" not in page
    ToolClient.objects.filter(pk=2).update(placements=["link_selection"])
    assert teacher.get("/courses/4/").content.decode().count('name="placement"') == 1


@pytest.mark.parametrize(
    ("placement", "several", "line_item"),
    [
        ("assignment_selection", False, True),
        ("link_selection", True, False),
        ("editor_button", True, False),
    ],
)
def test_each_placement_asks_in_its_own_way(
    teacher: Client, placement: str, several: bool, line_item: bool
) -> None:
    claims = ask(teacher, placement)
    settings = claims[Claim.DEEP_LINKING_SETTINGS]
    assert claims[Claim.MESSAGE_TYPE] == "LtiDeepLinkingRequest"
    assert claims["https://www.instructure.com/placement"] == placement
    assert (settings["accept_multiple"], settings["accept_lineitem"]) == (several, line_item)
    assert "ltiResourceLink" in settings["accept_types"]
    assert Claim.RESOURCE_LINK not in claims


@pytest.mark.parametrize("placement", ["", "homework_submission", "course_navigation"])
def test_no_other_placement_asks(teacher: Client, placement: str) -> None:
    address = f"/courses/4/select/launch/?id=2&placement={placement}"
    assert teacher.get(address).status_code == 404


def test_a_tool_asks_only_in_courses_of_its_temper(teacher: Client) -> None:
    assert teacher.get("/courses/4/select/launch/?id=1").status_code == 404
    assert teacher.get("/courses/2/select/launch/?id=2").status_code == 404


@pytest.mark.parametrize(("line_item", "maximum"), [(LINE_ITEM, 18), (None, 100)])
def test_an_assignment_has_a_column_asked_for_or_not(
    teacher: Client, line_item: object, maximum: int
) -> None:
    item = ITEM if line_item is None else {**ITEM, "lineItem": line_item}
    assert answer(teacher, ask(teacher, "assignment_selection"), item).status_code == 200
    [column] = Activity.objects.get(title="Rome").columns.all()
    assert (int(column.maximum), column.review) == (maximum, None)


@pytest.mark.parametrize("placement", ["link_selection", "editor_button"])
def test_what_is_no_assignment_has_none(teacher: Client, placement: str) -> None:
    items = [{**ITEM, "lineItem": LINE_ITEM}, {**ITEM, "title": "Greece"}]
    assert answer(teacher, ask(teacher, placement), *items).status_code == 200
    assert not Activity.objects.get(title="Rome").columns.exists()
    assert Activity.objects.filter(title="Greece", course=canvas.COURSE).exists()


def test_an_assignment_is_one(teacher: Client) -> None:
    assert answer(teacher, ask(teacher, "assignment_selection"), ITEM, ITEM).status_code == 400


def test_the_answer_is_for_canvas_s_issuer(teacher: Client) -> None:
    claims = ask(teacher, "link_selection")
    assert answer(teacher, claims, ITEM, issuer=lms.URL).status_code == 400


def test_canvas_keeps_the_dates_and_the_custom_values(teacher: Client) -> None:
    item = {
        **ITEM,
        "custom": {"Sheet": "a\nb"},
        "available": {"startDateTime": "2026-12-01T08:00:00Z"},
        "submission": {"endDateTime": "2026-12-20T08:00:00Z"},
    }
    assert answer(teacher, ask(teacher, "assignment_selection"), item).status_code == 200
    made = Activity.objects.get(title="Rome")
    assert made.custom == {"Sheet": "a\nb"}
    claims = canvas.launch(teacher, f"/launch/{made.pk}/")
    assert claims[Claim.CUSTOM]["canvas_due_at"] == "2026-12-20T08:00:00Z"
    assert claims[Claim.CUSTOM]["canvas_unlock_at"] == "2026-12-01T08:00:00Z"


def test_dates_that_contradict_each_other_are_refused(teacher: Client) -> None:
    dates = {
        "available": {"endDateTime": "2026-12-01T08:00:00Z"},
        "submission": {"endDateTime": "2026-12-20T08:00:00Z"},
    }
    refused = answer(teacher, ask(teacher, "assignment_selection"), {**ITEM, **dates})
    assert refused.status_code == 400
    assert not Activity.objects.filter(title="Rome").exists()
