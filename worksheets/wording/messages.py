"""Sentences of the pure code, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext

from worksheets.markup import Message
from worksheets.wording.numbers import number


def translate(message: Message) -> str:
    """Return a sentence of pure code in the active language, its numbers as people read them."""
    if not message.values:
        return gettext(message)
    values = {
        name: number(value) if isinstance(value, int) else value
        for name, value in message.values.items()
    }
    return gettext(message.template) % values
