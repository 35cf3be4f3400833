"""Changes of what a stretch of a text is: a gap, a heading, a word bank, an option, a box. Pure.

They hold to what ``editing`` promises: everything else stays as it is, character for character, and
a text that was changed is read again before it is returned. It has what was asked for then, and
every other gap and answer box with its keys and marks. Otherwise they raise CannotEdit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from .editing import CannotEdit, Kinds
from .inline import merge
from .lines import is_label
from .parser import parse
from .sheet import BankBlock, Block, Gap, GapRef, Heading, PictureBlock, Sheet, Table, Text
from .source import Extent

HEADING_LEVEL = 2
MAX_LABEL_WORDS = 5  # of 'Name:', which goes with its gap; without the colon fewer
MAX_BARE_WORDS = 2

_BLANK = "______"
_NUMBERED = r"[0-9]{1,2}[.)]\s+|\(?[a-z]\)\s+"
# What stands before a piece of text on its line and belongs to it.
_MARKS = re.compile(rf"\s*(?:#{{1,6}}\s+|[-*+–·•▪◦●○■‣⁃]\s+|{_NUMBERED}|>\s?|\\|\[\[\s*)*")
_DROPPED = re.compile(r"\s*(?:#{1,6}\s+|[-*+–·•▪◦●○■‣⁃]\s+|>\s?|\\(?=[#>\[])|\[\[\s*)*")
_OPTION = re.compile(r"\s*\(?([a-z])\)\s+\S")
_LABELLED = re.compile(r"\s*(?:[-*+–·•▪◦●○■‣⁃]\s+|(?:[0-9]{1,2}[.)]|\(?[a-z]\))\s+)")
_BLANKS = re.compile(r"[_.…]+")
_BOX = re.compile(r"\?{3,}|[._…\s]+\Z")
_SENTENCE_END = re.compile(r"[.?!;]\s")
_WORD = re.compile(r"[^\W_]")
_BEGINS_BLOCK = re.compile(r"[#>\[|?*+–·•-]|[0-9]{1,2}[.)]|\(?[a-z]\)\s|[A-Z][.)]\s.*>|\$\$")
_PLAIN = re.compile(r"[\\`*_\[\]<>$|~]|:(?=//)")
# Of a bank with fewer words than its gaps have keys: the teacher sees them in the editor.
_MAY_COME = {"answer-not-in-bank", "pattern-in-bank"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text that becomes something else, with the marks that belong to it.

    ``is_first`` and ``is_last`` say whether nothing else stands before and after it on its lines.
    """

    extent: Extent
    text: str
    is_first: bool
    is_last: bool


# --- gaps -----------------------------------------------------------------------


def clear_gap(source: str, gap: Gap, kinds: Kinds) -> str:
    """Return the text with plain words for a gap: its answer, or the blank as it is printed.

    For one with choices these are all of its words, 'was / were'.
    """
    before = _sheet_with(source, gap, kinds)
    if gap.offers_choices:
        return _with_words(source, gap, " / ".join(gap.choices), before, kinds)
    if not gap.accepted and not _BLANKS.fullmatch(source[slice(*gap.extent)]):
        raise CannotEdit  # what stands there could not be read, and would be lost
    shown = gap.accepted[0].text if gap.accepted else _BLANK
    return _with_words(source, gap, shown, before, kinds)


def _with_words(source: str, gap: Gap, shown: str, before: Sheet, kinds: Kinds) -> str:
    """Return the text with these words, or with a blank, for a gap."""
    expected = _without(before.blocks, gap, shown)
    spellings = ("\\" + _BLANK,) if shown == _BLANK else (shown, escaped(shown))
    for written in dict.fromkeys(spellings):
        text = _replaced(source, gap.extent, written)
        after = parse(text, kinds)
        if after.blocks == expected and _is_kept(before, after, [gap]):
            return text
    raise CannotEdit


def drop_name_line(source: str, gap: Gap, kinds: Kinds) -> str:
    """Return the text without a gap for a name or date, and without its label: the LMS knows them.

    A line on which nothing else stands goes as a whole. Raise CannotEdit if more than a label
    stands before the gap.
    """
    before = _sheet_with(source, gap, kinds)
    start, end = _line_around(source, gap.extent)
    ends = [other.extent.end for other in before.gaps if other.extent.end <= gap.extent.start]
    at = max(start, *ends, 0)
    label = source[at : gap.extent.start]
    most = MAX_LABEL_WORDS if label.rstrip().endswith(":") else MAX_BARE_WORDS
    if len(label.split()) > most or _SENTENCE_END.search(label):
        raise CannotEdit
    rest = source[start:at], source[gap.extent.end : end].lstrip()
    if "".join(rest).strip():
        text = _replaced(source, Extent(start, end), (rest[0] + rest[1]).rstrip())
    else:
        text = _without_line(source, start, end)
    return _checked(text, before, kinds, gone=[gap])


def gap_to_box(source: str, gap: Gap, kinds: Kinds) -> str:
    """Return the text with an answer box for a gap; what follows it stands below the box."""
    before = _sheet_with(source, gap, kinds)
    start, end = _line_around(source, gap.extent)
    above, below = source[start : gap.extent.start].rstrip(), source[gap.extent.end : end].lstrip()
    if not _WORD.search(below):
        below = ""  # the sentence's full stop
    rows = [above, "???"]
    if gap.accepted:
        rows.append(f"model: {gap.accepted[0].text}")
    text = _replaced(source, Extent(start, end), "\n".join(filter(None, (*rows, below))))
    return _checked(text, before, kinds, gone=[gap], boxes=1)


# --- lines ----------------------------------------------------------------------


def to_heading(source: str, extent: Extent, kinds: Kinds) -> str:
    """Return the text with a heading of a part for what stands there."""
    before, piece = parse(source, kinds), _piece(source, extent)
    words = _one_line(_DROPPED.sub("", piece.text, count=1))
    if not _WORD.search(words):
        raise CannotEdit
    text, at = _written(source, piece, f"{'#' * HEADING_LEVEL} {words}")
    after = parse(text, kinds)
    made = block_at(after, text, at)
    if not (isinstance(made, Heading) and made.level == HEADING_LEVEL):
        raise CannotEdit
    return _checked(text, before, kinds)


def to_bank(source: str, extent: Extent, words: Sequence[str], kinds: Kinds) -> str:
    """Return the text with a word bank of these words for what stands there."""
    before, piece = parse(source, kinds), _piece(source, extent)
    words = [word for word in map(_one_line, words) if word]
    if not words:
        raise CannotEdit
    text, at = _written(source, piece, f"[[ {' | '.join(map(bank_word, words))} ]]")
    after = parse(text, kinds)
    made = [bank for bank in after.banks if bank.extent.start == at]
    if not made or not set(made[0].words) <= set(words):
        raise CannotEdit
    return _checked(text, before, kinds, banks=1)


def to_option(source: str, extent: Extent, kinds: Kinds) -> str:
    """Return the text with an option for what stands there: the next of a list, or a first one."""
    before, piece = parse(source, kinds), _piece(source, extent)
    words = _LABELLED.sub("", _one_line(_DROPPED.sub("", piece.text, count=1)), count=1)
    above = source[: piece.extent.start].rstrip().rpartition("\n")[2] if piece.is_first else ""
    match = _OPTION.match(above)
    label = chr(ord(match[1]) + 1) if match else "a"
    if not _WORD.search(words) or label > "z":
        raise CannotEdit
    text, _at = _written(source, piece, f"({label}) {words}")
    return _checked(text, before, kinds)


def to_box(source: str, extent: Extent, kinds: Kinds) -> str:
    """Return the text with an answer box there: below the words, or for lines to write on."""
    before, piece = parse(source, kinds), _piece(source, extent)
    gone = [gap for gap in before.gaps if _is_in(gap.extent, piece.extent)]
    has_words = _WORD.search(piece.text) and not is_label(piece.text)
    if has_words:
        gone = []
    if has_words:
        below = source[piece.extent.end :]
        below = below if piece.is_last else "\n" + below.lstrip(" \t")
        text = f"{source[: piece.extent.end].rstrip()}\n???{below}"
    else:
        text, _at = _written(source, piece, "???")
    return _checked(text, before, kinds, gone=gone, boxes=1)


def to_plain(source: str, extent: Extent, kinds: Kinds) -> str:
    """Return the text with plain words for a heading, a bank or an option; an answer box goes.

    With the box go the lines of its kind, such as a key, and the list that it asks about is read
    only. Raise CannotEdit for a box with a model answer or a rubric.
    """
    before = parse(source, kinds)
    bank = next((bank for bank in before.banks if _touches(bank.extent, extent)), None)
    if bank is not None:
        piece = _piece(source, bank.extent)
        words = ", ".join(map(escaped, bank.words))
        text, _at = _written(source, piece, guarded(words), is_apart=True)
        return _checked(text, before, kinds, banks=-1)
    piece = _piece(source, extent)
    if _BOX.match(piece.text):
        box = next((q for q in before.questions if _touches(q.extent, piece.extent)), None)
        if box is None or box.model or box.rubric:
            raise CannotEdit
        if piece.is_first:
            start, end = _line_around(source, piece.extent)
            end = max([end, *(place.end for _name, place in box.lines)])
            text = _without_line(source, start, _line_around(source, Extent(start, end))[1])
        else:
            start = len(source[: piece.extent.start].rstrip(" \t"))
            text = _replaced(source, Extent(start, piece.extent.end), "")
        return _checked(text, before, kinds, boxes=-1)
    words = guarded(_one_line(_DROPPED.sub("", piece.text, count=1)))
    if not words or not piece.is_first or words == _one_line(piece.text):
        raise CannotEdit  # it is plain already
    text, at = _written(source, piece, words, is_apart=True)
    if isinstance(block_at(parse(text, kinds), text, at), Heading | BankBlock):
        raise CannotEdit
    return _checked(text, before, kinds)


def block_at(sheet: Sheet, source: str, offset: int) -> Block | None:
    """Return the block that begins on the line of an offset in the source, None if none does."""
    line = len(re.findall(r"\r\n?|\n", source[:offset])) + 1
    rows = zip(sheet.blocks, sheet.lines, strict=True)
    return next((block for block, number in rows if number == line), None)


def bank_word(word: str) -> str:
    """Return a word as it is written in a bank."""
    written = re.sub(r"[\\|\]_]", r"\\\g<0>", word)
    return "\\*" if written == "*" else written


# --- pieces ---------------------------------------------------------------------


def _piece(source: str, extent: Extent) -> _Piece:
    """Return what stands there, with its marks and the punctuation around it."""
    start, end = extent
    if not 0 <= start < end <= len(source) or not source[start:end].strip():
        raise CannotEdit
    start += len(source[start:end]) - len(source[start:end].lstrip())
    end -= len(source[start:end]) - len(source[start:end].rstrip())
    first, last = _line_around(source, Extent(start, end))
    before, after = source[first:start], source[end:last]
    is_first = bool(_MARKS.fullmatch(before)) or not re.search(r"[^\W_]|___", before)
    is_last = not re.search(r"[^\W_]|___", after)
    if is_first:
        start = first
    else:
        start -= len(before) - len(before.rstrip("(\"'“‘«„[*"))
    if is_last:
        end = last
    else:
        end += len(after) - len(after.lstrip(".,;:?!)\"'”’»“]*"))
    return _Piece(Extent(start, end), source[start:end].strip(), is_first, is_last)


def _written(
    source: str, piece: _Piece, written: str, *, is_apart: bool = False
) -> tuple[str, int]:
    """Return the text with other words for a piece, on lines of their own, and where they begin.

    With ``is_apart`` they have an empty line on each side.
    """
    start, end = piece.extent
    above, below = source[:start], source[end:]
    if not piece.is_first:
        start = len(above.rstrip(" \t"))
        above = above[:start] + "\n\n"
    elif is_apart and above.rstrip(" \t") and not above.rstrip(" \t").endswith(("\n\n", "\n\r\n")):
        above += "\n"
    if not piece.is_last:
        below = "\n\n" + below.lstrip(" \t")
    elif is_apart and re.match(r"(?:\r\n?|\n)[ \t]*[^\s]", below):
        below = "\n" + below
    return above + written + below, len(above)


def _line_around(source: str, extent: Extent) -> tuple[int, int]:
    """Return where the first line of an extent begins, and where its last line ends."""
    start = max(source.rfind("\n", 0, extent.start), source.rfind("\r", 0, extent.start)) + 1
    ends = [at for at in (source.find("\n", extent.end), source.find("\r", extent.end)) if at >= 0]
    return start, min(ends, default=len(source))


def _without_line(source: str, start: int, end: int) -> str:
    """Return the text without a line, and without the empty line below it if there is one above."""
    rest = re.sub(r"\A(?:\r\n?|\n)", "", source[end:], count=1)
    if not source[:start].strip() or source[:start].endswith(("\n\n", "\n\r\n")):
        rest = re.sub(r"\A[ \t]*(?:\r\n?|\n)", "", rest, count=1)
    return source[:start] + rest


def _replaced(source: str, extent: Extent, written: str) -> str:
    return source[: extent.start] + written + source[extent.end :]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def escaped(text: str) -> str:
    """Return plain words as they are written in running text or in a table's cell."""
    return _PLAIN.sub(r"\\\g<0>", text)


def guarded(text: str) -> str:
    r"""Return the text so that its beginning is no mark: '(a\) …', '1\. …', '\# …'."""
    if re.match(r"[0-9]{1,2}[.)]", text):
        return re.sub(r"[.)]", r"\\\g<0>", text, count=1)
    if re.match(r"\(?[a-z]\)\s", text):
        return text.replace(")", "\\)", 1)
    return f"\\{text}" if _BEGINS_BLOCK.match(text) and not text[0].isalpha() else text


# --- what has to be the same ----------------------------------------------------


def _sheet_with(source: str, gap: Gap, kinds: Kinds) -> Sheet:
    """Return the sheet of a text. Raise CannotEdit if the gap does not stand there."""
    sheet = parse(source, kinds)
    if not any(row == gap and row.extent == gap.extent for row in sheet.gaps):
        raise CannotEdit
    return sheet


def _checked(
    text: str,
    before: Sheet,
    kinds: Kinds,
    gone: Collection[Gap] = (),
    boxes: int = 0,
    banks: int = 0,
) -> str:
    """Return the text. Raise CannotEdit if it lacks more than it should, or has a new error.

    ``boxes`` and ``banks`` are how many answer boxes and word banks more there are.
    """
    after = parse(text, kinds)
    if len(after.banks) != len(before.banks) + banks or not _is_kept(before, after, gone, boxes):
        raise CannotEdit
    return text


def _is_kept(before: Sheet, after: Sheet, gone: Collection[Gap], boxes: int = 0) -> bool:
    """Return whether a sheet has the other gaps and boxes still, and no other kind of error."""
    errors = {problem.code for problem in after.errors} - {p.code for p in before.errors}
    left = [_gap_traits(gap) for gap in before.gaps if gap not in gone]
    if _fixed(before) != _fixed(after):
        return False
    if errors - _MAY_COME or left != [_gap_traits(gap) for gap in after.gaps]:
        return False
    fewer, more = (_box_traits(sheet) for sheet in (before, after))
    if boxes < 0:
        fewer, more = more, fewer
    if not boxes:
        return fewer == more
    return len(more) == len(fewer) + 1 and any(
        more[:at] + more[at + 1 :] == fewer for at in range(len(more))
    )


def _fixed(sheet: Sheet) -> list[type[Block]]:
    """Return the blocks that nothing here makes or unmakes."""
    return [type(block) for block in sheet.blocks if isinstance(block, Table | PictureBlock)]


def _gap_traits(gap: Gap) -> tuple[Any, ...]:
    return gap.accepted, gap.anticipated, gap.mode, gap.tolerance, gap.group


def _box_traits(sheet: Sheet) -> list[tuple[Any, ...]]:
    return [(q.marks, q.words_min, q.words_max, q.model, q.rubric) for q in sheet.questions]


def _without(node: Any, gap: Gap, text: str) -> Any:
    """Return nodes with a text for a gap, and the numbers of the gaps below it one less."""
    if isinstance(node, GapRef):
        number = int(node.key[1:])
        return Text(text) if number == gap.number else GapRef(f"g{number - (number > gap.number)}")
    if isinstance(node, tuple):
        return merge(_without(one, gap, text) for one in node)
    if is_dataclass(node) and not isinstance(node, type):
        rows = {row.name: _without(getattr(node, row.name), gap, text) for row in fields(node)}
        return replace(node, **rows)
    return node


def _is_in(inner: Extent, outer: Extent) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _touches(one: Extent, other: Extent) -> bool:
    return one.start < other.end and other.start < one.end
