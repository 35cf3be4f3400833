"""mark-outbox.js: what is sent again, and what waits for somebody's answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

SCRIPT = ROOT / "worksheets" / "static" / "worksheets" / "mark-outbox.js"
CASES = [
    "a question that is gone holds up no other one",
    "one that is refused holds up no other one of its question",
    "what may succeed later is sent again",
    "few released marks are changed by one request",
    "the answer that was read is sent along",
]


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    node = Path(sys.executable).with_name("node")
    program = Path(__file__).with_name("outbox_cases.mjs")
    command = [str(part) for part in (node, program, SCRIPT, name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("ok\n", "")
