"""How long pupils' saves take while a class is marked again, beside the same without that.

A real gunicorn serves the pupils, and one of its processes does the job. Alone, on one database:
``python -m tests.benchmarks.remarking sqlite|postgresql [ATTEMPTS]``.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

from tests.benchmarks import servers
from tests.benchmarks.delivering import Place
from tests.benchmarks.launching import Row, sqlite
from tests.benchmarks.platform import Platform
from tests.benchmarks.visits import Visitor, quantile
from tests.servers.postgres import cluster
from tests.servers.programs import NotInstalled

ATTEMPTS = 10_000
PUPILS = 6  # who write meanwhile
PAUSE = 0.4  # seconds between two saves of one of them
ALONE = 30.0  # seconds of the saves that nothing disturbs
MODULE = "tests.benchmarks.remarked"


def measure(platform: Platform, attempts: int = ATTEMPTS) -> Iterator[Row]:
    """Yield the rows of both databases."""
    with sqlite() as database:
        yield from _measure("SQLite", platform, database, attempts)
    try:
        with cluster(durable=True) as made:
            yield from _measure("PostgreSQL", platform, made.url(), attempts)
    except NotInstalled as error:
        yield "re-marking on PostgreSQL", f"not measured: {error}"


@dataclass
class Pupil:
    """Somebody who writes: saves an answer again and again, and notes how long each took."""

    visitor: Visitor
    path: str
    edition: str
    number: int
    saves: int = 0
    waits: list[tuple[float, float]] = field(default_factory=list)  # when it was sent, seconds

    @classmethod
    def arrive(cls, tool: str, platform: Platform, number: int) -> Pupil:
        """Launch, and open the sheet."""
        visitor = Visitor(tool)
        path = visitor.launch(platform, f"writing-{number}")
        edition = re.search(r'name="edition" value="(\d+)"', visitor.body)
        assert edition
        return cls(visitor, path, edition[1], number)

    def write(self, end: Event) -> None:
        """Save until the event."""
        while not end.wait(PAUSE):
            self.saves += 1
            numbers = {"device": f"d{self.number}", "sent": str(self.saves)}
            said = "The fear of war made haste seem necessary. " * self.saves
            form = {"edition": self.edition, "q2": said[-600:].strip(), **numbers}
            began, before = time.time(), self.visitor.seconds
            self.visitor.request("POST", f"{self.path}answers/", form)
            self.waits.append((began, self.visitor.seconds - before))


def _measure(where: str, platform: Platform, database: str, attempts: int) -> Iterator[Row]:
    with servers.tool(platform, database) as tool:
        place = Place(database)
        pupils = [Pupil.arrive(tool, platform, number) for number in range(PUPILS)]
        place.wait(place.start("-m", MODULE, "fill", str(attempts)))
        end = Event()
        with ThreadPoolExecutor(PUPILS) as people:
            writing = [people.submit(pupil.write, end) for pupil in pupils]
            try:
                time.sleep(ALONE)
                begun = time.time()
                place.wait(place.start("-m", MODULE, "start"))
                done = json.loads(place.wait(place.start("-m", MODULE, "wait")))
                ended = time.time()
            finally:
                end.set()
            for one in writing:
                one.result()
    assert (done["state"], done["right"]) == ("done", attempts), done
    waits = [wait for pupil in pupils for wait in pupil.waits]
    what = f"saves, {where}, {PUPILS} pupils write"
    yield what, _words([seconds for at, seconds in waits if at < begun])
    taken_up = ended - done["seconds"]
    meanwhile = [seconds for at, seconds in waits if taken_up <= at < ended]
    yield f"{what}, re-mark", _words(meanwhile)
    yield (
        f"re-marking {attempts} attempts, {where}",
        f"{done['seconds']:.0f} s  {done['changed']} pupils' marks changed",
    )


def _words(waits: list[float]) -> str:
    waits.sort()
    p50, p99 = (quantile(waits, share) * 1000 for share in (0.5, 0.99))
    slow = sum(wait >= 0.2 for wait in waits)
    return (
        f"p50 {p50:.0f} ms  p99 {p99:.0f} ms  worst {waits[-1] * 1000:.0f} ms"
        f"  {slow} of {len(waits)} above 200 ms"
    )


def main() -> int:
    """Print the rows of this alone."""
    where, *rest = sys.argv[1:]
    attempts = int(rest[0]) if rest else ATTEMPTS
    platform = Platform().start()
    if where == "sqlite":
        with sqlite() as database:
            rows = list(_measure("SQLite", platform, database, attempts))
    else:
        with cluster(durable=True) as made:
            rows = list(_measure("PostgreSQL", platform, made.url(), attempts))
    for name, words in rows:
        sys.stdout.write(f"{name:<52}  {words}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
