"""What hostile files cost: seconds and peak memory of each, read by the guarded program.

Each file is read by a process of its own, so that its peak is not that of another one.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.benchmarks.launching import Row
from tests.worksheets.formats.paper.files import Placed, placed_pdf
from tests.worksheets.formats.test_hostile import FILES, MAX_MEMORY_BYTES
from worksheets.formats.paper import UnreadablePaper, read_paper, to_markup

MAX_SECONDS = 20
_PEAK = re.compile(r"VmHWM:\s+([0-9]+) kB")
PAGES = "pdf, 50 pages of work"
PAGES_SECONDS = 5


def measure() -> Iterator[Row]:
    """Yield the seconds, the memory and the sentence of each hostile file, and a long paper."""
    over = []
    for kind in [*FILES, PAGES]:
        command = [sys.executable, "-m", "tests.benchmarks.hostile", kind]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds, megabytes, sentence = said.strip().split(" ", 2)
        most = PAGES_SECONDS if kind == PAGES else MAX_SECONDS
        if float(seconds) > most or float(megabytes) * 1_000_000 > MAX_MEMORY_BYTES:
            over.append(kind)
        yield f"hostile: {kind}", f"{float(seconds):5.2f} s {megabytes:>4} MB  {sentence}"
    yield "hostile: over 20 s or 512 MB, or 50 pages over 5 s", ", ".join(over) or "none"


def read(kind: str) -> str:
    """Return seconds, the peak of whoever read the file in megabytes, and what is said of it."""
    if kind == PAGES:
        name, data = "a.pdf", placed_pdf([_page(number) for number in range(50)])
    else:
        name, make = FILES[kind]
        data = make()
    peaks, is_done = [0], threading.Event()
    watching = threading.Thread(target=_watch, args=(peaks, is_done))
    watching.start()
    begin = time.perf_counter()
    try:
        sheet = to_markup(read_paper(name, data))
        said = f"read, {len(sheet.source)} characters"
    except UnreadablePaper as error:
        said = str(error)
    seconds = time.perf_counter() - begin
    is_done.set()
    watching.join()
    # A text, and what is no file of its kind, is read without another program.
    peak = max(peaks) or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{seconds:.2f} {peak // 1000} {said}"


def _watch(peaks: list[int], is_done: threading.Event) -> None:
    """Add the peaks of the programs that this one runs, in kilobytes, as they are on Linux.

    What the system counts for a program that has ended begins with the size of who started it.
    """
    children = Path("/proc/self/task").glob("*/children")
    tasks = list(children)
    while not is_done.wait(0.01):
        for task in tasks:
            for pid in task.read_text().split():
                with suppress(OSError):
                    status = Path(f"/proc/{pid}/status").read_text()
                    command = Path(f"/proc/{pid}/cmdline").read_bytes()
                    if b"extract" in command and (found := _PEAK.search(status)):
                        peaks.append(int(found[1]))


def _page(number: int) -> Placed:
    """A page of sentences with drawn lines as gaps, and a foot."""
    lines = [
        (
            60,
            790 - 16 * row,
            f"{row + 1}. Bees of hive {number} get              in field {row}.",
        )
        for row in range(44)
    ]
    drawn = [(190, 788 - 16 * row, 250, 788 - 16 * row) for row in range(44)]
    return [*lines, (60, 30, f"Bees - {number + 1}")], drawn


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(read(sys.argv[1]))
    else:
        for title, figure in measure():
            sys.stdout.write(f"{title:<52}  {figure}\n")
