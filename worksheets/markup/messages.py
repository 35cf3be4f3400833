"""Sentences that pure code writes for teachers: English, and ready to be translated. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Message(str):
    """An English sentence that keeps its template and values, so that a page can translate it.

    Written ``_("… %(n)s …", n=3)``, so that makemessages finds it.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        message = super().__new__(cls, template % values if values else template)
        message.template, message.values = template, values
        return message
