"""docs/security.md: its hostile launches and the requirements of ASVS have tests that run."""

from __future__ import annotations

import ast
import functools
import importlib
import re
from collections import Counter

import pytest

from lti_tool.protocol.refusal import Reason
from tests import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
LAUNCHES, ASVS = PAGE.split("\n## ASVS 5.0, level 2\n")


def rows_in(text: str) -> list[list[str]]:
    """The rows of the tables, without their heads."""
    return [
        [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ") and not line.startswith(("| launch ", "| ASVS "))
    ]


ROWS, ASVS_ROWS = rows_in(LAUNCHES), rows_in(ASVS)
TESTS = [row[-1].strip("`") for row in ROWS]
ASVS_TESTS = {test for row in ASVS_ROWS for test in re.findall(r"`(tests/[^`]+)`", row[-1])}
ALL_TESTS = [*TESTS, *sorted(ASVS_TESTS - set(TESTS))]
# The sections of ASVS 5.0.0 with the number of their last requirement of level 1 or 2: those of
# level 3 come last.
ASVS_SECTIONS = re.findall(
    r"(\S+):(\d+)",
    """
    1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2
    4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4
    7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4
    10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1
    12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7
    16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
    """,
)


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


@pytest.mark.parametrize("test", ALL_TESTS)
def test_the_test_of_each_row_exists(test: str) -> None:
    path, _, name = test.partition("::")
    assert name in names_in(path)


@pytest.mark.parametrize("test", ALL_TESTS)
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


def numbers_in(text: str) -> list[str]:
    """The numbers of requirements, those between the ends of '1.2.6–1.2.8' included."""
    found: list[str] = []
    for first, last in re.findall(r"(\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))?", text):
        section, _, start = first.rpartition(".")
        last_section, _, end = (last or first).rpartition(".")
        assert section == last_section
        found += [f"{section}.{number}" for number in range(int(start), int(end) + 1)]
    return found


def test_each_requirement_of_asvs_stands_in_one_place() -> None:
    elsewhere = ASVS.partition("\n**Not here**")[2]
    found = [number for row in ASVS_ROWS for number in numbers_in(row[0])] + numbers_in(elsewhere)
    assert [number for number, times in Counter(found).items() if times > 1] == []
    assert set(found) == {
        f"{section}.{number}"
        for section, last in ASVS_SECTIONS
        for number in range(1, int(last) + 1)
    }


def test_each_row_of_asvs_says_how_it_is_met_and_where_it_is_tried_or_why_not() -> None:
    tested = re.compile(r"`tests/[^`]+`(, `tests/[^`]+`)*|– .+")
    wrong = [
        row for row in ASVS_ROWS if len(row) != 4 or not all(row) or not tested.fullmatch(row[3])
    ]
    assert wrong == []
