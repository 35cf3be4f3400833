"""Real HTTP on a port of this machine: every double of an LMS is one of these.

It remembers all that it was asked, and can be told to fail at each of its addresses.
"""

from __future__ import annotations

import itertools
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from lti_tool.services.connections import pools_for


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    endpoint: str  # as the server calls it; by default the path
    method: str
    target: str  # path and query
    headers: dict[str, str]
    body: bytes
    peer: int = 0  # the port of the connection that it came over

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def query(self) -> dict[str, str]:
        return {name: v[0] for name, v in parse_qs(urlsplit(self.target).query).items()}


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0  # seconds between the bytes of the body
    drip_headers: float = 0.0


@dataclass(frozen=True)
class Fault:
    """What goes wrong instead of an answer; ``late``: only after the work was done."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    drip: bool = False  # a byte now and then, without end
    reset: bool = False
    truncated: bool = False
    late: bool = False
    slow: float = 0.0  # all is well, but that the answer takes so many seconds


HTML_PAGE = Fault(200, b"<!DOCTYPE html><html><body>Please sign in</body></html>")


class Server:
    """Answers as ``answer`` says, until a fault is in its way."""

    protocol = "HTTP/1.0"

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.sent = 0  # bytes of bodies, in millions
        self.seen = threading.Condition()
        self.lock = threading.Lock()
        self._faults: dict[str, list[Fault]] = {}
        self._always: dict[str, Fault] = {}
        self._over = threading.Event()

    def answer(self, asked: Asked) -> Reply:
        """What is answered where nothing goes wrong."""
        raise NotImplementedError

    def endpoint(self, method: str, path: str) -> str:  # noqa: ARG002 some go by the method
        """The name of an address, for faults and for what was asked."""
        return path

    def date(self) -> str:
        """The Date header, or '' for none."""
        return formatdate(time.time(), usegmt=True)

    def start(self) -> Self:
        """Serve on a free port."""
        self._server = _Listening(("127.0.0.1", 0), _handler_for(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.daemon = True
        self._thread.start()
        return self

    def stop(self) -> None:
        """Serve no longer; let go whoever waits for an answer."""
        self._over.set()
        hang_up()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        """Serve until the end of the block."""
        server = cls().start()
        try:
            yield server
        finally:
            server.stop()

    @property
    def count(self) -> int:
        """How often it was asked."""
        return len(self.asked)

    def asked_for(self, endpoint: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.endpoint == endpoint]

    def requests(self, method: str) -> list[Asked]:
        """What was asked by this method."""
        return [asked for asked in self.asked if asked.method == method]

    def wait_for(self, endpoint: str, count: int = 1, seconds: float = 20) -> bool:
        """Whether that many requests have come to an endpoint in time."""
        with self.seen:
            return self.seen.wait_for(lambda: len(self.asked_for(endpoint)) >= count, seconds)

    def fail(self, endpoint: str, *faults: Fault) -> None:
        """Answer the next requests to an endpoint with these faults, one each."""
        self._faults.setdefault(endpoint, []).extend(faults)

    def always_fail(self, endpoint: str, fault: Fault) -> None:
        """Answer every request to an endpoint so, until ``mend``."""
        self._always[endpoint] = fault

    def mend(self) -> None:
        self._faults.clear()
        self._always.clear()

    def take_fault(self, endpoint: str) -> Fault | None:
        with self.lock:
            waiting = self._faults.get(endpoint)
            return waiting.pop(0) if waiting else self._always.get(endpoint)

    def note(self, asked: Asked) -> None:
        with self.seen:
            self.asked.append(asked)
            self.seen.notify_all()

    def hang(self, seconds: float | None = None) -> bool:
        """Wait for the end of the test, by default without end. Return whether it has come."""
        return self._over.wait(seconds)


def json_reply(body: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


def hang_up() -> None:
    """Close the connections that are kept for later calls."""
    pools_for("http://127.0.0.1").clear()


class _Listening(ThreadingHTTPServer):
    def handle_error(self, *_arguments: object) -> None:
        """A caller that hangs up is nothing to write home about."""


def _handler_for(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = server.protocol

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, *_arguments: object) -> None:
            pass

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                endpoint=server.endpoint(self.command, urlsplit(self.path).path),
                method=self.command,
                target=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
                peer=self.client_address[1],
            )
            fault = server.take_fault(asked.endpoint)
            if fault is None:
                server.note(asked)
                self._send(server.answer(asked))
                return
            if fault.slow:
                self._send_slowly(asked, fault.slow)
                return
            if fault.late:
                server.answer(asked)
            server.note(asked)
            self._fail(fault)

        def _fail(self, fault: Fault) -> None:
            self.close_connection = fault.hang or fault.reset or fault.truncated or fault.drip
            if fault.hang:
                server.hang()
            elif fault.drip:
                self._drip()
            elif fault.reset:
                self.connection.shutdown(socket.SHUT_RDWR)
            else:
                self._send(Reply(fault.status, fault.body, fault.headers), cut=fault.truncated)

        def _send_slowly(self, asked: Asked, seconds: float) -> None:
            reply = server.answer(asked)
            server.note(asked)
            server.hang(seconds)
            self._send(reply)

        def _drip(self) -> None:
            self.send_response_only(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            while not server.hang(0.05):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    return

        def _send(self, reply: Reply, *, cut: bool = False) -> None:
            try:
                if reply.drip_headers:
                    self._byte_by_byte(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000, reply.drip_headers)
                self.send_response_only(reply.status)
                if date := server.date():
                    self.send_header("Date", date)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if "Transfer-Encoding" not in reply.headers:
                    self.send_header("Content-Length", str(len(reply.body) + (100 if cut else 0)))
                self.end_headers()
                if reply.drip:
                    self._byte_by_byte(reply.body, reply.drip)
                    return
                for start in range(0, len(reply.body), 1_000_000):
                    self.wfile.write(reply.body[start : start + 1_000_000])
                    server.sent += 1_000_000
            except OSError:
                self.close_connection = True  # the other side has had enough

        def _byte_by_byte(self, content: bytes, pause: float) -> None:
            # Without end, for whoever does not know where the content ends.
            for byte in itertools.cycle(content):
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if server.hang(pause):
                    return

    return Handler
