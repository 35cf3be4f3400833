"""The launch as a browser sees it, and what the id_token says."""

import time

import pytest
from django.test import Client

from lti_tool.protocol.vocabulary import CONTEXT_ROLE, INSTITUTION_ROLE, Claim, Scope
from lti_tool.sandbox.models import Activity, Column, Enrolment, Person, Role, ToolClient
from tests.lti_tool.sandbox import lms

ALL = list(Scope)


def test_the_login_initiation_is_posted_to_the_tool(pupil: Client) -> None:
    form = lms.self_posting(pupil.get("/launch/1/"))
    assert form.action == "http://localhost:8001/lti/login/"
    hint = form.fields.pop("lti_message_hint")
    assert form.fields == {
        "iss": lms.URL,
        "target_link_uri": "http://localhost:8001/lti/launch/",
        "login_hint": "101",
        "client_id": "sandbox-tool",
        "lti_deployment_id": "1",
    }
    assert hint.startswith('{"cmid":1,"launchid":"ltilaunch1_')


def test_the_form_has_a_button_for_browsers_without_scripts(pupil: Client) -> None:
    page = pupil.get("/launch/1/").content.decode()
    assert "<button" in page
    assert '<script src="/assets/post.js">' in page


def test_a_launch_carries_the_token_claims(pupil: Client) -> None:
    begun = int(time.time())
    claims = lms.launch(pupil)
    assert (claims["iss"], claims["aud"], claims["sub"]) == (lms.URL, "sandbox-tool", "101")
    assert claims["nonce"] == "a nonce"
    assert claims["exp"] - claims["iat"] == 60
    assert begun <= claims["iat"] <= time.time()


def test_a_launch_says_where_it_comes_from(pupil: Client) -> None:
    claims = lms.launch(pupil)
    assert claims[Claim.MESSAGE_TYPE] == "LtiResourceLinkRequest"
    assert claims[Claim.VERSION] == "1.3.0"
    assert claims[Claim.DEPLOYMENT_ID] == "1"
    assert claims[Claim.TARGET_LINK_URI] == "http://localhost:8001/lti/launch/"
    assert claims[Claim.CONTEXT] == {
        "id": "2",
        "label": "HIS10b",
        "title": "History 10b",
        "type": ["CourseSection"],
    }
    link = claims[Claim.RESOURCE_LINK]
    assert (link["id"], link["title"]) == ("1", "The Terror and the Purges – causes")
    assert claims[Claim.TOOL_PLATFORM]["product_family_code"] == "sandbox"


def test_a_launch_names_the_person_and_gives_no_e_mail(pupil: Client) -> None:
    claims = lms.launch(pupil)
    assert claims["given_name"] == "Amina"
    assert claims["family_name"] == "Abdullahi"
    assert claims["name"] == "Amina Abdullahi"
    assert "email" not in claims
    assert claims[Claim.LIS]["person_sourcedid"] == ""


@pytest.mark.parametrize(
    ("person", "institution", "context"),
    [
        (lms.PUPIL, "Student", "Learner"),
        (lms.TEACHER, "Staff", "Instructor"),
        (lms.ASSISTANT, "Staff", "Instructor"),
    ],
)
@pytest.mark.usefixtures("planted")
def test_roles_are_full_addresses(person: int, institution: str, context: str) -> None:
    client = lms.browser()
    lms.sign_in(client, person)
    roles = lms.launch(client)[Claim.ROLES]
    assert roles == [INSTITUTION_ROLE + institution, CONTEXT_ROLE + context]


def test_the_context_role_is_of_this_course(pupil: Client) -> None:
    """Someone who works at the school may be a pupil of a course."""
    Person.objects.filter(pk=lms.PUPIL).update(is_staff=True)
    assert lms.launch(pupil)[Claim.ROLES] == [INSTITUTION_ROLE + "Staff", CONTEXT_ROLE + "Learner"]


@pytest.mark.parametrize(("query", "target"), [("", "iframe"), ("?target=window", "window")])
def test_the_launch_says_how_it_is_shown(pupil: Client, query: str, target: str) -> None:
    presentation = lms.launch(pupil, query=query)[Claim.LAUNCH_PRESENTATION]
    assert presentation == {
        "locale": "en",
        "document_target": target,
        "return_url": f"{lms.URL}/courses/2/return/",
    }


def test_a_link_with_one_column_carries_its_address(pupil: Client) -> None:
    endpoint = lms.launch(pupil)[Claim.AGS_ENDPOINT]
    assert endpoint["lineitems"] == f"{lms.URL}/lti/services/2/lineitems?type_id=1"
    assert endpoint["lineitem"] == f"{lms.URL}/lti/services/2/lineitems/1/lineitem?type_id=1"
    assert set(endpoint["scope"]) == {scope for scope in ALL if "lti-ags" in scope}


def test_a_link_without_a_column_carries_none(pupil: Client) -> None:
    endpoint = lms.launch(pupil, lms.NO_COLUMN)[Claim.AGS_ENDPOINT]
    assert "lineitem" not in endpoint
    assert endpoint["lineitems"].endswith("/lineitems?type_id=1")


def test_a_second_column_takes_the_address_out_of_later_launches(pupil: Client) -> None:
    link = Activity.objects.get(pk=lms.WORKSHEET)
    Column.objects.create(
        course=link.course, tool=link.tool, activity=link, label="B", made_by_tool=True
    )
    assert "lineitem" not in lms.launch(pupil)[Claim.AGS_ENDPOINT]


def test_the_roster_is_offered_where_the_tool_may_read_it(pupil: Client) -> None:
    assert lms.launch(pupil)[Claim.NRPS_SERVICE] == {
        "context_memberships_url": f"{lms.URL}/lti/services/CourseSection/2/bindings/1/memberships",
        "service_versions": ["1.0", "2.0"],
    }
    ToolClient.objects.update(scopes=[str(Scope.SCORE)])
    claims = lms.launch(pupil)
    assert Claim.NRPS_SERVICE not in claims
    assert claims[Claim.AGS_ENDPOINT]["scope"] == [Scope.SCORE]


def test_who_has_left_the_course_is_not_launched(pupil: Client) -> None:
    request = lms.auth_request(lms.begin(pupil))
    Enrolment.objects.filter(person_id=lms.PUPIL).delete()
    answer = lms.self_posting(pupil.post("/lti/auth", request))
    assert answer.fields["error"] == "access_denied"


def test_a_changed_role_arrives_with_the_next_launch(pupil: Client) -> None:
    Enrolment.objects.filter(person_id=lms.PUPIL).update(role=Role.TEACHER)
    assert CONTEXT_ROLE + "Instructor" in lms.launch(pupil)[Claim.ROLES]
