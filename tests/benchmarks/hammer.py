"""The long test: every cell equals the truth, whatever fails and whoever is killed.

What happens, and with which shortened times, is in ``tests.benchmarks.hammered``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.benchmarks.delivering import Place
from tests.benchmarks.launching import Row, sqlite
from tests.servers import postgres
from tests.servers.programs import NotInstalled

LONG = {"platforms": 20, "pupils": 1000, "submissions": 10_000, "seconds": 60}
STOPPED = {"platforms": 5, "pupils": 100, "submissions": 2000, "seconds": 30, "stop_for": 60}


def run(database: str, plan: Mapping[str, float]) -> Any:
    """Carry out a plan on an empty database; gives its figures and what was wrong."""
    place = Place(database)
    command = ("-m", "tests.benchmarks.hammered", json.dumps(plan))
    return json.loads(place.wait(place.start(*command)))


def measure() -> Iterator[Row]:
    """The long form, on both databases, and a worker that sleeps for a minute."""
    with sqlite() as database:
        yield _row("SQLite", LONG, database)
    try:
        with postgres.cluster() as cluster:
            with cluster.database() as database:
                yield _row("PostgreSQL", LONG, database)
            with cluster.database() as database:
                yield _row("PostgreSQL, one stopped for 60 s", STOPPED, database)
    except NotInstalled as error:
        yield "hammered, PostgreSQL", f"not measured: {error}"


def _row(where: str, plan: Mapping[str, float], database: str) -> Row:
    found = run(database, plan)
    faulty = found["faulty"] / found["answers"]
    killed = found["killed"] + found["submitters_killed"]
    words = (
        f"{found['seconds']:.0f} s  {found['accepted'] / found['seconds']:.0f} scores/s  "
        f"{killed} kills  {found['faulty']} faults ({faulty:.0%})  {len(found['wrong'])} wrong"
    )
    return f"hammered, {where}", words
