"""The JSON of a line item, read and written (LTI-AGS 2.0, 3.2)."""

from dataclasses import dataclass
from decimal import Decimal

from lti_tool.sandbox.models import Column, Review
from lti_tool.sandbox.server.converters import parse_number
from lti_tool.sandbox.services import addresses, fields, submission_review
from lti_tool.sandbox.services.fields import BadFieldError
from lti_tool.sandbox.services.json_body import JsonObject, as_number


@dataclass(frozen=True)
class LineItem:
    label: str
    maximum: Decimal
    activity_id: int | None
    resource_id: str
    tag: str
    review: Review | None


def parse(body: JsonObject) -> LineItem:
    """Return a line item; raise BadFieldError for the first error in it.

    Label and maximum are required. An absent member is empty, in a PUT as in a POST.
    """
    label = fields.text(body, "label")
    if not label.strip():
        raise BadFieldError("label is missing")
    link_id = fields.text(body, "resourceLinkId")
    activity_id = parse_number(link_id)
    if link_id and activity_id is None:
        raise BadFieldError("resourceLinkId must be the id of a resource link")
    return LineItem(
        label=label,
        maximum=fields.points(body, "scoreMaximum"),
        activity_id=activity_id,
        resource_id=fields.text(body, "resourceId"),
        tag=fields.text(body, "tag"),
        review=submission_review.parse(body),
    )


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
    if column.review is not None:
        item["submissionReview"] = column.review
    return item
