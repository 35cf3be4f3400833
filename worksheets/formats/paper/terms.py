"""The terms of a word bank: its lines are cut at signs, or by what the words look like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from .languages import words

MIN_TERMS = 2
MAX_TERMS = 100
MAX_WORDS_IN_TERM = 6
MAX_TERM_LENGTH = 60
MAX_SMALL = 0.2  # of the words of a bank
MAX_CUT_WORDS = 80  # of a bank without signs between its terms

_TOKEN = re.compile(r"[\w-]+")
_STRONG = (
    r"\s*[|•▪◦●■♦★☆‣¦]\s*",
    r"\s*;\s*",
    r"\s+[—–·]\s+|\s*·\s*",
    r"\s+[/\\]\s+",
    r"\s+\*\s+",
    r"\t+|\s{2,}",
)
_WEAK = (r"\s*[,،、，]\s*", r"\s+-\s+", r"(?<=[^\W\d_])\s*/\s*(?=[^\W\d_])", r"\s*[—–]\s*")
_SEPARATORS = (_STRONG[0], _STRONG[1], _STRONG[2], _STRONG[3], _STRONG[4], _STRONG[5], *_WEAK)
_WRAPPED = (
    re.compile(r"\[([^\[\]]{1,60})\]"),
    re.compile(r"\(([^()]{1,60})\)"),
    re.compile(r"[“„«\"]([^“”„«»\"]{1,60})[”“»\"]"),
    re.compile(r"[‘‚']([^‘’‚']{1,60})[’‘'](?!\w)"),
)
_BRACKETED = re.compile(r"[(\[{]([^()\[\]{}]+)[)\]}]|（([^（）]+)）")
_NUMBERED = re.compile(r"(?:^|(?<=\s))\(?(?:[0-9]{1,2}|[a-zA-Z])[.)]\s+")
_EDGE = re.compile(r"\A[\s\-–—•·*▪]+(?=\w)|[\s,;،、，]+\Z")
_EMPHASIS = re.compile(r"\A(?:\\?[`*])+(?=\S)|(?<=\S)(?:\\?[`*])+\Z")
_ORDINAL = re.compile(r"first|second|third|fourth|fifth|great|new|old|national|\w+-\w+")
_LAST_WORD = re.compile(  # the last word of a name: 'Warsaw Pact', 'Enabling Act'
    r"pact|treaty|war|act|plans?|party|revolution|international|front|army|league|union|trials?"
    r"|conference|agreement|republic|empire|wall|law|laws|crisis|movement|polic(?:y|ies)|reforms?"
    r"|declaration|platform|congress|battle|march|system|alliance|constitution|doctrine"
)
_SMALL = words("small")
_PARTICLES = words("particles")


class WordCounts:
    """The counts of words and of pairs of neighbouring words in a text."""

    def __init__(self, text: str) -> None:
        tokens = _TOKEN.findall(text)
        self.words = Counter(tokens)
        self.pairs = Counter(pairwise(tokens))


def clean(term: str) -> str:
    """Return a term without what only separates it from others."""
    plain = _EMPHASIS.sub("", term.strip())
    return " ".join(_EDGE.sub("", plain).split())


def are_terms(terms: Sequence[str], least: int = MIN_TERMS) -> bool:
    """Return whether texts are short enough, and enough, to be the terms of a bank."""
    return least <= len(terms) <= MAX_TERMS and all(
        any(char.isalnum() for char in term)
        and len(term) <= MAX_TERM_LENGTH
        and len(term.split()) <= MAX_WORDS_IN_TERM
        and "__" not in term
        for term in terms
    )


def is_prose(text: str) -> bool:
    """Return whether a text has as many small words as sentences have."""
    tokens = text.split()
    return sum(token.casefold() in _SMALL for token in tokens) > MAX_SMALL * len(tokens)


def separated(rows: Sequence[str], least: int = 3) -> list[str]:
    """Return the terms between the signs that separate them on lines, [] without such signs."""
    lines = [row.strip() for row in rows if row.strip()]
    if not lines:
        return []
    lines[-1] = re.sub(r"(?<=[^\W_])\s*[.。]\Z", "", lines[-1])
    if len(lines) == 1 and (bracketed := _BRACKETED.fullmatch(lines[0])):
        lines = [bracketed[1] or bracketed[2]]
    text = " ".join(lines)
    for form in _WRAPPED:
        found = form.findall(text)
        rest = form.sub("", text)
        if len(found) >= least and not re.search(r"\w", rest):
            return [clean(term) for term in found if clean(term)]
    marked = [clean(part) for part in _NUMBERED.split(text) if part.strip()]
    if _NUMBERED.match(text) and len(marked) >= least:
        return marked
    for separator in _SEPARATORS:
        # A term may go on in the next line where commas are between them.
        texts = [text] if separator == _WEAK[0] else lines
        parts = [clean(part) for row in texts for part in re.split(separator, row)]
        terms = [part for part in parts if part]
        if len(terms) > len(texts) and len(terms) >= least:
            return terms
    if len(lines) >= least and all(len(line.split()) <= 4 for line in lines):
        shortest = sorted(len(line.split()) for line in lines)
        if shortest[len(lines) // 2] <= 3:
            return [clean(line) for line in lines]
    return []


def split_terms(rows: Sequence[str], gaps: int, counts: WordCounts) -> list[str]:
    """Split the lines of a bank into terms; without separators, into one for each gap.

    A separator is used if it splits the lines into enough terms. Otherwise the words are cut so
    that each term looks like one: by what begins and ends a term, by capitals, and by the words
    that the text of the paper has side by side. A term is never joined over the end of a line.
    ``counts`` are those of the whole paper.
    """
    if terms := separated(rows):
        return terms
    lines = [row.split() for row in rows if row.strip()]
    tokens = [token for line in lines for token in line]
    if len(tokens) > MAX_CUT_WORDS:
        return [" ".join(tokens)]
    wanted = max(gaps, len(lines))
    if len(tokens) <= wanted:
        return tokens
    return _Cutter(lines, counts).cut(wanted)


class _Cutter:
    def __init__(self, lines: Sequence[Sequence[str]], counts: WordCounts) -> None:
        self.lines = [line for line in lines if line]
        self.counts = counts
        self.own = WordCounts(" ".join(" ".join(line) for line in lines))
        tokens = [token for line in lines for token in line]
        self.leads = self._find_leads(tokens)
        capitals = sum(token[:1].isupper() for token in tokens)
        self.names = capitals * 3 >= len(tokens)

    def _find_leads(self, tokens: Sequence[str]) -> set[str]:
        """Return words that so many terms begin with: 'had eaten had gone out had seen'."""
        leads = set()
        before: dict[str, set[str]] = {}
        for first, second in pairwise(tokens):
            before.setdefault(second, set()).add(first)
        for token, count in Counter(tokens).items():
            at_start = any(line[0] == token for line in self.lines)
            if count >= 2 and (at_start or (count >= 3 and len(before[token]) >= 2)):
                leads.add(token)
        return leads

    def cut(self, wanted: int) -> list[str]:
        """Return the cheapest terms, ``wanted`` of them if something speaks for longer ones."""
        best: dict[int, tuple[float, list[str]]] = {0: (0.0, [])}
        for line in self.lines:
            best = self._with_line(best, line)
        tokens = [token for line in self.lines for token in line]
        if self.leads or self._must_join(tokens):
            enough = {count: found for count, found in best.items() if count <= wanted} or best
            return enough[max(enough)][1]
        enough = {count: found for count, found in best.items() if count >= wanted} or best
        return min(enough.items(), key=lambda item: (round(item[1][0], 6), item[0]))[1][1]

    def _must_join(self, tokens: Sequence[str]) -> bool:
        """Return whether some words cannot be terms by themselves."""
        repeated = len(tokens) - len({token.casefold() for token in tokens})
        small = sum(token.casefold() in _SMALL for token in tokens)
        return repeated > 1 or small * 4 >= len(tokens)

    def _with_line(
        self, best: dict[int, tuple[float, list[str]]], line: Sequence[str]
    ) -> dict[int, tuple[float, list[str]]]:
        """Return the cheapest terms by their number, those of one more line added."""
        # states[i][n]: the cheapest way to make n terms of the first i words of the line
        states: list[dict[int, tuple[float, list[str]]]] = [dict(best)]
        for end in range(1, len(line) + 1):
            row: dict[int, tuple[float, list[str]]] = {}
            for start in range(max(0, end - MAX_WORDS_IN_TERM), end):
                cost = self._cost(line, start, end)
                for count, (before, terms) in states[start].items():
                    total = before + cost
                    known = row.get(count + 1)
                    if known is None or total < known[0] - 1e-9:
                        row[count + 1] = (total, [*terms, " ".join(line[start:end])])
            states.append(row)
        return states[-1]

    def _cost(self, line: Sequence[str], start: int, end: int) -> float:
        term = line[start:end]
        length = len(term)
        cost = 0.3 * (length - 1) + max(0, length - 3)
        first, last = term[0].casefold(), term[-1].casefold()
        if first in _PARTICLES:
            cost += 3
        if last in _SMALL:
            cost += 4 if length == 1 else 3
        for before, word in pairwise(term):
            if word in self.leads:
                cost += 4
            cost -= self._likeness(before, word)
            if (
                self.names
                and before[:1].islower()
                and word[:1].isupper()
                and before.casefold() not in _SMALL
            ):
                cost += 2
        if self.names and term[0][:1].islower() and start and line[start - 1][:1].isupper():
            cost += 0.4
        return cost

    def _likeness(self, first: str, second: str) -> float:
        """Return how much two neighbouring words look like one term."""
        score = 0.0
        if self.counts.pairs[first, second] > self.own.pairs[first, second]:
            score += 4.0  # the pair is also in the text of the paper
        if first[0].isupper() and second[0].islower():
            score += 1.0
        if _ORDINAL.fullmatch(first.casefold()):
            score += 1.0
        if _LAST_WORD.fullmatch(second.casefold()):
            score += 1.2
        if _LAST_WORD.fullmatch(first.casefold()):
            score -= 1.2
        if self.counts.words[second] > self.own.words[second]:
            score -= 0.4  # a word that the text uses, too, is more likely a term of its own
        return score
