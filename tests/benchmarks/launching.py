"""Launch throughput beside the bare floor, on each database, and what must not change it."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import servers
from tests.benchmarks.platform import Platform
from tests.benchmarks.visits import Figures, launches
from tests.platform.server import Fault
from tests.servers.postgres import cluster
from tests.servers.programs import NotInstalled

PAIRS = 5
LAUNCHES = {1: 60, 8: 240, 32: 320}
CROWD = 100_000

Row = tuple[str, str]


def measure(platform: Platform) -> Iterator[Row]:
    """All of it, with rows as they come."""
    with servers.floor(platform) as floor:
        with sqlite() as database, servers.tool(platform, database) as tool:
            yield from beside_floor("SQLite", tool, floor, platform)
            yield from slow_platform(tool, platform)
        try:
            with cluster(durable=True) as made, servers.tool(platform, made.url()) as tool:
                yield from beside_floor("PostgreSQL", tool, floor, platform)
        except NotInstalled as error:
            yield "launches on PostgreSQL", f"not measured: {error}"


@contextmanager
def sqlite() -> Iterator[str]:
    """The address of an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'benchmark.sqlite3'}"


def beside_floor(database: str, tool: str, floor: str, platform: Platform) -> Iterator[Row]:
    """Interleaved pairs, so that a busy machine is as busy for both."""
    _everybody_once(tool, platform)
    _everybody_once(floor, platform)
    for at_once, count in LAUNCHES.items():
        pairs = [
            (launches(tool, platform, count, at_once), launches(floor, platform, count, at_once))
            for _ in range(PAIRS)
        ]
        what = f"launches, {database}, {at_once} at once"
        yield f"{what}, tool", _figures([ours for ours, _ in pairs])
        yield f"{what}, floor", _figures([bare for _, bare in pairs])
        yield f"{what}, tool beside floor", _ratio(pairs)


def slow_platform(tool: str, platform: Platform) -> Iterator[Row]:
    """The platform's keys take their time: nobody should wait for them, or ask again."""
    for delay in (0.0, 0.1, 1.0):
        platform.always_fail("keys", Fault(slow=delay))
        before = len(platform.asked_for("keys"))
        figures = [launches(tool, platform, LAUNCHES[8], 8) for _ in range(PAIRS)]
        times = len(platform.asked_for("keys")) - before
        asked = f"{times} key request(s) in {PAIRS * LAUNCHES[8]} launches"
        yield f"launches, keys in {delay * 1000:.0f} ms", f"{_figures(figures)}  {asked}"
    platform.mend()


def measure_growth(platform: Platform) -> Iterator[Row]:
    """The cost of one launch with a crowd in the tables beside one in an empty database."""
    with (
        sqlite() as empty,
        sqlite() as full,
        servers.tool(platform, empty) as small,
        servers.tool(platform, full, crowd=CROWD) as large,
    ):
        _everybody_once(small, platform)
        _everybody_once(large, platform)
        count = LAUNCHES[1]
        pairs = [
            (launches(large, platform, count, 1), launches(small, platform, count, 1))
            for _ in range(PAIRS)
        ]
    yield f"launches, {CROWD} people in the tables", _figures([big for big, _ in pairs])
    yield "launches, empty tables", _figures([little for _, little in pairs])
    yield f"launches, {CROWD} people beside none", _ratio(pairs)


def _everybody_once(url: str, platform: Platform) -> None:
    """So that what is measured are repeats; a first launch also makes rows."""
    launches(url, platform, 200, 4)


def _figures(runs: list[Figures]) -> str:
    rate = statistics.median(run.per_second for run in runs)
    p50 = statistics.median(run.p50 for run in runs) * 1000
    p95 = statistics.median(run.p95 for run in runs) * 1000
    return f"{rate:.0f}/s  p50 {p50:.1f} ms  p95 {p95:.1f} ms"


def _ratio(pairs: list[tuple[Figures, Figures]]) -> str:
    return f"{statistics.median(ours.per_second / other.per_second for ours, other in pairs):.2f}"
