"""Functions that find the word banks of a paper and split their lines into terms."""

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
# Words that introduce a bank in English, French or German: 'Words from the box: …'.
_BANK_NAME = re.compile(
    r"\b(?:box|bank|words?|list|mots?|liste|banque|encadré|wörter|wortliste|kasten)\b",
    re.IGNORECASE,
)
_PUNCTUATION = re.compile(r"[.?!:;]")
_SEPARATORS = (r"\s*[|•·]\s*", r"\s*[,;]\s*", r"\s+/\s+", r"\t+|\s{2,}")
_TOKEN = re.compile(r"[\w-]+")
_ORDINAL = re.compile(r"first|second|third|fourth|fifth|great|new|old|national|\w+-\w+")
_LAST_WORD = re.compile(  # the last word of a name: 'Warsaw Pact', 'Enabling Act'
    r"pact|treaty|war|act|plans?|party|revolution|international|front|army|league|union|trials?"
    r"|conference|agreement|republic|empire|wall|law|laws|crisis|movement|polic(?:y|ies)|reforms?"
    r"|declaration|platform|congress|battle|march|system|alliance|constitution|doctrine"
)


class WordCounts:
    """The counts of words and of pairs of neighbouring words in a text."""

    def __init__(self, text: str) -> None:
        words = _TOKEN.findall(text)
        self.words = Counter(words)
        self.pairs = Counter(pairwise(words))


def find_banks(chunks: list[Chunk]) -> list[Chunk]:
    """Return the chunks with the word banks among them as chunks of kind BANK."""
    counts = WordCounts("\n".join(chunk.text for chunk in chunks))
    return [chunk for section in _sections(chunks) for chunk in _find_bank(section, counts)]


def _sections(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """Return the chunks divided before each heading of the second level."""
    sections: list[list[Chunk]] = [[]]
    for chunk in chunks:
        if chunk.kind is Kind.HEADING and chunk.mark == "##":
            sections.append([])
        sections[-1].append(chunk)
    return sections


def _find_bank(section: list[Chunk], counts: WordCounts) -> list[Chunk]:
    """Return the section with its word banks; unchanged if it has no gaps or no bank is found.

    Banks that are introduced by name come first. Otherwise the longest paragraph of words
    without punctuation is taken for the bank.
    """
    texts = [chunk.text for chunk in section]
    gaps = sum(len(GAP.findall(text)) for text in texts)
    candidates = [
        index
        for index, text in enumerate(texts)
        if gaps and section[index].kind is Kind.PARAGRAPH and not GAP.search(text)
    ]
    named = {index: terms for index in candidates if (terms := _named_terms(texts[index]))}
    if named:
        chunks = []
        for index, chunk in enumerate(section):
            chunks.append(chunk)
            if index in named:
                chunk.text = chunk.text.rpartition(":")[0] + ":"
                chunks.append(_bank(named[index]))
        return chunks
    unnamed = [index for index in candidates if _may_be_bank(texts[index], gaps)]
    if unnamed:
        longest = max(unnamed, key=lambda index: len(texts[index]))
        section[longest] = _bank(split_terms(section[longest].rows, gaps, counts))
    return section


def _named_terms(text: str) -> list[str]:
    """Return the terms after the colon of 'Words from the box: one, two, three', else []."""
    introduction, colon, rest = text.rpartition(":")
    terms = [term.strip() for term in rest.strip().rstrip(".").split(",")]
    if not colon or not _BANK_NAME.search(introduction) or len(terms) < MIN_TERMS:
        return []
    are_short = all(term and len(term.split()) <= MAX_WORDS_IN_TERM for term in terms)
    return terms if are_short else []


def _may_be_bank(text: str, gaps: int) -> bool:
    """Return whether a text has no punctuation, and a number of words that suits the gaps."""
    words = len(text.split())
    suits = MIN_TERMS <= gaps <= words <= min(gaps * 4, MAX_BANK_WORDS)
    return suits and not _PUNCTUATION.search(text)


def _bank(terms: Sequence[str]) -> Chunk:
    """Return the chunk of a bank, with the terms as they are written in the markup."""
    escaped = [re.sub(r"([|\]])", r"\\\1", term) for term in terms]
    message = _(
        "Word bank with %(n)s terms. Please check that they are split correctly.", n=len(terms)
    )
    return Chunk(Kind.BANK, [" | ".join(escaped)], cautions=[("check-bank", message)])


def split_terms(rows: Sequence[str], gaps: int, counts: WordCounts) -> list[str]:
    """Split the lines of a bank into terms; without separators, into one for each gap.

    A separator is used if it splits the lines into enough terms. Otherwise each word is a term,
    and pairs of neighbouring words are joined, those that look most like one term first, until
    there are as many terms as gaps. A term is never joined over the end of a line. ``counts``
    are those of the whole paper.
    """
    for separator in _SEPARATORS:
        if sum(len(re.findall(separator, row.strip())) for row in rows) >= MIN_TERMS - 1:
            return [term for row in rows for term in re.split(separator, row.strip()) if term]
    lines = [row.split() for row in rows]
    counts_in_bank = WordCounts(" ".join(rows))
    pairs = [
        (_pair_score(first, second, counts, counts_in_bank), line, index)
        for line, words in enumerate(lines)
        for index, (first, second) in enumerate(pairwise(words))
    ]
    number_to_join = max(sum(map(len, lines)) - gaps, 0)
    best = sorted(pairs, key=lambda pair: -pair[0])[:number_to_join]
    joined = {(line, index) for _score, line, index in best}
    terms: list[str] = []
    for line, words in enumerate(lines):
        for index, word in enumerate(words):
            if (line, index - 1) in joined:
                terms[-1] += f" {word}"
            else:
                terms.append(word)
    return terms


def _pair_score(first: str, second: str, counts: WordCounts, counts_in_bank: WordCounts) -> int:
    """Return a score for how much two neighbouring words look like one term."""
    score = 0
    if counts.pairs[first, second] > counts_in_bank.pairs[first, second]:
        score += 6  # the pair is also in the text of the paper
    if first[0].isupper() and second[0].islower():
        score += 3
    if _ORDINAL.fullmatch(first.casefold()):
        score += 2
    if _LAST_WORD.fullmatch(second.casefold()):
        score += 3
    if _LAST_WORD.fullmatch(first.casefold()):
        score -= 3
    if counts.words[second] > counts_in_bank.words[second]:
        score -= 1  # a word that the text uses, too, is more likely a term of its own
    return score
