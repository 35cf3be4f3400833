"""Functions that send a leased score to its cell of the gradebook.

Before a score is posted, the cell is read: a grade that somebody else put there stays, and a
teacher decides. What came of it is an ``Outcome``, which ``settling`` writes into the row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from lti_tool.adapter.connector import Connector
from lti_tool.grades.outbox import results_cache
from lti_tool.grades.outbox.columns import make_column, replace_column
from lti_tool.grades.outbox.comparing import is_foreign_change, matches_desired, shows_ours
from lti_tool.grades.outbox.due import second
from lti_tool.grades.outbox.leasing import Leased
from lti_tool.models import Delivery, Membership
from lti_tool.platforms.products import product_of
from lti_tool.protocol.roles import course_roles
from lti_tool.protocol.vocabulary import (
    SUBMISSION_OF,
    ActivityProgress,
    GradingProgress,
    Scope,
)
from lti_tool.services import ags
from lti_tool.services.ags import Result
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.platform import Platform


@dataclass(frozen=True, slots=True)
class ForeignGrade:
    """A grade that somebody else put into the cell; ``result`` is None if it is not known."""

    result: Result | None
    problem: DeliveryProblem = DeliveryProblem.NEWER_IN_LMS


Failure = ServiceError | ForeignGrade


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of sending a leased score.

    ``failure`` is None if the cell shows what the row says. ``clock_ahead`` is how many seconds
    the platform's clock is ahead, None if it did not answer.
    """

    leased: Leased
    failure: Failure | None
    clock_ahead: int | None


def send(leased: Leased) -> Outcome:
    """Make the cell show the score of the row, and return the outcome. Never raise ServiceError."""
    row = leased.row
    platform = Connector(row.registration, until=leased.ends, together=row.line_item.scopes)
    failure: Failure | None
    try:
        failure = _deliver(platform, leased)
    except ServiceError as error:
        failure = error
    return Outcome(leased, failure, platform.clock_ahead)


def our_fault(leased: Leased, error: Exception) -> Outcome:
    """Return the outcome for an exception of our own code (OUR_FAULT): the row is tried again."""
    failure = ServiceError(DeliveryProblem.OUR_FAULT, type(error).__name__, permanent=False)
    return Outcome(leased, failure, None)


def comment_digest(comment: str) -> str:
    """Return the SHA-256 of a comment ('' for none), to recognise one that the LMS has."""
    return hashlib.sha256(comment.encode()).hexdigest() if comment else ""


def _deliver(platform: Connector, leased: Leased) -> Failure | None:
    row, line_item = leased.row, leased.row.line_item
    is_gone = leased.status == Membership.Status.GONE
    if is_gone or leased.roles is None or not course_roles(leased.roles).is_learner:
        raise ServiceError(DeliveryProblem.NO_PUPIL, permanent=True)
    if not (row.registration.is_active and line_item.link.deployment.is_approved):
        raise ServiceError(DeliveryProblem.REGISTRATION_INACTIVE, permanent=False)
    if leased.has_expired:
        raise ServiceError(
            DeliveryProblem.BUSY, "the lease ran out before it was sent", permanent=False
        )
    if not line_item.url:
        line_item.url = make_column(platform, line_item, row)
    try:
        return _write_cell(platform, leased)
    except ServiceError as error:
        if error.problem is not DeliveryProblem.COLUMN_GONE:
            raise
    line_item.url = replace_column(platform, line_item, row)
    row.delivered_at, row.sent_comment = None, ""  # the new column has no score or comment of ours
    return _write_cell(platform, leased)


def _write_cell(platform: Connector, leased: Leased) -> Failure | None:
    row = leased.row
    result = _read_first(platform, leased)
    if _is_there_already(leased, result):
        return None
    if is_foreign_change(row, leased.tried_before, result):
        return ForeignGrade(result)
    try:
        _post(platform, leased, yields=_yields_to_existing(leased, result))
    except ServiceError as error:
        if error.problem is DeliveryProblem.NEWER_IN_LMS:
            return _resolve_conflict(platform, leased)
        raise
    return _verify_override(platform, row)


def _read_first(platform: Connector, leased: Leased) -> Result | None:
    """Return what the cell holds before it is written.

    None also if reading is not needed or not allowed.
    """
    row = leased.row
    if row.force or not _may_read(row):
        return None
    if leased.is_first:
        # Canvas looks by itself: see ``ags.canvas_submission``.
        looks = product_of(row.registration.product).takes_submissions
        return None if looks else results_cache.read_cell(platform, row)
    try:
        return ags.read_result(platform, row.line_item.url, row.user.sub)
    except ServiceError as error:
        if error.problem in {DeliveryProblem.NOT_ALLOWED, DeliveryProblem.NOT_ACCEPTED}:
            return None  # a platform that does not let us look still takes scores
        raise


def _is_there_already(leased: Leased, result: Result | None) -> bool:
    """Return whether an earlier try with a lost answer has arrived: Canvas would count it twice.

    If a score before it was the same, the cell does not tell which of them it shows.
    """
    row = leased.row
    earlier = [one for one in leased.tried_before if one[2:] != [row.revision]]
    was_tried = len(earlier) < len(leased.tried_before)
    if not was_tried or result is None or shows_ours(row, earlier, result):
        return False
    return matches_desired(row, result)


def _resolve_conflict(platform: Platform, leased: Leased) -> Failure | None:
    """Return what came of a 409: it means a later score of ours or a person's grade.

    The cell's value tells which. Raise ServiceError (BUSY) if it shows an earlier score of
    ours.
    """
    row = leased.row
    if not _may_read(row):
        return ForeignGrade(None)
    result = ags.read_result(platform, row.line_item.url, row.user.sub)
    if result is not None and matches_desired(row, result):
        return None
    if shows_ours(row, row.tried, result):
        # An earlier score of ours with a later time than this one: the clocks differ.
        raise ServiceError(DeliveryProblem.BUSY, "409 over our own score", permanent=False)
    return ForeignGrade(result)


def _verify_override(platform: Platform, row: Delivery) -> Failure | None:
    """Return the outcome after our score was to replace a changed grade.

    Moodle 4.5 answers 200 and keeps a grade that a teacher has overridden, until it is unlocked
    there.
    """
    if not row.force or not _may_read(row):
        return None
    result = ags.read_result(platform, row.line_item.url, row.user.sub)
    if matches_desired(row, result):
        return None
    return ForeignGrade(result, DeliveryProblem.LOCKED_IN_LMS)


def _may_read(row: Delivery) -> bool:
    return Scope.RESULT_READONLY in row.line_item.scopes


def _yields_to_existing(leased: Leased, result: Result | None) -> bool:
    """Return whether a grade that somebody else gave is to stay: ours was never in this cell.

    Canvas, which looks by itself, has a result from a tool's first score on.
    """
    row = leased.row
    is_new = row.sent_given is None and _may_read(row) and result is None
    return not row.force and (leased.is_first or is_new)


def _post(platform: Connector, leased: Leased, *, yields: bool) -> None:
    row, stamp = leased.row, _timestamp(platform, leased)
    leased.is_posted = True
    if leased.has_expired:  # ``release`` sets ``ends`` before it reads ``is_posted``
        raise ServiceError(DeliveryProblem.BUSY, "it was given back", permanent=False)
    # Canvas appends each comment; Moodle erases the comment if a score has none.
    product = product_of(row.registration.product)
    has_it = product.appends_comments and row.sent_comment == comment_digest(row.comment)
    ags.post_score(
        platform,
        row.line_item.url,
        ags.ScorePost(
            user_id=row.user.sub,
            given=row.score_given,
            maximum=row.score_maximum,
            comment=None if has_it else row.comment,
            activity_progress=ActivityProgress(row.activity_progress),
            grading_progress=GradingProgress(row.grading_progress),
            timestamp=stamp,
            submission=(
                _canvas_submission(row, stamp, yields=yields) if product.takes_submissions else None
            ),
        ),
    )


def _timestamp(platform: Connector, leased: Leased) -> datetime:
    """Return the time of the score by the platform's clock, never later than it is there.

    An answer that came since the lease (to our request for a token, or for the cell) may tell
    that this clock differs from what the queue says. Raise ServiceError (BUSY) if no second is
    left between the last score and now.
    """
    platform.get_access_token([Scope.SCORE])  # needed anyway, and its answer has the date
    now, stamp = timezone.now(), leased.row.last_timestamp
    if stamp is None:
        return second(now)
    if platform.clock_ahead is None:
        return stamp
    there = second(now + timedelta(seconds=platform.clock_ahead))
    if stamp > there and leased.sent_before_at and leased.sent_before_at >= there:
        raise ServiceError(
            DeliveryProblem.BUSY, "its clock is behind our last score", permanent=False
        )
    return min(stamp, there)


def _canvas_submission(row: Delivery, stamp: datetime, *, yields: bool) -> dict[str, object]:
    query = urlencode({SUBMISSION_OF: row.user.sub})
    is_known = row.delivered_at and not (row.submitted_at and row.submitted_at > row.delivered_at)
    return ags.canvas_submission(
        f"{settings.PUBLIC_URL}{reverse('lti-launch')}?{query}",
        is_new=not is_known,
        # Canvas answers 400 if this is more than a minute ahead of its own clock.
        submitted_at=row.submitted_at and min(row.submitted_at, stamp),
        is_marked=row.score_given is not None,
        yields=yields,
    )
