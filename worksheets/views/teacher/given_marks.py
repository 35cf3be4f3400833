"""Marks as a page of answers posts them: by a form for one answer, or by its script as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.http import QueryDict
from django.utils.translation import gettext as _

from lti_tool.protocol.values import whole_number
from worksheets.attempts import GivenMark
from worksheets.markup import Question
from worksheets.markup.source import storable
from worksheets.views.base import MAX_DIGITS
from worksheets.views.fields import ProseField
from worksheets.wording.numbers import number

MAX_MARKS = 1000  # in a request
MAX_COMMENT = 2000  # characters, as on the page of a pupil
MAX_SEEN = 10  # marks that a page has seen at one answer
_MAX_SEEN_TEXT = MAX_COMMENT + 20


@dataclass(frozen=True, slots=True)
class PostedMark:
    """A mark as read: with an ``error`` it cannot be given. ``typed`` is shown again then."""

    attempt_id: int
    given: GivenMark | None
    error: str = ""
    typed: tuple[str, str] = ("", "")


def read_json(body: bytes, question: Question[Any]) -> list[PostedMark] | None:
    """Return the marks that a script has sent, or None if it has sent something else."""
    try:
        posted = json.loads(body)
    except (ValueError, RecursionError):
        return None
    rows = posted.get("marks") if isinstance(posted, dict) else None
    if not isinstance(rows, list) or len(rows) > MAX_MARKS:
        return None
    fields = _Fields(question)
    found = [_read_row(row, fields) for row in rows]
    marks = [one for one in found if one is not None]
    return marks if len(marks) == len(found) else None


def _read_row(row: object, fields: _Fields) -> PostedMark | None:
    if not isinstance(row, dict):
        return None
    attempt, points, comment = row.get("attempt"), row.get("points"), row.get("comment", "")
    seen, confirmed = row.get("seen"), row.get("confirmed", False)
    read = row.get("read", "")
    if type(attempt) is not int or not 0 < attempt < 10**MAX_DIGITS:
        return None
    is_text = isinstance(points, str | None) and isinstance(comment, str) and isinstance(read, str)
    if not (is_text and isinstance(seen, list) and len(seen) <= MAX_SEEN):
        return None
    if not all(isinstance(one, str) for one in seen):
        return None
    return fields.read(attempt, points, comment, seen, read, confirmed=confirmed is True)


def read_form(posted: QueryDict, question: Question[Any]) -> list[PostedMark]:
    """Return the mark of a form, once for each answer that is ticked in it.

    A button has the points, or the field for a number; no number is an error here.
    """
    fields = _Fields(question)
    points = posted.get("points") or posted.get("number", "")
    numbers = (whole_number(one, MAX_DIGITS) for one in posted.getlist("attempt")[:MAX_MARKS])
    return [
        fields.read(
            attempt,
            points,
            posted.get("comment", ""),
            [posted.get(f"seen-{attempt}", "")],
            posted.get(f"read-{attempt}", ""),
            confirmed="confirmed" in posted,
        )
        for attempt in dict.fromkeys(numbers)
        if attempt
    ]


class _Fields:
    """The checks of points and comment for one question."""

    def __init__(self, question: Question[Any]) -> None:
        maximum = question.marks or Decimal(0)
        highest = _("At most %(maximum)s.") % {"maximum": number(maximum)}
        self._points = forms.DecimalField(
            min_value=0,
            max_digits=9,
            decimal_places=2,
            required=False,
            validators=[MaxValueValidator(maximum, highest)],
        )
        self._comment = ProseField(required=False, max_length=MAX_COMMENT)

    def read(
        self,
        attempt: int,
        points: str | None,
        comment: str,
        seen: Sequence[str],
        submission: str,
        *,
        confirmed: bool,
    ) -> PostedMark:
        """Return the mark; None for the points takes back the one that stands."""
        typed = (storable(points or "")[:20], storable(comment))
        try:
            value = self._points.clean(typed[0].strip().replace(",", "."))
            cleaned = self._comment.clean(typed[1])
        except ValidationError as error:
            return PostedMark(attempt, None, " ".join(error.messages), typed)
        if value is None and points is not None:
            return PostedMark(attempt, None, _("Enter a mark too."), typed)
        if value is None:
            cleaned = ""
        else:
            value += 0  # -0 is within the limits, and is shown as -0
        shown = tuple(_seen(one) for one in seen)
        given = GivenMark(attempt, value, cleaned, shown, confirmed, storable(submission)[:50])
        return PostedMark(attempt, given, typed=typed)


def _seen(text: str) -> str:
    """Return what ``attempts.standing`` has made, with the line ends that it has been given."""
    return storable(text)[:_MAX_SEEN_TEXT].replace("\r\n", "\n")


def as_query(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values of an address that say something."""
    return {name: value for name, value in values.items() if value}
