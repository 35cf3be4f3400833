"""The strict parser of a deep linking response's content items (LTI-DL 2.0, section 3). Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lti_tool.protocol.vocabulary import RESOURCE_LINK_ITEM
from lti_tool.sandbox.models import Review
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.services import fields, submission_review
from lti_tool.sandbox.services.fields import BadFieldError
from lti_tool.sandbox.services.json_body import JsonObject

MAX_DESCRIPTION_LENGTH = 10_000
MAX_ITEMS = 100
# Canvas's: the name that a teacher gave the assignment stays.
KEEPS_NAME = "https://canvas.instructure.com/lti/preserveExistingAssignmentName"


@dataclass(frozen=True)
class LineItem:
    """The `lineItem` of an item (LTI-DL 2.0, 3.4). Moodle does not use its label."""

    maximum: Decimal
    resource_id: str
    tag: str
    review: Review | None
    label: str = ""


@dataclass(frozen=True)
class Period:
    """The `available` or `submission` period of an item; None where an end is open."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class ContentItem:
    """A content item, from which an activity is created."""

    title: str
    text: str
    url: str
    custom: dict[str, str]
    line_item: LineItem | None
    available: Period
    submission: Period
    keeps_name: bool


def parse(value: object, origins: Collection[str]) -> list[ContentItem]:
    """Return all content items. Raise BadFieldError for the first error in them.

    Their addresses have to be at the tool's `origins`.
    """
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise BadFieldError(f"content_items must be a list of at most {MAX_ITEMS}")
    return [_numbered_item(number, item, origins) for number, item in enumerate(value, 1)]


def _numbered_item(number: int, item: object, origins: Collection[str]) -> ContentItem:
    with fields.inside(f"content_items[{number}]"):
        if not isinstance(item, dict):
            raise BadFieldError("(item) must be an object")
        return _item(item, origins)


def _item(item: JsonObject, origins: Collection[str]) -> ContentItem:
    if item.get("type") != RESOURCE_LINK_ITEM:
        raise BadFieldError(f"type must be {RESOURCE_LINK_ITEM}: nothing else was accepted")
    _check_presentation(item)
    return ContentItem(
        title=fields.text(item, "title"),
        text=fields.text(item, "text", MAX_DESCRIPTION_LENGTH),
        url=_tool_address(item, "url", origins),
        custom=fields.texts(item, "custom"),
        line_item=_line_item(item, origins),
        available=_period(item, "available"),
        submission=_period(item, "submission"),
        keeps_name=_flag(item, KEEPS_NAME),
    )


def _flag(item: JsonObject, name: str) -> bool:
    value = item.get(name, False)
    if not isinstance(value, bool):
        raise BadFieldError(f"{name} must be true or false")
    return value


def _tool_address(item: JsonObject, name: str, origins: Collection[str]) -> str:
    url = fields.address(item, name)
    if url and conf.origin(url) not in origins:
        raise BadFieldError(f"{name} must be an address of the tool")
    return url


def _line_item(item: JsonObject, origins: Collection[str]) -> LineItem | None:
    section = fields.section(item, "lineItem")
    if section is None:
        return None
    with fields.inside("lineItem"):
        review = submission_review.parse(section)
        with fields.inside("submissionReview"):
            _tool_address(dict(review or {}), "url", origins)
        return LineItem(
            label=fields.text(section, "label"),
            maximum=fields.points(section, "scoreMaximum"),
            resource_id=fields.text(section, "resourceId"),
            tag=fields.text(section, "tag"),
            review=review,
        )


def _period(item: JsonObject, name: str) -> Period:
    with fields.inside_section(item, name) as section:
        period = Period(
            fields.moment(section, "startDateTime"), fields.moment(section, "endDateTime")
        )
        if period.start and period.end and period.start >= period.end:
            raise BadFieldError("startDateTime must be before endDateTime")
        return period


def _check_presentation(item: JsonObject) -> None:
    """Raise BadFieldError for a wrong icon, thumbnail, iframe or window.

    They are checked and then ignored: the platform decides how to show the activity.
    """
    for name in ("icon", "thumbnail"):
        with fields.inside_section(item, name) as picture:
            if name in item and not fields.address(picture, "url"):
                raise BadFieldError("url is missing")
            _check_size(picture)
    for name in ("iframe", "window"):
        with fields.inside_section(item, name) as frame:
            _check_size(frame)


def _check_size(section: JsonObject) -> None:
    for name in ("width", "height"):
        size = section.get(name, 1)
        if type(size) is not int or size < 1:
            raise BadFieldError(f"{name} must be a whole number of pixels")
