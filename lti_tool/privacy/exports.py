"""The rows about people and courses on the platform's side, as plain values for a file.

Every field of a row is given, so that an export stays complete when a model grows; beside them
stand the names that make it readable.
"""

from __future__ import annotations

import base64
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import QuerySet

from lti_tool.models import (
    AuditEntry,
    Context,
    Delivery,
    Job,
    Membership,
    ResourceLink,
    StoredLaunch,
    User,
)

CHUNK = 500
Exported = dict[str, Any]


class ExportEncoder(DjangoJSONEncoder):
    """A JSON encoder that writes times, decimals and ids as text, and bytes in base64."""

    def default(self, o: Any) -> Any:
        """Return a value for what JSON has no form for. Raise TypeError for other objects."""
        if isinstance(o, bytes | memoryview):
            return base64.b64encode(bytes(o)).decode()
        return super().default(o)


def fields_of(row: models.Model, **more: object) -> Exported:
    """Return every field of a row by name, a related row as its id, and the values of ``more``."""
    return {**more, **{field.name: field.value_from_object(row) for field in row._meta.fields}}


def person(user: User) -> Exported:
    """Return the person, with the platform that knows them."""
    registration = user.registration
    platform = {
        "name": registration.name,
        "issuer": registration.issuer,
        "client_id": registration.client_id,
    }
    return fields_of(user, platform=platform)


def memberships(rows: QuerySet[Membership]) -> list[Exported]:
    """Return the courses that these people are in, with their roles."""
    chosen = rows.select_related("context")
    return [fields_of(row, course=str(row.context)) for row in chosen.iterator(chunk_size=CHUNK)]


def launches(rows: QuerySet[StoredLaunch]) -> list[Exported]:
    """Return the launches of these people, oldest first, with course and activity."""
    chosen = rows.select_related("membership__context", "link").order_by("created_at")
    return [
        fields_of(
            row,
            user=row.membership.user_id,
            course=str(row.membership.context),
            activity=str(row.link) if row.link else "",
        )
        for row in chosen.iterator(chunk_size=CHUNK)
    ]


def scores(rows: QuerySet[Delivery]) -> list[Exported]:
    """Return the scores that the gradebook should show, with the state of their delivery."""
    chosen = rows.select_related("line_item__link__context")
    return [
        fields_of(row, course=str(row.line_item.link.context), activity=str(row.line_item.link))
        for row in chosen.iterator(chunk_size=CHUNK)
    ]


def jobs(rows: QuerySet[Job]) -> list[Exported]:
    """Return work that these people asked for, with what they uploaded for it."""
    return [fields_of(row) for row in rows.order_by("pk").iterator(chunk_size=1)]


def audit_entries(rows: QuerySet[AuditEntry], user: User | None = None) -> list[Exported]:
    """Return what the audit trail has, oldest first.

    With a ``user``, to whom the export may be handed, it is not said to whom that person did
    something, nor which operator did something to them.
    """
    chosen = rows.order_by("at", "pk")
    return [_audit_entry(row, user) for row in chosen.iterator(chunk_size=CHUNK)]


def _audit_entry(row: AuditEntry, user: User | None) -> Exported:
    if user is None:
        return fields_of(row)
    is_about_another = row.person_id not in {None, user.pk}
    hidden = {"person": None, "subject": ""} if is_about_another else {}
    return fields_of(row) | {"operator": ""} | hidden


def course(context: Context) -> Exported:
    """Return the course, with its activities and their columns."""
    links = ResourceLink.objects.filter(context=context).prefetch_related("line_items")
    activities = [
        fields_of(link, columns=[fields_of(column) for column in link.line_items.all()])
        for link in links
    ]
    return fields_of(context, activities=activities)
