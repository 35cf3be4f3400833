"""Sub- and superscripts as the letters and digits that Unicode has for them."""

from __future__ import annotations

_SUPER = dict(zip("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))
_SUB = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
_SUB_LETTERS = dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))


def superscript(text: str) -> str:
    """Return a raised text: 'm' and '2' are m². Words such as the 'st' of 1st stay plain."""
    if any(char.isdigit() or char in "+-−" for char in text) and all(
        char in _SUPER for char in text
    ):
        return "".join(_SUPER[char] for char in text)
    return f"^{text}" if text.strip() and any(char.isdigit() for char in text) else text


def subscript(text: str) -> str:
    """Return a lowered text: the 2 of H₂O."""
    table = _SUB | _SUB_LETTERS
    if text and all(char in table for char in text):
        return "".join(table[char] for char in text)
    return text
