"""Words in a sentence of which one is right, 'was / were': a gap that offers them."""

from __future__ import annotations

import re

from worksheets.markup.messages import Message as _

from .chunks import TEXTS, Chunk
from .structure import Exercise
from .tasks import Task

MARK = "___choose: "
MIN_WORDS = 2  # of the sentence around the words to choose from

_WORD = r"[^\W\d_]{1,40}(?:['’-][^\W\d_]{1,40}){0,3}"
_PHRASE = rf"{_WORD}(?: {_WORD}){{0,2}}"
_IN_BRACKETS = re.compile(rf"[(\[（]\s?({_PHRASE}(?:\s?[/|]\s?{_PHRASE}){{1,4}})\s?[)\]）]")
_BARE = re.compile(rf"(?<![\w/*.:@])({_WORD}(?:\s?/\s?{_WORD}){{1,4}})(?![\w/*])")
_SENTENCE_END = re.compile(r"[.?!…。？！؟][)\]”\"»’']?\s*\Z")


def with_alternatives(exercise: Exercise, chunk: Chunk) -> Chunk:
    """Return a sentence with gaps for the words that it offers, else the chunk as it is.

    In brackets they may stand in any task with gaps, without them only where pupils choose.
    """
    if chunk.gaps or chunk.kind not in TEXTS or not _SENTENCE_END.search(chunk.text):
        return chunk
    forms = []
    if exercise.task in (Task.CHOOSE, Task.FILL):
        forms.append(_IN_BRACKETS)
    if exercise.task is Task.CHOOSE:
        forms.append(_BARE)
    for form in forms:
        if len(form.sub(" ", chunk.text).split()) < MIN_WORDS:
            continue
        text, count = form.subn(_gap, chunk.text)
        made = text.count(MARK)
        if count and made == count:
            chunk.text, chunk.gaps = text, made
            message = _("This sentence offers words to choose from: check its gaps.")
            chunk.cautions.append(("check-choices", message))
            return chunk
    return chunk


def _gap(match: re.Match[str]) -> str:
    words = [" ".join(word.split()) for word in re.split(r"[/|]", match[1])]
    if len({word.casefold() for word in words}) < len(words):
        return match[0]
    return f"{MARK}{' | '.join(f'!{word}' for word in words)}___"
