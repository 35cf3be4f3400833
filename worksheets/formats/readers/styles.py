"""The styles of a Word document, as far as they say what a paragraph is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .archives import Element
from .numbering import W, value_of

_HEADING = re.compile(r"heading\s*([1-9])")
# What leads to a tab stop, as wide as an underscore: dots may lead to a price or a page.
_LEADERS = {"dot": "..", "middleDot": "..", "underscore": "_", "hyphen": "_", "heavy": "_"}
MAX_CHAIN = 12  # styles based on each other

Tab = tuple[int, str]  # its place in twentieths of a point, and what leads to it, '' for nothing


@dataclass(slots=True)
class Style:
    level: int = 0
    bold: bool = False
    list_name: str = ""
    list_level: int = 0
    tabs: tuple[Tab, ...] = ()
    bordered: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Styles:
    """The styles by their ids, with what they inherit."""

    rows: dict[str, Element] = field(default_factory=dict)
    known: dict[str, Style] = field(default_factory=dict)

    @classmethod
    def read(cls, part: Element | None) -> Styles:
        made = cls()
        for row in part.findall(f"{W}style") if part is not None else ():
            made.rows[row.get(f"{W}styleId", "")] = row
        return made

    def get(self, name: str | None) -> Style:
        """Return a style; a plain one if there is none of that name."""
        if not name:
            return Style()
        if name not in self.known:
            self.known[name] = self._read(name)
        return self.known[name]

    def _read(self, name: str) -> Style:
        style = Style()
        for row in reversed(list(self._chain(name))):
            title = (value_of(row, f"{W}name") or "").casefold()
            if heading := _HEADING.match(title):
                style.level = int(heading[1]) + 1
            elif title == "title":
                style.level = 1
            properties = row.find(f"{W}pPr")
            outline = value_of(properties, f"{W}outlineLvl")
            if outline and outline.isdigit() and int(outline) < 9:
                style.level = style.level or int(outline) + 2
            style.bold = is_on(row.find(f"{W}rPr/{W}b"), style.bold)
            style.hidden = is_on(row.find(f"{W}rPr/{W}vanish"), style.hidden)
            style.list_name = value_of(properties, f"{W}numPr/{W}numId") or style.list_name
            level = value_of(properties, f"{W}numPr/{W}ilvl")
            style.list_level = int(level) if level and level.isdigit() else style.list_level
            style.tabs = tabs_of(properties) or style.tabs
            style.bordered = style.bordered or has_borders(row.find(f"{W}tblPr"))
        return style

    def _chain(self, name: str) -> Iterator[Element]:
        for _ in range(MAX_CHAIN):
            row = self.rows.get(name)
            if row is None:
                return
            yield row
            name = value_of(row, f"{W}basedOn") or ""


def is_on(element: Element | None, otherwise: bool = False) -> bool:
    """Return whether a property such as w:b is switched on."""
    if element is None:
        return otherwise
    return element.get(f"{W}val", "1") not in ("0", "false", "off", "none")


def tabs_of(properties: Element | None) -> tuple[Tab, ...]:
    """Return the tab stops of a paragraph or style."""
    found = []
    for tab in properties.findall(f"{W}tabs/{W}tab") if properties is not None else ():
        place = tab.get(f"{W}pos", "")
        if tab.get(f"{W}val") != "clear" and place.lstrip("-").isdigit():
            found.append((int(place), _LEADERS.get(tab.get(f"{W}leader", "none"), "")))
    return tuple(sorted(found))


def has_borders(properties: Element | None) -> bool:
    """Return whether a table's properties draw lines."""
    borders = properties.find(f"{W}tblBorders") if properties is not None else None
    return borders is not None and any(
        side.get(f"{W}val", "none") not in ("none", "nil") for side in borders
    )
