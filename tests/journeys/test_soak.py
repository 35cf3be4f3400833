"""``make soak`` in its short form: steps are counted, not minutes."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests import ROOT

SEED = "14"
pytestmark = pytest.mark.browser


def test_three_pupils_and_two_teachers_lose_nothing() -> None:
    """With this seed the tool is killed and restarted, and each kind of step is taken."""
    command = [sys.executable, "-m", "tests.soak", "--browsers", "3", "--steps", "12"]
    done = subprocess.run(
        [*command, "--seed", SEED], cwd=ROOT, capture_output=True, text=True, check=False
    )
    figures = dict(re.findall(r"^(\w.*?)  +([\d,]+)$", done.stdout, re.MULTILINE))
    assert done.returncode == 0, done.stdout + done.stderr
    assert figures["steps"] == "60"
    assert figures["characters missing"] == figures["characters too many"] == "0"
    assert all(figures[name] != "0" for name in NEEDED), done.stdout


NEEDED = ("saves", "disconnections", "reloads", "changes of device", "restarts of the server")
