"""From a leased row to a cell of the gradebook, without the database's help.

Before a later score goes out, the cell is looked at: what somebody put there meanwhile is
theirs, and a person decides. The first score needs no such look. What the platform answers
becomes an ``Outcome``, which ``settling`` writes down.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from lti_tool.adapter.connector import Connector
from lti_tool.errors import Problem, ServiceError
from lti_tool.models import Delivery, Membership
from lti_tool.outbox.columns import make_column, replace_column
from lti_tool.outbox.leasing import Leased, second
from lti_tool.roles import course_roles
from lti_tool.services import ags
from lti_tool.services.ags import Platform, Result
from lti_tool.vocabulary import CANVAS, SUBMISSION_OF, ActivityProgress, GradingProgress, Scope


@dataclass(frozen=True, slots=True)
class Theirs:
    """Somebody changed the grade in the LMS; ``result`` None where it does not say to what."""

    result: Result | None


Outcome = ServiceError | Theirs | None  # None: the cell shows what the row says


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a leased score; ``clock_ahead`` is the platform's, if it answered."""

    leased: Leased
    outcome: Outcome
    clock_ahead: int | None


def send(leased: Leased) -> Sent:
    """Make the cell show what the row says, or tell why it does not."""
    platform = Connector(leased.row.registration, until=leased.ends)
    outcome: Outcome
    try:
        outcome = _made_so(platform, leased)
    except ServiceError as problem:
        outcome = problem
    return Sent(leased, outcome, platform.clock_ahead)


def comment_digest(comment: str) -> str:
    """What we remember of a comment that the LMS has; '' for none."""
    return hashlib.sha256(comment.encode()).hexdigest() if comment else ""


def _made_so(platform: Platform, leased: Leased) -> Outcome:
    row, line_item = leased.row, leased.row.line_item
    _check_person(leased)
    if not row.registration.is_active:
        raise ServiceError(Problem.REGISTRATION_INACTIVE, permanent=False)
    if leased.is_over:
        raise ServiceError(Problem.BUSY, "the lease ran out before it was sent", permanent=False)
    if not line_item.url:
        _post(platform, make_column(platform, line_item, row), row)
        return None
    try:
        theirs = _changed_since(platform, row)
        if theirs is not None:
            return theirs
        _post(platform, line_item.url, row)
    except ServiceError as problem:
        return _answered(platform, row, problem)
    return _insisted(platform, row)


def _check_person(leased: Leased) -> None:
    gone = leased.status == Membership.Status.GONE
    if gone or leased.roles is None or not course_roles(leased.roles).may_be_graded:
        raise ServiceError(Problem.NO_PUPIL, permanent=True)


def _changed_since(platform: Platform, row: Delivery) -> Theirs | None:
    """What somebody else put into the cell since our last score, if they did."""
    if row.insists or row.sent_given is None or not _may_read(row):
        return None
    try:
        result = ags.read_result(platform, row.line_item.url, row.user.sub)
    except ServiceError as problem:
        if problem.problem in {Problem.NOT_ALLOWED, Problem.NOT_ACCEPTED}:
            return None  # a platform that does not let us look still takes scores
        raise
    return None if _is_ours(row, result) else Theirs(result)


def _is_ours(row: Delivery, result: Result | None) -> bool:
    """Whether the cell shows a score of ours, or nothing at all."""
    if result is None or result.given is None:
        return True
    ours = [(Decimal(given), Decimal(maximum)) for given, maximum in row.tried]
    if row.sent_given is not None and row.sent_maximum is not None:
        ours.append((row.sent_given, row.sent_maximum))
    return any(result.shows(given, maximum) for given, maximum in ours)


def _shows_it(row: Delivery, result: Result | None) -> bool:
    """Whether the cell shows what it should."""
    if result is None or row.score_given is None:
        return False
    return result.shows(row.score_given, row.score_maximum)


def _answered(platform: Platform, row: Delivery, problem: ServiceError) -> Outcome:
    """After a refusal: a column that is gone may be made again, a newer grade is looked at."""
    if problem.problem is Problem.COLUMN_GONE:
        row.delivered_at, row.sent_comment = None, ""  # the new one has nothing of ours
        _post(platform, replace_column(platform, row.line_item, row), row)
        return None
    if problem.problem is Problem.NEWER_IN_LMS:
        return _newer(platform, row)
    raise problem


def _newer(platform: Platform, row: Delivery) -> Outcome:
    """409: a later score is there, or a person's grade. Which one, its value tells."""
    if not _may_read(row):
        return Theirs(None)
    result = ags.read_result(platform, row.line_item.url, row.user.sub)
    if _shows_it(row, result):
        return None
    if result is not None and _is_ours(row, result):
        # Ours of before, with a later time than now: the clocks differ.
        raise ServiceError(Problem.BUSY, "409 over our own score", permanent=False)
    return Theirs(result)


def _insisted(platform: Platform, row: Delivery) -> Outcome:
    """Moodle answers yes and keeps a teacher's grade all the same, unless it is unlocked there."""
    if not row.insists or not _may_read(row):
        return None
    result = ags.read_result(platform, row.line_item.url, row.user.sub)
    if _shows_it(row, result):
        return None
    raise ServiceError(Problem.LOCKED_IN_LMS, permanent=True)


def _may_read(row: Delivery) -> bool:
    return Scope.RESULT_READONLY in row.line_item.scopes


def _post(platform: Platform, column: str, row: Delivery) -> None:
    is_canvas = row.registration.product == CANVAS
    # Canvas adds a comment each time, and Moodle erases the one that is missing.
    has_it = is_canvas and row.sent_comment == comment_digest(row.comment)
    ags.post_score(
        platform,
        column,
        ags.ScorePost(
            user_id=row.user.sub,
            given=row.score_given,
            maximum=row.score_maximum,
            comment=None if has_it else row.comment,
            activity_progress=ActivityProgress(row.activity_progress),
            grading_progress=GradingProgress(row.grading_progress),
            timestamp=row.last_timestamp or second(timezone.now()),
            submission=_canvas_submission(row) if is_canvas else None,
        ),
    )


def _canvas_submission(row: Delivery) -> dict[str, object]:
    query = urlencode({SUBMISSION_OF: row.user.sub})
    address = f"{settings.PUBLIC_URL}{reverse('lti-launch')}?{query}"
    is_known = row.delivered_at and not (row.submitted_at and row.submitted_at > row.delivered_at)
    return ags.canvas_submission(
        address,
        is_new=not is_known,
        submitted_at=row.submitted_at,
        insists=row.insists,
    )
