"""Faults that users of other tools reported, row by row, and the tests that try ours on them."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path

import pytest

from tests import ROOT

CASES = ROOT.parent / "shared" / "cases"


def reported(*ids: str) -> pytest.MarkDecorator:
    """Mark a test, or a parameter of one, as the one that tries these rows."""
    return pytest.mark.reported(*ids)


@cache
def rows(name: str) -> dict[str, dict[str, str]]:
    """Return the rows of a file of ``CASES`` by their id."""
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in map(json.loads, filter(None, lines))}


@cache
def tried(folder: Path) -> frozenset[str]:
    """Return the ids that the tests below a folder are marked with, read from their source."""
    return frozenset(
        argument.value
        for path in folder.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "reported"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )
