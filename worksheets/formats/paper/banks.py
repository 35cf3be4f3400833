"""Functions that find the word bank of a paper and cut a line of words into its terms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from worksheets.markup.messages import Message as _

from .chunks import Chunk, Kind

MIN_TERMS = 3
MAX_BANK_WORDS = 100
MAX_WORDS_IN_TERM = 5

GAP = re.compile(r"_{3,}")
_NAMED = re.compile(
    r"\b(?:box|bank|words?|list|mots?|liste|banque|encadré|wörter|wortliste|kasten)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.?!:;]")
_SEPARATORS = (r"\s*[|•·]\s*", r"\s*[,;]\s*", r"\s+/\s+", r"\t+|\s{2,}")
_TOKEN = re.compile(r"[\w-]+")
_ORDINAL = re.compile(r"first|second|third|fourth|fifth|great|new|old|national|\w+-\w+")
_WHOLE = re.compile(  # a word that ends the name of something
    r"pact|treaty|war|act|plans?|party|revolution|international|front|army|league|union|trials?"
    r"|conference|agreement|republic|empire|wall|law|laws|crisis|movement|polic(?:y|ies)|reforms?"
    r"|declaration|platform|congress|battle|march|system|alliance|constitution|doctrine"
)


class Usage:
    """The counts of words and of pairs of words in a text."""

    def __init__(self, text: str) -> None:
        words = _TOKEN.findall(text)
        self.words = Counter(words)
        self.pairs = Counter(pairwise(words))


def find_banks(chunks: list[Chunk]) -> list[Chunk]:
    """Return the chunks, with the word banks among them as chunks of their own kind."""
    usage = Usage("\n".join(chunk.text for chunk in chunks))
    return [chunk for section in _sections(chunks) for chunk in _search(section, usage)]


def cut_terms(rows: Sequence[str], wanted: int, usage: Usage) -> list[str]:
    """Cut lines of words into terms, as many as there are gaps.

    Clear separators decide. Without them the words are joined where that looks most
    like a name: as the text has it elsewhere, an ordinal before, a noun such as
    'Pact' after, a small letter after a capital. A term never spans two lines.
    """
    for separator in _SEPARATORS:
        if sum(len(re.findall(separator, row.strip())) for row in rows) >= MIN_TERMS - 1:
            return [term for row in rows for term in re.split(separator, row.strip()) if term]
    lines = [row.split() for row in rows]
    own = Usage(" ".join(rows))
    joints = [
        (_score(first, second, usage, own), number, index)
        for number, words in enumerate(lines)
        for index, (first, second) in enumerate(pairwise(words))
    ]
    too_many = sum(map(len, lines)) - wanted
    best = sorted(joints, key=lambda joint: -joint[0])[: max(too_many, 0)]
    joined = {(number, index) for _score, number, index in best}
    return [term for number, words in enumerate(lines) for term in _glue(words, number, joined)]


def _sections(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    sections: list[list[Chunk]] = [[]]
    for chunk in chunks:
        if chunk.kind is Kind.HEADING and chunk.mark == "##":
            sections.append([])
        sections[-1].append(chunk)
    return sections


def _search(section: list[Chunk], usage: Usage) -> list[Chunk]:
    """Return a section with its bank, if it has gaps and a bank can be found."""
    texts = [chunk.text for chunk in section]
    gaps = sum(len(GAP.findall(text)) for text in texts)
    candidates = [
        at
        for at, text in enumerate(texts)
        if gaps and section[at].kind is Kind.PARAGRAPH and not GAP.search(text)
    ]
    named = {at: terms for at in candidates if (terms := _named_terms(texts[at]))}
    if named:
        return [c for at, chunk in enumerate(section) for c in _with_bank(chunk, named.get(at))]
    bare = [at for at in candidates if _is_bare(texts[at], gaps)]
    if bare:
        at = max(bare, key=lambda index: len(texts[index]))
        section[at] = _bank(cut_terms(section[at].rows, gaps, usage))
    return section


def _named_terms(text: str) -> list[str]:
    """Return the words after the colon of 'Words from the box: one, two, three', else []."""
    introduction, colon, rest = text.rpartition(":")
    terms = [term.strip() for term in rest.strip().rstrip(".").split(",")]
    if not colon or not _NAMED.search(introduction) or len(terms) < MIN_TERMS:
        return []
    short = all(term and len(term.split()) <= MAX_WORDS_IN_TERM for term in terms)
    return terms if short else []


def _with_bank(chunk: Chunk, terms: Sequence[str] | None) -> list[Chunk]:
    if not terms:
        return [chunk]
    chunk.text = chunk.text.rpartition(":")[0] + ":"
    return [chunk, _bank(terms)]


def _is_bare(text: str, gaps: int) -> bool:
    """Return whether a text is a few words without a sentence, enough and not too many for gaps."""
    words = len(text.split())
    enough = MIN_TERMS <= gaps <= words <= min(gaps * 4, MAX_BANK_WORDS)
    return enough and not _SENTENCE.search(text)


def _bank(terms: Sequence[str]) -> Chunk:
    marked = [re.sub(r"([|\]])", r"\\\1", term) for term in terms]
    message = _(
        "Word bank with %(n)s terms. Please check that they are split correctly.", n=len(terms)
    )
    return Chunk(Kind.BANK, [" | ".join(marked)], cautions=[("check-bank", message)])


def _score(first: str, second: str, usage: Usage, own: Usage) -> int:
    """Return a score for how much two neighbouring words look like one term."""
    score = 0
    if usage.pairs[first, second] > own.pairs[first, second]:
        score += 6
    if first[0].isupper() and second[0].islower():
        score += 3
    if _ORDINAL.fullmatch(first.casefold()):
        score += 2
    if _WHOLE.fullmatch(second.casefold()):
        score += 3
    if _WHOLE.fullmatch(first.casefold()):
        score -= 3
    if usage.words[second] > own.words[second]:
        score -= 1  # what the text uses by itself is likely to be a term by itself
    return score


def _glue(words: Sequence[str], number: int, joined: set[tuple[int, int]]) -> list[str]:
    terms: list[str] = []
    for index, word in enumerate(words):
        if index and (number, index - 1) in joined:
            terms[-1] += f" {word}"
        else:
            terms.append(word)
    return terms
