"""The numbers of Word's lists, which stand nowhere in the text of a document."""

from __future__ import annotations

from dataclasses import dataclass, field

from .archives import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAX_LEVEL = 8
_CHECKBOXES = {"\uf0a8", "\uf06f", "☐", "□", "❑", "❏", "\uf071", "\uf072"}


def value_of(element: Element | None, path: str) -> str | None:
    """Return the w:val of a part of an element, None without it."""
    found = element.find(path) if element is not None else None
    return found.get(f"{W}val") if found is not None else None


@dataclass(slots=True)
class _Level:
    form: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has got."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)  # of an abstract list
    lists: dict[str, str] = field(default_factory=dict)  # a list's abstract list
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, part: Element | None) -> Numbering:
        """Return the lists that a document's numbering part has."""
        made = cls()
        if part is None:
            return made
        for abstract in part.findall(f"{W}abstractNum"):
            number = abstract.get(f"{W}abstractNumId", "")
            made.levels[number] = {
                _level(row): _read_level(row) for row in abstract.findall(f"{W}lvl")
            }
        for row in part.findall(f"{W}num"):
            name = row.get(f"{W}numId", "")
            made.lists[name] = value_of(row, f"{W}abstractNumId") or ""
            for override in row.findall(f"{W}lvlOverride"):
                start = value_of(override, f"{W}startOverride")
                if start and start.isdigit():
                    made.starts.setdefault(name, {})[_level(override)] = int(start)
        return made

    def next(self, name: str, level: int) -> str:
        """Return what stands before the next item of a list, '' for a list without numbers."""
        abstract = self.lists.get(name)
        if abstract is None or not 0 <= level <= MAX_LEVEL:
            return ""
        levels = self.levels.get(abstract, {})
        own = levels.get(level, _Level())
        if own.form == "bullet":
            return "☐" if own.text in _CHECKBOXES else "•"
        if own.form == "none":
            return ""
        counts = self.counts.setdefault(abstract, [None] * (MAX_LEVEL + 1))
        if name not in self.begun:
            self.begun.add(name)
            for at in self.starts.get(name, {}):
                if 0 <= at <= MAX_LEVEL:
                    counts[at] = None
        count = counts[level]
        start = self.starts.get(name, {}).get(level, own.start)
        counts[level] = start if count is None else count + 1
        for deeper in range(level + 1, MAX_LEVEL + 1):
            counts[deeper] = None
        text = own.text
        for at in range(level, -1, -1):
            row = levels.get(at, _Level())
            value = counts[at]
            shown = _shown(row.start if value is None else value, row.form)
            text = text.replace(f"%{at + 1}", shown)
        return text.strip()


def _level(element: Element) -> int:
    text = element.get(f"{W}ilvl", "0")
    return int(text) if text.isdigit() else 0


def _read_level(row: Element) -> _Level:
    start = value_of(row, f"{W}start")
    return _Level(
        value_of(row, f"{W}numFmt") or "decimal",
        value_of(row, f"{W}lvlText") or "",
        int(start) if start and start.isdigit() else 1,
    )


def _shown(number: int, form: str) -> str:
    match form:
        case "lowerLetter":
            return letter(number)
        case "upperLetter":
            return letter(number).upper()
        case "lowerRoman":
            return roman(number).lower()
        case "upperRoman":
            return roman(number)
        case _:
            return str(number)


def letter(number: int) -> str:
    """Return the letter that stands for a number in a list: a, b … z, aa."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number < 500 else "a"


def roman(number: int) -> str:
    """Return a number in Roman figures; those that are too large in ours."""
    if not 0 < number < 4000:
        return str(number)
    made = ""
    for value, sign in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
        (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        made += sign * (number // value)
        number %= value
    return made
