"""EQ fields, which older Word files have for formulas: ``EQ \f(1,2)`` is one half."""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_LENGTH = 2000  # characters of an instruction that is read as a formula
MAX_DEPTH = 10  # of formulas in formulas
_SWITCH = re.compile(r"\\([a-z]+)(\d*)")
_PLAIN = re.compile(r"[^\W_]*[\w .+=*/<>:!'°%-]*")


def equation(instruction: str) -> tuple[str, bool]:
    """Return an EQ field as a formula of the markup, and True; its words and False if it cannot be.

    Fractions, roots and raised or lowered parts can; no word of others is lost.
    """
    body = instruction.strip().removeprefix("EQ").strip()
    if 0 < len(body) <= MAX_LENGTH:
        try:
            latex, at = _read(body, 0, 0)
        except ValueError:
            pass
        else:
            if at == len(body):
                return rf"\({latex}\)", True
    words = re.sub(r"[(),;\s]+", " ", _SWITCH.sub(" ", body))
    return words.strip(), False


def _read(text: str, at: int, depth: int) -> tuple[str, int]:
    """Return the formula from here to the end, a separator or a bracket. Raise ValueError."""
    if depth > MAX_DEPTH:
        raise ValueError
    found: list[str] = []
    while at < len(text) and text[at] not in ",;)":
        if text[at] == "\\":
            part, at = _switch(text, at, depth)
        else:
            match = _PLAIN.match(text, at)
            part = match[0] if match else ""
            if not part:
                raise ValueError
            at += len(part)
        found.append(part)
    return "".join(found).strip(), at


def _switch(text: str, at: int, depth: int) -> tuple[str, int]:
    names: list[str] = []
    while match := _SWITCH.match(text, at):
        names.append(match[1])
        at = match.end()
        while at < len(text) and text[at] == " ":
            at += 1
    if at >= len(text) or text[at] != "(":
        raise ValueError
    parts: list[str] = []
    while text[at : at + 1] not in (")", ""):
        part, at = _read(text, at + 1, depth + 1)
        parts.append(part)
    if at >= len(text):
        raise ValueError
    return _written(names, parts), at + 1


def _written(names: Sequence[str], parts: Sequence[str]) -> str:
    match names, parts:
        case ["f"], [above, below]:
            return rf"\frac{{{above}}}{{{below}}}"
        case ["r"], [inner] | ["", inner]:
            return rf"\sqrt{{{inner}}}"
        case ["r"], [degree, inner]:
            return rf"\sqrt[{degree}]{{{inner}}}"
        case ["s", "up"], [inner]:
            return f"^{{{inner}}}"
        case ["s", "do"], [inner]:
            return f"_{{{inner}}}"
    raise ValueError
