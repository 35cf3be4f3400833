"""Every fault of the table has tests that exist, and no test here is without its fault."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest

from tests import ROOT
from tests.lti_tool.grades.faults import FAULTS

NAMED = sorted({test for tests in FAULTS.values() for test in tests})
# Of the asking itself, which is no fault.
ABOUT_ASKING = "test_clock.py"


@functools.cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (node.name for node in tree.body if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in functions if name.startswith("test_"))


@pytest.mark.parametrize("test", NAMED)
def test_a_named_test_exists(test: str) -> None:
    path, _, name = test.partition("::")
    assert name in names_in(path)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_a_test(fault: str) -> None:
    assert FAULTS[fault]


def test_a_test_of_this_package_stands_in_the_table() -> None:
    here = Path(__file__)
    paths = [
        path for path in here.parent.glob("test_*.py") if path.name not in {here.name, ABOUT_ASKING}
    ]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    written = {f"{name}::{test}" for name in names for test in names_in(name)}
    assert written - set(NAMED) == set()
