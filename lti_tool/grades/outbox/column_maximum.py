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
from collections.abc import Collection, Iterable, Mapping
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
from lti_tool.platforms.products import product_of
from lti_tool.protocol.vocabulary import ActivityProgress, GradingProgress, Scope
from lti_tool.services import ags
from lti_tool.services.ags import Result
from lti_tool.services.errors import DeliveryProblem, ServiceError

logger = logging.getLogger(__name__)

MAX_TRIES = 3  # of one score; then it goes to the maximum that the column has
# No answer, 'later', or a proxy that answers for the platform: that says nothing of the column.
_AWAY = {DeliveryProblem.UNREACHABLE, DeliveryProblem.BUSY, DeliveryProblem.WAITING}
_AWAY_STATUSES = {502, 503, 504}
_FIELDS = ["maximum", "lms_maximum", "former_maximum", "maximum_asked_at", "maximum_set_at"]


def may_set(line_item: LineItem) -> bool:
    """Return whether the platform lets this tool change its columns, and see what is in them."""
    return {Scope.LINE_ITEM, Scope.RESULT_READONLY} <= set(line_item.scopes)


def holds_foreign_grade(line_item: LineItem) -> bool:
    """Return whether the column is known to have a grade that a person has entered there."""
    states = (Delivery.State.CHANGED, Delivery.State.KEPT)
    return Delivery.objects.filter(line_item=line_item, state__in=states).exists()


def former_of(line_item: LineItem, former: Decimal) -> Decimal:
    """Return the maximum that the column has, or was asked to have: ``former``, if none waits."""
    if not is_waiting(line_item):
        return former
    is_asked_for = line_item.lms_maximum == line_item.former_maximum
    if is_asked(line_item) and is_asked_for:
        return line_item.maximum
    return line_item.former_maximum or former


def held_by(line_item: LineItem) -> Decimal | None:
    """Return the maximum that the platform told last, None while it may have got another since."""
    return None if is_asked(line_item) else line_item.lms_maximum


def change(line_item: LineItem, *, former: Decimal, maximum: Decimal) -> bool:
    """Write down that the column, if it has the former maximum, shall have this one.

    Return whether the platform has to be told. The next score does that; see ``send_again``. Call
    it in a transaction, before queues and deliveries are locked.
    """
    rows, former = LineItem.objects.filter(pk=line_item.pk), former_of(line_item, former)
    asked_at = line_item.maximum_asked_at if is_asked(line_item) else None
    is_there = asked_at is None and maximum in {former, line_item.lms_maximum}
    if is_there or not line_item.url:
        rows.update(maximum=maximum, former_maximum=None)
        return False
    rows.update(
        maximum=maximum, former_maximum=former, maximum_asked_at=asked_at, maximum_set_at=None
    )
    return True


def send_again(line_items: Iterable[LineItem]) -> None:
    """Make all scores of these columns due again that the LMS took.

    In one go: the order of locks goes by user, over all columns.
    """
    pks, now = [line_item.pk for line_item in line_items], timezone.now()
    # With another revision: one that is on its way now must not settle what is due because of this.
    update_in_order(
        Delivery.objects.filter(line_item__in=pks, state=Delivery.State.DELIVERED),
        revision=F("revision") + 1,
        updated_at=now,
        **Delivery.due_values(now),
    )


def is_waiting(line_item: LineItem) -> bool:
    """Return whether the platform has still to be told of another maximum."""
    return line_item.former_maximum is not None and line_item.maximum_set_at is None


def is_asked(line_item: LineItem) -> bool:
    """Return whether the platform was asked for another maximum, and nobody knows the outcome.

    Then the column has ``lms_maximum``, which it told before, or what it was asked for. That is
    ``maximum``, or ``former_maximum`` if the worksheet has changed once more since.
    """
    return is_waiting(line_item) and line_item.maximum_asked_at is not None


def set_maximum(platform: Connector, line_item: LineItem, row: Delivery) -> bool:
    """Tell the platform the other maximum, before the score of the row goes there.

    Raise ServiceError, not permanent, if the score has to wait for that: it would be scaled to a
    maximum that changes then. After ``MAX_TRIES`` it goes all the same. Return whether the column
    has refused: if the platform takes the score, call ``give_up``. Where the platform as a whole
    may be away, a later score asks again.
    """
    # A failure to get this token is none of the column: the score could not go either.
    platform.get_access_token([Scope.SCORE])
    rows = LineItem.objects.filter(pk=line_item.pk)
    now = timezone.now()
    is_free = Q(made_until__isnull=True) | Q(made_until__lt=now)
    if not rows.filter(is_free).update(made_by=row.leased_by, made_until=now + LEASE):
        raise _waiting()
    mine = rows.filter(made_by=row.leased_by)
    try:
        line_item.refresh_from_db(fields=_FIELDS)
        return is_waiting(line_item) and _has_refused(platform, line_item, row)
    finally:
        mine.update(made_by="", made_until=None)


def give_up(line_item: LineItem) -> None:
    """Let a column that has refused another maximum be as it is, with what is known of it."""
    rows = LineItem.objects.filter(
        pk=line_item.pk,
        maximum=line_item.maximum,
        maximum_asked_at=line_item.maximum_asked_at,
        maximum_set_at=None,
    )
    if line_item.maximum_asked_at is None:
        rows.update(former_maximum=None)
    else:
        # It may have the new one, as when only the zeros could not be looked for. With the former
        # one kept, ``comparing`` knows our scores in cells that were not scaled.
        rows.update(maximum_set_at=timezone.now(), lms_maximum=None)


def _waiting() -> ServiceError:
    return ServiceError(DeliveryProblem.WAITING, "the column is being changed", permanent=False)


def _has_refused(platform: Connector, line_item: LineItem, row: Delivery) -> bool:
    """Tell the platform, and return whether the column has refused; as ``set_maximum``."""
    maximum = line_item.maximum
    try:
        held = _change(platform, line_item, row)
    except ServiceError as error:
        is_away = error.problem in _AWAY or error.status in _AWAY_STATUSES
        # What failed before may have been anything; the column has to fail twice in a row.
        is_the_same = is_away or error.problem == row.problem
        if not error.permanent and not (row.tries >= MAX_TRIES and is_the_same):
            raise
        logger.warning("a column keeps its maximum: line_item=%s %s", line_item.pk, error)
        return not is_away
    # Another change may have been written down meanwhile: then it is still to be told.
    told = LineItem.objects.filter(pk=line_item.pk, maximum=maximum)
    line_item.lms_maximum, line_item.maximum_set_at = held, timezone.now()
    if held != maximum:
        told.update(lms_maximum=held, former_maximum=None)
    elif told.update(lms_maximum=held, maximum_set_at=line_item.maximum_set_at):
        # Some may have gone before, because the platform was away for the column alone.
        send_again([line_item])
    return False


def _change(platform: Connector, line_item: LineItem, row: Delivery) -> Decimal:
    """Return the maximum that the column has then. Raise ServiceError.

    That the platform is asked is saved before: an answer may be lost, or the process killed. Then
    the next try sees by the column's maximum whether it was changed, and takes out the zeros.
    """
    content, maximum = ags.read_line_item(platform, line_item.url), line_item.maximum
    ours = {line_item.former_maximum}
    if line_item.maximum_asked_at is not None:
        ours |= {line_item.lms_maximum, maximum}
    if content.maximum not in ours:
        return content.maximum
    if line_item.maximum_asked_at is not None and content.maximum != line_item.lms_maximum:
        _take_out_zeros(platform, line_item, row)
    if content.maximum == maximum:
        return maximum
    before = ags.read_results(platform, line_item.url)
    if _holds_foreign_grade(line_item, before):
        return content.maximum
    _save_question(line_item, content.maximum)
    try:
        ags.write_maximum(platform, line_item.url, content, maximum)
    except ServiceError as error:
        if error.status is not None and 400 <= error.status < 500:
            _take_back_question(line_item)
        raise
    _take_out_zeros(platform, line_item, row, listed=before.keys())
    return maximum


def _save_question(line_item: LineItem, told: Decimal) -> None:
    """Save that the platform, which told this maximum, is asked for another (``is_asked``)."""
    line_item.former_maximum = line_item.lms_maximum = told
    line_item.maximum_asked_at = timezone.now()
    saved = LineItem.objects.filter(pk=line_item.pk, maximum=line_item.maximum).update(
        former_maximum=told, lms_maximum=told, maximum_asked_at=line_item.maximum_asked_at
    )
    if not saved:  # another change has been written down since
        raise _waiting()


def _take_back_question(line_item: LineItem) -> None:
    """Save that the platform has refused what it was asked: the column is as it was."""
    rows = LineItem.objects.filter(pk=line_item.pk, maximum=line_item.maximum)
    rows.update(maximum_asked_at=None)
    line_item.maximum_asked_at = None


def _holds_foreign_grade(line_item: LineItem, results: Mapping[str, Result]) -> bool:
    """Return whether the column has a grade that is not from this tool."""
    rows = Delivery.objects.filter(line_item=line_item).select_related("line_item", "user")
    ours = {row.user.sub: row for row in rows}
    return any(
        user not in ours or not shows_ours(ours[user], ours[user].tried, result)
        for user, result in results.items()
        if result.given is not None
    )


def _take_out_zeros(
    platform: Connector,
    line_item: LineItem,
    row: Delivery,
    *,
    listed: Collection[str] | None = None,
) -> None:
    """Empty the cells of people to whom no score was sent and who have a 0 all the same.

    A platform may tell a 0 without its number (``Result``). So of people who were ``listed`` before
    the change nobody can tell whether such a 0 is a teacher's, and it stays. The list is None if
    another try than this one has changed the column: then a 0 stays if its date is later than that
    try. Where results have no dates, one that a teacher has entered since is lost.
    """
    rows = Delivery.objects.filter(line_item=line_item, sent_given__isnull=False)
    sent = set(rows.values_list("user__sub", flat=True))
    ahead = timedelta(seconds=platform.clock_ahead or 0)
    asked_at = line_item.maximum_asked_at or timezone.now()
    is_dated = product_of(row.registration.product).dates_results
    # Moodle has dated them now, and takes a later second alone.
    timestamp = truncate_to_second(timezone.now() + ahead) + timedelta(seconds=1)
    for user, result in ags.read_results(platform, line_item.url).items():
        if result.given or user in sent:
            continue
        if listed is None and is_dated and result.changed_at:
            is_from_platform = result.changed_at <= asked_at + LEASE + ahead
        else:
            is_from_platform = result.given is not None or listed is None or user not in listed
        if not is_from_platform:
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
