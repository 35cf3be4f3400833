"""A tool as an operator runs it, with one or many processes, and a gradebook to watch."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psycopg

from tests.platform.fake import FakePlatform
from tests.platform.server import Fault
from tests.servers.tool import Tool

PUPILS = 40
PATIENCE = 60.0
AT_ONCE = 2  # scores that one process holds at most, as in the settings here
SLOW = Fault(slow=4.0)  # half a lease: many are on their way, and none is given up


@dataclass
class School:
    """``processes`` are what was started, in this order."""

    tool: Tool
    lms: FakePlatform
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    deliverers: dict[int, int] = field(default_factory=dict)  # how many, by the process's pid

    def set_up(self) -> None:
        """A course, its pupils."""
        words = ("-m", "tests.delivery.reporting", "make", self.lms.url, str(PUPILS))
        status, said = self.python(*words)
        assert status == 0, said

    def python(self, *words: str) -> tuple[int, str]:
        return self.tool.run(self.tool.python, *words)

    def report(self, given: int) -> None:
        """Every pupil's score is so many points now."""
        status, said = self.python("-m", "tests.delivery.reporting", "report", str(given))
        assert status == 0, said

    def start(self, *words: str, deliverers: int = 1) -> subprocess.Popen[str]:
        """A process of the tool's that runs until the end of the test."""
        process = subprocess.Popen(
            [str(self.tool.python), *words],
            cwd=self.tool.folder,
            env=self.tool.environment,
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Celery's children, too, die with their parent's group.
            start_new_session=True,
        )
        self.processes.append(process)
        self.deliverers[process.pid] = deliverers
        return process

    def web(self) -> subprocess.Popen[str]:
        """gunicorn with two workers, each of which delivers if there is no Redis."""
        bind = ("--bind", f"127.0.0.1:{self.tool.port}", "--no-control-socket")
        words = ("-m", "gunicorn", "lti_tool.wsgi", "--workers", "2", "--threads", "2", *bind)
        return self.start(*words, deliverers=2)

    def worker(self, name: str) -> subprocess.Popen[str]:
        """A Celery worker with two processes of its own."""
        options = ("--concurrency", "2", "--hostname", f"{name}@%h", "--loglevel", "WARNING")
        without = ("--without-gossip", "--without-mingle")
        words = ("-m", "celery", "-A", "lti_tool", "worker")
        return self.start(*words, *options, *without, deliverers=2)

    def beat(self, schedule: str) -> subprocess.Popen[str]:
        """Celery's clock."""
        options = ("--schedule", schedule, "--pidfile=", "--loglevel", "WARNING")
        return self.start("-m", "celery", "-A", "lti_tool", "beat", *options, deliverers=0)

    def end(self) -> None:
        """Kill whatever still runs."""
        for process in self.processes:
            kill(process)

    def arrives(self, given: int, seconds: float = PATIENCE) -> bool:
        """Whether every cell shows this score in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            cells = list(self.lms.gradebook.cells.values())
            if len(cells) == PUPILS and all(cell.given == given for cell in cells):
                return True
            time.sleep(0.05)
        return False

    def has_taken(self, count: int, seconds: float = PATIENCE) -> bool:
        """Whether the gradebook was sent so many scores in time."""
        return self.lms.wait_for("scores", count, seconds)

    def held(self) -> int:
        """How many scores somebody has leased at this moment, as the database says."""
        count = "SELECT count(*) FROM lti_tool_delivery WHERE leased_until IS NOT NULL"
        database = self.tool.database
        if database.startswith("sqlite"):
            file = database.removeprefix("sqlite:///")
            with closing(sqlite3.connect(file, timeout=20)) as connection:
                return int(connection.execute(count).fetchone()[0])
        with psycopg.connect(database) as server:
            (held,) = server.execute(count).fetchone() or (0,)
        return int(held)

    def holds_some(self, *processes: subprocess.Popen[str], seconds: float = PATIENCE) -> bool:
        """Whether in time each of these holds scores: more are held than all others could hold.

        A lease does not say whose it is, but one process can have only so many.
        """
        fewest = min(self.deliverers[process.pid] for process in processes)
        others = (sum(self.deliverers.values()) - fewest) * AT_ONCE
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.held() > others:
                return True
            time.sleep(0.05)
        return False


def kill(process: subprocess.Popen[str], how: signal.Signals = signal.SIGKILL) -> None:
    """A process and its children, at once."""
    if process.poll() is None:
        os.killpg(process.pid, how)
    if how == signal.SIGKILL:
        process.wait(30)


@contextmanager
def school(database: str, redis: str = "") -> Iterator[School]:
    """Everything but its processes, on a migrated database; they end with the block."""
    environment = {"DJANGO_SETTINGS_MODULE": "tests.delivery.settings"}
    if redis:
        environment["REDIS_URL"] = redis
    with FakePlatform() as lms:
        made = School(Tool(database, more=environment), lms)
        made.set_up()
        try:
            yield made
        finally:
            made.end()


def check_order(lms: FakePlatform) -> None:
    """Of each cell: seconds that strictly increase, whole and never ahead, and marks in order.

    Of what the gradebook took: who was stopped in the very moment of sending may send when it
    goes on, and is refused, because something later is there.
    """
    last: dict[str, tuple[datetime, float]] = {}
    now = datetime.now(UTC) + timedelta(seconds=1)
    for score in lms.gradebook.accepted:
        moment, given = datetime.fromisoformat(score["timestamp"]), score["scoreGiven"]
        assert moment.microsecond == 0
        assert moment <= now
        if before := last.get(score["userId"]):
            assert moment > before[0]
            assert given >= before[1]
        last[score["userId"]] = (moment, given)
