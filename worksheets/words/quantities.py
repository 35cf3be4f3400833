"""The exact reading of a number, a year or a date, without binary floats.

Accepted, and nothing else, so that a teacher can know it by heart:

- figures with an optional sign and a decimal point: ``1936``, ``-3.5``, ``.5``, ``12.``;
- thousands in threes, by comma, space or apostrophe: ``1,936``, ``100 000``;
- a decimal comma where it cannot be a thousands comma: ``3,5``, ``0,125``, ``1 234,5``,
  ``1.234,5``;
- the figures and separators of other scripts: ``١٬٠٠٠``, ``३.५``;
- a year with its era, before or after: ``AD 79``, ``79 CE``, ``44 BC`` (which is -44);
- a date with the month in words, or as ISO writes it: ``1 September 1939``,
  ``September 1st, 1939``, ``1939-09-01``, ``September 1939``, ``1 September``,
  ``1. September 1939``. The words are English, those of the pages' other language, and those
  of the sheet's.

``1/9/1939`` is not read: it is one day in London and another in New York.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from babel import Locale

from worksheets.words import exact
from worksheets.words.normalise import normalise, western, without_accents
from worksheets.words.settings import Settings

MAX_LENGTH = 60  # characters; the longest date has 26

_SIGNED = re.compile(r"([+-]?) ?(.*)")
_GROUPED_COMMA = re.compile(r"[1-9]\d{0,2}(?:([ '.])\d{3})(?:\1\d{3})*,\d+")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([ ,'])\d{3})(?:\1\d{3})*(?:\.\d*)?")
_POINTED = re.compile(r"\d+\.?\d*|\.\d+")
_COMMA = re.compile(r"\d+,\d+")
_ERA_BEFORE = re.compile(r"(ad|ce|bc|bce)\b ?(.*)")
_ERA_AFTER = re.compile(r"(.*\d) ?(ad|ce|bc|bce)")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|º|o|ª|a|\.)?")
_YEAR = re.compile(r"\d{3,4}")
# Arabic has separators of its own.
_SEPARATORS = str.maketrans({"٫": ".", "٬": ","})
# Words in a date that say nothing: 'the 1st of May', '1 de mayo', '5 mai', 'den 5. maj'.
_FILLERS = frozenset({"of", "the", "de", "del", "den", "der", "di", "il", "le", "г", "года"})
PAGE_LANGUAGES = ("en", "de")


class Quantity(NamedTuple):
    """A number or date; ``kind`` keeps years and days apart: only like is compared with like."""

    kind: str  # 'number'; 'date' and 'day' in days; 'month' in months
    value: Decimal


def read_quantity(plain: str, language: str = "") -> Quantity | None:
    """Return the quantity that a normalised text says, or None.

    ``language`` is the sheet's, a BCP 47 tag: months have names in it as well.
    """
    return _read(plain, language) if len(plain) <= MAX_LENGTH else None


@lru_cache(maxsize=4096)
def _read(plain: str, language: str) -> Quantity | None:
    text = western(plain).casefold().translate(_SEPARATORS)
    value = _read_number(text)
    if value is None:
        value = _read_year(text.replace(".", ""))
    return _read_date(text, language) if value is None else Quantity("number", value)


def within(one: Quantity, other: Quantity, tolerance: Decimal) -> bool:
    """Return whether both are of one kind and at most the tolerance apart."""
    return one.kind == other.kind and exact.difference(one.value, other.value) <= tolerance


def _read_number(text: str) -> Decimal | None:
    signed = _SIGNED.fullmatch(text)
    if signed is None:
        return None
    value = _read_unsigned(signed[2])
    if value is None:
        return None
    return value.copy_negate() if signed[1] == "-" and value else value


def _read_unsigned(text: str) -> Decimal | None:
    if grouped := _GROUPED_COMMA.fullmatch(text):
        return Decimal(text.replace(grouped[1], "").replace(",", "."))
    if grouped := _GROUPED.fullmatch(text):
        return Decimal(text.replace(grouped[1], ""))
    if _POINTED.fullmatch(text):
        return Decimal(text)
    if _COMMA.fullmatch(text):
        return Decimal(text.replace(",", "."))
    return None


def _read_year(text: str) -> Decimal | None:
    if before := _ERA_BEFORE.fullmatch(text):
        era, figures = before.groups()
    elif after := _ERA_AFTER.fullmatch(text):
        figures, era = after.groups()
    else:
        return None
    value = _read_unsigned(figures)
    return value.copy_negate() if value is not None and era.startswith("bc") else value


def _read_date(text: str, language: str) -> Quantity | None:
    if _ISO.fullmatch(text):
        year, month, day = map(int, text.split("-"))
        return _quantity({"year": year, "month": month, "day": day})
    months = month_names(language)
    fields: dict[str, int] = {}
    for word in text.replace(",", " ").split():
        if word.removesuffix(".") in _FILLERS:
            continue
        field = _date_field(word, months)
        if field is None or field[0] in fields:
            return None
        fields.update([field])
    return _quantity(fields)


def _date_field(word: str, months: Mapping[str, int]) -> tuple[str, int] | None:
    if month := months.get(word.removesuffix(".")):
        return "month", month
    if day := _DAY.fullmatch(word):
        return "day", int(day[1])
    if _YEAR.fullmatch(word):
        return "year", int(word)
    return None


@lru_cache(maxsize=64)
def month_names(language: str) -> Mapping[str, int]:
    """Return the months by their names in the pages' languages and in the sheet's.

    The names are CLDR's, whole and abbreviated, as in a date and by themselves.
    """
    names = {"sept": 9}
    for code in filter(None, (*PAGE_LANGUAGES, language)):
        months = Locale.parse(code, sep="-").months
        for context, width in product(("format", "stand-alone"), ("abbreviated", "wide")):
            for number, name in months[context][width].items():
                for settings in (Settings(), Settings(language=language)):
                    plain = normalise(name, settings).removesuffix(".")
                    if not plain.isdecimal():
                        names |= {plain: number, without_accents(plain): number}
    return names


def _quantity(fields: dict[str, int]) -> Quantity | None:
    named = frozenset(fields)
    try:
        if named == {"year", "month", "day"}:
            return Quantity("date", Decimal(datetime.date(**fields).toordinal()))
        if named == {"month", "day"}:  # a leap year, so that 29 February is a day
            return Quantity("day", Decimal(datetime.date(2000, **fields).toordinal()))
    except ValueError:  # the 31st of June
        return None
    if named == {"year", "month"}:
        return Quantity("month", Decimal(fields["year"] * 12 + fields["month"]))
    return None
