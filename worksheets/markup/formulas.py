r"""Formulas in running text: LaTeX between ``\(`` and ``\)``, made into MathML.

The library takes any text for a formula and passes on what it does not know. Whatever is no
element or attribute of MathML Core that a formula needs is refused or left out here, so that
no text of a teacher's can become another element of the page.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element

MAX_LENGTH = 500  # characters

# How many elements stand in each; None for any number.
_CHILDREN: dict[str, int | None] = {
    **dict.fromkeys(("math", "mrow", "mstyle", "msqrt", "mtable", "mtr", "mtd", "mphantom"), None),
    **dict.fromkeys(("mi", "mo", "mn", "mtext", "mspace"), 0),
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
_ATTRIBUTES = {
    **dict.fromkeys(
        ("stretchy", "fence", "accent", "accentunder", "displaystyle", "largeop", "separator"),
        re.compile("true|false"),
    ),
    "mathvariant": re.compile("normal"),
    "linethickness": re.compile("0"),
    "columnalign": re.compile("(?:left|right|center)(?: (?:left|right|center))*"),
    "width": re.compile(r"-?[0-2](?:\.[0-9]{1,3})?em"),
}


class FormulaError(Exception):
    """The error for a text that is no formula, or uses what cannot be shown."""


@lru_cache(maxsize=2048)
def to_mathml(formula: str) -> str:
    """Return a formula as a ``math`` element, which is safe in a page. Raise FormulaError."""
    if len(formula) > MAX_LENGTH or not formula.isprintable():
        raise FormulaError(formula)
    try:
        element = convert_to_element(formula)
    except Exception as error:
        # The library has errors of its own without a common base, and lets Python's own through
        # (IndexError for '\\sqrt', RecursionError).
        raise FormulaError(formula) from error
    _check(element)
    element.attrib = {"dir": "ltr"}
    return ElementTree.tostring(element, encoding="unicode")


def _check(element: ElementTree.Element) -> None:
    """Leave out what a formula does not need. Raise FormulaError for what is no formula."""
    tag = element.tag
    children = list(element)
    if tag not in _CHILDREN or _CHILDREN[tag] not in (None, len(children)):
        raise FormulaError(tag)
    # The library writes characters as references, and leaves a command that it does not know.
    element.text = html.unescape(element.text or "")
    if element.text.startswith("\\") or (children and element.text.strip()):
        raise FormulaError(element.text)
    element.attrib = {
        name: value
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES and _ATTRIBUTES[name].fullmatch(value)
    }
    for child in children:
        if child.tail and child.tail.strip():
            raise FormulaError(child.tail)
        _check(child)
