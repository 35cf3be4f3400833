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
from worksheets.words.terms import Term, term

from .details import MARKS, MAX_MARKS
from .messages import Message
from .messages import Message as _
from .problems import Report
from .source import first_unescaped

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BAR = re.compile(r"\\.|(\|)")
_COLON = re.compile(r"\\.|(:)")
WEIGHT = re.compile(r"([0-9]{1,9})\s*%\s*:")
_NUMBER = re.compile(r"[+\-−]?(?:[0-9]{1,20}(?:\.[0-9]{1,20})?|\.[0-9]{1,20})")
_CHOOSE = re.compile(r"\s*choose\s*:\s*", re.IGNORECASE)
_SAID = re.compile(r"([?=!])\s*:")
_DETAILS = {"?": "hint", "=": "feedback_right", "!": "feedback_wrong"}
_MARKS = re.compile(rf"\[\s*{MARKS.pattern}\s*\]", re.IGNORECASE)
_TOLERANCE = re.compile(r"±|\+/?-")

# Pairs of a right and a foreseen wrong answer that are compared by more than their words.
MAX_COMPARED = 20_000

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
    offers_choices: bool = False
    hint: str = ""
    feedback_right: str = ""
    feedback_wrong: str = ""
    marks: Decimal | None = None


def read_key(content: str, settings: Settings, report: Report) -> Key:
    """Read the text between the marks; ``report`` is told of each error and where it is.

    ``settings`` say which answers are the same.
    """

    def tell(code: str, place: _Place, message: Message) -> None:
        report(code, *_trimmed(content, place), message)

    key = Key()
    offset = _read_group(content, key, tell)
    if key.group and not content[offset:].strip():
        return key  # the answer is still to be given
    if choose := _CHOOSE.match(content, offset):
        key.offers_choices, offset = True, choose.end()
    else:
        offset = _read_mode(content, offset, key)
    right: list[_Place] = []
    wrong: list[_Place] = []
    for place in _alternatives(content, offset):
        if _read_detail(content, place, key, tell):
            continue
        answer = _read_alternative(content, place, key, settings, tell)
        if isinstance(answer, Accepted):
            key.accepted.append(answer)
            right.append(place)
        elif answer:
            key.anticipated.append(answer)
            wrong.append(place)
    _check_twice(key, settings, right, wrong, tell)
    texts = {answer.text for answer in key.accepted} | {wrong.text for wrong in key.anticipated}
    if key.offers_choices and len(texts) < 2:
        message = _("A gap with choices needs two at least: ___choose: was | !were___.")
        tell("too-few-choices", (0, len(content)), message)
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


def _read_detail(content: str, place: _Place, key: Key, tell: _Tell) -> bool:
    """Read a hint, what is said to every right or wrong answer, or marks; False if it is none."""
    text = one_space(content[slice(*place)])
    if marks := _MARKS.fullmatch(text):
        if key.marks is not None:
            tell("bad-detail", place, _("This is written twice."))
        number = Decimal(marks[1])
        if number > MAX_MARKS or number != round(number, 2):
            message = _(
                "Marks of a gap must be from 0 to %(most)s, with up to two decimals.",
                most=MAX_MARKS,
            )
            tell("bad-detail", place, message)
        else:
            key.marks = number
        return True
    said = _SAID.match(text)
    if said is None:
        return False
    name = _DETAILS[said[1]]
    words = unescape(text[said.end() :]).strip()
    if getattr(key, name):
        tell("bad-detail", place, _("This is written twice."))
    elif not words:
        tell("empty-answer", place, _("Write what pupils are to read after the colon."))
    else:
        setattr(key, name, words)
    return True


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


def _is_right(key: Key, answer: Anticipated, given: Term, settings: Settings) -> bool:
    """Return whether a wrong answer of numbers or patterns is a right one, too."""
    if isinstance(nearest(replace(key, anticipated=[answer]), given, settings)[1], Accepted):
        return True
    # Within the tolerance it would be wrong, and right for whoever reads the key.
    is_number = key.mode is Mode.NUMBER
    return is_number and nearest(replace(key, anticipated=[]), given, settings)[1] is not None


def _check_twice(
    key: Key, settings: Settings, right: Sequence[_Place], wrong: Sequence[_Place], tell: _Tell
) -> None:
    accepted: set[str] = set()
    for one, place in zip(key.accepted, right, strict=True):
        plain = normalise(one.text, settings)
        if plain in accepted:
            tell("repeated-answer", place, _("This gap has the same right answer twice."))
        accepted.add(plain)
    compared = MAX_COMPARED // max(len(key.accepted), 1)
    for number, (answer, place) in enumerate(zip(key.anticipated, wrong, strict=True)):
        # A wrong answer is nearest to itself: only the same words are right, too.
        is_right = normalise(answer.text, settings) in accepted
        if key.mode is not Mode.TEXT:
            given = term(answer.text, settings)
            is_right = number < compared and _is_right(key, answer, given, settings)
        if is_right:
            message = _(
                "'%(text)s' cannot be both a right and a wrong answer.", text=answer.text[:40]
            )
            tell("anticipated-accepted", place, message)
