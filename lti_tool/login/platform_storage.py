"""Where a browser key lies while a login is under way and no cookie holds it.

LTI Platform Storage 1.0: an LMS that sends ``lti_storage_target`` keeps a value for us in
the browser; static/lti_tool/platform_storage.js speaks to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.services.addresses import origin_of

TARGET = "lti_storage_target"  # at login and at launch: a frame's name, or _parent


@dataclass(frozen=True, slots=True)
class Slot:
    """One login's place in the platform's storage.

    ``frame`` is told by whoever sent the request and only names a window. What is said
    there goes to ``origin`` alone, that of the platform's authorisation address, as the
    specification asks (LTI Client Side postMessages 1.0).
    """

    frame: str
    origin: str
    name: str


def slot(frame: str, authorisation: str, browser: str) -> Slot:
    """The place for the key of which ``browser`` is the hash; each login has its own."""
    return Slot(frame, origin_of(authorisation), f"lti-login-{browser[:32]}")
