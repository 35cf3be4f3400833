"""What a launch says: from Moodle's course, from Canvas's, and to review a submission."""

import time
from typing import Any

import pytest
from django.test import Client

from lti_tool.protocol.launch import parse_launch
from lti_tool.protocol.vocabulary import (
    CONTEXT_ROLE,
    CUSTOM_PARAMETERS,
    INSTITUTION_ROLE,
    SYSTEM_ROLE,
    TEST_USER_ROLE,
    Claim,
    MessageType,
    Scope,
)
from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.models import (
    Activity,
    Column,
    Course,
    Enrolment,
    Person,
    Role,
    ToolClient,
)
from tests.lti_tool.sandbox import canvas, lms

PLACEMENT = "https://www.instructure.com/placement"
NAMES = {"name", "given_name", "family_name"}
REVIEW = {"url": "http://localhost:8001/review/", "custom": {"Page": "review", "who": "$User.id"}}
DATES = ("available_from", "available_until", "submission_from", "submission_until")


def a_second_column() -> None:
    link = Activity.objects.get(pk=lms.WORKSHEET)
    Column.objects.create(
        course=link.course, tool=link.tool, activity=link, label="B", made_by_tool=True
    )


def test_the_login_initiation_is_posted_to_the_tool(pupil: Client) -> None:
    form = lms.self_posting(pupil.get("/launch/1/"))
    assert form.action == "http://localhost:8001/lti/login/"
    assert form.fields.pop("lti_message_hint").startswith('{"cmid":1,"launchid":"ltilaunch1_')
    assert form.fields == {
        "iss": lms.URL,
        "target_link_uri": "http://localhost:8001/lti/launch/",
        "login_hint": "101",
        "client_id": "sandbox-tool",
        "lti_deployment_id": "1",
    }


def test_a_launch_is_complete(pupil: Client) -> None:
    claims = lms.launch(pupil)
    assert (claims["iss"], claims["aud"], claims["sub"]) == (lms.URL, "sandbox-tool", "101")
    assert claims["nonce"] == "a nonce"
    assert claims["exp"] - claims["iat"] == 60
    assert abs(claims["iat"] - time.time()) < 30
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
    assert {name: claims[name] for name in NAMES} == {
        "name": "Amina Abdullahi",
        "given_name": "Amina",
        "family_name": "Abdullahi",
    }
    assert "email" not in claims
    told = {"context_history": "", "moodle_groups": "1"}
    assert claims[Claim.CUSTOM] == {**CUSTOM_PARAMETERS, **told}
    assert Claim.FOR_USER not in claims
    assert claims[Claim.LAUNCH_PRESENTATION] == {
        "locale": "en",
        "document_target": "iframe",
        "return_url": f"{lms.URL}/courses/2/return/",
    }
    window = lms.launch(pupil, query="?target=window")[Claim.LAUNCH_PRESENTATION]
    assert window["document_target"] == "window"


def test_roles_are_full_addresses_and_those_of_this_moment(seeded: None) -> None:
    roles = {
        lms.PUPIL: [INSTITUTION_ROLE + "Student", CONTEXT_ROLE + "Learner"],
        lms.TEACHER: [INSTITUTION_ROLE + "Staff", CONTEXT_ROLE + "Instructor"],
        lms.ASSISTANT: [INSTITUTION_ROLE + "Staff", CONTEXT_ROLE + "Instructor"],
    }
    client = lms.browser()
    for person, expected in roles.items():
        lms.sign_in(client, person)
        assert lms.launch(client)[Claim.ROLES] == expected
    Enrolment.objects.filter(person_id=lms.ASSISTANT).update(role=Role.PUPIL)
    assert lms.launch(client)[Claim.ROLES][1] == CONTEXT_ROLE + "Learner"


def test_the_gradebook_is_offered_with_the_one_column(pupil: Client) -> None:
    endpoint = lms.launch(pupil)[Claim.AGS_ENDPOINT]
    assert endpoint["lineitems"] == f"{lms.URL}{lms.columns_address()}"
    assert endpoint["lineitem"] == f"{lms.URL}{lms.column_address()}"
    assert set(endpoint["scope"]) == {scope for scope in Scope if "lti-ags" in scope}
    a_second_column()
    for link in (lms.WORKSHEET, lms.NO_COLUMN):
        endpoint = lms.launch(pupil, link)[Claim.AGS_ENDPOINT]
        assert "lineitem" not in endpoint
        assert endpoint["lineitems"].endswith("/lineitems?type_id=1")


def test_the_roster_is_offered_where_the_tool_may_read_it(pupil: Client) -> None:
    assert lms.launch(pupil)[Claim.NRPS_SERVICE] == {
        "context_memberships_url": f"{lms.URL}/lti/services/CourseSection/2/bindings/1/memberships",
        "service_versions": ["1.0", "2.0"],
    }
    ToolClient.objects.update(scopes=[str(Scope.SCORE)], shares_names=False)
    claims = lms.launch(pupil)
    assert Claim.NRPS_SERVICE not in claims
    assert claims[Claim.AGS_ENDPOINT]["scope"] == [Scope.SCORE]
    assert not NAMES & set(claims)


@pytest.mark.parametrize(
    ("value", "expanded"),
    [
        ("$User.id", "101"),
        ("$Person.name.full", "Amina Abdullahi"),
        ("$Context.id", "2"),
        ("$ResourceLink.id", "1"),
        ("$ResourceLink.id.history", "$ResourceLink.id.history"),
        ("$Nobody.knows", "$Nobody.knows"),
        ("\\$User.id", "$User.id"),
    ],
)
def test_moodle_s_custom_parameters(pupil: Client, value: str, expanded: str) -> None:
    """Folded beside the name as given; the tool's own win; an unknown variable stays."""
    ToolClient.objects.update(custom={"My-Name": value, "a": "tool"})
    Activity.objects.filter(pk=lms.WORKSHEET).update(custom={"a": "link"})
    sent = lms.launch(pupil)[Claim.CUSTOM]
    assert sent == {"My-Name": expanded, "my_name": expanded, "a": "tool"}


def test_dates_are_told_where_the_course_tells_them(pupil: Client) -> None:
    due = "2026-12-20T00:00:00+00:00"
    Activity.objects.filter(pk=lms.WORKSHEET).update(due_at=due)
    values = lms.launch(pupil)[Claim.CUSTOM]
    assert [values[name] for name in DATES] == [CUSTOM_PARAMETERS[name] for name in DATES]
    Course.objects.filter(pk=lms.HISTORY).update(shares_dates=True)
    values = lms.launch(pupil)[Claim.CUSTOM]
    assert [values[name] for name in DATES] == ["", "", "", due]


def test_a_copied_course_tells_where_it_comes_from(teacher: Client) -> None:
    assert teacher.post(f"/courses/{lms.HISTORY}/copy/").status_code == 302
    course = Course.objects.order_by("-pk")[0]
    link = course.activities.all()[0]
    claims = lms.launch(teacher, link.pk)
    assert claims[Claim.CONTEXT]["id"] == str(course.pk)
    assert claims[Claim.RESOURCE_LINK]["id"] == str(link.pk)
    assert claims[Claim.CUSTOM]["context_history"] == "2"
    assert f"/lti/services/{course.pk}/" in claims[Claim.AGS_ENDPOINT]["lineitem"]


def test_canvas_s_login_comes_from_its_own_issuer(pupil: Client) -> None:
    form = lms.self_posting(pupil.get("/launch/5/"))
    assert form.fields.pop("lti_message_hint")
    assert form.fields == {
        "iss": canvas.ISSUER,
        "target_link_uri": "http://localhost:8001/lti/launch/",
        "login_hint": ids.person(lms.PUPIL),
        "client_id": "sandbox-canvas",
        "lti_deployment_id": "1:sandbox-canvas",
        "lti_storage_target": "post_message_forwarding",
    }
    response = canvas.authorised(pupil, canvas.begin(pupil))
    assert response["lti_storage_target"] == "post_message_forwarding"
    number = canvas.authorised(pupil, canvas.begin(pupil), login_hint=str(lms.PUPIL))
    assert number["error"] == "access_denied"


def test_a_launch_from_canvas(teacher: Client) -> None:
    Activity.objects.filter(pk=canvas.LINK).update(due_at="2026-12-01T10:00:00Z")
    Course.objects.filter(pk=canvas.COURSE).update(history=[2])
    claims = canvas.launch(teacher)
    assert (claims["sub"], claims["azp"]) == (ids.person(lms.TEACHER), "sandbox-canvas")
    assert len(claims["sub"]) == 36
    assert claims[Claim.CONTEXT]["id"] == ids.course(canvas.COURSE)
    assert claims[Claim.RESOURCE_LINK]["id"] == ids.link(canvas.LINK)
    assert claims[Claim.RESOURCE_LINK]["description"] is None
    assert claims[Claim.TOOL_PLATFORM]["product_family_code"] == "canvas"
    assert claims[PLACEMENT] == "assignment_selection"
    assert CONTEXT_ROLE + "Instructor" in claims[Claim.ROLES]
    endpoint = claims[Claim.AGS_ENDPOINT]
    assert endpoint["lineitem"] == f"{canvas.ISSUER}/api/lti/courses/4/line_items/5"
    assert "?" not in endpoint["lineitems"]
    assert claims[Claim.NRPS_SERVICE]["service_versions"] == ["2.0"]
    custom = claims[Claim.CUSTOM]
    assert custom["canvas_due_at"] == "2026-12-01T10:00:00Z"
    assert custom["canvas_lock_at"] == "$Canvas.assignment.lockAt.iso8601"
    assert custom["context_history"] == ids.course(2)
    ToolClient.objects.update(shares_names=False)
    assert not NAMES & set(canvas.launch(teacher))


def test_the_tool_can_read_all_of_a_launch(teacher: Client) -> None:
    """What Moodle and Canvas send is no reason for a note in the launch log."""
    picking = f"/courses/{canvas.COURSE}/select/launch/?id=2&placement=link_selection"
    launches = [lms.launch(teacher), canvas.launch(teacher), canvas.launch(teacher, picking)]
    assert [parse_launch(claims).notes for claims in launches] == [()] * 3


def test_a_canvas_link_that_is_no_assignment_has_no_dates(pupil: Client) -> None:
    Activity.objects.get(pk=canvas.LINK).columns.all().delete()
    claims = canvas.launch(pupil)
    assert claims[Claim.CUSTOM]["canvas_due_at"] == "$Canvas.assignment.dueAt.iso8601"
    assert claims[PLACEMENT] == "link_selection"


def test_a_designer_builds_a_canvas_course(seeded: None) -> None:
    person = Person.objects.create(given_name="Dana", family_name="Orr", username="dana")
    course = Course.objects.get(pk=canvas.COURSE)
    Enrolment.objects.create(course=course, person=person, role=Role.DESIGNER)
    designer = lms.browser()
    lms.sign_in(designer, person.pk)
    assert CONTEXT_ROLE + "ContentDeveloper" in canvas.launch(designer)[Claim.ROLES]
    picking = f"/courses/{canvas.COURSE}/select/launch/?id=2&placement=link_selection"
    assert canvas.launch(designer, picking)[Claim.MESSAGE_TYPE] == MessageType.DEEP_LINKING
    assert designer.get("/speed-grader/5/101/launch/").status_code in {403, 404}


def test_an_account_administrator_brings_no_role_in_a_canvas_course(administrator: Client) -> None:
    claims = canvas.launch(administrator)
    assert claims[Claim.ROLES] == [INSTITUTION_ROLE + "Administrator", SYSTEM_ROLE + "User"]
    assert administrator.get(f"/launch/{lms.WORKSHEET}/").status_code == 403
    assert not Enrolment.objects.filter(role=Role.ACCOUNT_ADMINISTRATOR).exists()


def test_student_view_launches_the_test_student(teacher: Client, pupil: Client) -> None:
    claims = canvas.launch(teacher, "/student-view/5/launch/")
    assert claims["sub"] == ids.person(canvas.TEST_STUDENT)
    assert {TEST_USER_ROLE, CONTEXT_ROLE + "Learner"} <= set(claims[Claim.ROLES])
    assert CONTEXT_ROLE + "Instructor" not in claims[Claim.ROLES]
    assert pupil.get("/student-view/5/launch/").status_code == 403


def test_speed_grader_launches_what_came_with_the_score(teacher: Client) -> None:
    url = "http://localhost:8001/lti/launch/?submission=7"
    assert teacher.get("/speed-grader/5/101/launch/").status_code == 404
    data = {"submission_type": "basic_lti_launch", "submission_data": url}
    assert canvas.post(canvas.tool(), data).status_code == 200
    Activity.objects.filter(pk=canvas.LINK).update(custom={"worksheet": "a key"})
    claims = canvas.launch(teacher, "/speed-grader/5/101/launch/")
    assert claims[Claim.TARGET_LINK_URI] == url
    assert claims[Claim.MESSAGE_TYPE] == "LtiResourceLinkRequest"
    assert claims["sub"] == ids.person(lms.TEACHER)
    # As in Canvas, everything but the assignment's variables is the course's.
    course = Course.objects.get(pk=canvas.COURSE)
    link = claims[Claim.RESOURCE_LINK]
    assert (link["id"], link["title"]) == (ids.course(canvas.COURSE), course.title)
    assert claims[Claim.CUSTOM]["canvas_assignment"] == str(canvas.LINK)
    assert "worksheet" not in claims[Claim.CUSTOM]
    assert claims[PLACEMENT] is None
    assert set(claims[Claim.AGS_ENDPOINT]) == {"scope", "lineitems", "validation_context", "errors"}


def test_submission_details_are_a_pupil_s_own(pupil: Client) -> None:
    url = "http://localhost:8001/lti/launch/?submission=7"
    for number in (101, 102):
        data = {"submission_type": "basic_lti_launch", "submission_data": url}
        user = ids.person(number)
        assert canvas.post(canvas.tool(), data, userId=user).status_code == 200
    claims = canvas.launch(pupil, "/speed-grader/5/101/launch/")
    assert claims["sub"] == ids.person(101)
    assert claims[Claim.TARGET_LINK_URI] == url
    assert pupil.get("/speed-grader/5/102/launch/").status_code == 403


def reviewed(client: Client) -> dict[str, Any]:
    initiation = lms.self_posting(client.get("/gradebook/1/101/review/launch/")).fields
    response = client.post("/lti/auth", lms.auth_request(initiation))
    return lms.verified(lms.self_posting(response).fields["id_token"])


def test_a_submission_is_reviewed(teacher: Client, pupil: Client) -> None:
    assert teacher.get("/gradebook/1/101/review/launch/").status_code == 404
    Column.objects.filter(pk=lms.WORKSHEET).update(review=REVIEW)
    a_second_column()
    claims = reviewed(teacher)
    assert claims[Claim.MESSAGE_TYPE] == MessageType.SUBMISSION_REVIEW
    assert (claims["sub"], claims[Claim.FOR_USER]) == ("10", {"user_id": "101"})
    assert claims[Claim.RESOURCE_LINK]["id"] == "1"
    assert claims[Claim.AGS_ENDPOINT]["lineitem"] == f"{lms.URL}{lms.column_address()}"
    assert claims[Claim.TARGET_LINK_URI] == REVIEW["url"]
    assert claims[Claim.CUSTOM]["page"] == "review"
    assert claims[Claim.CUSTOM]["who"] == "10"
    assert reviewed(pupil)["sub"] == "101"
    assert pupil.get("/gradebook/1/102/review/launch/").status_code == 403
    Column.objects.update(review={})
    assert reviewed(teacher)[Claim.TARGET_LINK_URI] == "http://localhost:8001/lti/launch/"
