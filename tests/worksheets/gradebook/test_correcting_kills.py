"""A process that is killed in the middle of a class leaves whole steps; the next one does the rest.

Real processes, a real database: a file, and PostgreSQL.
"""

from __future__ import annotations

import json
import signal
from typing import Any

from tests.servers.tool import Tool

MODULE = "tests.worksheets.gradebook.correcting_process"
PUPILS = 8


def do(tool: Tool, *words: str, status: int = 0) -> str:
    ended, said = tool.run(tool.python, "-m", MODULE, *words)
    assert ended == status, said
    return said


def held(tool: Tool) -> Any:
    return json.loads(do(tool, "show").splitlines()[-1])


def test_killed_in_a_step_and_behind_one(tool: Tool) -> None:
    do(tool, "make", str(PUPILS))
    do(tool, "run", "in", "2", status=-signal.SIGKILL)
    half = held(tool)
    # The second step is not there at all: neither marks, nor scores, nor what is recorded.
    assert (half["job"], half["decided"]) == ("running", 1)
    assert half["right"] == half["moved"] == half["recorded"] == 3
    assert half["sent"] == [[1, 5], [2, 3]]
    do(tool, "run", "behind", "1", status=-signal.SIGKILL)
    more = held(tool)
    assert more["right"] == more["moved"] == more["recorded"] == 6
    do(tool, "run", "never")
    assert held(tool) == {
        "job": "done",
        "decided": 1,
        "right": PUPILS,
        "moved": PUPILS,
        "sent": [[2, PUPILS]],
        "recorded": PUPILS,
    }
