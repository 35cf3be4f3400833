"""The administrator's pages, from the pasted address to an activity that opens the tool."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from lti_tool.protocol.vocabulary import Claim, Scope
from lti_tool.sandbox.models import Activity, RegistrationOffer, ToolClient
from tests.lti_tool.sandbox import lms
from tests.lti_tool.sandbox.test_registration import TOOL, register

FORM = {"url": f"{TOOL}/register/?invitation=7", "temper": "moodle", "scope": list(Scope)}


def frame_of(answer: Any) -> str:
    found = re.search(r'src="([^"]+)"></iframe>', answer.content.decode())
    assert found is not None
    return found[1].replace("&amp;", "&")


def begun(client: Client, **changes: Any) -> dict[str, list[str]]:
    """The parameters that the tool's page is opened with."""
    answer = client.post("/tools/register/", FORM | changes)
    assert answer.status_code == 200
    return parse_qs(urlsplit(frame_of(answer)).query)


def test_the_administrator_signs_in_with_one_click_and_sees_the_tools(planted: None) -> None:
    client = lms.browser()
    answer = client.post("/sign-in/", {"person": lms.ADMINISTRATOR})
    assert answer["Location"] == f"{lms.URL}/tools/"
    page = client.get("/tools/").content.decode()
    assert "Register a tool" in page
    assert page.count("data-tool=") == 2


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/tools/"),
        ("post", "/tools/register/"),
        ("post", "/tools/1/activate/"),
        ("post", "/tools/1/delete/"),
        ("post", "/tools/1/place/"),
    ],
)
def test_nobody_else_does(teacher: Client, method: str, address: str) -> None:
    assert getattr(teacher, method)(address).status_code == 403
    assert getattr(lms.browser(), method)(address).status_code == 302


def test_the_tool_s_page_opens_in_a_frame_that_the_policy_allows(administrator: Client) -> None:
    answer = administrator.post("/tools/register/", FORM)
    source = frame_of(answer)
    assert source.startswith(f"{TOOL}/register/?invitation=7&")
    assert f"frame-src 'self' http://localhost:8001 {TOOL};" in answer["Content-Security-Policy"]
    assert "/assets/register.js" in answer.content.decode()
    query = parse_qs(urlsplit(source).query)
    assert query["openid_configuration"] == [f"{lms.URL}/lti/openid-configuration"]
    assert register(query["registration_token"][0]).status_code == 200


def test_canvas_s_way_begins_at_canvas_s_configuration(administrator: Client) -> None:
    [address] = begun(administrator, temper="canvas")["openid_configuration"]
    assert address == f"{lms.URL}/canvas/api/lti/security/openid-configuration"


def test_scopes_may_be_cut(administrator: Client) -> None:
    [token] = begun(administrator, scope=[str(Scope.SCORE)])["registration_token"]
    assert lms.json_of(register(token))["scope"] == Scope.SCORE


@pytest.mark.parametrize(
    "changes",
    [
        *[{"url": url} for url in ("", "tool", "ftp://a/", "javascript:1", "http://a b/")],
        *[{"url": url} for url in ("http://a;b/", "http://x:99999/", "//tool/", "http://é/")],
        {"temper": "blackboard"},
    ],
    ids=str,
)
def test_what_is_no_address_begins_nothing(administrator: Client, changes: dict[str, str]) -> None:
    answer = administrator.post("/tools/register/", FORM | changes)
    assert answer.status_code == 400
    assert "registration address" in answer.content.decode()
    assert not RegistrationOffer.objects.exists()


def test_from_pending_to_a_launch(administrator: Client) -> None:
    [token] = begun(administrator)["registration_token"]
    client_id = lms.json_of(register(token))["client_id"]
    tool = ToolClient.objects.get(client_id=client_id)
    assert "Pending" in administrator.get("/tools/").content.decode()
    place = {"course": lms.HISTORY, "title": "A quiz"}
    answer = administrator.post(f"/tools/{tool.pk}/place/", place)
    assert answer["Location"] == f"{lms.URL}/tools/"
    assert "A quiz, in History 10b" in administrator.get("/tools/").content.decode()
    quiz = Activity.objects.get(title="A quiz")
    teacher = lms.browser()
    lms.sign_in(teacher, lms.TEACHER)
    assert teacher.get(f"/launch/{quiz.pk}/").status_code == 409

    answer = administrator.post(f"/tools/{tool.pk}/activate/")
    assert answer["Location"] == f"{lms.URL}/tools/"
    form = lms.self_posting(teacher.get(f"/launch/{quiz.pk}/"))
    assert form.action == f"{TOOL}/login/"
    assert form.fields["client_id"] == client_id
    asked = lms.auth_request(form.fields, redirect_uri=f"{TOOL}/launch/")
    fields = lms.self_posting(teacher.post("/lti/auth", asked)).fields
    claims = lms.verified(fields["id_token"], client_id)
    assert claims[Claim.TARGET_LINK_URI] == f"{TOOL}/launch/"
    assert claims["name"] == "Ruth Adeyemi"
    assert claims[Claim.AGS_ENDPOINT]["lineitem"].endswith(f"type_id={tool.pk}")


def test_what_registered_itself_can_be_deleted(administrator: Client) -> None:
    [token] = begun(administrator)["registration_token"]
    register(token)
    tool = ToolClient.objects.get(name="Quizzes")
    administrator.post(f"/tools/{tool.pk}/place/", {"course": lms.HISTORY})
    assert administrator.get("/tools/").content.decode().count("Delete the tool") == 1
    assert administrator.post(f"/tools/{tool.pk}/delete/").status_code == 302
    assert not ToolClient.objects.filter(pk=tool.pk).exists()
    assert not Activity.objects.filter(title="Quizzes").exists()
    assert administrator.post("/tools/1/delete/").status_code == 404


def test_a_tool_that_asked_for_no_names_gets_none(pupil: Client) -> None:
    ToolClient.objects.update(shares_names=False)
    assert not {"name", "given_name", "family_name"} & set(lms.launch(pupil))
    address = "/lti/services/CourseSection/2/bindings/1/memberships"
    [first, *_] = lms.json_of(lms.Tool().call("GET", address))["members"]
    assert "name" not in first
    assert first["user_id"]


@pytest.mark.parametrize("course", ["4", "99", "", "x", "9" * 30])
def test_a_tool_is_placed_in_courses_of_its_temper(administrator: Client, course: str) -> None:
    assert administrator.post("/tools/1/place/", {"course": course}).status_code == 404
