"""Functions that read word banks, choose a bank for each gap, and check its words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from worksheets.words.key import Accepted, Mode, nearest
from worksheets.words.quantities import read_quantity
from worksheets.words.settings import Settings
from worksheets.words.terms import Term, key_term

from .keys import one_space, unescape
from .messages import Message as _
from .pieces import BankPiece
from .problems import Problems
from .sheet import Bank, Gap
from .source import Extent, Line

MAX_WORDS = 200
MAX_WORD_LENGTH = 500  # characters; a longer answer to a gap is not saved
# Of a whole sheet: the words of a bank can be chosen in each of its gaps.
MAX_CHOICES_BYTES = 5_000_000
# Of one bank. A sheet with more gaps has an error anyway, and matching patterns is slow.
MAX_CHECKED_GAPS = 2000

_EACH_ONCE = re.compile(r"\s*each\s+word\s+once\s*:", re.IGNORECASE)
_WORD = re.compile(r"(?:\\.|[^|\\]|\\\Z)+")


@dataclass(slots=True)
class Draft:
    """A bank as it is written, before its gaps are known.

    ``part`` is the number of the part of the sheet that contains it. With ``every_answer`` (the
    word '*') the right answers of its gaps are added to the words.
    """

    part: int
    words: list[Line]
    each_once: bool
    every_answer: bool
    extent: Extent


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
    for word in words:
        if "___" in word.text:
            problems.error("gap-in-bank", word.extent, _("A word bank cannot contain a gap."))
    if not words:
        problems.error("empty-bank", piece.extent, _("This word bank has no words."))
        return None
    if len(words) > MAX_WORDS:
        message = _(
            "A word bank has at most %(most)s words, this one has %(n)s.",
            most=MAX_WORDS,
            n=len(words),
        )
        problems.error("bank-too-long", piece.extent, message)
    listed = [word for word in words if word.text != "*"][:MAX_WORDS]
    return Draft(part, listed, each_once, every_answer, piece.extent)


def _words(line: Line) -> list[Line]:
    words = (line.cut(*match.span()).stripped() for match in _WORD.finditer(line.text))
    return [word for word in words if word.text]


def assign_banks(
    drafts: Sequence[Draft], gaps: Sequence[Gap], settings: Settings, problems: Problems
) -> tuple[tuple[Bank, ...], tuple[Gap, ...]]:
    """Return the banks of a sheet, and its gaps, each with the index of its bank.

    ``settings`` say which words are the same.
    """
    chooser = _BankChooser(drafts, gaps)
    banks_of_gaps = map(chooser.bank_of, gaps)
    gaps = [
        gap if bank is None else replace(gap, bank=bank)
        for gap, bank in zip(gaps, banks_of_gaps, strict=True)
    ]
    gaps_by_bank: dict[int | None, list[Gap]] = {}
    for gap in gaps:
        gaps_by_bank.setdefault(gap.bank, []).append(gap)
    banks = []
    for index, draft in enumerate(drafts):
        gaps_of_bank = gaps_by_bank.get(index, [])
        bank = _make_bank(draft, gaps_of_bank, settings, problems)
        if draft.every_answer:
            # For the others ``_answers`` has reported the error already.
            gaps_of_bank = [gap for gap in gaps_of_bank if _word_for(gap)]
        _check(bank, gaps_of_bank, settings, problems)
        banks.append(bank)
    _check_sizes(banks, gaps, problems)
    return tuple(banks), tuple(gaps)


def _check_sizes(banks: Sequence[Bank], gaps: Iterable[Gap], problems: Problems) -> None:
    """Report the bank with which the sheet offers too much to choose from, words times gaps."""
    gaps_of_banks = Counter(gap.bank for gap in gaps)
    offered = 0
    for index, bank in enumerate(banks):
        count = gaps_of_banks[index]
        size = count * sum(len(word.encode()) for word in bank.words)
        if offered <= MAX_CHOICES_BYTES < offered + size:
            message = _(
                "This word bank is too large for so many gaps: its %(words)s words can be chosen in"
                " %(gaps)s gaps. Shorten it, or begin a new part ('##') with a bank of its own.",
                words=len(bank.words),
                gaps=count,
            )
            problems.error("bank-too-large", bank.extent, message)
        offered += size


class _BankChooser:
    """The choice of a bank for a gap: in its own part, else the first in a part without gaps."""

    def __init__(self, drafts: Sequence[Draft], gaps: Iterable[Gap]) -> None:
        with_gaps = {gap.part for gap in gaps if not gap.offers_choices}
        self._drafts = drafts
        self._by_part: dict[int, list[int]] = {}
        self._common: int | None = None
        for index, draft in enumerate(drafts):
            self._by_part.setdefault(draft.part, []).append(index)
            if draft.part not in with_gaps and self._common is None:
                self._common = index

    def bank_of(self, gap: Gap) -> int | None:
        """Return the index of the gap's bank, None if it has none."""
        if gap.offers_choices:
            return None
        banks = self._by_part.get(gap.part)
        if not banks:
            return self._common
        # Of several banks in one part, the last one above the gap, or the first.
        above = bisect_right(banks, gap.extent, key=lambda index: self._drafts[index].extent)
        return banks[max(above - 1, 0)]


def _make_bank(draft: Draft, gaps: Sequence[Gap], settings: Settings, problems: Problems) -> Bank:
    words = [(one_space(unescape(word.text)), word.extent) for word in draft.words]
    if draft.every_answer:
        words += [(word, draft.extent) for word in _answers(gaps, problems)]
    if not draft.each_once:
        words = _without_repeats(words, draft, settings, problems)
    if draft.every_answer:
        # Sorted, because the order of the gaps would give the answers away.
        words.sort(key=lambda word: (word[0].casefold(), word[0]))
    for text, extent in words:
        if len(text) > MAX_WORD_LENGTH:
            message = _(
                "A word in a bank has at most %(most)s characters, this one has %(n)s.",
                most=MAX_WORD_LENGTH,
                n=len(text),
            )
            problems.error("long-word", extent, message)
    texts = tuple(text for text, _extent in words)
    line, _column = problems.place(draft.extent.start)
    return Bank(texts, draft.each_once, line, draft.extent)


def _answers(gaps: Iterable[Gap], problems: Problems) -> list[str]:
    """Return one right answer of each gap; report those that have none to choose."""
    answers: list[str] = []
    for gap in gaps:
        if word := _word_for(gap):
            answers.append(word)
        elif gap.accepted:
            message = _(
                "Gap %(n)s has only patterns, so '*' cannot add a word for it.", n=gap.number
            )
            problems.error("pattern-in-bank", gap.extent, message)
    return answers


def _word_for(gap: Gap) -> str:
    """Return the gap's first accepted answer that is not a pattern with '*', or ''."""
    is_pattern = gap.mode is Mode.PATTERN
    return next((a.text for a in gap.accepted if not (is_pattern and "*" in a.text)), "")


def _without_repeats(
    words: Iterable[tuple[str, Extent]], draft: Draft, settings: Settings, problems: Problems
) -> list[tuple[str, Extent]]:
    """Return the words, each once, and warn of those that the teacher has written twice."""
    unique: dict[str, tuple[str, Extent]] = {}
    for word, extent in words:
        plain = key_term(word, settings).plain
        if plain not in unique:
            unique[plain] = (word, extent)
        elif extent != draft.extent:  # not an answer that '*' has added
            message = _(
                "'%(word)s' is in this word bank twice; pupils see it once.", word=word[:40]
            )
            problems.warning("repeated-word", extent, message)
    return list(unique.values())


def _check(bank: Bank, gaps: Sequence[Gap], settings: Settings, problems: Problems) -> None:
    """Report gaps that no word of their bank earns, and a bank with too few words."""
    words = _Words(bank.words, settings)
    for gap in gaps[:MAX_CHECKED_GAPS]:
        if gap.accepted and not words.have_one_for(gap):
            problems.error(
                "answer-not-in-bank",
                gap.extent,
                _(
                    "No right answer of gap %(n)s is in its word bank (line %(line)s).",
                    n=gap.number,
                    line=bank.line,
                ),
            )
    if bank.each_once and len(gaps) > len(bank.words):
        problems.warning(
            "bank-runs-out",
            bank.extent,
            _(
                "Each word can be used once, but there are %(gaps)s gaps and only %(words)s words.",
                gaps=len(gaps),
                words=len(bank.words),
            ),
        )


class _Words:
    """The words of a bank, asked whether one of them earns something in a gap."""

    def __init__(self, words: Iterable[str], settings: Settings) -> None:
        self._settings = settings
        self._terms = [key_term(word, settings) for word in words]
        self._by_form: dict[str, list[Term]] = {}
        for one in self._terms:
            for form in one.forms:
                self._by_form.setdefault(form, []).append(one)
        self._numbers = [one for one in self._terms if read_quantity(one.plain, one.language)]

    def have_one_for(self, gap: Gap) -> bool:
        """Return whether the mark of one of the words, as the only one given, is above 0."""
        return any(
            isinstance(nearest(gap, word, self._settings)[1], Accepted)
            for word in self._candidates(gap)
        )

    def _candidates(self, gap: Gap) -> Iterator[Term]:
        """Yield the words that may earn something: others cannot."""
        for answer in gap.accepted:
            for form in key_term(answer.text, self._settings).forms:
                yield from self._by_form.get(form, ())
        if gap.mode is Mode.PATTERN:
            yield from self._terms
        elif gap.mode is Mode.NUMBER:
            yield from self._numbers
