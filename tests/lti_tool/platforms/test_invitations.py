"""Invitations: one-time, expiring, and kept as a digest only."""

from __future__ import annotations

import hashlib
import socket
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from lti_tool.audit import TOOL, AuditKind, command_line
from lti_tool.models import AuditEntry, Invitation, NewDeployments, Registration
from lti_tool.platforms import invitations
from lti_tool.platforms.invitations import (
    InvitationUsed,
    find,
    invite,
    register_by,
    withdraw,
)
from lti_tool.platforms.registrations import PlatformDetails, RegistrationInvalid

pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:9000"
DETAILS = PlatformDetails("LMS", BASE, "abc", "1", f"{BASE}/auth", f"{BASE}/token", f"{BASE}/jwks")


def make_token(link: str) -> str:
    return link.partition("?invitation=")[2]


def test_the_link_is_known_once() -> None:
    row, link = invite("Hill School", by=TOOL)
    assert link.startswith("http://localhost:8001/lti/register/?invitation=")
    token = make_token(link)
    assert find(token) == row
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(Invitation.objects.values().get())


def test_it_expires() -> None:
    row, link = invite(days=1, by=TOOL)
    assert row.expires_at - timezone.now() < timedelta(days=1)
    Invitation.objects.update(expires_at=timezone.now())
    assert find(make_token(link)) is None
    with pytest.raises(InvitationUsed):
        register_by(row, DETAILS, None)
    assert not Registration.objects.exists()


def test_it_registers_once() -> None:
    row, link = invite(by=TOOL)
    registration = register_by(row, DETAILS, None)
    assert find(make_token(link)) is None
    with pytest.raises(InvitationUsed):
        register_by(row, replace(DETAILS, client_id="d"), None)
    assert Registration.objects.get() == registration
    row.refresh_from_db()
    assert row.registration == registration
    recorded = AuditEntry.objects.get(kind=AuditKind.PLATFORM)
    assert (recorded.by, recorded.registration) == ("tool", registration)
    assert recorded.after["invitation"] == row.pk


def test_a_link_that_is_made_and_withdrawn_is_recorded() -> None:
    row, link = invite("Hill School", by=command_line())
    subject = f"invitation-{row.pk}"
    withdraw(row, by=command_line())
    assert find(make_token(link)) is None
    made, withdrawn = AuditEntry.objects.order_by("pk")
    for recorded in (made, withdrawn):
        assert (recorded.kind, recorded.operator, recorded.subject) == (
            AuditKind.INVITATION,
            "manage.py",
            subject,
        )
    assert (made.after["new_deployments"], made.after["used_at"]) == ("accept", None)
    assert (made.before, withdrawn.before, withdrawn.after) == ({}, made.after, {})
    assert make_token(link) not in str(list(AuditEntry.objects.values()))


def test_a_refused_platform_does_not_use_it_up() -> None:
    row, link = invite(by=TOOL)
    wrong = replace(DETAILS, name="")
    with pytest.raises(RegistrationInvalid):
        register_by(row, wrong, None)
    assert find(make_token(link)) == row


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_name_service(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow one, which a platform may have, would hold up every launch."""
    settings.LTI_ALLOW_PRIVATE_HOSTS = False
    held_up = []

    def look_up(*_args: object, **_kwargs: object) -> list[tuple[object, ...]]:
        held_up.append(connection.in_atomic_block)
        return [(0, 0, 0, "", ("1.1.1.1", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    lms = "https://lms.example"
    register_by(invite(by=TOOL)[0], PlatformDetails("LMS", lms, "abc", "1", lms, lms, lms), None)
    assert held_up == [False, False, False]


def test_the_command_prints_the_link_and_nothing_else_on_standard_output() -> None:
    out, err = StringIO(), StringIO()
    call_command(
        "invite_platform", note="Hill", days=2, new_deployments="wait", stdout=out, stderr=err
    )
    row = Invitation.objects.get()
    assert find(make_token(out.getvalue().strip())) == row
    assert (row.note, row.new_deployments) == ("Hill", NewDeployments.WAIT)
    assert timedelta(days=1) < row.expires_at - timezone.now() < timedelta(days=2)
    assert "Manage tools" in err.getvalue()


@pytest.mark.parametrize(
    "options", [{"days": 0}, {"days": invitations.MAX_DAYS + 1}, {"note": "x" * 201}]
)
def test_the_command_refuses_what_cannot_be_right(options: dict[str, object]) -> None:
    with pytest.raises(CommandError):
        call_command("invite_platform", **options)
    assert not Invitation.objects.exists()
