"""A restore as an operator does it, on both databases: real processes, pupils who go on writing."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from lti_tool.db.backup import read_backup
from tests.benchmarks.platform import Platform
from tests.benchmarks.visits import Visitor
from tests.servers.postgres import Cluster
from tests.servers.tool import Tool

# One cluster for all of them.
pytestmark = pytest.mark.servers

BEFORE, MEANWHILE, SINCE = "Fear made haste.", "Haste made fear.", "Neither is true."
VENDORS = ("sqlite", "postgresql")


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with Platform() as running:
        yield running


@pytest.fixture(params=VENDORS)
def tool(request: pytest.FixtureRequest, tmp_path: Path) -> Tool:
    """A tool whose database is migrated."""
    if request.param == "postgresql":
        return Tool(request.getfixturevalue("migrated_url"))
    return sqlite_tool(request.getfixturevalue("migrated"), tmp_path)


def sqlite_tool(migrated: Path, folder: Path) -> Tool:
    file = folder / "school" / "worksheets.sqlite3"
    file.parent.mkdir()
    shutil.copy(migrated, file)
    file.chmod(0o640)
    return Tool(f"sqlite:///{file}")


@pytest.fixture(scope="module")
def backup(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a database without people."""
    folder = tmp_path_factory.mktemp("backups")
    sqlite_tool(migrated, folder).manage("backup", str(folder / "one.backup"))
    return folder / "one.backup"


def restore(tool: Tool, backup: Path, *options: str) -> tuple[int, str]:
    return tool.run(tool.python, "manage.py", "restore", str(backup), *(options or ("--yes",)))


def rows(tool: Tool, sql: str) -> list[tuple[object, ...]]:
    """What a database holds, read beside the tool."""
    if tool.database.startswith("postgresql"):
        with closing(psycopg.connect(tool.database)) as server:
            return server.execute(sql.encode()).fetchall()
    with closing(sqlite3.connect(tool.database.removeprefix("sqlite:///"))) as connection:
        return connection.execute(sql).fetchall()


def answers(tool: Tool) -> dict[str, str]:
    """What each pupil has written, by their id in the LMS."""
    found = rows(
        tool,
        "SELECT u.sub, a.text FROM worksheets_answer a"
        " JOIN worksheets_attempt t ON t.id = a.attempt_id"
        " JOIN lti_tool_user u ON u.id = t.user_id WHERE a.item = 'q2'",
    )
    return {str(sub): str(text) for sub, text in found}


def put_aside(tool: Tool, said: str) -> Tool:
    """The database from before, by the name that the command has printed."""
    found = re.search(r"kept as (\S+)\. Delete", said)
    assert found, said
    if tool.database.startswith("postgresql"):
        return Tool(f"{tool.database.rpartition('/')[0]}/{found[1]}")
    return Tool(f"sqlite:///{found[1]}")


@dataclass
class Pupil:
    """Somebody with an open page."""

    name: str
    visitor: Visitor
    path: str
    edition: str
    saved: str = ""  # what the tool has confirmed last

    def save(self, text: str) -> None:
        self.visitor.request("POST", f"{self.path}answers/", {"edition": self.edition, "q2": text})
        self.saved = text


def open_page(tool: Tool, platform: Platform, name: str) -> Pupil:
    visitor = Visitor(tool.url)
    path = visitor.launch(platform, name)
    edition = visitor.body.partition('name="edition" value="')[2].partition('"')[0]
    return Pupil(name, visitor, path, edition)


@contextmanager
def writing(pupils: list[Pupil]) -> Iterator[None]:
    """All of them save one text after the other, until the end of the block."""
    is_over = threading.Event()
    failures: list[BaseException] = []

    def write(pupil: Pupil) -> None:
        number = 0
        try:
            while not is_over.is_set():
                number += 1
                pupil.save(f"{MEANWHILE} {number}")
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=write, args=(pupil,)) for pupil in pupils]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert failures == []


def number_of(text: str) -> int:
    return int(text.removeprefix(f"{MEANWHILE} "))


def test_a_school_comes_back_as_it_was_at_the_backup(
    tool: Tool, platform: Platform, tmp_path: Path
) -> None:
    """Backup while pupils write, further writes, a kill, and the restore."""
    file = tmp_path / "one.backup"
    tool.join(platform)
    with tool.serving():
        amina, *others = (open_page(tool, platform, name) for name in ("amina", "ben", "cleo"))
        amina.save(BEFORE)
        keys = tool.get("/lti/jwks.json").json()
        with writing(others):
            while not all(pupil.saved for pupil in others):
                pass
            confirmed = {pupil.name: number_of(pupil.saved) for pupil in others}
            tool.manage("backup", str(file))
        last = {pupil.name: number_of(pupil.saved) for pupil in others}
        amina.save(SINCE)
        dora = open_page(tool, platform, "dora")
        dora.save(SINCE)

        status, said = restore(tool, file)
        assert status == 1
        assert "The database is in use: stop all web processes and workers first." in said
        assert answers(tool)["amina"] == SINCE
        for pupil in (amina, *others, dora):
            pupil.visitor.close()  # the next request connects anew
    status, said = restore(tool, file)
    assert status == 0, said
    old = put_aside(tool, said)
    assert (answers(old)["amina"], answers(old)["dora"]) == (SINCE, SINCE)

    now = answers(tool)
    assert (now["amina"], "dora" in now) == (BEFORE, False)
    for pupil in others:
        assert confirmed[pupil.name] <= number_of(now[pupil.name]) <= last[pupil.name]
    (recorded,) = rows(tool, "SELECT operator FROM lti_tool_auditentry WHERE kind = 'restore'")
    assert recorded == ("manage.py",)
    assert rows(tool, "SELECT count(*) FROM lti_tool_lineitem WHERE restored_at IS NULL") == [(0,)]

    with tool.serving():
        assert tool.get("/readyz").text == "ready\n"
        assert tool.get("/lti/jwks.json").json() == keys
        # Pages from before show what is not saved here any more, so they are closed.
        with pytest.raises(AssertionError, match="403 at"):
            amina.save("Saved to a page that is over.")
        again = open_page(tool, platform, "amina")
        assert BEFORE in again.visitor.body
        again.save(SINCE)
        newcomer = open_page(tool, platform, "dora")
        newcomer.save(SINCE)
        for pupil in (amina, again, newcomer):
            pupil.visitor.close()
    assert (answers(tool)["amina"], answers(tool)["dora"]) == (SINCE, SINCE)


# --- what the command refuses, and asks ---


def test_it_asks_before_it_does_anything(tool: Tool, backup: Path) -> None:
    status, said = restore(tool, backup, "--verbosity", "1")  # nobody answers here
    assert status == 1
    assert "Put it in the place of" in said
    assert "Without a terminal, say --yes." in said
    assert rows(tool, "SELECT count(*) FROM lti_tool_auditentry") == [(0,)]


def test_check_changes_nothing_and_needs_no_stop(tool: Tool, backup: Path) -> None:
    with tool.serving():
        status, said = restore(tool, backup, "--check")
    assert status == 0
    assert "from sqlite, complete." in said
    assert rows(tool, "SELECT count(*) FROM lti_tool_auditentry") == [(0,)]


def test_a_damaged_backup_changes_nothing(tool: Tool, backup: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.backup"
    part.write_bytes(backup.read_bytes()[:20_000])
    status, said = restore(tool, part)
    assert status == 1
    assert "is no backup, or is damaged" in said
    assert "Nothing was changed." in said
    assert "Traceback" not in said


def test_an_older_backup_is_migrated(tool: Tool, migrated: Path, tmp_path: Path) -> None:
    """Also what its migrations change in rows: in the backup, and not in the database."""
    (tmp_path / "old").mkdir()
    old = sqlite_tool(migrated, tmp_path / "old")
    old.manage("migrate", "lti_tool", "0004", "--verbosity", "0")
    add_nameless(old)
    old.manage("backup", str(tmp_path / "old.backup"))
    assert ("lti_tool", "0005_launch_notes") not in read_backup(tmp_path / "old.backup").migrations
    add_nameless(tool)
    status, said = restore(tool, tmp_path / "old.backup")
    assert status == 0, said
    assert rows(tool, "SELECT name FROM lti_tool_user") == [("",)]
    assert rows(put_aside(tool, said), "SELECT name FROM lti_tool_user") == [("-",)]
    tool.manage("migrate", "--check")


def add_nameless(tool: Tool) -> None:
    """Somebody whose name is one that lti_tool.0005 forgets."""
    columns = "name, product, issuer, client_id, auth_login_url, auth_token_url, auth_audience"
    values = [
        f"INSERT INTO lti_tool_registration ({columns}, jwks_url, frame_ancestors, scopes,"
        " new_deployments, is_active, created_at) VALUES ('LMS', '', 'https://lms.example', 'one',"
        " '', '', '', '', '[]', '[]', 'refuse', true, '2026-11-30 10:00:00+00:00')",
        "INSERT INTO lti_tool_user (registration_id, sub, name, given_name, family_name)"
        " SELECT id, '1', '-', '', '' FROM lti_tool_registration",
    ]
    if tool.database.startswith("postgresql"):
        with closing(psycopg.connect(tool.database)) as server, server:
            for statement in values:
                server.execute(statement.encode())
        return
    with closing(sqlite3.connect(tool.database.removeprefix("sqlite:///"))) as file, file:
        for statement in values:
            file.execute(statement)


# --- SQLite ---


@pytest.fixture
def school(migrated: Path, tmp_path: Path) -> Tool:
    return sqlite_tool(migrated, tmp_path)


def file_of(tool: Tool) -> Path:
    return Path(tool.database.removeprefix("sqlite:///"))


LATER = "INSERT INTO django_session VALUES ('later', '', '2030-01-01')"
WRITE_AND_DIE = f"""
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA journal_mode=WAL")
connection.execute({LATER!r})
connection.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""


def write_later(tool: Tool) -> Path:
    """A write of a process that is killed, and its -wal."""
    tool.run(tool.python, "-c", WRITE_AND_DIE, str(file_of(tool)))
    wal = Path(f"{file_of(tool)}-wal")
    assert wal.stat().st_size > 0
    return wal


def later(tool: Tool) -> int:
    return len(rows(tool, "SELECT * FROM django_session WHERE session_key = 'later'"))


def test_a_wal_that_was_left_brings_nothing_back(school: Tool, backup: Path) -> None:
    wal = write_later(school)
    status, said = restore(school, backup)
    assert status == 0, said
    assert not wal.exists()
    assert later(school) == 0
    assert later(put_aside(school, said)) == 1


def test_nor_beside_a_damaged_file(school: Tool, backup: Path) -> None:
    wal = write_later(school)
    with file_of(school).open("r+b") as file:
        file.write(b"no database" * 1000)
    wal.write_bytes(b"no log" * 1000)
    status, said = restore(school, backup)
    assert status == 0, said
    assert file_of(put_aside(school, said)).read_bytes().startswith(b"no database")
    assert (wal.exists(), later(school)) == (False, 0)


def test_nor_beside_a_file_that_is_gone(school: Tool, backup: Path) -> None:
    wal = write_later(school)
    file_of(school).unlink()
    status, said = restore(school, backup)
    assert status == 0, said
    assert "kept as" not in said
    assert (wal.exists(), later(school)) == (False, 0)


def test_the_file_keeps_its_mode_and_a_new_one_is_private(school: Tool, backup: Path) -> None:
    assert restore(school, backup)[0] == 0
    assert stat.S_IMODE(file_of(school).stat().st_mode) == 0o640
    new = Tool(f"sqlite:///{file_of(school).with_name('new.sqlite3')}")
    assert restore(new, backup)[0] == 0
    assert stat.S_IMODE(file_of(new).stat().st_mode) == 0o600
    names = {one.name for one in file_of(school).parent.iterdir()}
    assert not [name for name in names if name.startswith(".")]


# --- PostgreSQL ---


def test_an_empty_database_is_filled_and_one_with_rows_put_aside(
    postgres_url: str, backup: Path
) -> None:
    server = Tool(postgres_url)
    status, said = restore(server, backup)
    assert status == 0, said
    assert "kept as" not in said
    status, said = restore(server, backup)
    assert status == 0, said
    old = put_aside(server, said)
    assert rows(old, "SELECT count(*) FROM lti_tool_auditentry") == [(1,)]


def test_an_account_that_may_not_make_databases_is_told_what_to_do(
    postgres: Cluster, postgres_url: str, backup: Path
) -> None:
    name = postgres_url.rpartition("/")[2]
    with closing(psycopg.connect(postgres_url, autocommit=True)) as server:
        server.execute("DROP ROLE IF EXISTS plain")
        server.execute("CREATE ROLE plain LOGIN")
        server.execute(f'ALTER DATABASE "{name}" OWNER TO plain'.encode())
    plain = Tool(postgres_url.replace("tool@", "plain@"))
    assert restore(plain, backup)[0] == 0
    status, said = restore(plain, backup)
    assert status == 1
    assert "Make an empty database, and restore into that, by DATABASE_URL." in said
    assert rows(plain, "SELECT count(*) FROM lti_tool_auditentry") == [(1,)]
