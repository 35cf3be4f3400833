"""The details that may stand after '???': marks, a number of words, words of the kinds."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from .messages import Message
from .messages import Message as _
from .problems import Problems
from .source import Extent, Span

MAX_MARKS = 1000

Taken = tuple[set[str], Message | None]
"""The names of what a detail sets (none may be set twice), and an error message or None."""

MARKS = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,9})?)\s*(?:marks?|points?)", re.IGNORECASE)
_RANGE = re.compile(r"([0-9]{1,6})\s*(?:[-–—]|to)\s*([0-9]{1,6})\s+words?", re.IGNORECASE)
NOT_COUNTED = re.compile(r"not\s+counted", re.IGNORECASE)
_MIN_WORDS = re.compile(r"(?:at least|min\.?)\s+([0-9]{1,6})\s+words?", re.IGNORECASE)
_MAX_WORDS = re.compile(r"(?:up to|at most|max\.?)\s+([0-9]{1,6})\s+words?", re.IGNORECASE)
WORDS = (_RANGE, _MIN_WORDS, _MAX_WORDS)
DETAIL = re.compile(r"[^,;\s](?:[^,;]*[^,;\s])?")
_WORDS_BACKWARDS = _("The minimum number of words is larger than the maximum.")


@dataclass(slots=True)
class Details:
    """The requirements that an author sets for an answer, and where they are written.

    ``places`` has what sets each of them, by 'marks', 'counted', 'least', 'most' and the keywords.
    """

    extent: Extent
    marks: Decimal | None = None
    is_left_out: bool = False  # of all sums of marks
    words_min: int | None = None
    words_max: int | None = None
    keywords: list[str] = field(default_factory=list)  # those of the kinds, in lower case
    places: dict[str, Extent] = field(default_factory=dict)


def is_detail(text: str, keywords: Iterable[str]) -> bool:
    """Return whether a text is a detail that may follow '???', such as '6 marks'.

    ``keywords`` are the words that the kinds of question add, in lower case.
    """
    is_form = any(form.fullmatch(bare(text)) for form, _take in _FORMS)
    return is_form or _keyword(text) in keywords


def read_details(
    text: Span, extent: Extent, problems: Problems, keywords: Iterable[str]
) -> Details:
    """Return the details that a text lists; report an error for each that cannot be read.

    ``extent`` is all that the author has written for them, '???' included.
    """
    details = Details(extent)
    for match in DETAIL.finditer(text.text):
        _read(match[0], text.extent_of(*match.span()), details, problems, keywords)
    return details


def keywords_of(text: str, keywords: Collection[str]) -> set[str]:
    """Return those of the keywords that a text lists as details."""
    return {_keyword(match[0]) for match in DETAIL.finditer(text)} & set(keywords)


def bare(text: str) -> str:
    return text.strip().strip("()[]").strip()


def _keyword(text: str) -> str:
    return " ".join(bare(text).lower().split())


def _read(
    text: str, extent: Extent, details: Details, problems: Problems, keywords: Iterable[str]
) -> None:
    names: set[str] = set()
    complaint: Message | None = None
    if (keyword := _keyword(text)) in keywords:
        names = {keyword}
        details.keywords.append(keyword)
    else:
        for form, take in _FORMS:
            if match := form.fullmatch(bare(text)):
                names, complaint = take(details, match)
                break
    if not names:
        problems.error("unknown-detail", extent, _unknown(text[:40], keywords))
        return
    if names & details.places.keys():
        complaint = _("This is written twice.")
    details.places |= dict.fromkeys(names, extent)
    if complaint:
        problems.error("bad-detail", extent, complaint)


def _unknown(text: str, keywords: Iterable[str]) -> Message:
    details = ("6 marks", "40-120 words", "at least 40 words", "up to 120 words", *keywords)
    return _(
        "'%(text)s' cannot be read here. You can write %(details)s, separated by commas.",
        text=text,
        details=", ".join(f"'{detail}'" for detail in details),
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


def _take_not_counted(details: Details, _match: re.Match[str]) -> Taken:
    details.is_left_out = True
    return {"counted"}, None


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


_FORMS: tuple[tuple[re.Pattern[str], Callable[[Details, re.Match[str]], Taken]], ...] = (
    (MARKS, _take_marks),
    (NOT_COUNTED, _take_not_counted),
    (_RANGE, _take_range),
    (_MIN_WORDS, _take_least),
    (_MAX_WORDS, _take_most),
)
