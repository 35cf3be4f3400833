"""An answer in the pupil's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worksheets.markup import AnswerBox, Asked, Message, Question, Sheet
from worksheets.markup.messages import Message as _
from worksheets.questions.answers import ItemAnswer, Reading, Value, clean, make_value, too_long
from worksheets.questions.by_teacher import ByTeacher

MAX_LENGTH = 20_000


class Written(ByTeacher):
    """The kind of every answer box that no other kind takes. Posted as ``q2``.

    Its content is the label of the field, None for the usual one.
    """

    name = "written"
    is_written = True
    scripts: tuple[str, ...] = ("worksheets/words.js",)

    def ask(self, box: AnswerBox) -> Sequence[Asked]:
        return [Asked(self.name, None, box.details)]

    def read(self, sheet: Sheet, item: Question[Any], fields: Mapping[str, str]) -> Reading | None:
        if item.key not in fields:
            return None
        text = clean(fields[item.key])
        return Reading(make_value(text=text), too_long(text, MAX_LENGTH))

    def fields(self, item: Question[Any], answer: ItemAnswer) -> Mapping[str, str]:
        return {item.key: answer.get("text")}

    def summary(self, item: Question[Any], value: Value) -> str:
        return str(value["text"])

    def missing(self, item: Question[Any], answer: ItemAnswer) -> Message | None:
        """Return None: this answer has no halves."""
        return None

    def show(self, question: Question[Any], answer: ItemAnswer) -> Mapping[str, object]:
        label = question.content or _("Your answer")
        return {"label": label, "named": question.content, "text": answer.get("text")}
