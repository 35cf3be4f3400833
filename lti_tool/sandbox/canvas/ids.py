"""The ids that Canvas sends, which are opaque. Pure."""

from typing import Final
from uuid import UUID, uuid5

SPACE: Final = UUID("6f3f7c7e-0d4b-4a53-9d0c-6b8f3b1c2a10")


def person(number: int) -> str:
    """Return the `sub`, `login_hint` and `userId` of a person."""
    return str(uuid5(SPACE, f"person {number}"))


def course(number: int) -> str:
    """Return the id of a context."""
    return uuid5(SPACE, f"course {number}").hex


def link(number: int) -> str:
    """Return the id of a resource link."""
    return str(uuid5(SPACE, f"link {number}"))


def legacy(number: int) -> str:
    """Return the `lti11_legacy_user_id`, which is a person's id in LTI 1.1 launches."""
    return uuid5(SPACE, f"legacy {number}").hex
