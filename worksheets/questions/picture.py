"""The answers of a class to one question, counted: the values that its picture is drawn from. Pure.

The kinds count (``QuestionKind.picture``); what they have in common is here: how a count is told in
a teacher's words, and what became of answers between two times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from worksheets.markup import Message
from worksheets.markup.messages import Message as _

MIN_TO_TELL = 5  # answers, below which a share would tell more than there is


class Share(StrEnum):
    """The parts of a class, as a teacher would name them."""

    TOO_FEW = "too few"
    ALL = "all"
    MOST = "most"
    HALF = "half"
    FEW = "few"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One thing that pupils judged, and how many did so in each column."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The answers of a class to one question as counts, and what they say in one sentence.

    ``head`` says what the rows are, ``columns`` are named in order. ``answered`` is the number of
    pupils who are counted. ``right`` are the cells of the key, as row and column, and ``result``
    says how many had it right; both are only for readers who may see the key.
    """

    head: Message
    columns: tuple[Message, ...]
    rows: tuple[PictureRow, ...]
    answered: int
    sentence: Message
    right: frozenset[tuple[int, int]] = frozenset()
    result: Message | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The sentences about what most pupils did, as templates.

    Their values are ``first``, the commonest, with ``n`` of ``total`` pupils, and ``second`` with
    ``m``.
    """

    everybody: Message
    most: Message
    more_than_half: Message
    divided: Message
    too_few: Message


def share_of_class(count: int, total: int) -> Share:
    """Return how many of a class that is, in words; most are two thirds, few less than a third."""
    if total < MIN_TO_TELL:
        return Share.TOO_FEW
    if count == total:
        return Share.ALL
    if not count:
        return Share.NOBODY
    if 3 * count >= 2 * total:
        return Share.MOST
    return Share.HALF if 3 * count >= total else Share.FEW


def had_right(count: int, total: int) -> Message:
    """Return how many of those who answered had something right, in a teacher's words."""
    values = {"n": count, "total": total}
    match share_of_class(count, total):
        case Share.ALL:
            return _("All had this right (%(n)s of %(total)s).", **values)
        case Share.MOST:
            return _("Most had this right (%(n)s of %(total)s).", **values)
        case Share.HALF:
            return _("About half had this right (%(n)s of %(total)s).", **values)
        case Share.FEW:
            return _("Few had this right (%(n)s of %(total)s).", **values)
        case Share.NOBODY:
            return _("Nobody had this right (%(n)s of %(total)s).", **values)
        case _:
            return _("Too few to tell: %(n)s of %(total)s had this right.", **values)


def each_right(counts: Sequence[tuple[str, int]], total: int) -> Message:
    """Return which parts of a question many had right, and which not."""
    if total < MIN_TO_TELL:
        return _("Too few to tell what is hard.")
    shares = [(label, share_of_class(count, total)) for label, count in counts]
    half = ", ".join(label for label, share in shares if share is Share.HALF)
    few = ", ".join(label for label, share in shares if share in {Share.FEW, Share.NOBODY})
    kinds = {share for _label, share in shares}
    if kinds == {Share.HALF}:
        return _("About half had each of them right.")
    if kinds <= {Share.FEW, Share.NOBODY}:
        return _("Few had any of them right.")
    if half and few:
        return _("About half had %(half)s right, few %(few)s.", half=half, few=few)
    if half:
        return _("About half had this right: %(half)s. Most had the rest.", half=half)
    if few:
        return _("Few had this right: %(few)s. Most had the rest.", few=few)
    return _("Most had each of them right.")


def agreement(counts: Sequence[tuple[str, int]], total: int, words: Agreement) -> Message:
    """Return what pupils agree about: the commonest of some labels, each with its count.

    ``total`` is the number of pupils, of whom one at least is counted in a label.
    """
    ordered = sorted(counts, key=lambda one: -one[1])
    (first, n), (second, m) = (*ordered, ("", 0))[:2]
    values = {"first": first, "n": n, "total": total}
    if total < MIN_TO_TELL:
        return Message(words.too_few.template, **values)
    if n == total:
        return Message(words.everybody.template, **values)
    if 3 * n >= 2 * total:
        return Message(words.most.template, **values)
    if 2 * n > total or not m:
        return Message(words.more_than_half.template, **values)
    return Message(words.divided.template, **values, second=second, m=m)


def split_rows(rows: Sequence[PictureRow]) -> Message:
    """Return about which of some rows pupils do not agree: no column has two thirds of them."""
    if max(sum(row.counts) for row in rows) < MIN_TO_TELL:
        return _("Too few to tell whether they agree.")
    split = [row.label for row in rows if 3 * max(row.counts) < 2 * sum(row.counts)]
    if not split:
        return _("They agree about each of them.")
    if len(split) == len(rows):
        return _("They agree about none of them.")
    return _("They do not agree about this: %(labels)s.", labels=", ".join(split))


def change_of_mind(pairs: Sequence[tuple[str, str]], labels: Sequence[str]) -> Picture | None:
    """Return what became of each answer between two times, None if nobody answered both times.

    ``pairs`` are what each pupil said first and last, '' for nothing; only ``labels`` are counted.
    """
    known = set(labels)
    counted = Counter(pair for pair in pairs if known.issuperset(pair))
    total = counted.total()
    if not total:
        return None
    moved = {pair: count for pair, count in counted.items() if pair[0] != pair[1]}
    n = sum(moved.values())
    values: dict[str, object] = {"n": n, "total": total}
    if not n:
        sentence = _("Nobody has changed their mind; %(total)s answered both times.", total=total)
    else:
        place = {label: number for number, label in enumerate(labels)}
        (before, after), m = min(
            moved.items(), key=lambda one: (-one[1], place[one[0][0]], place[one[0][1]])
        )
        values |= {"before": before, "after": after, "m": m}
        sentence = _(
            "Changed their mind: %(n)s of %(total)s, most often from “%(before)s” to “%(after)s”"
            " (%(m)s).",
            **values,
        )
    return Picture(
        _("First answer, and what it became"),
        tuple(said(label) for label in labels),
        tuple(
            PictureRow(before, tuple(counted[before, after] for after in labels))
            for before in labels
        ),
        total,
        sentence,
    )


def said(text: str) -> Message:
    """Return a text of the sheet where a sentence is expected: it stays in its own language."""
    return Message("%(text)s", text=text)
