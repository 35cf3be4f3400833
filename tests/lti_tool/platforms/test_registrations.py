"""Registering a platform by hand: idempotent, and checked."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from lti_tool.models import AuditEntry, Deployment, Registration
from tests.cast import make_registration

pytestmark = pytest.mark.django_db

DETAILS = {
    "name": "Our Moodle",
    "issuer": "http://127.0.0.1:9000",
    "client-id": "abc",
    "deployment-id": "1",
    "auth-login-url": "http://127.0.0.1:9000/auth",
    "auth-token-url": "http://127.0.0.1:9000/token",
    "jwks-url": "http://127.0.0.1:9000/jwks",
}


def add_platform(**changes: str) -> str:
    """What the command says."""
    details = {**DETAILS, **{name.replace("_", "-"): value for name, value in changes.items()}}
    out = StringIO()
    call_command("add_platform", *(f"--{n}={value}" for n, value in details.items()), stdout=out)
    return out.getvalue()


def test_adds_a_platform_and_says_what_the_lms_needs() -> None:
    said = add_platform()
    assert said.startswith("Added Our Moodle.\n")
    for path in ("/lti/launch/", "/lti/login/", "/lti/jwks.json"):
        assert f"http://localhost:8001{path}" in said
    row = Registration.objects.get()
    assert (row.name, row.issuer, row.client_id) == ("Our Moodle", DETAILS["issuer"], "abc")
    assert (row.auth_login_url, row.auth_token_url, row.jwks_url) == (
        DETAILS["auth-login-url"],
        DETAILS["auth-token-url"],
        DETAILS["jwks-url"],
    )
    assert row.is_active
    assert Deployment.objects.get().deployment_id == "1"


def test_the_same_again_changes_nothing() -> None:
    add_platform()
    assert add_platform().startswith("Updated")
    assert (Registration.objects.count(), Deployment.objects.count()) == (1, 1)


def test_brings_a_platform_up_to_date() -> None:
    add_platform()
    Registration.objects.update(is_active=False)
    add_platform(name="Moodle 5", jwks_url="http://127.0.0.1:9000/keys", deployment_id="2")
    row = Registration.objects.get()
    assert (row.name, row.jwks_url, row.is_active) == (
        "Moodle 5",
        "http://127.0.0.1:9000/keys",
        True,
    )
    assert {d.deployment_id for d in row.deployments.all()} == {"1", "2"}


EDX = "http://127.0.0.1:9000/api/lti_consumer/v1/launch/"


def test_institution_roles_count_if_the_operator_says_so() -> None:
    def counts() -> bool:
        return Registration.objects.get().takes_institution_roles

    add_platform()
    assert not counts()
    said = call("--institution-roles")
    assert counts()
    assert "We do not know to whom" in said
    add_platform(name="Moodle 5")  # says nothing of it
    assert counts()
    assert "We do not know" not in call("--no-institution-roles")
    assert not counts()
    assert "We do not know" not in call("--institution-roles", f"--auth-login-url={EDX}")
    assert counts()


def call(*options: str) -> str:
    out = StringIO()
    call_command(
        "add_platform", *(f"--{n}={value}" for n, value in DETAILS.items()), *options, stdout=out
    )
    return out.getvalue()


def test_another_client_is_another_platform() -> None:
    make_registration("abc", "http://elsewhere")
    add_platform()
    add_platform(client_id="def")
    assert Registration.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " "),
        ("name", "x" * 201),
        ("issuer", ""),
        ("issuer", "x" * 256),
        ("client_id", ""),
        ("client_id", "a\nb"),
        ("deployment_id", ""),
        ("deployment_id", "x" * 256),
        ("auth_login_url", "javascript:alert(1)"),
        ("auth_login_url", "http://127.0.0.1/" + "x" * 1000),
        ("auth_token_url", "127.0.0.1:9000/token"),
        ("jwks_url", "file:///etc/passwd"),
        ("jwks_url", ""),
    ],
)
def test_refuses_what_cannot_be_right(field: str, value: str) -> None:
    with pytest.raises(CommandError) as refused:
        add_platform(**{field: value})
    assert str(refused.value).endswith(".")
    assert not Registration.objects.exists()


def test_a_name_as_long_as_its_column() -> None:
    add_platform(name="x" * 200)
    assert len(Registration.objects.get().name) == 200


@pytest.mark.parametrize("field", ["auth_login_url", "auth_token_url", "jwks_url"])
def test_refuses_private_addresses_unless_allowed(settings: Settings, field: str) -> None:
    settings.LTI_ALLOW_PRIVATE_HOSTS = False
    public = dict.fromkeys(("auth_login_url", "auth_token_url", "jwks_url"), "https://1.1.1.1/")
    with pytest.raises(CommandError, match="private network"):
        add_platform(**{**public, field: "https://127.0.0.1/"})
    add_platform(**public)


@pytest.mark.parametrize("missing", DETAILS)
def test_every_detail_is_needed(missing: str) -> None:
    given = [f"--{name}={value}" for name, value in DETAILS.items() if name != missing]
    with pytest.raises(CommandError, match=missing):
        call_command("add_platform", *given)


def test_no_deployment_is_needed_where_new_ones_are_learnt() -> None:
    add_platform(deployment_id="", new_deployments="wait", auth_audience="https://a.example/t")
    row = Registration.objects.get()
    assert (row.new_deployments, row.auth_audience) == ("wait", "https://a.example/t")
    assert not Deployment.objects.exists()
    with pytest.raises(CommandError, match="deployment-id"):
        add_platform(deployment_id="", new_deployments="refuse")


def test_what_is_not_said_stays() -> None:
    add_platform(new_deployments="accept", auth_audience="https://a.example/t")
    add_platform(name="Another name")
    row = Registration.objects.get()
    assert (row.name, row.new_deployments) == ("Another name", "accept")
    assert row.auth_audience == "https://a.example/t"


def test_an_approval_by_hand() -> None:
    add_platform()
    Deployment.objects.update(is_approved=False)
    add_platform()
    assert Deployment.objects.get().is_approved


def test_a_blank_beside_a_copied_id_is_no_part_of_it() -> None:
    add_platform(client_id=" abc ")
    assert Registration.objects.get().client_id == "abc"


def test_where_people_see_the_tool() -> None:
    add_platform(frame_ancestor="https://school.instructure.com")
    assert Registration.objects.get().frame_ancestors == ["https://school.instructure.com"]
    add_platform()  # what is not said stays
    assert Registration.objects.get().frame_ancestors == ["https://school.instructure.com"]
    for wrong in ("school.instructure.com", "https://school.instructure.com/courses", "*", ""):
        with pytest.raises(CommandError, match="is not an origin"):
            add_platform(frame_ancestor=wrong)


def test_what_is_added_and_changed_is_recorded() -> None:
    add_platform()
    add_platform()
    Registration.objects.update(is_active=False)
    add_platform(name="Another name", deployment_id="2")
    first, second = AuditEntry.objects.order_by("pk")
    assert (first.kind, first.operator) == ("platform", "manage.py")
    assert (first.registration, first.place) == (Registration.objects.get(), "Our Moodle")
    assert first.before == {}
    assert first.after["issuer"] == DETAILS["issuer"]
    assert (first.after["is_active"], first.after["deployment"]) == (True, "1")
    assert second.before == {"name": "Our Moodle", "is_active": False}
    assert second.after == {"name": "Another name", "is_active": True, "deployment": "2"}


def test_a_deployment_that_waited_is_recorded_once_it_is_approved() -> None:
    add_platform()
    Deployment.objects.update(is_approved=False)
    AuditEntry.for_privacy.all().delete()
    for _time in range(2):
        add_platform()
    row = AuditEntry.objects.get()
    assert (row.before, row.after) == ({}, {"deployment": "1"})
    assert Deployment.objects.get().is_approved


def test_what_is_refused_is_not_recorded() -> None:
    with pytest.raises(CommandError):
        add_platform(issuer=" ")
    assert not AuditEntry.objects.exists()
