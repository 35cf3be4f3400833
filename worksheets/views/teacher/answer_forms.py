"""The forms of the page of a class's answers: a decision, or a mark for one pupil."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from lti_tool.protocol.values import whole_number
from worksheets.gradebook.corrections import Decision
from worksheets.markup.source import storable
from worksheets.questions.correcting import Verdict
from worksheets.reports.class_answers import AnswerGroup, GapAnswers
from worksheets.views.base import MAX_DIGITS

MAX_FEEDBACK = 300  # characters: a sentence that stands in a gap's key

# What part of a gap's marks a teacher gives one pupil by hand; None for the machine's mark.
SHARES: dict[str, Decimal | None] = {
    "none": Decimal(0),
    "half": Decimal("0.5"),
    "all": Decimal(1),
    "machine": None,
}


class Unreadable(Exception):
    """The error for a form that cannot be meant so; its text says why."""


@dataclass(frozen=True, slots=True)
class PostedDecision:
    """A decision about a group of answers; ``ticked`` are the spellings that it is about."""

    group: AnswerGroup
    verdict: Verdict
    ticked: tuple[str, ...]
    feedback: str
    seen: str
    in_all_classes: bool

    def decision(self, item: str) -> Decision:
        return Decision(item, self.ticked, self.verdict, self.feedback)


def read_decision(posted: QueryDict, answers: GapAnswers) -> PostedDecision:
    """Return what was posted. Raise Unreadable if no such answer is there, or nothing chosen."""
    group = answers.group(posted.get("answer", "")[:64])
    if group is None:
        raise Unreadable(_("Nobody has this answer any more. Nothing was changed."))
    try:
        verdict = Verdict(posted.get("verdict", ""))
    except ValueError:
        raise Unreadable(_("Choose what is to become of these answers.")) from None
    known = [spelling.text for spelling in group.spellings]
    ticked = tuple(text for text in known if text in set(posted.getlist("spelling")))
    if not ticked:
        raise Unreadable(_("Tick at least one of the spellings."))
    feedback = storable(" ".join(posted.get("feedback", "").split()))
    if verdict is not Verdict.WRONG:
        feedback = ""
    elif not feedback:
        raise Unreadable(_("Write what pupils with this answer are to read."))
    elif len(feedback) > MAX_FEEDBACK:
        text = _("Write at most %(most)s characters; these are %(n)s.")
        raise Unreadable(text % {"most": MAX_FEEDBACK, "n": len(feedback)})
    return PostedDecision(
        group,
        verdict,
        ticked,
        feedback,
        posted.get("seen", "")[:64],
        "classes" in posted,
    )


def read_mark(posted: QueryDict) -> tuple[int, Decimal | None]:
    """Return the attempt and the share of the marks that it is given by hand. Raise Unreadable."""
    number, share = whole_number(posted.get("attempt", ""), MAX_DIGITS), posted.get("share", "")
    if number is None or share not in SHARES:
        raise Unreadable(_("Choose a mark for one pupil."))
    return number, SHARES[share]
