"""``make help`` names every target, and no page names one that does not exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests import ROOT

PAGES = sorted(path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.fixture(scope="module")
def targets() -> list[str]:
    declared = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert declared
    return declared[1].split()


def test_help_has_a_line_for_each_target_and_no_other(targets: list[str]) -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = re.findall(r"^  make ([a-z-]+) +\S", shown.stdout, re.MULTILINE)
    assert sorted(lines) == sorted(targets)


def test_a_target_is_declared_once(targets: list[str]) -> None:
    assert len(set(targets)) == len(targets)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_name_targets_that_exist(page: Path, targets: list[str]) -> None:
    named = re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", page.read_text(), re.MULTILINE)
    assert {name for pair in named for name in pair if name} <= set(targets)
