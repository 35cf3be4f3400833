"""Canvas's placements for deep linking: what each accepts, and what the response creates.

An item chosen for an assignment becomes one, with a column; an item chosen for a module or a page
becomes a link without a column.
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
    line_item: bool
    # Whether Canvas makes the assignments itself, with the dates that the item proposes. The page
    # of an assignment takes none (`EditView.jsx` in ui/features/assignment_edit).
    dates: bool = False


LINK: Final = "application/vnd.ims.lti.v1.ltilink"
PLACEMENTS: Final = {
    "assignment_selection": Placement(
        "Assignment", ("ltiResourceLink",), LINK, ("iframe", "window"), False, True
    ),
    "link_selection": Placement(
        "Module item", ("ltiResourceLink",), LINK, ("iframe", "window"), True, False
    ),
    "editor_button": Placement(
        "Link in a page",
        ("link", "file", "html", "ltiResourceLink", "image"),
        f"image/*,text/html,{LINK},*/*",
        ("embed", "iframe", "window"),
        True,
        False,
    ),
}
DEFAULT_LINE_ITEM: Final = LineItem(maximum=Decimal(100), resource_id="", tag="", review=None)


def settings_claim(claims: Mapping[str, object], placement: str) -> dict[str, object]:
    """Return the deep linking settings in Moodle's claims, changed for this placement."""
    settings = claims.get(Claim.DEEP_LINKING_SETTINGS)
    own = PLACEMENTS[placement]
    return {
        **(settings if isinstance(settings, dict) else {}),
        "accept_types": list(own.types),
        "accept_media_types": own.media_types,
        "accept_presentation_document_targets": list(own.targets),
        "accept_multiple": own.multiple,
        "accept_lineitem": own.line_item,
        "auto_create": False,
        "validation_context": None,
        "errors": {"errors": {}},
    }


Dates = tuple[datetime | None, datetime | None, datetime | None]


def dates(placement: str, item: ContentItem) -> Dates:
    """Return when an assignment opens, is due and closes, from `available` and `submission`.

    Raise BadFieldError if the dates are not in order.
    """
    if not PLACEMENTS[placement].dates:
        return None, None, None
    opens, due, closes = item.available.start, item.submission.end, item.available.end
    given = [moment for moment in (opens, due, closes) if moment is not None]
    if given != sorted(given) or (opens is not None and opens == due):
        raise BadFieldError("submission must end while the activity is available")
    return opens, due, closes


def line_item(placement: str, given: LineItem | None) -> LineItem | None:
    """Return the column of a chosen item, or None: an assignment always has one.

    Canvas has no submission review; it launches the address that comes with a score.
    """
    if not PLACEMENTS[placement].line_item:
        return None
    return replace(given, review=None) if given else DEFAULT_LINE_ITEM
