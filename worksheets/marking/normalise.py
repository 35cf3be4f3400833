"""The forms in which texts are compared, without differences that nobody means.

There are two steps. :func:`normalise` folds what only keyboards, phones and word
processors decide: composed or decomposed letters, full width, curly quotes, kinds of
dashes, kinds of spaces, invisible characters and (unless capitals count) case. It is
applied to every response and every key, whatever the sheet says.

:func:`readings` goes further, for sheets where spelling and punctuation do not count:
it gives every form under which a text may be compared. One form is not enough, since
'a' may be an article ('a purge') or belong to the name ('A level', written 'A-level'
in the key): two texts agree when they have a reading in common.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from worksheets.markup.sheet import Settings

# --- what is folded on every sheet ------------------------------------------

MAX_CACHED = 1000  # characters of a key that is kept prepared

_APOSTROPHES = "`´‘’‚‛‹›ʹʻʼʽˈˊˋ′‵՚׳ꞌ＇｀"
_QUOTES = "“”„‟«»ʺ″‶〝〞〟״＂"
_DASHES = "‐‑‒–—―⁃−⸺⸻˗֊־﹘﹣－"
_SLASHES = "⁄∕"


def _invisible() -> Iterator[int]:
    """Yield the code points that take no room: controls, soft hyphens, joiners, direction marks."""
    yield from (code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace())
    yield from (0xAD, 0x034F, 0x061C, 0x180E, 0xFEFF)
    yield from range(0x200B, 0x2010)
    yield from range(0x202A, 0x202F)
    yield from range(0x2060, 0x2070)
    yield from range(0xFE00, 0xFE10)  # variation selectors: the same sign, drawn otherwise


_FOLDED: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, _QUOTES), '"'),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _SLASHES), "/"),
    **dict.fromkeys(_invisible()),
}

# Letters with a stroke, and ligatures, have no accent that Unicode could take off.
_UNACCENTED = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"}
    | {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"}
)
# NFKC would make 102 of a raised 10², and 11/2 of 1½: mark power and fraction before.
_RAISED = re.compile(r"(?<=\d)(?=[⁰¹²³⁴-⁹⁺⁻])")
_FRACTION = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞↉])")


def normalise(text: str, settings: Settings) -> str:
    """Return the text without what only keyboards decide; doing it twice changes nothing."""
    if text.isascii():
        folded = _fold(text)
        return folded if settings.case_counts else folded.lower()
    # Folding can lay characters side by side that compose, so it is repeated until it
    # settles; real text settles at once, and four rounds suffice for all of Unicode.
    for _ in range(4):
        settled = _settle(text, settings)
        if settled == text:
            break
        text = settled
    return text


def _settle(text: str, settings: Settings) -> str:
    # Before NFKC, which would turn an acute accent used as an apostrophe into a space
    # and a combining accent; and again after it, for what only it brings to light.
    text = _FRACTION.sub(" ", _RAISED.sub("^", _fold(text)))
    text = unicodedata.normalize("NFKC", text)
    if not settings.case_counts:
        text = unicodedata.normalize("NFKC", text.casefold())
    if settings.fold_accents:
        text = _without_accents(text)
    return _fold(text)


def _fold(text: str) -> str:
    return " ".join(text.translate(_FOLDED).split())


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.translate(_UNACCENTED))
    kept = "".join(char for char in decomposed if not _is_accent(char))
    return unicodedata.normalize("NFKC", kept)


def _is_accent(char: str) -> bool:
    # Combining classes: 200 and above are accents, 10 to 36 the Hebrew and Arabic
    # points. What lies between and below makes other letters (Indic signs, kana, Thai).
    place = unicodedata.combining(char)
    return place >= 200 or 10 <= place <= 36


# --- what is folded where spelling and punctuation do not count --------------

_OUTER = ".,;:!?'\"()[]{}¿¡。、「」『』《》〈〉【】،؛؟।॥"
_ARTICLES = frozenset({"a", "an", "the"})
_STOP = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_]|\*)")  # the star of a pattern
_INITIAL = re.compile(r"(?<!\S)([^\W\d_]) (?=[^\W\d_](?!\S))")
# Every hyphen but a minus, which stands before a figure and not between two things.
_HYPHEN = re.compile(r"-(?!\.?\d)|(?<=\w)-|(?<=\d )-")


def readings(plain: str) -> tuple[str, ...]:
    """Return the forms under which a normalised text may be compared, the fullest first.

    In them outer punctuation of words, stops in abbreviations, hyphen against space,
    spaces between initials and a leading article make no difference. A text without
    any letter or figure has only itself: there, punctuation is all it says.
    """
    if not any(map(str.isalnum, plain)):
        return (plain,)
    words = (_bare(word) for word in plain.split(" "))
    bare = _STOP.sub("", " ".join(filter(None, words)))
    forms = (bare, _without_article(bare))
    joined = (_INITIAL.sub(r"\1", form) for form in forms)
    unhyphenated = (" ".join(_HYPHEN.sub(" ", form).split()) or form for form in (*forms, *joined))
    return tuple(dict.fromkeys(unhyphenated))


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


# --- both together ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """A response or a key, prepared once so that comparing is cheap."""

    text: str  # as it was written
    plain: str  # normalised; '' for a blank
    readings: tuple[str, ...]  # where spelling counts: the plain form alone

    @property
    def briefest(self) -> str:
        """Return the shortest reading, which two ways of writing the same answer share."""
        return min(self.readings, key=lambda reading: (len(reading), reading))

    def agrees(self, other: Term) -> bool:
        """Return whether the two have a reading in common."""
        return not set(self.readings).isdisjoint(other.readings)


def term(text: str, settings: Settings) -> Term:
    """Return a text prepared under the sheet's settings."""
    plain = normalise(text, settings)
    return Term(text, plain, (plain,) if settings.spelling_counts else readings(plain))


def key_term(text: str, settings: Settings) -> Term:
    """Return the term of what a teacher wrote, cached: a whole class is compared with it."""
    return _cached_term(text, settings) if len(text) <= MAX_CACHED else term(text, settings)


@lru_cache(maxsize=8192)
def _cached_term(text: str, settings: Settings) -> Term:
    return term(text, settings)
