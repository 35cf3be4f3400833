"""A gradebook with Moodle's flavour: tokens, columns, scores and results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import formatdate
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.utils import timezone

from lti_tool.models import Context, Deployment, LineItem, Registration, ToolKey
from lti_tool.protocol.vocabulary import MediaType
from tests.platform.keys import key_pair
from tests.platform.server import Asked, Reply, Server, json_reply

KID = "the tool's key"
FULLY_GRADED = "FullyGraded"


@dataclass
class Cell:
    """What the gradebook shows for one person."""

    given: float | None
    maximum: float | None
    comment: str
    timestamp: datetime
    accepted: int = 1  # how many scores were taken
    is_locked: bool = False  # a teacher's grade, which Moodle keeps whatever it answers


class Placed(Protocol):
    """A course of ``tests.cast``."""

    @property
    def deployment(self) -> Deployment: ...
    @property
    def context(self) -> Context: ...
    @property
    def line_item(self) -> LineItem: ...


class GradebookServer(Server):
    """``cells`` by (column, user); ``columns`` as the container lists them."""

    protocol = "HTTP/1.1"

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[dict[str, Any]] = []  # scores, in this order
        self.cells: dict[tuple[str, str], Cell] = {}
        self.columns: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.expires_in: object = 3600
        self.strangers: set[str] = set()  # users who are not (any more) in the course
        self.clock_ahead = 0.0  # seconds
        self.filters = True  # whether the container heeds resource_link_id

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

    @property
    def scores(self) -> list[dict[str, Any]]:
        return [asked.json for asked in self.asked_for("scores")]

    # --- what it does ---

    def endpoint(self, method: str, path: str) -> str:
        """token, find, make, scores or results."""
        if path == "/token":
            return "token"
        if path.endswith(("/scores", "/results")):
            return path.rpartition("/")[2]
        return "make" if method == "POST" else "find"

    def date(self) -> str:
        """By the test's clock, which is what the tool reads too."""
        return formatdate(timezone.now().timestamp() + self.clock_ahead, usegmt=True)

    def answer(self, asked: Asked) -> Reply:
        with self.lock:
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
        told = {"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in}
        return json_reply(told)

    def _find(self, asked: Asked) -> Reply:
        if asked.headers.get("accept") != MediaType.LINE_ITEM_CONTAINER:
            return Reply(415)
        wanted = asked.query.get("resource_link_id")
        shown = [c for c in self.columns if not self.filters or c.get("resourceLinkId") == wanted]
        return json_reply(shown)

    def _make(self, asked: Asked) -> Reply:
        if asked.headers.get("content-type") != MediaType.LINE_ITEM:
            return Reply(415)
        course = urlsplit(asked.target).path.split("/")[1]
        row = {**asked.json, "id": self.column_url(course, 100 + len(self.columns))}
        self.columns.append(row)
        return json_reply(row, 201)

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
        return json_reply(rows)

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
