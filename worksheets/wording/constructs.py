"""The names of what a teacher can have written into a text, and the words that stand in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from worksheets.markup.constructs import CONSTRUCTS, GROUPS, Construct

# Those that have a button of their own; the others are in its menu.
AT_HAND: dict[str, Promise] = {
    "gap": _("Gap"),
    "bank": _("Word bank"),
    "box": _("Answer box"),
    "options": _("Options"),
    "part": _("Heading"),
}

_GROUPS: dict[str, Promise] = {
    "gaps": _("Gaps"),
    "banks": _("Word banks"),
    "questions": _("Questions"),
    "text": _("Text"),
}
_NAMES: dict[str, Promise] = {
    "gap": _("Gap"),
    "blank": _("Gap without an answer yet"),
    "answers": _("Gap with two right answers"),
    "wrong": _("Gap with a wrong answer and what to say"),
    "partly": _("Gap with an answer that is partly right"),
    "number": _("Gap for a number"),
    "pattern": _("Gap with a pattern"),
    "any-order": _("Gaps in any order"),
    "bank": _("Word bank"),
    "bank-once": _("Word bank, each word once"),
    "bank-all": _("Word bank of all right answers"),
    "box": _("Answer box"),
    "words": _("Answer box with a number of words"),
    "model": _("Answer box with a model answer and a rubric"),
    "options": _("Options to choose from"),
    "choose-one": _("Options of which one is right"),
    "choose-several": _("Options of which several are right"),
    "true-false": _("True or false"),
    "matching": _("Matching"),
    "to-read": _("Options to read"),
    "ranking": _("Ranking"),
    "interpretation": _("Interpretation"),
    "complete": _("Interpretation to complete"),
    "which": _("Which interpretation convinces"),
    "title": _("Title"),
    "part": _("Heading of a part"),
    "smaller": _("Smaller heading"),
    "strong": _("Bold"),
    "weak": _("Italic"),
    "new-line": _("New line"),
    "bullets": _("Bullets"),
    "numbers": _("Numbered items"),
    "quotation": _("Quotation"),
    "table": _("Table"),
    "footnote": _("Footnote"),
    "formula": _("Formula"),
    "link": _("Link"),
    "code": _("Text as it is written"),
    "rule": _("Line across"),
    "settings": _("Settings of the sheet"),
}
_WORDS: dict[str, Promise] = {
    "answer": _("answer"),
    "another": _("another"),
    "mistake": _("mistake"),
    "note": _("what to say about it"),
    "beginning": _("begin"),
    "name": _("name"),
    "word": _("word"),
    "distractor": _("distractor"),
    "model": _("what a good answer says"),
    "rubric": _("what earns marks"),
    "option": _("an option"),
    "statement": _("a statement"),
    "first": _("first"),
    "second": _("second"),
    "third": _("third"),
    "title": _("The title"),
    "part": _("A part"),
    "heading": _("A heading"),
    "item": _("an item"),
    "head": _("head"),
    "text": _("Its text."),
}


@dataclass(frozen=True, slots=True)
class Button:
    """A construct as a page offers it, in the page's language."""

    name: str
    label: str
    text: str
    place: str
    each: str
    below: str


def buttons_at_hand() -> Iterator[Button]:
    """Yield the constructs that are used most."""
    for name, label in AT_HAND.items():
        yield replace(_button(CONSTRUCTS[name]), label=str(label))


def menu() -> Iterator[tuple[str, list[Button]]]:
    """Yield the groups of all constructs, each with its name."""
    for group in GROUPS:
        yield str(_GROUPS[group.name]), [_button(row) for row in group.constructs]


def _button(row: Construct) -> Button:
    return Button(
        row.name,
        str(_NAMES[row.name]),
        in_words(row.text),
        row.place.value,
        row.each,
        in_words(row.below),
    )


def in_words(text: str) -> str:
    """Return what is written of a construct with words in the page's language; ``{n}`` stays."""
    words = {name: str(word) for name, word in _WORDS.items()}
    return text.format(**words, n="{n}")
