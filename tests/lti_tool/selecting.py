"""Deep linking and submission review requests, as changes of a plain launch."""

from __future__ import annotations

from typing import Any

from lti_tool.protocol.vocabulary import Claim, MessageType
from tests.platform.launches import ABSENT, TEACHER

RETURN = "https://lms.example/deep_links?id=7"
SETTINGS: dict[str, Any] = {
    "deep_link_return_url": RETURN,
    "accept_types": ["ltiResourceLink", "link"],
    "accept_presentation_document_targets": ["iframe", "window"],
    "accept_multiple": True,
    "accept_lineitem": True,
    "auto_create": False,
    "data": "must come back: é<&>",
}


def deep_linking(**settings: object) -> dict[Any, Any]:
    """A teacher is asked to choose; a setting of ABSENT is left out."""
    merged = {**SETTINGS, **settings}
    return {
        Claim.MESSAGE_TYPE: MessageType.DEEP_LINKING.value,
        Claim.RESOURCE_LINK: ABSENT,
        Claim.AGS_ENDPOINT: ABSENT,
        Claim.ROLES: [TEACHER],
        Claim.DEEP_LINKING_SETTINGS: {
            name: value for name, value in merged.items() if value is not ABSENT
        },
    }


def review(sub: str, role: str = TEACHER) -> dict[Any, Any]:
    """Somebody opens this person's submission from the gradebook."""
    return {
        Claim.MESSAGE_TYPE: MessageType.SUBMISSION_REVIEW.value,
        Claim.FOR_USER: {"user_id": sub},
        Claim.ROLES: [role],
        "sub": "the-reviewer",
    }
