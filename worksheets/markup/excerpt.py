"""A part of a worksheet as a worksheet of its own: some of its gaps and questions. Pure.

What stands around them comes along: their paragraphs, list items and tables, the headings above,
the words of their banks, what asks a question and the material above it, and the footnotes that are
mentioned. Other gaps in these lines are filled with their right answer, as plain text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from worksheets.words.key import Mode
from worksheets.words.settings import Settings
from worksheets.words.terms import key_term

from .editing import CannotEdit, Kinds, set_keys
from .inline import plain
from .kinds import Grammar
from .lines import BULLET, NUMBER, is_label
from .parser import parse
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
    Code,
    Formula,
    Gap,
    GapRef,
    Heading,
    InterpretationBlock,
    NumberedList,
    OptionsBlock,
    Paragraph,
    PictureBlock,
    Question,
    QuestionBlock,
    Quotation,
    Sheet,
    Table,
    Text,
)
from .source import Extent, Line, read_lines

PART_LEVEL = 2  # of the headings at which parts begin
MIN_WORDS = 2  # of a bank that still asks something

_MATERIAL = (PictureBlock, Quotation, Table, OptionsBlock, InterpretationBlock)
_MENTION = re.compile(r"\[\^([^\s\]]{1,40})\]")
_AT_LINE_START = re.compile(r"[\s>|*+–·•▪◦●○■‣⁃-]*(?:[0-9]{1,2}[.)]\s+|\(?[a-z]\)\s+)?")
_IN_FILLED = re.compile(r"\?(?=\?\?)|\.(?=\.{4})")  # would be an answer box, or a dotted gap
_NUMBER_OF_ITEM = re.compile(r"[0-9]{1,2}")


def together(sheet: Sheet, items: Collection[str]) -> frozenset[str]:
    """Return those of the keys that the sheet has, with the questions that the same boxes ask."""
    lines = {question.line for question in sheet.questions if question.key in items}
    asked = {question.key for question in sheet.questions if question.line in lines}
    return frozenset({gap.key for gap in sheet.gaps if gap.key in items} | asked)


def excerpt(source: str, items: Collection[str], title: str, kinds: Kinds) -> str:
    """Return a text with these gaps and questions alone, by their keys, under another title.

    Questions that one box asks stay together. Keys, marks, groups and banks are those of the
    source; a gap that is left alone in its group leaves it. Raise CannotEdit if the source has
    errors, none of the items, or cannot be cut so.
    """
    before = parse(source, kinds)
    wanted = together(before, items)
    if before.errors or not wanted:
        raise CannotEdit
    cutter = _Cutter(source, before, wanted, kinds)
    # A list whose items cannot be told apart stays whole, and so does a bank.
    for trims, filters in ((True, True), (False, True), (False, False)):
        text = _without_lone_groups(cutter.text(title, trims=trims, filters=filters), kinds)
        after = parse(text, kinds)
        if cutter.is_kept(after) and after.title == " ".join(title.split()):
            return text
    raise CannotEdit


def _without_lone_groups(text: str, kinds: Kinds) -> str:
    gaps = parse(text, kinds).gaps
    members = Counter(gap.group for gap in gaps)
    alone = [gap for gap in gaps if gap.group and members[gap.group] == 1]
    return set_keys(text, [(gap, replace(gap, group="")) for gap in alone], kinds)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Lines of the text, and the blocks that begin on the first of them, by their indexes."""

    lines: Sequence[Line]
    blocks: Sequence[int]


class _Cutter:
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
        self.items = [frozenset(_keys(block)) for block in sheet.blocks]
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
        blocks, wanted = self.sheet.blocks, self.wanted
        kept = {index for index, keys in enumerate(self.items) if keys & wanted}
        for index in tuple(kept):
            if any(key.startswith("q") for key in self.items[index] & wanted):
                kept |= self._asking(index) | set(self._above(index, PART_LEVEL, _MATERIAL))
            else:
                kept |= set(self._above(index, 6, (PictureBlock,)))
        banks = {gap.bank for gap in self.sheet.gaps if gap.key in wanted}
        kept |= {
            i for i, one in enumerate(blocks) if isinstance(one, BankBlock) and one.index in banks
        }
        for index in tuple(kept):
            kept |= set(self._headings(index))
        title = next((i for i, one in enumerate(blocks) if _is_title(one)), None)
        return {index for index in kept if index != title or self.items[index] & wanted}

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

    def _above(self, index: int, level: int, kinds: tuple[type[Block], ...]) -> Iterator[int]:
        """Yield blocks of these kinds above one, up to a heading of this level or a higher one."""
        for at in range(index - 1, -1, -1):
            block = self.sheet.blocks[at]
            if isinstance(block, Heading) and block.level <= level:
                return
            if isinstance(block, kinds):
                yield at

    def _headings(self, index: int) -> Iterator[int]:
        """Yield the headings above a block: of each level the last, down from its own."""
        least, has_part = 7, False
        for at in range(index - 1, -1, -1):
            block = self.sheet.blocks[at]
            if not isinstance(block, Heading):
                continue
            begins_part = block.level == PART_LEVEL and not has_part
            has_part = has_part or block.level == PART_LEVEL
            if block.level < least or begins_part:
                yield at
            least = min(least, block.level)
            if least == 1 and has_part:
                return

    # --- the text -----------------------------------------------------------

    def text(self, title: str, *, trims: bool, filters: bool) -> str:
        """Return the part, with only the items of lists and words of banks that are needed.

        ``trims`` is whether lists lose their other items, ``filters`` whether banks do.
        """
        edits = [*self._filled(), *self._without_boxes(), *self._banks(filters=filters)]
        rows = [f"# {escaped(' '.join(title.split()))}"]
        self.shown: list[object] = []  # what of the blocks is kept, to compare
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
            if self.wanted & set(_keys(item)) or (at == last and index in self.prompts)
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
        for extent, text in sorted(edits):
            if start <= extent.start and extent.end <= end and extent.start >= at:
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

    # --- what has to be the same --------------------------------------------

    def is_kept(self, after: Sheet) -> bool:
        """Return whether a sheet has what was wanted, and no problem that the source had not."""
        codes = {problem.code for problem in after.problems}
        gaps = [gap for gap in self.sheet.gaps if gap.key in self.wanted]
        questions = [one for one in self.sheet.questions if one.key in self.wanted]
        answers = {gap.key: shown_answer(gap) for gap in self.sheet.gaps}
        for gap in gaps:
            answers.pop(gap.key)
        return (
            codes <= {problem.code for problem in self.sheet.problems}
            and list(map(_traits_of_gap, gaps)) == list(map(_traits_of_gap, after.gaps))
            and list(map(_traits_of_question, questions))
            == list(map(_traits_of_question, after.questions))
            and _words(self.shown, answers) == _words(after.blocks[1:], {})
        )


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


def _keys(node: object) -> Iterator[str]:
    """Yield the keys of the items that stand in a block."""
    if isinstance(node, GapRef | QuestionBlock):
        yield node.key
    elif isinstance(node, tuple):
        for one in node:
            yield from _keys(one)
    elif is_dataclass(node):
        for row in fields(node):
            yield from _keys(getattr(node, row.name))
    if isinstance(node, InterpretationBlock):
        yield from node.questions


def _words(node: object, answers: Mapping[str, str]) -> str:
    """Return the letters of blocks, without '…' and white space; ``answers`` are for gaps."""
    return re.sub(r"[\s…]+", "", "".join(_texts(node, answers)))


def _texts(node: object, answers: Mapping[str, str]) -> Iterator[str]:
    match node:
        case Text() | Code():
            yield node.text
        case Formula():
            yield node.source
        case GapRef():
            yield answers.get(node.key, "\0")
        case BankBlock() | QuestionBlock():
            pass
        case InterpretationBlock():
            yield from (node.label, *node.order)
            yield from _texts(node.blocks, answers)
        case tuple() | list():
            for one in node:
                yield from _texts(one, answers)
        case _ if is_dataclass(node):
            for row in fields(node):
                yield from _texts(getattr(node, row.name), answers)


def _traits_of_gap(gap: Gap) -> tuple[Any, ...]:
    """Return what of a gap is the same in another place, but for its group."""
    same = replace(gap, key="", number=0, part=0, group="", before="", after="")
    return replace(same, bank=0 if gap.bank is not None else None)


def _traits_of_question(question: Question[Any]) -> tuple[Any, ...]:
    return replace(question, key="", number=0, part=0, prompt="")
