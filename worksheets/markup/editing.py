"""Changes of a text at one place: a key, marks, a gap, a word of a bank. Pure.

Everything else stays as it is, character for character. A text that was changed is read again
before it is returned: it has what was asked for, and the rest of the sheet is the same. To change
several items, begin with the last one: what stands before it keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from worksheets.words.key import Accepted
from worksheets.words.terms import key_term

from .gaps import MARKS as GAP_MARKS
from .inline import merge
from .keys import one_space, unescape
from .kinds import KindGrammar
from .lines import BULLET, NUMBER
from .parser import parse
from .preamble import SETTING, read_settings
from .problems import Problems
from .sheet import Bank, Gap, GapRef, Item, Question, Sheet, Text
from .source import Extent, read_lines, storable
from .written_boxes import with_counting, with_marks, with_requirements
from .written_gaps import IN_BANK, as_read, escaped, one_line, written_content, written_key

Kinds = Collection[KindGrammar]

_LINE_END = re.compile(r"\r\n?|\n|\Z")


class CannotEdit(Exception):
    """The error for a text in which the item does not stand, or that cannot hold the change."""


def set_key(source: str, gap: Gap, wanted: Gap, kinds: Kinds) -> str:
    """Return the text with another key for a gap: that of ``wanted``, which replaces ``gap``.

    Without an answer the gap becomes a blank, which stays in its group. Answers that are only
    added leave the others as they are written. Raise CannotEdit if the gap does not stand there, or
    cannot have this key.
    """
    return set_keys(source, [(gap, wanted)], kinds)


def set_keys(source: str, changes: Iterable[tuple[Gap, Gap]], kinds: Kinds) -> str:
    """Return the text with other keys for some gaps, as ``set_key`` writes one.

    Each pair is a gap and what replaces it. The text is read a few times, however many there are.
    """
    before = parse(source, kinds)
    rows = {row.key: row for row in before.gaps}
    wanted: dict[str, Gap] = {}
    for gap, other in changes:
        _require(gap, filter(None, [rows.get(gap.key)]))
        if (key := as_read(other)) != gap:
            wanted[gap.key] = key
    if not wanted:
        return source
    written = [
        (rows[key], _spellings(written_key(rows[key], other, source[slice(*rows[key].extent)])))
        for key, other in wanted.items()
    ]
    for is_in_cell in (_never, _cells(source, before.gaps), _always):
        text = _replaced(source, ((gap.extent, both[is_in_cell(gap)]) for gap, both in written))
        after = parse(text, kinds)
        gaps = tuple(_with_bank_of(after, wanted.get(row.key, row), row) for row in before.gaps)
        if _without_words(after) == _without_words(replace(before, gaps=gaps)):
            return text
    raise CannotEdit


def _with_bank_of(sheet: Sheet, wanted: Gap, gap: Gap) -> Gap:
    """Return a gap with the bank that it has in a sheet if it has begun or ceased to offer words.

    One that offers its own takes none from a bank.
    """
    if wanted.offers_choices == gap.offers_choices:
        return wanted
    return replace(wanted, bank=next((row.bank for row in sheet.gaps if row.key == gap.key), None))


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
            changes.append((question.extent, with_marks(source, question.extent, marks)))
    text = _replaced(source, changes)
    changed = {question.key for question in questions}
    rows = (replace(q, marks=marks) if q.key in changed else q for q in before.questions)
    if _without_words(parse(text, kinds)) != _without_words(replace(before, questions=tuple(rows))):
        raise CannotEdit
    return text


def set_counted(source: str, question: Question[Any], *, is_left_out: bool, kinds: Kinds) -> str:
    """Return the text in which a question with marks is left out of all sums, or is not.

    Raise CannotEdit if the question does not stand there, or cannot have that.
    """
    before = parse(source, kinds)
    _require(question, before.questions)
    if question.is_left_out == is_left_out:
        return source
    box = with_counting(source, question.extent, is_left_out=is_left_out)
    text = _replaced(source, [(question.extent, box)])
    wanted = replace(question, is_left_out=is_left_out)
    rows = (wanted if row.key == wanted.key else row for row in before.questions)
    if _without_words(parse(text, kinds)) != _without_words(replace(before, questions=tuple(rows))):
        raise CannotEdit
    return text


def set_question(source: str, question: Question[Any], wanted: Question[Any], kinds: Kinds) -> str:
    """Return the text in which a question has what ``wanted`` has for a teacher to decide.

    That is its marks, its number of words, its model answer and its rubric. Raise CannotEdit if
    the question does not stand there, or cannot have that.
    """
    before = parse(source, kinds)
    _require(question, before.questions)
    question = before.question(question.key)
    wanted = replace(
        question,
        marks=wanted.marks,
        words_min=wanted.words_min,
        words_max=wanted.words_max,
        model=_as_note(wanted.model),
        rubric=_as_note(wanted.rubric),
    )
    if wanted == question:
        return source
    rows = (wanted if row.key == wanted.key else row for row in before.questions)
    expected = _without_words(replace(before, questions=tuple(rows)))
    box = with_requirements(source, question, wanted)
    for between in ("", _line_end_of(source)):
        *notes, (place, last) = [(question.extent, box), *_notes(source, question, wanted)]
        text = _replaced(source, [*notes, (place, f"{last}{between}" if last else last)])
        if _without_words(parse(text, kinds)) == expected:
            return text
    raise CannotEdit


def set_lines(
    source: str,
    question: Question[Any],
    wanted: Question[Any],
    lines: Mapping[str, str],
    kinds: Kinds,
) -> str:
    """Return the text with other lines of its kind below a question's box, by their words.

    '' takes a line away. ``wanted`` is the question with its content as they make it. Raise
    CannotEdit if the question does not stand there, or is another one then.
    """
    before = parse(source, kinds)
    _require(question, before.questions)
    question = before.question(question.key)
    wanted = replace(question, content=wanted.content, automatic=wanted.automatic)
    if wanted == question:
        return source
    places = dict(question.lines)
    line_end, changes = _line_end_of(source), []
    for name, text in lines.items():
        written = f"{name}: {one_line(text)}"
        if place := places.get(name):
            start = place.start if text else _before_line_end(source, place.start)
            changes.append((Extent(start, place.end), written if text else ""))
        elif text:
            # Below the others: one of them may be what makes the box one of its kind.
            last = max([question.extent.end, *(place.end for place in places.values())])
            found = _LINE_END.search(source, last)
            end = found.start() if found else len(source)
            changes.append((Extent(end, end), f"{line_end}{written}"))
    text = _replaced(source, changes)
    rows = (wanted if row.key == wanted.key else row for row in before.questions)
    expected = _without_words(replace(before, questions=tuple(rows)))
    if _without_words(parse(text, kinds)) != expected:
        raise CannotEdit
    return text


def set_capitals(source: str, *, count: bool, kinds: Kinds) -> str:
    """Return the text of a sheet in which capitals count, or do not.

    Raise CannotEdit if what stands above the sheet keeps it from that.
    """
    before = parse(source, kinds)
    if before.settings.case_counts == count:
        return source
    text = _replaced(source, [_setting(source, "capitals", "count" if count else "free")])
    settings = replace(before.settings, case_counts=count)
    if _without_words(parse(text, kinds)) != _without_words(replace(before, settings=settings)):
        raise CannotEdit
    return text


def make_gap(source: str, extent: Extent, kinds: Kinds) -> str:
    """Return the text with a gap for what stands there, which becomes its answer.

    Raise CannotEdit if that is not plain text of the sheet, or belongs to a gap.
    """
    before = parse(source, kinds)
    start, end = extent
    selected = source[start:end]
    answer = unescape(one_space(selected))
    if not (0 <= start < end <= len(source) and answer):
        raise CannotEdit
    start += len(selected) - len(selected.lstrip())
    place = Extent(start, start + len(selected.strip()))
    key = (Accepted(answer),)
    for written in _spellings(f"{GAP_MARKS}{written_content(Gap('', 0, 0, key))}{GAP_MARKS}"):
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
    word = one_line(word)
    plain = key_term(word, before.settings).plain
    if any(plain == key_term(one, before.settings).plain for one in bank.words):
        return source
    start, end = bank.extent
    at = start + len(source[start : end - len("]]")].rstrip())
    text = _replaced(source, [(Extent(at, at), f" | {escaped(IN_BANK, word)}")])
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
    pieces, at = [], 0
    for (start, end), text in sorted(changes):
        pieces += [source[at:start], text]
        at = max(at, end)
    return "".join([*pieces, source[at:]])


def _spellings(written: str) -> tuple[str, str]:
    """Return a gap as it is written in running text, and in a table's cell."""
    return written, written.replace("|", "\\|")


def _never(_gap: Gap) -> bool:
    return False


def _always(_gap: Gap) -> bool:
    return True


def _cells(source: str, gaps: Iterable[Gap]) -> Callable[[Gap], bool]:
    """Return a function that tells whether a gap may stand in a table: beside a bar."""
    rest = _replaced(source, ((gap.extent, " " * len(source[slice(*gap.extent)])) for gap in gaps))
    lines = read_lines(rest)
    with_bar = {line.number for line in lines if "|" in line.text}
    return lambda gap: gap.line in with_bar


def _line_end_of(source: str) -> str:
    """Return how the lines of a text end."""
    found = _LINE_END.search(source)
    return (found[0] if found else "") or "\n"


def _without_words(sheet: Sheet) -> Sheet:
    """Return the sheet without what may differ: problems, and words, to which '*' adds answers."""
    return replace(sheet, problems=(), banks=())


def _as_note(text: str) -> str:
    """Return a model answer or a rubric as it is read: items on lines of their own."""
    note = ""
    for line in filter(None, map(str.strip, storable(text).splitlines())):
        is_item = BULLET.match(line) or NUMBER.match(line)
        note += ("\n" if is_item else " ") + line
    return note.strip()


def _notes(
    source: str, question: Question[Any], wanted: Question[Any]
) -> Iterator[tuple[Extent, str]]:
    """Yield the changes that give a question another model answer, another rubric."""
    line_end = _line_end_of(source)
    below = question.end
    for name, old, new in (
        ("model", question.model, wanted.model),
        ("rubric", question.rubric, wanted.rubric),
    ):
        places = [extent for kind, extent in question.notes if kind == name]
        if old == new:
            below = places[-1].end if places else below
            continue
        if below is None:
            raise CannotEdit
        lines = f"{name}: {new}".replace("\n", line_end)
        if new and places:
            yield places.pop(0), lines
        elif new:
            at = _LINE_END.search(source, below)
            end = at.start() if at else len(source)
            yield Extent(end, end), f"{line_end}{lines}"
        for start, end in places:
            yield Extent(_before_line_end(source, start), end), ""


def _before_line_end(source: str, start: int) -> int:
    """Return where the line end before the beginning of a line is."""
    return start - (2 if source[:start].endswith("\r\n") else min(start, 1))


def _setting(source: str, name: str, value: str) -> tuple[Extent, str]:
    """Return the change that gives a setting a value."""
    lines, line_end = read_lines(source), _line_end_of(source)
    _settings, taken = read_settings(lines, Problems(lines))
    for line in lines[1 : max(taken - 1, 1)]:
        match = SETTING.fullmatch(line.text)
        if match and match[1].lower() == name:
            return line.cut(match.end(1), match.end(2)).extent, f": {value}"
    start = lines[taken - 1 if taken else 0].start
    setting = f"{name}: {value}{line_end}"
    fence = f"---{line_end}"
    return Extent(start, start), setting if taken else f"{fence}{setting}{fence}"


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
