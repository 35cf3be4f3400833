"""Tests are handed out by path: a file that was moved must not lose its group unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import ROOT, scheduling
from tests.scheduling import GROUPS, INSTALLERS, LONG, group_of


def test_every_path_is_there() -> None:
    paths = [*LONG, *INSTALLERS.values(), *(path for group in GROUPS.values() for path in group)]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_a_test_is_of_its_group_or_of_its_file() -> None:
    assert group_of("tests/journeys/test_german.py::test_it[laptop]") == "browser"
    path = "tests/lti_tool/platforms/test_tool_keys.py"
    assert group_of(f"{path}::test_it[a::b]") == path


def test_every_journey_is_marked_and_every_marked_file_has_its_group() -> None:
    for name in INSTALLERS:
        mark = f"pytestmark = pytest.mark.{name}\n"
        for file in (ROOT / "tests").rglob("test_*.py"):
            path = str(file.relative_to(ROOT))
            if mark in file.read_text() and "packaging" not in path:
                assert group_of(path) == name, path
    journeys = (ROOT / "tests" / "journeys").glob("test_*.py")
    assert all("pytest.mark.browser" in file.read_text() for file in journeys)


def test_a_script_runs_where_it_is_needed_and_its_failure_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "script.sh"
    script.write_text(f"echo ran >> {tmp_path}/ran\n")
    monkeypatch.setattr(scheduling, "INSTALLERS", {"browser": str(script)})
    scheduling.install([])
    assert not (tmp_path / "ran").exists()
    scheduling.install(["browser"])
    assert (tmp_path / "ran").read_text() == "ran\n"
    script.write_text("echo 'No browser.' >&2; exit 1\n")
    with pytest.raises(pytest.UsageError, match="No browser"):
        scheduling.install(["browser"])
