"""Sentences of the pure code, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext

from worksheets.markup import Message


def translate(message: Message) -> str:
    """Return a sentence of the parser or the importer in the active language."""
    return gettext(message.template) % message.values if message.values else gettext(message)
