"""Two lists, whose items are matched: numbered ones to lettered ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from worksheets.markup import AnswerBox, Asked, Keyword, Message, Option, Question, Sheet
from worksheets.markup.inline import plain
from worksheets.markup.messages import Message as _
from worksheets.questions.answers import ItemAnswer, Keyed, Reading, Value, clean, make_value
from worksheets.questions.by_teacher import ByTeacher
from worksheets.questions.choosing import check_details, labelled, pieces_of, share_of, strings
from worksheets.questions.picture import Picture, PictureRow, each_right, said, split_rows

DETAIL = "match"
MAX_ITEMS = 30

_PAIR = re.compile(r"\(?([0-9]{1,2})[).]?\s*[-–=:]?\s*\(?([a-z])\)?", re.IGNORECASE)
_PAIRS = re.compile(rf"{_PAIR.pattern}(?:\s*[,;]\s*{_PAIR.pattern})*\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lists:
    """The items to match, what they can be matched with, and what belongs to each if it is said.

    A partner that belongs to no item is a distractor, and one may belong to several.
    """

    items: tuple[Option, ...]
    partners: tuple[Option, ...]
    pairs: tuple[tuple[str, str], ...]  # labels, in the order of the items


class Matching(ByTeacher):
    """The kind of a box with the detail 'match' below a numbered list and one of options.

    Posted as ``q2-1``, ``q2-2`` …, by the item's number: the letter of its partner.
    """

    name = "matching"
    scripts: tuple[str, ...] = ()
    is_listed = True
    details: Sequence[Keyword] = (
        Keyword(
            DETAIL,
            "misplaced-match",
            _("'match' belongs below a numbered list and options (a), (b) …, not here."),
            takes_list=True,
        ),
    )
    lines: Sequence[Keyword] = (
        Keyword(
            "pairs",
            "misplaced-pairs",
            _(
                "'pairs:' must come directly under '??? match'. Pupils do not see this line. If"
                " they should, write 'Pairs\\:'."
            ),
            _PAIRS,
            joins=(",", ";"),
        ),
    )

    def ask(self, box: AnswerBox) -> Sequence[Asked]:
        if DETAIL not in box.details.keywords:
            return []
        if not (0 < len(box.items) <= MAX_ITEMS and box.options):
            message = _(
                "Write two lists above '???': first the one with numbers, without gaps and with at"
                " most %(most)s items, then the one with (a), (b) ….",
                most=MAX_ITEMS,
            )
            box.problems.error("nothing-to-choose", box.details.places[DETAIL], message)
        content = Lists(box.items, box.options, ())
        content = replace(content, pairs=_read_pairs(box, content))
        check_details(box, has_key=bool(content.pairs))
        return [Asked(self.name, content, box.details, automatic=bool(content.pairs))]

    def read(
        self, sheet: Sheet, item: Question[Lists], fields: Mapping[str, str]
    ) -> Reading | None:
        names = _fields(item)
        if not any(name in fields for name in names.values()):
            return None
        posted = {label: clean(fields.get(name, "")).strip() for label, name in names.items()}
        posted = {label: partner for label, partner in posted.items() if partner}
        letters = {partner.label for partner in item.content.partners}
        pairs = {label: partner for label, partner in posted.items() if partner in letters}
        error = None if pairs == posted else _("Choose one of the letters for each number.")
        return Reading(make_value(pairs=pairs), error)

    def fields(self, item: Question[Lists], answer: ItemAnswer) -> Mapping[str, str]:
        pairs = _pairs(answer.value)
        return {name: pairs.get(label, "") for label, name in _fields(item).items()}

    def summary(self, item: Question[Lists], value: Value) -> str:
        return ", ".join(f"{label}{partner}" for label, partner in _pairs(value).items())

    def is_blank(self, answer: ItemAnswer) -> bool:
        return not _pairs(answer.value)

    def missing(self, item: Question[Lists], answer: ItemAnswer) -> Message | None:
        answered = _pairs(answer.value).keys() & _fields(item).keys()
        if 0 < len(answered) < len(item.content.items):
            return _("not everything is matched")
        return None

    def same(self, before: Question[Lists], after: Question[Lists]) -> bool:
        return replace(before.content, pairs=()) == replace(after.content, pairs=())

    def mark(self, question: Question[Lists], answer: ItemAnswer) -> Decimal | None:
        right, given = dict(question.content.pairs), _pairs(answer.value)
        if not right:
            return None
        found = sum(given.get(label) == partner for label, partner in right.items())
        return share_of(question.marks or Decimal(0), Fraction(found, len(right)))

    def show(self, question: Question[Lists], answer: ItemAnswer) -> Mapping[str, object]:
        names, pairs, content = _fields(question), _pairs(answer.value), question.content
        texts = {partner.label: partner.children for partner in content.partners}
        return {
            "options": content.partners,
            "listed": content.items,
            "partners": [
                {"label": p.label, "words": f"({p.label}) {plain(p.children)}"}
                for p in content.partners
            ],
            "entries": [
                {
                    "field": names[item.label],
                    "option": item,
                    "partner": pairs.get(item.label, ""),
                    "matched": texts.get(pairs.get(item.label, ""), ()),
                }
                for item in content.items
            ],
        }

    def key(self, question: Question[Lists]) -> ItemAnswer:
        pairs = dict(question.content.pairs)
        return ItemAnswer(make_value(pairs=pairs) if pairs else {})

    def keyed(self, question: Question[Lists], answer: ItemAnswer) -> Keyed | None:
        if self.missing(question, answer):
            return None
        given = _pairs(answer.value)
        pairs = tuple((item.label, given[item.label]) for item in question.content.items if given)
        line = ", ".join(f"{label}{partner}" for label, partner in pairs)
        return Keyed(replace(question.content, pairs=pairs), {"pairs": line})

    def solution(self, question: Question[Lists]) -> Mapping[str, object]:
        return {
            "pairs": ", ".join(f"{label}{partner}" for label, partner in question.content.pairs)
        }

    def picture(self, question: Question[Lists], answers: Sequence[ItemAnswer]) -> Picture | None:
        """Return how many matched each item with which partner."""
        content, given = question.content, [_pairs(answer.value) for answer in answers]
        given = [one for one in given if not one.keys().isdisjoint(_fields(question))]
        if not given:
            return None
        letters = [partner.label for partner in content.partners]
        rows = [
            PictureRow(
                labelled(item),
                tuple(sum(one.get(item.label) == p for one in given) for p in letters),
            )
            for item in content.items
        ]
        labels = [item.label for item in content.items]
        cells = frozenset(
            (labels.index(label), letters.index(partner)) for label, partner in content.pairs
        )
        named = [(labels[row], rows[row].counts[column]) for row, column in sorted(cells)]
        return Picture(
            _("How many matched each with what"),
            tuple(said(labelled(partner)) for partner in content.partners),
            tuple(rows),
            len(given),
            split_rows([replace(r, label=n) for r, n in zip(rows, labels, strict=True)]),
            cells,
            each_right(named, len(given)) if cells else None,
        )

    def repeats(self, before: Question[Lists], after: Question[Lists]) -> bool:
        """Return whether the same lists are matched, however it is asked."""
        return self.same(before, after)


def _read_pairs(box: AnswerBox, content: Lists) -> tuple[tuple[str, str], ...]:
    line = box.lines.get("pairs")
    if line is None:
        return ()
    usage = _(
        "After 'pairs:' stands each number once with the letter that belongs to it, with commas"
        " between them: pairs: 1c, 2a."
    )
    numbers = [item.label for item in content.items]
    letters = {partner.label for partner in content.partners}
    found: dict[str, str] = {}
    for text, extent in pieces_of(line):
        match = _PAIR.fullmatch(text)
        label, partner = (match[1], match[2].casefold()) if match else ("", "")
        if label not in numbers or partner not in letters or label in found:
            box.problems.error("bad-key", extent, usage)
            return ()
        found[label] = partner
    if not found or len(found) < len(numbers):
        box.problems.error("bad-key", line.extent, usage)
        return ()
    return tuple((number, found[number]) for number in numbers)


def _fields(question: Question[Lists]) -> dict[str, str]:
    return {item.label: f"{question.key}-{item.label}" for item in question.content.items}


def _pairs(value: Value) -> dict[str, str]:
    return strings(value.get("pairs"))
