"""The wheel, built once, and an installation of it far from the checkout."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT
from tests.benchmarks.platform import Platform
from tests.packaging.environment import UV, make_environment
from tests.servers.tool import Tool


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As 'make wheel' builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (UV, "build", "--quiet", "--wheel", "--offline", "--no-build-isolation")
    subprocess.run((*build, "--python", sys.executable, "--out-dir", folder, ROOT), check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Tool:
    """The wheel in an empty environment, with an empty folder to work in."""
    folder = tmp_path_factory.mktemp("installed")
    python = make_environment(folder / "environment", wheel)
    work = folder / "work"
    work.mkdir()
    return Tool(f"sqlite:///{work / 'tool.sqlite3'}", python=python, folder=work)


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """An LMS to launch from."""
    with Platform() as running:
        yield running
