"""The words by which papers say what is to be done, a module for each language.

To add a language, add a module with a ``Language`` and its row in ``LANGUAGES``. Each field has
fragments of regular expressions, matched without regard to capitals. A fragment stands for whole
words, except in languages that write words together (``glued``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .arabic import ARABIC
from .chinese import CHINESE
from .dutch import DUTCH
from .english import ENGLISH
from .french import FRENCH
from .german import GERMAN
from .hebrew import HEBREW
from .italian import ITALIAN
from .language import Language
from .polish import POLISH
from .portuguese import PORTUGUESE
from .russian import RUSSIAN
from .spanish import SPANISH

LANGUAGES: dict[str, Language] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "it": ITALIAN,
    "pt": PORTUGUESE,
    "nl": DUTCH,
    "pl": POLISH,
    "ru": RUSSIAN,
    "ar": ARABIC,
    "he": HEBREW,
    "zh": CHINESE,
}


def _join(fragments: Iterable[str]) -> str:
    return "|".join(f"(?:{fragment})" for fragment in fragments)


def _alternatives(name: str) -> str:
    """Return the fragments of all languages for one field, as words of their own."""
    whole = _join(
        fragment
        for language in LANGUAGES.values()
        if not language.glued
        for fragment in getattr(language, name)
    )
    glued = _join(
        fragment
        for language in LANGUAGES.values()
        if language.glued
        for fragment in getattr(language, name)
    )
    return rf"(?:(?<!\w)(?:{whole})(?!\w)|(?:{glued}))" if glued else rf"(?<!\w)(?:{whole})(?!\w)"


def pattern(name: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """Return the pattern for a field in all languages, between two other patterns."""
    return re.compile(f"{before}{_alternatives(name)}{after}", re.IGNORECASE)


def words(name: str) -> frozenset[str]:
    """Return the plain words of a field in all languages, in small letters."""
    return frozenset(
        fragment.casefold()
        for language in LANGUAGES.values()
        for fragment in getattr(language, name)
    )
