"""How well papers are read: gaps, banks, questions, headings, words, seconds and memory."""

from __future__ import annotations

import json
import os
import re
import resource
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

from tests import ROOT
from tests.benchmarks.launching import Row
from tests.worksheets.formats.paper import made
from tests.worksheets.formats.paper.files import Placed, docx, paragraph, placed_pdf, run
from worksheets.formats.paper import Imported, UnreadablePaper, read_paper, to_markup
from worksheets.markup import Heading
from worksheets.markup.inline import plain
from worksheets.questions import parse_sheet

# Papers that were handed to the project and are not part of it.
VARIABLE = "WORKSHEET_PAPERS"
HANDED = Path(os.environ.get(VARIABLE) or ROOT.parent / "shared" / "worksheets")

_TABLE_ROW = re.compile(r"^\| ([\w.-]+) \| (.*) \|$", re.MULTILINE)
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Expected:
    """What must come of a paper; None where that is not known. ``choices`` may be questions."""

    gaps: int
    bank: Sequence[str] | int | None = None
    questions: int = 0
    headings: Sequence[str] | None = None
    choices: int = 0
    key: bool = False


@dataclass
class Score:
    """What came of a paper beside what should have come of it."""

    name: str
    gaps: tuple[int, int] = (0, 0)
    terms: tuple[int, int] = (0, 0)
    banks_right: bool = True
    questions: tuple[int, int] = (0, 0)
    questions_right: bool = True
    headings: tuple[int, int, int] = (0, 0, 0)
    lost: list[str] = field(default_factory=list)
    seconds: float = 0.0
    error: str = ""
    key: tuple[bool, bool] = (True, False)

    @property
    def gaps_right(self) -> bool:
        return self.gaps[0] == self.gaps[1] and not self.error

    @property
    def is_right(self) -> bool:
        right = self.gaps_right and self.banks_right and self.questions_right
        return right and not self.lost and self.key[0] == self.key[1]

    @property
    def false_gaps(self) -> int:
        return max(self.gaps[0] - self.gaps[1], 0)

    def __str__(self) -> str:
        if self.error:
            return f"{self.name:<34} {self.error}"
        marks = "".join(
            " " if right else "!"
            for right in (self.gaps_right, self.banks_right, self.questions_right)
        )
        found, true, wrong = self.headings
        lost = f"  lost {len(self.lost)}: {' '.join(self.lost[:6])}" if self.lost else ""
        key = "" if self.key[0] == self.key[1] else "  key!"
        return (
            f"{self.name:<34}{marks} gaps {self.gaps[0]:>2}/{self.gaps[1]:<2}"
            f" terms {self.terms[0]:>2}/{self.terms[1]:<2}"
            f" questions {self.questions[0]:>2}/{self.questions[1]:<2}"
            f" headings {found}/{true}+{wrong} {self.seconds:5.2f} s{key}{lost}"
        )


def measure() -> Iterator[Row]:
    """Yield the figures of the handed papers and of those made here, apart."""
    handed = list(handed_papers())
    if handed:
        yield from _figures("papers, handed", [score(*paper) for paper in handed])
        yield from _figures("papers, laid out anew", [score(*paper) for paper in laid_out(handed)])
    else:
        yield "papers, handed", f"left out: there are none at {HANDED} (set {VARIABLE})"
    yield from _figures("papers, made here", [_score_made(paper) for paper in made.papers()])


def _score_made(paper: made.MadePaper) -> Score:
    expected = Expected(
        paper.gaps, paper.terms, paper.questions, choices=paper.choices, key=bool(paper.key)
    )
    return score(paper.name, paper.data, expected)


def handed_papers() -> Iterator[tuple[str, bytes, Expected]]:
    """Yield the handed papers with what must come of them."""
    for path in sorted((HANDED / "expected").glob("*.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        stem = path.name.removesuffix(".expected.json")
        pattern = f"{stem.removeprefix('00-')}*" if stem.startswith("00-") else f"{stem}.*"
        for paper in HANDED.glob(pattern):
            yield paper.name, paper.read_bytes(), _read_expected(expected)
    folder = HANDED / "made"
    if (folder / "README.md").exists():
        for name, cells in _TABLE_ROW.findall((folder / "README.md").read_text(encoding="utf-8")):
            if (folder / name).exists():
                gaps, bank, questions, _rest = cells.split(" | ")
                yield name, (folder / name).read_bytes(), _read_row(gaps, bank, questions)


def laid_out(
    papers: Iterable[tuple[str, bytes, Expected]],
) -> Iterator[tuple[str, bytes, Expected]]:
    """Yield the text papers as Word, PDF and RTF files: a paragraph or a line for each line."""
    for name, data, expected in papers:
        if not name.endswith(".txt"):
            continue
        lines = data.decode().replace("\f", "\n").split("\n")
        paragraphs = [paragraph(run(escape(line))) for line in lines]
        yield f"{name}.docx", docx(*paragraphs), expected
        plain = [line.encode("cp1252", "replace").decode("cp1252") for line in lines]
        wrapped = [part for line in plain for part in _wrapped(line)]
        pages = [wrapped[at : at + 50] for at in range(0, len(wrapped), 50)]
        placed: list[Placed] = [
            ([(50, 800 - 14 * n, line) for n, line in enumerate(page) if line.strip()], [])
            for page in pages
        ]
        yield f"{name}.pdf", placed_pdf(placed), replace(expected, headings=None)
        body = "\\par ".join("".join(_rtf(char) for char in line) for line in lines)
        yield f"{name}.rtf", f"{{\\rtf1\\ansi {body}}}".encode("ascii"), expected


def _wrapped(line: str) -> list[str]:
    """Cut a long line as a page does, its inner spaces kept."""
    parts = []
    while len(line) > 115 and (cut := line.rfind(" ", 1, 115)) > 0:
        parts.append(line[:cut])
        line = line[cut + 1 :]
    return [*parts, line]


def _rtf(char: str) -> str:
    if char in "\\{}":
        return f"\\{char}"
    return char if char.isascii() else f"\\u{ord(char)}?"


def _read_expected(row: dict[str, Any]) -> Expected:
    choices = sum(int(row.get(name, 0)) for name in ("true_false", "odd_one_out", "matching_items"))
    return Expected(
        gaps=row["gaps"],
        bank=row["bank"],
        questions=row["written_questions"],
        headings=row["headings"],
        choices=choices + sum(bool(count) for count in row.get("sub_options", ())),
    )


def _read_row(gaps: str, bank: str, questions: str) -> Expected:
    def first(cell: str) -> int:
        number = _NUMBER.search(cell)
        return int(number[0]) if number else 0

    slots = re.search(r"([0-9]+) true-or-false", gaps)
    choices = int(slots[1]) if slots else 0
    terms: Sequence[str] | int
    terms = [term.strip() for term in bank.split(":")[0].split(",")] if ":" in bank else first(bank)
    return Expected(first(gaps) - choices, terms or None, first(questions), choices=choices)


def score(name: str, data: bytes, expected: Expected) -> Score:
    """Return what comes of a paper."""
    result = Score(name)
    begin = time.perf_counter()
    try:
        text = read_paper(name, data)
        imported = to_markup(text)
    except UnreadablePaper as error:
        result.error = str(error)
        return result
    result.seconds = time.perf_counter() - begin
    sheet = parse_sheet(imported.source)
    result.gaps = (len(sheet.gaps), expected.gaps)
    found = [word.casefold() for bank in sheet.banks for word in bank.words]
    if isinstance(expected.bank, int):
        result.terms = (min(len(found), expected.bank), expected.bank)
        result.banks_right = len(found) == expected.bank
    else:
        wanted = [word.casefold() for word in expected.bank or ()]
        common = sum((Counter(found) & Counter(wanted)).values())
        result.terms = (common, len(wanted))
        result.banks_right = common == len(wanted) == len(found)
    questions = len(sheet.questions)
    result.questions = (questions, expected.questions)
    result.questions_right = (
        expected.questions <= questions <= expected.questions + expected.choices
    )
    if expected.headings is not None:
        titles = [
            _letters(plain(block.children)) for block in sheet.blocks if isinstance(block, Heading)
        ]
        wanted = [_letters(title) for title in expected.headings]
        right = sum((Counter(titles) & Counter(wanted)).values())
        result.headings = (right, len(wanted), len(titles) - right)
    result.lost = lost_words(text, imported)
    result.key = (bool(getattr(imported, "printed_key", {})), expected.key)
    return result


def lost_words(text: str, imported: Imported) -> list[str]:
    """Return the words of a paper that neither its markup nor a caution has."""
    kept = [imported.source, getattr(imported, "key_text", "")]
    kept += [str(caution.message) for caution in imported.warnings]
    text = re.sub(r"<[^<>]{1,80}>|\\[a-z]+(?:\{\\?[a-z0-9.]+\{?[a-z0-9]*\}*)?|\[blank\]", " ", text)
    left = Counter(_words(text)) - Counter(_words("\n".join(kept)))
    whole = _letters("".join(kept))
    return [word for word in left.elements() if word not in whole]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[^\W_]+", text)]


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", text)).casefold()


def _figures(name: str, scores: Iterable[Score]) -> Iterator[Row]:
    rows = list(scores)
    for row in rows:
        if not row.is_right or "handed" in name or "anew" in name:
            print(row)
    seconds = sorted(row.seconds for row in rows)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    have_bank = [row for row in rows if row.terms[1]]
    yield (
        f"{name}: every gap right, none false",
        f"{sum(r.gaps_right for r in rows)} of {len(rows)}",
    )
    yield f"{name}: false gaps", str(sum(row.false_gaps for row in rows))
    terms = (sum(row.terms[0] for row in rows), sum(row.terms[1] for row in rows))
    yield f"{name}: terms of banks", f"{terms[0]} of {terms[1]}"
    yield (
        f"{name}: banks wholly right",
        f"{sum(r.banks_right for r in have_bank)} of {len(have_bank)}",
    )
    yield (
        f"{name}: questions",
        f"right on {sum(row.questions_right for row in rows)} of {len(rows)}",
    )
    right, wanted, wrong = (sum(row.headings[at] for row in rows) for at in range(3))
    yield f"{name}: headings", f"{right} of {wanted}, {wrong} besides"
    yield f"{name}: words lost", str(sum(len(row.lost) for row in rows))
    yield (
        f"{name}: seconds, memory of the reader",
        f"median {seconds[len(seconds) // 2]:.2f} s, at most {seconds[-1]:.2f} s, {memory} MB",
    )


if __name__ == "__main__":
    for title, figure in measure():
        print(f"{title:<52}  {figure}")
