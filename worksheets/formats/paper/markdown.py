"""A Markdown text as lines of a paper: its headings, lists, tables and folded parts are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worksheets.formats.readers.rows import Note, Row

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*\Z")
_MARKDOWN = re.compile(
    r"^#{1,6} \S|^\s*\|?(?:\s*:?-{3,}:?\s*\|)+|(?:\\_){2}|\*\*[^*\n]+\*\*|^<details|^```|\]\(https?://",
    re.MULTILINE,
)
_SEPARATOR = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*\Z")
_BLANK = re.compile(r"(?:\\_){2,}")
_RULE = re.compile(r"\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})\Z")
_UNDERSCORE = re.compile(r"(?<![\w\\_])(__?)(?=[^\s_])([^_\n]{1,200}?)(?<=[^\s_\\])\1(?![\w_])")
_DETAILS = re.compile(r"\s*</?details[^>]{0,80}>\s*", re.IGNORECASE)
_SUMMARY = re.compile(r"\s*<summary[^>]{0,80}>(.*?)</summary>\s*", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PICTURE = re.compile(r"!\[([^\]]{0,300})\]\(([^)]{0,500})\)")
_TAG = re.compile(
    r"</?(?:p|div|span|center|u|b|i|strong|em|sup|sub)(?:\s[^<>]{0,200})?>", re.IGNORECASE
)
_ESCAPED = re.compile(r"\\([\[\]().#+!<>{}|-])")
_QUOTE = re.compile(r"\s{0,3}>\s?")


def is_markdown(text: str) -> bool:
    """Return whether a text has marks that only Markdown has."""
    return bool(_MARKDOWN.search(text))


def pictures_of(text: str) -> tuple[Note, ...]:
    """Return a note of the pictures that a Markdown text shows, which are left out."""
    found = [f"{match[1]} {match[2]}".strip() for match in _PICTURE.finditer(text)]
    return (Note("picture", {"text": " · ".join(found)}),) if found else ()


def markdown_rows(lines: Sequence[str]) -> list[Row]:
    """Return the lines of a Markdown text; what Markdown says of them is in their looks."""
    rows: list[Row] = []
    fold, folds, table, fenced = 0, 0, 0, False
    for at, line in enumerate(lines):
        if line.strip().startswith("```"):
            fenced = not fenced
            rows.append(Row(""))
            continue
        if fenced:
            rows.append(Row(f"`{line}`" if line.strip() and "`" not in line else line, ready=True))
            continue
        if _DETAILS.fullmatch(line) or (_DETAILS.match(line) and not line.strip().endswith(">")):
            opens = "</" not in line
            folds += opens
            fold = folds if opens else 0
            rows.append(Row(""))
            continue
        text = _inline(_QUOTE.sub("", line) if _QUOTE.match(line) else line)
        if summary := _SUMMARY.search(text):
            parts = (text[: summary.start()], summary[1], text[summary.end() :])
            rows += [Row(part.strip(), fold=fold, ready=True, whole=True) for part in parts if part]
            continue
        if heading := _HEADING.match(text):
            rows += [
                Row(""),
                Row(heading[2], level=len(heading[1]), ready=True, fold=fold),
                Row(""),
            ]
            continue
        is_row = _is_table_row(lines, at)
        table = table + 1 if is_row and not _is_table_row(lines, at - 1) else table
        if is_row:
            if not _SEPARATOR.match(text):
                rows.append(Row(_row(text), ready=True, table=table, fold=fold))
            continue
        if _RULE.match(text) and "_" not in text:
            rows.append(Row("---", ready=True, whole=True))
            continue
        if _QUOTE.match(line) and not (at and _QUOTE.match(lines[at - 1])):
            rows.append(Row(""))
        rows.append(Row(text.rstrip(), ready=True, fold=fold))
        if _QUOTE.match(line) and not (at + 1 < len(lines) and _QUOTE.match(lines[at + 1])):
            rows.append(Row(""))
    return rows


def _inline(line: str) -> str:
    """Return a line as the markup writes it."""
    text = _BLANK.sub(lambda run: "_" * (len(run[0]) // 2), line)
    text = _UNDERSCORE.sub(lambda m: f"{'*' * len(m[1])}{m[2]}{'*' * len(m[1])}", text)
    text = _TAG.sub("", _BREAK.sub(" ", text))
    text = _PICTURE.sub("", text)
    return _ESCAPED.sub(r"\1", text)


def _is_table_row(lines: Sequence[str], at: int) -> bool:
    """Return whether a line is a row of a table that has its line of dashes."""
    if not 0 <= at < len(lines) or "|" not in lines[at]:
        return False
    first = at
    while first > 0 and at - first < 200 and "|" in lines[first - 1]:
        first -= 1
    return (
        first + 1 < len(lines)
        and bool(_SEPARATOR.match(lines[first + 1]))
        and "|" in lines[first + 1]
    )


def _row(text: str) -> str:
    inner = text.strip().removeprefix("|").removesuffix("|")
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", inner)]
    return "| " + " | ".join(cells) + " |"
