"""The outcomes of a mark that a teacher gave, in sentences with the ways on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from worksheets.wording.numbers import number


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """A sentence, and the words of the two ways on: keep what stands, '' for no way; use mine."""

    said: str
    keep: str = ""
    use: str = ""


def other_mark(who: str, points: Decimal, at: datetime, mine: Decimal | None) -> OutcomeWords:
    """Return the words for another mark than the page knows; ``mine`` is None to take it back."""
    moment = timezone.localtime(at)
    values = {"who": who, "points": number(points)}
    if moment.date() == timezone.localdate():
        time = date_format(moment, _("H:i"))
        said = _("%(who)s gave %(points)s at %(time)s.") % {**values, "time": time}
    else:
        date = date_format(moment, _("j F Y, H:i"))
        said = _("%(who)s gave %(points)s on %(date)s.") % {**values, "date": date}
    return OutcomeWords(said, _("Keep %(points)s") % values, _use(mine))


def mark_gone(mine: Decimal | None) -> OutcomeWords:
    """Return the words for a mark that the page knows, and that was taken back since."""
    said = _("The mark that stood here was taken back meanwhile.")
    return OutcomeWords(said, _("Leave it without a mark"), _use(mine))


def answer_changed(points: Decimal | None, mine: Decimal | None) -> OutcomeWords:
    """Return the words for work that was submitted again; ``points`` stand there, if any do."""
    said = _("The pupil has submitted this again since it was read. Please read it once more.")
    keep = (
        _("Leave it without a mark")
        if points is None
        else _("Keep %(points)s") % {"points": number(points)}
    )
    return OutcomeWords(said, keep, _use(mine))


def _use(mine: Decimal | None) -> str:
    if mine is None:
        return _("Take it back anyway")
    return _("Use my %(points)s") % {"points": number(mine)}


def released_mark(
    points: Decimal, mine: Decimal | None, *, reaches_gradebook: bool
) -> OutcomeWords:
    """Return the words for a mark that the pupil sees already."""
    if mine is None:
        return OutcomeWords(
            _("This mark is released. It can be changed, and not taken back."), _("Close")
        )
    said = (
        _("This mark is released. The pupil and the gradebook get the change now.")
        if reaches_gradebook
        else _("This mark is released. The pupil sees the change now.")
    )
    use = (
        _("Change the comment")
        if points == mine
        else _("Change to %(points)s") % {"points": number(mine)}
    )
    return OutcomeWords(said, _("Leave %(points)s") % {"points": number(points)}, use)


def rubric_changed(points: Decimal | None) -> OutcomeWords:
    """Return the words for a mark by lines that have changed since the page was loaded."""
    said = _("How this question is marked was changed meanwhile. Look at the lines and mark again.")
    keep = (
        _("Leave it without a mark")
        if points is None
        else _("Keep %(points)s") % {"points": number(points)}
    )
    return OutcomeWords(said, keep)


def not_possible(state: str) -> OutcomeWords:
    """Return the words for what no press mends."""
    words = {
        "open": _("The pupil is working on this again. No mark was saved."),
        "stale": _("This question has changed since this page was opened. Load the page again."),
    }
    return OutcomeWords(words.get(state) or _("This work is not here any more."), _("Close"))
