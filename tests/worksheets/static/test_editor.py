"""The editor's scripts: steps that are taken back, constructs that are written, what is found."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

FOLDER = ROOT / "worksheets" / "static" / "worksheets"
PROGRAM = Path(__file__).with_name("editor_cases.mjs")
CASES = re.findall(r'^  "([^"]+)"\(\) \{$', PROGRAM.read_text(encoding="utf-8"), re.MULTILINE)


def test_there_are_some() -> None:
    assert len(CASES) > 10


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    node = Path(sys.executable).with_name("node")
    command = [str(part) for part in (node, PROGRAM, FOLDER, name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("ok\n", "")
