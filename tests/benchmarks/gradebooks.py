"""Many platforms' gradebooks in one process: ``python -m tests.benchmarks.gradebooks``.

Prints its port. ``/N/…`` is platform N; ``/state`` tells what came, ``/set`` how long an
answer takes and which platforms never answer.

No FakePlatform: it is to be faster than what is measured, and in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class State:
    """What all platforms were asked."""

    delay: float = 0.0
    dead: set[str] = field(default_factory=set)
    tokens: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    # platform -> user -> when the score came (by the clock on the wall) and what it was
    scores: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(dict))
    busy: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    busiest: int = 0


async def serve(state: State, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, kept alive."""
    try:
        while line := await reader.readline():
            method, target, _ = line.decode().split(" ", 2)
            length = 0
            while (header := await reader.readline()) not in {b"\r\n", b""}:
                name, _, value = header.decode().partition(":")
                length = int(value) if name.lower() == "content-length" else length
            body = await reader.readexactly(length)
            answer = json.dumps(await _answer(state, method, target, body)).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(answer), answer)
            )
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def _answer(state: State, method: str, target: str, body: bytes) -> Any:
    parts = urlsplit(target)
    if parts.path == "/state":
        return {"tokens": state.tokens, "scores": state.scores, "busiest": state.busiest}
    if parts.path == "/set":
        return _set(state, parse_qs(parts.query))
    platform, _, path = parts.path.strip("/").partition("/")
    if platform in state.dead:
        await asyncio.sleep(3600)
    state.busy[platform] += 1
    state.busiest = max(state.busiest, state.busy[platform])
    await asyncio.sleep(state.delay)
    state.busy[platform] -= 1
    if path == "token":
        state.tokens[platform] += 1
        return {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}
    if method == "POST" and path.endswith("/scores"):
        score = json.loads(body)
        state.scores[platform][score["userId"]] = [time.time(), score["scoreGiven"]]
        return {}
    return []


def _set(state: State, query: dict[str, list[str]]) -> dict[str, str]:
    state.delay = float(query.get("delay", ["0"])[0])
    state.dead = set(query.get("dead", []))
    state.tokens.clear()
    state.scores.clear()
    state.busiest = 0
    return {}


async def main() -> None:
    """Serve on a free port of this machine, until the process is ended."""
    state = State()
    server = await asyncio.start_server(
        lambda reader, writer: serve(state, reader, writer), "127.0.0.1", 0
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
