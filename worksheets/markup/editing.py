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

from worksheets.words.key import Accepted, Mode
from worksheets.words.terms import key_term

from .details import DETAIL, MARKS, NOT_COUNTED, WORDS, bare
from .gaps import FREE_AFTER
from .gaps import MARKS as GAP_MARKS
from .inline import BLANK, merge
from .keys import WEIGHT, one_space, unescape
from .kinds import KindGrammar
from .lines import BULLET, NUMBER
from .parser import parse
from .preamble import SETTING, read_settings
from .problems import Problems
from .sheet import Bank, Gap, GapRef, Item, Question, Sheet, Text
from .source import Extent, read_lines, storable

Kinds = Collection[KindGrammar]

_MODES = {Mode.TEXT: "", Mode.NUMBER: "#", Mode.PATTERN: "~"}
# What is read otherwise between the marks, and what would be an address, a bank or an answer box.
_SPECIAL = r"[\\|_]|:(?=//)|(?<=www)\.|(?<=\[)\[|(?<=\])\]|(?:(?<=\s)|\A)\?(?=\?\?)"
_DETAIL_OF_GAP = r"\A[?=](?=\s*:)|\A\[(?=\s*[0-9])|(?<=\Achoose)(?=\s*:)"
_IN_ANSWER = re.compile(rf"{_SPECIAL}|\A[!#~&]|{_DETAIL_OF_GAP}", re.IGNORECASE)
_IN_FEEDBACK = re.compile(_SPECIAL, re.IGNORECASE)
_IN_WRONG = _IN_GROUP = re.compile(rf"{_SPECIAL}|:", re.IGNORECASE)
_IN_BANK = re.compile(rf"{_SPECIAL}|\]|\A\*\Z", re.IGNORECASE)
_OPENING = re.compile(r"\?{3,}\s*")
_LINES_TO_WRITE_ON = re.compile(r"[._…\s]+")
_SEPARATOR = re.compile(r"\s*[,;]\s*")
_SEPARATOR_AT_END = re.compile(r"\s*[,;]?\s*\Z")
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
        if (key := _as_read(other)) != gap:
            wanted[gap.key] = key
    if not wanted:
        return source
    written = [
        (rows[key], _spellings(_key(rows[key], other, source[slice(*rows[key].extent)])))
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
            changes.append((question.extent, _with_marks(source, question.extent, marks)))
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
    written, preceding = source[slice(*question.extent)], source[: question.extent.start][-1:]
    detail = "not counted" if is_left_out else ""
    box = _with_detail(written, preceding, _is_not_counted, detail, is_last=True)
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
    box = _with_requirements(source, question, wanted)
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
        written = f"{name}: {_one_line(text)}"
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
    plain = key_term(word, before.settings).plain
    if any(plain == key_term(one, before.settings).plain for one in bank.words):
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


# --- keys ---------------------------------------------------------------------


def _as_read(gap: Gap) -> Gap:
    """Return the gap with its answers as they can stand on one line."""
    accepted = tuple(replace(answer, text=_one_line(answer.text)) for answer in gap.accepted)
    anticipated = tuple(
        replace(answer, text=_one_line(answer.text), feedback=_one_line(answer.feedback))
        for answer in gap.anticipated
    )
    gap = replace(
        gap,
        hint=_one_line(gap.hint),
        feedback_right=_one_line(gap.feedback_right),
        feedback_wrong=_one_line(gap.feedback_wrong),
    )
    if accepted or anticipated or _details(gap):
        return replace(gap, accepted=accepted, anticipated=anticipated)
    return replace(
        gap,
        accepted=(),
        anticipated=(),
        mode=Mode.TEXT,
        tolerance=Decimal(0),
        offers_choices=False,
    )


def _one_line(text: str) -> str:
    return one_space(storable(text))


def _key(gap: Gap, wanted: Gap, written: str) -> str:
    if not (wanted.accepted or wanted.anticipated or _details(wanted)):
        group = f"&{_escaped(_IN_GROUP, wanted.group)}:" if wanted.group else ""
        return f"{GAP_MARKS}{group}{GAP_MARKS}" if group else BLANK
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
    first, *others = [*_alternatives(gap), *_details(gap)]
    if gap.tolerance:
        first += f" ±{gap.tolerance:f}"
    sign = "choose: " if gap.offers_choices else _MODES[gap.mode]
    content = " | ".join([f"{group}{sign}{first}", *others])
    return _not_free(content, is_answer=bool(gap.accepted))


def _alternatives(gap: Gap) -> list[str]:
    accepted = [_accepted(gap.mode, answer) for answer in gap.accepted]
    return accepted + [
        f"!{_escaped(_IN_WRONG, wrong.text)}"
        + (f": {_escaped(_IN_FEEDBACK, wrong.feedback)}" if wrong.feedback else "")
        for wrong in gap.anticipated
    ]


def _details(gap: Gap) -> list[str]:
    """Return what stands in a gap beside its answers. Glued to its sign it can begin the gap."""
    said = (("?", gap.hint), ("=", gap.feedback_right), ("!", gap.feedback_wrong))
    details = [f"{sign}:{_escaped(_IN_FEEDBACK, text)}" for sign, text in said if text]
    if gap.marks is not None:
        details.append(f"[{gap.marks.normalize():f} {'mark' if gap.marks == 1 else 'marks'}]")
    return details


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


# --- questions ----------------------------------------------------------------


def _with_marks(source: str, extent: Extent, marks: Decimal | None) -> str:
    """Return the answer box, or the details that stand there, with other marks."""
    detail = ""
    if marks is not None:
        detail = f"{marks.normalize():f} {'mark' if marks == 1 else 'marks'}"
    written = source[slice(*extent)]
    return _with_detail(written, source[: extent.start][-1:], _are_marks, detail)


def _with_requirements(source: str, question: Question[Any], wanted: Question[Any]) -> str:
    """Return the answer box, or the details that stand there, as they are wanted."""
    extent = question.extent
    written = source[slice(*extent)]
    if question.marks != wanted.marks:
        written = _with_marks(source, extent, wanted.marks)
    least, most = wanted.words_min, wanted.words_max
    if (question.words_min, question.words_max) == (least, most):
        return written
    if least and most:
        detail = f"{least}-{most} words"
    elif most:
        detail = f"up to {most} words"
    else:
        detail = f"at least {least} words" if least else ""
    return _with_detail(written, source[: extent.start][-1:], _are_words, detail, is_last=True)


def _are_marks(detail: str) -> bool:
    return bool(MARKS.fullmatch(detail))


def _is_not_counted(detail: str) -> bool:
    return bool(NOT_COUNTED.fullmatch(detail))


def _are_words(detail: str) -> bool:
    return any(form.fullmatch(detail) for form in WORDS)


def _with_detail(
    written: str,
    before: str,
    is_old: Callable[[str], bool],
    detail: str,
    *,
    is_last: bool = False,
) -> str:
    """Return an answer box with a detail in place of those that are old; '' removes them.

    ``before`` is the character before it. Where nothing is replaced, the detail becomes the first
    one, or with ``is_last`` the last.
    """
    if written and _LINES_TO_WRITE_ON.fullmatch(written):
        return f"??? {detail}" if detail else written
    opening = _OPENING.match(written)
    at = opening.end() if opening else 0
    others = [match for match in DETAIL.finditer(written, at) if is_old(bare(match[0]))]
    was_there = bool(others)
    if others and detail:  # the last one counts
        last = others.pop()
        new = last[0].replace(bare(last[0]), detail)
        written = written[: last.start()] + new + written[last.end() :]
    for old in reversed(others):
        written = _cut(written, *old.span())
    if was_there or not detail:
        return written
    rest = written[at:]
    if is_last and rest:
        return f"{written.rstrip()}, {detail}"
    space = "" if (before + written[:at])[-1:].isspace() else " "
    return f"{written[:at]}{space}{detail}{', ' if rest else ''}{rest}"


def _cut(written: str, start: int, end: int) -> str:
    """Return details without one of them, and without the comma that belongs to it."""
    if after := _SEPARATOR.match(written, end):
        return written[:start] + written[after.end() :]
    return _SEPARATOR_AT_END.sub("", written[:start]) + written[end:]


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
