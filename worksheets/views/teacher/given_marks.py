"""Marks as a page of answers posts them: by a form for one answer, or by its script as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.http import QueryDict
from django.utils.translation import gettext as _

from lti_tool.protocol.values import whole_number
from worksheets.attempts import GivenMark
from worksheets.marking.figures import plain_figures
from worksheets.marking.rubric import MAX_LINES, RubricLine, points_of
from worksheets.markup import Question
from worksheets.markup.source import storable
from worksheets.views.base import MAX_DIGITS
from worksheets.views.fields import NumberField, ProseField
from worksheets.views.teacher.forms import MAX_COMMENT
from worksheets.wording.numbers import number, plain

MAX_MARKS = 1000  # in a request
MAX_SEEN = 10  # marks that a page has seen at one answer
MAX_NUMBER = 9999  # of a line of the rubric
_MAX_SEEN_TEXT = MAX_COMMENT + 200


@dataclass(frozen=True, slots=True)
class ChosenLines:
    """The lines of the rubric that a mark is given for, and the digest of all of its lines."""

    lines: frozenset[int]
    rubric: str


@dataclass(frozen=True, slots=True)
class PostedMark:
    """A mark as read: with an ``error`` it cannot be given. ``typed`` is shown again then."""

    attempt_id: int
    given: GivenMark | None
    error: str = ""
    typed: tuple[str, str] = ("", "")
    lines: frozenset[int] = frozenset()


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
    lines, rubric = row.get("lines", []), row.get("rubric", "")
    if type(attempt) is not int or not 0 < attempt < 10**MAX_DIGITS:
        return None
    is_text = isinstance(points, str | None) and isinstance(comment, str) and isinstance(read, str)
    if not (is_text and isinstance(seen, list) and len(seen) <= MAX_SEEN):
        return None
    if not all(isinstance(one, str) for one in seen):
        return None
    if not (isinstance(lines, list) and len(lines) <= MAX_LINES and isinstance(rubric, str)):
        return None
    if not all(type(one) is int and 0 < one <= MAX_NUMBER for one in lines):
        return None
    by = ChosenLines(frozenset(lines), rubric[:50])
    return fields.read(attempt, points, comment, seen, read, by, confirmed=confirmed is True)


def read_form(
    posted: QueryDict, question: Question[Any], rubric: Sequence[RubricLine]
) -> list[PostedMark]:
    """Return the mark of a form, once for each answer that is ticked in it.

    A button has the points, or the field for a number, or the ticked lines of the rubric make
    them; no number is an error here.
    """
    fields = _Fields(question)
    ticked = (whole_number(one, 4) for one in posted.getlist("line")[:MAX_LINES])
    chosen = ChosenLines(frozenset(filter(None, ticked)), storable(posted.get("rubric", ""))[:50])
    points = posted.get("points") or posted.get("number", "")
    if chosen.lines and not posted.get("points") and _are_others(posted, chosen):
        by = [line for line in rubric if line.number in chosen.lines]
        points = plain(points_of(by, question.marks or Decimal(0)))
    numbers = (whole_number(one, MAX_DIGITS) for one in posted.getlist("attempt")[:MAX_MARKS])
    return [
        fields.read(
            attempt,
            points,
            posted.get("comment", ""),
            [posted.get(f"seen-{attempt}", "")],
            posted.get(f"read-{attempt}", ""),
            chosen,
            confirmed="confirmed" in posted,
        )
        for attempt in dict.fromkeys(numbers)
        if attempt
    ]


def _are_others(posted: QueryDict, chosen: ChosenLines) -> bool:
    """Return whether other lines are ticked than the page showed, and the number is as it was.

    The number is then not what somebody has typed.
    """
    seen = next((posted.get(name, "") for name in posted if name.startswith("seen-")), "")
    head = _seen(seen).partition("|")[0]
    points, _sign, lines = head.partition("#")
    typed = plain_figures(posted.get("number", "")).strip().replace(",", ".")
    return typed in {"", points} and lines != ".".join(map(str, sorted(chosen.lines)))


class _Fields:
    """The checks of points and comment for one question."""

    def __init__(self, question: Question[Any]) -> None:
        maximum = question.marks or Decimal(0)
        highest = _("At most %(maximum)s.") % {"maximum": number(maximum)}
        self._points = NumberField(
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
        by: ChosenLines,
        *,
        confirmed: bool,
    ) -> PostedMark:
        """Return the mark; None for the points takes back the one that stands."""
        typed = (storable(points or "")[:20], storable(comment))
        try:
            value = self._points.clean(typed[0])
            cleaned = self._comment.clean(typed[1])
        except ValidationError as error:
            return PostedMark(attempt, None, " ".join(error.messages), typed, by.lines)
        if value is None and points is not None:
            return PostedMark(attempt, None, _("Enter a mark too."), typed, by.lines)
        if value is None:
            cleaned = ""
        else:
            value += 0  # -0 is within the limits, and is shown as -0
        shown = tuple(_seen(one) for one in seen)
        given = GivenMark(
            attempt,
            value,
            cleaned,
            shown,
            confirmed,
            storable(submission)[:50],
            tuple(sorted(by.lines)) if value is not None else (),
            by.rubric,
        )
        return PostedMark(attempt, given, typed=typed, lines=by.lines)


def _seen(text: str) -> str:
    """Return what ``attempts.standing`` has made, with the line ends that it has been given."""
    return storable(text)[:_MAX_SEEN_TEXT].replace("\r\n", "\n")


def as_query(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values of an address that say something."""
    return {name: value for name, value in values.items() if value}
