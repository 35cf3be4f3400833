"""The file of a backup: complete or not there, readable by its owner alone, checked when read."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lti_tool import __version__
from lti_tool.db.backup import BackupRefused, read_backup
from lti_tool.db.restoring import check_backup
from tests.servers.tool import Tool

pytestmark = pytest.mark.slow


@pytest.fixture
def tool(migrated: Path, tmp_path: Path) -> Tool:
    file = tmp_path / "tool" / "worksheets.sqlite3"
    file.parent.mkdir()
    shutil.copy(migrated, file)
    return Tool(f"sqlite:///{file}")


@pytest.fixture(scope="module")
def backup(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups")
    shutil.copy(migrated, folder / "worksheets.sqlite3")
    (folder / "backups").mkdir()
    file = folder / "backups" / "one.backup"
    Tool(f"sqlite:///{folder / 'worksheets.sqlite3'}").manage("backup", str(file))
    return file


def rewrite(backup: Path, to: Path, **changed: Any) -> Path:
    """A copy whose manifest says something else, or lacks what is None."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(to, "w") as new:
        manifest = {**json.loads(old.read("manifest.json")), **changed}
        kept = {name: value for name, value in manifest.items() if value is not None}
        new.writestr("manifest.json", json.dumps(kept))
        new.writestr("database.sqlite3", old.read("database.sqlite3"))
    return to


def run(tool: Tool, *arguments: str) -> tuple[int, str]:
    return tool.run(tool.python, "manage.py", *arguments)


def test_it_says_what_it_is_and_is_private(backup: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [one.name for one in backup.parent.iterdir()] == ["one.backup"]  # nothing half done
    rows = tmp_path / "rows"
    manifest = read_backup(backup, rows)
    assert (manifest.version, manifest.vendor) == (__version__, "sqlite")
    assert ("worksheets", "0001_initial") in manifest.migrations
    assert stat.S_IMODE(rows.stat().st_mode) == 0o600
    with closing(sqlite3.connect(rows)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_folder_gets_one_with_its_time_and_nothing_is_overwritten(
    tool: Tool, backup: Path, tmp_path: Path
) -> None:
    said = tool.manage("backup", str(tmp_path))
    (made,) = tmp_path.glob("tool-*.backup")
    assert str(made) in said
    assert "SECRET_KEY" in said
    before = made.read_bytes()
    status, said = run(tool, "backup", str(made))
    assert status == 1
    assert "is there already, and is not overwritten. No backup was made." in said
    assert made.read_bytes() == before


@pytest.mark.parametrize("where", ["missing/one.backup", "file/one.backup"])
def test_a_place_that_cannot_be_written_is_one_sentence(
    tool: Tool, tmp_path: Path, where: str
) -> None:
    (tmp_path / "file").write_text("")
    status, said = run(tool, "backup", str(tmp_path / where))
    assert status == 1
    assert "The backup cannot be written" in said
    assert "Traceback" not in said


def test_a_database_without_tables_is_refused(tmp_path: Path) -> None:
    empty = Tool(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    status, said = run(empty, "backup", str(tmp_path / "one.backup"))
    assert status == 1
    assert "has no tables" in said


def test_it_is_recorded(tool: Tool, tmp_path: Path) -> None:
    tool.manage("backup", str(tmp_path))
    with closing(sqlite3.connect(tool.database.removeprefix("sqlite:///"))) as connection:
        rows = connection.execute("SELECT kind, operator, after FROM lti_tool_auditentry")
        assert [(kind, who, json.loads(what)) for kind, who, what in rows] == [
            ("export", "manage.py", {"what": "backup"})
        ]


def test_a_new_version_backs_up_what_it_has_not_migrated_yet(tool: Tool, tmp_path: Path) -> None:
    tool.manage("migrate", "lti_tool", "0011", "--verbosity", "0")  # no table of the audit trail
    tool.manage("backup", str(tmp_path / "one.backup"))
    assert ("lti_tool", "0012_audit") not in read_backup(tmp_path / "one.backup").migrations


@pytest.mark.parametrize("place", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_any_damage_is_found(backup: Path, tmp_path: Path, place: float) -> None:
    content = bytearray(backup.read_bytes())
    content[min(int(len(content) * place), len(content) - 30)] ^= 0x55
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(content)
    with pytest.raises(BackupRefused, match="damaged"):
        read_backup(damaged)


@pytest.mark.parametrize("length", [0, 1, 1000, -1, -20])
def test_a_part_is_refused(backup: Path, tmp_path: Path, length: int) -> None:
    part = tmp_path / "part.backup"
    part.write_bytes(backup.read_bytes()[:length])
    with pytest.raises(BackupRefused, match="is no backup, or is damaged"):
        read_backup(part)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"format": 2, "version": "9.0"}, "of a newer version, 9.0"),
        ({"sha256": "0" * 64}, "not the one that was saved"),
        ({"migrations": None}, "no backup, or is damaged"),
        ({"made_at": "yesterday"}, "no backup, or is damaged"),
        ({"migrations": [["worksheets", "9999_later"]]}, "does not know worksheets.9999_later"),
    ],
)
def test_what_this_version_cannot_use_is_said(
    backup: Path, tmp_path: Path, changed: dict[str, Any], words: str
) -> None:
    with pytest.raises(BackupRefused, match=words):
        check_backup(rewrite(backup, tmp_path / "other.backup", **changed))


def test_no_file_and_no_archive(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="cannot be read"):
        read_backup(tmp_path / "missing")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("hello", "world")
    with pytest.raises(BackupRefused, match="is no backup"):
        read_backup(tmp_path / "other.zip")
