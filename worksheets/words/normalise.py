"""The form in which texts are compared on every sheet, without what only keyboards decide.

That is: composed or decomposed letters, full width, curly quotes, kinds of dashes, kinds of spaces,
invisible characters, letters and figures of which a keyboard has one form and another keyboard
another, raised and lowered figures, signs that no keyboard has, and (unless capitals count) case.
It is applied to every response and every key, whatever the sheet says.

What goes further, and only where spelling does not count, is in ``worksheets.words.terms``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from worksheets.words.settings import Settings

DASHES = "‐‑‒–—―⁃−⸺⸻˗֊־﹘﹣－"
_APOSTROPHES = "`´‘’‚‛‹›ʹʻʼʽˈˊˋ′‵՚׳ꞌ＇｀"
_QUOTES = "“”„‟«»ʺ″‶〝〞〟״＂"
_SLASHES = "⁄∕÷"
_TIMES = "×✕⨯"


def _invisible() -> Iterator[int]:
    """Yield the code points that take no room: controls, soft hyphens, joiners, direction marks.

    With them the tatweel, which only stretches an Arabic word.
    """
    yield from (code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace())
    yield from (0xAD, 0x034F, 0x061C, 0x0640, 0x180E, 0xFEFF)
    yield from range(0x200B, 0x2010)
    yield from range(0x202A, 0x202F)
    yield from range(0x2060, 0x2070)
    yield from range(0xFE00, 0xFE10)  # variation selectors: the same sign, drawn otherwise


# Letters of which each keyboard has only one: the comma and the cedilla of Romanian; kaf, ya and ha
# of Arabic, Persian and Urdu; the sigma that stands at the end of a Greek word.
_LETTERS = {"ş": "ș", "Ş": "Ș", "ţ": "ț", "Ţ": "Ț", "ک": "ك", "ی": "ي", "ہ": "ه", "ς": "σ"}
# Signs that no keyboard has, as they are typed. A degree and a Spanish ordinal look the same.
_SIGNS = {"≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=", "±": "+-", "→": "->", "⇒": "=>"}
_ROUND = {"°": "o", "º": "o", "˚": "o"}

_FOLDED: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, _QUOTES), '"'),
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, _SLASHES), "/"),
    **dict.fromkeys(map(ord, _TIMES), "x"),
    **dict.fromkeys(map(ord, "⋅∙∗"), "*"),
    **{ord(char): plain for char, plain in (_LETTERS | _SIGNS | _ROUND).items()},
    **{0x06F0 + digit: chr(0x0660 + digit) for digit in range(10)},  # Persian figures
    **dict.fromkeys(_invisible()),
}

# Letters with a stroke, and ligatures, have no accent that Unicode could take off.
_UNACCENTED = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"}
    | {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"}
)
# NFKC would make 102 of a raised 10², and 11/2 of 1½: mark power and fraction before.
_RAISED = re.compile(r"(?<=[\w)\]])(?=[⁰¹²³⁴-⁹⁺⁻⁽ⁿ])(?<![⁰¹²³⁴-⁹⁺⁻⁽ⁿ])")
_FRACTION = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞↉])")
_DOT = re.compile(r"(?<=\d) ?· ?(?=\d)")
# 'x^{2}' and 'x_{2}', as formulas are typed.
_BRACES = re.compile(r"([\^_])\{([^{}]{1,20})\}")
# Where a letter stands before, no sign is needed to tell power or index: x², x^2, H₂O, H_2O. An
# ion's single charge has none either (Na⁺, e⁻), and nothing is raised above nothing: ²³⁸U.
_NEEDLESS = re.compile(
    r"(?<=[^\W\d_])[\^_](?=\d)|(?<=[)\]])_(?=\d)|(?<=\w)\^(?=[+-](?![\w(]))|(?<![\w)\]])\^(?=\d)"
)
# Vietnamese has two places for the mark of a tone: hòa and hoà, thúy and thuý.
_TONE = re.compile(r"([òóõỏọ])([ae])(?!\w)|([ùúũủụ])(y)(?!\w)", re.IGNORECASE)
_TURKIC = frozenset({"tr", "az"})


def normalise(text: str, settings: Settings) -> str:
    """Return the text without what only keyboards decide; doing it twice changes nothing."""
    if text.isascii() and not (_is_turkic(settings) and "I" in text):
        folded = _powers(_fold(text))
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
    text = _FRACTION.sub(" ", _RAISED.sub("^", _DOT.sub("*", _fold(text))))
    text = unicodedata.normalize("NFKC", text)
    if not settings.case_counts:
        text = unicodedata.normalize("NFKC", _lower(text, settings))
    if settings.fold_accents:
        text = without_accents(text)
    return _powers(_fold(_TONE.sub(_move_tone, text)))


def _fold(text: str) -> str:
    return " ".join(text.translate(_FOLDED).split())


def _powers(text: str) -> str:
    if "^" not in text and "_" not in text:
        return text
    return _NEEDLESS.sub("", _BRACES.sub(r"\1\2", text))


def _lower(text: str, settings: Settings) -> str:
    """Return the text in small letters. ß stays: in casefold() it would be another word's ss."""
    if _is_turkic(settings):
        return text.replace("I", "ı").replace("İ", "i").lower()
    # In no other language are the two i's two letters, and a Turkish name is known with either.
    return text.replace("İ", "i").replace("ı", "i").lower()


def _is_turkic(settings: Settings) -> bool:
    return not settings.case_counts and settings.language.partition("-")[0] in _TURKIC


def _move_tone(match: re.Match[str]) -> str:
    first, second = filter(None, match.groups())
    bare = unicodedata.normalize("NFD", first)
    return unicodedata.normalize("NFC", f"{bare[0]}{second}{bare[1:]}")


def western(text: str) -> str:
    """Return the text with the figures of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def without_accents(text: str) -> str:
    """Return the text without its accents, Hebrew points and Arabic vowel marks.

    Cyrillic letters other than ё keep theirs: й is no accented и.
    """
    if text.isascii():
        return text
    kept = (char if _is_whole(char) else _without_accent(char) for char in text)
    return unicodedata.normalize("NFKC", "".join(kept))


def _is_whole(char: str) -> bool:
    return "\u0400" <= char <= "\u052f" and char not in "ёЁ"


def _without_accent(char: str) -> str:
    decomposed = unicodedata.normalize("NFD", char.translate(_UNACCENTED))
    return "".join(part for part in decomposed if not _is_accent(part))


def _is_accent(char: str) -> bool:
    # Combining classes: 200 and above are accents, 10 to 36 the Hebrew and Arabic
    # points. What lies between and below makes other letters (Indic signs, kana, Thai).
    place = unicodedata.combining(char)
    return place >= 200 or 10 <= place <= 36


def for_search(text: str) -> str:
    """Return the text as a search compares it: without case, accents and what keyboards decide.

    A search finds too much rather than too little, so й is и, and ß is ss.
    """
    plain = unicodedata.normalize("NFKD", _fold(text).casefold().translate(_UNACCENTED))
    bare = "".join(char for char in plain if not _is_accent(char))
    return " ".join(unicodedata.normalize("NFKC", bare).split())
