"""Short ways of writing a sheet for a test."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from worksheets.marking import GapMarks, GapResult, mark_gaps
from worksheets.markup.sheet import Bank, Gap, Sheet
from worksheets.words.key import Accepted, Anticipated, Mode
from worksheets.words.settings import Settings

EVERYDAY = Settings()
STRICT = Settings(spelling_counts=True)

BANK = (
    *("collectivisation", "Bukharin faction", "Fourth International", "Comintern"),
    *("Manchuria", "Abyssinia", "Rhineland", "Anti-Comintern Pact"),
)


def gap(
    *accepted: str | tuple[str, str],
    wrong: dict[str, str] | None = None,
    mode: Mode = Mode.TEXT,
    tolerance: str = "0",
    group: str = "",
    bank: int | None = None,
) -> Gap:
    """A gap; an accepted answer is its text, or its text with its weight."""
    answers = [(answer, "1") if isinstance(answer, str) else answer for answer in accepted]
    return Gap(
        key="",
        number=0,
        part=0,
        accepted=tuple(Accepted(text, Decimal(weight)) for text, weight in answers),
        anticipated=tuple(Anticipated(text, said) for text, said in (wrong or {}).items()),
        mode=mode,
        tolerance=Decimal(tolerance),
        group=group,
        bank=bank,
    )


def sheet(
    *gaps: Gap, settings: Settings = EVERYDAY, words: tuple[str, ...] = (), each_once: bool = False
) -> Sheet:
    """A sheet of these gaps, numbered g1, g2 ..."""
    numbered = tuple(
        replace(one, key=f"g{number}", number=number) for number, one in enumerate(gaps, 1)
    )
    banks = (Bank(words, each_once=each_once),) if words else ()
    return Sheet("A sheet", gaps=numbered, banks=banks, settings=settings)


def mark(worksheet: Sheet, *responses: str) -> GapMarks:
    """Mark the responses to g1, g2 ..."""
    return mark_gaps(worksheet, {f"g{n}": text for n, text in enumerate(responses, 1)})


def mark_one(
    one: Gap, response: str, settings: Settings = EVERYDAY, words: tuple[str, ...] = ()
) -> GapResult:
    """Mark the response to the only gap."""
    return mark(sheet(one, settings=settings, words=words), response).results[0]
