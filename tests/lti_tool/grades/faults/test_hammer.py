"""The long test in short: a third of all answers is faulty, and processes are killed.

``make bench`` runs it at full length; see ``tests.benchmarks.hammered``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import hammer

pytestmark = pytest.mark.servers

PLAN = {"platforms": 5, "pupils": 100, "submissions": 600, "seconds": 8}


def is_the_truth(found: Any) -> bool:
    """Every cell shows it, none went back on the way, and no column is doubled."""
    assert found["wrong"] == []
    assert found["submissions"] == PLAN["submissions"]
    assert found["columns_made"] == PLAN["platforms"]
    # or it would not have been much of a test
    assert found["faulty"] > found["answers"] / 5
    return bool(found["killed"])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_every_second(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    database = f"sqlite:///{tmp_path / 'hammered.sqlite3'}"
    if kind == "postgresql":
        database = request.getfixturevalue("postgres_url")
    found = hammer.run(database, PLAN)
    assert is_the_truth(found)
    assert found["submitters_killed"] > 0


def test_one_stopped_and_one_killed(postgres_url: str) -> None:
    assert is_the_truth(hammer.run(postgres_url, {**PLAN, "stop_for": 8}))
