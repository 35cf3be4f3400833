"""Functions with which the rest of the project reports scores and reads their delivery status.

A *line item* is a column of the gradebook (LTI-AGS 2.0 section 3.2), a *score* what we send to
one cell of it (section 3.4), a *result* what the LMS holds (section 3.3), and a *receipt* how
far a score is on its way. ``report_score`` writes down what a cell should show; the outbox
sends it. Call it inside the transaction that saves the marks.
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


@dataclass(frozen=True, slots=True)
class Score:
    """A score of ``given`` points out of ``maximum``, exact; the LMS scales it to its column.

    ``given`` None says that something was handed in and has no mark yet. The comment is plain
    text; ``submitted_at`` is when the pupil handed in what the score is for.
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

    ``given`` is None if the LMS shows none or does not say which.
    """

    given: Decimal | None
    maximum: Decimal | None


class ScoreProgress(StrEnum):
    """The delivery status of a score, as pupils and teachers read it."""

    ON_ITS_WAY = "on-its-way"
    TRYING_AGAIN = "trying-again"
    IN_GRADEBOOK = "in-gradebook"
    NOT_ACCEPTED = "not-accepted"
    CHANGED = "changed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class ScoreStatus:
    """The delivery status of one person's score; ``problem`` says what is wrong, if anything is.

    ``changed_at`` is when the LMS took the score, or else when it was last reported. ``theirs``
    is the LMS's grade if somebody changed it there (CHANGED) or a teacher decided that it stays
    (KEPT).
    """

    progress: ScoreProgress
    given: Decimal | None
    maximum: Decimal
    problem: DeliveryProblem | None
    changed_at: datetime
    lms_grade: Grade | None = None

    @property
    def is_settled(self) -> bool:
        """Return whether nothing more happens unless a person acts."""
        return self.progress not in {ScoreProgress.ON_ITS_WAY, ScoreProgress.TRYING_AGAIN}


def report_score(
    link: ResourceLink, user: User, score: Score, *, column_maximum: Decimal | None = None
) -> bool:
    """Write down what this person's cell of this link's column should show.

    ``column_maximum`` is for a column that we must make ourselves: the most that can be reached
    at this link, whatever this score is out of (default: the score's maximum).

    Return False and do nothing if the person is not a learner of the course, because gradebooks
    have cells for learners alone, and for a score without a mark unless the platform is Canvas,
    because other LMSs have no use for it. The last call wins; a repeat is harmless.
    """
    registration = link.deployment.registration
    if score.given is None and not product_of(registration.product).takes_scores_without_points:
        return False
    membership = Membership.objects.filter(user=user, context=link.context_id).first()
    if membership is None or not membership.course_roles.is_learner:
        return False
    line_item, _ = LineItem.objects.get_or_create(link=link)
    _plan_column(line_item, column_maximum or score.maximum)
    with transaction.atomic():
        _upsert(registration, line_item, user, _fields(score))
    transaction.on_commit(outbox.notify_deliverer, robust=True)
    return True


def reported_scores(link: ResourceLink, user: User | None = None) -> dict[int, Score]:
    """Return the scores last reported at this link by ``User.pk``, of one person or of all."""
    return {
        row.user_id: Score(row.score_given, row.score_maximum, row.comment, row.submitted_at)
        for row in _rows(link, user)
    }


def score_statuses(link: ResourceLink) -> dict[int, ScoreStatus]:
    """Return the receipts of everybody who has a score at this link, by ``User.pk``."""
    rows = list(Delivery.objects.filter(line_item__link=link))
    queue_problem = _problem_of_paused_queue(rows)
    return {row.user_id: _score_status(row, queue_problem) for row in rows}


def score_status(link: ResourceLink, user: User) -> ScoreStatus | None:
    """Return this person's receipt, or None if there is no score yet."""
    row = Delivery.objects.filter(line_item__link=link, user=user).first()
    return _score_status(row, _problem_of_paused_queue([row])) if row else None


def send_again(link: ResourceLink, user: User | None = None) -> int:
    """Make refused and waiting scores due now, of one person or of all, and return their number."""
    count = outbox.make_due(_rows(link, user))
    transaction.on_commit(outbox.notify_deliverer, robust=True)
    return count


def overwrite(link: ResourceLink, user: User) -> bool:
    """Make our score due again, to replace the grade that somebody changed in the LMS.

    Return False if nobody changed this person's grade there.
    """
    values = Delivery.due_values(timezone.now())
    count = _rows(link, user, *_CHANGED_IN_LMS).update(**values, force=True)
    transaction.on_commit(outbox.notify_deliverer, robust=True)
    return bool(count)


def accept_lms_grade(link: ResourceLink, user: User) -> bool:
    """Let the grade stand that somebody changed in the LMS.

    Return False if nobody changed this person's grade there.
    """
    return bool(_rows(link, user, *_CHANGED_IN_LMS).update(state=Delivery.State.KEPT, problem=""))


def _rows(link: ResourceLink, user: User | None, *states: str) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(line_item__link=link)
    rows = rows.filter(user=user) if user is not None else rows
    return rows.filter(state__in=states) if states else rows


_CHANGED_IN_LMS = (Delivery.State.CHANGED, Delivery.State.KEPT)


def _plan_column(line_item: LineItem, maximum: Decimal) -> None:
    """Save the maximum for a column that we may have to make, or make again.

    The maximum of a column that exists is never changed.
    """
    if line_item.maximum != maximum:
        LineItem.objects.filter(pk=line_item.pk).update(maximum=maximum)


def _fields(score: Score) -> dict[str, object]:
    now, is_marked = timezone.now(), score.given is not None
    activity = ActivityProgress.COMPLETED if is_marked else ActivityProgress.SUBMITTED
    # Moodle 4.5 erases the grade that is there for anything less than FullyGraded (scores.php in
    # mod/lti/service/gradebookservices).
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


def _upsert(
    registration: Registration, line_item: LineItem, user: User, fields: dict[str, object]
) -> None:
    row = Delivery.objects.filter(line_item=line_item, user=user)
    if row.update(**fields, revision=F("revision") + 1):
        return
    outbox.open_queue(registration)
    try:
        with transaction.atomic():
            row.create(registration=registration, line_item=line_item, user=user, **fields)
    except IntegrityError:
        # Another process made the row between the two statements, so it can be updated now.
        row.update(**fields, revision=F("revision") + 1)


def _problem_of_paused_queue(rows: Iterable[Delivery]) -> DeliveryProblem | None:
    """Return the problem for which the platform's queue is paused, if untried scores wait for it.

    All rows must be of one platform. Return None if the queue is not paused.
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
    of_queue = Delivery.objects.filter(registration=untried.registration_id)
    failed = of_queue.filter(state=Delivery.State.DUE).exclude(problem="")
    last = failed.order_by("-last_timestamp").values_list("problem", flat=True).first()
    return DeliveryProblem(last) if last else DeliveryProblem.UNREACHABLE


def _score_status(row: Delivery, queue_problem: DeliveryProblem | None) -> ScoreStatus:
    problem = DeliveryProblem(row.problem) if row.problem else None
    if row.state == Delivery.State.DUE and problem is None:
        problem = queue_problem
    return ScoreStatus(
        progress=_progress(row, problem),
        given=row.score_given,
        maximum=row.score_maximum,
        problem=problem,
        changed_at=row.delivered_at or row.updated_at,
        lms_grade=Grade(row.theirs_given, row.theirs_maximum)
        if row.state in _CHANGED_IN_LMS
        else None,
    )


def _progress(row: Delivery, problem: DeliveryProblem | None) -> ScoreProgress:
    if row.state == Delivery.State.DUE:
        return ScoreProgress.TRYING_AGAIN if problem else ScoreProgress.ON_ITS_WAY
    return _SETTLED[row.state]


_SETTLED: dict[str, ScoreProgress] = {
    Delivery.State.DELIVERED: ScoreProgress.IN_GRADEBOOK,
    Delivery.State.REFUSED: ScoreProgress.NOT_ACCEPTED,
    Delivery.State.CHANGED: ScoreProgress.CHANGED,
    Delivery.State.KEPT: ScoreProgress.KEPT,
}
