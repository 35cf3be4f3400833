"""The key of a gap: its right answers, and the wrong ones that the teacher anticipated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from worksheets.words.key import Accepted, Anticipated, Mode, nearest
from worksheets.words.normalise import normalise
from worksheets.words.quantities import read_quantity
from worksheets.words.settings import Settings
from worksheets.words.terms import Term, key_term, term

from .messages import Message
from .messages import Message as _
from .problems import Report
from .source import first_unescaped

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BAR = re.compile(r"\\.|(\|)")
_COLON = re.compile(r"\\.|(:)")
WEIGHT = re.compile(r"([0-9]{1,9})\s*%\s*:")
_NUMBER = re.compile(r"[+\-−]?(?:[0-9]{1,20}(?:\.[0-9]{1,20})?|\.[0-9]{1,20})")
_TOLERANCE = re.compile(r"±|\+/?-")

_Place = tuple[int, int]  # where a text between the marks begins and ends there
_Tell = Callable[[str, _Place, Message], None]


@dataclass(slots=True)
class Key:
    """A gap's answers as they are being read."""

    accepted: list[Accepted] = field(default_factory=list)
    anticipated: list[Anticipated] = field(default_factory=list)
    mode: Mode = Mode.TEXT
    tolerance: Decimal = Decimal(0)
    has_tolerance: bool = False  # one is written, perhaps 0
    group: str = ""


def read_key(content: str, settings: Settings, report: Report) -> Key:
    """Read the text between the marks; ``report`` is told of each error and where it is.

    ``settings`` say which answers are the same.
    """

    def tell(code: str, place: _Place, message: Message) -> None:
        report(code, *_trimmed(content, place), message)

    key = Key()
    offset = _read_group(content, key, tell)
    offset = _read_mode(content, offset, key)
    right: list[_Place] = []
    wrong: list[_Place] = []
    for place in _alternatives(content, offset):
        answer = _read_alternative(content, place, key, settings, tell)
        if isinstance(answer, Accepted):
            key.accepted.append(answer)
            right.append(place)
        elif answer:
            key.anticipated.append(answer)
            wrong.append(place)
    _check_twice(key, settings, right, wrong, tell)
    return key


def unescape(text: str) -> str:
    """Return the text without the backslashes before punctuation."""
    return _ESCAPE.sub(r"\1", text)


def one_space(text: str) -> str:
    """Return the text with one space for any white space in it, and none at its ends."""
    return " ".join(text.split())


def to_number(text: str) -> Decimal | None:
    """Return the number that a text is, or None."""
    text = text.strip()
    return Decimal(text.replace("−", "-")) if _NUMBER.fullmatch(text) else None


def _skip_space(text: str, offset: int) -> int:
    while offset < len(text) and text[offset].isspace():
        offset += 1
    return offset


def _read_group(content: str, key: Key, tell: _Tell) -> int:
    start = _skip_space(content, 0)
    if not content.startswith("&", start):
        return start
    bar, colon = first_unescaped(_BAR, content, start), first_unescaped(_COLON, content, start)
    name = content[start + 1 : colon].strip() if colon >= 0 else ""
    if not name or (0 <= bar < colon):
        place = next(_alternatives(content, start))
        tell("group-without-name", place, _("Write a group as '&name: answer'."))
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


def _alternatives(content: str, offset: int) -> Iterator[_Place]:
    start = offset
    for match in _BAR.finditer(content, offset):
        if match[1]:
            yield start, match.start()
            start = match.end()
    yield start, len(content)


def _trimmed(content: str, place: _Place) -> _Place:
    """Return the place without white space at either end, unless there is nothing else."""
    start, end = place
    text = content[start:end]
    first = start + len(text) - len(text.lstrip())
    return (first, start + len(text.rstrip())) if first < end else place


def _read_alternative(
    content: str, place: _Place, key: Key, settings: Settings, tell: _Tell
) -> Accepted | Anticipated | None:
    start, end = place
    text = one_space(content[start:end])
    if not text:
        tell("empty-answer", place, _("An answer is missing beside '|'."))
        return None
    if text.startswith("!"):
        return _read_anticipated(text, place, tell)
    return _read_accepted(text, place, key, settings, tell)


def _read_anticipated(text: str, place: _Place, tell: _Tell) -> Anticipated | None:
    colon = first_unescaped(_COLON, text)
    wrong = text[1:colon] if colon >= 0 else text[1:]
    feedback = text[colon + 1 :] if colon >= 0 else ""
    if not wrong.strip():
        tell("empty-answer", place, _("Write the wrong answer that you expect after '!'."))
        return None
    return Anticipated(unescape(wrong).strip(), unescape(feedback).strip())


def _read_accepted(
    text: str, place: _Place, key: Key, settings: Settings, tell: _Tell
) -> Accepted | None:
    weight = Decimal(1)
    if match := WEIGHT.match(text):
        weight = Decimal(int(match[1])) / 100
        text = text[match.end() :].strip()
        if not 0 < weight <= 1:
            tell("bad-weight", place, _("A share is a whole number from 1% to 100%."))
            return None
    if not text:
        tell("empty-answer", place, _("Write the answer that earns this share after '%:'."))
        return None
    if key.mode is Mode.NUMBER:
        return _read_number(text, weight, place, key, settings, tell)
    if key.mode is Mode.PATTERN and "\\*" in text:
        tell("bad-pattern", place, _("In a pattern '*' always stands for any letters."))
        return None
    return Accepted(unescape(text), weight)


def _read_number(
    text: str, weight: Decimal, place: _Place, key: Key, settings: Settings, tell: _Tell
) -> Accepted | None:
    text = text.removeprefix("#").strip()
    about = _TOLERANCE.search(text)
    number = text[: about.start()] if about else text
    tolerance = to_number(text[about.end() :]) if about else Decimal(0)
    readable = to_number(number) is not None or _is_date(number, settings)
    if not readable or tolerance is None or tolerance < 0:
        tell(
            "bad-number",
            place,
            _(
                "Write a number or a date after '#': 1936, -2.5, 1936 ±1, 1 September 1939. To"
                " write the sign itself, use \\#."
            ),
        )
        return None
    if about and key.has_tolerance and key.tolerance != tolerance:
        tell("bad-number", place, _("A gap has only one tolerance for all its numbers."))
        return None
    if about:
        key.tolerance, key.has_tolerance = tolerance, True
    return Accepted(number.strip().replace("−", "-"), weight)


def _is_date(text: str, settings: Settings) -> bool:
    found = read_quantity(normalise(text, settings), settings.language)
    return found is not None and found.kind != "number"


def _is_near(key: Key, given: Term, settings: Settings) -> bool:
    numbers = replace(key, anticipated=[])
    return nearest(numbers, given, settings)[1] is not None


def _check_twice(
    key: Key, settings: Settings, right: Sequence[_Place], wrong: Sequence[_Place], tell: _Tell
) -> None:
    accepted: set[str] = set()
    for one, place in zip(key.accepted, right, strict=True):
        plain = key_term(one.text, settings).plain
        if plain in accepted:
            tell("repeated-answer", place, _("This gap has the same right answer twice."))
        accepted.add(plain)
    for answer, place in zip(key.anticipated, wrong, strict=True):
        given = term(answer.text, settings)
        _closeness, found = nearest(key, given, settings)
        # Within the tolerance it would be wrong, and right for whoever reads the key.
        if isinstance(found, Accepted) or (
            key.mode is Mode.NUMBER and _is_near(key, given, settings)
        ):
            message = _(
                "'%(text)s' cannot be both a right and a wrong answer.", text=answer.text[:40]
            )
            tell("anticipated-accepted", place, message)
