"""The names of what a statement can be: 'true' and 'false', perhaps 'not given'."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .languages import LANGUAGES, pattern

Verdicts = tuple[str, ...]  # two names, or three with that of 'not given'
MIN_WORD = 4  # letters of a name of the third column; fewer stand for it

ENGLISH: Verdicts = LANGUAGES["en"].verdicts

PAIRS = [
    pair
    for language in LANGUAGES.values()
    for pair in (language.verdicts, *language.other_verdicts)
    if pair[0]
]
_SHORT_THIRD = r"N\.?\s?(?:[A-Z]\.?\s?){0,2}|DS|\?"
_NOT_GIVEN = pattern("not_given")
THIRD = rf"(?:{_NOT_GIVEN.pattern}|{_SHORT_THIRD})"  # 'not given' in any words
_BETWEEN = r"(?:[|/,;\s☐□]|\[ ?\]|\( ?\))+"


def _one_of(at: int) -> str:
    names = {name for pair in PAIRS for name in (pair[at], pair[at][:1])}
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


# The head of columns to tick in: 'richtig | falsch | nicht im Text', 'Sentence    T    F'.
_HEAD = re.compile(
    rf"(?:\A|(?<=\s\s)|(?<=[\t|])|(?<=\|\s))[^\w\s]{{0,3}}(?P<true>{_one_of(0)}){_BETWEEN}(?P<false>{_one_of(1)})"
    rf"(?:{_BETWEEN}(?P<third>{THIRD}))?[\s|:]*\Z",
    re.IGNORECASE,
)
_BOX = r"(?:[☐□]\s*|\[ ?\]\s*|\( ?\)\s*)?"
# 'T   F   1. Bees sleep.'
STARTS_WITH_VERDICTS = re.compile(
    rf"{_BOX}(?:{_one_of(0)})(?:\s{{2,}}|\s?/\s?|\s(?=\S\s)){_BOX}(?:{_one_of(1)})(?:\s{{2,}}|\s(?=[0-9(]))",
    re.IGNORECASE,
)
# 'V (verdadero) o F (falso)': the two words with little between them.
_NAMED = [
    (
        pair,
        re.compile(
            rf"(?<!\w){re.escape(pair[0])}\w{{0,2}}\W{{1,4}}(?:\w{{1,4}}\W{{1,4}}){{0,3}}"
            rf"{re.escape(pair[1])}",
            re.IGNORECASE,
        ),
    )
    for pair in PAIRS
]
# 'TRUE  if the text says so': a line that explains a verdict.
LEGEND = re.compile(
    rf"(?P<name>{'|'.join(re.escape(name) for pair in PAIRS for name in pair)}"
    rf"|{_NOT_GIVEN.pattern})(?:\s{{2,}}|\t|\s?[=:–-]\s)(?=\w)",
    re.IGNORECASE,
)
_USUAL = {language.verdicts for language in LANGUAGES.values()}
_SLOT_NAMES = {"ng", "nm", "ds", "nit", "n", "?"}


def are_named(text: str) -> bool:
    """Return whether a text has the two words by which some language calls true and false.

    'Yes' and 'no' are said of much else.
    """
    return any(form.search(text) for pair, form in _NAMED if pair in _USUAL)


def verdicts_of(text: str, marks: Verdicts | None = None) -> Verdicts:
    """Return what a task calls 'true' and 'false', and 'not given' if it speaks of that.

    ``marks`` are those that stand at its statements, for a task that names none.
    """
    third = _NOT_GIVEN.search(text)
    named = (" ".join(third[0].split()).lower(),) if third else ()
    for pair, form in _NAMED:
        if form.search(text):
            return (*pair, *named)
    for language in LANGUAGES.values():
        if any(re.search(part, text, re.IGNORECASE) for part in language.true_false):
            return (*language.verdicts, *named)
    if marks and marks[:2] != ("t", "f"):
        return tuple(mark.upper() if len(mark) == 1 else mark for mark in marks)
    return (*ENGLISH, *named)


def read_legend(lines: Sequence[str]) -> Verdicts | None:
    """Return the verdicts that lines explain, one a line; None if they are not two or three."""
    found = [match["name"].lower() for line in lines if (match := LEGEND.match(line))]
    return tuple(found) if tuple(found[:2]) in PAIRS and len(found) < 4 else None


def read_head(text: str) -> tuple[str, Verdicts] | None:
    """Return what stands before the names of columns at the end of a line, and those names.

    None for a line that does not end with such names. One letter may stand for each.
    """
    found = _HEAD.search(text)
    if found is None:
        return None
    true, false = found["true"].lower(), found["false"].lower()
    is_short = len(true) == len(false) == 1 and (true, false) not in PAIRS
    belong = [
        pair
        for pair in PAIRS
        if (true, false) == pair or (is_short and (true, false) == (pair[0][:1], pair[1][:1]))
    ]
    third = found["third"]
    if not belong or (third and not is_short and not _NOT_GIVEN.fullmatch(third)):
        return None
    return text[: found.start()].strip(" |"), (true, false, *([third.lower()] if third else ()))


def is_head(text: str) -> bool:
    """Return whether a line has nothing but the names of columns to tick in."""
    found = read_head(text)
    return found is not None and not found[0]


def settle(named: Verdicts, head: Verdicts | None) -> Verdicts:
    """Return the names that a task has, or the whole words of the columns below it."""
    if head is None:
        return named
    pair = head[:2] if len(head[0]) > 1 or head[:2] in PAIRS else named[:2]
    if len(head) == 2:
        return pair
    return (*pair, *(named[2:] or head[2:] if len(head[2]) < MIN_WORD else head[2:]))


def place_of(answer: str, names: Verdicts) -> int | None:
    """Return which verdict a printed answer is: 0 true, 1 false, 2 not given; None for another."""
    word = " ".join(answer.strip(" .;,()").split()).lower()
    for at, name in enumerate(names):
        if word == name or (at < 2 and len(word) == 1 and word == name[:1]):
            return at
    if len(names) > 2 and (_NOT_GIVEN.fullmatch(word) or word.replace(".", "") in _SLOT_NAMES):
        return 2
    for at in (0, 1):
        if any(word in (pair[at], pair[at][:1]) for pair in PAIRS):
            return at
    return None
