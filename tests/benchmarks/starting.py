"""A common start: a school's pupils open their worksheets in the same seconds, for the first time.

Through the nginx of ``deploy/nginx.conf``, onto PostgreSQL. Nobody may be lost.
"""

from __future__ import annotations

import http.client
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests import ROOT
from tests.benchmarks.launching import Row
from tests.benchmarks.platform import Platform
from tests.benchmarks.visits import Visitor, quantile
from tests.servers.nginx import proxy
from tests.servers.postgres import cluster
from tests.servers.programs import NotInstalled, free_port
from tests.servers.tool import Tool

PUPILS, SECONDS = 2000, 10.0
# Whoever waits is not lost: a small machine serves them one after the other.
PATIENCE = 300.0


@dataclass(frozen=True)
class Start:
    """Who came, what each of those who were lost saw, and how long the others took, sorted."""

    people: int
    lost: list[str]
    seconds: list[float]
    all_done: float


def common_start(
    platform: Platform, database: str, *, pupils: int, seconds: float, workers: int = 1
) -> Start:
    """So many first launches, begun one after the other within so many seconds.

    Each keeps its connection open to the end, as a browser does. ``database`` is the DATABASE_URL
    of an empty one. Raises NotInstalled.
    """
    port = free_port()
    with proxy((ROOT / "deploy" / "nginx.conf").read_text(), f"127.0.0.1:{port}") as before:
        more = {"PUBLIC_URL": before.url, "ALLOWED_HOSTS": "127.0.0.1"}
        tool = Tool(database, port=port, workers=workers, more=more)
        tool.join(platform)
        with tool.serving():
            return _launch_all(before.url, platform, pupils, seconds)


def _launch_all(url: str, platform: Platform, pupils: int, seconds: float) -> Start:
    visitors = [Visitor(url, patience=PATIENCE) for _ in range(pupils)]
    begin = time.perf_counter() + 1.0

    def come(number: int) -> str:
        time.sleep(max(begin + number * seconds / pupils - time.perf_counter(), 0.0))
        try:
            visitors[number].launch(platform, f"starts-{number}")
        except (OSError, http.client.HTTPException, AssertionError) as error:
            return f"{type(error).__name__}: {error}"[:60]
        is_sheet = "Why did Stalin turn to terror?" in visitors[number].body
        return "" if is_sheet else "another page"

    with ThreadPoolExecutor(pupils) as people:
        came = list(people.map(come, range(pupils)))
    all_done = time.perf_counter() - begin
    for visitor in visitors:
        visitor.close()
    took = sorted(visitor.seconds for visitor, lost in zip(visitors, came, strict=True) if not lost)
    return Start(pupils, [lost for lost in came if lost], took, all_done)


def measure(platform: Platform) -> Iterator[Row]:
    """2,000 within ten seconds, on two web processes."""
    what = f"{PUPILS} first launches within {SECONDS:.0f} s, nginx and PostgreSQL"
    try:
        with cluster(durable=True) as made, made.database() as url:
            found = common_start(platform, url, pupils=PUPILS, seconds=SECONDS, workers=2)
    except NotInstalled as error:
        yield what, f"not measured: {error}"
        return
    p50, p95 = (quantile(found.seconds, share) for share in (0.5, 0.95))
    words = f"{len(found.lost)} lost  p50 {p50:.1f} s  p95 {p95:.1f} s  last {found.all_done:.1f} s"
    yield what, f"{words}  {dict(Counter(found.lost))}" if found.lost else words
