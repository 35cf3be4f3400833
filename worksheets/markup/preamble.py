"""The sheet's own settings: 'name: value' lines between '---' at the very top."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError

from worksheets.words.settings import Settings

from .messages import Message as _
from .problems import Problems
from .source import Extent, Line

MAX_LINES = 20

_FENCE = re.compile(r"-{3,}\s*")
SETTING = re.compile(r"\s*([A-Za-z][A-Za-z ]{0,40}?)\s*:\s*(.*)")

# Name and value as they are written -> the field of Settings and what it becomes.
_VALUES: dict[str, tuple[str, dict[str, bool]]] = {
    "spelling": ("spelling_counts", {"counts": True, "forgiven": False}),
    "capitals": ("case_counts", {"count": True, "free": False}),
    "accents": ("fold_accents", {"optional": True, "count": False}),
}
_LANGUAGE = "language"
_NAMES = (*_VALUES, _LANGUAGE)


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
        if not (line.blank or SETTING.fullmatch(line.text)):
            return 0
    return 0


def _read(settings: Settings, line: Line, seen: set[str], problems: Problems) -> Settings:
    match = SETTING.fullmatch(line.text)
    if match is None:  # _closing let none of these through
        return settings
    name, value = match[1].lower(), match[2].strip().lower()
    if name not in _NAMES:
        problems.error(
            "unknown-setting",
            line.cut(*match.span(1)).extent,
            _(
                "There is no setting '%(name)s'. You can use %(names)s.",
                name=match[1],
                names=", ".join(_NAMES),
            ),
        )
        return settings
    place = line.cut(*match.span(2)).extent
    if name in seen:
        problems.error("setting-twice", line.extent, _("'%(name)s' is set twice.", name=name))
    elif name == _LANGUAGE:
        settings = replace(settings, language=_read_language(value, place, problems))
    elif value not in _VALUES[name][1]:
        one, other = _VALUES[name][1]
        message = _(
            "'%(name)s' can be %(one)s or %(other)s, not '%(value)s'.",
            name=name,
            one=one,
            other=other,
            value=value[:40],
        )
        problems.error("unknown-value", place, message)
    else:
        field, values = _VALUES[name]
        changed: dict[str, Any] = {field: values[value]}
        settings = replace(settings, **changed)
    seen.add(name)
    return settings


def _read_language(value: str, place: Extent, problems: Problems) -> str:
    """Return the BCP 47 tag of a language that is written as its tag or its English name."""
    tag = _codes().get(value, value)
    try:
        return str(Locale.parse(tag, sep="_" if "_" in tag else "-")).replace("_", "-")
    except (UnknownLocaleError, ValueError):
        message = _(
            "'%(value)s' is no language that is known here. Write its code, such as 'tr' for"
            " Turkish or 'fr' for French.",
            value=value[:40],
        )
        problems.error("unknown-language", place, message)
        return ""


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    """Return the codes of all languages by their English names."""
    return {name.lower(): code for code, name in Locale("en").languages.items()}
