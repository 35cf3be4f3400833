"""A process that is killed while it re-marks has changed no mark; the next one changes all, once.

Real processes, a real database: a file, and PostgreSQL.
"""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

from tests.servers.tool import Tool

MODULE = "tests.worksheets.gradebook.marking_again_process"
BEFORE = {"editions": [1, 1], "marks": 1, "scores": [3, 4], "revisions": [1, 1]}
AFTER = {"editions": [2, 2], "marks": 2, "scores": [4, 4], "revisions": [1, 2]}


def do(tool: Tool, *words: str, status: int = 0) -> str:
    ended, said = tool.run(tool.python, "-m", MODULE, *words)
    assert ended == status, said
    return said


def held(tool: Tool) -> Any:
    return json.loads(do(tool, "show").splitlines()[-1])


@pytest.mark.parametrize("moment", ["marking", "applied"])
def test_killed_before_its_end_no_mark_has_changed(tool: Tool, moment: str) -> None:
    do(tool, "make")
    do(tool, "run", moment, status=-signal.SIGKILL)
    assert held(tool) == {"job": "running", **BEFORE}
    do(tool, "run", "never")
    assert held(tool) == {"job": "done", **AFTER}


def test_killed_after_its_end_it_is_not_done_again(tool: Tool) -> None:
    do(tool, "make")
    do(tool, "run", "ended", status=-signal.SIGKILL)
    do(tool, "run", "never")
    assert held(tool) == {"job": "done", **AFTER}
