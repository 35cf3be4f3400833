"""How fast scores reach gradebooks: beside a plain loop, with a dead platform, and in heaps."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.benchmarks.launching import Row, sqlite
from tests.benchmarks.visits import quantile
from tests.servers import postgres
from tests.servers.programs import NotInstalled

SCORES, PLAIN = 300, 30
PLATFORMS = 20
HEAP = 100_000


class Place:
    """A database with the project's tables, and processes of the project that use it."""

    def __init__(self, database: str) -> None:
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lti_tool.settings",
            "SECRET_KEY": "benchmark-q7w9etyu1opas5dfg8hjk2zxcvb4nm6",
            "PUBLIC_URL": "http://127.0.0.1:1",
            "DATABASE_URL": database,
            "LTI_ALLOW_PRIVATE_HOSTS": "1",
        }
        self.wait(self.start("manage.py", "migrate", "--verbosity", "0"))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=self._environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def wait(self, process: subprocess.Popen[str]) -> str:
        said, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"{process.args!r} ended with {process.returncode}")
        return said

    def scores(self, *arguments: object) -> Any:
        """Run a part of ``tests.benchmarks.scores``; gives what it printed."""
        words = ["-m", "tests.benchmarks.scores", *map(str, arguments)]
        return json.loads(self.wait(self.start(*words)))


class Gradebooks:
    """The process of ``tests.benchmarks.gradebooks``, or of a module like it."""

    def __init__(self, port: str) -> None:
        self.url = f"http://127.0.0.1:{port}"

    @classmethod
    @contextmanager
    def running(cls, module: str = "tests.benchmarks.gradebooks") -> Iterator[Gradebooks]:
        """Serve until the end of the block."""
        command = [sys.executable, "-m", module]
        with subprocess.Popen(command, text=True, stdout=subprocess.PIPE) as process:
            try:
                yield cls(process.stdout.readline().strip() if process.stdout else "")
            finally:
                process.terminate()

    def set(self, query: str) -> None:
        """Begin anew with ``delay=SECONDS`` and ``dead=PLATFORM``."""
        urllib.request.urlopen(f"{self.url}/set?{query}").close()

    @property
    def state(self) -> Any:
        with urllib.request.urlopen(f"{self.url}/state") as answer:
            return json.load(answer)


def measure() -> Iterator[Row]:
    """All of it, with rows as they come."""
    with Gradebooks.running() as books:
        yield from beside_a_plain_loop(books)
        yield from one_dead_platform(books)
        yield from heap(books)
        try:
            with postgres.cluster() as cluster:
                yield from several_workers(books, cluster.url())
        except NotInstalled as error:
            yield "scores with several workers", f"not measured: {error}"


def beside_a_plain_loop(books: Gradebooks) -> Iterator[Row]:
    """The same scores to the same platform, by our deliverer and one by one."""
    for delay in (0.0, 0.1):
        with sqlite() as database:
            place = Place(database)
            place.scores("fill", books.url, 1, SCORES)
            books.set(f"delay={delay}")
            ours = place.scores("drain")
            state = books.state
            plain = place.scores("plain", PLAIN)
        assert len(state["scores"]["0"]) == SCORES
        what = f"{SCORES} scores, answers in {delay * 1000:.0f} ms"
        tokens = f"{state['tokens']['0']} token request(s), {state['busiest']} at once"
        yield what, f"{ours['seconds']:.2f} s  {tokens}"
        each = plain["seconds"] / PLAIN
        yield f"{what}, plain loop", f"{each * SCORES:.1f} s ({PLAIN} measured)  a token each"


def one_dead_platform(books: Gradebooks) -> Iterator[Row]:
    """From the report to the arrival, at the nineteen that live."""
    with sqlite() as database:
        place = Place(database)
        place.scores("fill", books.url, PLATFORMS, 100)
        place.scores("drain")
        time.sleep(1.1)  # a cell takes one score a second
        books.set("dead=0")
        worker = place.start("manage.py", "deliver_scores")
        try:
            reported = place.scores("trickle", PLATFORMS, 12)
            time.sleep(4)
        finally:
            worker.terminate()
            worker.wait(20)
        arrived = books.state["scores"]
    waits = sorted(
        arrived[platform][user][0] - moment
        for (platform, user), moment in ((key.split("/"), at) for key, at in reported.items())
        if platform != "0"
    )
    p50, p95 = quantile(waits, 0.5) * 1000, quantile(waits, 0.95) * 1000
    words = f"p50 {p50:.0f} ms  p95 {p95:.0f} ms  ({len(waits)} scores)"
    yield f"one dead platform of {PLATFORMS}, the others' scores", words


def heap(books: Gradebooks) -> Iterator[Row]:
    """With many due, and with few: the time to lease some, and the memory of a deliverer."""
    books.set("delay=0")
    figures = []
    for count in (HEAP // 1000, HEAP):
        with sqlite() as database:
            place = Place(database)
            place.scores("fill", books.url, 1, count)
            figures.append(place.scores("lease", 50))
    few, many = figures
    for count, figure in ((HEAP // 1000, few), (HEAP, many)):
        words = f"{figure['milliseconds']:.2f} ms  {figure['megabytes']:.0f} MB"
        yield f"leasing 8 of {count} due scores", f"{words} ({figure['sent']} delivered)"


def several_workers(books: Gradebooks, database: str) -> Iterator[Row]:
    """Scores per second of all workers together, on PostgreSQL."""
    rates: dict[int, list[float]] = {1: [], 2: [], 4: []}
    place = Place(database)
    place.scores("fill", books.url, PLATFORMS, 50)
    for _ in range(3):
        for count, found in rates.items():
            place.scores("due")
            books.set("delay=0.02")
            workers = [place.start("-m", "tests.benchmarks.scores", "drain") for _ in range(count)]
            told = [json.loads(place.wait(worker)) for worker in workers]
            assert sum(one["count"] for one in told) == PLATFORMS * 50
            found.append(PLATFORMS * 50 / max(one["seconds"] for one in told))
    for count, found in rates.items():
        yield f"scores, PostgreSQL, {count} worker(s)", f"{statistics.median(found):.0f}/s"
