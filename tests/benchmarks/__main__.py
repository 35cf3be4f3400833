"""The benchmarks: ``make bench``. Prints a table, writes .data/benchmarks.json."""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin

from tests import ROOT
from tests.benchmarks import (
    classes,
    delivering,
    growing,
    hammer,
    hostile,
    launching,
    marking,
    papers,
    previews,
    remarking,
    servers,
    starting,
)
from tests.benchmarks.launching import Row
from tests.benchmarks.platform import Platform
from tests.benchmarks.visits import Visitor, quantile
from tests.weight import ENCODINGS, Get, weigh
from worksheets.questions import parse_sheet

WIDTH = 52


def main() -> int:
    """Measure everything, one after the other, on the same machine."""
    platform = Platform().start()
    rows: list[Row] = []
    for row in measure_all(platform):
        rows.append(row)
        sys.stdout.write(f"{row[0]:<{WIDTH}}  {row[1]}\n")
        sys.stdout.flush()
    out = ROOT / ".data" / "benchmarks.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(dict(rows), indent=1) + "\n")
    return 0


def measure_all(platform: Platform) -> Iterator[Row]:
    """Rows as they come. No launch may fail: the first that does ends it all."""
    yield from launching.measure(platform)
    yield from launching.measure_growth(platform)
    yield from starting.measure(platform)
    with launching.sqlite() as database, servers.tool(platform, database) as tool:
        yield from measure_grades(tool, platform)
        yield from measure_weight(tool, platform)
    yield from delivering.measure()
    yield from hammer.measure()
    yield from measure_cores()
    yield from previews.measure()
    yield from classes.measure()
    yield from marking.measure()
    yield from remarking.measure(platform)
    yield from growing.measure()
    yield from papers.measure()
    yield from hostile.measure()


def measure_grades(tool: str, platform: Platform) -> list[Row]:
    """Thirty pupils submit at once: from the click to the score's arrival."""
    pupils = [f"grade-{number}" for number in range(30)]
    begun: dict[str, float] = {}

    def ready(pupil: str) -> tuple[str, Visitor, str, dict[str, str]]:
        visitor = Visitor(tool)
        path = visitor.launch(platform, pupil)
        edition = re.search(r'name="edition" value="(\d+)"', visitor.body)
        form = {"edition": edition[1] if edition else "", "g1": "collectivisation"}
        visitor.request("POST", f"{path}answers/", form)
        return pupil, visitor, path, form

    def hand_in(prepared: tuple[str, Visitor, str, dict[str, str]]) -> None:
        pupil, visitor, path, form = prepared
        begun[pupil] = time.perf_counter()
        visitor.request("POST", f"{path}submit/", {"edition": form["edition"]})
        visitor.close()

    with ThreadPoolExecutor(30) as people:
        prepared = list(people.map(ready, pupils))
        list(people.map(hand_in, prepared))
    end = time.monotonic() + 60
    while len(platform.arrivals.at) < len(pupils) and time.monotonic() < end:
        time.sleep(0.01)
    waits = sorted(platform.arrivals.at[pupil] - begun[pupil] for pupil in pupils)
    p50, p95 = quantile(waits, 0.5) * 1000, quantile(waits, 0.95) * 1000
    tokens = f"{len(platform.asked_for('token'))} token request(s)"
    return [("submit to gradebook, 30 at once", f"p50 {p50:.0f} ms  p95 {p95:.0f} ms  {tokens}")]


def measure_weight(tool: str, platform: Platform) -> Iterator[Row]:
    """The pages that are opened most, with all that they load: thirty pupils have submitted."""
    pupil, teacher = Visitor(tool), Visitor(tool)
    sheet = pupil.launch(platform, "weight")
    home = teacher.launch(platform, "teacher", "Instructor")
    teacher.request("GET", f"{home}class/")
    attempt = re.search(r'href="([^"]*/class/\d+/)"', teacher.body)
    assert attempt
    yield "weight of a sheet to fill in", str(weigh(loader(pupil), urljoin(tool, sheet)))
    yield "weight of the class page", str(weigh(loader(teacher), urljoin(tool, f"{home}class/")))
    yield "weight of the marking page", str(weigh(loader(teacher), urljoin(tool, attempt[1])))


def loader(visitor: Visitor) -> Get:
    """What asks as a browser of theirs does that has nothing yet."""

    def get(address: str) -> tuple[str, bytes]:
        request = urllib.request.Request(address)
        request.add_header("Accept-Encoding", ENCODINGS)
        request.add_header("Cookie", "; ".join(f"{k}={v}" for k, v in visitor.cookies.items()))
        with urllib.request.urlopen(request) as answer:
            return answer.headers.get("Content-Encoding", ""), answer.read()

    return get


def measure_cores() -> list[Row]:
    """Parsing, rendering and marking the sample, without any server."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from worksheets.marking import mark_gaps
    from worksheets.rendering import render_sheet
    from worksheets.rendering.document import PictureFile
    from worksheets.rendering.filling import Filling

    source = (ROOT / "worksheets" / "samples" / "terror.md").read_text()
    sheet = parse_sheet(source)
    picture = PictureFile("/picture", 640, 480)
    right = {gap.key: gap.accepted[0].text for gap in sheet.gaps}

    def render() -> Any:
        return render_sheet(sheet, Filling(sheet, {}, {}, lambda _: picture).widgets)

    marking = timed(lambda: mark_gaps(sheet, right))
    return [
        ("marking, attempts of 8 gaps", f"{1 / marking:.0f}/s"),
        ("parsing the sample", f"{timed(lambda: parse_sheet(source)) * 1000:.2f} ms"),
        ("rendering the sample to fill in", f"{timed(render) * 1000:.2f} ms"),
    ]


def timed(work: Callable[[], Any]) -> float:
    """Seconds for one call: the median of seven runs of at least a tenth of a second."""
    runs = []
    for _ in range(7):
        count, begin = 0, time.perf_counter()
        while time.perf_counter() - begin < 0.1:
            work()
            count += 1
        runs.append((time.perf_counter() - begin) / count)
    return statistics.median(runs)


if __name__ == "__main__":
    raise SystemExit(main())
