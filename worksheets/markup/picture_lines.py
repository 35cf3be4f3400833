"""Changes of a text's pictures: what one shows in words, one more, one less. Pure.

They hold to what ``editing`` promises. Raise CannotEdit for what cannot be written.
"""

from __future__ import annotations

import re
from dataclasses import replace

from .editing import CannotEdit, Kinds
from .lines import PICTURE
from .parser import parse
from .sheet import PictureBlock, Sheet
from .source import read_lines

_SPECIAL = re.compile(r"[\\\]\[_*`$<]|!(?=\[)")
_EMPTY_LINE = re.compile(r"\A[ \t]*\n")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def describe(source: str, line: int, words: str, kinds: Kinds) -> str:
    """Return the text with words for the picture on a line, counted from 1."""
    words = " ".join(words.split())
    before = parse(source, kinds)
    row, match = _picture_on(source, line)
    if not words or _block_on(before, line) is None:
        raise CannotEdit
    start, end = (row + at for at in match.span("alternative"))
    text = source[:start] + _SPECIAL.sub(r"\\\g<0>", words) + source[end:]
    after = parse(text, kinds)
    if _plain(after) != _plain(before, {line: words}):
        raise CannotEdit
    return text


def add_below(source: str, line: int, name: str, kinds: Kinds) -> str:
    """Return the text with a picture below the block to which a line belongs, counted from 1."""
    before = parse(source, kinds)
    if not _NAME.fullmatch(name) or not before.blocks:
        raise CannotEdit
    lines = read_lines(source)
    if not 0 < line <= len(lines):
        raise CannotEdit
    firsts = [first for first in before.lines if first > line]
    last = firsts[0] - 1 if firsts else len(lines)
    rows = [row for row in lines[:last] if not row.blank]
    at = rows[-1].extent.end if rows else 0
    is_apart = at == len(source) or len(lines) <= last or lines[last - 1].blank
    text = f"{source[:at]}\n\n![]({name}){'' if is_apart else chr(10)}{source[at:]}"
    after = parse(text, kinds)
    if len(after.blocks) != len(before.blocks) + 1 or _rest(after) != _rest(before):
        raise CannotEdit
    return text


def remove(source: str, line: int, kinds: Kinds) -> str:
    """Return the text without the picture on a line, counted from 1."""
    before = parse(source, kinds)
    row, _match = _picture_on(source, line)
    if _block_on(before, line) is None:
        raise CannotEdit
    end = row + len(read_lines(source)[line - 1].text)
    rest = source[end:].removeprefix("\n")
    if not source[:row].strip() or source[:row].endswith("\n\n"):
        rest = _EMPTY_LINE.sub("", rest, count=1)
    text = source[:row] + rest
    after = parse(text, kinds)
    if len(after.blocks) != len(before.blocks) - 1 or _rest(after) != _rest(before):
        raise CannotEdit
    return text


def _picture_on(source: str, line: int) -> tuple[int, re.Match[str]]:
    """Return where a line begins, and the picture on it."""
    lines = read_lines(source)
    if not 0 < line <= len(lines):
        raise CannotEdit
    match = PICTURE.match(lines[line - 1].text.rstrip())
    if match is None:
        raise CannotEdit
    return lines[line - 1].start, match


def _block_on(sheet: Sheet, line: int) -> PictureBlock | None:
    for block, first in zip(sheet.blocks, sheet.lines, strict=True):
        if first == line and isinstance(block, PictureBlock):
            return block
    return None


def _plain(sheet: Sheet, words: dict[int, str] | None = None) -> Sheet:
    """Return a sheet without problems; ``words`` are other ones of the pictures, by their line."""
    blocks = tuple(
        replace(block, alternative=words[line])
        if words and line in words and isinstance(block, PictureBlock)
        else block
        for block, line in zip(sheet.blocks, sheet.lines, strict=True)
    )
    return replace(sheet, problems=(), blocks=blocks)


def _rest(sheet: Sheet) -> tuple[object, ...]:
    """Return what another picture must not change."""
    gaps = [(gap.accepted, gap.anticipated, gap.mode, gap.group) for gap in sheet.gaps]
    boxes = [(one.marks, one.model, one.rubric) for one in sheet.questions]
    banks = [bank.words for bank in sheet.banks]
    errors = {problem.code for problem in sheet.errors}
    return gaps, boxes, banks, errors
