"""A nightly comparison of the gradebooks with the scores that were sent to them.

Each column is read once a night. A score that the LMS has lost is made due again; a grade that
somebody changed there is kept until a teacher decides. This module sends nothing: it changes
deliveries, and the outbox sends those that are due. A delivery that gets a new score or is
leased while the column is read is not changed, because the results are older.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from lti_tool.adapter.connector import Connector
from lti_tool.grades.outbox.comparing import is_foreign_change, matches_desired
from lti_tool.models import Delivery, LineItem, Membership, Registration
from lti_tool.protocol.vocabulary import Scope
from lti_tool.services import ags
from lti_tool.services.ags import Result
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.platform import Platform

logger = logging.getLogger(__name__)

# Limits for one call and for one platform, so that the platforms after it are reached as well.
CALL_SECONDS, PLATFORM_SECONDS = 10.0, 120.0
# Newer deliveries are not compared: an LMS may show a score some time after it accepted it.
MIN_AGE = timedelta(minutes=5)

# With these problems the platform's other columns would fail as well.
_PLATFORM_WIDE = {
    DeliveryProblem.UNREACHABLE,
    DeliveryProblem.SERVER_ERROR,
    DeliveryProblem.TOKEN_REFUSED,
    DeliveryProblem.BUSY,
}


@dataclass(slots=True)
class Reconciled:
    """The numbers of a platform's cells by the result of the comparison.

    ``due_again`` counts cells whose scores were made due again. ``unreadable`` is the number of
    columns that could not be read, ``problem`` the last failure, '' if there was none.
    """

    platform: str
    checked: int = 0
    as_sent: int = 0
    due_again: int = 0
    changed_in_lms: int = 0
    unreadable: int = 0
    problem: str = ""


def reconcile_nightly() -> None:
    """Reconcile all platforms and log the numbers; a daily job (LTI_HOUSEKEEPING)."""
    for registration in Registration.objects.filter(is_active=True).order_by("pk"):
        try:
            counts = reconcile(registration)
        except Exception:  # one platform must not stop the others
            logger.exception("a platform could not be reconciled: registration=%s", registration.pk)
        else:
            logger.info("reconciled: registration=%s %s", registration.pk, counts)


def reconcile(registration: Registration, *, is_dry: bool = False) -> Reconciled:
    """Compare all columns of a platform with its deliveries, and return the counts.

    With ``is_dry`` nothing is written. A ServiceError is noted in ``problem``, never raised.
    """
    counts = Reconciled(str(registration))
    until = time.monotonic() + PLATFORM_SECONDS
    columns = _columns(registration)
    for position, column in enumerate(columns):
        if not is_dry:
            LineItem.objects.filter(pk=column.pk).update(reconciled_at=timezone.now())
        deployment = column.link.deployment
        platform = Connector(registration, deployment=deployment, seconds=CALL_SECONDS, until=until)
        try:
            _reconcile_column(platform, column, counts, is_dry=is_dry)
        except ServiceError as error:
            counts.problem = error.problem
            logger.warning("a column could not be read: line_item=%s %s", column.pk, error)
            if error.problem in _PLATFORM_WIDE:
                counts.unreadable += len(columns) - position
                break
            counts.unreadable += 1
    return counts


def _columns(registration: Registration) -> list[LineItem]:
    """Return the columns with scores that the LMS once had, longest unread first."""
    settled = Delivery.objects.filter(
        registration=registration, line_item=OuterRef("pk"), state__in=Delivery.SETTLED
    )
    columns = LineItem.objects.exclude(url="").filter(link__deployment__is_approved=True)
    columns = columns.select_related("link__deployment")
    return list(columns.filter(Exists(settled)).order_by(F("reconciled_at").asc(nulls_first=True)))


def _reconcile_column(
    platform: Platform, column: LineItem, counts: Reconciled, *, is_dry: bool
) -> None:
    """Compare one column and add to ``counts``. Raise ServiceError if it cannot be read."""
    if Scope.RESULT_READONLY not in column.scopes:
        raise ServiceError(DeliveryProblem.NOT_ALLOWED, "no scope to read results", permanent=True)
    rows = list(_rows_to_compare(column))
    # A 404 does not say that the column is gone, see ``outbox.looking``; the next score finds out.
    results = ags.read_results(platform, column.url)
    if not is_dry:
        _save_maximum(platform, column)
    for row in rows:
        values = _values_after_comparison(row, results.get(row.user.sub))
        _count(counts, row, values)
        if values and not is_dry:
            _save_if_unchanged(row, values)


def _save_maximum(platform: Platform, column: LineItem) -> None:
    """Save the maximum that the column has; a result's own may be older, in Moodle and in Canvas.

    While it may be getting another, what it told before that is kept (``column_maximum.is_asked``).
    A platform that does not show its columns is no trouble: scores do not depend on it.
    """
    if Scope.LINE_ITEM not in column.scopes:
        return
    try:
        maximum = ags.read_line_item(platform, column.url).maximum
    except ServiceError as error:
        logger.warning("a column's maximum is not known: line_item=%s %s", column.pk, error)
        return
    if maximum != column.lms_maximum:
        LineItem.objects.filter(pk=column.pk).exclude(
            former_maximum__isnull=False, maximum_asked_at__isnull=False, maximum_set_at=None
        ).update(lms_maximum=maximum)


def _rows_to_compare(column: LineItem) -> QuerySet[Delivery]:
    """Return the deliveries whose scores the column should show, of people in the course."""
    gone = Membership.objects.filter(
        user=OuterRef("user"),
        context=OuterRef("line_item__link__context"),
        status=Membership.Status.GONE,
    )
    return (
        Delivery.objects.filter(line_item=column, state__in=Delivery.SETTLED, leased_until=None)
        .filter(sent_given__isnull=False, updated_at__lt=timezone.now() - MIN_AGE)
        .exclude(delivered_at__gt=timezone.now() - MIN_AGE)
        .exclude(Exists(gone))
        .select_related("user", "line_item")
    )


def _values_after_comparison(row: Delivery, result: Result | None) -> dict[str, object]:
    """Return the values to save in the row, {} if nothing is to be changed.

    The row is DELIVERED, CHANGED or KEPT; ``result`` is what the LMS has in its cell.
    """
    if row.state == Delivery.State.DELIVERED:
        if matches_desired(row, result):
            return {}
        if is_foreign_change(row, row.tried, result):
            return _values_for_changed(row, result)
        return _values_for_due()
    if row.state == Delivery.State.CHANGED and matches_desired(row, result):
        return _values_for_delivered(row)
    # Not made due if the result has no number: on Moodle that may be a 0 (see ``ags.Result``).
    return _values_for_changed(row, result)


def _values_for_due() -> dict[str, object]:
    now = timezone.now()
    return {**Delivery.due_values(now), "updated_at": now}


def _values_for_delivered(row: Delivery) -> dict[str, object]:
    """Return the values for a cell that shows our score again after it was changed."""
    return {
        "state": Delivery.State.DELIVERED,
        "problem": "",
        "theirs_given": None,
        "theirs_maximum": None,
        "theirs_is_earlier": False,
        "sent_given": row.score_given,
        "sent_maximum": row.score_maximum,
        "tried": [],
    }


def _values_for_changed(row: Delivery, result: Result | None) -> dict[str, object]:
    """Return the values for a cell that has a grade which is not from this tool.

    If the row says so already (CHANGED, KEPT), only the grade is updated: {} if it is the same.
    """
    lms_grade: dict[str, object] = {
        "theirs_given": result.given if result else None,
        "theirs_maximum": result.maximum if result else None,
    }
    if row.state == Delivery.State.DELIVERED:
        return {
            **lms_grade,
            "state": Delivery.State.CHANGED,
            "problem": DeliveryProblem.NEWER_IN_LMS,
        }
    is_same = all(getattr(row, name) == value for name, value in lms_grade.items())
    return {} if is_same else lms_grade


def _count(counts: Reconciled, row: Delivery, values: dict[str, object]) -> None:
    """Count a cell by the state that its row will have with these values."""
    counts.checked += 1
    state = values.get("state", row.state)
    if state == Delivery.State.DUE:
        counts.due_again += 1
    elif state == Delivery.State.DELIVERED:
        counts.as_sent += 1
    else:
        counts.changed_in_lms += 1


def _save_if_unchanged(row: Delivery, values: dict[str, object]) -> None:
    """Save the values unless the row has changed since it was read."""
    unchanged = Delivery.objects.filter(
        pk=row.pk,
        state=row.state,
        revision=row.revision,
        delivered_at=row.delivered_at,
        leased_until=None,
    )
    unchanged.update(**values)
