"""Docstrings say what a thing is or returns, in whole sentences: a part of ``make lint``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

PACKAGES = ("lti_tool", "worksheets")
# They begin a riddle: 'Whether …' says neither who asks nor what is returned.
FORBIDDEN = re.compile(r"(Whether|What|For whom|Who|Whose|How|Where|When|Why)\b")
MIN_WORDS = 4


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of each docstring of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text = ast.get_docstring(node)
            if text is not None:
                yield getattr(node, "lineno", 1), text


def complaint(text: str) -> str:
    """Return what is wrong with a docstring, or ''."""
    first = text.partition("\n\n")[0]
    if FORBIDDEN.match(first):
        return f"begins with {first.split()[0]!r}"
    if len(first.split()) < MIN_WORDS:
        return "says too little: say more, or delete it"
    return ""


FILES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)


def test_there_are_files() -> None:
    assert len(FILES) > 300


def test_docstrings_say_what_is() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {why}: {text[:60]!r}"
        for path in FILES
        for line, text in docstrings(path)
        if (why := complaint(text))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["Whether it is over.", "What a pupil sees.", "For whom it is.", "As it is.", "Do it."]
)
def test_a_riddle_is_found(text: str) -> None:
    assert complaint(text)


def test_a_sentence_is_none() -> None:
    assert complaint("Return the score that the gradebook should show.") == ""
