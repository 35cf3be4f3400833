"""Platform Storage, which keeps a browser key during a login if cookies are blocked.

LTI Platform Storage 1.0: an LMS that sends ``lti_storage_target`` keeps a value for us in the
browser. static/lti_tool/platform_storage.js exchanges the messages with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lti_tool.services.addresses import origin_of

TARGET = "lti_storage_target"  # at login and at launch: a frame's name, or _parent
MAX_FRAME_NAME = 200


@dataclass(frozen=True, slots=True)
class StorageSlot:
    """The entry of one login, or of one visit, in the platform's storage.

    ``frame`` comes from the request, unverified, and only names a window. Messages go to
    ``origin``, which is that of the platform's authorisation address, as LTI Client Side
    postMessages 1.0 requires. Where that frame is missing, as in Canvas's editor, they go to the
    page around us if it is at one of ``pages``, the platform's own origins. ``name`` is the
    entry's key.
    """

    frame: str
    origin: str
    pages: tuple[str, ...]
    name: str


def storage_slot(
    frame: str, authorisation: str, browser: str, pages: Iterable[str] = ()
) -> StorageSlot:
    """Return the entry for the key with the hash ``browser``; each key has its own."""
    return slot_for(frame, authorisation, f"lti-login-{browser[:32]}", pages)


def slot_for(frame: str, authorisation: str, name: str, pages: Iterable[str] = ()) -> StorageSlot:
    """Return the entry with that name."""
    return StorageSlot(frame, origin_of(authorisation), tuple(sorted(pages)), name)
