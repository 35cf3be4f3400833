"""One of several options, or several of them, without reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from worksheets.markup import AnswerBox, Asked, Keyword, Message, Option, Question, Sheet
from worksheets.markup.messages import Message as _
from worksheets.questions.answers import ItemAnswer, Keyed, Reading, Value, clean, make_value
from worksheets.questions.by_teacher import ByTeacher
from worksheets.questions.choosing import (
    CHOSEN,
    LETTERS,
    check_details,
    count_options,
    read_labels,
    share_of,
)
from worksheets.questions.picture import Picture

ONE, SEVERAL = "choose one", "choose several"
_MISPLACED = _(
    "'choose one' and 'choose several' ask pupils to choose from options (a), (b) … above '???'."
    " They cannot be used here."
)


@dataclass(frozen=True, slots=True)
class Choices:
    """The options to choose from, and those that are right if the teacher says so."""

    options: tuple[Option, ...]
    takes_several: bool
    right: tuple[str, ...]  # their labels


class Choice(ByTeacher):
    """The kind of a box with the detail 'choose one' or 'choose several' below options.

    Posted as ``q2-choice``, the label of the one, or as ``q2-a``, ``q2-b`` …, each its own label
    or ''.
    """

    name = "choice"
    scripts: tuple[str, ...] = ()
    is_listed = True
    details: Sequence[Keyword] = (
        Keyword(ONE, "misplaced-choose", _MISPLACED),
        Keyword(SEVERAL, "misplaced-choose", _MISPLACED),
    )
    lines: Sequence[Keyword] = (
        Keyword(
            "correct",
            "misplaced-correct",
            _(
                "'correct:' must come directly under '??? choose one' or '??? choose several'."
                " Pupils do not see this line. If they should, write 'Correct\\:'."
            ),
            LETTERS,
            joins=(",", ";"),
        ),
    )

    def ask(self, box: AnswerBox) -> Sequence[Asked]:
        named = [word.name for word in self.details if word.name in box.details.keywords]
        if not named:
            return []
        if len(named) > 1:
            message = _("Write either 'choose one' or 'choose several'.")
            box.problems.error("bad-detail", box.details.places[ONE], message)
        if not box.options:
            message = _("Write the options above '???', such as '(a) Rome' and '(b) Paris'.")
            box.problems.error("nothing-to-choose", box.details.places[named[0]], message)
        content = Choices(box.options, SEVERAL in named, ())
        content = replace(content, right=_read_right(box, content))
        check_details(box, has_key=bool(content.right))
        return [Asked(self.name, content, box.details, automatic=bool(content.right))]

    def read(
        self, sheet: Sheet, item: Question[Choices], fields: Mapping[str, str]
    ) -> Reading | None:
        names = _fields(item)
        if not names.keys() & fields.keys():
            return None
        posted = {name: clean(fields.get(name, "")).strip() for name in names}
        given = {name: label for name, label in posted.items() if label}
        is_offered = all(label in names[name] for name, label in given.items())
        chosen = [label for name, label in given.items() if label in names[name]]
        return Reading(
            make_value(chosen=chosen), None if is_offered else _("Choose from the options.")
        )

    def fields(self, item: Question[Choices], answer: ItemAnswer) -> Mapping[str, str]:
        chosen = _chosen(answer.value)
        return {
            name: next((label for label in labels if label in chosen), "")
            for name, labels in _fields(item).items()
        }

    def summary(self, item: Question[Choices], value: Value) -> str:
        return ", ".join(_chosen(value))

    def is_blank(self, answer: ItemAnswer) -> bool:
        return not _chosen(answer.value)

    def missing(self, item: Question[Choices], answer: ItemAnswer) -> Message | None:
        """Return None: whoever has chosen too few options does not know it."""
        return None

    def same(self, before: Question[Choices], after: Question[Choices]) -> bool:
        return replace(before.content, right=()) == replace(after.content, right=())

    def mark(self, question: Question[Choices], answer: ItemAnswer) -> Decimal | None:
        if not question.content.right:
            return None
        earned = share(question.content, _chosen(answer.value))
        return share_of(question.marks or Decimal(0), earned)

    def show(self, question: Question[Choices], answer: ItemAnswer) -> Mapping[str, object]:
        content, chosen = question.content, _chosen(answer.value)
        names = {label: name for name, labels in _fields(question).items() for label in labels}
        return {
            "takes_several": content.takes_several,
            "options": content.options,
            "entries": [
                {"field": names[o.label], "option": o, "is_chosen": o.label in chosen}
                for o in content.options
            ],
        }

    def key(self, question: Question[Choices]) -> ItemAnswer:
        right = question.content.right
        return ItemAnswer(make_value(chosen=list(right)) if right else {})

    def keyed(self, question: Question[Choices], answer: ItemAnswer) -> Keyed:
        right = tuple(_chosen(answer.value))
        return Keyed(replace(question.content, right=right), {"correct": ", ".join(right)})

    def solution(self, question: Question[Choices]) -> Mapping[str, object]:
        return {"right": ", ".join(f"({label})" for label in question.content.right)}

    def picture(self, question: Question[Choices], answers: Sequence[ItemAnswer]) -> Picture | None:
        """Return how many chose which option."""
        content, chosen = question.content, [_chosen(answer.value) for answer in answers]
        return count_options(content.options, chosen, CHOSEN, content.right)

    def choices(self, question: Question[Choices]) -> Sequence[str]:
        return () if question.content.takes_several else _labels(question.content)

    def choice(self, question: Question[Choices], answer: ItemAnswer) -> str:
        chosen = _chosen(answer.value)
        return chosen[0] if chosen and not question.content.takes_several else ""


def share(content: Choices, chosen: Sequence[str]) -> Fraction:
    """Return the share of the marks that some options earn; at least one is right.

    Each right one earns the same, and of several each wrong one costs the same, so that whoever
    chooses all of them earns nothing. One option is right, or it is not.
    """
    right = set(content.right)
    if not content.takes_several:
        return Fraction(right == set(chosen))
    wrong = set(_labels(content)) - right
    earned = Fraction(len(right.intersection(chosen)), len(right))
    lost = Fraction(len(wrong.intersection(chosen)), len(wrong)) if wrong else Fraction(0)
    return max(earned - lost, Fraction(0))


def _read_right(box: AnswerBox, content: Choices) -> tuple[str, ...]:
    line = box.lines.get("correct")
    if line is None:
        return ()
    usage = _(
        "After 'correct:' stand the letters of the right options, each once, with commas between"
        " them: correct: a, c."
    )
    right = read_labels(box, line, _labels(content), usage) or ()
    if len(right) > 1 and not content.takes_several:
        message = _("With 'choose one' only one option is right. Write 'choose several'.")
        box.problems.error("bad-key", line.extent, message)
        return ()
    return right


def _labels(content: Choices) -> list[str]:
    return [option.label for option in content.options]


def _fields(question: Question[Choices]) -> dict[str, list[str]]:
    """Return the fields of a question, each with the labels that it can have."""
    labels = _labels(question.content)
    if question.content.takes_several:
        return {f"{question.key}-{label}": [label] for label in labels}
    return {f"{question.key}-choice": labels}


def _chosen(value: Value) -> list[str]:
    chosen = value.get("chosen")
    return [label for label in chosen if isinstance(label, str)] if isinstance(chosen, list) else []
