"""The text of an excerpt: which blocks of a sheet come along, and how they are written. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace

from worksheets.words.key import Mode
from worksheets.words.settings import Settings
from worksheets.words.terms import key_term

from .editing import Kinds
from .inline import plain
from .kinds import Grammar
from .lines import BULLET, NUMBER, is_label
from .pieces import FootnotePiece
from .preamble import read_settings
from .problems import Problems
from .reshaping import bank_word, escaped, guarded
from .scan import scan
from .sheet import (
    Bank,
    BankBlock,
    Block,
    BulletList,
    Gap,
    GapRef,
    Heading,
    InterpretationBlock,
    NumberedList,
    OptionsBlock,
    Paragraph,
    PictureBlock,
    QuestionBlock,
    Quotation,
    Sheet,
    Table,
)
from .source import Extent, Line, read_lines

PART_LEVEL = 2  # of the headings at which parts begin
MIN_WORDS = 2  # of a bank that still asks something

_MATERIAL = (PictureBlock, Quotation, Table, OptionsBlock, InterpretationBlock)
_MENTION = re.compile(r"\[\^([^\s\]]{1,40})\]")
_AT_LINE_START = re.compile(r"[\s>|*+–·•▪◦●○■‣⁃-]*(?:[0-9]{1,2}[.)]\s+|\(?[a-z]\)\s+)?")
_IN_FILLED = re.compile(r"\?(?=\?\?)|\.(?=\.{4})")  # would be an answer box, or a dotted gap
_NUMBER_OF_ITEM = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Lines of the text, and the blocks that begin on the first of them, by their indexes."""

    lines: Sequence[Line]
    blocks: Sequence[int]


class Cutter:
    """A sheet with its text, and what of it comes along with the items that are wanted."""

    def __init__(self, source: str, sheet: Sheet, wanted: frozenset[str], kinds: Kinds) -> None:
        self.source = source
        self.sheet = sheet
        self.wanted = wanted
        lines = read_lines(source)
        problems = Problems(lines)
        _settings, taken = read_settings(lines, problems)
        self.preamble = lines[:taken]
        pieces = scan(lines[taken:], problems, Grammar(kinds))
        self.notes = {p.label: p for p in reversed(pieces) if isinstance(p, FootnotePiece)}
        self.items = [frozenset(item_keys(block)) for block in sheet.blocks]
        self.shown: list[object] = []  # what of the blocks the last text has, to compare
        self.prompts: set[int] = set()  # blocks that ask a wanted question
        self.kept = self._kept()
        self.stretches = self._stretches(lines)

    def _stretches(self, lines: Sequence[Line]) -> list[_Stretch]:
        of_notes = {line.number for note in self.notes.values() for line in note.lines}
        by_line: dict[int, list[int]] = {}
        for index, first in enumerate(self.sheet.lines):
            by_line.setdefault(first, []).append(index)
        ends = [*list(by_line)[1:], len(lines) + 1]
        return [
            _Stretch([one for one in lines[first - 1 : end - 1] if one.number not in of_notes], row)
            for (first, row), end in zip(by_line.items(), ends, strict=True)
        ]

    # --- which blocks come along --------------------------------------------

    def _kept(self) -> set[int]:
        """Return the indexes of the blocks that come along."""
        kept: set[int] = set()
        pictures: list[int] = []  # since the last heading
        material: list[int] = []  # since the last part began
        banks = {gap.bank for gap in self.sheet.gaps if gap.key in self.wanted}
        for index, block in enumerate(self.sheet.blocks):
            if isinstance(block, Heading):
                pictures.clear()
                if block.level <= PART_LEVEL:
                    material.clear()
            if found := self.items[index] & self.wanted:
                kept |= {index, *pictures}
                if any(key.startswith("q") for key in found):
                    kept |= self._asking(index) | set(material)
            elif isinstance(block, BankBlock) and block.index in banks:
                kept.add(index)
            if isinstance(block, PictureBlock):
                pictures.append(index)
            if isinstance(block, _MATERIAL):
                material.append(index)
        return self._with_headings(kept)

    def _with_headings(self, kept: set[int]) -> set[int]:
        """Return blocks with the headings above them, without the title."""
        found = set(kept)
        above: dict[int, int] = {}  # by level
        part: set[int] = set()
        for index, block in enumerate(self.sheet.blocks):
            if index in kept:
                found |= part | set(above.values())
            if isinstance(block, Heading):
                above = {level: at for level, at in above.items() if level < block.level}
                above[block.level] = index
                part = {index} if block.level == PART_LEVEL else part
        title = next((at for at, one in enumerate(self.sheet.blocks) if _is_title(one)), None)
        return {index for index in found if index != title or self.items[index] & self.wanted}

    def _asking(self, index: int) -> set[int]:
        """Return the blocks from the one that asks a question down to its box."""
        found: set[int] = set()
        for at in range(index - 1, -1, -1):
            block = self.sheet.blocks[at]
            if isinstance(block, Heading) or (
                isinstance(block, InterpretationBlock) and block.questions
            ):
                break
            if isinstance(block, QuestionBlock | BankBlock):
                continue
            found.add(at)
            if isinstance(block, NumberedList | BulletList) or (
                isinstance(block, Paragraph) and not is_label(plain(block.children))
            ):
                self.prompts.add(at)
                return found
        return found - {at for at in found if not isinstance(self.sheet.blocks[at], _MATERIAL)}

    # --- the text -----------------------------------------------------------

    def text(self, title: str, *, trims: bool, filters: bool) -> str:
        """Return the part, with only the items of lists and words of banks that are needed.

        ``trims`` is whether lists lose their other items, ``filters`` whether banks do.
        """
        edits = sorted([*self._filled(), *self._without_boxes(), *self._banks(filters=filters)])
        rows = [f"# {escaped(' '.join(title.split()))}"]
        self.shown = []
        for stretch in self.stretches:
            if self.kept.isdisjoint(stretch.blocks):
                continue
            pieces = self._items(stretch) if trims else None
            if pieces is None:
                pieces = [stretch.lines]
                self.shown += [self.sheet.blocks[at] for at in stretch.blocks]
            rows += filter(None, (self._written(lines, edits) for lines in pieces))
        rows += self._footnotes(rows, edits)
        head = [line.text for line in self.preamble]
        return "\n".join([*head, "\n\n".join(rows), ""])

    def _items(self, stretch: _Stretch) -> list[Sequence[Line]] | None:
        """Return the lines of the items of a list that are needed; None if it is to stay whole."""
        index = stretch.blocks[0]
        block = self.sheet.blocks[index]
        if not isinstance(block, BulletList | NumberedList) or len(stretch.blocks) > 1:
            return None
        first, starts = stretch.lines[0], []
        for at, line in enumerate(stretch.lines):
            is_item = BULLET.match(line.text) or NUMBER.match(line.text)
            if is_item and line.indent < first.indent + 2:
                starts.append(at)
        if len(starts) != len(block.items):
            return None
        last = len(block.items) - 1
        needed = [
            at
            for at, item in enumerate(block.items)
            if self.wanted & set(item_keys(item)) or (at == last and index in self.prompts)
        ]
        ends = [*starts[1:], len(stretch.lines)]
        self.shown += [block.items[at] for at in needed]
        return [stretch.lines[starts[at] : ends[at]] for at in needed]

    def _written(self, lines: Sequence[Line], edits: Sequence[tuple[Extent, str]]) -> str:
        """Return lines as they are written then, without empty ones at either end."""
        rows = [line for line in lines if not line.blank]
        if not rows:
            return ""
        start, end = rows[0].start, rows[-1].start + len(rows[-1].text)
        texts, at = [], start
        for extent, text in edits[bisect_left(edits, (Extent(start, 0), "")) :]:
            if extent.start >= end:
                break
            if extent.end <= end and extent.start >= at:
                texts += [self.source[at : extent.start], text]
                at = extent.end
        written = "".join([*texts, self.source[at:end]])
        return "\n".join(row.rstrip(" \t") for row in written.splitlines()).strip("\n")

    def _filled(self) -> Iterator[tuple[Extent, str]]:
        """Yield what stands in the place of the other gaps."""
        for gap in self.sheet.gaps:
            if gap.key in self.wanted:
                continue
            start, end = gap.extent
            line = self.source.rfind("\n", 0, start) + 1
            text = _IN_FILLED.sub(r"\\\g<0>", escaped(shown_answer(gap)))
            if _AT_LINE_START.fullmatch(self.source[line:start]):
                text = guarded(text)
                if _NUMBER_OF_ITEM.fullmatch(text) and self.source[end : end + 1] in {".", ")"}:
                    text, end = f"{text}\\{self.source[end]}", end + 1
            yield Extent(start, end), text

    def _without_boxes(self) -> Iterator[tuple[Extent, str]]:
        """Yield what takes out the other questions' boxes, and their lines for teachers."""
        heads = [one for one in self.sheet.blocks if isinstance(one, InterpretationBlock)]
        of_heads = {key for one in heads for key in one.questions}
        for question in self.sheet.questions:
            if question.key not in self.wanted:
                # Pupils completed that one; without a text it would be empty.
                yield question.extent, "…" if question.key in of_heads else ""
                for _name, extent in (*question.notes, *question.lines):
                    yield extent, ""

    def _banks(self, *, filters: bool) -> Iterator[tuple[Extent, str]]:
        """Yield what becomes of the banks: other ones go, theirs keep the words that are needed."""
        for index, bank in enumerate(self.sheet.banks):
            gaps = [gap for gap in self.sheet.gaps if gap.bank == index]
            stays = [gap for gap in gaps if gap.key in self.wanted]
            if not stays:
                yield bank.extent, ""
            elif filters:
                goes = [gap for gap in gaps if gap.key not in self.wanted]
                words = _needed_words(bank, stays, goes, self.sheet.settings)
                if len(words) < len(bank.words):
                    once = "each word once: " if bank.each_once else ""
                    yield bank.extent, f"[[ {once}{' | '.join(map(bank_word, words))} ]]"

    def _footnotes(self, rows: Iterable[str], edits: Sequence[tuple[Extent, str]]) -> Iterator[str]:
        """Yield the notes that the rows mention, and those that these mention."""
        texts, found = list(rows), set()
        while texts:
            for label in _MENTION.findall(texts.pop()):
                note = self.notes.get(label)
                if note is not None and label not in found:
                    found.add(label)
                    start = Line(self.source, 0).cut(note.extent.start, note.lines[0].start)
                    first = replace(start, text=start.text + note.lines[0].text)
                    texts.append(self._written([first, *note.lines[1:]], edits))
                    yield texts[-1]


def shown_answer(gap: Gap) -> str:
    """Return the answer of a gap as it stands in running text."""
    text = gap.accepted[0].text if gap.accepted else ""
    return text.replace("*", "…") if gap.mode is Mode.PATTERN else text


def _needed_words(
    bank: Bank, stays: Sequence[Gap], goes: Sequence[Gap], settings: Settings
) -> list[str]:
    """Return the words of a bank without those that are right only for gaps that go."""
    if any(gap.mode is not Mode.TEXT for gap in stays):
        return list(bank.words)
    wanted, filled = _forms(stays, settings), _forms(goes, settings)
    words = []
    for word in bank.words:
        forms = set(key_term(word, settings).forms)
        if forms & wanted or not forms & filled:
            words.append(word)
    return words if len(words) >= MIN_WORDS else list(bank.words)


def _forms(gaps: Iterable[Gap], settings: Settings) -> set[str]:
    return {
        form
        for gap in gaps
        for answer in gap.accepted
        for form in key_term(answer.text, settings).forms
    }


def _is_title(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == 1


def item_keys(node: object) -> Iterator[str]:
    """Yield the keys of the items that stand in a block."""
    if isinstance(node, GapRef | QuestionBlock):
        yield node.key
    elif isinstance(node, tuple):
        for one in node:
            yield from item_keys(one)
    elif is_dataclass(node):
        for row in fields(node):
            yield from item_keys(getattr(node, row.name))
    if isinstance(node, InterpretationBlock):
        yield from node.questions
