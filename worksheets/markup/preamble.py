"""The sheet's own settings: 'name: value' lines between '---' at the very top."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .messages import Message as _
from .problems import Problems
from .sheet import Settings
from .source import Line

MAX_LINES = 20

_FENCE = re.compile(r"-{3,}\s*")
_SETTING = re.compile(r"\s*([A-Za-z][A-Za-z ]{0,40}?)\s*:\s*(.*)")

# Name and value as they are written -> the field of Settings and what it becomes.
_VALUES: dict[str, tuple[str, dict[str, bool]]] = {
    "spelling": ("spelling_counts", {"counts": True, "forgiven": False}),
    "capitals": ("case_counts", {"count": True, "free": False}),
    "accents": ("fold_accents", {"optional": True, "count": False}),
}


def read_settings(lines: Sequence[Line], problems: Problems) -> tuple[Settings, int]:
    """Return the settings, and how many lines they take (0 where the text has none)."""
    end = _closing(lines)
    settings = Settings()
    seen: set[str] = set()
    for line in lines[1:end]:
        if not line.blank:
            settings = _read(settings, line, seen, problems)
    return settings, end + 1 if end else 0


def _closing(lines: Sequence[Line]) -> int:
    """Return the index of the closing '---', or 0 where '---' is just a rule above some text."""
    if not lines or not _FENCE.fullmatch(lines[0].text):
        return 0
    for index, line in enumerate(lines[1 : MAX_LINES + 2], 1):
        if _FENCE.fullmatch(line.text):
            return index
        if not (line.blank or _SETTING.fullmatch(line.text)):
            return 0
    return 0


def _read(settings: Settings, line: Line, seen: set[str], problems: Problems) -> Settings:
    match = _SETTING.fullmatch(line.text)
    if match is None:  # _closing let none of these through
        return settings
    name, value = match[1].lower(), match[2].strip().lower()
    if name not in _VALUES:
        problems.error(
            "unknown-setting",
            line.cut(*match.span(1)).extent,
            _(
                "There is no setting '%(name)s'. You can use %(names)s.",
                name=match[1],
                names=", ".join(_VALUES),
            ),
        )
        return settings
    field, values = _VALUES[name]
    if name in seen:
        problems.error("setting-twice", line.extent, _("'%(name)s' is set twice.", name=name))
    elif value not in values:
        one, other = values
        message = _(
            "'%(name)s' can be %(one)s or %(other)s, not '%(value)s'.",
            name=name,
            one=one,
            other=other,
            value=value[:40],
        )
        problems.error("unknown-value", line.cut(*match.span(2)).extent, message)
    else:
        settings = replace(settings, **{field: values[value]})
    seen.add(name)
    return settings
