"""A gradebook on this machine with Moodle's temper, reached over real HTTP.

It can be told to fail at each of its addresses, and remembers all that it was asked.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone

from lti_tool.models import Context, Deployment, LineItem, Registration, ToolKey
from lti_tool.protocol.vocabulary import MediaType
from lti_tool.services.connections import pools_for
from tests.platform.keys import key_pair

KID = "the tool's key"
FULLY_GRADED = "FullyGraded"


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    endpoint: str  # token, find, make, scores or results
    method: str
    target: str  # path and query
    headers: dict[str, str]
    body: bytes
    peer: int = 0  # the port of the connection that it came over

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


@dataclass
class Cell:
    """What the gradebook shows for one person."""

    given: float | None
    maximum: float | None
    comment: str
    timestamp: datetime
    accepted: int = 1  # how many scores were taken
    is_locked: bool = False  # a teacher's grade, which Moodle keeps whatever it answers


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Placed(Protocol):
    """A course of ``tests.cast``."""

    @property
    def deployment(self) -> Deployment: ...
    @property
    def context(self) -> Context: ...
    @property
    def line_item(self) -> LineItem: ...


class _Listening(ThreadingHTTPServer):
    def handle_error(self, *_arguments: object) -> None:
        """A caller that hangs up is nothing to write home about."""


class GradebookServer:
    """``cells`` by (column, user); ``columns`` as the container lists them."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.accepted: list[dict[str, Any]] = []  # scores, in this order
        self.cells: dict[tuple[str, str], Cell] = {}
        self.columns: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.expires_in: object = 3600
        self.strangers: set[str] = set()  # users who are not (any more) in the course
        self.clock_ahead = 0.0  # seconds
        self.filters = True  # whether the container heeds resource_link_id
        self.seen = threading.Condition()
        self._faults: dict[str, list[Fault]] = {}
        self._always: dict[str, Fault] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[GradebookServer]:
        """Serve on a free port, until the end of the block."""
        server = cls()
        with _Listening(("127.0.0.1", 0), _handler_for(server)) as listening:
            server.url = f"http://127.0.0.1:{listening.server_address[1]}"
            thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
            thread.start()
            try:
                yield server
            finally:
                server._over.set()
                hang_up()
                listening.shutdown()
                thread.join()

    # --- what tests say to it ---

    def connect(self, course: Placed, *, column: bool = True) -> None:
        """Let a course of the cast live here; ``column`` False leaves its column to be made."""
        registration: Registration = course.deployment.registration
        registration.auth_token_url = f"{self.url}/token"
        registration.save()
        number = course.context.lti_id
        line_item = LineItem.objects.get(pk=course.line_item.pk)
        line_item.url = self.column_url(number) if column else ""
        line_item.container_url = f"{self.url}/{number}/lineitems?type_id=1"
        line_item.save()
        ToolKey.objects.get_or_create(kid=KID, defaults={"private_pem": key_pair(KID).pem})

    def column_url(self, course: str, column: int = 1) -> str:
        return f"{self.url}/{course}/lineitems/{column}/lineitem?type_id=1"

    def fail(self, endpoint: str, *faults: Fault) -> None:
        """Answer the next requests to an endpoint with these faults, one each."""
        self._faults.setdefault(endpoint, []).extend(faults)

    def always_fail(self, endpoint: str, fault: Fault) -> None:
        """Answer every request to an endpoint so, until ``mend``."""
        self._always[endpoint] = fault

    def mend(self) -> None:
        self._faults.clear()
        self._always.clear()

    def asked_for(self, endpoint: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.endpoint == endpoint]

    @property
    def scores(self) -> list[dict[str, Any]]:
        return [asked.json for asked in self.asked_for("scores")]

    def wait_for(self, endpoint: str, count: int = 1, seconds: float = 20) -> bool:
        """Whether that many requests have come to an endpoint in time."""
        with self.seen:
            return self.seen.wait_for(lambda: len(self.asked_for(endpoint)) >= count, seconds)

    # --- what it does ---

    def take_fault(self, endpoint: str) -> Fault | None:
        with self._lock:
            waiting = self._faults.get(endpoint)
            return waiting.pop(0) if waiting else self._always.get(endpoint)

    def note(self, asked: Asked) -> None:
        with self.seen:
            self.asked.append(asked)
            self.seen.notify_all()

    def hang(self, seconds: float | None = None) -> bool:
        """Wait for the end of the test, or so long. Whether it has come."""
        return self._over.wait(seconds)

    def answer(self, asked: Asked) -> Reply:
        with self._lock:
            if not asked.headers.get("user-agent"):
                return Reply(403, b"no user agent")
            if asked.endpoint == "token":
                return self._token(asked)
            bearer = asked.headers.get("authorization", "").removeprefix("Bearer ")
            if bearer not in self.tokens:
                return Reply(401, b'{"error": "invalid_token"}')
            if asked.endpoint == "find":
                return self._find(asked)
            if asked.endpoint == "make":
                return self._make(asked)
            if asked.endpoint == "results":
                return self._results(asked)
            return self._score(asked)

    def _token(self, asked: Asked) -> Reply:
        if asked.form.get("grant_type") != "client_credentials":
            return Reply(400, b'{"error": "unsupported_grant_type"}')
        token = f"token-{len(self.asked_for('token'))}"
        self.tokens.add(token)
        return _json({"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in})

    def _find(self, asked: Asked) -> Reply:
        if asked.headers.get("accept") != MediaType.LINE_ITEM_CONTAINER:
            return Reply(415)
        wanted = asked.query.get("resource_link_id")
        shown = [c for c in self.columns if not self.filters or c.get("resourceLinkId") == wanted]
        return _json(shown)

    def _make(self, asked: Asked) -> Reply:
        if asked.headers.get("content-type") != MediaType.LINE_ITEM:
            return Reply(415)
        course = urlsplit(asked.target).path.split("/")[1]
        row = {**asked.json, "id": self.column_url(course, 100 + len(self.columns))}
        self.columns.append(row)
        return _json(row, 201)

    def _score(self, asked: Asked) -> Reply:
        if asked.headers.get("content-type") != MediaType.SCORE:
            return Reply(415)
        score, column = asked.json, urlsplit(asked.target).path.removesuffix("/scores")
        if score["userId"] in self.strangers:
            return Reply(400, b"not in this course")
        moment = datetime.fromisoformat(score["timestamp"]).replace(microsecond=0)
        before = self.cells.get((column, score["userId"]))
        if before is not None and moment <= before.timestamp:
            return Reply(409, b"a later score is there")
        if before is not None and before.is_locked:
            before.timestamp = moment
            self.accepted.append(score)
            return Reply(200, b"", {"Content-Type": "text/html; charset=utf-8"})
        is_final = score.get("gradingProgress") == FULLY_GRADED
        self.cells[column, score["userId"]] = Cell(
            given=score.get("scoreGiven") if is_final else None,
            maximum=score.get("scoreMaximum") if is_final else None,
            comment=score.get("comment", ""),
            timestamp=moment,
            accepted=before.accepted + 1 if before else 1,
        )
        self.accepted.append(score)
        # PHP calls an empty answer HTML.
        return Reply(200, b"", {"Content-Type": "text/html; charset=utf-8"})

    def _results(self, asked: Asked) -> Reply:
        if asked.headers.get("accept") != MediaType.RESULT_CONTAINER:
            return Reply(415)
        wanted, column = asked.query.get("user_id"), urlsplit(asked.target).path
        rows = [
            _result(user, cell)
            for (address, user), cell in sorted(self.cells.items())
            if address == column.removesuffix("/results") and wanted in (None, user)
        ]
        return _json(rows)

    def edit(self, user: str, given: float | None, *, locked: bool = False) -> None:
        """What a teacher does in the gradebook, in percent. ``locked``: Moodle's override."""
        cell = self.cell(user)
        cell.given, cell.maximum, cell.is_locked = given, 100, locked

    def cell(self, user: str) -> Cell:
        """The one cell that this person has, over all columns."""
        (found,) = [cell for (_, sub), cell in self.cells.items() if sub == user]
        return found


def _result(user: str, cell: Cell) -> dict[str, object]:
    row: dict[str, object] = {"id": f"result-{user}", "userId": user}
    # As Moodle does, which leaves out a grade of 0.
    if cell.given and cell.maximum:
        row |= {"resultScore": round(cell.given / cell.maximum * 100, 5), "resultMaximum": 100}
    return row


def hang_up() -> None:
    """Close the connections that are kept for later calls."""
    pools_for("http://127.0.0.1").clear()


def _json(body: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


def _endpoint(method: str, path: str) -> str:
    if path == "/token":
        return "token"
    if path.endswith(("/scores", "/results")):
        return path.rpartition("/")[2]
    return "make" if method == "POST" else "find"


def _handler_for(server: GradebookServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def date_time_string(self, timestamp: float | None = None) -> str:
            # By the test's clock, which is what the tool reads too.
            moment = timestamp or timezone.now().timestamp() + server.clock_ahead
            return formatdate(moment, usegmt=True)

        def log_message(self, *_arguments: object) -> None:
            pass

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                endpoint=_endpoint(self.command, urlsplit(self.path).path),
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
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            while not server.hang(0.05):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    return

        def _send(self, reply: Reply, *, cut: bool = False) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + (100 if cut else 0)))
            try:
                self.end_headers()
                self.wfile.write(reply.body)
            except OSError:
                self.close_connection = True  # the other side has had enough

    return Handler
