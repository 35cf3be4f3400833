"""The lines of a paper that are known by their neighbours: boxes, letters, bare numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worksheets.markup import lines as marks

from .blanks import TICKED
from .tasks import Task, task_of

MAX_LINES_BETWEEN = 12  # lines from one number of a list to the next

LETTER = re.compile(r"\(?([A-Za-z])(?:[.)]{1,2})\s+(?=\S)")
BARE = re.compile(r"([0-9]{1,2})\s+(?=\S)")
CHECKBOX = re.compile(r"(?:[☐□❏❑▢○◯]|\[ ?\]|\( ?\))\s*(?=[^\W_])")
TICK = re.compile(rf"{TICKED}\s*(?=[^\W_])")
RING = re.compile(r"[Oo0]\s+(?=[^\W_])")
LEADER = re.compile(r"\s*(?:[.…‥⋯·]{3,}|(?:[.·]\s){3,}[.·]?)\s*")
# 'Coffee ........ 2.50 €' and 'Methods ....... 12': a price, a number or a page at the end.
_LED = re.compile(
    r"(?:(?![.…‥⋯·]{3}|__).){2,80}?" + LEADER.pattern + r"(?:(?:p|pp|S|str)\.?\s?)?(?:[€$£¥]\s?)?"
    r"(?:[0-9]{1,4}(?:[.,:'][0-9]{1,3})?|[ivxl]{1,6})(?:\s?(?:[€$£¥%]|EUR|USD|CHF|Fr\.?|zł|kr|Kč))?\Z"
)


def ringed(rows: Sequence[str]) -> set[int]:
    """Return the lines that begin with the letter O as a ring to tick: two or more in a row."""
    found = {at for at, row in enumerate(rows) if RING.match(row.strip())}
    return {at for at in found if at - 1 in found or at + 1 in found}


def led(rows: Sequence[str]) -> set[int]:
    """Return the lines whose dots lead to a price or a page: two or more, one below the other."""
    found: set[int] = set()
    group: list[int] = []
    filled = False
    for at, row in enumerate([*rows, "end"]):
        text = row.strip()
        if not text:
            continue
        if _LED.match(text):
            group.append(at)
            continue
        if len(group) > 1 and not filled:
            found.update(group)
        if group or task_of(text) is not None:
            filled = task_of(text) is Task.FILL
        group = []
    return found


def ticked(rows: Sequence[str]) -> set[int]:
    """Return the lines of lists of boxes in which some are ticked, and not all."""
    found: set[int] = set()
    group: list[int] = []
    ticks = 0
    for at, row in enumerate([*rows, "end"]):
        text = row.strip()
        if not text and group and group[-1] == at - 1:
            continue
        bullet = marks.BULLET.match(text)
        text = text[bullet.end() :] if bullet else text
        ticked, empty = TICK.match(text), CHECKBOX.match(text)
        near = bool(group) and at - group[-1] <= 2
        if not (ticked or empty) or not near:
            if 0 < ticks < len(group):
                found.update(group)
            group, ticks = [], 0
        if ticked or empty:
            group.append(at)
            ticks += bool(ticked)
    return found


def bare_numbers(rows: Sequence[str]) -> set[int]:
    """Return the lines that begin with a number and no sign, and are items of a list.

    '1 We left' is one if '2 …' comes a few lines below it; '14 Fill in the words' is none.
    """
    found: set[int] = set()
    waiting: dict[int, int] = {}  # the line of each number that may have a next one
    for at, row in enumerate(rows):
        number = BARE.match(row.strip())
        if not number or task_of(row):
            continue
        value = int(number[1])
        before = waiting.get(value - 1)
        if before is not None and at - before <= MAX_LINES_BETWEEN:
            found |= {before, at}
            del waiting[value - 1]
            waiting[value] = at
        elif value == 1 or row.rstrip().endswith("?") or _is_next(rows, at, value + 1):
            waiting[value] = at
    return found


def _is_next(rows: Sequence[str], at: int, value: int) -> bool:
    """Return whether the line below begins with a number: a list may begin with any."""
    below = rows[at + 1].strip() if at + 1 < len(rows) else ""
    number = BARE.match(below)
    return number is not None and int(number[1]) == value


def lettered(rows: Sequence[str]) -> set[int]:
    """Return the lines that begin with a letter of a list: 'A. Paris', with 'B. Rome' near it."""
    found: set[int] = set()
    before: tuple[int, str, str] | None = None
    for at, row in enumerate(rows):
        text = row.strip()
        option = LETTER.match(text)
        if not option:
            continue
        form = text[: option.end()].strip().replace(option[1], "x")
        if (
            before
            and ord(option[1]) == ord(before[1]) + 1
            and form == before[2]
            and at - before[0] <= 4
        ):
            between = [line.strip() for line in rows[before[0] + 1 : at]]
            if not any(marks.NUMBER.match(line) for line in between):
                found |= {before[0], at}
        before = (at, option[1], form)
    return found
