"""The interpretation that convinces the pupil most, and the reasons for it."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.markup import AnswerBox, Asked, Keyword
from worksheets.markup.messages import Message as _
from worksheets.questions.options import OptionsWithReason


class Convincing(OptionsWithReason):
    """The kind of a box with the detail 'which'; its content are the interpretations above it."""

    name = "convincing"
    details: Sequence[Keyword] = (
        Keyword(
            "which",
            "misplaced-which",
            _("'which' asks pupils to choose an interpretation. It cannot be used here."),
        ),
    )

    def ask(self, box: AnswerBox) -> Sequence[Asked]:
        if "which" not in box.details.keywords:
            return []
        if not box.choices:
            message = _(
                "'which' needs interpretations above it in the same part, such as"
                " 'A. Economic > Political'."
            )
            box.problems.error("no-interpretations", box.details.places["which"], message)
        return [Asked(self.name, box.choices, box.details)]
