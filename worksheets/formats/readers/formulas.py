"""Word's formulas (OMML) in LaTeX, as the markup writes them."""

from __future__ import annotations

import re

from .archives import Element

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MAX_DEPTH = 30

_SIGNS = {
    "×": r"\times ", "÷": r"\div ", "·": r"\cdot ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ",
    "±": r"\pm ", "π": r"\pi ", "∞": r"\infty ", "≈": r"\approx ", "→": r"\to ", "√": r"\surd ",
    "α": r"\alpha ", "β": r"\beta ", "γ": r"\gamma ", "δ": r"\delta ", "θ": r"\theta ",
    "λ": r"\lambda ", "μ": r"\mu ", "σ": r"\sigma ", "ω": r"\omega ", "Δ": r"\Delta ",
    "Ω": r"\Omega ", "−": "-", "…": r"\ldots ", "°": r"^\circ ",
}  # fmt: skip
_NARY = {"∑": r"\sum", "∏": r"\prod", "∫": r"\int", "": r"\int"}
_ESCAPED = re.compile(r"[\\{}%#&_$^~]")
_BLANK = re.compile(r"_{2,}|□|\.{4,}|…{2,}")


def plain_formula(element: Element) -> str:
    """Return the letters of a formula, in a row."""
    return "".join(part.text or "" for part in element.iter(f"{M}t"))


def to_latex(element: Element) -> str:
    """Return a formula in LaTeX, '' if it has blanks or something that cannot be written so."""
    text = plain_formula(element)
    if _BLANK.search(text) or not text.strip():
        return ""
    made = " ".join(_children(element, 0).split())
    return made if made and len(made) < 2000 else ""


def _children(element: Element, depth: int) -> str:
    if depth > MAX_DEPTH:
        return _text(plain_formula(element))
    return "".join(_one(child, depth + 1) for child in element)


def _text(text: str) -> str:
    escaped = _ESCAPED.sub(lambda sign: rf"\{sign[0]}" if sign[0] not in "\\^~" else " ", text)
    return "".join(_SIGNS.get(char, char) for char in escaped)


def _part(element: Element, name: str, depth: int) -> str:
    found = element.find(f"{M}{name}")
    return _children(found, depth) if found is not None else ""


def _property(element: Element, name: str) -> str | None:
    for properties in element:
        if properties.tag.endswith("Pr"):
            found = properties.find(f"{M}{name}")
            if found is not None:
                return found.get(f"{M}val", "")
    return None


def _one(element: Element, depth: int) -> str:
    name = element.tag.removeprefix(M)
    match name:
        case "r":
            return _text("".join(part.text or "" for part in element.iter(f"{M}t")))
        case "f":
            return rf"\frac{{{_part(element, 'num', depth)}}}{{{_part(element, 'den', depth)}}}"
        case "sSup":
            return f"{{{_part(element, 'e', depth)}}}^{{{_part(element, 'sup', depth)}}}"
        case "sSub":
            return f"{{{_part(element, 'e', depth)}}}_{{{_part(element, 'sub', depth)}}}"
        case "sSubSup":
            base, low, high = (_part(element, part, depth) for part in ("e", "sub", "sup"))
            return f"{{{base}}}_{{{low}}}^{{{high}}}"
        case "rad":
            degree = _part(element, "deg", depth)
            root = f"[{degree}]" if degree.strip() else ""
            return rf"\sqrt{root}{{{_part(element, 'e', depth)}}}"
        case "d":
            begin, end = _property(element, "begChr"), _property(element, "endChr")
            inner = ",".join(_children(part, depth) for part in element.findall(f"{M}e"))
            left, right = ("(" if begin is None else begin), (")" if end is None else end)
            return f"{_bracket(left)}{inner}{_bracket(right)}"
        case "nary":
            sign = _NARY.get(_property(element, "chr") or "", r"\sum")
            low, high, base = (_part(element, part, depth) for part in ("sub", "sup", "e"))
            return f"{sign}{f'_{{{low}}}' if low else ''}{f'^{{{high}}}' if high else ''} {base}"
        case "acc" | "bar":
            return rf"\overline{{{_part(element, 'e', depth)}}}"
        case "func":
            return f"{_part(element, 'fName', depth)} {_part(element, 'e', depth)}"
        case _ if name.endswith("Pr"):
            return ""
        case _:
            return _children(element, depth)


def _bracket(sign: str) -> str:
    return {"{": r"\{", "}": r"\}", "": ""}.get(sign, sign)
