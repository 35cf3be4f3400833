"""Changes of how a word bank is split into its words. Pure; they promise what ``editing`` does."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from operator import attrgetter

from .banks import read_bank
from .editing import CannotEdit, Kinds
from .parser import parse
from .pieces import BankPiece
from .problems import Problems
from .sheet import Bank
from .source import Extent, Line, read_lines

_SEPARATOR = re.compile(r"[\s|]*")


def words_of(lines: Sequence[Line], bank: Bank) -> list[Line]:
    """Return the words of a bank as they are written; ``lines`` are all those of the text."""
    start, end = bank.extent
    inner = Extent(start + len("[["), end - len("]]"))
    found = []
    at = max(bisect_right(lines, inner.start, key=attrgetter("start")) - 1, 0)
    for line in islice(lines, at, None):
        if line.start > inner.end:
            break
        first = max(inner.start - line.start, 0)
        last = min(inner.end - line.start, len(line.text))
        if first <= last:
            found.append(line.cut(first, last))
    draft = read_bank(BankPiece(bank.extent, found), 0, Problems(found))
    return draft.words if draft else []


def split_word(source: str, bank: Bank, index: int, offset: int, kinds: Kinds) -> str:
    """Return the text with two words for one: it is split at the space at ``offset`` in it."""
    word = _word(source, bank, index, kinds)
    space = re.compile(r"\s+").match(word.text, offset)
    if space is None or not word.text[:offset].strip() or not word.text[space.end() :]:
        raise CannotEdit
    at = Extent(word.start + offset, word.start + space.end())
    return _changed(source, bank, at, " | ", kinds)


def join_words(source: str, bank: Bank, index: int, kinds: Kinds) -> str:
    """Return the text with one word for a word and the next."""
    word, following = (_word(source, bank, at, kinds) for at in (index, index + 1))
    at = Extent(word.extent.end, following.start)
    if not _SEPARATOR.fullmatch(source[slice(*at)]):
        raise CannotEdit  # '*' stands between them
    return _changed(source, bank, at, " ", kinds)


def remove_word(source: str, bank: Bank, index: int, kinds: Kinds) -> str:
    """Return the text without a word of a bank. Raise CannotEdit if it is the only one."""
    word = _word(source, bank, index, kinds)
    words = words_of(read_lines(source), bank)
    if len(words) == 1:
        raise CannotEdit
    if index + 1 < len(words):
        at = Extent(word.start, words[index + 1].start)
    else:
        at = Extent(words[index - 1].extent.end, word.extent.end)
    separator = source[slice(*at)].replace(source[slice(*word.extent)], "", 1)
    if not _SEPARATOR.fullmatch(separator):
        raise CannotEdit
    return _changed(source, bank, at, "", kinds)


def _word(source: str, bank: Bank, index: int, kinds: Kinds) -> Line:
    if not any(row == bank and row.extent == bank.extent for row in parse(source, kinds).banks):
        raise CannotEdit
    words = words_of(read_lines(source), bank)
    if not 0 <= index < len(words):
        raise CannotEdit
    return words[index]


def _changed(source: str, bank: Bank, at: Extent, written: str, kinds: Kinds) -> str:
    """Return the text with a change inside a bank. Raise CannotEdit if it changes anything else."""
    text = source[: at.start] + written + source[at.end :]
    before, after = parse(source, kinds), parse(text, kinds)
    index = next(i for i, row in enumerate(before.banks) if row.extent == bank.extent)
    rest = [_but(before.banks, index), _but(after.banks, index)]
    same = (replace(sheet, banks=(), problems=()) for sheet in (before, after))
    if len(before.banks) != len(after.banks) or rest[0] != rest[1] or next(same) != next(same):
        raise CannotEdit
    return text


def _but(banks: Sequence[Bank], index: int) -> list[Bank]:
    return [bank for at, bank in enumerate(banks) if at != index]
