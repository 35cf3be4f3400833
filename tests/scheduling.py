"""What the workers of pytest-xdist share, and what a run installs before its first test.

Groups are named by path: the process that hands tests out knows their names and nothing else.
(The 'xdist_group' mark has no effect since pytest 9.2 makes a node's name read-only.)
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests import ROOT

# One worker's each, begun first and in this order: one Chromium serves the tests of scripts and,
# with one demo, all journeys; one PostgreSQL serves its group, which mostly waits, and the wheel
# is built once.
GROUPS = {
    "browser": ("tests/journeys/", "tests/worksheets/static/"),
    "servers": (
        "tests/delivery/",
        "tests/lti_tool/grades/faults/test_hammer.py",
        "tests/lti_tool/grades/faults/test_processes.py",
        "tests/lti_tool/db/test_copying.py",
        "tests/lti_tool/db/test_postgresql.py",
        "tests/lti_tool/db/test_restoring.py",
        "tests/lti_tool/views/test_unavailable.py",
        "tests/servers/",
        "tests/worksheets/gradebook/test_locking_order.py",
        "tests/worksheets/gradebook/test_locking_race.py",
        "tests/worksheets/authoring/test_assigning_race.py",
        "tests/worksheets/migrations/",
    ),
    "wheel": ("tests/packaging/",),
}
# Files that take minutes must not begin last.
LONG = (
    "tests/lti_tool/grades/faults/test_kills.py",
    "tests/certification/test_sequences.py",
    "tests/certification/test_properties.py",
    "tests/lti_tool/grades/outbox/test_kills.py",
    "tests/lti_tool/background/test_deliverer_stop.py",
    "tests/lti_tool/sandbox/test_no_500.py",
)
INSTALLERS = {"browser": ".ci/browser.sh", "servers": ".ci/services.sh"}


def group_of(nodeid: str) -> str:
    """The group of a test: its file, unless the file belongs to one of GROUPS."""
    for name, paths in GROUPS.items():
        if nodeid.startswith(paths):
            return name
    return nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give each group to one worker, in the order of the collection, for '--dist loadgroup'."""
    if config.getvalue("dist") != "loadgroup":
        return None
    # By default groups of many tests come first, however short these are.
    config.option.loadscopereorder = False
    scheduling = LoadScopeScheduling(config, log)
    scheduling._split_scope = group_of
    return scheduling


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    order = [*GROUPS, *LONG]
    places = {name: place for place, name in enumerate(order)}
    items.sort(key=lambda item: places.get(group_of(item.nodeid), len(order)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Install the browser and the servers that a collected test is marked with, once a machine."""
    if session.config.option.collectonly:
        return
    install([n for n in INSTALLERS if any(item.get_closest_marker(n) for item in session.items)])


def install(needed: Sequence[str]) -> None:
    """Run the scripts, one worker at a time; each does nothing where all is there.

    Under CI a script fails where it cannot install, and so does the run.
    """
    with Path(tempfile.gettempdir(), f"worksheets-install-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in needed:
            done = subprocess.run(
                ["sh", INSTALLERS[name]], cwd=ROOT, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise pytest.UsageError(done.stderr)
