"""Entries are added, and neither changed nor deleted but by privacy's erasure and retention."""

from __future__ import annotations

import re

import pytest
from django.db import Error, connection, transaction

from lti_tool import audit
from lti_tool.audit import AuditKind
from lti_tool.models import AppendOnly, AuditEntry
from tests import ROOT
from tests.cast import Cast

# They erase, export and forget; the model declares it.
PRIVACY = {
    "lti_tool/models/audit.py",
    "lti_tool/privacy/retention.py",
    "worksheets/privacy/erasure.py",
}


@pytest.fixture
def entry(cast: Cast) -> AuditEntry:
    return audit.record(
        AuditKind.RELEASE,
        audit.person(cast.ruth.user),
        link=cast.course.link,
        person_id=cast.amina.user.pk,
        after={"points": 3},
    )


def test_a_row_is_not_saved_again(entry: AuditEntry) -> None:
    entry.after = {"points": 4}
    with pytest.raises(AppendOnly):
        entry.save()
    with pytest.raises(AppendOnly):
        entry.delete()
    entry.refresh_from_db()
    assert entry.after == {"points": 3}


def test_rows_are_not_changed_by_a_query(entry: AuditEntry) -> None:
    rows = AuditEntry.objects.filter(pk=entry.pk)
    with pytest.raises(AppendOnly):
        rows.update(operator="otto")
    with pytest.raises(AppendOnly):
        rows.delete()
    with pytest.raises(AppendOnly):
        AuditEntry.objects.bulk_update([entry], ["operator"])
    with pytest.raises(AppendOnly):
        AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"operator": "otto"})
    with pytest.raises(AppendOnly):
        AuditEntry.objects.bulk_create(
            [entry], update_conflicts=True, unique_fields=["id"], update_fields=["operator"]
        )
    assert rows.get().operator == ""


@pytest.mark.parametrize(
    "change",
    [
        "operator = 'otto'",
        "kind = 'mark'",
        "before = '{\"points\": 9}'",
        "at = NULL",
        "person_id = actor_id",
        "actor_id = person_id, link_id = NULL",
    ],
)
def test_the_database_refuses_a_change(entry: AuditEntry, change: str) -> None:
    table = AuditEntry._meta.db_table
    with (
        pytest.raises(Error, match="not changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET {change} WHERE id = %s", [entry.pk])


@pytest.mark.parametrize("name", ["actor", "registration", "context", "link", "person"])
def test_the_database_lets_a_reference_go(entry: AuditEntry, name: str) -> None:
    AuditEntry.for_privacy.filter(pk=entry.pk).update(**{name: None})
    entry.refresh_from_db()
    assert getattr(entry, name) is None


def test_only_privacy_goes_past_the_guard() -> None:
    found = {
        str(path.relative_to(ROOT))
        for package in ("lti_tool", "worksheets")
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
        and re.search(r"AuditEntry\._base_manager|\bfor_privacy\b", path.read_text())
    }
    assert found == PRIVACY
