"""Sentences of the pure code, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext

from worksheets.markup import Message


def translate(sentence: Message) -> str:
    """Return a sentence of the parser or the importer in the active language."""
    return gettext(sentence.template) % sentence.values if sentence.values else gettext(sentence)
