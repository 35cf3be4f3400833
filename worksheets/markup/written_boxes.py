"""Answer boxes as a text writes them: '???' and the details behind it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .details import DETAIL, MARKS, NOT_COUNTED, WORDS, bare
from .sheet import Question
from .source import Extent

_OPENING = re.compile(r"\?{3,}\s*")
_LINES_TO_WRITE_ON = re.compile(r"[._…\s]+")
_SEPARATOR = re.compile(r"\s*[,;]\s*")
_SEPARATOR_AT_END = re.compile(r"\s*[,;]?\s*\Z")


def with_marks(source: str, extent: Extent, marks: Decimal | None) -> str:
    """Return the answer box, or the details that stand there, with other marks."""
    detail = ""
    if marks is not None:
        detail = f"{marks.normalize():f} {'mark' if marks == 1 else 'marks'}"
    written = source[slice(*extent)]
    return _with_detail(written, source[: extent.start][-1:], _are_marks, detail)


def with_requirements(source: str, question: Question[Any], wanted: Question[Any]) -> str:
    """Return the answer box, or the details that stand there, as they are wanted."""
    extent = question.extent
    written = source[slice(*extent)]
    if question.marks != wanted.marks:
        written = with_marks(source, extent, wanted.marks)
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


def with_counting(source: str, extent: Extent, *, is_left_out: bool) -> str:
    """Return the answer box, or the details that stand there, of a question that counts or not."""
    detail = "not counted" if is_left_out else ""
    written, before = source[slice(*extent)], source[: extent.start][-1:]
    return _with_detail(written, before, _is_not_counted, detail, is_last=True)


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
