"""Sentences about files that cannot be read, and the limits of what is read."""

from __future__ import annotations

MAX_UNPACKED_BYTES = 100_000_000  # bytes of all members; most are pictures, which are not unpacked
MAX_MARKUP_BYTES = 10_000_000  # bytes of a document's XML: twice what the longest worksheet takes
MAX_MEMBERS = 5000
MAX_PICTURES = 40  # of a paper that are taken over
MAX_PICTURE_BYTES = 5 * 1024 * 1024
MAX_PICTURES_BYTES = 20_000_000  # of a paper


def _(sentence: str) -> str:
    """Return the sentence as it is: makemessages finds it by this call, the server translates."""
    return sentence


TOO_LARGE = _("This file is too large once it is unpacked.")
FOREIGN_PARTS = _("This file has parts that a document must not have. Save it again.")
DAMAGED = _("This file is damaged. Save it again and try once more.")
PASSWORD = _("This file is protected by a password. Save it without one.")
NOT_WORD = _("This is not a Word file, though its name says so.")
NOT_ODT = _("This is not an OpenDocument text, though its name says so.")
NOT_RTF = _("This is not an RTF file, though its name says so.")
PDF_PASSWORD = _("This PDF is protected by a password. Save it without one.")
PDF_PAGES = _("This PDF has %(pages)s pages. At most %(most)s can be read.")


class ExtractError(Exception):
    """The error for a known problem: a sentence for a teacher, and the ``values`` in it."""

    def __init__(self, sentence: str, **values: int) -> None:
        super().__init__(sentence)
        self.values = values
