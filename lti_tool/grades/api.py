"""Functions with which the rest of the project reports scores and reads their delivery status.

A *line item* is a column of the gradebook (LTI-AGS 2.0 section 3.2), a *score* the value sent
to one cell of it (section 3.4), and a *result* the value that the LMS has there (section 3.3).
``report_score`` saves the score that a cell should show, and ``lti_tool.grades.outbox`` sends
it. Call it inside the transaction that saves the marks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from lti_tool.grades import outbox
from lti_tool.models import (
    Delivery,
    LineItem,
    Membership,
    PlatformQueue,
    Registration,
    ResourceLink,
    User,
)
from lti_tool.platforms.products import product_of
from lti_tool.protocol.vocabulary import ActivityProgress, GradingProgress
from lti_tool.services.errors import DeliveryProblem

_CHANGED_IN_LMS = (Delivery.State.CHANGED, Delivery.State.KEPT)


@dataclass(frozen=True, slots=True)
class Score:
    """A score of ``given`` points out of ``maximum``, exact; the LMS scales it to its column.

    ``given`` is None for a submission without a mark. ``comment`` is plain text.
    ``submitted_at`` is when the pupil submitted the work that the score is for.
    """

    given: Decimal | None
    maximum: Decimal
    comment: str
    submitted_at: datetime | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless 0 <= given <= maximum and maximum > 0."""
        given = self.given or Decimal(0)
        if not 0 <= given <= self.maximum or self.maximum == 0:
            raise ValueError(f"not a score: {self.given} of {self.maximum}")


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade that the LMS shows for one person.

    ``given`` is None if the LMS shows no grade or does not report its value.
    """

    given: Decimal | None
    maximum: Decimal | None


class ScoreProgress(StrEnum):
    """The states of a delivery that pupils and teachers are shown."""

    ON_ITS_WAY = "on-its-way"
    TRYING_AGAIN = "trying-again"
    IN_GRADEBOOK = "in-gradebook"
    NOT_ACCEPTED = "not-accepted"
    CHANGED = "changed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class ScoreStatus:
    """The delivery status of one person's score.

    ``problem`` is None unless the delivery has failed or waits. ``changed_at`` is when the LMS
    accepted the score, or else when the score was last reported. ``lms_grade`` is the grade in
    the LMS if somebody changed it there (CHANGED) or a teacher decided to keep it (KEPT).
    ``attempts_used_up``: Canvas took the score, but did not count the attempt. ``sent_unseen``: the
    LMS took the score, but did not show what its gradebook held.
    """

    progress: ScoreProgress
    given: Decimal | None
    maximum: Decimal
    problem: DeliveryProblem | None
    changed_at: datetime
    lms_grade: Grade | None = None
    attempts_used_up: bool = False
    sent_unseen: bool = False

    @property
    def is_settled(self) -> bool:
        """Return whether the status stays until somebody reports, sends or decides again."""
        return self.progress not in {ScoreProgress.ON_ITS_WAY, ScoreProgress.TRYING_AGAIN}

    @property
    def lacks_column(self) -> bool:
        """Return whether the LMS has no column for the score to go to, or none that it names."""
        return self.problem in {DeliveryProblem.NO_COLUMN, DeliveryProblem.COLUMN_UNKNOWN}


# Without DUE, whose progress depends on the problem.
_PROGRESS: dict[str, ScoreProgress] = {
    Delivery.State.DELIVERED: ScoreProgress.IN_GRADEBOOK,
    Delivery.State.REFUSED: ScoreProgress.NOT_ACCEPTED,
    Delivery.State.CHANGED: ScoreProgress.CHANGED,
    Delivery.State.KEPT: ScoreProgress.KEPT,
}


def report_score(
    link: ResourceLink, user: User, score: Score, *, column_maximum: Decimal | None = None
) -> bool:
    """Save the score that this person's cell in the link's column should show, to be sent.

    ``column_maximum`` is used if this tool has to create the column: the highest score possible
    at this link (default: the score's maximum).

    Return False and do nothing if the person is not a learner in the course, because gradebooks
    have cells for learners only, or if the score has no points and the platform is not Canvas
    (see ``Product.takes_scores_without_points``). Each call replaces the score of the call before.
    """
    registration = link.deployment.registration
    if score.given is None and not product_of(registration.product).takes_scores_without_points:
        return False
    membership = Membership.objects.filter(user=user, context=link.context_id).first()
    if membership is None or not membership.course_roles.is_learner:
        return False
    line_item, _ = LineItem.objects.get_or_create(link=link)
    _save_column_maximum(line_item, column_maximum or score.maximum)
    with transaction.atomic():
        _update_or_create(registration, line_item, user, _fields_to_send(score))
    transaction.on_commit(outbox.notify_deliverer, robust=True)
    return True


def reported_scores(link: ResourceLink, user: User | None = None) -> dict[int, Score]:
    """Return the scores last reported at this link, by ``User.pk``; of one user or of all."""
    return {
        row.user_id: Score(row.score_given, row.score_maximum, row.comment, row.submitted_at)
        for row in _rows(link, user)
    }


def score_statuses(link: ResourceLink) -> dict[int, ScoreStatus]:
    """Return the status of every score reported at this link, by ``User.pk``."""
    rows = list(_rows(link))
    queue_problem = _problem_of_paused_queue(rows)
    return {row.user_id: _score_status(row, queue_problem) for row in rows}


def score_status(link: ResourceLink, user: User) -> ScoreStatus | None:
    """Return the status of this user's score, or None if none was reported."""
    row = _rows(link, user).first()
    return _score_status(row, _problem_of_paused_queue([row])) if row else None


def column_problem(link: ResourceLink) -> DeliveryProblem | None:
    """Return why the LMS has no column for the scores of this link, as far as it is known.

    None before the LMS has told of its gradebook at this link.
    """
    line_item = LineItem.objects.filter(link=link).first()
    return outbox.column_problem(line_item) if line_item else None


def send_again(link: ResourceLink, user: User | None = None) -> int:
    """Make waiting and refused scores due now, of one user or of all. Return how many."""
    count = outbox.make_due(_rows(link, user))
    transaction.on_commit(outbox.notify_deliverer, robust=True)
    return count


def overwrite(link: ResourceLink, user: User) -> bool:
    """Send our score again, to replace the grade that somebody changed in the LMS.

    Return False and do nothing if this user's grade was not changed there.
    """
    values = Delivery.due_values(timezone.now())
    count = _rows(link, user, *_CHANGED_IN_LMS).update(**values, force=True)
    transaction.on_commit(outbox.notify_deliverer, robust=True)
    return bool(count)


def accept_lms_grade(link: ResourceLink, user: User) -> bool:
    """Keep the grade that somebody changed in the LMS instead of our score.

    Return False and do nothing if this user's grade was not changed there.
    """
    return bool(_rows(link, user, *_CHANGED_IN_LMS).update(state=Delivery.State.KEPT, problem=""))


def _save_column_maximum(line_item: LineItem, maximum: Decimal) -> None:
    """Save the maximum with which the outbox creates the column, if it has to.

    A column that exists in the LMS keeps its maximum.
    """
    if line_item.maximum != maximum:
        LineItem.objects.filter(pk=line_item.pk).update(maximum=maximum)


def _fields_to_send(score: Score) -> dict[str, object]:
    """Return the values of a delivery's fields that make this score due now."""
    now, is_marked = timezone.now(), score.given is not None
    activity = ActivityProgress.COMPLETED if is_marked else ActivityProgress.SUBMITTED
    # Moodle 4.5 erases the grade in the cell for any gradingProgress but FullyGraded (scores.php
    # in mod/lti/service/gradebookservices).
    grading = GradingProgress.FULLY_GRADED if is_marked else GradingProgress.PENDING_MANUAL
    return {
        "score_given": score.given,
        "score_maximum": score.maximum,
        "comment": score.comment,
        "submitted_at": score.submitted_at,
        "activity_progress": activity,
        "grading_progress": grading,
        "force": False,
        "updated_at": now,
        **Delivery.due_values(now),
    }


def _update_or_create(
    registration: Registration, line_item: LineItem, user: User, fields: dict[str, object]
) -> None:
    rows = Delivery.objects.filter(line_item=line_item, user=user)
    if rows.update(**fields, revision=F("revision") + 1):
        return
    outbox.open_queue(registration)
    try:
        with transaction.atomic():
            rows.create(registration=registration, line_item=line_item, user=user, **fields)
    except IntegrityError:
        # Another process created the row between the two statements, so it can be updated now.
        rows.update(**fields, revision=F("revision") + 1)


def _rows(link: ResourceLink, user: User | None = None, *states: str) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(line_item__link=link)
    rows = rows.filter(user=user) if user is not None else rows
    return rows.filter(state__in=states) if states else rows


def _problem_of_paused_queue(rows: Iterable[Delivery]) -> DeliveryProblem | None:
    """Return the problem for which the platform's queue is paused, if some rows wait for it.

    Only rows that were never tried wait for nothing but the queue. All rows must belong to one
    platform. Return None if its queue is not paused.
    """
    due = (row for row in rows if row.state == Delivery.State.DUE)
    untried = next((row for row in due if not row.problem), None)
    if untried is None:
        return None
    queue = PlatformQueue.objects.filter(
        registration=untried.registration_id, consecutive_pauses__gt=0
    )
    if not queue.filter(paused_until__gt=timezone.now()).exists():
        return None
    deliveries = Delivery.objects.filter(registration=untried.registration_id)
    failed = deliveries.filter(state=Delivery.State.DUE).exclude(problem="")
    problem = failed.order_by("-last_timestamp").values_list("problem", flat=True).first()
    return DeliveryProblem(problem) if problem else DeliveryProblem.UNREACHABLE


def _score_status(row: Delivery, queue_problem: DeliveryProblem | None) -> ScoreStatus:
    problem = DeliveryProblem(row.problem) if row.problem else None
    if row.state == Delivery.State.DUE and problem is None:
        problem = queue_problem
    if row.state == Delivery.State.DUE:
        progress = ScoreProgress.TRYING_AGAIN if problem else ScoreProgress.ON_ITS_WAY
    else:
        progress = _PROGRESS[row.state]
    lms_grade = None
    if row.state in _CHANGED_IN_LMS:
        lms_grade = Grade(row.theirs_given, row.theirs_maximum)
    return ScoreStatus(
        progress=progress,
        given=row.score_given,
        maximum=row.score_maximum,
        problem=problem,
        changed_at=row.delivered_at or row.updated_at,
        lms_grade=lms_grade,
        attempts_used_up=row.attempts_used_up,
        sent_unseen=row.sent_unseen and row.state == Delivery.State.DELIVERED,
    )
