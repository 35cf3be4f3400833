"""The common part of the kinds that are answered by choosing, and whose key names labels."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction

from worksheets.markup import AnswerBox, Extent, Message, Option, Span
from worksheets.markup.inline import plain
from worksheets.markup.messages import Message as _
from worksheets.questions.picture import Agreement, Picture, PictureRow, agreement, had_right

# How a key names the options that are right: 'a, c'.
LETTERS = re.compile(r"\(?[a-z]\)?(?:\s*[,;]\s*\(?[a-z]\)?)*\s*$", re.IGNORECASE)
_PIECE = re.compile(r"[^,;\s](?:[^,;]*[^,;\s])?")

CHOSEN = Agreement(
    everybody=_("All chose (%(first)s)."),
    most=_("Most chose (%(first)s): %(n)s of %(total)s."),
    more_than_half=_("More than half chose (%(first)s): %(n)s of %(total)s."),
    divided=_("They do not agree: %(n)s of %(total)s chose (%(first)s), %(m)s chose (%(second)s)."),
    too_few=_("Too few to tell: %(n)s of %(total)s chose (%(first)s)."),
)


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


def count_options(
    options: Sequence[Option],
    chosen: Sequence[Collection[str]],
    words: Agreement,
    right: Collection[str] = (),
) -> Picture | None:
    """Return how many chose each option, None if nobody chose one.

    ``chosen`` are each pupil's labels; those that the sheet does not have are passed over.
    """
    labels = [option.label for option in options]
    counted = [found for one in chosen if (found := set(labels).intersection(one))]
    if not counted:
        return None
    counts = [(label, sum(label in one for one in counted)) for label in labels]
    return Picture(
        _("How many chose what"),
        (_("chosen"),),
        tuple(
            PictureRow(labelled(option), (count,))
            for option, (_label, count) in zip(options, counts, strict=True)
        ),
        len(counted),
        agreement(counts, len(counted), words),
        frozenset((row, 0) for row, label in enumerate(labels) if label in right),
        had_right(sum(one == set(right) for one in counted), len(counted)) if right else None,
    )


def labelled(option: Option) -> str:
    """Return an option with its label, as a list shows it: '(a) Rome', '1. Rome', 'A Rome'."""
    label, text = option.label, plain(option.children)
    if label.isdecimal():
        return f"{label}. {text}".strip()
    return f"({label}) {text}".strip() if label.islower() else f"{label} {text}".strip()
