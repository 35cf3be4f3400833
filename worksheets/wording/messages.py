"""What the pure code says, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext

from worksheets.markup import Sentence


def say(sentence: Sentence) -> str:
    """What the parser or the importer found, for a teacher."""
    return gettext(sentence.template) % sentence.values if sentence.values else gettext(sentence)
