"""The common part of the kinds that are answered by choosing, and whose key names labels."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction

from worksheets.markup import AnswerBox, Extent, Message, Span
from worksheets.markup.messages import Message as _

# How a key names the options that are right: 'a, c'.
LETTERS = re.compile(r"\(?[a-z]\)?(?:\s*[,;]\s*\(?[a-z]\)?)*\s*$", re.IGNORECASE)
_PIECE = re.compile(r"[^,;\s](?:[^,;]*[^,;\s])?")


def pieces_of(line: Span) -> list[tuple[str, Extent]]:
    """Return the texts between the commas of a line, and where they stand."""
    return [(match[0], line.extent_of(*match.span())) for match in _PIECE.finditer(line.text)]


def read_labels(
    box: AnswerBox, line: Span, known: Collection[str], usage: Message
) -> tuple[str, ...] | None:
    """Return the labels that a line names, in their usual order.

    None if it cannot be read, which is reported; ``usage`` says how it is written.
    """
    found: list[str] = []
    for text, extent in pieces_of(line):
        label = text.strip("().").casefold()
        if label not in known or label in found:
            box.problems.error("bad-key", extent, usage)
            return None
        found.append(label)
    if not found:
        box.problems.error("bad-key", line.extent, usage)
        return None
    return tuple(label for label in known if label in found)


def refuse_words(box: AnswerBox, message: Message) -> None:
    """Report a number of words, which an answer that is chosen does not have."""
    words = (box.details.places.get(name) for name in ("least", "most"))
    for extent in dict.fromkeys(filter(None, words)):
        box.problems.error("misplaced-words", extent, message)


def check_details(box: AnswerBox, *, has_key: bool) -> None:
    """Report a number of words, and a key with which nothing can be earned."""
    refuse_words(box, _("Here pupils choose and do not write. Leave out the number of words."))
    if has_key and box.details.marks is None:
        message = _(
            "The right answer earns nothing here. Write how many marks it has after '???': ???"
            " 3 marks."
        )
        box.problems.warning("right-without-marks", box.extent, message)


def share_of(points: Decimal, share: Fraction) -> Decimal:
    """Return a share of some points, as a mark is kept: a third of a mark is 0.3333."""
    return Decimal(round(Fraction(points) * share * 10_000)) / 10_000


def strings(value: object) -> dict[str, str]:
    """Return what a value has under its names, where that is text; {} for another value."""
    if not isinstance(value, dict):
        return {}
    return {name: text for name, text in value.items() if isinstance(text, str)}
