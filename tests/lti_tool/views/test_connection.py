"""'Check this connection' in a browser: for the LMS's administrator, and for the operator."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.contrib.auth.models import User as Operator
from django.test import Client
from django.urls import reverse

from lti_tool import roster
from lti_tool.models import Context, RefusedLaunch, Registration
from lti_tool.protocol.refusal import Reason
from lti_tool.protocol.vocabulary import INSTITUTION_ROLE, SYSTEM_ROLE
from lti_tool.views.refusals import WORDS
from tests.cast import PUPIL, TEACHER, Cast, Someone, make_someone
from tests.lti_tool.connection.conftest import lms, registration
from tests.platform.fake import FakePlatform
from tests.platform.server import Fault

__all__ = ["lms", "registration"]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(cast: Cast) -> Someone:
    """Administers the LMS, and has opened Ruth's activity."""
    return make_someone(cast.course, "1", "Ada Kern", TEACHER, f"{INSTITUTION_ROLE}Administrator")


def test_the_page_stands_at_once_and_asks_nobody(
    lms: FakePlatform, registration: Registration, ada: Someone
) -> None:
    answer = ada.client.get(ada.url("connection"))
    page = answer.content.decode()
    assert not answer.cookies
    assert "Asking the LMS" in page
    assert 'hx-trigger="load, submit"' in page
    assert lms.asked == []


def test_the_check_comes_into_the_page(
    lms: FakePlatform, registration: Registration, ada: Someone
) -> None:
    answer = ada.client.post(ada.url("connection"), headers=HTMX)
    said = answer.content.decode()
    assert "No problem found." in said
    assert "<html" not in said
    assert lms.asked_for("keys")
    assert "frame-ancestors" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_the_check_works_without_scripts(registration: Registration, ada: Someone) -> None:
    said = ada.client.post(ada.url("connection")).content.decode()
    assert "<html" in said
    assert "No problem found." in said


def test_a_problem_is_told_in_words_and_not_by_colour_alone(
    lms: FakePlatform, registration: Registration, ada: Someone
) -> None:
    lms.always_fail("token", Fault(400, b'{"error": "invalid_client"}'))
    said = ada.client.post(ada.url("connection"), headers=HTMX).content.decode()
    assert "1 problem." in said
    assert '<span class="state">Problem</span>' in said
    assert "Keyset URL" in said


def test_nobody_is_named(registration: Registration, ada: Someone) -> None:
    said = ada.client.post(ada.url("connection")).content.decode()
    for name in ("Amina", "Ruth", "Otis", "Quillfeather"):
        assert name not in said


@pytest.mark.parametrize(
    "roles", [[TEACHER], [PUPIL], ["Administrator"], [f"{INSTITUTION_ROLE}Instructor"]]
)
def test_others_are_not_let_in(
    lms: FakePlatform, registration: Registration, cast: Cast, roles: list[str]
) -> None:
    someone = make_someone(cast.course, "9", "Sam Doe", *roles)
    for method in (someone.client.get, someone.client.post):
        assert method(someone.url("connection")).status_code == 403
    assert lms.asked == []


def test_a_pupil_of_the_course_may_administer_the_lms(cast: Cast) -> None:
    someone = make_someone(cast.course, "9", "Sam Doe", PUPIL, f"{SYSTEM_ROLE}SysAdmin")
    assert someone.client.get(someone.url("connection")).status_code == 200


def test_an_administrator_finds_the_refusals_of_their_own_lms(ada: Someone, cast: Cast) -> None:
    own, other = cast.course.deployment.registration, cast.elsewhere.deployment.registration
    RefusedLaunch.objects.create(reference="K7QM-4TXA", reason="key-unknown", registration=own)
    RefusedLaunch.objects.create(reference="BBBB-BBBB", reason="replayed", registration=other)
    RefusedLaunch.objects.create(reference="CCCC-CCCC", reason="state-invalid")
    url = ada.url("connection")
    found = ada.client.get(url, {"reference": "k7qm 4txa"}).content.decode()
    for said in ("key-unknown", str(WORDS[Reason.KEY_UNKNOWN][0]), own.jwks_url):
        assert said in found
    for reference in ("BBBB-BBBB", "CCCC-CCCC", "DDDD-DDDD", "<script>", "\0"):
        said = ada.client.get(url, {"reference": reference}).content.decode()
        assert "No refused launch of this LMS has the reference" in said
        assert "replayed" not in said
        assert "<script>D" not in said


def test_teachers_pages_lead_an_administrator_there(ada: Someone, cast: Cast) -> None:
    link = "Check this connection"
    assert link in ada.client.get(ada.url("library")).content.decode()
    assert link not in cast.ruth.client.get(cast.ruth.url("library")).content.decode()


def operator(*permissions: str, is_staff: bool = True) -> Client:
    user = Operator.objects.create(username="operator", is_staff=is_staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client(headers={"host": "localhost:8001"})
    client.force_login(user)
    return client


def checked(registration: Registration) -> str:
    return reverse("admin:lti_tool_registration_connection", args=[registration.pk])


def test_the_operator_checks_any_platform(lms: FakePlatform, registration: Registration) -> None:
    client = operator("view_registration")
    page = client.get(reverse("admin:lti_tool_registration_change", args=[registration.pk]))
    assert checked(registration) in page.content.decode()
    assert lms.asked == []
    assert b"Asking the LMS" in client.get(checked(registration)).content
    assert b"No problem found." in client.post(checked(registration)).content
    assert b"No problem found." in client.post(checked(registration), headers=HTMX).content


def test_an_operator_without_that_permission_checks_none(
    lms: FakePlatform, registration: Registration
) -> None:
    client = operator("view_delivery")
    assert client.get(checked(registration)).status_code == 403
    assert client.post(checked(registration)).status_code == 403
    assert lms.asked == []


def test_a_stranger_is_sent_to_sign_in(lms: FakePlatform, registration: Registration) -> None:
    answer = Client(headers={"host": "localhost:8001"}).post(checked(registration))
    assert (answer.status_code, "/admin/login/" in answer["Location"]) == (302, True)
    assert lms.asked == []


def test_no_foreign_page_makes_an_operator_check(registration: Registration) -> None:
    client = Client(headers={"host": "localhost:8001"}, enforce_csrf_checks=True)
    client.force_login(Operator.objects.create_superuser("operator"))
    assert client.post(checked(registration)).status_code == 403


def test_a_registration_that_is_not_there(db: None) -> None:
    client = operator("view_registration")
    assert client.get("/admin/lti_tool/registration/4711/connection/").status_code == 404


def test_a_roster_does_not_take_an_administrator_s_role(
    registration: Registration, ada: Someone
) -> None:
    """It names roles of the course alone; launches tell those of the LMS."""
    context = Context.objects.get(pk=ada.membership.context_id)
    roster.refresh(context)
    assert context.roster_read_at is not None
    assert ada.client.get(ada.url("connection")).status_code == 200
