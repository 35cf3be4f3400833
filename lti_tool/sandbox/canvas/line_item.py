"""The JSON of a line item in Canvas (LTI-AGS 2.0, 3.2, with Canvas's submission type)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from lti_tool.sandbox.canvas import addresses, ids
from lti_tool.sandbox.models import Column
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.services import fields
from lti_tool.sandbox.services.fields import BadFieldError
from lti_tool.sandbox.services.json_body import JsonObject, as_number

SUBMISSION_TYPE: Final = "https://canvas.instructure.com/lti/submission_type"


@dataclass(frozen=True)
class LineItem:
    """A line item as it was sent; None means absent, which a PUT leaves unchanged."""

    label: str | None
    maximum: Decimal | None
    link_id: str | None
    resource_id: str | None
    tag: str | None
    tool_url: str


def parse(body: JsonObject, origin: str) -> LineItem:
    """Return a line item; raise BadFieldError for the first error in it.

    `origin` is the tool's own, at which a launchable assignment's address has to be.
    """
    texts = {
        name: fields.text(body, name)
        for name in ("label", "resourceLinkId", "resourceId", "tag")
        if name in body
    }
    return LineItem(
        label=texts.get("label"),
        maximum=fields.points(body, "scoreMaximum") if "scoreMaximum" in body else None,
        link_id=texts.get("resourceLinkId"),
        resource_id=texts.get("resourceId"),
        tag=texts.get("tag"),
        tool_url=_tool_url(body, origin),
    )


def _tool_url(body: JsonObject, origin: str) -> str:
    """Return the address that the assignment launches; '' if it cannot be launched."""
    with fields.inside("submission_type"):
        kind = fields.section(body, SUBMISSION_TYPE) or {"type": "none"}
        if kind.get("type") == "none":
            return ""
        if kind.get("type") != "external_tool":
            raise BadFieldError("type must be none or external_tool")
        url = fields.address(kind, "external_tool_url")
        if conf.origin(url) != origin:
            raise BadFieldError("external_tool_url must be an address of the tool")
        return url


def as_json(column: Column) -> JsonObject:
    item: JsonObject = {
        "id": addresses.column(column),
        "label": column.label,
        "scoreMaximum": as_number(column.maximum),
    }
    if column.activity_id is not None:
        item["resourceLinkId"] = ids.link(column.activity_id)
    if column.resource_id:
        item["resourceId"] = column.resource_id
    if column.tag:
        item["tag"] = column.tag
    return item
