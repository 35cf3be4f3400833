"""The key of a gap: its right answers, and the wrong ones that the teacher anticipated."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from .messages import Message as _
from .problems import Report
from .sheet import Accepted, Anticipated, Mode
from .source import first_unescaped

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BAR = re.compile(r"\\.|(\|)")
_COLON = re.compile(r"\\.|(:)")
_WEIGHT = re.compile(r"([0-9]{1,9})\s*%\s*:")
_NUMBER = re.compile(r"[+\-−]?(?:[0-9]{1,20}(?:\.[0-9]{1,20})?|\.[0-9]{1,20})")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,7}\.?"
_DATE = re.compile(
    rf"[0-9]{{1,2}}(?:st|nd|rd|th)? {_MONTH}(?: [0-9]{{3,4}})?"
    rf"|{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? [0-9]{{3,4}}|{_MONTH} [0-9]{{3,4}}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}",
    re.IGNORECASE,
)
_TOLERANCE = re.compile(r"±|\+/?-")
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})


@dataclass(slots=True)
class Key:
    """A gap's answers as they are being read."""

    accepted: list[Accepted] = field(default_factory=list)
    anticipated: list[Anticipated] = field(default_factory=list)
    mode: Mode = Mode.TEXT
    tolerance: Decimal | None = None
    group: str = ""


def read_key(content: str, report: Report) -> Key:
    """Read the text between the marks; ``report`` is told of each error and its offset."""
    key = Key()
    offset = _read_group(content, key, report)
    offset = _read_mode(content, offset, key)
    for start, piece in _alternatives(content, offset):
        _read_alternative(piece, key, start, report)
    _check_twice(key, report)
    return key


def unescape(text: str) -> str:
    """Return the text without the backslashes before punctuation."""
    return _ESCAPE.sub(r"\1", text)


def fold(text: str) -> str:
    """Return the text as the parser's own checks compare it: NFKC, without case, plain signs."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SAME)
    return " ".join(plain.split())


def to_number(text: str) -> Decimal | None:
    """Return the number that a text is, or None."""
    text = text.strip()
    return Decimal(text.replace("−", "-")) if _NUMBER.fullmatch(text) else None


class Numbers:
    """The numbers among some texts, for the search for one within a tolerance."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._sorted = sorted(n for text in texts if (n := to_number(text)) is not None)

    def has_within(self, text: str, tolerance: Decimal) -> bool:
        number = to_number(text)
        if number is None:
            return False
        index = bisect_left(self._sorted, number - tolerance)
        return index < len(self._sorted) and self._sorted[index] <= number + tolerance


def _skip_space(text: str, offset: int) -> int:
    while offset < len(text) and text[offset].isspace():
        offset += 1
    return offset


def _read_group(content: str, key: Key, report: Report) -> int:
    start = _skip_space(content, 0)
    if not content.startswith("&", start):
        return start
    bar, colon = first_unescaped(_BAR, content, start), first_unescaped(_COLON, content, start)
    name = content[start + 1 : colon].strip() if colon >= 0 else ""
    if not name or (0 <= bar < colon):
        report("group-without-name", start, _("Write a group as '&name: answer'."))
        return start + 1
    key.group = unescape(name)
    return colon + 1


def _read_mode(content: str, offset: int, key: Key) -> int:
    offset = _skip_space(content, offset)
    if content.startswith("#", offset):
        key.mode = Mode.NUMBER
    elif content.startswith("~", offset):
        key.mode = Mode.PATTERN
    else:
        return offset
    return offset + 1


def _alternatives(content: str, offset: int) -> Iterator[tuple[int, str]]:
    start = offset
    for match in _BAR.finditer(content, offset):
        if match[1]:
            yield start, content[start : match.start()]
            start = match.end()
    yield start, content[start:]


def _read_alternative(piece: str, key: Key, start: int, report: Report) -> None:
    text = piece.strip()
    start = start + _skip_space(piece, 0) if text else start
    if not text:
        report("empty-answer", start, _("An answer is missing beside '|'."))
    elif text.startswith("!"):
        _read_anticipated(text, key, start, report)
    else:
        _read_accepted(text, key, start, report)


def _read_anticipated(text: str, key: Key, start: int, report: Report) -> None:
    colon = first_unescaped(_COLON, text)
    wrong = text[1:colon] if colon >= 0 else text[1:]
    feedback = text[colon + 1 :] if colon >= 0 else ""
    if not wrong.strip():
        report("empty-answer", start, _("Write the wrong answer that you expect after '!'."))
        return
    key.anticipated.append(Anticipated(unescape(wrong).strip(), unescape(feedback).strip()))


def _read_accepted(text: str, key: Key, start: int, report: Report) -> None:
    weight = Decimal(1)
    if match := _WEIGHT.match(text):
        weight = Decimal(int(match[1])) / 100
        text = text[match.end() :].strip()
        if not 0 < weight <= 1:
            report("bad-weight", start, _("A share is a whole number from 1% to 100%."))
            return
    if not text:
        report("empty-answer", start, _("Write the answer that earns this share after '%:'."))
    elif key.mode is Mode.NUMBER:
        _read_number(text, weight, key, start, report)
    elif key.mode is Mode.PATTERN and "\\*" in text:
        report("bad-pattern", start, _("In a pattern '*' always stands for any letters."))
    else:
        key.accepted.append(Accepted(unescape(text), weight))


def _read_number(text: str, weight: Decimal, key: Key, start: int, report: Report) -> None:
    text = text.removeprefix("#").strip()
    about = _TOLERANCE.search(text)
    number = text[: about.start()] if about else text
    tolerance = to_number(text[about.end() :]) if about else Decimal(0)
    readable = to_number(number) is not None or _DATE.fullmatch(number.strip())
    if not readable or tolerance is None or tolerance < 0:
        report(
            "bad-number",
            start,
            _(
                "Write a number or a date after '#': 1936, -2.5, 1936 ±1, 1 September 1939. To"
                " write the sign itself, use \\#."
            ),
        )
        return
    if about and key.tolerance not in (None, tolerance):
        report("bad-number", start, _("A gap has only one tolerance for all its numbers."))
        return
    if about:
        key.tolerance = tolerance
    key.accepted.append(Accepted(number.strip().replace("−", "-"), weight))


def _check_twice(key: Key, report: Report) -> None:
    accepted = {fold(answer.text) for answer in key.accepted}
    if len(accepted) < len(key.accepted):
        report("repeated-answer", 0, _("This gap has the same right answer twice."))
    numbers = Numbers(answer.text for answer in key.accepted)
    for wrong in key.anticipated:
        hit = key.mode is Mode.NUMBER and numbers.has_within(
            wrong.text, key.tolerance or Decimal(0)
        )
        if fold(wrong.text) in accepted or hit:
            report(
                "anticipated-accepted",
                0,
                _("'%(text)s' cannot be both a right and a wrong answer.", text=wrong.text[:40]),
            )
