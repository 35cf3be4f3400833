"""Functions with which the rest of the project reports scores and reads their delivery status.

A *line item* is a column of the gradebook (LTI-AGS 2.0 section 3.2), a *score* the value sent
to one cell of it (section 3.4), and a *result* the value that the LMS has there (section 3.3).
``report_score`` saves the score that a cell should show, and ``lti_tool.grades.outbox`` sends
it. Call it inside the transaction that saves the marks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from lti_tool.audit import Actor
from lti_tool.grades import outbox
from lti_tool.grades.outbox.locking import locked, locked_in_order
from lti_tool.models import (
    Delivery,
    GradeChoice,
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
class ColumnMaximum:
    """A maximum that a column has, and another that it is to have.

    ``held`` is the one that the LMS told last, None before it has told any, or while nobody knows
    whether it has set another. ``may_set`` is whether it lets this tool change its columns.
    ``has_foreign_grade`` is whether it is known to hold a grade that a person has entered there,
    which would lose its worth.
    """

    former: Decimal
    maximum: Decimal
    held: Decimal | None
    may_set: bool
    has_foreign_grade: bool = False
    tag: str = ""

    @property
    def follows(self) -> bool:
        """Return whether the column will get the new maximum, as far as it is known."""
        is_ours = self.held in {None, self.former}
        return self.may_set and is_ours and not self.has_foreign_grade


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade that the LMS shows for one person.

    ``given`` is None if the LMS shows no grade or does not report its value.
    """

    given: Decimal | None
    maximum: Decimal | None


class GradeOrigin(StrEnum):
    """The origins of a grade in the LMS that was not sent to its cell by this tool.

    EARLIER: from before this tool knew the column, as in a course that was restored. RESTORED: this
    tool was restored from a backup, and it may be a score of ours that was lost here. BEFORE_OURS:
    it was there before a score of ours. AFTER_OURS: somebody put it in the place of ours. LOCKED:
    ours was to replace it, and the LMS kept it.
    """

    EARLIER = "earlier"
    RESTORED = "restored"
    BEFORE_OURS = "before-ours"
    AFTER_OURS = "after-ours"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class EarlierGrades:
    """The decision about grades from before ``known_at``, when this tool first knew the column."""

    choice: GradeChoice | None
    known_at: datetime | None


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
    the LMS if somebody changed it there (CHANGED) or a teacher decided to keep it (KEPT);
    ``origin`` and ``fingerprint`` are those of this grade, the second to be handed to ``decide``.
    ``attempts_used_up``: Canvas took the score, but did not count the attempt. ``sent_unseen``: the
    LMS took the score, but did not show what its gradebook held. ``column_maximum`` is that of the
    LMS's column, None before it has told it; ``tag`` is '' for the link's own column.
    """

    progress: ScoreProgress
    given: Decimal | None
    maximum: Decimal
    problem: DeliveryProblem | None
    changed_at: datetime
    lms_grade: Grade | None = None
    attempts_used_up: bool = False
    sent_unseen: bool = False
    origin: GradeOrigin | None = None
    fingerprint: str = ""
    column_maximum: Decimal | None = None
    tag: str = ""

    @property
    def is_settled(self) -> bool:
        """Return whether the status stays until somebody reports, sends or decides again."""
        return self.progress not in {ScoreProgress.ON_ITS_WAY, ScoreProgress.TRYING_AGAIN}

    @property
    def shown(self) -> Grade | None:
        """Return the grade that the LMS shows for our score, if it has other figures."""
        maximum = self.column_maximum
        if self.progress is not ScoreProgress.IN_GRADEBOOK or self.given is None or not maximum:
            return None
        if maximum == self.maximum:
            return None
        return Grade(self.given * maximum / self.maximum, maximum)

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
    link: ResourceLink,
    user: User,
    score: Score,
    *,
    column_maximum: Decimal | None = None,
    tag: str = "",
    label: Callable[[], str] = str,
) -> bool:
    """Save the score that this person's cell in the link's column should show, to be sent.

    ``column_maximum`` is used if this tool has to create the column: the highest score possible
    at this link (default: the score's maximum). With a ``tag`` it is another column beside the
    link's own, which this tool creates under that label; ``label`` is called if it is not known.

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
    line_item = line_item_of(link, tag, label)
    save_column_maximum(line_item, column_maximum or score.maximum)
    with transaction.atomic():
        update_or_create(registration, line_item, user.pk, fields_to_send(score))
    transaction.on_commit(outbox.notify_deliverer, robust=True)
    return True


def lock_scores(link: ResourceLink, user: User) -> None:
    """Lock a link's columns and a person's scores in them, before several are reported.

    A report may save another maximum of its column, for which it is too late once a score of
    another column is locked (``outbox.locking``).
    """
    lock_columns(link)
    locked_in_order(_rows(link, user))


def lock_columns(link: ResourceLink) -> None:
    """Lock a link's columns, before the scores of several people are reported in a transaction."""
    locked(LineItem.objects.filter(link=link), "pk")


def reported_scores(
    link: ResourceLink,
    user: User | None = None,
    *,
    users: Collection[int] | None = None,
    tag: str = "",
) -> dict[int, Score]:
    """Return the scores last reported to a column, by ``User.pk``; of one user, some, or all."""
    rows = _rows(link, user).filter(line_item__tag=tag)
    if users is not None:
        rows = rows.filter(user__in=users)
    values = ("user", "score_given", "score_maximum", "comment", "submitted_at")
    return {pk: Score(*score) for pk, *score in rows.values_list(*values)}


def score_statuses(link: ResourceLink, *, tag: str = "") -> dict[int, ScoreStatus]:
    """Return the status of every score reported to a column, by ``User.pk``."""
    rows = [row for row in _rows_of_column(link, tag) if not _is_erased(row)]
    queue_problem = _problem_of_paused_queue(rows)
    return {row.user_id: _score_status(row, queue_problem) for row in rows}


def score_status(link: ResourceLink, user: User, *, tag: str = "") -> ScoreStatus | None:
    """Return the status of this user's score in a column, or None if none was reported."""
    row = _rows_of_column(link, tag).filter(user=user).first()
    if row is None or _is_erased(row):
        return None
    return _score_status(row, _problem_of_paused_queue([row]))


def column_problem(link: ResourceLink, tag: str = "") -> DeliveryProblem | None:
    """Return why the LMS has no column of this link with this tag, as far as it is known.

    It is also asked about one that has still to be made beside the link's own. None before the
    LMS has told of its gradebook at this link.
    """
    rows = {row.tag: row for row in LineItem.objects.filter(link=link, tag__in={"", tag})}
    own = rows.get("")
    if own is None:
        return None
    beside = LineItem(container_url=own.container_url, scopes=own.scopes, tag=tag)
    return outbox.column_problem(rows.get(tag, beside))


def column_maximum(
    link: ResourceLink, *, former: Decimal, maximum: Decimal, tag: str = ""
) -> ColumnMaximum | None:
    """Return what another maximum means for a column of the link.

    Where the two are the same, return what it means that the LMS has another. None if there is no
    such column, or if it has this maximum already, as far as it is known.
    """
    line_item = LineItem.objects.filter(link=link, tag=tag).exclude(url="").first()
    if line_item is None:
        return None
    former = outbox.column_maximum.former_of(line_item, former)
    held = outbox.column_maximum.held_by(line_item)
    if maximum == (former if held is None else held):
        return None
    return ColumnMaximum(
        former,
        maximum,
        held=held,
        may_set=outbox.column_maximum.may_set(line_item),
        has_foreign_grade=outbox.column_maximum.holds_foreign_grade(line_item),
        tag=tag,
    )


def change_column_maxima(
    link: ResourceLink, *, former: Mapping[str, Decimal], maxima: Mapping[str, Decimal]
) -> None:
    """Let columns have other maxima, by tag, where they have the former and the LMS allows it.

    Call it in the transaction that changes the marks, before any score is reported. It locks all
    columns of the link, and then the scores of those that change.
    """
    with transaction.atomic():
        rows = LineItem.objects.filter(pk__in=locked(LineItem.objects.filter(link=link), "pk"))
        changed = []
        for line_item in rows.order_by("pk"):
            tag = line_item.tag
            if tag not in former or tag not in maxima or former[tag] == maxima[tag]:
                continue
            values = {"former": former[tag], "maximum": maxima[tag]}
            plan = column_maximum(link, **values, tag=tag)
            # One that waits for another already would get that.
            is_waiting = outbox.column_maximum.is_waiting(line_item)
            is_ours = plan is None or plan.follows or is_waiting
            if is_ours and outbox.column_maximum.change(line_item, **values):
                changed.append(line_item)
        outbox.column_maximum.send_again(changed)
    if changed:
        transaction.on_commit(outbox.notify_deliverer, robust=True)


def send_again(link: ResourceLink, users: Iterable[User] | None = None) -> int:
    """Make waiting and refused scores due now, of these users or of all. Return how many."""
    rows = _rows(link)
    count = outbox.make_due(rows if users is None else rows.filter(user__in=[*users]))
    transaction.on_commit(outbox.notify_deliverer, robust=True)
    return count


def decide(
    link: ResourceLink,
    choice: GradeChoice,
    seen: Mapping[int, str],
    *,
    for_later: bool = False,
    by: Actor,
) -> int:
    """Replace or keep grades in the LMS that are not from this tool. Return how many.

    ``seen`` has the fingerprints of the grades that the teacher decided on, by ``User.pk``: one
    that has changed since is left as it is, also if that shows only when ours is about to replace
    it. With ``for_later`` the choice holds as well for EARLIER grades that scores find later, if
    there is one among these. ``by`` is who decides.
    """
    count = outbox.decide(link, _rows(link), choice, seen, for_later=for_later, by=by)
    transaction.on_commit(outbox.notify_deliverer, robust=True)
    return count


def decide_anew(link: ResourceLink, *, by: Actor) -> int:
    """Take back what was decided for all EARLIER grades. Return how many were kept till now."""
    return outbox.decide_anew(link, _rows(link), by=by)


def earlier_grades(link: ResourceLink) -> EarlierGrades:
    """Return what was decided about grades from before this tool knew the link's column."""
    row = LineItem.objects.filter(link=link, tag="").only("earlier_grades", "known_at").first()
    if row is None:
        return EarlierGrades(None, None)
    choice = GradeChoice(row.earlier_grades) if row.earlier_grades else None
    return EarlierGrades(choice, row.known_at)


def line_item_of(link: ResourceLink, tag: str, label: Callable[[], str]) -> LineItem:
    """Return the column of the link with this tag; one beside its own is where launches say.

    What later launches tell of the one is copied to the others then (``outbox.resending``).
    """
    own, _ = LineItem.objects.get_or_create(link=link, tag="")
    if not tag:
        return own
    beside = LineItem.objects.filter(link=link, tag=tag).first()
    if beside is not None:
        return beside
    with transaction.atomic():
        # A launch that is changing the own column copies that to those which are there by then.
        own = LineItem.objects.select_for_update(no_key=True).get(pk=own.pk)
        values = {"label": label()[:500], "container_url": own.container_url, "scopes": own.scopes}
        return LineItem.objects.get_or_create(link=link, tag=tag, defaults=values)[0]


def save_column_maximum(line_item: LineItem, maximum: Decimal) -> None:
    """Save the maximum with which the outbox creates the column, if it has to.

    A column that exists in the LMS keeps its maximum.
    """
    if line_item.maximum != maximum:
        LineItem.objects.filter(pk=line_item.pk).update(maximum=maximum)


def fields_to_send(score: Score) -> dict[str, object]:
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


def update_or_create(
    registration: Registration, line_item: LineItem, user_id: int, fields: dict[str, object]
) -> None:
    """Save the values of a delivery's fields, and that it is another score than before."""
    rows = Delivery.objects.filter(line_item=line_item, user=user_id)
    if rows.update(**fields, revision=F("revision") + 1):
        return
    outbox.open_queue(registration)
    try:
        with transaction.atomic():
            rows.create(registration=registration, line_item=line_item, user_id=user_id, **fields)
    except IntegrityError:
        # Another process created the row between the two statements, so it can be updated now.
        rows.update(**fields, revision=F("revision") + 1)


def _rows(link: ResourceLink, user: User | None = None) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(line_item__link=link)
    return rows.filter(user=user) if user is not None else rows


def _rows_of_column(link: ResourceLink, tag: str) -> QuerySet[Delivery]:
    rows = _rows(link).filter(line_item__tag=tag)
    return rows.select_related("line_item", "registration")


def _is_erased(row: Delivery) -> bool:
    """Return whether a score was taken back, and the LMS has been told: it shows nothing of it."""
    if row.score_given is not None or row.state != Delivery.State.DELIVERED:
        return False
    return not product_of(row.registration.product).takes_scores_without_points


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
    if problem is DeliveryProblem.WAITING:
        problem = None  # nothing is wrong, and it takes a moment
    if row.state == Delivery.State.DUE and problem is None:
        problem = queue_problem
    if row.state == Delivery.State.DUE:
        progress = ScoreProgress.TRYING_AGAIN if problem else ScoreProgress.ON_ITS_WAY
    else:
        progress = _PROGRESS[row.state]
    is_changed = row.state in outbox.CHANGED_IN_LMS
    return ScoreStatus(
        progress=progress,
        given=row.score_given,
        maximum=row.score_maximum,
        problem=problem,
        changed_at=row.delivered_at or row.updated_at,
        lms_grade=Grade(row.theirs_given, row.theirs_maximum) if is_changed else None,
        attempts_used_up=row.attempts_used_up,
        sent_unseen=row.sent_unseen and row.state == Delivery.State.DELIVERED,
        origin=_origin(row) if is_changed else None,
        fingerprint=outbox.fingerprint(row) if is_changed else "",
        column_maximum=row.line_item.lms_maximum,
        tag=row.line_item.tag,
    )


def _origin(row: Delivery) -> GradeOrigin:
    if row.problem == DeliveryProblem.LOCKED_IN_LMS:
        return GradeOrigin.LOCKED
    if row.theirs_is_earlier:
        return GradeOrigin.EARLIER
    if row.is_in_doubt:
        return GradeOrigin.RESTORED
    has_sent = row.sent_given is not None or any(entry[0] is not None for entry in row.tried)
    return GradeOrigin.AFTER_OURS if has_sent else GradeOrigin.BEFORE_OURS
