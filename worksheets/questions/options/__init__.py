"""One of several options, and the reasons for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worksheets.markup import AnswerBox, Asked, Message, Option, Question, Sheet
from worksheets.markup.messages import Message as _
from worksheets.questions.answers import ItemAnswer, Reading, clean, make_value, too_long
from worksheets.questions.choosing import CHOSEN, count_options
from worksheets.questions.picture import Picture
from worksheets.questions.written import MAX_LENGTH, Written

Options = tuple[Option, ...]


class OptionsWithReason(Written):
    """The kind of a box below a list of options, which are its content.

    Posted as ``q2-choice``, the option's label, and ``q2``, the reasons.
    """

    name = "options"
    agreement = CHOSEN

    def ask(self, box: AnswerBox) -> Sequence[Asked]:
        return [Asked(self.name, box.options, box.details)] if box.options else []

    def read(
        self, sheet: Sheet, item: Question[Options], fields: Mapping[str, str]
    ) -> Reading | None:
        choice_field = _choice_field(item)
        if item.key not in fields and choice_field not in fields:
            return None
        text, choice = clean(fields.get(item.key, "")), clean(fields.get(choice_field, ""))
        error = too_long(text, MAX_LENGTH)
        if choice and choice not in {option.label for option in item.content}:
            error = _("Choose one of the options.")
        return Reading(make_value(choice=choice or None, text=text), error)

    def fields(self, item: Question[Options], answer: ItemAnswer) -> Mapping[str, str]:
        choice = answer.get("choice")
        return {item.key: answer.get("text")} | ({_choice_field(item): choice} if choice else {})

    def is_blank(self, answer: ItemAnswer) -> bool:
        return super().is_blank(answer) and not answer.get("choice")

    def missing(self, item: Question[Options], answer: ItemAnswer) -> Message | None:
        if self.is_blank(answer) or (answer.get("choice") and not super().is_blank(answer)):
            return None
        return _("choose one and give your reasons")

    def show(self, question: Question[Options], answer: ItemAnswer) -> Mapping[str, object]:
        return {
            "label": _("Your reasons"),
            "text": answer.get("text"),
            "options": question.content,
            "choice": answer.get("choice"),
            "choice_field": _choice_field(question),
        }

    def picture(self, question: Question[Options], answers: Sequence[ItemAnswer]) -> Picture | None:
        """Return how many chose which option, whatever their reasons are."""
        chosen = [[answer.get("choice")] for answer in answers]
        return count_options(question.content, chosen, self.agreement)

    def choices(self, question: Question[Options]) -> Sequence[str]:
        return [option.label for option in question.content]

    def choice(self, question: Question[Options], answer: ItemAnswer) -> str:
        return answer.get("choice")


def _choice_field(question: Question[Options]) -> str:
    return f"{question.key}-choice"
