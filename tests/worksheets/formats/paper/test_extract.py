"""Mammoth's HTML as plain lines."""

from __future__ import annotations

import pytest

from worksheets.formats.paper import extract
from worksheets.formats.paper.extract import ExtractError, PaperReader, read_docx

from .files import archive


def lines(html: str) -> list[str]:
    reader = PaperReader()
    reader.feed(html)
    reader.close()
    return reader.text().split("\n")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1>a</h1><p>b<br />c</p>", ["a", "", "b", "c"]),
        ("<p>a</p><p></p><p></p><p>b</p>", ["a", "", "b"]),
        ("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", ["- a", "", "- b", "1. c"]),
        ("<ol><li>a</li><li>b</li></ol>", ["1. a", "", "2. b"]),
        ("<p>a <u>b</u> <u>\t\t</u></p>", ["a b  ______"]),
        ("<p>a&nbsp;&amp; b</p>", ["a\u00a0& b"]),
        (
            "<table><tr><td><p>a</p><p>b</p></td></tr><tr><td>c|d</td></tr></table>",
            ["| a b |", "| --- |", "| c\\|d |"],
        ),
        (
            '<p>a<sup><a href="#footnote-1" id="footnote-ref-1">[1]</a></sup> b</p><ol>'
            '<li id="footnote-1"><p>note <a href="#footnote-ref-1">↑</a></p></li></ol>',
            ["a[^1] b", "", "[^1]: note"],
        ),
    ],
)
def test_lines(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


def test_an_archive_without_a_document_is_no_word_file() -> None:
    with pytest.raises(ExtractError, match="not a Word file"):
        read_docx(archive({"x": b""}))


def test_a_file_that_needs_more_memory_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_docx(_data: bytes) -> str:
        raise MemoryError

    monkeypatch.setattr(extract, "read_docx", read_docx)
    with pytest.raises(ExtractError, match="too large"):
        extract.read(".docx", b"")
