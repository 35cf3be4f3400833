"""The part of a question's page that is alike for all kinds; its look is the kind's template."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from worksheets.markup import Question
from worksheets.questions import ItemAnswer, question_kind
from worksheets.wording.numbers import marks


def question_context(question: Question[Any], answer: ItemAnswer) -> dict[str, object]:
    """Return what every template of a question may use; no key is among it."""
    shown = ("key", "prompt", "marks", "automatic", "words_min", "words_max")
    return {
        # Not the question itself: its content has the key.
        "question": {name: getattr(question, name) for name in shown},
        "marks": _marks(question),
        "is_not_counted": question.marks is not None and question.is_left_out,
        "words": _words(question),
        **question_kind(question).show(question, answer),
    }


def _marks(question: Question[Any]) -> str:
    """Return '6 marks', and where they are in no total that, too; '' where there are none."""
    if question.marks is None:
        return ""
    words = marks(question.marks)
    return _("%(marks)s, not counted") % {"marks": words} if question.is_left_out else words


def _words(question: Question[Any]) -> str:
    """Return '40 to 120 words', as the question asks for, or '' if it does not say."""
    low, high = question.words_min, question.words_max
    if low and high:
        return _("%(low)s to %(high)s words") % {"low": low, "high": high}
    if high:
        return _("up to %(high)s words") % {"high": high}
    return _("at least %(low)s words") % {"low": low} if low else ""
