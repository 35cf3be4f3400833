"""A statement to be called true or false, with a correction: a kind that only the tests have.

It stands in a folder of its own with its templates, as ``docs/layout.md`` says of every kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from worksheets.markup import AnswerBox, Asked, Keyword, Message, Question, Sheet
from worksheets.markup.messages import Message as _
from worksheets.questions.answers import (
    ItemAnswer,
    Reading,
    Value,
    clean,
    make_value,
    too_long,
)
from worksheets.questions.written import Written

MAX_LENGTH = 200
DETAIL = "right or wrong"
VERDICTS = {"true": _("true"), "false": _("false")}

Truth = str | None
"""The right verdict; None where a teacher marks."""


class Verdict(Written):
    """The kind of a box with the detail 'right or wrong'; its content is the truth.

    Posted as ``q2-verdict``, 'true' or 'false', and ``q2``, the correction.
    """

    name = "verdict"
    is_listed = True
    details: Sequence[Keyword] = (
        Keyword(
            DETAIL,
            "misplaced-verdict",
            _("'right or wrong' asks pupils whether a statement is true. It cannot be used here."),
        ),
    )
    lines: Sequence[Keyword] = (
        Keyword(
            "truth",
            "misplaced-truth",
            _("'truth:' must come directly under '??? right or wrong'."),
            re.compile(r"(true|false)\s*$", re.IGNORECASE),
        ),
    )

    def ask(self, box: AnswerBox) -> Sequence[Asked]:
        if DETAIL not in box.details.keywords:
            return []
        truth: Truth = None
        if line := box.lines.get("truth"):
            truth = line.text.strip().lower()
            if truth not in VERDICTS:
                message = _("Write 'truth: true' or 'truth: false'.")
                box.problems.error("bad-truth", line.extent, message)
        return [Asked(self.name, truth, box.details, automatic=truth is not None)]

    def read(
        self,
        sheet: Sheet,
        item: Question[Truth],
        fields: Mapping[str, str],
    ) -> Reading | None:
        verdict_field = _verdict_field(item)
        if item.key not in fields and verdict_field not in fields:
            return None
        text, verdict = clean(fields.get(item.key, "")), clean(fields.get(verdict_field, ""))
        error = too_long(text, MAX_LENGTH)
        if verdict and verdict not in VERDICTS:
            error = _("Choose true or false.")
        return Reading(make_value(verdict=verdict or None, text=text), error)

    def fields(self, item: Question[Truth], answer: ItemAnswer) -> Mapping[str, str]:
        verdict = answer.get("verdict")
        chosen = {_verdict_field(item): verdict} if verdict else {}
        return {item.key: answer.get("text")} | chosen

    def summary(self, item: Question[Truth], value: Value) -> str:
        return ": ".join(filter(None, [str(value.get("verdict", "")), str(value["text"]).strip()]))

    def is_blank(self, answer: ItemAnswer) -> bool:
        return super().is_blank(answer) and not answer.get("verdict")

    def missing(self, item: Question[Truth], answer: ItemAnswer) -> Message | None:
        if self.is_blank(answer) or answer.get("verdict"):
            return None
        return _("choose true or false")

    def same(self, before: Question[Truth], after: Question[Truth]) -> bool:
        """Return True: the truth may differ."""
        return True

    def mark(self, question: Question[Truth], answer: ItemAnswer) -> Decimal | None:
        if question.content is None:
            return None
        is_right = answer.get("verdict") == question.content
        return question.marks if is_right else Decimal(0)

    def show(self, question: Question[Truth], answer: ItemAnswer) -> Mapping[str, object]:
        return {
            "label": _("Your correction"),
            "text": answer.get("text"),
            "verdicts": VERDICTS,
            "verdict": answer.get("verdict"),
            "verdict_field": _verdict_field(question),
        }

    def solution(self, question: Question[Truth]) -> Mapping[str, object]:
        return {"truth": VERDICTS.get(question.content or "")}


def _verdict_field(question: Question[Truth]) -> str:
    return f"{question.key}-verdict"
