"""A gap in the text, typed or chosen from a word bank. How it looks in a line is rendering's."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from worksheets.marking import is_too_long, mark_gaps
from worksheets.markup import Gap, Message, Settings, Sheet
from worksheets.markup.banks import MAX_WORD_LENGTH
from worksheets.markup.messages import Message as _
from worksheets.questions.answers import (
    ItemAnswer,
    ItemMark,
    Reading,
    Value,
    clean,
    make_value,
    too_long,
)
from worksheets.words.normalise import normalise

MAX_LENGTH = MAX_WORD_LENGTH  # each word of a bank can be kept


class GapKind:
    name = "gap"

    def read(self, sheet: Sheet, item: Gap, fields: Mapping[str, str]) -> Reading | None:
        if item.key not in fields:
            return None
        text = clean(fields[item.key])
        if item.bank is not None and text.strip() and not is_too_long(text):
            words = _words(sheet.banks[item.bank].words, sheet.settings)
            # Typed in another way, it is kept and marked as if it had been chosen.
            word = words.get(text) or words.get(normalise(text, sheet.settings))
            if word is not None:
                return Reading(make_value(text=word))
        if item.offers_choices and text.strip() and not is_too_long(text):
            words = _words(item.choices, sheet.settings)
            word = words.get(text) or words.get(normalise(text, sheet.settings))
            error = None if word else _("Choose one of the words of this gap.")
            return Reading(make_value(text=word or text), error)
        error = too_long(text, MAX_LENGTH) or _not_in_bank(item, text)
        return Reading(make_value(text=text), error)

    def fields(self, item: Gap, answer: ItemAnswer) -> Mapping[str, str]:
        return {item.key: answer.get("text")}

    def summary(self, item: Gap, value: Value) -> str:
        return str(value["text"])

    def is_blank(self, answer: ItemAnswer) -> bool:
        return not answer.get("text").strip()

    def missing(self, item: Gap, answer: ItemAnswer) -> None:
        """Return None: a gap has no halves."""

    def same(self, before: Gap, after: Gap) -> bool:
        """Return True: what a gap asks is the text around it, which ``same_items`` compares."""
        return True

    def mark(self, sheet: Sheet, answers: Mapping[str, ItemAnswer]) -> Iterable[ItemMark]:
        """Return the marks of all gaps of the sheet: those in any order are marked together."""
        texts = {key: answer.get("text") for key, answer in answers.items()}
        results = mark_gaps(sheet, texts).results
        return [ItemMark(result.key, result.points, result.maximum) for result in results]


def _not_in_bank(gap: Gap, text: str) -> Message | None:
    if gap.bank is None or not text.strip():
        return None
    return _("“%(word)s” is not in the word bank. Choose one of its words.", word=text[:80])


# A form has an answer for each gap, and a bank hundreds of words for all of them.
@functools.lru_cache(maxsize=8)
def _words(words: tuple[str, ...], settings: Settings) -> Mapping[str, str]:
    """Return the words of a bank by themselves, and by what they are once they are normalised."""
    # In reverse, because of two that are alike the first one counts.
    by_form = {normalise(word, settings): word for word in reversed(words)}
    return by_form | {word: word for word in words}
