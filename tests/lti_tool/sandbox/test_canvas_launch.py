"""What a launch from a course with Canvas's temper says otherwise than one from Moodle's."""

import pytest
from django.test import Client

from lti_tool.protocol.vocabulary import CONTEXT_ROLE, TEST_USER_ROLE, Claim
from lti_tool.sandbox.canvas import ids
from lti_tool.sandbox.models import Activity, Course, Grade, ToolClient
from tests.lti_tool.sandbox import canvas, lms

PLACEMENT = "https://www.instructure.com/placement"


def test_the_login_comes_from_canvas_s_own_issuer(pupil: Client) -> None:
    form = lms.self_posting(pupil.get("/launch/5/"))
    hint = form.fields.pop("lti_message_hint")
    assert form.fields == {
        "iss": canvas.ISSUER,
        "target_link_uri": "http://localhost:8001/lti/launch/",
        "login_hint": ids.person(lms.PUPIL),
        "client_id": "sandbox-canvas",
        "lti_deployment_id": "1:sandbox-canvas",
        "lti_storage_target": "post_message_forwarding",
    }
    assert hint


def test_the_launch_names_the_storage_frame_again_and_moodle_s_never(pupil: Client) -> None:
    answer = canvas.answered(pupil, canvas.begin(pupil))
    assert answer["lti_storage_target"] == "post_message_forwarding"
    assert "lti_storage_target" not in lms.begin(pupil)


def test_ids_are_opaque(pupil: Client) -> None:
    claims = canvas.launch(pupil)
    assert claims["sub"] == ids.person(lms.PUPIL)
    assert len(claims["sub"]) == 36
    assert claims[Claim.CONTEXT]["id"] == ids.course(canvas.COURSE)
    assert claims[Claim.RESOURCE_LINK]["id"] == ids.link(canvas.LINK)


def test_it_is_canvas_through_and_through(teacher: Client) -> None:
    claims = canvas.launch(teacher)
    assert claims["azp"] == "sandbox-canvas"
    assert claims[Claim.TOOL_PLATFORM]["product_family_code"] == "canvas"
    assert claims[PLACEMENT] == "assignment_selection"
    assert claims[Claim.RESOURCE_LINK]["description"] is None
    assert CONTEXT_ROLE + "Instructor" in claims[Claim.ROLES]
    endpoint = claims[Claim.AGS_ENDPOINT]
    assert endpoint["lineitem"] == f"{canvas.ISSUER}/api/lti/courses/4/line_items/5"
    assert "?" not in endpoint["lineitems"]
    assert claims[Claim.NRPS_SERVICE]["service_versions"] == ["2.0"]


def test_a_non_editing_teacher_has_a_sub_role(planted: None) -> None:
    client = lms.browser()
    lms.sign_in(client, lms.ASSISTANT)
    roles = canvas.launch(client)[Claim.ROLES]
    assert any(role.endswith("membership/Instructor#TeachingAssistant") for role in roles)


@pytest.mark.parametrize("shares", [True, False])
def test_names_come_only_where_the_privacy_level_has_them(pupil: Client, shares: bool) -> None:
    ToolClient.objects.update(shares_names=shares)
    claims = canvas.launch(pupil)
    assert {"name", "given_name", "family_name"} & set(claims) == (
        {"name", "given_name", "family_name"} if shares else set()
    )


def test_custom_values_are_canvas_s_and_unknown_ones_stand_as_they_are(pupil: Client) -> None:
    Activity.objects.filter(pk=canvas.LINK).update(due_at="2026-12-01T10:00:00Z")
    Course.objects.filter(pk=canvas.COURSE).update(history=[2])
    custom = canvas.launch(pupil)[Claim.CUSTOM]
    assert custom["canvas_due_at"] == "2026-12-01T10:00:00Z"
    assert custom["canvas_lock_at"] == "$Canvas.assignment.lockAt.iso8601"
    assert custom["canvas_assignment"].isdigit()
    assert custom["context_history"] == ids.course(2)
    assert custom["link_history"] == "$ResourceLink.id.history"


def test_what_is_no_assignment_has_no_dates(pupil: Client) -> None:
    Activity.objects.get(pk=canvas.LINK).columns.all().delete()
    claims = canvas.launch(pupil)
    assert claims[Claim.CUSTOM]["canvas_due_at"] == "$Canvas.assignment.dueAt.iso8601"
    assert claims[Claim.CUSTOM]["canvas_assignment"] == "$Canvas.assignment.id"
    assert claims[PLACEMENT] == "link_selection"


def test_another_platform_s_tool_is_unknown_here(pupil: Client) -> None:
    request = lms.auth_request(canvas.begin(pupil))
    assert pupil.post("/lti/auth", request).status_code == 400
    assert pupil.post(canvas.AUTHORISE, lms.auth_request(lms.begin(pupil))).status_code == 400


def test_a_number_is_nobody_s_login_hint(pupil: Client) -> None:
    answer = canvas.answered(pupil, canvas.begin(pupil), login_hint=str(lms.PUPIL))
    assert answer["error"] == "access_denied"


def test_student_view_launches_the_test_student(teacher: Client) -> None:
    assert "/student-view/5/launch/" in teacher.get("/student-view/5/").content.decode()
    claims = canvas.launch(teacher, "/student-view/5/launch/")
    assert claims["sub"] == ids.person(canvas.TEST_STUDENT)
    assert TEST_USER_ROLE in claims[Claim.ROLES]
    assert CONTEXT_ROLE + "Learner" in claims[Claim.ROLES]
    assert CONTEXT_ROLE + "Instructor" not in claims[Claim.ROLES]


def test_student_view_is_for_teachers_in_canvas(pupil: Client, teacher: Client) -> None:
    assert pupil.get("/student-view/5/launch/").status_code == 403
    lms.sign_in(teacher, lms.TEACHER)
    assert teacher.get("/student-view/1/launch/").status_code == 404
    assert "View as Student" in teacher.get("/activities/5/").content.decode()
    assert "View as Student" not in teacher.get("/activities/1/").content.decode()


def test_nobody_signs_in_as_the_test_student_from_a_page(pupil: Client) -> None:
    assert "Test Student" not in pupil.get("/").content.decode()


def test_speed_grader_launches_what_came_with_the_score(teacher: Client) -> None:
    url = "http://localhost:8001/lti/launch/?submission=7"
    data = {"submission_type": "basic_lti_launch", "submission_data": url}
    assert canvas.post(canvas.tool(), data).status_code == 200
    page = teacher.get("/courses/4/gradebook/").content.decode()
    assert 'href="/speed-grader/5/101/"' in page
    assert "/speed-grader/5/101/launch/" in teacher.get("/speed-grader/5/101/").content.decode()
    claims = canvas.launch(teacher, "/speed-grader/5/101/launch/")
    assert claims[Claim.TARGET_LINK_URI] == url
    assert claims[Claim.MESSAGE_TYPE] == "LtiResourceLinkRequest"
    assert claims["sub"] == ids.person(lms.TEACHER)
    assert claims[Claim.RESOURCE_LINK]["id"] == ids.link(canvas.LINK)


def test_speed_grader_is_for_teachers_and_for_what_was_submitted(
    teacher: Client, pupil: Client
) -> None:
    canvas.post(canvas.tool())
    assert teacher.get("/speed-grader/5/101/launch/").status_code == 404
    Grade.objects.update(submission_url="http://localhost:8001/lti/launch/")
    assert teacher.get("/speed-grader/5/101/launch/").status_code == 200
    assert pupil.get("/speed-grader/5/101/launch/").status_code == 403
    assert "speed-grader" not in pupil.get("/courses/4/gradebook/").content.decode()
