"""An environment that has a wheel and what the wheel asks for, and nothing else.

Without a network: the packages are those of the environment that runs the tests, linked
one by one. What the wheel forgot to ask for is missing here, as it would be elsewhere.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

UV = Path(sys.executable).with_name("uv")


def make_environment(folder: Path, wheel: Path) -> Path:
    """Gives the environment's Python."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    command = (UV, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel)
    subprocess.run(command, check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (installed,) = Distribution.discover(path=[str(packages)])
    for needed in _closure(installed.requires or []):
        _link(distribution(needed), packages)
    return python


def _closure(requires: list[str]) -> set[str]:
    """The names of all that is needed, directly or not, on this machine."""
    seen: dict[str, set[str]] = {}
    left = [(line, "") for line in requires]
    while left:
        line, extra = left.pop()
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        new = {"", *wanted.extras} - seen.setdefault(name, set())
        seen[name] |= new
        left += [(more, extra) for extra in new for more in distribution(name).requires or []]
    return set(seen)


def _link(package: Distribution, folder: Path) -> None:
    for name in {file.parts[0] for file in package.files or []} - {"..", "__pycache__"}:
        if not (folder / name).exists():
            (folder / name).symlink_to(str(package.locate_file(name)))
