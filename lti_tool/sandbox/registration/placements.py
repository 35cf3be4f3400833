"""The messages and placements of a platform, of which a tool may declare some."""

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

CANVAS: Final = {
    MessageType.RESOURCE_LINK: RESOURCE_LINK + DEEP_LINKING,
    MessageType.DEEP_LINKING: DEEP_LINKING,
}


def messages_supported(flavour: str) -> list[dict[str, object]]:
    """Return the message types of a platform, in Canvas each with its placements."""
    if flavour == Flavour.CANVAS:
        return [{"type": kind, "placements": list(names)} for kind, names in CANVAS.items()]
    return [{"type": kind} for kind in MessageType]
