"""The interpretation that convinces the pupil most, and the reasons for it."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.markup import AnswerBox, Asked, Keyword, Question
from worksheets.markup.messages import Message as _
from worksheets.questions.options import Options, OptionsWithReason
from worksheets.questions.picture import Agreement

_CONVINCED = Agreement(
    everybody=_("Interpretation %(first)s convinced all."),
    most=_("Interpretation %(first)s convinced most (%(n)s of %(total)s)."),
    more_than_half=_("Interpretation %(first)s convinced more than half (%(n)s of %(total)s)."),
    divided=_(
        "They do not agree: interpretation %(first)s convinced %(n)s of %(total)s, %(second)s"
        " convinced %(m)s."
    ),
    too_few=_("Too few to tell: interpretation %(first)s convinced %(n)s of %(total)s."),
)


class Convincing(OptionsWithReason):
    """The kind of a box with the detail 'which'; its content are the interpretations above it."""

    name = "convincing"
    agreement = _CONVINCED
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

    def repeats(self, before: Question[Options], after: Question[Options]) -> bool:
        """Return whether the same interpretations are weighed, however it is asked."""
        return self.same(before, after)
