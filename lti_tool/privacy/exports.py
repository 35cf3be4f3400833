"""What is kept of people and courses on the platform's side, as plain values for a file.

Every field of a row is given, so that an export is complete also when a model grows; beside
them stand the names that make it readable.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import QuerySet

from lti_tool.models import Context, Delivery, Membership, ResourceLink, StoredLaunch, User

CHUNK = 500
Exported = dict[str, Any]


class ExportEncoder(DjangoJSONEncoder):
    """Times, decimals and ids as text; bytes in base64."""

    def default(self, o: Any) -> Any:
        """What JSON has no form for."""
        if isinstance(o, bytes | memoryview):
            return base64.b64encode(bytes(o)).decode()
        return super().default(o)


def fields_of(row: models.Model, **more: object) -> Exported:
    """Every field of a row by name; a row that it points at by id."""
    return {**more, **{field.name: field.value_from_object(row) for field in row._meta.fields}}


def person(user: User) -> Exported:
    """The person, and the platform that knows them."""
    return fields_of(user, platform=_platform(user))


def memberships(rows: QuerySet[Membership]) -> list[Exported]:
    """Where these people are, and as what."""
    chosen = rows.select_related("context")
    return [fields_of(row, course=str(row.context)) for row in _each(chosen)]


def launches(rows: QuerySet[StoredLaunch]) -> list[Exported]:
    """When these people came, and to what."""
    chosen = rows.select_related("membership__context", "link").order_by("created_at")
    return [
        fields_of(
            row,
            user=row.membership.user_id,
            course=str(row.membership.context),
            activity=str(row.link) if row.link else "",
        )
        for row in _each(chosen)
    ]


def scores(rows: QuerySet[Delivery]) -> list[Exported]:
    """What the gradebook should show, and how far it has got."""
    chosen = rows.select_related("line_item__link__context")
    return [
        fields_of(row, course=str(row.line_item.link.context), activity=str(row.line_item.link))
        for row in _each(chosen)
    ]


def course(context: Context) -> Exported:
    """The course, with its activities and their columns."""
    links = ResourceLink.objects.filter(context=context).select_related("line_item")
    return fields_of(context, activities=[_activity(link) for link in links])


def _activity(link: ResourceLink) -> Exported:
    column = getattr(link, "line_item", None)
    return fields_of(link, column=fields_of(column) if column else None)


def _platform(user: User) -> Exported:
    registration = user.registration
    return {
        "name": registration.name,
        "issuer": registration.issuer,
        "client_id": registration.client_id,
    }


def _each(rows: QuerySet[Any]) -> Iterable[Any]:
    return rows.iterator(chunk_size=CHUNK)
