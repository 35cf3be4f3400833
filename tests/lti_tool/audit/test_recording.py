"""What is recorded is saved with the change, is small, and is one line of the log without names."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import User as Operator
from django.db import transaction
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from lti_tool import audit
from lti_tool.audit import AuditKind
from lti_tool.audit.recording import CUT, MAX_TEXT, MAX_VALUES
from lti_tool.models import AuditEntry
from tests.cast import Cast


def test_who_where_and_about_whom(cast: Cast) -> None:
    audit.record(
        AuditKind.MARK,
        audit.person(cast.ruth.user),
        link=cast.course.link,
        person_id=cast.amina.user.pk,
        subject="attempt-7",
        before={"points": Decimal("2.0000")},
        after={"points": Decimal("2.5000"), "at": datetime(2026, 5, 4, tzinfo=UTC)},
    )
    row = AuditEntry.objects.get()
    assert (row.by, row.actor, row.operator) == ("person", cast.ruth.user, "")
    assert row.registration == cast.course.deployment.registration
    assert (row.context, row.link, row.place) == (cast.course.context, cast.course.link, "Causes")
    assert (row.person, row.subject) == (cast.amina.user, "attempt-7")
    assert row.before == {"points": "2"}
    assert row.after == {"points": "2.5", "at": "2026-05-04T00:00:00+00:00"}


def test_the_tool_at_a_link_is_at_its_platform(cast: Cast) -> None:
    row = audit.record(AuditKind.EDITION, audit.TOOL, link=cast.course.link)
    assert (row.by, row.actor) == ("tool", None)
    assert row.registration == cast.course.deployment.registration


def test_a_command_is_an_operators(cast: Cast) -> None:
    row = audit.record(AuditKind.EXPORT, audit.command_line(), context=cast.course.context)
    assert (row.by, row.operator, row.place) == ("operator", "manage.py", "Course 2")


def test_values_are_bounded(db: None) -> None:
    row = audit.record(
        AuditKind.PLATFORM,
        audit.TOOL,
        before={"text": "x" * (MAX_TEXT + 1), "list": list(range(200))},
        after={f"n{number}": number for number in range(200)},
    )
    assert row.before["text"] == "x" * (MAX_TEXT - 1) + CUT
    assert row.before["list"] == [*range(MAX_VALUES - 1), CUT]
    assert len(row.after) == MAX_VALUES
    whole = {"text": "x" * MAX_TEXT, "list": [*range(MAX_VALUES)]}
    assert audit.record(AuditKind.PLATFORM, audit.TOOL, after=whole).after == whole


def test_a_value_that_may_be_anything_is_refused(db: None) -> None:
    with pytest.raises(TypeError, match="dict"):
        audit.record(AuditKind.MARK, audit.TOOL, after={"answer": {"text": "…"}})


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(TransactionManagementError):
        audit.record(AuditKind.MARK, audit.TOOL)
    with transaction.atomic():
        audit.record(AuditKind.MARK, audit.TOOL)
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_that_fails_leaves_no_entry_and_no_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "lti_tool.audit")
    with transaction.atomic():
        audit.record(AuditKind.MARK, audit.TOOL)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()
    assert caplog.records == []


def test_many_are_one_statement(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ruth = audit.person(cast.ruth.user)
    made = [
        audit.entry(AuditKind.RELEASE, ruth, link=cast.course.link, person_id=cast.amina.user.pk)
        for _number in range(40)
    ]
    with django_assert_num_queries(1):
        audit.record_all(made)
    with django_assert_num_queries(0):
        audit.record_all([])


def test_the_log_has_a_line_without_names(
    cast: Cast,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    caplog.set_level(logging.INFO, "lti_tool.audit")
    with django_capture_on_commit_callbacks(execute=True):
        row = audit.record(
            AuditKind.RELEASE,
            audit.person(cast.ruth.user),
            link=cast.course.link,
            person_id=cast.amina.user.pk,
            subject="attempt-7",
            after={"points": 3},
        )
        audit.record(AuditKind.EXPORT, audit.command_line())
        otto = Operator.objects.create_user("otto")
        audit.record(AuditKind.EXPORT, audit.operator(otto))
    first, second, third = (record.getMessage() for record in caplog.records)
    ruth, amina = cast.ruth.user.pk, cast.amina.user.pk
    assert first == (
        f"release: entry={row.pk} by=person-{ruth} registration={row.registration_id}"
        f" course={row.context_id} link={row.link_id} person={amina} subject=attempt-7"
    )
    assert "by=operator registration=- course=- link=- person=- subject=-" in second
    assert f"by=operator-{otto.pk} registration=-" in third
    assert "Ruth" not in first + second
    assert "otto" not in third
