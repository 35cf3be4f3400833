"""Databases that have the tool's tables: made once a process, then copied."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.servers.postgres import Cluster
from tests.servers.tool import Tool


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file to copy."""
    file = tmp_path_factory.mktemp("migrated") / "worksheets.sqlite3"
    Tool(f"sqlite:///{file}").manage("migrate", "--verbosity", "0")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture(scope="session")
def migrated_template(postgres: Cluster) -> Iterator[str]:
    """The name of a database of PostgreSQL to copy."""
    with postgres.database() as url:
        Tool(url).manage("migrate", "--verbosity", "0")
        yield url.rpartition("/")[2]


@pytest.fixture
def migrated_url(postgres: Cluster, migrated_template: str) -> Iterator[str]:
    """The DATABASE_URL of a database of this test's own, with the tool's tables."""
    with postgres.database(template=migrated_template) as url:
        yield url
