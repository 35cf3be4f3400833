"""The acts that pages of marking offer for a pupil's work, beside marking it."""

from __future__ import annotations

from typing import Any

from lti_tool.launches.visit import Visit
from worksheets.markup import Question
from worksheets.models import Attempt, Sending
from worksheets.permissions import may_release, may_reopen
from worksheets.views.base import WorksheetView


def acts_on(visit: Visit, attempt: Attempt, *, is_last: bool) -> dict[str, bool]:
    """Return which acts the page of an attempt offers."""
    shown = attempt.is_released or any(mark.released_at for mark in attempt.marks.all())
    return {
        "may_release": may_release(visit, attempt),
        "may_take_back": shown and may_release(visit, attempt),
        "may_reopen": is_last and may_reopen(visit, attempt),
    }


def acts_on_class(visit: Visit) -> dict[str, bool]:
    """Return which acts the pages of a class offer for selected pupils."""
    release, reopen = may_release(visit), may_reopen(visit)
    return {"may_release": release, "may_reopen": reopen, "may_select": release or reopen}


def may_hand_back(visit: Visit, attempt: Attempt, question: Question[Any]) -> bool:
    """Return whether one answer can be given back to be written anew, if the attempt is the last.

    It can where the work is submitted, or other questions of it are open already.
    """
    opened = attempt.open_items
    is_shut = attempt.is_submitted or (bool(opened) and question.key not in opened)
    return is_shut and not question.automatic and may_reopen(visit, attempt)


def hand_back_url(view: WorksheetView, attempt: Attempt, question: Question[Any]) -> str:
    """Return the address of the page that asks before one answer is given back."""
    return f"{view.url('reopen', number=attempt.pk)}?item={question.key}"


def reaches_gradebook(attempt: Attempt) -> bool:
    """Return whether a teacher's marks go to the gradebook."""
    return attempt.assignment.sending != Sending.GAPS_ONLY
