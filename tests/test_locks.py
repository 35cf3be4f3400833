"""What is pinned is pinned with hashes, and fetched from wherever the reader's client fetches."""

from __future__ import annotations

import json
import re

import pytest

from tests import ROOT

REQUIREMENTS = sorted(path.name for path in ROOT.glob("requirements*.txt"))


@pytest.mark.parametrize("name", [*REQUIREMENTS, "package-lock.json"])
def test_no_lock_file_names_a_registry(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    assert '"resolved"' not in text


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_has_its_hashes(name: str) -> None:
    pins = re.findall(r"^[a-z0-9][^ ]*==.*", (ROOT / name).read_text(), re.MULTILINE)
    assert pins
    assert [pin for pin in pins if not pin.endswith("\\")] == []


def test_every_package_of_npm_has_its_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert packages.pop("")["devDependencies"] == wanted
    assert packages
    assert [name for name, package in packages.items() if not package.get("integrity")] == []
