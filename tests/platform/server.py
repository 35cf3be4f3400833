"""Real HTTP on a port of this machine, made of parts that answer an endpoint or several each.

A server remembers all that it was asked, and can be told to fail at each endpoint.
"""

from __future__ import annotations

import itertools
import json
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

from lti_tool.services.connections import pools_for


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    endpoint: str  # as its part calls it; the path, where it is no part's
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


@dataclass(frozen=True)
class Fault:
    """What goes wrong instead of an answer; ``late``: only after the work was done."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    drip: bool = False  # bytes of the body now and then, without end
    drip_headers: bool = False
    reset: bool = False
    truncated: bool = False
    late: bool = False
    slow: float = 0.0  # all is well, but that the answer takes so many seconds
    until: threading.Event | None = None  # all is well, but that the answer waits for this


HTML_PAGE = Fault(200, b"<!DOCTYPE html><html><body>Please sign in</body></html>")


class Part:
    """Some endpoints of a server and what they hold; ``answer_x`` answers the endpoint x."""

    endpoints: ClassVar[Mapping[str, tuple[str, str]]]  # name -> methods, end of the path
    needs_token: ClassVar[bool] = False
    url = ""  # the server's

    def answer(self, asked: Asked) -> Reply:
        reply: Reply = getattr(self, f"answer_{asked.endpoint}")(asked)
        return reply


class Server:
    """Answers as its parts say, until a fault is in their way. Use it in a with statement."""

    def __init__(self, *parts: Part) -> None:
        self.url = ""
        self._parts = {name: part for part in parts for name in part.endpoints}
        self.asked: list[Asked] = []
        self.sent = 0  # bytes of bodies, in millions
        self.seen = threading.Condition()
        self.lock = threading.Lock()
        self._faults: dict[str, list[Fault]] = {}
        self._always: dict[str, Fault] = {}
        self._over = threading.Event()

    def part_of(self, endpoint: str) -> Part | None:
        return self._parts.get(endpoint)

    def answer(self, asked: Asked) -> Reply:
        """What is answered where nothing goes wrong."""
        part = self.part_of(asked.endpoint)
        return part.answer(asked) if part else Reply(404)

    def endpoint(self, method: str, path: str) -> str:
        """The name of an address, for faults and for what was asked."""
        for name, part in self._parts.items():
            methods, end = part.endpoints[name]
            if method in methods and path.endswith(end):
                return name
        return path

    def date(self) -> str:
        """The Date header, or '' for none."""
        return formatdate(time.time(), usegmt=True)

    def start(self) -> Self:
        """Serve on a free port."""
        self._server = _Listening(("127.0.0.1", 0), _handler_for(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        for part in self._parts.values():
            part.url = self.url
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

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

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
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_PUT(self) -> None:
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
            if fault.slow or fault.until:
                self._send_slowly(asked, fault)
                return
            if fault.late:
                server.answer(asked)
            server.note(asked)
            self._fail(fault)

        def _fail(self, fault: Fault) -> None:
            drips = fault.drip or fault.drip_headers
            self.close_connection = fault.hang or fault.reset or fault.truncated or drips
            if fault.hang:
                server.hang()
            elif drips:
                self._drip(fault)
            elif fault.reset:
                self.connection.shutdown(socket.SHUT_RDWR)
            else:
                self._send(Reply(fault.status, fault.body, fault.headers), cut=fault.truncated)

        def _send_slowly(self, asked: Asked, fault: Fault) -> None:
            reply = server.answer(asked)
            server.note(asked)
            if fault.until:
                fault.until.wait(60)
            server.hang(fault.slow)
            self._send(reply)

        def _drip(self, fault: Fault) -> None:
            if fault.drip_headers:
                content = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000
            else:
                self.send_response_only(fault.status)
                for name, value in ({"Content-Length": "100000"} | fault.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                content = fault.body or b" "
            # Without end, for whoever does not know where the content ends.
            for byte in itertools.cycle(content):
                try:
                    self.wfile.write(bytes([byte]))
                except OSError:
                    return
                if server.hang(0.05):
                    return

        def _send(self, reply: Reply, *, cut: bool = False) -> None:
            try:
                self.send_response_only(reply.status)
                if date := server.date():
                    self.send_header("Date", date)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body) + (100 if cut else 0)))
                self.end_headers()
                for start in range(0, len(reply.body), 1_000_000):
                    self.wfile.write(reply.body[start : start + 1_000_000])
                    server.sent += 1_000_000
            except OSError:
                self.close_connection = True  # the other side has had enough

    return Handler
