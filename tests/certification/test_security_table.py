"""docs/security.md: every hostile launch of its tables has a test that exists and runs."""

from __future__ import annotations

import ast
import functools
import importlib
import re

import pytest

from lti_tool.protocol.refusal import Reason
from tests import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| launch ")
]
TESTS = [row[-1].strip("`") for row in ROWS]


@functools.cache
def names_in(path: str) -> frozenset[str]:
    """The tests of a module, as ``Class::test`` or ``test``."""
    names: set[str] = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        names |= {prefix + part.name for part in inner if isinstance(part, ast.FunctionDef)}
    return frozenset(name for name in names if name.rpartition("::")[2].startswith("test_"))


def marks_of(holder: object) -> set[str]:
    """The names of the marks of a module, a class or a test."""
    marks = getattr(holder, "pytestmark", [])
    return {mark.name for mark in (marks if isinstance(marks, list) else [marks])}


@pytest.mark.parametrize("test", TESTS)
def test_the_test_of_each_row_exists(test: str) -> None:
    path, _, name = test.partition("::")
    assert name in names_in(path)


@pytest.mark.parametrize("test", TESTS)
def test_the_test_of_each_row_runs(test: str) -> None:
    """pytest finds it, and no mark keeps it from telling that something broke."""
    path, *names = test.split("::")
    holder = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    marks = marks_of(holder)
    for name in names:
        holder = getattr(holder, name)
        assert name.startswith(("Test", "test_"))
        marks |= marks_of(holder)
    assert callable(holder)
    assert not marks & {"skip", "skipif", "xfail"}


def test_each_row_says_what_is_attacked_and_what_stops_it() -> None:
    assert len(ROWS) > 50
    assert [row for row in ROWS if len(row) != 5 or not all((row[0], row[1], row[2]))] == []


def test_no_two_rows_are_the_same() -> None:
    assert sorted(set(TESTS)) == sorted(TESTS)


def test_each_reason_for_a_refusal_stands_in_the_table_and_no_other() -> None:
    told = {match for row in ROWS for match in re.findall(r"`([a-z-]+)`", row[3])}
    assert told == set(Reason)


def test_each_test_of_hostile_launches_stands_in_the_table() -> None:
    path = "tests/certification/test_hostile.py"
    assert {f"{path}::{name}" for name in names_in(path)} <= set(TESTS)
