"""Sign-ins of operators, those that failed, and accounts that are kept waiting."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User as Operator
from django.test import Client
from django.urls import reverse

from lti_tool.audit import operators
from lti_tool.models import AuditEntry

PASSWORD = "correct horse battery staple"


@pytest.fixture
def otto(db: None) -> Operator:
    return Operator.objects.create_superuser("otto", password=PASSWORD)


def sign_in(name: str, password: str) -> int:
    client = Client(headers={"host": "localhost:8001"})
    return client.post(
        reverse("admin:login"), {"username": name, "password": password, "next": "/admin/"}
    ).status_code


def recorded() -> list[tuple[str, str, str, dict[str, object]]]:
    rows = AuditEntry.objects.order_by("pk")
    return [(row.kind, row.by, row.operator, row.after) for row in rows]


def test_a_sign_in(otto: Operator) -> None:
    assert sign_in("otto", PASSWORD) == 302
    assert recorded() == [("sign-in", "operator", "otto", {})]


def test_a_failure_names_an_account_and_nothing_that_was_typed(otto: Operator) -> None:
    assert sign_in("otto", "a guess") == 200
    assert sign_in("my-password-by-mistake", "otto") == 200
    assert recorded() == [
        ("sign-in-failed", "operator", "otto", {"reason": "invalid_login"}),
        ("sign-in-failed", "operator", "", {"reason": "invalid_login"}),
    ]
    assert "mistake" not in str(list(AuditEntry.objects.values()))


def test_a_lockout(otto: Operator) -> None:
    assert [sign_in("otto", "a guess") for _time in range(5)] == [200, 200, 200, 200, 429]
    assert [row[0] for row in recorded()] == [*["sign-in-failed"] * 4, "locked-out"]


def test_who_tries_for_hours_does_not_fill_the_table(
    otto: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operators, "MAX_FAILURES_AN_HOUR", 3)
    for number in range(8):
        sign_in(f"nobody-{number}", "a guess")
    assert AuditEntry.objects.count() == 3


def test_who_tries_names_that_are_none_hides_nobody_who_tries_an_account(
    otto: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operators, "MAX_FAILURES_AN_HOUR", 1)
    for name in ("nobody", "nobody-else", "otto"):
        sign_in(name, "a guess")
    assert [row[2] for row in recorded()] == ["", "otto"]
