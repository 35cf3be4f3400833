"""Statements, each of them true or false, or neither: what a text does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from worksheets.markup import AnswerBox, Asked, Keyword, Message, Option, Question, Sheet
from worksheets.markup.keys import one_space, unescape
from worksheets.markup.messages import Message as _
from worksheets.questions.answers import ItemAnswer, Keyed, Reading, Value, clean, make_value
from worksheets.questions.by_teacher import ByTeacher
from worksheets.questions.choosing import (
    check_details,
    labelled,
    read_labels,
    share_of,
    strings,
)
from worksheets.questions.picture import Picture, PictureRow, each_right, split_rows

DETAIL = "true or false"
NONE = "none"
MAX_STATEMENTS = 30
MAX_WORD_LENGTH = 40  # of what 'true' or 'false' is called
TRUE, FALSE, NEITHER = "true", "false", "not given"

_BAR = re.compile(r"(?<!\\)\|")
_KEY = re.compile(
    r"(?:none|\(?(?:[0-9]{1,2}|[a-z])[).]?(?:\s*[,;]\s*\(?(?:[0-9]{1,2}|[a-z])[).]?)*)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements, and those that are true if the teacher says so.

    ``words`` are what 'true' and 'false' are called, None for the page's words. With a third one
    there is a third verdict: a text says neither.
    """

    listed: tuple[Option, ...]
    words: tuple[str, ...] | None
    true: tuple[str, ...] | None  # their labels
    neither: tuple[str, ...] = ()

    @property
    def verdicts(self) -> tuple[str, ...]:
        """Return what each statement can be, as it is posted and kept."""
        return (TRUE, FALSE, NEITHER)[: len(self.words or (TRUE, FALSE))]


class TrueOrFalse(ByTeacher):
    """The kind of a box with the detail 'true or false' below a list of statements.

    Posted as ``q2-1``, ``q2-2`` …, by the statement's label: 'true', 'false' or 'not given'.
    """

    name = "statements"
    scripts: tuple[str, ...] = ()
    is_listed = True
    details: Sequence[Keyword] = (
        Keyword(
            DETAIL,
            "misplaced-statements",
            _("'true or false' belongs below a list of statements. It cannot be used here."),
            takes_list=True,
        ),
    )
    lines: Sequence[Keyword] = (
        Keyword(
            "true",
            "misplaced-true",
            _(
                "'true:' must come directly under '??? true or false'. Pupils do not see this"
                " line. If they should, write 'True\\:'."
            ),
            _KEY,
            joins=(",", ";"),
        ),
        Keyword(
            NEITHER,
            "misplaced-not-given",
            _(
                "'not given:' must come under '??? true or false'. Pupils do not see this line."
                " If they should, write 'Not given\\:'."
            ),
            _KEY,
            joins=(",", ";"),
        ),
        Keyword(
            "as",
            "misplaced-as",
            _("'as:' must come directly under '??? true or false'."),
            joins=("|",),
        ),
    )

    def ask(self, box: AnswerBox) -> Sequence[Asked]:
        if DETAIL not in box.details.keywords:
            return []
        listed = box.options or box.items
        if not 0 < len(listed) <= MAX_STATEMENTS:
            message = _(
                "Write the statements above '???' as a list without gaps, with numbers or as (a),"
                " (b) …, at most %(most)s of them.",
                most=MAX_STATEMENTS,
            )
            box.problems.error("nothing-to-choose", box.details.places[DETAIL], message)
        words = _read_words(box)
        true, neither = _read_key(box, listed, words)
        check_details(box, has_key=true is not None)
        content = Statements(listed, words, true, neither)
        return [Asked(self.name, content, box.details, automatic=true is not None)]

    def read(
        self, sheet: Sheet, item: Question[Statements], fields: Mapping[str, str]
    ) -> Reading | None:
        names = _fields(item)
        if not any(name in fields for name in names.values()):
            return None
        posted = {label: clean(fields.get(name, "")).strip() for label, name in names.items()}
        posted = {label: verdict for label, verdict in posted.items() if verdict}
        verdicts = {label: v for label, v in posted.items() if v in item.content.verdicts}
        error = None if verdicts == posted else _("Choose one of the answers for each statement.")
        return Reading(make_value(verdicts=verdicts), error)

    def fields(self, item: Question[Statements], answer: ItemAnswer) -> Mapping[str, str]:
        verdicts = _verdicts(answer.value)
        return {name: verdicts.get(label, "") for label, name in _fields(item).items()}

    def summary(self, item: Question[Statements], value: Value) -> str:
        verdicts = _verdicts(value)
        words = item.content.words or (TRUE, FALSE)
        named = dict(zip(item.content.verdicts, words, strict=True))
        return ", ".join(
            f"{label} {named[verdict]}" for label, verdict in verdicts.items() if verdict in named
        )

    def is_blank(self, answer: ItemAnswer) -> bool:
        return not _verdicts(answer.value)

    def missing(self, item: Question[Statements], answer: ItemAnswer) -> Message | None:
        answered = _verdicts(answer.value).keys() & _fields(item).keys()
        if 0 < len(answered) < len(item.content.listed):
            return _("not every statement is answered")
        return None

    def same(self, before: Question[Statements], after: Question[Statements]) -> bool:
        same = before.content.listed == after.content.listed
        return same and before.content.verdicts == after.content.verdicts

    def mark(self, question: Question[Statements], answer: ItemAnswer) -> Decimal | None:
        content, verdicts = question.content, _verdicts(answer.value)
        if content.true is None:
            return None
        right = sum(verdicts.get(o.label) == _truth(content, o.label) for o in content.listed)
        return share_of(question.marks or Decimal(0), Fraction(right, len(content.listed)))

    def show(self, question: Question[Statements], answer: ItemAnswer) -> Mapping[str, object]:
        content, names, verdicts = question.content, _fields(question), _verdicts(answer.value)
        words = _words(content)
        return {
            "options": content.listed,
            "words_of": tuple(words.items()),
            "entries": [
                {
                    "field": names[option.label],
                    "label": _shown_label(option),
                    "option": option,
                    "verdict": verdicts.get(option.label, ""),
                    "said": words.get(verdicts.get(option.label, ""), ""),
                }
                for option in content.listed
            ],
        }

    def key(self, question: Question[Statements]) -> ItemAnswer:
        content = question.content
        if content.true is None:
            return ItemAnswer()
        verdicts = {o.label: _truth(content, o.label) for o in content.listed}
        return ItemAnswer(make_value(verdicts=verdicts))

    def keyed(self, question: Question[Statements], answer: ItemAnswer) -> Keyed | None:
        verdicts = _verdicts(answer.value)
        if not verdicts:
            content = replace(question.content, true=None, neither=())
            return Keyed(content, {"true": "", **self._third(question, "")})
        if self.missing(question, answer):
            return None
        true, neither = (
            tuple(label for label, verdict in verdicts.items() if verdict == wanted)
            for wanted in (TRUE, NEITHER)
        )
        lines = {"true": ", ".join(true) or NONE, **self._third(question, ", ".join(neither))}
        return Keyed(replace(question.content, true=true, neither=neither), lines)

    def _third(self, question: Question[Statements], labels: str) -> dict[str, str]:
        """Return the line of the third verdict, where there is one."""
        return {NEITHER: labels} if NEITHER in question.content.verdicts else {}

    def solution(self, question: Question[Statements]) -> Mapping[str, object]:
        content = question.content
        if content.true is None:
            return {}
        words = _words(content)
        return {
            "entries": [
                {"label": _shown_label(o), "said": words[_truth(content, o.label)]}
                for o in content.listed
            ]
        }

    def picture(
        self, question: Question[Statements], answers: Sequence[ItemAnswer]
    ) -> Picture | None:
        """Return how many called each statement true or false."""
        content, given = question.content, [_verdicts(answer.value) for answer in answers]
        given = [one for one in given if not one.keys().isdisjoint(_fields(question))]
        if not given:
            return None
        rows = [
            PictureRow(
                labelled(o),
                tuple(sum(one.get(o.label) == v for one in given) for v in content.verdicts),
            )
            for o in content.listed
        ]
        cells = frozenset(
            (row, content.verdicts.index(_truth(content, o.label)))
            for row, o in enumerate(content.listed)
            if content.true is not None
        )
        labels = [_shown_label(o).rstrip(".") for o in content.listed]
        named = [(labels[row], rows[row].counts[column]) for row, column in sorted(cells)]
        return Picture(
            _("How many called each what"),
            tuple(_words(content)[verdict] for verdict in content.verdicts),
            tuple(rows),
            len(given),
            split_rows([replace(r, label=n) for r, n in zip(rows, labels, strict=True)]),
            cells,
            each_right(named, len(given)) if cells else None,
        )

    def repeats(self, before: Question[Statements], after: Question[Statements]) -> bool:
        """Return whether the same statements are judged, however it is asked."""
        return self.same(before, after)


def _read_key(
    box: AnswerBox, listed: Sequence[Option], words: tuple[str, ...] | None
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Return the labels of the true statements, None without a key, and of those not given."""
    labels = [option.label for option in listed]
    usage = _(
        "After 'true:' stand the numbers or letters of the true statements, each once, with commas"
        " between them, or 'none': true: 1, 3."
    )
    true = _read_line(box, "true", labels, usage)
    usage = _(
        "After 'not given:' stand the numbers or letters of the statements about which the text"
        " says nothing, each once and none that is true, or 'none'. After 'as:' stand three"
        " words then: as: true | false | not given."
    )
    neither = _read_line(box, NEITHER, labels, usage)
    if neither and (len(words or ()) < 3 or set(neither) & set(true or ())):
        box.problems.error("bad-key", box.lines[NEITHER].extent, usage)
        return None, ()
    if true is None and neither is not None:
        return (), neither
    return true, neither or ()


def _read_line(
    box: AnswerBox, name: str, labels: Sequence[str], usage: Message
) -> tuple[str, ...] | None:
    line = box.lines.get(name)
    if line is None:
        return None
    return () if line.text.strip().casefold() == NONE else read_labels(box, line, labels, usage)


def _read_words(box: AnswerBox) -> tuple[str, ...] | None:
    line = box.lines.get("as")
    if line is None:
        return None
    found = [one_space(unescape(word)) for word in _BAR.split(line.text)]
    fits = all(0 < len(word) <= MAX_WORD_LENGTH and "___" not in word for word in found)
    if not 2 <= len(found) == len(set(found)) <= 3 or not fits:
        message = _(
            "After 'as:' stands what true and false are called, with '|' between the two: as: vrai"
            " | faux. A third name adds a third answer: as: true | false | not given."
        )
        box.problems.error("bad-verdicts", line.extent, message)
        return None
    return tuple(found)


def _words(content: Statements) -> dict[str, Message]:
    """Return what the two verdicts are called: in the sheet's words, or in the page's."""
    if content.words is None:
        return {TRUE: _("true"), FALSE: _("false")}
    return {
        verdict: Message("%(word)s", word=word)
        for verdict, word in zip(content.verdicts, content.words, strict=True)
    }


def _truth(content: Statements, label: str) -> str:
    if label in content.neither:
        return NEITHER
    return TRUE if label in (content.true or ()) else FALSE


def _shown_label(option: Option) -> str:
    return f"{option.label}." if option.label.isdecimal() else f"({option.label})"


def _fields(question: Question[Statements]) -> dict[str, str]:
    return {o.label: f"{question.key}-{o.label}" for o in question.content.listed}


def _verdicts(value: Value) -> dict[str, str]:
    found = strings(value.get("verdicts"))
    return {label: verdict for label, verdict in found.items() if verdict in (TRUE, FALSE, NEITHER)}
