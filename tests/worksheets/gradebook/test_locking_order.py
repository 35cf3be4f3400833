"""Whoever locks several rows locks them in the one order of ``lti_tool.grades.outbox.locking``.

Real PostgreSQL, and no race: each job waits for a row that is held, and what it has by then tells.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers.postgres import Cluster
from tests.servers.tool import Tool

pytestmark = pytest.mark.servers

JOBS = [
    *("send-again", "send-again-as-listed", "people-returned", "column-changed", "launch"),
    *("column-replaced", "clock-late", "clock-leased", "lease", "settle", "settle-queues-first"),
    *("maxima-columns-first", "maxima", "report-columns-first", "report"),
    *("send-again-columns-first", "settle-columns-before-delivery"),
    *("settle-columns-before-platformqueue",),
    *("queues", "rules-link-first", "rules-attempts", "picture", "retention"),
    *("release-all-attempts", "release-all-columns-before-scores"),
    *("entered-assignment-first", "entered", "entered-columns-before-scores"),
    *("dates-assignment-first", "dates-columns-before-scores"),
    *("take-back-assignment-first", "take-back-attempts", "take-back"),
    *("take-back-columns-before-scores", "reopen-assignment-first", "reopen-attempts"),
    *("marks-assignment-first", "marks-attempts", "marks-columns-before-scores", "marks"),
    *("correction-links-by-number", "correction-links-before-assignments"),
    *("correction-link-first", "correction-assignment-before-worksheet"),
    *("correction-attempts", "correction-columns-before-scores"),
    *("rubric-assignment-first", "rubric-attempts", "rubric-columns-before-scores"),
    *("erased-person", "erased-course", "erased-course-work-first"),
]


@pytest.fixture(scope="module")
def waits(postgres: Cluster) -> Iterator[dict[str, Any]]:
    """What each job held."""
    with postgres.database() as url:
        tool = Tool(url, more={"DJANGO_SETTINGS_MODULE": "lti_tool.settings"})
        tool.manage("migrate", "--verbosity", "0")
        status, said = tool.run(tool.python, "-m", "tests.worksheets.gradebook.locking_order")
        assert status == 0, said
        yield json.loads(said.splitlines()[-1])


def test_no_job_is_forgotten(waits: dict[str, Any]) -> None:
    assert sorted(waits) == sorted(JOBS)


@pytest.mark.parametrize("job", JOBS)
def test_rows_are_locked_in_order(waits: dict[str, Any], job: str) -> None:
    seen = waits[job]
    assert seen["wrong"] == []
    assert seen["has_waited"]
    assert seen["held"] == seen["expected"]
