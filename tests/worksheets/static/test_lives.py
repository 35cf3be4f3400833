"""autosave.js through thousands of lives of a pupil with two devices, in a time of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests import ROOT

SCRIPT = ROOT / "worksheets" / "static" / "worksheets" / "autosave.js"
FIRST_SEED, LIVES = 1, 3000


def test_what_was_typed_last_stands_on_each_page_and_on_the_server() -> None:
    """Node is that of the development packages. A fault tells the seed of its life."""
    node = Path(sys.executable).with_name("node")
    lives = Path(__file__).with_name("lives.mjs")
    done = subprocess.run(
        [node, lives, SCRIPT, str(FIRST_SEED), str(LIVES)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{LIVES} lives, 0 faults\n"
