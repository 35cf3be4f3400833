"""Canvas's placements for deep linking: what each accepts, and what the response creates.

As in Canvas (`deep_linking_controller.rb`, `concerns/deep_linking_modules.rb`): the page of an
assignment takes one item, and has a column whatever the item says. At the other places an item
with a line item becomes an unpublished assignment if the switch `lti_deep_linking_line_items` is
on, and otherwise a link without a column; in a page it is always such a link. No request says what
becomes of line items: `accept_lineitem` is never there.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from lti_tool.protocol.vocabulary import Claim
from lti_tool.sandbox.deep_linking.content_items import ContentItem, LineItem
from lti_tool.sandbox.services.fields import BadFieldError


class Placement(NamedTuple):
    """The limits that a placement sets for a deep linking response."""

    label: str
    types: tuple[str, ...]
    media_types: str
    targets: tuple[str, ...]
    multiple: bool
    is_assignment: bool = False
    may_make_assignments: bool = False
    # The rich text editor may lack the frame of Platform Storage beside the tool's.
    lacks_storage_frame: bool = False


LINK: Final = "application/vnd.ims.lti.v1.ltilink"
LINKS: Final = (("ltiResourceLink",), LINK, ("iframe", "window"))
PLACEMENTS: Final = {
    "assignment_selection": Placement("Assignment", *LINKS, multiple=False, is_assignment=True),
    "course_assignments_menu": Placement(
        "Several assignments", *LINKS, multiple=True, may_make_assignments=True
    ),
    "link_selection": Placement("Module item", *LINKS, multiple=True, may_make_assignments=True),
    "module_menu_modal": Placement(
        "Items of a module", *LINKS, multiple=True, may_make_assignments=True
    ),
    "module_index_menu_modal": Placement(
        "A module of items", *LINKS, multiple=True, may_make_assignments=True
    ),
    "editor_button": Placement(
        "Link in a page",
        ("link", "file", "html", "ltiResourceLink", "image"),
        f"image/*,text/html,{LINK},*/*",
        ("embed", "iframe", "window"),
        multiple=True,
        lacks_storage_frame=True,
    ),
}
DEFAULT_LINE_ITEM: Final = LineItem(maximum=Decimal(100), resource_id="", tag="", review=None)


def settings_claim(claims: Mapping[str, object], placement: str) -> dict[str, object]:
    """Return the deep linking settings in Moodle's claims, changed for this placement."""
    told = claims.get(Claim.DEEP_LINKING_SETTINGS)
    settings = dict(told) if isinstance(told, dict) else {}
    settings.pop("accept_lineitem", None)
    own = PLACEMENTS[placement]
    return {
        **settings,
        "accept_types": list(own.types),
        "accept_media_types": own.media_types,
        "accept_presentation_document_targets": list(own.targets),
        "accept_multiple": own.multiple,
        "auto_create": False,
        "validation_context": None,
        "errors": {"errors": {}},
    }


def makes_assignment(placement: str, item: ContentItem, *, is_on: bool) -> bool:
    """Return whether Canvas itself makes an assignment of an item; `is_on` is its switch."""
    return is_on and PLACEMENTS[placement].may_make_assignments and item.line_item is not None


Dates = tuple[datetime | None, datetime | None, datetime | None]


def dates(item: ContentItem) -> Dates:
    """Return when an assignment opens, is due and closes, from `available` and `submission`.

    Raise BadFieldError if the dates are not in order.
    """
    opens, due, closes = item.available.start, item.submission.end, item.available.end
    given = [moment for moment in (opens, due, closes) if moment is not None]
    if given != sorted(given) or (opens is not None and opens == due):
        raise BadFieldError("submission must end while the activity is available")
    return opens, due, closes


def line_item(given: LineItem | None) -> LineItem:
    """Return the column of an assignment.

    Canvas has no submission review; it launches the address that comes with a score.
    """
    return replace(given, review=None) if given else DEFAULT_LINE_ITEM
