"""Functions that send a leased score to its cell of the gradebook.

Before a score is posted, the cell is read: a grade that somebody else put there is not
overwritten unless a teacher decides so. The result is an ``Outcome``, which ``settling`` saves.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from lti_tool.adapter.connector import Connector
from lti_tool.grades.outbox import column_maximum
from lti_tool.grades.outbox.columns import make_column, replace_column
from lti_tool.grades.outbox.comparing import (
    is_foreign_change,
    is_grade_decided_on,
    matches_desired,
    shows_ours,
)
from lti_tool.grades.outbox.due import truncate_to_second
from lti_tool.grades.outbox.leasing import Leased, Look
from lti_tool.grades.outbox.looking import look, may_look
from lti_tool.models import Delivery, GradeChoice, Membership
from lti_tool.platforms.products import product_of
from lti_tool.protocol.roles import course_roles
from lti_tool.protocol.vocabulary import (
    SUBMISSION_AT,
    SUBMISSION_OF,
    ActivityProgress,
    GradingProgress,
    Scope,
)
from lti_tool.services import ags
from lti_tool.services.ags import Result
from lti_tool.services.errors import DeliveryProblem, ServiceError

logger = logging.getLogger(__name__)

# Canvas answers 400 if the time of a submission is more than a minute ahead of its own clock.
MAX_AHEAD = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class ForeignGrade:
    """A grade in the cell that is not from this tool; ``result`` is None if it is not known.

    ``is_earlier``: it was given before this tool knew the column. ``is_kept``: a teacher has
    decided that such grades stay.
    """

    result: Result | None
    problem: DeliveryProblem = DeliveryProblem.NEWER_IN_LMS
    is_earlier: bool = False
    is_kept: bool = False


Failure = ServiceError | ForeignGrade


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of sending a leased score.

    ``failure`` is None if the cell shows the score of the row. ``clock_ahead`` is how many
    seconds the platform's clock is ahead of ours, None if it did not answer.
    """

    leased: Leased
    failure: Failure | None
    clock_ahead: int | None


def send(leased: Leased) -> Outcome:
    """Send the score of the row unless the cell shows it already, and return the outcome.

    A ServiceError is returned in the outcome, not raised.
    """
    row = leased.row
    platform = Connector(
        row.registration,
        deployment=row.line_item.link.deployment,
        until=leased.ends,
        together=row.line_item.scopes,
    )
    failure: Failure | None
    try:
        failure = _deliver(platform, leased)
    except ServiceError as error:
        failure = error
    return Outcome(leased, failure, platform.clock_ahead)


def our_fault(leased: Leased, error: Exception) -> Outcome:
    """Return the outcome for an unexpected exception (OUR_FAULT); the row will be tried again."""
    failure = ServiceError(DeliveryProblem.OUR_FAULT, type(error).__name__, permanent=False)
    return Outcome(leased, failure, None)


def _deliver(platform: Connector, leased: Leased) -> Failure | None:
    """Send the score, creating the column if there is none or it is gone. Raise ServiceError."""
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
    has_refused = False
    if not line_item.url:
        line_item.url = make_column(platform, line_item, row)
    elif column_maximum.is_waiting(line_item):
        has_refused = column_maximum.set_maximum(platform, line_item, row)
    failure = _write_cell_or_replace_column(platform, leased)
    if has_refused:  # and the platform has answered for the score: it is not away
        column_maximum.give_up(line_item)
    return failure


def _write_cell_or_replace_column(platform: Connector, leased: Leased) -> Failure | None:
    row, line_item = leased.row, leased.row.line_item
    try:
        return _write_cell(platform, leased)
    except ServiceError as error:
        if error.problem is not DeliveryProblem.COLUMN_GONE:
            raise
    line_item.url = replace_column(platform, line_item, row)
    # The new column has no score or comment of ours, and nobody has looked at it.
    row.delivered_at, row.sent_comment, leased.look = None, "", None
    return _write_cell(platform, leased)


def _write_cell(platform: Connector, leased: Leased) -> Failure | None:
    row = leased.row
    result = _look_before_writing(platform, leased)
    if _has_arrived_before(leased, result):
        return None
    is_decided = row.force and is_grade_decided_on(row, None)
    if row.is_in_doubt and leased.look is not Look.SEEN and not is_decided:
        return ForeignGrade(None, DeliveryProblem.RESTORED)
    is_foreign = is_foreign_change(row, leased.tried_before, result)
    if is_foreign and (grade := _grade_to_spare(platform, leased, result)):
        return grade
    is_new = not _knows_hand_in(platform, leased)
    try:
        _post(platform, leased, is_new=is_new, yields=_yields_to_existing(leased, result))
    except ServiceError as error:
        if error.problem is DeliveryProblem.NEWER_IN_LMS:
            return _resolve_conflict(platform, leased)
        raise
    return _verify_override(platform, leased) if row.force or is_foreign else None


def _grade_to_spare(
    platform: Connector, leased: Leased, result: Result | None
) -> ForeignGrade | None:
    """Return the foreign grade in the cell unless a teacher has decided that ours replaces it."""
    row = leased.row
    is_earlier, choice = _is_earlier(platform, leased, result), row.line_item.earlier_grades
    if row.force:
        is_replaced = is_grade_decided_on(row, result)
    else:
        is_replaced = is_earlier and choice == GradeChoice.REPLACE
    if is_replaced:
        return None
    is_kept = is_earlier and choice == GradeChoice.KEEP and not row.force
    return ForeignGrade(result, is_earlier=is_earlier, is_kept=is_kept)


def _is_earlier(platform: Connector, leased: Leased, result: Result | None) -> bool:
    """Return whether the grade in the cell is from before this tool knew the column.

    False where nobody can tell.
    """
    known_at, ahead = leased.row.line_item.known_at, platform.clock_ahead
    is_dated = product_of(leased.row.registration.product).dates_results
    if not (leased.is_first and is_dated and known_at and result and result.changed_at):
        return False
    if ahead is None:
        ahead = leased.queue.clock_ahead
    return result.changed_at < known_at + timedelta(seconds=ahead)


def _look_before_writing(platform: Connector, leased: Leased) -> Result | None:
    """Return the result in the cell. Return None if there is none, or it need or can not be read.

    Raise ServiceError if the score has to wait for the next look.
    """
    row = leased.row
    # Canvas compares a first score for itself: see ``yields`` in ``ags.canvas_submission``. It
    # spares the grades of people, and not a newer score of ours.
    yields = product_of(row.registration.product).takes_submissions and not row.force
    if leased.is_first and yields and not row.is_in_doubt:
        return None
    # What a teacher decided on is compared with the cell as it is now.
    return look(platform, leased, with_class=leased.is_first and not row.force)


def _has_arrived_before(leased: Leased, result: Result | None) -> bool:
    """Return whether the cell shows this score, because an earlier try has delivered it.

    That happens if the response to that try was lost. The score is not posted again, because
    Canvas would count it as another attempt. Return False if the value in the cell may also
    come from a score of an earlier revision, or if a person wants it to be sent: after an override
    was taken away in Moodle, the cell may show our mark without its comment.
    """
    row = leased.row
    takes_submissions = product_of(row.registration.product).takes_submissions
    if row.force and not takes_submissions:
        return False
    if takes_submissions and row.is_in_doubt and result and matches_desired(row, result):
        return True  # sent after the backup was made: nothing here tells of that try
    other_revisions = [entry for entry in leased.tried_before if entry[2:3] != [row.revision]]
    was_tried = len(other_revisions) < len(leased.tried_before)
    if not was_tried or result is None or shows_ours(row, other_revisions, result):
        return False
    return matches_desired(row, result)


def _knows_hand_in(platform: Connector, leased: Leased) -> bool:
    """Return whether Canvas has a submission for the work that the score is for.

    A submission uses up an attempt of the pupil. So what was sent without an answer, and cannot be
    looked up, is taken to have arrived. False for every other platform. Raise ServiceError if the
    score has to wait for the next look.
    """
    row = leased.row
    if not product_of(row.registration.product).takes_submissions:
        return False
    if row.delivered_at and not (row.submitted_at and row.submitted_at > row.delivered_at):
        return True
    if not leased.was_lost:
        return False
    result = look(platform, leased)
    if leased.look is not Look.SEEN:
        return True
    return result is not None and result.submitted_at == row.submitted_at


def _yields_to_existing(leased: Leased, result: Result | None) -> bool:
    """Return whether Canvas should keep a grade that is in the cell already.

    True unless a score of this tool may be in the cell, or ``row.force`` is set.
    """
    row = leased.row
    # Canvas has a result for a cell from the first score on that a tool has sent.
    has_no_score = row.sent_given is None and leased.look is Look.SEEN and result is None
    return not row.force and (leased.is_first or has_no_score)


def _post(platform: Connector, leased: Leased, *, is_new: bool, yields: bool) -> None:
    """Post the score; one for which Canvas has no attempt left, without a new submission.

    Raise ServiceError unless the platform accepts it.
    """
    row, timestamp = leased.row, _timestamp(platform, leased)
    leased.is_posted = True
    # Checked after ``is_posted`` is set: ``release`` sets ``ends`` before it reads ``is_posted``.
    if leased.has_expired:
        raise ServiceError(DeliveryProblem.BUSY, "the lease was released", permanent=False)
    # Canvas appends each comment; Moodle erases the comment if a score has none.
    product = product_of(row.registration.product)
    has_comment = product.appends_comments and row.sent_comment == comment_digest(row.comment)
    score = ags.ScorePost(
        user_id=row.user.sub,
        given=row.score_given,
        maximum=row.score_maximum,
        comment=None if has_comment else row.comment,
        activity_progress=ActivityProgress(row.activity_progress),
        grading_progress=GradingProgress(row.grading_progress),
        timestamp=timestamp,
    )
    if not product.takes_submissions:
        ags.post_score(platform, row.line_item.url, score)
        return
    # Without points: something was handed in, or the mark that was sent before is taken back.
    preserves = row.score_given is None and leased.is_first
    submission = _canvas_submission(
        row, timestamp, is_new=is_new, preserves=preserves, yields=yields
    )
    try:
        ags.post_score(platform, row.line_item.url, replace(score, submission=submission))
    except ServiceError as error:
        if not (is_new and _may_lack_attempts(error)):
            raise
        uncounted = {**submission, "new_submission": False}
        ags.post_score(platform, row.line_item.url, replace(score, submission=uncounted))
        leased.was_counted = False
    else:
        leased.was_counted = is_new or None


def _may_lack_attempts(error: ServiceError) -> bool:
    """Return whether Canvas may have refused a score because its pupil has no attempt left.

    It checks that of new submissions alone (scores_controller.rb, app/controllers/lti/ims).
    """
    return error.status == 422 and error.problem is DeliveryProblem.NOT_ACCEPTED


def _timestamp(platform: Connector, leased: Leased) -> datetime:
    """Return the timestamp for the score, in whole seconds, not in the platform's future.

    The lease has set one by the queue's ``clock_ahead``. A response since then, to the request
    for a token or for the cell, may show another difference of the clocks. Raise ServiceError
    (BUSY) if by the platform's clock the last score of the cell is not yet past.
    """
    # The token is needed anyway, and the response has a Date header.
    platform.get_access_token([Scope.SCORE])
    now, timestamp = timezone.now(), leased.row.last_timestamp
    if timestamp is None:
        return truncate_to_second(now)
    if platform.clock_ahead is None:
        return timestamp
    platform_now = truncate_to_second(now + timedelta(seconds=platform.clock_ahead))
    sent_before_at = leased.sent_before_at
    if timestamp > platform_now and sent_before_at and sent_before_at >= platform_now:
        raise ServiceError(
            DeliveryProblem.BUSY, "its clock is behind our last score", permanent=False
        )
    return min(timestamp, platform_now)


def _canvas_submission(
    row: Delivery, timestamp: datetime, *, is_new: bool, preserves: bool, yields: bool
) -> dict[str, object]:
    query = urlencode({SUBMISSION_OF: row.user.sub, SUBMISSION_AT: row.line_item.link.lti_id})
    submitted_at = row.submitted_at
    if submitted_at and submitted_at > timestamp + MAX_AHEAD:
        submitted_at = timestamp
    return ags.canvas_submission(
        f"{settings.PUBLIC_URL}{reverse('lti-launch')}?{query}",
        is_new=is_new,
        submitted_at=submitted_at,
        preserves=preserves,
        yields=yields,
    )


def comment_digest(comment: str) -> str:
    """Return the SHA-256 of a comment ('' for none), to recognise one that the LMS has."""
    return hashlib.sha256(comment.encode()).hexdigest() if comment else ""


def _resolve_conflict(platform: Connector, leased: Leased) -> Failure | None:
    """Return the outcome after a 409: the cell has a score with a later timestamp.

    None if it shows the score of the row. Raise ServiceError (BUSY) if it shows an earlier score
    of this tool, whose timestamp is later because the clocks differ, or nothing that anybody gave:
    ``column_maximum`` has just emptied it. Raise it as ``look`` does, too.
    """
    row = leased.row
    result = look(platform, leased)
    if leased.look is not Look.SEEN:
        return ForeignGrade(None)
    if result is not None and matches_desired(row, result):
        return None
    if shows_ours(row, row.tried, result):
        raise ServiceError(DeliveryProblem.BUSY, "409 over our own score", permanent=False)
    if not is_foreign_change(row, leased.tried_before, result):
        # Refused, so not tried: as tried, it would make the empty cell look like one that a
        # teacher has emptied.
        leased.is_posted = False
        raise ServiceError(DeliveryProblem.BUSY, "409 over an empty cell", permanent=False)
    return ForeignGrade(result)


def _verify_override(platform: Connector, leased: Leased) -> Failure | None:
    """Return the outcome after our score was to replace a grade that is not from this tool.

    Moodle 4.5 answers 200 and keeps a grade that a teacher has overridden, until it is unlocked
    there. The platform has taken the score: where nobody can see what became of it, it is
    not sent again.
    """
    row = leased.row
    if not may_look(row):
        return None
    try:
        result = look(platform, leased)
    except ServiceError as error:
        logger.warning("a score could not be verified: delivery=%s %s", row.pk, error)
        return None
    if leased.look is not Look.SEEN or matches_desired(row, result):
        return None
    return ForeignGrade(result, DeliveryProblem.LOCKED_IN_LMS)
