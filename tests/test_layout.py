"""docs/layout.md and the import contracts, held against the tree and against forbidden imports."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests import ROOT

PAGE = (ROOT / "docs" / "layout.md").read_text(encoding="utf-8")
PACKAGES = ("lti_tool", "worksheets")
# What Django and the commands fix, and the two modules that a whole package asks.
TOP = {
    "lti_tool": {"apps", "celery", "settings", "urls", "wsgi"},
    "worksheets": {"admin", "apps", "permissions", "urls"},
}


def section(package: str) -> str:
    """The part of the page about one package."""
    (found,) = re.findall(rf"^## `{package}`.*?(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
    assert isinstance(found, str)
    return found


def rooms(package: str) -> set[str]:
    """The folders of a package that git knows."""
    listed = subprocess.run(
        ["git", "ls-files", package], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {line.split("/")[1] for line in listed.stdout.splitlines() if line.count("/") > 1}


def contracts() -> list[dict[str, Any]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_has_a_row_and_every_row_a_room(package: str) -> None:
    first_cells = re.findall(r"^\| (`[^|]+) \|", section(package), re.MULTILINE)
    named = {name for cell in first_cells for name in re.findall(r"`(\w+)/`", cell)}
    assert named == rooms(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_stands_at_the_top(package: str) -> None:
    flat = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}
    assert flat == TOP[package]
    assert set(re.findall(r"`(\w+)`", section(package).split("|", 1)[0])) >= flat


def test_what_the_page_names_is_there() -> None:
    named = re.findall(r"`((?:lti_tool|worksheets|tests|docs|templates|locale)/[\w/.]*)`", PAGE)
    assert len(named) > 30
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_there_are_ten_usual_changes_and_a_glossary() -> None:
    changes = PAGE.split("## Where do I put …")[1].split("## Words")[0]
    assert len(re.findall(r"^\| [a-z]", changes, re.MULTILINE)) >= 10
    words = PAGE.split("## Words")[1]
    classes = set(re.findall(r"`([A-Z]\w+)`", words))
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    )
    assert {name for name in classes if not re.search(rf"\bclass {name}\b", code)} == {"Item"}


def test_lti_tool_knows_no_worksheets() -> None:
    """What it needs of the activity is a setting; the command line begins before there are any."""
    knows = {ROOT / "lti_tool" / "settings.py", ROOT / "lti_tool" / "server" / "command_line.py"}
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / "lti_tool").rglob("*.py"))
        if path not in knows and "sandbox" not in path.parts
        for name in names_in(path)
        # A migration names the one before it.
        if not (path.parent / f"{name}.py").exists()
    ]
    for path in sorted((ROOT / "templates" / "lti_tool").rglob("*.html")):
        markup = re.sub(r"{% translate .*?%}", "", path.read_text(encoding="utf-8"))
        found += [f"{path.name}: {name}" for name in re.findall(r"\S*worksheets?[/._-]\S*", markup)]
    assert found == []


def names_in(path: Path) -> list[str]:
    """Return what names worksheets in a module: not the product, and no sentence for people."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    translated = {
        id(argument)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_"
        for argument in call.args
    }
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            is_sentence = " " in node.value or id(node) in translated
            names += [] if is_sentence or node.value.startswith("lti-worksheets") else [node.value]
        elif isinstance(node, ast.Name | ast.FunctionDef | ast.ClassDef | ast.arg | ast.Attribute):
            names += [str(getattr(node, name, "")) for name in ("id", "name", "arg", "attr")]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return [name for name in names if "worksheet" in name.lower()]


def test_the_sandbox_is_kept_from_every_room() -> None:
    (contract,) = [one for one in contracts() if one["name"].startswith("the sandbox shares")]
    forbidden = set(contract["forbidden_modules"])
    kept_out = rooms("lti_tool") - {"sandbox", "protocol", "migrations", "static"}
    assert {f"lti_tool.{room}" for room in kept_out} <= forbidden
    protocol = {path.stem for path in (ROOT / "lti_tool" / "protocol").glob("*.py")}
    assert {f"lti_tool.protocol.{name}" for name in protocol - {"__init__", "vocabulary"}} <= (
        forbidden
    )


# Each could once be written without a word from the contracts.
FORBIDDEN = {
    "lti_tool/views/login.py": "import pylti1p3.tool_config",
    "lti_tool/grades/outbox/sending.py": "import pylti1p3.grade",
    "worksheets/attempts/by_pupil.py": "import lti_tool.grades",
    "lti_tool/management/commands/add_platform.py": "import lti_tool.sandbox.seed",
    "lti_tool/sandbox/services/score.py": "import lti_tool.protocol.roles",
}


def test_a_forbidden_import_breaks_a_contract(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path, line in FORBIDDEN.items():
        file = tmp_path / path
        # Inside a function, where it is seen least.
        file.write_text(f"{file.read_text()}\n\ndef _forbidden() -> None:\n    {line}\n")
    for package in PACKAGES:
        (tmp_path / package / "stray.py").write_text('"""Stands in no room."""\n')
    said = lint(tmp_path)
    for path, line in FORBIDDEN.items():
        importer = path.removesuffix(".py").replace("/", ".")
        imported = line.removeprefix("import ")
        if imported.startswith("pylti1p3"):
            imported = "pylti1p3"
        assert f"{importer} -> {imported}" in said, (path, said)
    for package in PACKAGES:
        assert re.search(rf"{package}.*stray", said), said


def lint(folder: Path) -> str:
    """What the contracts say of a copy; they must be broken there."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={"PATH": ""}
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return str(done.stdout)
