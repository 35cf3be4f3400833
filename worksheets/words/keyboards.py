"""Spellings for which a keyboard is reason enough: right, and the usual spelling is shown.

Grüße is typed as Gruesse where there is no ü, cœur as coeur everywhere, ещё mostly as еще. They are
not the same word, as Maße and Masse show: whatever the teacher wrote comes first, and a sheet
where spelling counts takes only what no keyboard has, or what is usual in print as well.
"""

from __future__ import annotations

from dataclasses import replace

from worksheets.words.normalise import without_accents
from worksheets.words.settings import Settings
from worksheets.words.terms import Term, term

# On every sheet: no keyboard has œ, and ё is printed as е.
_ALWAYS = {"œ": "oe", "Œ": "Oe", "ё": "е", "Ё": "Е"}
_SPELT = str.maketrans(
    _ALWAYS
    | {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "þ": "th"}
    | {"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "Þ": "Th"}
    | {"ı": "i", "İ": "I", "μ": "u", "·": ".", "ى": "ي"}
)
_SPELT_STRICTLY = str.maketrans(_ALWAYS)


def is_spelt_otherwise(given: Term, right: Term, settings: Settings) -> bool:
    """Return whether the response is the right answer in the letters of another keyboard."""
    if (given.plain + right.plain).isascii():
        return False
    if not _spellings(given, settings).isdisjoint(_spellings(right, settings)):
        return True
    # A French capital has its accent in print and not on the keyboard.
    return (
        given.in_capitals
        and not settings.spelling_counts
        and not set(given.readings).isdisjoint(map(without_accents, right.readings))
    )


def _spellings(one: Term, settings: Settings) -> set[str]:
    table = _SPELT_STRICTLY if settings.spelling_counts else _SPELT
    found = {reading.translate(table) for reading in one.readings}
    if settings.fold_accents:
        # Without its accents ü would be u before it could be ue.
        whole = term(one.text, replace(settings, fold_accents=False))
        found |= {without_accents(reading.translate(table)) for reading in whole.readings}
    return found
