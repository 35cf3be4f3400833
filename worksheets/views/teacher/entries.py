"""The fields for marks without an attempt: read, and answered in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lti_tool.models import User
from lti_tool.protocol.values import whole_number
from worksheets.attempts import Entered, EntryState, standing_entry
from worksheets.gradebook import ScoreProgress, ScoreStatus, leading_status
from worksheets.marking.entered import Entry, EntryError, Outcome, entry_of, read_entry
from worksheets.markup.source import storable
from worksheets.models import EnteredMark
from worksheets.reports.class_overview import Overview
from worksheets.views.base import MAX_DIGITS
from worksheets.wording.entered import entered_text, entry_problem, entry_words
from worksheets.wording.numbers import number

MAX_TEXT = 60  # characters of what was typed that are shown again


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """The text and the choice for one pupil: an ``entry``, or the ``error`` of what is none.

    Both are empty where nothing stands in the field.
    """

    text: str
    chosen: str = ""
    entry: Entry | None = None
    error: str = ""


def read_typed(text: str, chosen: str, maximum: Decimal) -> TypedEntry:
    """Return the entry of a text field and of a list of outcomes, of which one is enough."""
    text = storable(text).strip()
    shown = text[:MAX_TEXT], chosen if chosen in set(Outcome) else ""
    if not text and not shown[1]:
        return TypedEntry(*shown)
    found: Entry | EntryError
    if text:
        found = read_entry(text, entry_words(), maximum)
        if shown[1] and isinstance(found, Entry):
            found = _with_outcome(found, Outcome(shown[1]), maximum)
    else:
        found = entry_of(Outcome(shown[1]), None, maximum)
    if isinstance(found, Entry):
        return TypedEntry(*shown, entry=found)
    return TypedEntry(*shown, error=entry_problem(found, maximum))


def _with_outcome(entry: Entry, chosen: Outcome, maximum: Decimal) -> Entry | EntryError:
    """Return what was typed with what is chosen beside it; the two must not differ."""
    if entry.outcome in {chosen, Outcome.ON_PAPER}:
        return entry_of(chosen, entry.points, maximum)
    return EntryError.UNREADABLE


def outcome_message(done: Entered, lms: str, statuses: Sequence[ScoreStatus]) -> str:
    """Return why nothing was saved, '' if it was or stood already."""
    match done.state:
        case EntryState.CHANGED if done.now is not None:
            now = entered_text(done.now.outcome, done.now.points, done.now.maximum)
            return _("Not saved. Somebody has entered something else meanwhile: %(now)s.") % {
                "now": now
            }
        case EntryState.CHANGED:
            return _("Not saved. Somebody has taken the entry back meanwhile.")
        case EntryState.SUBMITTED:
            return _("Not saved. This pupil has submitted work here meanwhile.")
        case EntryState.NO_PUPIL:
            return _("Not saved. This person is no pupil of this course.")
        case EntryState.RELEASED:
            return released_warning(done.wanted.entry, lms, statuses)
        case _:
            return ""


def released_warning(entry: Entry | None, lms: str, statuses: Sequence[ScoreStatus]) -> str:
    """Return what the LMS shows of a released mark, and what becomes of that."""
    status = leading_status(statuses)
    if status is None or (status.given is None and status.lms_grade is None):
        return _("This is released: the pupil can see it. The gradebook has no mark of it.")
    words = {"lms": lms, "mark": _mark(status)}
    if status.progress in {ScoreProgress.ON_ITS_WAY, ScoreProgress.TRYING_AGAIN}:
        now = _("This is released: %(mark)s is on its way to %(lms)s.") % words
    else:
        now = _("This is released: %(lms)s shows %(mark)s.") % words
    if entry is not None and entry.points is not None:
        return f"{now} " + _("The new mark replaces it at once.")
    return f"{now} " + _("%(lms)s keeps that mark until you change it there.") % words


def _mark(status: ScoreStatus) -> str:
    grade = status.lms_grade
    given, maximum = (grade.given, grade.maximum) if grade else (status.given, status.maximum)
    points = "–" if given is None else number(given)
    return points if maximum is None else f"{points} / {number(maximum)}"


def undo_offer(
    request: HttpRequest, pupil: User, entered: EnteredMark | None
) -> dict[str, Any] | None:
    """Return what the address says of an entry that was just saved, None if it says nothing."""
    before = request.GET.get("before")
    if request.method == "POST" or before is None:
        return None
    if whole_number(request.GET.get("entered", ""), MAX_DIGITS) != pupil.pk:
        return None
    now = standing_entry(entered)
    return {"pupil": pupil, "before": before[:60], "seen": now, "entered": entered}


def undo_in_class(request: HttpRequest, seen: Overview) -> dict[str, Any] | None:
    """Return the offer to undo an entry in the class list, None if nothing was just saved."""
    number = whole_number(request.GET.get("entered", ""), MAX_DIGITS)
    row = next((row for row in seen.rows if row.user.pk == number), None)
    return undo_offer(request, row.user, row.entered) if row else None
