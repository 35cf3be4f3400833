"""Word banks: their words, and which gaps they serve."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from .keys import Numbers, fold, unescape
from .messages import Message as _
from .pieces import BankPiece
from .problems import Problems, start
from .sheet import Bank, Gap, Mode
from .source import Line

MAX_WORDS = 200
MAX_CHECKED_GAPS = 2000  # more gaps are an error anyway, and comparing with patterns is slow

_EACH_ONCE = re.compile(r"\s*each\s+word\s+once\s*:", re.IGNORECASE)
_WORD = re.compile(r"(?:\\.|[^|\\]|\\\Z)+")


@dataclass(slots=True)
class Draft:
    """A bank as it is written, before the gaps that it serves are known."""

    part: int
    words: list[Line]
    each_once: bool
    every_answer: bool
    at: tuple[int, int]


def read_bank(piece: BankPiece, part: int, problems: Problems) -> Draft | None:
    """Return the bank between '[[' and ']]'; report an error and return None if it has no words."""
    lines = list(piece.lines)
    each_once = False
    for index, line in enumerate(lines):
        if match := _EACH_ONCE.match(line.text):
            each_once, lines[index] = True, line.cut(match.end())
        if not line.blank:
            break
    words = [word for line in lines for word in _words(line)]
    every_answer = any(word.text == "*" for word in words)
    at = start(piece.opening)
    for word in words:
        if "___" in word.text:
            problems.error("gap-in-bank", start(word), _("A word bank cannot contain a gap."))
    if not words:
        problems.error("empty-bank", at, _("This word bank has no words."))
        return None
    if len(words) > MAX_WORDS:
        message = _(
            "A word bank has at most %(most)s words, this one has %(n)s.",
            most=MAX_WORDS,
            n=len(words),
        )
        problems.error("bank-too-long", at, message)
    listed = [word for word in words if word.text != "*"][:MAX_WORDS]
    return Draft(part, listed, each_once, every_answer, at)


def serve(
    drafts: Sequence[Draft], gaps: Sequence[Gap], problems: Problems
) -> tuple[tuple[Bank, ...], tuple[Gap, ...]]:
    """Return the finished banks, and the gaps with the index of the bank that serves each."""
    choose = _Chooser(drafts, gaps)
    served = [replace(gap, bank=choose.bank_of(gap)) for gap in gaps]
    by_bank: dict[int | None, list[Gap]] = {}
    for gap in served:
        by_bank.setdefault(gap.bank, []).append(gap)
    banks = []
    for index, draft in enumerate(drafts):
        mine = by_bank.get(index, [])
        bank = _finish(draft, mine, problems)
        keyed = [g for g in mine if _word_for(g)] if draft.every_answer else mine
        _check(bank, keyed, problems)
        banks.append(bank)
    return tuple(banks), tuple(served)


class _Chooser:
    """The choice of a bank for a gap: one of its own part, else one of a part without gaps."""

    def __init__(self, drafts: Sequence[Draft], gaps: Iterable[Gap]) -> None:
        with_gaps = {gap.part for gap in gaps}
        self._drafts = drafts
        self._by_part: dict[int, list[int]] = {}
        self._common: int | None = None
        for index, draft in enumerate(drafts):
            self._by_part.setdefault(draft.part, []).append(index)
            if draft.part not in with_gaps and self._common is None:
                self._common = index

    def bank_of(self, gap: Gap) -> int | None:
        chosen = self._common
        if own := self._by_part.get(gap.part):
            # Of several banks in one part, the last one above the gap, or the first.
            above = bisect_right(
                own, (gap.line, gap.column), key=lambda index: self._drafts[index].at
            )
            chosen = own[max(above - 1, 0)]
        return chosen


def _words(line: Line) -> list[Line]:
    words = (line.cut(*match.span()).stripped() for match in _WORD.finditer(line.text))
    return [word for word in words if word.text]


def _finish(draft: Draft, gaps: Sequence[Gap], problems: Problems) -> Bank:
    words = [(unescape(word.text), start(word)) for word in draft.words]
    if draft.every_answer:
        words += [(word, draft.at) for word in _answers(draft, gaps, problems)]
        # The order of the text would give the answers away.
        words.sort(key=lambda word: (word[0].casefold(), word[0]))
    if not draft.each_once:
        words = _without_repeats(words, draft, problems)
    return Bank(tuple(word for word, _at in words), draft.each_once, draft.at[0])


def _answers(draft: Draft, gaps: Iterable[Gap], problems: Problems) -> list[str]:
    """Return a word for each right answer, without repeats unless each word is used once."""
    answers: list[str] = []
    for gap in gaps:
        if word := _word_for(gap):
            answers.append(word)
        elif gap.accepted:
            message = _(
                "Gap %(n)s has only patterns, so '*' cannot add a word for it.", n=gap.number
            )
            problems.error("pattern-in-bank", (gap.line, gap.column), message)
    if draft.each_once:
        return answers
    listed = {fold(unescape(word.text)) for word in draft.words}
    unique = {fold(word): word for word in reversed(answers)}
    return [word for folded, word in reversed(unique.items()) if folded not in listed]


def _word_for(gap: Gap) -> str:
    """Return the gap's first accepted answer that is no pattern with a star, or ''."""
    pattern = gap.mode is Mode.PATTERN
    return next((a.text for a in gap.accepted if not (pattern and "*" in a.text)), "")


def _without_repeats(
    words: Iterable[tuple[str, tuple[int, int]]], draft: Draft, problems: Problems
) -> list[tuple[str, tuple[int, int]]]:
    kept: dict[str, tuple[str, tuple[int, int]]] = {}
    for word, at in words:
        if fold(word) not in kept:
            kept[fold(word)] = (word, at)
        elif at != draft.at:
            message = _(
                "'%(word)s' is in this word bank twice; pupils see it once.", word=word[:40]
            )
            problems.warning("repeated-word", at, message)
    return list(kept.values())


def _check(bank: Bank, gaps: Sequence[Gap], problems: Problems) -> None:
    words = {fold(word) for word in bank.words}
    numbers = Numbers(bank.words)
    for gap in gaps[:MAX_CHECKED_GAPS]:
        if gap.accepted and not _has_answer(gap, words, numbers):
            problems.error(
                "answer-not-in-bank",
                (gap.line, gap.column),
                _(
                    "No right answer of gap %(n)s is in its word bank (line %(line)s).",
                    n=gap.number,
                    line=bank.line,
                ),
            )
    if bank.each_once and len(gaps) > len(bank.words):
        problems.warning(
            "bank-runs-out",
            (bank.line, 1),
            _(
                "Each word can be used once, but there are %(gaps)s gaps and only %(words)s words.",
                gaps=len(gaps),
                words=len(bank.words),
            ),
        )


def _has_answer(gap: Gap, words: Collection[str], numbers: Numbers) -> bool:
    if any(fold(answer.text) in words for answer in gap.accepted):
        return True
    if gap.mode is Mode.NUMBER:
        return any(numbers.near(answer.text, gap.tolerance) for answer in gap.accepted)
    if gap.mode is Mode.PATTERN:
        patterns = [fold(answer.text).split("*") for answer in gap.accepted]
        return any(_fits(pattern, word) for pattern in patterns for word in words)
    return False


def _fits(pattern: Sequence[str], word: str) -> bool:
    """Return whether a word fits a pattern, given as the pieces between its stars."""
    head, *middle = pattern
    if not middle:
        return word == head
    tail = middle.pop()
    if not word.startswith(head) or not word.endswith(tail) or len(word) < len(head) + len(tail):
        return False
    at, end = len(head), len(word) - len(tail)
    for piece in middle:
        at = word.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True
