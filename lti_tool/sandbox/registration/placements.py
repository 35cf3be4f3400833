"""The messages and placements of a platform, of which a tool may declare some.

Canvas puts a prefix before the names of its placements, and takes them with it or without
(`registration.rb` in app/models/lti/ims). It also knows the specification's names for two of them.
"""

from typing import Final

from lti_tool.protocol.vocabulary import MessageType
from lti_tool.sandbox.models import Flavour

DEEP_LINKING: Final = (
    "assignment_selection",
    "course_assignments_menu",
    "editor_button",
    "link_selection",
    "module_index_menu_modal",
    "module_menu_modal",
)
RESOURCE_LINK: Final = ("course_navigation", "assignment_view")

PREFIX: Final = "https://canvas.instructure.com/lti/"
SPECIFIED: Final = {"ContentArea": "link_selection", "RichTextEditor": "editor_button"}
CANVAS: Final = {
    MessageType.RESOURCE_LINK: RESOURCE_LINK + DEEP_LINKING,
    MessageType.DEEP_LINKING: DEEP_LINKING,
}


def messages_supported(flavour: str) -> list[dict[str, object]]:
    """Return the message types of a platform, in Canvas each with its placements."""
    if flavour == Flavour.CANVAS:
        return [
            {"type": kind, "placements": [PREFIX + name for name in names]}
            for kind, names in CANVAS.items()
        ]
    return [{"type": kind} for kind in MessageType]


def canvas_name(name: str) -> str:
    """Return Canvas's own name of a placement."""
    return SPECIFIED.get(name, name.removeprefix(PREFIX))
