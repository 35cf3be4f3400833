"""Whether a connection still stands, asked for nothing and answered truly: real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError
from django.db.backends.postgresql import base
from django.db.utils import ConnectionHandler

from lti_tool.db.postgresql.base import DatabaseWrapper
from lti_tool.server.environment import read_database
from lti_tool.server.paths import DATA
from tests.servers.postgres import Cluster

pytestmark = pytest.mark.servers


@pytest.fixture
def connection(db: None, postgres_url: str) -> Iterator[DatabaseWrapper]:
    """As Django makes it from DATABASE_URL, between two requests."""
    handler = ConnectionHandler({"default": dict(read_database(postgres_url, DATA))})
    made: Any = handler["default"]
    made.inc_thread_sharing()
    made.ensure_connection()
    yield made
    made.close()


def ask(connection: DatabaseWrapper) -> int:
    """What a request does: drop the connection if it does not stand, and use one."""
    vars(connection)["health_check_done"] = False
    connection.close_if_unusable_or_obsolete()
    connection.close_if_health_check_failed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_the_address_leads_to_this_backend(connection: DatabaseWrapper) -> None:
    assert isinstance(connection, DatabaseWrapper)
    assert connection.vendor == "postgresql"


def test_a_connection_that_stands_costs_no_statement(
    connection: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(_self: object) -> bool:
        raise AssertionError("the server was asked")

    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", asked)
    assert ask(connection) == ask(connection)


def test_one_that_was_ended_is_made_anew(connection: DatabaseWrapper, postgres_url: str) -> None:
    before = ask(connection)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (before,))
    assert not connection.is_usable()
    assert ask(connection) != before


def test_who_is_stopped_in_a_transaction_does_not_hold_its_rows(
    db: None, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others wait for that long; then the one who comes back finds its connection gone."""
    monkeypatch.setattr("lti_tool.db.postgresql.base.MAX_IDLE_IN_TRANSACTION_SECONDS", 1)
    handler = ConnectionHandler({"default": dict(read_database(postgres_url, DATA))})
    stopped: Any = handler["default"]
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("CREATE TABLE held (number integer)")
        other.execute("INSERT INTO held VALUES (1)")
        with stopped.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE held SET number = 2")
            other.execute("SET statement_timeout = '20s'")
            other.execute("UPDATE held SET number = 3")
            with pytest.raises(DatabaseError):
                cursor.execute("UPDATE held SET number = 4")
        assert other.execute("SELECT number FROM held").fetchall() == [(3,)]
        other.execute("DROP TABLE held")
    stopped.close()


def test_a_server_that_ends_silent_transactions_itself_is_left_to_it(
    db: None, postgres_url: str
) -> None:
    name = "idle_in_transaction_session_timeout"
    with psycopg.connect(postgres_url, autocommit=True) as other:
        database = other.info.dbname
        other.execute(f'ALTER DATABASE "{database}" SET {name} = 3000')
    handler = ConnectionHandler({"default": dict(read_database(postgres_url, DATA))})
    made: Any = handler["default"]
    with made.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        assert cursor.fetchone() == ("3s",)
    made.close()


def test_one_whose_server_was_started_anew(connection: DatabaseWrapper, postgres: Cluster) -> None:
    before = ask(connection)
    postgres.stop()
    postgres.start()
    assert ask(connection) != before


def test_one_that_never_was_or_was_closed_is_not_usable(connection: DatabaseWrapper) -> None:
    assert connection.connection is not None
    connection.connection.close()
    assert not connection.is_usable()
    connection.connection = None
    assert not connection.is_usable()
