"""The operator's pages."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import User as Operator
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from lti_tool import grades
from lti_tool.grades import Score, outbox
from lti_tool.models import AuditEntry, Delivery, Deployment, Invitation, Registration
from lti_tool.platforms import invitations
from lti_tool.services.errors import DeliveryProblem
from tests.cast import Cast


@pytest.fixture
def operator(db: None) -> Client:
    """Signed in, with every permission."""
    client = Client(headers={"host": "localhost:8001"})
    client.force_login(Operator.objects.create_superuser("operator"))
    return client


def test_a_stranger_is_asked_to_sign_in(db: None) -> None:
    answer = Client(headers={"host": "localhost:8001"}).get("/admin/lti_tool/registration/")
    assert (answer.status_code, "/admin/login/" in answer["Location"]) == (302, True)


def test_a_platform_is_switched_off_and_its_addresses_stay(operator: Client, cast: Cast) -> None:
    registration = cast.course.deployment.registration
    url = reverse("admin:lti_tool_registration_change", args=[registration.pk])
    assert operator.get(url).status_code == 200
    form = {
        "name": "Another name",
        "jwks_url": "http://elsewhere.example/keys",
        "new_deployments": "refuse",
        "deployments-TOTAL_FORMS": "0",
        "deployments-INITIAL_FORMS": "0",
    }
    assert operator.post(url, form).status_code == 302
    registration.refresh_from_db()
    assert (registration.name, registration.is_active) == ("Another name", False)
    assert registration.jwks_url == "http://127.0.0.1:9999/jwks"
    assert cast.amina.client.get(cast.amina.url("home")).status_code == 403


def test_institution_roles_are_offered_for_an_lms_that_is_known(
    operator: Client, cast: Cast
) -> None:
    registration = cast.course.deployment.registration
    url = reverse("admin:lti_tool_registration_change", args=[registration.pk])
    assert "takes_institution_roles" not in operator.get(url).content.decode()
    edx = "https://courses.school.example/api/lti_consumer/v1/launch/"
    Registration.objects.update(auth_login_url=edx)
    assert "takes_institution_roles" in operator.get(url).content.decode()
    Registration.objects.update(product="canvas")
    assert "takes_institution_roles" in operator.get(url).content.decode()
    form = {
        "name": "Canvas",
        "is_active": "on",
        "takes_institution_roles": "on",
        "new_deployments": "accept",
        "deployments-TOTAL_FORMS": "0",
        "deployments-INITIAL_FORMS": "0",
    }
    assert operator.post(url, form).status_code == 302
    registration.refresh_from_db()
    assert registration.takes_institution_roles


def test_scores_are_not_made_here(operator: Client) -> None:
    assert operator.get("/admin/lti_tool/delivery/add/").status_code == 403


def test_a_refused_score_is_sent_again(operator: Client, cast: Cast) -> None:
    grades.report_score(cast.course.link, cast.amina.user, Score(Decimal(6), Decimal(8), "Gaps."))
    Delivery.objects.update(state=Delivery.State.REFUSED, problem=DeliveryProblem.COLUMN_GONE)
    url = reverse("admin:lti_tool_delivery_changelist")
    page = operator.get(url).content.decode()
    assert "column-gone" in page
    assert "Amina" not in page
    row = Delivery.objects.get()
    operator.post(url, {"action": "send_again", "_selected_action": [row.pk]})
    assert Delivery.objects.get().state == Delivery.State.DUE
    assert outbox.next_due_at() is not None


PLATFORM = {
    "name": "Our Moodle",
    "issuer": "http://127.0.0.1:9000",
    "client_id": "abc",
    "deployment_id": "1",
    "auth_login_url": "http://127.0.0.1:9000/auth",
    "auth_token_url": "http://127.0.0.1:9000/token",
    "jwks_url": "http://127.0.0.1:9000/jwks",
    "new_deployments": "refuse",
}
ADD_PLATFORM = "/admin/lti_tool/registration/add/"


def test_a_platform_is_added_and_then_brought_up_to_date(operator: Client) -> None:
    assert operator.get(ADD_PLATFORM).status_code == 200
    assert operator.post(ADD_PLATFORM, PLATFORM).status_code == 302
    Registration.objects.update(is_active=False)
    assert operator.post(ADD_PLATFORM, {**PLATFORM, "name": "Renamed"}).status_code == 302
    row = Registration.objects.get()
    assert (row.name, row.is_active) == ("Renamed", True)
    assert row.deployments.get().deployment_id == "1"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("issuer", "x" * 256),
        ("client_id", "a\tb"),
        ("deployment_id", ""),
        ("auth_login_url", "javascript:alert(1)"),
        ("auth_token_url", "127.0.0.1:9000/token"),
        ("jwks_url", "file:///etc/passwd"),
        ("auth_login_url", "http://127.0.0.1/" + "x" * 1000),
    ],
)
def test_nothing_is_added_that_the_command_would_refuse(
    operator: Client, field: str, value: str
) -> None:
    assert operator.post(ADD_PLATFORM, {**PLATFORM, field: value}).status_code == 200
    assert not Registration.objects.exists()


def test_a_private_address_is_refused_here_too(operator: Client, settings: Settings) -> None:
    settings.LTI_ALLOW_PRIVATE_HOSTS = False
    page = operator.post(ADD_PLATFORM, PLATFORM).content.decode()
    assert "must begin with https://" in page
    assert not Registration.objects.exists()


@pytest.mark.parametrize("value", ['{"a": 1}', "[1]", '["https://a;b"]', '["https://a/b"]', "7"])
def test_only_origins_frame_our_pages(operator: Client, cast: Cast, value: str) -> None:
    registration = cast.course.deployment.registration
    url = reverse("admin:lti_tool_registration_change", args=[registration.pk])
    form = {"name": "A", "new_deployments": "wait", "frame_ancestors": value}
    forms = {"deployments-TOTAL_FORMS": "0", "deployments-INITIAL_FORMS": "0"}
    assert operator.post(url, {**form, **forms}).status_code == 200
    form["frame_ancestors"] = '["https://lms.example"]'
    assert operator.post(url, {**form, **forms}).status_code == 302
    registration.refresh_from_db()
    assert registration.frame_ancestors == ["https://lms.example"]


def test_an_invitation_shows_its_link_once(operator: Client) -> None:
    add = "/admin/lti_tool/invitation/add/"
    assert operator.get(add).status_code == 200
    form = {"note": "Hill School", "new_deployments": "accept", "days": "3"}
    page = operator.post(add, form, follow=True).content.decode()
    found = re.search(r"/lti/register/\?invitation=([\w-]+)", page)
    assert found
    assert invitations.find(found[1]) == Invitation.objects.get()
    assert found[1] not in operator.get("/admin/lti_tool/invitation/").content.decode()
    for days in ("0", "91", "x"):
        assert operator.post(add, {**form, "days": days}).status_code == 200
    assert Invitation.objects.count() == 1


def deployment_form(deployment: Deployment, **ticks: str) -> dict[str, str]:
    """A registration's page with this one of its deployments, as it is sent."""
    row = {
        "id": str(deployment.pk),
        "registration": str(deployment.registration_id),
        "deployment_id": deployment.deployment_id,
        **ticks,
    }
    return {
        "name": deployment.registration.name,
        "is_active": "on",
        "new_deployments": "wait",
        "deployments-TOTAL_FORMS": "1",
        "deployments-INITIAL_FORMS": "1",
        **{f"deployments-0-{name}": value for name, value in row.items()},
    }


def test_a_waiting_deployment_is_counted_and_approved(operator: Client, cast: Cast) -> None:
    registration = cast.course.deployment.registration
    waiting = registration.deployments.create(deployment_id="new", is_approved=False)
    assert (
        '<td class="field-waiting">1</td>'
        in operator.get("/admin/lti_tool/registration/").content.decode()
    )
    url = reverse("admin:lti_tool_registration_change", args=[registration.pk])
    assert operator.post(url, deployment_form(waiting, is_approved="on")).status_code == 302
    waiting.refresh_from_db()
    assert waiting.is_approved


def test_a_deployment_is_deleted_only_where_no_course_goes_with_it(
    operator: Client, cast: Cast
) -> None:
    used = cast.course.deployment
    url = reverse("admin:lti_tool_registration_change", args=[used.registration_id])
    empty = used.registration.deployments.create(deployment_id="new", is_approved=False)
    for deployment in (used, empty):
        assert operator.post(url, deployment_form(deployment, DELETE="on")).status_code == 302
    assert list(used.registration.deployments.all()) == [used]
    used.refresh_from_db()
    assert not used.is_approved


def test_what_is_changed_here_is_recorded(operator: Client, cast: Cast) -> None:
    deployment = cast.course.deployment
    url = reverse("admin:lti_tool_registration_change", args=[deployment.registration_id])
    form = {
        "name": deployment.registration.name,
        "new_deployments": "wait",
        "deployments-TOTAL_FORMS": "2",
        "deployments-INITIAL_FORMS": "1",
        "deployments-0-id": str(deployment.pk),
        "deployments-0-registration": str(deployment.registration_id),
        "deployments-0-deployment_id": "1",
        "deployments-1-registration": str(deployment.registration_id),
        "deployments-1-deployment_id": "2",
        "deployments-1-is_approved": "on",
    }
    assert operator.post(url, form).status_code == 302
    fields, deployments = AuditEntry.objects.filter(kind="platform").order_by("pk")
    assert (fields.operator, fields.registration) == ("operator", deployment.registration)
    assert fields.before == {"is_active": True, "new_deployments": "refuse"}
    assert fields.after == {"is_active": False, "new_deployments": "wait"}
    assert deployments.before == {"deployments": ["1 (approved)"]}
    assert deployments.after == {"deployments": ["1 (waiting)", "2 (approved)"]}
    second = deployment.registration.deployments.get(deployment_id="2")
    form |= {
        "deployments-INITIAL_FORMS": "2",
        "deployments-1-id": str(second.pk),
        "deployments-1-deployment_id": "3",
    }
    assert operator.post(url, form).status_code == 302
    renamed = AuditEntry.objects.filter(kind="platform").latest("pk")
    assert renamed.before == {"deployments": ["2 (approved)"]}
    assert renamed.after == {"deployments": ["3 (approved)"]}
    assert operator.post(url, {**form, "deployments-1-DELETE": "on"}).status_code == 302
    deleted = AuditEntry.objects.filter(kind="platform").latest("pk")
    assert (deleted.before, deleted.after) == (
        {"deployments": ["3 (approved)"]},
        {"deployments": []},
    )
    assert operator.post(url, {**form, "deployments-TOTAL_FORMS": "1"}).status_code == 302
    assert AuditEntry.objects.filter(kind="platform").latest("pk") == deleted


def test_registration_links_that_are_made_and_deleted_here_are_recorded(operator: Client) -> None:
    form = {"note": "Hill School", "new_deployments": "wait", "days": "7"}
    for _time in range(3):
        assert operator.post(reverse("admin:lti_tool_invitation_add"), form).status_code == 302
    first, *others = Invitation.objects.order_by("pk")
    delete = reverse("admin:lti_tool_invitation_delete", args=[first.pk])
    assert operator.post(delete, {"post": "yes"}).status_code == 302
    posted = {"action": "delete_selected", "post": "yes"}
    chosen = {"_selected_action": [row.pk for row in others]}
    operator.post(reverse("admin:lti_tool_invitation_changelist"), posted | chosen)
    assert not Invitation.objects.exists()
    rows = AuditEntry.objects.filter(kind="invitation").order_by("pk")
    assert {row.operator for row in rows} == {"operator"}
    subjects = [f"invitation-{row.pk}" for row in (first, *others)]
    assert [row.subject for row in rows][:4] == [*subjects, subjects[0]]
    assert sorted(row.subject for row in rows) == sorted(subjects * 2)
    assert (rows[0].before, rows[0].after["new_deployments"]) == ({}, "wait")
    assert (rows[3].before, rows[3].after) == (rows[0].after, {})
    assert "Hill" not in str(list(rows.values()))
