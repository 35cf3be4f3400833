"""PUBLIC: what the rest of the project says to the gradebook, and hears from it.

A *line item* is a column of the gradebook (LTI-AGS 2.0 section 3.2), a *score* what we
send to one cell of it (section 3.4), a *result* what the LMS holds (section 3.3), and a
*receipt* how far a score is on its way. ``report_score`` says what a cell SHOULD show;
the outbox makes it so. Call it inside the transaction that saves the marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from lti_tool import deliverer, outbox
from lti_tool.errors import Problem
from lti_tool.models import Delivery, LineItem, Membership, ResourceLink, User
from lti_tool.vocabulary import ActivityProgress, GradingProgress


@dataclass(frozen=True, slots=True)
class Score:
    """``given`` of ``maximum`` points, exact; the LMS scales them to its column.

    The comment is plain text. It is sent each time: Moodle erases the one that is there
    when a score comes without.
    """

    given: Decimal
    maximum: Decimal
    comment: str

    def __post_init__(self) -> None:
        """Raises ValueError for a score that no gradebook can hold."""
        if not 0 <= self.given <= self.maximum or self.maximum == 0:
            raise ValueError(f"not a score: {self.given} of {self.maximum}")


class Progress(StrEnum):
    """Where a score is."""

    ON_ITS_WAY = "on-its-way"
    TRYING_AGAIN = "trying-again"
    IN_GRADEBOOK = "in-gradebook"
    NOT_ACCEPTED = "not-accepted"


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far one person's score is. ``problem`` says what is wrong, where something is."""

    progress: Progress
    given: Decimal
    maximum: Decimal
    problem: Problem | None
    changed_at: datetime

    @property
    def is_settled(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.progress in {Progress.IN_GRADEBOOK, Progress.NOT_ACCEPTED}


def report_score(
    link: ResourceLink, user: User, score: Score, *, column_maximum: Decimal | None = None
) -> bool:
    """Say what this person's cell of this link's column should show.

    ``column_maximum`` is for a column that we must make ourselves: the most that can be
    reached at this link, whatever this score is out of (default: the score's maximum).
    Gives False, and does nothing, for whom no gradebook has a cell: teachers and an
    LMS's test users. The last call wins; a repeat is harmless.
    """
    membership = Membership.objects.filter(user=user, context=link.context_id).first()
    if membership is None or not membership.course_roles.may_be_graded:
        return False
    line_item, _ = LineItem.objects.get_or_create(link=link)
    _plan_column(line_item, column_maximum or score.maximum)
    with transaction.atomic():
        _upsert(line_item, user, _fields(score))
    transaction.on_commit(deliverer.wake)
    return True


def receipts(link: ResourceLink) -> dict[int, Receipt]:
    """The receipts of everybody who has a score at this link, by ``User.pk``."""
    rows = Delivery.objects.filter(line_item__link=link)
    return {row.user_id: _receipt(row) for row in rows}


def receipt(link: ResourceLink, user: User) -> Receipt | None:
    """This person's receipt, or None if there is no score yet."""
    row = Delivery.objects.filter(line_item__link=link, user=user).first()
    return _receipt(row) if row else None


def send_again(link: ResourceLink, user: User) -> None:
    """Try a score that was refused, or that waits for its next try, at once."""
    outbox.due_now(Delivery.objects.filter(line_item__link=link, user=user))
    transaction.on_commit(deliverer.wake)


def _plan_column(line_item: LineItem, maximum: Decimal) -> None:
    """Only while there is no column: its maximum is never changed afterwards."""
    if not line_item.url and line_item.maximum != maximum:
        LineItem.objects.filter(pk=line_item.pk, url="").update(maximum=maximum)


def _fields(score: Score) -> dict[str, object]:
    now = timezone.now()
    return {
        "score_given": score.given,
        "score_maximum": score.maximum,
        "comment": score.comment,
        "activity_progress": ActivityProgress.COMPLETED,
        # Anything less makes Moodle erase the grade that is there.
        "grading_progress": GradingProgress.FULLY_GRADED,
        "state": Delivery.State.DUE,
        "problem": "",
        "detail": "",
        "tries": 0,
        "next_try_at": now,
        "updated_at": now,
    }


def _upsert(line_item: LineItem, user: User, fields: dict[str, object]) -> None:
    row = Delivery.objects.filter(line_item=line_item, user=user)
    if row.update(**fields, revision=F("revision") + 1):
        return
    try:
        with transaction.atomic():
            Delivery.objects.create(line_item=line_item, user=user, **fields)
    except IntegrityError:
        # Somebody made the row between the two statements: then it can be updated.
        row.update(**fields, revision=F("revision") + 1)


def _receipt(row: Delivery) -> Receipt:
    return Receipt(
        progress=_progress(row),
        given=row.score_given,
        maximum=row.score_maximum,
        problem=Problem(row.problem) if row.problem else None,
        changed_at=row.delivered_at or row.updated_at,
    )


def _progress(row: Delivery) -> Progress:
    if row.state == Delivery.State.DELIVERED:
        return Progress.IN_GRADEBOOK
    if row.state == Delivery.State.REFUSED:
        return Progress.NOT_ACCEPTED
    return Progress.TRYING_AGAIN if row.problem else Progress.ON_ITS_WAY
