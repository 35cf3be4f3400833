"""``make newest`` says in one line what the newest versions would break, and never fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import newest
from tests.newest import NotTriedError, Outcome, newest_python, read_report, version_of

REPORT = """<testsuites><testsuite>
<testcase name="one"/>
<testcase name="two"><failure message="AssertionError: assert 500 == 200&#10;more"/></testcase>
<testcase name="three"><failure message="AssertionError: assert 500 == 200"/></testcase>
<testcase name="four"><error message='failed on setup with "TypeError: one too few"'/></testcase>
<testcase name="five"><failure message="KeyError: 'a'"/><error message="KeyError: 'b'"/></testcase>
<testcase name="six"><skipped message="not here"/></testcase>
{more}</testsuite></testsuites>"""
KNOWN = """<testcase name="seven">
<failure message="AssertionError: Django changed: see decision 11"/>
</testcase>"""


def script(folder: Path, name: str, says: str) -> Path:
    """A program that says this when it is asked for its version."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{says}\n")
    path.chmod(0o755)
    return path


def test_the_version_is_that_of_the_python(tmp_path: Path) -> None:
    assert version_of(Path(sys.executable)) == sys.version_info[:3]
    assert version_of(script(tmp_path, "python3.99", "echo '(3, 99, 1)'")) == (3, 99, 1)


@pytest.mark.parametrize("says", ["exit 127", "echo", "echo 'pyenv: not found' >&2; exit 1"])
def test_what_does_not_run_or_is_not_final_has_none(tmp_path: Path, says: str) -> None:
    assert version_of(script(tmp_path, "python3.99", says)) is None
    assert version_of(tmp_path / "missing") is None


def test_the_newest_is_chosen_by_number(tmp_path: Path) -> None:
    older = script(tmp_path, "python3.9", "echo '(3, 9, 20)'")
    newer = script(tmp_path, "python3.14", "echo '(3, 14, 0)'")
    broken = script(tmp_path, "python3.15", "exit 127")
    assert newest_python([older, newer, broken]) == (newer, (3, 14, 0))


def test_pythons_are_found_in_the_path_and_with_pyenv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ".pyenv" / "versions" / "3.14.0" / "bin"
    folder.mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    expected = [script(tmp_path / "bin", "python3.13", ""), script(folder, "python3.14", "")]
    script(folder, "python3.14-config", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert list(newest.pythons_here()) == [Path(sys.executable), *expected]


def test_each_test_that_failed_counts_once() -> None:
    outcome = read_report(REPORT.format(more=""))
    assert outcome.tests == 6
    assert outcome.errors == [
        "AssertionError: assert 500 == 200",
        "AssertionError: assert 500 == 200",
        "TypeError: one too few",
        "KeyError: 'b'",
    ]


def test_the_error_that_explains_most_is_named() -> None:
    assert str(Outcome(7, [])) == "all 7 tests pass"
    assert str(Outcome(7, ["AssertionError: a"])) == "1 of 7 tests fail; AssertionError: a"
    outcome = read_report(REPORT.format(more=""))
    assert str(outcome) == "4 of 6 tests fail; TypeError: one too few"
    outcome = read_report(REPORT.format(more=KNOWN))
    assert str(outcome) == "5 of 7 tests fail; AssertionError: Django changed: see decision 11"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine with a Python 3.99, for which there is a Django 9.0."""
    monkeypatch.setattr(newest, "newest_python", lambda _: (Path("python3.99"), (3, 99, 0)))
    monkeypatch.setattr(newest, "install", lambda _: None)
    monkeypatch.setattr(newest, "django_version", lambda _: "9.0")
    monkeypatch.setattr(newest, "run_tests", lambda: Outcome(2, []))
    return monkeypatch


def said(capsys: pytest.CaptureFixture[str]) -> str:
    newest.main()
    return capsys.readouterr().out


def test_one_line_says_what_was_tried(
    here: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys) == "newest: Python 3.99.0 with Django 9.0: all 2 tests pass\n"


def test_without_a_newer_python_a_newer_django_is_tried(
    here: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    current = sys.version_info[:3]
    here.setattr(newest, "newest_python", lambda _: (Path(sys.executable), current))
    nothing = f"no newer Python found, and none of Django for {newest.dotted(current)}"
    assert said(capsys) == f"newest: {nothing}\n"
    ours = Path(sys.executable)
    here.setattr(newest, "django_version", lambda python: "5.2" if python == ours else "9.0")
    tried = f"Python {newest.dotted(current)} with Django 9.0"
    assert said(capsys) == f"newest: no newer Python found; {tried}: all 2 tests pass\n"


@pytest.mark.parametrize("error", [NotTriedError("no network"), OSError("no network")])
def test_it_is_never_a_failure(
    here: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def fails(_python: Path) -> None:
        raise error

    here.setattr(newest, "install", fails)
    assert said(capsys) == "newest: not tried: no network\n"
