"""Texts prepared for comparing, and the forms under which two of them may agree.

For sheets where spelling and punctuation do not count, ``readings`` gives every form under which a
text may be compared. One form is not enough, since 'a' may be an article ('a purge') or belong to
the name ('A level', written 'A-level' in the key): two texts agree when they have a reading in
common.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from worksheets.words.normalise import DASHES, normalise, western
from worksheets.words.settings import Settings

MAX_CACHED = 1000  # characters of a key that is kept prepared

_OUTER = ".,;:!?'\"()[]{}¿¡。、「」『』《》〈〉【】،؛؟।॥"
_ARTICLES = frozenset({"a", "an", "the"})
_STOP = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_]|\*)")  # the star of a pattern
_INITIAL = re.compile(r"(?<!\S)([^\W\d_]) (?=[^\W\d_](?!\S))")
# Every hyphen but a minus, which stands before a figure and not between two things.
_HYPHEN = re.compile(r"-(?!\.?\d)|(?<=\w)-|(?<=\d )-")
_AROUND_MINUS = re.compile(r" ?- ?")
# A minus beside a letter: x-1, 2-x, x-y, -x; and the charge of an ion: e-, Cl-, OH-.
_DASH = f"[-⁻{DASHES}]"
_MINUS = re.compile(
    rf"(?<![^\W_])[a-z] ?{_DASH} ?\d|\d ?{_DASH} ?[a-z](?![\w-])"
    rf"|(?<![\w-])[a-z]{_DASH}[a-z](?![\w-])|(?<!\S){_DASH}[A-Za-z](?!\w)"
    rf"|(?:(?<![^\W_])[a-z]|[A-Z][a-z]?|[0-9⁰¹²³⁴-⁹₀-₉)\]]){_DASH}(?![\w-])(?! \d)"
)
# '5 km' is '5km', '10 %' is '10%', '€ 5' is '€5': a unit has at most four letters.
_UNIT = re.compile(r"(?<=\d) (?=[^\W\d_]{1,4}(?![^\W\d_])|[%‰€£$¥])|(?<=[€£$¥]) (?=\d)")
_OPERATOR = re.compile(r" ?([=<>+/*]) ?|(?<=\d) ?(x) ?(?=\d)")
_STAR = re.compile(r"(?<=\d)\*(?=\d)")
# What one of the three needs to find anything.
_CLOSABLE = re.compile(r"[\d€£$¥=<>+/*]")
_CHARGE = re.compile(r"(?<=\d)\^(?=\d?[+-](?!\w))")


def readings(plain: str, *, has_minus: bool = False) -> tuple[str, ...]:
    """Return the forms under which a normalised text may be compared, the fullest first.

    In them outer punctuation of words, stops in abbreviations, hyphen against space,
    spaces between initials, spaces at figures and a leading article make no difference. A
    text without any letter or figure has only itself: there, punctuation is all it says.
    With ``has_minus`` the hyphens stay, since one of them is none.
    """
    if not any(map(str.isalnum, plain)):
        return (plain,)
    words = (_bare(word) for word in plain.split(" "))
    bare = western(_STOP.sub("", " ".join(filter(None, words))))
    # Most texts have one form only, which is then made once and not four times: an essay is long.
    forms = _distinct((bare, _without_article(bare)))
    forms = _distinct((*forms, *(_INITIAL.sub(r"\1", form) for form in forms)))
    if has_minus:
        forms = _distinct(_AROUND_MINUS.sub("-", form) for form in forms)
    elif "-" in bare:
        forms = _distinct(" ".join(_HYPHEN.sub(" ", form).split()) or form for form in forms)
    return _with_closed_up(forms)


def _distinct(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(forms))


def _bare(word: str) -> str:
    bare = word.strip(_OUTER)
    # The point of '.5' is no punctuation.
    return f".{bare}" if bare[:1].isdecimal() and f".{bare}" in word else bare


def _without_article(text: str) -> str:
    first, _, rest = text.partition(" ")
    # 'A B' is two options, not the option B: the rest has to have two letters or figures.
    if first.casefold() in _ARTICLES and sum(map(str.isalnum, rest)) > 1:
        return rest
    return text


def _with_closed_up(forms: Sequence[str]) -> tuple[str, ...]:
    return _distinct((*forms, *map(_closed_up, forms)))


def _closed_up(text: str) -> str:
    """Return the text without spaces between a figure and its unit and around signs.

    3*4 becomes 3x4, and the charge of SO4^2- has no sign before it.
    """
    if (" " in text or "*" in text) and _CLOSABLE.search(text):
        text = _STAR.sub("x", _OPERATOR.sub(r"\1\2", _UNIT.sub("", text)))
    return _CHARGE.sub("", text) if "^" in text else text


@dataclass(frozen=True, slots=True)
class Term:
    """A response or a key, prepared once so that comparing is cheap."""

    text: str  # as it was written
    plain: str  # normalised; '' for a blank
    readings: tuple[str, ...]
    in_capitals: bool = False  # in nothing but capitals, where they do not count
    language: str = ""  # the sheet's

    @property
    def forms(self) -> set[str]:
        """Return texts of which two terms have one in common if they are the same or agree."""
        return {self.plain, *self.readings, *map(_raised, self.readings)}

    @property
    def briefest(self) -> str:
        """Return the shortest reading, which two ways of writing the same answer share."""
        return min(self.readings, key=lambda reading: (len(reading), reading))

    def is_any_of(self, others: Iterable[Term]) -> bool:
        """Return whether it agrees with one of these."""
        return any(map(self.agrees, others))

    def agrees(self, other: Term) -> bool:
        """Return whether the two have a reading in common, as it is or in capitals."""
        if not set(self.readings).isdisjoint(other.readings):
            return True
        if self.in_capitals == other.in_capitals or (self.plain + other.plain).isascii():
            return False
        return not set(map(_raised, self.readings)).isdisjoint(map(_raised, other.readings))


def _raised(plain: str) -> str:
    """Return what a text in small letters is in capitals, in small letters.

    In capitals ß is SS, and Greek has no accent or breathing: only its diaeresis stays.
    """
    if plain.isascii():
        return plain
    return unicodedata.normalize("NFC", "".join(_raised_letters(plain.replace("ß", "ss"))))


def _raised_letters(text: str) -> Iterator[str]:
    is_greek = False
    for char in unicodedata.normalize("NFD", text):
        if not unicodedata.combining(char):
            is_greek = "\u0370" <= char <= "\u03ff"
        elif is_greek and char != "\u0308":
            continue
        yield char


def term(text: str, settings: Settings) -> Term:
    """Return a text prepared under the sheet's settings."""
    plain = normalise(text, settings)
    if settings.spelling_counts:
        found = _with_closed_up([plain])
    else:
        found = readings(plain, has_minus="-" in plain and _MINUS.search(text) is not None)
    in_capitals = not settings.case_counts and text.isupper() and sum(map(str.isalpha, text)) > 1
    return Term(text, plain, found, in_capitals, settings.language)


def key_term(text: str, settings: Settings) -> Term:
    """Return the term of what a teacher wrote, cached: a whole class is compared with it."""
    return _cached_term(text, settings) if len(text) <= MAX_CACHED else term(text, settings)


@lru_cache(maxsize=8192)
def _cached_term(text: str, settings: Settings) -> Term:
    return term(text, settings)
