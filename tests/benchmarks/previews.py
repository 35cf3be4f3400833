"""How long a teacher's page waits: for the editor's preview of many pages, and for one press on
the page of answers, of the largest sheet that can be published.
"""

from __future__ import annotations

import itertools
import os
import statistics
import time
from collections.abc import Callable, Iterator

from tests.benchmarks.launching import Row

PAGES = 20
RUNS = 7
GAPS, BOXES = 8, 2  # of a page
LARGEST, ANSWERS = 2000, 6  # gaps of a sheet; answers of each, right and as many wrong

_SENTENCE = (
    "The farms of the district went through ___collectivisation {n} | collectivization {n}___"
    " in those years, which *nobody* had expected so early, and the harvest was poor. "
)
_FILLER = (
    "People in the towns read little of it in their newspapers, and what they read was written"
    " by those who had never seen a village.\n"
)


def sheet(pages: int = PAGES) -> str:
    """A worksheet that fills so many pages of paper: text, gaps with their banks, questions."""
    return "# A long worksheet\n\n" + "".join(map(_page, range(pages)))


def _page(number: int) -> str:
    gaps = range(number * GAPS, (number + 1) * GAPS)
    text = "\n".join(_SENTENCE.format(n=n) + ("\n" if n % 2 else "") for n in gaps)
    bank = " | ".join(f"collectivisation {n}" for n in gaps)
    boxes = "".join(
        f"{n}. Why did it come to that, and who gained by it?\n\n??? 6 marks, 40-120 words\n"
        "model: The plan asked for more grain than there was.\nrubric: 2 marks for each reason\n\n"
        for n in range(1, BOXES + 1)
    )
    return f"## Part {number + 1}\n\n{text}\n{_FILLER * 4}\n[[ {bank} ]]\n\n{boxes}"


def measure() -> Iterator[Row]:
    """Yield how long a preview takes, and how that grows."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from worksheets.questions import parse_sheet

    source, longer = sheet(), sheet(2 * PAGES)
    # Each run reads another text: those that were read last are kept.
    numbers = itertools.count()
    read = _median(lambda: parse_sheet(f"{source}{next(numbers)}"))
    whole = _median(lambda: _preview(f"{source}{next(numbers)}"))
    twice = _median(lambda: _preview(f"{longer}{next(numbers)}"))
    pages = f"{PAGES} pages, {len(source) / 1000:.0f} kB"
    yield (
        f"preview of {pages}",
        f"{whole * 1000:.0f} ms, {whole / read:.2f} times reading it; twice as long: x"
        f" {twice / whole:.2f}",
    )
    largest = _largest()
    first = _median(lambda: parse_sheet(f"{largest}{next(numbers)}"))
    pressed = _median(lambda: _press(f"{largest}{next(numbers)}"))
    yield (
        f"a press on {LARGEST} gaps of {2 * ANSWERS} answers, {len(largest) / 1000:.0f} kB",
        f"{pressed * 1000:.0f} ms, {pressed / first:.2f} times reading it",
    )


def _largest() -> str:
    def gap(number: int) -> str:
        right = [f"a{number}{n}" for n in range(ANSWERS)]
        return f"___{' | '.join([*right, *(f'!{n}' for n in range(ANSWERS))])}___"

    return "".join(f"L {gap(number)} h.\n" for number in range(LARGEST))


def _press(source: str) -> object:
    """Write one answer as the page of answers does, and read what has become of the text."""
    from worksheets.questions import keying, parse_sheet

    return parse_sheet(keying.write_words(source, {"g5": "another"}))


def _preview(source: str) -> object:
    """Do what the view does, without a database: all but the request and the pictures."""
    from django.template.loader import render_to_string

    from worksheets.views.authoring.editor import shown_sheet

    context = shown_sheet(source, lambda _name: None)
    return render_to_string("worksheets/authoring/preview.html", {**context, "is_preview": True})


def _median(work: Callable[[], object]) -> float:
    def seconds() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    seconds()
    return statistics.median(seconds() for _run in range(RUNS))
