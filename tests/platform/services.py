"""Parts that a tool calls with a token, which is a part too: gradebook and roster."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.utils import timezone

from lti_tool.protocol.vocabulary import CANVAS_SUBMISSION, MediaType, Scope
from tests.platform.server import Asked, Part, Reply, json_reply

FULLY_GRADED = "FullyGraded"


class Tokens(Part):
    """The token endpoint. It looks at no signature and grants each of its ``scopes``."""

    endpoints: ClassVar = {"token": ("GET POST", "/token")}

    def __init__(self) -> None:
        self.scopes = {str(scope) for scope in Scope}
        self.valid: set[str] = set()
        self.expires_in: object = 3600
        self.is_strict = False  # whether one scope that is not granted is a refusal of all
        self._numbers = itertools.count(1)

    def answer_token(self, asked: Asked) -> Reply:
        if asked.form.get("grant_type") != "client_credentials":
            return json_reply({"error": "unsupported_grant_type"}, 400)
        wanted = set(asked.form["scope"].split())
        if self.scopes.isdisjoint(wanted) or (self.is_strict and not wanted <= self.scopes):
            return json_reply({"error": "invalid_scope"}, 400)
        token = f"token-{next(self._numbers)}"
        self.valid.add(token)
        told = {"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in}
        return json_reply(told)


class Roster(Part):
    """The members of every course (NRPS): so many pupils as there are ``names``."""

    endpoints: ClassVar = {"members": ("GET", "/members")}
    needs_token = True

    def __init__(self) -> None:
        self.names = ["Philippa Quillfeather", "Quentin Marsh"]

    def answer_members(self, _asked: Asked) -> Reply:
        people = [
            {"user_id": str(n), "name": name, "roles": ["Learner"]}
            for n, name in enumerate(self.names)
        ]
        reply = json_reply({"id": self.url, "context": {"id": "2"}, "members": people})
        return replace(reply, headers={"Content-Type": MediaType.MEMBERSHIP_CONTAINER})


@dataclass
class Cell:
    """What the gradebook shows for one person."""

    given: float | None
    maximum: float | None
    comment: str
    timestamp: datetime
    accepted: int = 1  # how many scores were taken
    is_locked: bool = False  # a teacher's grade, which Moodle keeps whatever it answers
    is_told: bool = False  # whether a 0 is told with its number
    submissions: int = 0  # Canvas's
    extension: dict[str, Any] | None = None  # Canvas's members of the score posted last


# What Canvas answers to a new submission of a pupil who has no attempt left for it.
NO_ATTEMPT_LEFT = {
    "errors": {
        "type": "unprocessable_entity",
        "message": "The maximum number of allowed attempts has been reached for this submission",
    }
}


class Gradebook(Part):
    """AGS with Moodle's flavour. ``cells`` by (column, user); ``columns`` as they are listed.

    Scores with Canvas's extension count as submissions, ``allowed_attempts`` of each pupil.
    """

    endpoints: ClassVar = {
        "find": ("GET", "/lineitems"),
        "make": ("POST", "/lineitems"),
        "column": ("GET", "/lineitem"),
        "change": ("PUT", "/lineitem"),
        "scores": ("POST", "/scores"),
        "results": ("GET", "/results"),
    }
    needs_token = True

    def __init__(self) -> None:
        self.accepted: list[dict[str, Any]] = []  # scores, in this order
        self.cells: dict[tuple[str, str], Cell] = {}
        self.columns: list[dict[str, Any]] = []
        self.strangers: set[str] = set()  # users who are not (any more) in the course
        self.allowed_attempts: int | None = None
        self.filters = True  # whether the container heeds resource_link_id
        self.unreadable: set[str] = set()  # courses whose results are not found
        self.maximum: float = 8  # of the column that a launch told
        self.results_of: float = 100  # the maximum of results
        self.rescales = True  # whether grades keep their share when the maximum changes
        self.blank: set[str] = set()  # pupils with an empty cell, which Moodle then fills with 0
        self.tells_zeros = True  # whether results tell such a 0 with its number
        self._lock = threading.Lock()

    def column_url(self, course: str, column: int = 1) -> str:
        return f"{self.url}/{course}/lineitems/{column}/lineitem?type_id=1"

    def answer(self, asked: Asked) -> Reply:
        with self._lock:
            return super().answer(asked)

    def answer_find(self, asked: Asked) -> Reply:
        if asked.headers.get("accept") != MediaType.LINE_ITEM_CONTAINER:
            return Reply(415)
        wanted = asked.query.get("resource_link_id")
        shown = [c for c in self.columns if not self.filters or c.get("resourceLinkId") == wanted]
        return json_reply(shown)

    def answer_make(self, asked: Asked) -> Reply:
        if asked.headers.get("content-type") != MediaType.LINE_ITEM:
            return Reply(415)
        course = urlsplit(asked.target).path.split("/")[1]
        row = {**asked.json, "id": self.column_url(course, 100 + len(self.columns))}
        self.columns.append(row)
        return json_reply(row, 201)

    def answer_column(self, asked: Asked) -> Reply:
        if asked.headers.get("accept") != MediaType.LINE_ITEM:
            return Reply(415)
        return json_reply(self._column(asked))

    def _column(self, asked: Asked) -> dict[str, object]:
        return {
            "id": self.url + asked.target,
            "label": "Causes",
            "scoreMaximum": self.maximum,
            "resourceId": "causes",
            "tag": "worksheet",
            "submissionReview": {"label": "Answers"},
        }

    def answer_change(self, asked: Asked) -> Reply:
        """Replace the column. What is left out is erased, as in Moodle."""
        if asked.headers.get("content-type") != MediaType.LINE_ITEM:
            return Reply(415)
        former, self.maximum = self.maximum, asked.json["scoreMaximum"]
        self.results_of = self.maximum
        for cell in self.cells.values():
            is_kept = cell.is_locked or not self.rescales
            if is_kept and cell.given is not None and cell.maximum:
                cell.given, cell.maximum = cell.given / cell.maximum * former, self.maximum
        column = urlsplit(asked.target).path
        for user in self.blank if self.maximum != former else ():
            moment, is_told = timezone.now().replace(microsecond=0), self.tells_zeros
            cell = Cell(0, self.maximum, "", moment, is_told=is_told)
            self.cells.setdefault((column, user), cell)
        return json_reply(asked.json)

    def answer_scores(self, asked: Asked) -> Reply:
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
        extension = score.get(CANVAS_SUBMISSION)
        submissions = before.submissions if before else 0
        if extension and extension["new_submission"]:
            if submissions == self.allowed_attempts:
                return json_reply(NO_ATTEMPT_LEFT, 422)
            submissions += 1
        is_final = score.get("gradingProgress") == FULLY_GRADED
        self.cells[column, score["userId"]] = Cell(
            given=score.get("scoreGiven") if is_final else None,
            maximum=score.get("scoreMaximum") if is_final else None,
            comment=score.get("comment", ""),
            timestamp=moment,
            accepted=before.accepted + 1 if before else 1,
            submissions=submissions,
            extension=extension,
        )
        self.accepted.append(score)
        # PHP calls an empty answer HTML.
        return Reply(200, b"", {"Content-Type": "text/html; charset=utf-8"})

    def answer_results(self, asked: Asked) -> Reply:
        if asked.headers.get("accept") != MediaType.RESULT_CONTAINER:
            return Reply(415)
        wanted, column = asked.query.get("user_id"), urlsplit(asked.target).path
        if column.split("/")[1] in self.unreadable:
            return Reply(404)
        rows = [
            _result(user, cell, self.results_of)
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


def _result(user: str, cell: Cell, maximum: float) -> dict[str, object]:
    row: dict[str, object] = {"id": f"result-{user}", "userId": user}
    # As Moodle does, which leaves out a grade of 0.
    if (cell.given or (cell.is_told and cell.given is not None)) and cell.maximum:
        shown = round(cell.given / cell.maximum * maximum, 5)
        row |= {"resultScore": shown, "resultMaximum": maximum}
        row["timestamp"] = cell.timestamp.isoformat()
    if cell.extension:
        row[CANVAS_SUBMISSION] = cell.extension
    return row
