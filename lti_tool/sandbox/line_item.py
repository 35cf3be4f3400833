"""A line item as JSON, both ways: LTI-AGS 2.0, 3.2. Pure but for reading a column."""

from dataclasses import dataclass
from decimal import Decimal

from lti_tool.sandbox import addresses
from lti_tool.sandbox.json_body import JsonObject, as_decimal, as_number
from lti_tool.sandbox.models import Column

LONGEST_TEXT = 255
PLACES = Decimal("0.00001")


class BadLineItemError(ValueError):
    """Why this is no line item."""


@dataclass(frozen=True)
class LineItem:
    label: str
    maximum: Decimal
    activity_id: int | None
    resource_id: str
    tag: str


def parse(body: JsonObject) -> LineItem:
    """Label and maximum are needed; what is left out is empty, in a PUT as in a POST."""
    label = _text(body, "label")
    if not label.strip():
        raise BadLineItemError("label is missing")
    maximum = as_decimal(body.get("scoreMaximum"))
    if maximum is None or maximum.quantize(PLACES) <= 0:
        raise BadLineItemError("scoreMaximum must be a number above 0")
    return LineItem(
        label=label,
        maximum=maximum.quantize(PLACES),
        activity_id=_link_id(body),
        resource_id=_text(body, "resourceId"),
        tag=_text(body, "tag"),
    )


def _text(body: JsonObject, name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise BadLineItemError(f"{name} must be text of at most {LONGEST_TEXT} characters")
    return value


def _link_id(body: JsonObject) -> int | None:
    value = _text(body, "resourceLinkId")
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 19):
        raise BadLineItemError("resourceLinkId must be the id of a resource link")
    return int(value)


def as_json(column: Column) -> JsonObject:
    item: JsonObject = {
        "id": addresses.column(column),
        "label": column.label,
        "scoreMaximum": as_number(column.maximum),
        "resourceId": column.resource_id,
        "tag": column.tag,
    }
    if column.activity_id is not None:
        item["resourceLinkId"] = str(column.activity_id)
    return item
