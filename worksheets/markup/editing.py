"""Changes of a text at one place: a key, marks, a gap, a word of a bank. Pure.

Everything else stays as it is, character for character. A text that was changed is read again
before it is returned: it has what was asked for, and the rest of the sheet is the same. To change
several items, begin with the last one: what stands before it keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from .details import DETAIL, MARKS, bare
from .gaps import FREE_AFTER
from .gaps import MARKS as GAP_MARKS
from .inline import BLANK, merge
from .keys import WEIGHT, fold, unescape
from .kinds import KindGrammar
from .parser import parse
from .sheet import Accepted, Bank, Gap, GapRef, Item, Mode, Question, Sheet, Text
from .source import Extent, storable

Kinds = Collection[KindGrammar]

_MODES = {Mode.TEXT: "", Mode.NUMBER: "#", Mode.PATTERN: "~"}
# What is read otherwise between the marks, and what would be an address, a bank or an answer box.
_SPECIAL = r"[\\|_]|:(?=//)|(?<=www)\.|(?<=\[)\[|(?<=\])\]|(?:(?<=\s)|\A)\?(?=\?\?)"
_IN_ANSWER = re.compile(rf"{_SPECIAL}|\A[!#~&]", re.IGNORECASE)
_IN_FEEDBACK = re.compile(_SPECIAL, re.IGNORECASE)
_IN_WRONG = _IN_GROUP = re.compile(rf"{_SPECIAL}|:", re.IGNORECASE)
_IN_BANK = re.compile(rf"{_SPECIAL}|\]|\A\*\Z", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|[\n\f\v]")
_OPENING = re.compile(r"\?{3,}\s*")
_LINES_TO_WRITE_ON = re.compile(r"[._…\s]+")


class CannotEdit(Exception):
    """The error for a text in which the item does not stand, or that cannot hold the change."""


def set_key(source: str, gap: Gap, wanted: Gap, kinds: Kinds) -> str:
    """Return the text with another key for a gap: that of ``wanted``, which replaces ``gap``.

    Without an answer the gap becomes a blank. Answers that are only added leave the others as
    they are written. Raise CannotEdit if the gap does not stand there, or cannot have this key.
    """
    before = parse(source, kinds)
    _require(gap, before.gaps)
    wanted = _as_read(wanted)
    if wanted == gap:
        return source
    gaps = tuple(wanted if row.key == gap.key else row for row in before.gaps)
    expected = replace(before, gaps=gaps)
    for written in _spellings(_key(gap, wanted, source[slice(*gap.extent)])):
        text = _replaced(source, [(gap.extent, written)])
        if _without_words(parse(text, kinds)) == _without_words(expected):
            return text
    raise CannotEdit


def set_marks(source: str, questions: Sequence[Question[Any]], marks: Decimal, kinds: Kinds) -> str:
    """Return the text with these marks for each of the questions.

    Lines to write on become '???'. Raise CannotEdit if one of the questions does not stand there,
    or cannot have these marks.
    """
    before = parse(source, kinds)
    changes = []
    for question in questions:
        _require(question, before.questions)
        if question.marks != marks:
            changes.append((question.extent, _details(source, question.extent, marks)))
    text = _replaced(source, changes)
    changed = {question.key for question in questions}
    rows = (replace(q, marks=marks) if q.key in changed else q for q in before.questions)
    if _without_words(parse(text, kinds)) != _without_words(replace(before, questions=tuple(rows))):
        raise CannotEdit
    return text


def make_gap(source: str, extent: Extent, kinds: Kinds) -> str:
    """Return the text with a gap for what stands there, which becomes its answer.

    Raise CannotEdit if that is not plain text of the sheet, or belongs to a gap.
    """
    before = parse(source, kinds)
    start, end = extent
    selected = source[start:end]
    answer = unescape(" ".join(selected.split()))
    if not (0 <= start < end <= len(source) and answer):
        raise CannotEdit
    start += len(selected) - len(selected.lstrip())
    place = Extent(start, start + len(selected.strip()))
    key = (Accepted(answer),)
    for written in _spellings(f"{GAP_MARKS}{_content(Gap('', 0, 0, key))}{GAP_MARKS}"):
        text = _replaced(source, [(place, written)])
        after = parse(text, kinds)
        made = next((gap for gap in after.gaps if gap.extent.start == start), None)
        if made and made.accepted == key and _is_filled(before, after, made):
            return text
    raise CannotEdit


def add_to_bank(source: str, bank: Bank, word: str, kinds: Kinds) -> str:
    """Return the text with one more word in a bank, if it has not got that already.

    Raise CannotEdit if the bank does not stand there, or cannot have this word.
    """
    before = parse(source, kinds)
    _require(bank, before.banks)
    word = _one_line(word)
    if fold(word) in map(fold, bank.words):
        return source
    start, end = bank.extent
    at = start + len(source[start : end - len("]]")].rstrip())
    text = _replaced(source, [(Extent(at, at), f" | {_escaped(_IN_BANK, word)}")])
    after = parse(text, kinds)
    words = [
        sorted(row.words + ((word,) if row.extent == bank.extent else ())) for row in before.banks
    ]
    if [sorted(row.words) for row in after.banks] != words or (
        _without_words(after) != _without_words(before)
    ):
        raise CannotEdit
    return text


def _require(item: Item | Bank, rows: Iterable[Item | Bank]) -> None:
    """Raise CannotEdit if the item is not among the rows, in the same place."""
    if not any(row == item and row.extent == item.extent for row in rows):
        raise CannotEdit


def _replaced(source: str, changes: Iterable[tuple[Extent, str]]) -> str:
    for (start, end), text in sorted(changes, reverse=True):
        source = source[:start] + text + source[end:]
    return source


def _spellings(written: str) -> tuple[str, ...]:
    """Return a gap as it is written in running text, and in a table's cell."""
    return written, written.replace("|", "\\|")


def _without_words(sheet: Sheet) -> Sheet:
    """Return the sheet without what may differ: problems, and words, to which '*' adds answers."""
    return replace(sheet, problems=(), banks=())


# --- keys ---------------------------------------------------------------------


def _as_read(gap: Gap) -> Gap:
    """Return the gap with its answers as they can stand on one line."""
    accepted = tuple(replace(answer, text=_one_line(answer.text)) for answer in gap.accepted)
    anticipated = tuple(
        replace(answer, text=_one_line(answer.text), feedback=_one_line(answer.feedback))
        for answer in gap.anticipated
    )
    if accepted or anticipated:
        return replace(gap, accepted=accepted, anticipated=anticipated)
    return replace(gap, accepted=(), anticipated=(), mode=Mode.TEXT, tolerance=Decimal(0), group="")


def _one_line(text: str) -> str:
    return _LINE_END.sub(" ", storable(text)).strip()


def _key(gap: Gap, wanted: Gap, written: str) -> str:
    if not (wanted.accepted or wanted.anticipated):
        return BLANK
    right, wrong = len(gap.accepted), len(gap.anticipated)
    same = replace(wanted, accepted=wanted.accepted[:right], anticipated=wanted.anticipated[:wrong])
    if (right or wrong) and same == gap:
        added = replace(
            wanted, accepted=wanted.accepted[right:], anticipated=wanted.anticipated[wrong:]
        )
        pieces = [written.removesuffix(GAP_MARKS), *_alternatives(added)]
        return " | ".join(pieces) + GAP_MARKS
    return f"{GAP_MARKS}{_content(wanted)}{GAP_MARKS}"


def _content(gap: Gap) -> str:
    """Return what stands between the marks of a gap."""
    group = f"&{_escaped(_IN_GROUP, gap.group)}: " if gap.group else ""
    first, *others = _alternatives(gap)
    if gap.tolerance:
        first += f" ±{gap.tolerance:f}"
    content = " | ".join([f"{group}{_MODES[gap.mode]}{first}", *others])
    return _not_free(content, is_answer=bool(gap.accepted))


def _alternatives(gap: Gap) -> list[str]:
    accepted = [_accepted(gap.mode, answer) for answer in gap.accepted]
    return accepted + [
        f"!{_escaped(_IN_WRONG, wrong.text)}"
        + (f": {_escaped(_IN_FEEDBACK, wrong.feedback)}" if wrong.feedback else "")
        for wrong in gap.anticipated
    ]


def _accepted(mode: Mode, answer: Accepted) -> str:
    share = "" if answer.weight == 1 else f"{answer.weight * 100:.0f}%: "
    if mode is Mode.NUMBER:
        return share + answer.text
    text = _escaped(_IN_ANSWER, answer.text)
    return share + (text.replace("%", "\\%", 1) if WEIGHT.match(answer.text) else text)


def _not_free(content: str, *, is_answer: bool) -> str:
    """Return the content so that '___' before it is not read as a gap by itself, as in '___. a'."""
    free = FREE_AFTER.match(content)
    if free is None:
        return content
    for at in range(0 if is_answer else 1, free.end()):
        if content[at].isascii() and not content[at].isspace():
            return f"{content[:at]}\\{content[at:]}"
    return f"100%: {content}" if is_answer else content


def _escaped(special: re.Pattern[str], text: str) -> str:
    return special.sub(r"\\\g<0>", text)


# --- marks --------------------------------------------------------------------


def _details(source: str, extent: Extent, marks: Decimal) -> str:
    """Return the answer box, or the details that stand there, with other marks."""
    written = source[slice(*extent)]
    detail = f"{marks.normalize():f} {'mark' if marks == 1 else 'marks'}"
    if written and _LINES_TO_WRITE_ON.fullmatch(written):
        return f"??? {detail}"
    opening = _OPENING.match(written)
    at = opening.end() if opening else 0
    others = [match for match in DETAIL.finditer(written, at) if MARKS.fullmatch(bare(match[0]))]
    if others:  # the last one counts
        old = others[-1]
        new = old[0].replace(bare(old[0]), detail)
        return written[: old.start()] + new + written[old.end() :]
    before = (source[: extent.start] + written[:at])[-1:]
    space = "" if before.isspace() else " "
    rest = written[at:]
    return f"{written[:at]}{space}{detail}{', ' if rest else ''}{rest}"


# --- gaps of selections -------------------------------------------------------


def _is_filled(before: Sheet, after: Sheet, made: Gap) -> bool:
    """Return whether a sheet is what it was before, but for one gap more."""

    def fill(node: Any) -> Any:
        if isinstance(node, GapRef):
            number = int(node.key[1:])
            if number == made.number:
                return Text(made.accepted[0].text)
            return GapRef(f"g{number - (number > made.number)}")
        if isinstance(node, tuple):
            return merge(map(fill, node))
        if is_dataclass(node) and not isinstance(node, type):
            return replace(node, **{f.name: fill(getattr(node, f.name)) for f in fields(node)})
        return node

    others = [gap for gap in after.gaps if gap is not made]
    gaps = tuple(replace(g, key=f"g{n}", number=n) for n, g in enumerate(others, 1))
    return (before.gaps, _unprompted(before)) == (gaps, _unprompted(after)) and (
        (before.blocks, before.footnotes) == (fill(after.blocks), after.footnotes)
    )


def _unprompted(sheet: Sheet) -> list[Question[Any]]:
    """Return the questions without the words that ask them, which may have a gap now."""
    return [replace(question, prompt="") for question in sheet.questions]
