"""The details that may stand after '???': marks, a number of words, 'which'."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from .messages import Message
from .messages import Message as _
from .problems import Problems
from .source import Line

MAX_MARKS = 1000

Taken = tuple[set[str], Message | None]
"""The names of what a detail sets (none may be set twice), and an error message or None."""

_MARKS = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,9})?)\s*(?:marks?|points?)", re.IGNORECASE)
_RANGE = re.compile(r"([0-9]{1,6})\s*(?:[-–—]|to)\s*([0-9]{1,6})\s+words?", re.IGNORECASE)
_MIN_WORDS = re.compile(r"(?:at least|min\.?)\s+([0-9]{1,6})\s+words?", re.IGNORECASE)
_MAX_WORDS = re.compile(r"(?:up to|at most|max\.?)\s+([0-9]{1,6})\s+words?", re.IGNORECASE)
_WHICH = re.compile(r"which", re.IGNORECASE)
_DETAIL = re.compile(r"[^,;]+")
_WORDS_BACKWARDS = _("The minimum number of words is larger than the maximum.")


@dataclass(slots=True)
class Details:
    """The requirements that an author sets for an answer."""

    marks: Decimal | None = None
    words_min: int | None = None
    words_max: int | None = None
    which: bool = False


def is_detail(text: str) -> bool:
    """Return whether a text is a detail that may follow '???', such as '6 marks'."""
    return any(form.fullmatch(_bare(text)) for form, _take in _FORMS)


def read_details(line: Line, problems: Problems) -> Details:
    """Return the details that a line lists; report an error for each that cannot be read."""
    details = Details()
    seen: set[str] = set()
    for piece in _DETAIL.finditer(line.text):
        part = line.cut(*piece.span()).stripped()
        if part.text:
            _read(part, details, seen, problems)
    return details


def _bare(text: str) -> str:
    return text.strip().strip("()[]").strip()


def _read(part: Line, details: Details, seen: set[str], problems: Problems) -> None:
    at = (part.number, part.column)
    for form, take in _FORMS:
        if match := form.fullmatch(_bare(part.text)):
            names, complaint = take(details, match)
            if names & seen:
                complaint = _("This is written twice.")
            seen |= names
            if complaint:
                problems.error("bad-detail", at, complaint)
            return
    problems.error(
        "unknown-detail",
        at,
        _(
            "'%(text)s' cannot follow '???'. You can write '6 marks', '40-120 words', 'at least 40"
            " words', 'up to 120 words' and 'which', separated by commas.",
            text=part.text[:40],
        ),
    )


def _take_marks(details: Details, match: re.Match[str]) -> Taken:
    marks = Decimal(match[1])
    if not 0 < marks <= MAX_MARKS or marks != round(marks, 2):
        return {"marks"}, _(
            "Marks must be more than 0 and at most %(most)s, with up to two decimals.",
            most=MAX_MARKS,
        )
    details.marks = marks
    return {"marks"}, None


def _take_range(details: Details, match: re.Match[str]) -> Taken:
    least, most = int(match[1]), int(match[2])
    if least > most or most == 0:
        return {"least", "most"}, _WORDS_BACKWARDS
    details.words_min, details.words_max = least or None, most
    return {"least", "most"}, None


def _take_least(details: Details, match: re.Match[str]) -> Taken:
    details.words_min = int(match[1]) or None
    if details.words_max is not None and int(match[1]) > details.words_max:
        return {"least"}, _WORDS_BACKWARDS
    return {"least"}, None


def _take_most(details: Details, match: re.Match[str]) -> Taken:
    if not int(match[1]):
        return {"most"}, _("An answer must allow at least one word.")
    details.words_max = int(match[1])
    if details.words_min is not None and details.words_min > details.words_max:
        return {"most"}, _WORDS_BACKWARDS
    return {"most"}, None


def _take_which(details: Details, _match: re.Match[str]) -> Taken:
    details.which = True
    return {"which"}, None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[Details, re.Match[str]], Taken]], ...] = (
    (_MARKS, _take_marks),
    (_RANGE, _take_range),
    (_MIN_WORDS, _take_least),
    (_MAX_WORDS, _take_most),
    (_WHICH, _take_which),
)
