"""Functions that let a column's maximum follow a change of the worksheet.

A platform scales each score to the maximum of its column. A column that was made for 8 points shows
4 of 8 for 12 of 24. Only a column that still has the maximum from before the change gets the new
one: any other was given to it by a person.

What becomes of the grades in it is the LMS's. Canvas leaves the points as they are
(line_items_controller.rb in app/controllers/lti/ims). Moodle 4.5 scales them (lineitem.php in
mod/lti/service/gradebookservices, rescale_grades_keep_percentage in lib/grade/grade_item.php), but
not those that a teacher has entered there, and every pupil without a grade gets a 0. So nothing is
changed where somebody else's grade would lose its worth, the zeros are taken out again, and all our
scores are sent once more.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from django.db.models import F, Q
from django.utils import timezone

from lti_tool.adapter.connector import Connector
from lti_tool.grades.outbox.comparing import shows_ours
from lti_tool.grades.outbox.due import truncate_to_second
from lti_tool.grades.outbox.leasing import LEASE
from lti_tool.grades.outbox.locking import update_in_order
from lti_tool.models import Delivery, LineItem
from lti_tool.protocol.vocabulary import ActivityProgress, GradingProgress, Scope
from lti_tool.services import ags
from lti_tool.services.errors import DeliveryProblem, ServiceError

logger = logging.getLogger(__name__)

MAX_TRIES = 3  # of one score; then the column keeps the maximum that it has


def may_set(line_item: LineItem) -> bool:
    """Return whether the platform lets this tool change its columns, and see what is in them."""
    return {Scope.LINE_ITEM, Scope.RESULT_READONLY} <= set(line_item.scopes)


def holds_foreign_grade(line_item: LineItem) -> bool:
    """Return whether the column is known to have a grade that a person has entered there."""
    states = (Delivery.State.CHANGED, Delivery.State.KEPT)
    return Delivery.objects.filter(line_item=line_item, state__in=states).exists()


def change(line_item: LineItem, *, former: Decimal, maximum: Decimal) -> None:
    """Write down that the column, if it has the former maximum, shall have this one.

    The next score tells the platform; see ``send_again``. Call it in a transaction, before queues
    and deliveries are locked.
    """
    if not line_item.url:
        LineItem.objects.filter(pk=line_item.pk).update(maximum=maximum)
        return
    if is_waiting(line_item):
        former = line_item.former_maximum or former  # of two changes the LMS has seen neither
    LineItem.objects.filter(pk=line_item.pk).update(
        maximum=maximum,
        former_maximum=former,
        maximum_asked_at=None,
        maximum_set_at=None,
    )


def send_again(line_items: Iterable[LineItem]) -> None:
    """Make all scores of these columns due again that the LMS took, if it has still to be told.

    In one go: the order of locks goes by user, over all columns.
    """
    now = timezone.now()
    waiting = LineItem.objects.filter(
        pk__in=[line_item.pk for line_item in line_items],
        former_maximum__isnull=False,
        maximum_set_at=None,
    )
    # With another revision: one that is on its way now must not settle what is due because of this.
    update_in_order(
        Delivery.objects.filter(line_item__in=waiting, state=Delivery.State.DELIVERED),
        revision=F("revision") + 1,
        updated_at=now,
        **Delivery.due_values(now),
    )


def is_waiting(line_item: LineItem) -> bool:
    """Return whether the platform has still to be told of another maximum."""
    return line_item.former_maximum is not None and line_item.maximum_set_at is None


def set_maximum(platform: Connector, line_item: LineItem, row: Delivery) -> None:
    """Tell the platform the other maximum, before the score of the row goes there.

    Raise ServiceError, not permanent, if the score has to wait for that: it would be scaled to a
    maximum that changes then. A platform that refuses, or fails ``MAX_TRIES`` times, keeps its own.
    """
    former = line_item.former_maximum
    if former is None:
        return
    rows = LineItem.objects.filter(pk=line_item.pk)
    now = timezone.now()
    is_free = Q(made_until__isnull=True) | Q(made_until__lt=now)
    if not rows.filter(is_free).update(made_by=row.leased_by, made_until=now + LEASE):
        raise ServiceError(DeliveryProblem.WAITING, "the column is being changed", permanent=False)
    mine = rows.filter(made_by=row.leased_by)
    try:
        line_item.refresh_from_db(
            fields=["maximum", "former_maximum", "maximum_asked_at", "maximum_set_at"]
        )
        if is_waiting(line_item):
            _tell(platform, line_item, row)
    finally:
        mine.update(made_by="", made_until=None)


def _tell(platform: Connector, line_item: LineItem, row: Delivery) -> None:
    maximum = line_item.maximum
    # Another change may have been written down meanwhile: then it is still to be told.
    told = LineItem.objects.filter(pk=line_item.pk, maximum=maximum)
    try:
        held = _change(platform, line_item)
    except ServiceError as error:
        if not error.permanent and row.tries < MAX_TRIES:
            raise
        logger.warning("a column keeps its maximum: line_item=%s %s", line_item.pk, error)
        told.update(former_maximum=None)
        return
    line_item.lms_maximum, line_item.maximum_set_at = held, timezone.now()
    if held == maximum:
        told.update(lms_maximum=held, maximum_set_at=line_item.maximum_set_at)
    else:
        told.update(lms_maximum=held, former_maximum=None)


def _change(platform: Connector, line_item: LineItem) -> Decimal:
    """Return the maximum that the column has then. Raise ServiceError.

    That the platform is asked is saved before: a process that is killed over it leaves zeros, which
    the next try takes out.
    """
    content, maximum = ags.read_line_item(platform, line_item.url), line_item.maximum
    if content.maximum == line_item.former_maximum:
        if _holds_foreign_grade(platform, line_item):
            return content.maximum
        LineItem.objects.filter(pk=line_item.pk).update(maximum_asked_at=timezone.now())
        ags.write_maximum(platform, line_item.url, content, maximum)
    elif line_item.maximum_asked_at is None or content.maximum != maximum:
        return content.maximum
    _take_out_zeros(platform, line_item)
    return maximum


def _holds_foreign_grade(platform: Connector, line_item: LineItem) -> bool:
    """Return whether the column has a grade that is not from this tool."""
    results = ags.read_results(platform, line_item.url)
    rows = Delivery.objects.filter(line_item=line_item).select_related("line_item", "user")
    ours = {row.user.sub: row for row in rows}
    return any(
        user not in ours or not shows_ours(ours[user], ours[user].tried, result)
        for user, result in results.items()
        if result.given is not None
    )


def _take_out_zeros(platform: Connector, line_item: LineItem) -> None:
    """Empty the cells of people to whom no score was sent and who have a 0 all the same."""
    rows = Delivery.objects.filter(line_item=line_item, sent_given__isnull=False)
    sent = set(rows.values_list("user__sub", flat=True))
    # Moodle has dated them now, and takes a later second alone.
    timestamp = truncate_to_second(timezone.now() + timedelta(seconds=platform.clock_ahead or 0))
    timestamp += timedelta(seconds=1)
    for user, result in ags.read_results(platform, line_item.url).items():
        if result.given != 0 or user in sent:
            continue
        empty = ags.ScorePost(
            user_id=user,
            given=None,
            maximum=line_item.maximum,
            comment=None,
            activity_progress=ActivityProgress.INITIALIZED,
            grading_progress=GradingProgress.NOT_READY,
            timestamp=timestamp,
        )
        try:
            ags.post_score(platform, line_item.url, empty)
        except ServiceError as error:
            if not error.permanent:
                raise
            logger.warning("a 0 stays in a column: line_item=%s %s", line_item.pk, error)
