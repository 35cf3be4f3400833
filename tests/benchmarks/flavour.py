"""Gradebooks that fail a third of the time: ``python -m tests.benchmarks.flavour`` prints its port.

Each first part of a path is a platform of its own, with Moodle's flavour: a score that is no
later than the last one of its cell is refused with 409. A score of the future is refused
too, and counted. ``/state`` tells what was accepted, in order.

No FakePlatform: one process serves hundreds of connections at once, for which threads are too slow.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

FAULTY = 1 / 3
SLOW_SECONDS = 1.0
FAULTS = ("500", "reset", "lost", "429", "page", "slow", "401", "cut")
# What replaces the work; the others spoil only the way of its answer.
INSTEAD = {
    "500": (500, b"trouble", ""),
    "429": (429, b"", "Retry-After: 1\r\n"),
    "page": (200, b"<!DOCTYPE html><html>Please sign in</html>", ""),
    "401": (401, b'{"error": "invalid_token"}', ""),
}
Reply = tuple[int, Any]


@dataclass
class State:
    """What all platforms hold; a cell is [its column, its user] and lists what it accepted."""

    url: str = ""
    faulty: float = FAULTY
    chance: random.Random = field(default_factory=lambda: random.Random(20))
    answers: Counter[str] = field(default_factory=Counter)
    tokens: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    columns: list[dict[str, Any]] = field(default_factory=list)
    cells: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    future: int = 0

    def fault(self) -> str:
        """What goes wrong with the next answer; '' for nothing."""
        name = self.chance.choice(FAULTS) if self.chance.random() < self.faulty else ""
        self.answers[name or "good"] += 1
        return name


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    bearer: str
    body: bytes

    @property
    def platform(self) -> str:
        return urlsplit(self.target).path.split("/")[1]

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: v[0] for name, v in parse_qs(urlsplit(self.target).query).items()}


async def serve(state: State, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, kept alive until a fault ends it."""
    try:
        while request := await _read(reader):
            if not await _respond(state, request, writer):
                break
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    line = await reader.readline()
    if not line:
        return None
    method, target, _ = line.decode().split(" ", 2)
    headers = {}
    while (header := await reader.readline()) not in {b"\r\n", b""}:
        name, _, value = header.decode().partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers.get("authorization", "")[len("Bearer ") :], body)


async def _respond(state: State, request: Request, writer: asyncio.StreamWriter) -> bool:
    """Answer, or do what the fault says. Whether the connection lives on."""
    ours = request.platform == "state"
    fault = "" if ours else state.fault()
    if fault == "reset":
        return False
    if fault == "slow":
        await asyncio.sleep(SLOW_SECONDS)
    more = ""
    if fault in INSTEAD:
        status, content, more = INSTEAD[fault]
        if fault == "401":
            state.tokens[request.platform].discard(request.bearer)
    else:
        status, answer = _operate(state) if ours else _work(state, request)
        content = json.dumps(answer).encode()
    if fault == "lost":
        return False
    cut = 50 if fault == "cut" else 0
    writer.write(
        f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\n{more}"
        f"Content-Length: {len(content) + cut}\r\n\r\n".encode()
        + content
    )
    await writer.drain()
    return not cut


def _operate(state: State) -> Reply:
    return 200, {
        "answers": state.answers,
        "cells": state.cells,
        "columns": state.columns,
        "future": state.future,
    }


def _work(state: State, request: Request) -> Reply:
    if request.path.endswith("/token"):
        token = f"token-{sum(state.answers.values())}"
        state.tokens[request.platform].add(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600}
    if request.bearer not in state.tokens[request.platform]:
        return 401, {"error": "invalid_token"}
    if request.path.endswith("/scores"):
        return _score(state, request)
    if request.path.endswith("/results"):
        return _results(state, request)
    return _make(state, request) if request.method == "POST" else _find(state, request)


def _score(state: State, request: Request) -> Reply:
    score = json.loads(request.body)
    moment = datetime.fromisoformat(score["timestamp"])
    if moment > datetime.now(UTC):
        state.future += 1
        return 400, {}
    accepted = state.cells[f"{request.path.removesuffix('/scores')} {score['userId']}"]
    if accepted and moment <= datetime.fromisoformat(accepted[-1]["timestamp"]):
        return 409, {}
    accepted.append(score)
    return 200, {}


def _results(state: State, request: Request) -> Reply:
    column, wanted = request.path.removesuffix("/results"), request.query.get("user_id")
    users = (
        [wanted]
        if wanted
        else [cell.split()[1] for cell in state.cells if cell.startswith(f"{column} ")]
    )
    graded = {
        user: state.cells[f"{column} {user}"] for user in users if f"{column} {user}" in state.cells
    }
    return 200, [_result(user, accepted[-1]["scoreGiven"]) for user, accepted in graded.items()]


def _result(user: str, shown: float) -> dict[str, object]:
    """As Moodle does, which tells a grade of 0 without a number."""
    value = {"resultScore": shown, "resultMaximum": 100} if shown else {}
    return {"id": user, "userId": user, **value}


def _find(state: State, request: Request) -> Reply:
    wanted = (request.platform, request.query.get("resource_link_id"))
    return 200, [c for c in state.columns if (c["platform"], c["resourceLinkId"]) == wanted]


def _make(state: State, request: Request) -> Reply:
    address = f"{state.url}/{request.platform}/made/{len(state.columns)}/lineitem?type_id=1"
    column = {**json.loads(request.body), "platform": request.platform, "id": address}
    state.columns.append(column)
    return 201, column


async def main() -> None:
    """Serve on a free port of this machine, until the process is ended."""
    state = State()
    server = await asyncio.start_server(
        lambda reader, writer: serve(state, reader, writer), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    state.url = f"http://127.0.0.1:{port}"
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
