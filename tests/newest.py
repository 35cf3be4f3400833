"""``make newest``: the tests with the newest Python that is found here, and the newest Django.

It prints one line, and is never a failure: it says in time what will hold us back. Everything
but Django is the newest release that pyproject.toml allows.
"""

from __future__ import annotations

import collections
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import ROOT

Version = tuple[int, int, int]

ENVIRONMENT = ROOT / ".venv" / "newest"  # where every tool looks past it
INSTALL_SECONDS = 300
TEST_SECONDS = 900
# Where Pythons are that are not in PATH: those of pyenv and of uv.
HOMES = ("~/.pyenv/versions/*/bin", "~/.local/share/uv/python/*/bin")
# What Django and Python take away or do otherwise is seen in the rooms that use them most; what
# starts processes, waits, or computes for long would tell nothing more.
TESTS = (
    "tests/lti_tool/db",
    "tests/lti_tool/adapter",
    "tests/lti_tool/launches",
    "tests/lti_tool/platforms",
    "tests/lti_tool/views",
    "tests/worksheets",
)
KNOWN = "Django changed"  # tests/lti_tool/db/test_django.py
MARKS = "not browser and not servers and not slow"


class NotTriedError(Exception):
    """The newest versions could not be tried; the message says why."""


@dataclass(frozen=True)
class Outcome:
    """What the tests said: how many there were, and the errors of those that failed."""

    tests: int
    errors: list[str]

    def __str__(self) -> str:
        if not self.errors:
            return f"all {self.tests} tests pass"
        return f"{len(self.errors)} of {self.tests} tests fail; {self.cause}"

    @property
    def cause(self) -> str:
        """Return the error that explains most: an assertion often fails because of another."""
        known = [error for error in self.errors if KNOWN in error]
        raised = [error for error in self.errors if not error.startswith("AssertionError")]
        return collections.Counter(known or raised or self.errors).most_common(1)[0][0]


def main() -> None:
    try:
        line = run()
    except Exception as error:  # noqa: BLE001 - it is never a failure
        line = f"not tried: {error}"
    print(f"newest: {line}")


def run() -> str:
    """Return the line to print."""
    python, version = newest_python(pythons_here())
    install(python)
    django = django_version(ENVIRONMENT / "bin" / "python")
    tried = f"Python {dotted(version)} with Django {django}"
    if version[:2] == sys.version_info[:2]:
        if django == django_version(Path(sys.executable)):
            return f"no newer Python found, and none of Django for {dotted(version)}"
        tried = f"no newer Python found; {tried}"
    return f"{tried}: {run_tests()}"


def pythons_here() -> Iterator[Path]:
    """Yield each Python that this machine seems to have; some may not run."""
    folders = [Path(folder) for folder in os.get_exec_path()]
    for home in HOMES:
        pattern = Path(home).expanduser()
        folders += Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor)))
    yield Path(sys.executable)
    for folder in folders:
        yield from folder.glob("python3.[0-9]*[0-9]")


def newest_python(pythons: Iterable[Path]) -> tuple[Path, Version]:
    """Return the newest final release that runs, and its version."""
    versions = {python: found for python in pythons if (found := version_of(python))}
    return max(versions.items(), key=lambda item: item[1])


def version_of(python: Path) -> Version | None:
    """Return the version, or None for what does not run or is no final release."""
    code = "import sys; print(sys.version_info[:3] if sys.version_info[3] == 'final' else '')"
    try:
        done = subprocess.run(
            [python, "-c", code], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.fullmatch(r"\((\d+), (\d+), (\d+)\)\n", done.stdout)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def install(python: Path) -> None:
    """Make an environment with the newest of everything that may be installed.

    Raise NotTriedError if the packages do not fit together, or cannot be fetched.
    """
    overrides = ENVIRONMENT / "overrides.txt"
    uv = str(Path(sys.executable).with_name("uv"))
    _succeed(uv, "venv", "--quiet", "--clear", "--python", str(python), str(ENVIRONMENT))
    overrides.write_text("django\n")
    _succeed(
        *(uv, "pip", "install", "--quiet", "--python", str(ENVIRONMENT / "bin" / "python")),
        *("--overrides", str(overrides), "-r", "pyproject.toml", "--extra", "dev"),
    )


def _succeed(*command: str) -> None:
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise NotTriedError("the packages were not there in time") from None
    if done.returncode:
        raise NotTriedError(" ".join(done.stderr.split()) or f"{command[:3]} failed")


def django_version(python: Path) -> str:
    command = [str(python), "-c", "import django; print(django.__version__)"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return str(done.stdout).strip()


def run_tests() -> Outcome:
    """Run the tests; raise NotTriedError if they do not end in time."""
    report = ENVIRONMENT / "report.xml"
    report.unlink(missing_ok=True)
    command = [
        *(str(ENVIRONMENT / "bin" / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        *("-n", "2", "--dist", "loadgroup", "-m", MARKS, f"--junitxml={report}"),
        # What is announced to go one day holds nobody back yet.
        *("-W", "default::DeprecationWarning", "-W", "default::PendingDeprecationWarning"),
        *TESTS,
    ]
    log = ENVIRONMENT / "log.txt"
    with log.open("w") as out:
        try:
            subprocess.run(
                command, cwd=ROOT, stdout=out, stderr=out, check=False, timeout=TEST_SECONDS
            )
        except subprocess.TimeoutExpired:
            raise NotTriedError(f"the tests take longer than {TEST_SECONDS} s") from None
    if not report.exists():
        raise NotTriedError(f"the tests did not begin: {last_line(log.read_text())}")
    return read_report(report.read_text())


def read_report(xml: str) -> Outcome:
    """Return what a report of pytest says: each test that failed counts once."""
    cases = list(ET.fromstring(xml).iter("testcase"))
    found = ([*case.iter("error"), *case.iter("failure")] for case in cases)
    errors = [first_sentence(errors[0].get("message", "")) for errors in found if errors]
    return Outcome(len(cases), errors)


def first_sentence(message: str) -> str:
    """Return the first line of an error, without what pytest says around it."""
    line = message.strip().partition("\n")[0]
    return line.removeprefix("failed on setup with ").strip('"')[:200]


def last_line(text: str) -> str:
    """Return the last line that is not empty, or ''."""
    return "".join(text.strip().splitlines()[-1:])


def dotted(version: Version) -> str:
    return ".".join(map(str, version))


if __name__ == "__main__":
    main()
