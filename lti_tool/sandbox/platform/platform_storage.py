"""LTI Platform Storage 1.0 as Canvas offers it: in a frame of its own beside the tool's.

The page around the tool and that frame answer messages in `assets/messages.js`.
"""

from typing import Final

from lti_tool.sandbox.models import Flavour

FRAME: Final = "post_message_forwarding"


def offer(flavour: str) -> dict[str, str]:
    """Return the parameter that login and launch of a tool carry; Moodle has none."""
    return {"lti_storage_target": FRAME} if flavour == Flavour.CANVAS else {}
