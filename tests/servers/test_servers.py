"""The throwaway servers serve, keep tests apart, and come back after they were stopped."""

from __future__ import annotations

import signal
import socket

import psycopg
import pytest

from tests.servers.postgres import Cluster, cluster
from tests.servers.programs import NotInstalled, skip
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.servers


def test_each_database_is_of_its_own(postgres: Cluster, postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE here (id int)")
    with postgres.database() as other, psycopg.connect(other) as connection:
        found = connection.execute("SELECT to_regclass('here')").fetchone()
    assert found == (None,)


def test_a_crashed_cluster_comes_back_with_what_was_committed() -> None:
    try:
        with cluster(durable=True) as made:
            with psycopg.connect(made.url()) as connection:
                connection.execute("CREATE TABLE kept (id int)")
            made.stop(signal.SIGQUIT)
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(made.url())
            made.start()
            with psycopg.connect(made.url()) as connection:
                assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    except NotInstalled as error:
        skip(error)


def test_what_a_test_stopped_serves_the_next_one(postgres: Cluster, redis: RedisServer) -> None:
    with postgres.database():
        postgres.stop(signal.SIGQUIT)
        redis.stop(signal.SIGKILL)
    with postgres.database() as url:
        psycopg.connect(url).close()
    redis.start()
    redis.empty()


def test_redis_is_empty_for_each_test(redis: RedisServer) -> None:
    redis.stop()
    with (
        pytest.raises(ConnectionRefusedError),
        socket.create_connection(("127.0.0.1", redis.port), 1),
    ):
        pass
    redis.start()
    with socket.create_connection(("127.0.0.1", redis.port), 1) as connection:
        connection.sendall(b"SET a 1\r\nDBSIZE\r\n")
        connection.recv(64)
    redis.empty()
    with socket.create_connection(("127.0.0.1", redis.port), 1) as connection:
        connection.sendall(b"DBSIZE\r\n")
        assert connection.recv(64) == b":0\r\n"


def test_what_is_missing_fails_where_ci_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = NotInstalled("Redis is not installed.")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="not installed"):
        skip(reason)
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="not installed"):
        skip(reason)
