"""An interpretation that the pupil writes for a given order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worksheets.markup import AnswerBox, Asked, Question
from worksheets.markup.messages import Message as _
from worksheets.questions.answers import ItemAnswer
from worksheets.questions.written import Written


class Complete(Written):
    """The kind of a box below the head of an interpretation; its content is the given order."""

    name = "complete"

    def ask(self, box: AnswerBox) -> Sequence[Asked]:
        head = box.interpretation
        if head is None:
            return []
        prompt = f"Interpretation {head.label}: {' > '.join(head.order)}"
        return [Asked(self.name, head.order, box.details, prompt)]

    def show(self, question: Question[tuple[str, ...]], answer: ItemAnswer) -> Mapping[str, object]:
        return {"label": _("Your interpretation"), "text": answer.get("text")}
