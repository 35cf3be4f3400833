"""The sandbox LMS and the tool as processes; the tool is restarted, killed, stopped, restored."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from lti_tool.sandbox import demo
from tests.servers.programs import free_port
from tests.soak.records import Fields, Items, Records

PLACED, WRITTEN, MARKED = 1, 2, 3  # activities: of the pupils, of each teacher

ANSWERS = """
SELECT answer.item, answer.value, answer.saved_at, answer.device, answer.sent
FROM worksheets_answer AS answer
JOIN worksheets_attempt AS attempt ON attempt.id = answer.attempt_id
JOIN worksheets_assignment AS assignment ON assignment.id = attempt.assignment_id
JOIN lti_tool_resourcelink AS link ON link.id = assignment.link_id
JOIN lti_tool_user AS user ON user.id = attempt.user_id
WHERE user.sub = ? AND link.lti_id = '1'
"""
MARKS = """
SELECT item, points, comment FROM worksheets_mark AS mark
JOIN worksheets_attempt AS attempt ON attempt.id = mark.attempt_id
JOIN worksheets_assignment AS assignment ON assignment.id = attempt.assignment_id
JOIN lti_tool_resourcelink AS link ON link.id = assignment.link_id
WHERE link.lti_id = '3' AND mark.source = 'teacher'
"""
SOURCE = "SELECT source FROM worksheets_worksheet WHERE id = ?"


class Servers:
    """Both servers on a folder of their own."""

    def __init__(self, folder: Path, *, restores: bool = False) -> None:
        self.folder = folder
        self.restores = restores
        self.is_over = False
        self.is_up = True
        self.visits = 0  # a greater number is that of visits after a restore
        self.door = asyncio.Semaphore(6)  # so many open a page at a time
        self.lms, self.tool = demo._servers(_two_ports(), folder, reload=False)

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Serve with a second activity that has the sample, until the end of the block."""
        demo._prepare(self.lms, self.tool)
        self.tool.manage(
            *("place_sample", "--client-id", "sandbox-tool", "--deployment-id", "1"),
            *("--context-id", demo.COURSE, "--link-id", str(MARKED), "--teacher", demo.TEACHER),
        )
        try:
            self.lms.start()
            self.tool.start()
            demo._wait_until_ready(self.lms, self.tool)
            yield
        finally:
            for server in (self.lms, self.tool):
                server.stop()
                server.wait()

    async def disturb(self, chance: random.Random, records: Records, people: int) -> None:
        """Restart, kill or stop the tool after so many steps, again and again until it is over."""
        due = people * chance.randint(2, 6)
        while not self.is_over:
            if records.steps < due:
                await asyncio.sleep(0.05)
                continue
            ways = [self._restart, self._kill, self._kill, self._stand_still]
            how = chance.choice([*ways, self._restore] if self.restores else ways)
            records.restarts += how in (self._restart, self._kill)
            records.standstills += how == self._stand_still
            records.restores += how == self._restore
            self.is_up = False
            await how(chance.uniform(0.5, 6))
            self.is_up = True
            due += people * chance.randint(2, 6)

    async def _restart(self, seconds: float) -> None:
        await self._end()
        await asyncio.sleep(seconds / 4)
        await self._start()

    async def _end(self) -> None:
        assert self.tool.process
        self.tool.process.terminate()
        # gunicorn finishes what it has begun, which takes it up to half a minute.
        await asyncio.to_thread(self.tool.process.wait, 60)

    async def _restore(self, seconds: float) -> None:
        """Go on with a backup, as after a move to another disk: all visits have ended."""
        await self._end()
        file = str(self.folder / f"{seconds}.backup")
        await asyncio.to_thread(self.tool.manage, "backup", file)
        await asyncio.to_thread(self.tool.manage, "restore", file, "--yes")
        self.visits += 1
        await self._start()

    async def _kill(self, seconds: float) -> None:
        for process in self._processes():
            os.kill(process, signal.SIGKILL)
        await asyncio.to_thread(self.tool.wait)
        await asyncio.sleep(seconds)
        await self._start()

    async def _stand_still(self, seconds: float) -> None:
        """Stop the worker for longer than scripts wait (15 s), and not as long as gunicorn does."""
        worker = self._processes()[-1]
        os.kill(worker, signal.SIGSTOP)
        await asyncio.sleep(15 + seconds)
        os.kill(worker, signal.SIGCONT)

    async def _start(self) -> None:
        self.tool.start()
        await asyncio.to_thread(demo._wait_until_ready, self.tool)

    def _processes(self) -> list[int]:
        """Return gunicorn's process and that of its worker."""
        assert self.tool.process
        pid = self.tool.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [pid, *map(int, children.split())]

    def answers(self, sub: int) -> Items:
        """Return what the database holds of a pupil's answers, by item and field."""
        return {item: _fields(item, json.loads(value)) for item, value, *_ in self.rows(sub)}

    def rows(self, sub: int) -> list[tuple[str, ...]]:
        """Return a pupil's answers, each with when and from where it came."""
        return self._rows(ANSWERS, str(sub))

    def marks(self) -> Fields:
        """Return a teacher's marks and comments by field."""
        found: Fields = {}
        for item, points, comment in self._rows(MARKS):
            found |= {f"{item}-points": f"{float(points):g}", f"{item}-comment": comment}
        return found

    def source(self, worksheet: int) -> str:
        """Return the text of a worksheet."""
        return self._rows(SOURCE, worksheet)[0][0]

    def _rows(self, query: str, *values: object) -> list[tuple[str, ...]]:
        file = f"file:{self.folder / 'tool.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as database:
            return database.execute(query, values).fetchall()


def _two_ports() -> int:
    """Return the first of two free ports that the kernel hands to nobody while the tool is down."""
    for _ in range(200):
        port = random.randint(12_000, 32_000)  # below those of outgoing connections
        with contextlib.suppress(OSError):
            return min(free_port(port), free_port(port + 1))
    raise AssertionError("no two free ports")


def _fields(item: str, value: dict[str, object]) -> Fields:
    """Return an answer as the page's fields hold it."""
    found: Fields = {}
    if "text" in value:
        found[item] = str(value["text"])
    if "choice" in value:
        found[f"{item}-choice"] = str(value["choice"])
    places = value.get("places")
    if isinstance(places, dict):
        # Without a place: '', as the comparison takes it of what is not there.
        numbered = enumerate(sorted(["Diplomatic", "Economic", "Political"]), 1)
        found |= {f"{item}-{n}": str(places.get(thing, "")) for n, thing in numbered}
    return found
