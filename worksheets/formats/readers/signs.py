"""The signs that fonts such as Wingdings and Symbol show for letters, as Unicode has them.

Files have such a sign as the letter, or as a character from U+F000 on that ends in its code. The
table of Symbol is that of Adobe (https://unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt).
"""

from __future__ import annotations

UNKNOWN = "•"
_PRIVATE = range(0xF020, 0xF100)
_WINGDINGS = {
    0x6F: "☐", 0x71: "☐", 0x72: "☐", 0xA8: "☐", 0x78: "☒", 0xFD: "☒", 0xFE: "☒",
    0xFC: "✓", 0xFB: "✗", 0xDF: "←", 0xE0: "→", 0xE8: "→", 0x4A: "☺", 0x4C: "☹",
}  # fmt: skip
_WINGDINGS_2 = {
    0x2A: "☐", 0x30: "☐", 0xA3: "☐", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x50: "✓", 0x4F: "✗",
}  # fmt: skip
_WEBDINGS = {0x63: "☐", 0x61: "✓", 0x72: "✗"}
_SYMBOL = (
    dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True))
    | dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
    | dict(zip(range(0xA1, 0xBD), "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…", strict=True))
    | dict(zip(range(0xC0, 0xD8), "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅", strict=True))
    | dict(zip(range(0xD8, 0xE1), "¬∧∨⇔⇐⇑⇒⇓◊", strict=True))
    | {0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2D: "−", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥", 0x7E: "∼"}
    | {0xE1: "⟨", 0xE5: "∑", 0xF1: "⟩", 0xF2: "∫"}
)
_ASCII = range(0x20, 0x7F)
_FONTS = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
    "symbol mt": _SYMBOL,
}


def with_signs(text: str, font: str) -> str:
    """Return a text in which letters of such a font are its signs; '•' for one that is not known.

    Of another font it is the text, with the signs that are no letters there.
    """
    if _named(font) not in _FONTS:
        return "".join(sign(ord(one), font) if ord(one) in _PRIVATE else one for one in text)
    return "".join(one if one.isspace() else sign(ord(one), font) for one in text)


def sign(code: int, font: str) -> str:
    """Return the sign for a code of a font; of another font than these, that of Wingdings."""
    table = _FONTS.get(_named(font), _WINGDINGS)
    code = code & 0xFF if code in _PRIVATE else code
    if table is _SYMBOL and code in _ASCII:
        return table.get(code, chr(code))
    return table.get(code, UNKNOWN)


def _named(font: str) -> str:
    """Return a font's name without the quotation marks that OpenDocument may have around it."""
    return font.strip("'\" ").casefold()
