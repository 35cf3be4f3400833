"""A Redis of our own, started as a process and thrown away, and its fixtures."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.servers.programs import NotInstalled, free_port, skip


@dataclass
class RedisServer:
    """One server that keeps nothing; it can be stopped and started again, empty."""

    program: str
    port: int = field(default_factory=free_port)
    _server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Serve, at the same address as before, and wait until it answers; if it does, nothing."""
        if self._server and self._server.poll() is None:
            return
        nothing_kept = ("--save", "", "--appendonly", "no")
        self._server = subprocess.Popen(
            [self.program, "--bind", "127.0.0.1", "--port", str(self.port), *nothing_kept],
            cwd="/",
            stdout=subprocess.DEVNULL,
        )
        for _ in range(300):
            if self._says("PING", "+PONG"):
                return
            if self._server.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError(f"{self.url} does not answer")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, whoever is connected."""
        if self._server:
            self._server.send_signal(how)
            self._server.wait(30)
            self._server = None

    def empty(self) -> None:
        """Forget everything."""
        if not self._says("FLUSHALL", "+OK"):
            raise RuntimeError(f"{self.url} was not emptied")

    def _says(self, command: str, answer: str) -> bool:
        """Redis takes plain lines too, so nothing has to be installed to speak to it."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(64).decode().startswith(answer)
        except OSError:
            return False


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    """A fresh server that serves. Raises NotInstalled."""
    program = shutil.which("redis-server")
    if program is None:
        raise NotInstalled("Redis is not installed (Debian: apt install redis-server).")
    made = RedisServer(program)
    made.start()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def _redis() -> Iterator[RedisServer]:
    try:
        with redis_server() as made:
            yield made
    except NotInstalled as error:
        skip(error)


@pytest.fixture
def redis(_redis: RedisServer) -> RedisServer:
    """The server of this process's tests: it serves, and is empty."""
    _redis.start()
    _redis.empty()
    return _redis


@pytest.fixture
def redis_url(redis: RedisServer) -> str:
    """Its REDIS_URL."""
    return redis.url
