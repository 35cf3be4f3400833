"""A nightly comparison of the gradebooks with the scores that were sent to them.

Each column is read once a night. A score that was lost there is made due again; a grade that
somebody changed there stays, and a teacher decides. Nothing is sent from here: rows change, and
delivery does the rest. A row that gets a new score or is leased meanwhile is left alone,
because the results that were read are older.
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

# One platform that hangs or crawls must not keep the others waiting until the morning.
CALL_SECONDS, PLATFORM_SECONDS = 10.0, 120.0
# An LMS may show a score some time after it took it.
FRESH = timedelta(minutes=5)

# With these problems the platform's other columns would fail as well.
_PLATFORM_WIDE = {
    DeliveryProblem.UNREACHABLE,
    DeliveryProblem.SERVER_ERROR,
    DeliveryProblem.TOKEN_REFUSED,
    DeliveryProblem.BUSY,
}


@dataclass(slots=True)
class Reconciled:
    """The cells of one platform by what was found, and the columns that could not be read.

    ``due_again`` counts scores made due again. ``problem`` is the last failure, '' if there was
    none.
    """

    platform: str
    checked: int = 0
    as_sent: int = 0
    due_again: int = 0
    changed_there: int = 0
    unreadable: int = 0
    problem: str = ""


def reconcile_nightly() -> None:
    """Reconcile all platforms and log what was found; one of the daily jobs in the settings."""
    for registration in Registration.objects.filter(is_active=True).order_by("pk"):
        try:
            found = reconcile(registration)
        except Exception:  # one platform must not stop the others
            logger.exception("a platform could not be reconciled: registration=%s", registration.pk)
        else:
            logger.info("reconciled: registration=%s %s", registration.pk, found)


def reconcile(registration: Registration, *, is_dry: bool = False) -> Reconciled:
    """Compare all columns of a platform with its deliveries, and return the counts.

    With ``is_dry`` nothing is written. A ServiceError is noted in ``problem``, never raised.
    """
    found = Reconciled(str(registration))
    until = time.monotonic() + PLATFORM_SECONDS
    platform = Connector(registration, seconds=CALL_SECONDS, until=until)
    columns = _columns(registration)
    for position, column in enumerate(columns):
        if not is_dry:
            LineItem.objects.filter(pk=column.pk).update(reconciled_at=timezone.now())
        try:
            _reconcile_column(platform, column, found, is_dry=is_dry)
        except ServiceError as error:
            found.problem = error.problem
            logger.warning("a column could not be read: line_item=%s %s", column.pk, error)
            if error.problem in _PLATFORM_WIDE:
                found.unreadable += len(columns) - position
                break
            found.unreadable += 1
    return found


def _columns(registration: Registration) -> list[LineItem]:
    settled = Delivery.objects.filter(
        registration=registration, line_item=OuterRef("pk"), state__in=Delivery.SETTLED
    )
    # Columns that were not reached last night come first.
    waits_longest = F("reconciled_at").asc(nulls_first=True)
    columns = LineItem.objects.exclude(url="").filter(link__deployment__is_approved=True)
    return list(columns.filter(Exists(settled)).order_by(waits_longest))


def _reconcile_column(
    platform: Platform, column: LineItem, found: Reconciled, *, is_dry: bool
) -> None:
    """Compare one column. Raise ServiceError if it cannot be read."""
    if Scope.RESULT_READONLY not in column.scopes:
        raise ServiceError(DeliveryProblem.NOT_ALLOWED, "no scope to read results", permanent=True)
    rows = list(_rows(column))
    try:
        results = ags.read_results(platform, column.url)
    except ServiceError as error:
        if error.problem is DeliveryProblem.COLUMN_GONE and not is_dry:
            _send_again(rows)
        raise
    for row in rows:
        _count(found, row, values := _changes(row, results.get(row.user.sub)))
        if values and not is_dry:
            _write(row, values)


def _rows(column: LineItem) -> QuerySet[Delivery]:
    """Return settled scores that the column should show, of people who are in the course."""
    gone = Membership.objects.filter(
        user=OuterRef("user"),
        context=OuterRef("line_item__link__context"),
        status=Membership.Status.GONE,
    )
    return (
        Delivery.objects.filter(line_item=column, state__in=Delivery.SETTLED, leased_until=None)
        .filter(sent_given__isnull=False, updated_at__lt=timezone.now() - FRESH)
        .exclude(delivered_at__gt=timezone.now() - FRESH)
        .exclude(Exists(gone))
        .select_related("user")
    )


def _changes(row: Delivery, result: Result | None) -> dict[str, object]:
    """Return the values to write into the row, {} if it is right."""
    if row.state == Delivery.State.DELIVERED:
        if matches_desired(row, result):
            return {}
        if is_foreign_change(row, row.tried, result):
            return _foreign_grade(row, result)
        now = timezone.now()
        return {**Delivery.due_values(now), "updated_at": now}
    if row.state == Delivery.State.CHANGED and matches_desired(row, result):
        return _delivered_again(row)
    # A cell without a number may hold a teacher's 0 (Moodle: see ``ags.Result``), so it stays.
    return _foreign_grade(row, result)


def _delivered_again(row: Delivery) -> dict[str, object]:
    """Return the values for a cell that shows our score again after somebody had changed it."""
    return {
        "state": Delivery.State.DELIVERED,
        "problem": "",
        "theirs_given": None,
        "theirs_maximum": None,
        "sent_given": row.score_given,
        "sent_maximum": row.score_maximum,
        "tried": [],
    }


def _foreign_grade(row: Delivery, result: Result | None) -> dict[str, object]:
    """Return the values for a cell that holds somebody else's grade.

    If a teacher already knows of it (CHANGED, KEPT), only the grade is brought up to date.
    """
    theirs: dict[str, object] = {
        "theirs_given": result.given if result else None,
        "theirs_maximum": result.maximum if result else None,
    }
    if row.state == Delivery.State.DELIVERED:
        return {**theirs, "state": Delivery.State.CHANGED, "problem": DeliveryProblem.NEWER_IN_LMS}
    is_same = all(getattr(row, name) == value for name, value in theirs.items())
    return {} if is_same else theirs


def _count(found: Reconciled, row: Delivery, values: dict[str, object]) -> None:
    found.checked += 1
    state = values.get("state", row.state)
    if state == Delivery.State.DUE:
        found.due_again += 1
    elif state == Delivery.State.DELIVERED:
        found.as_sent += 1
    else:
        found.changed_there += 1


def _send_again(rows: list[Delivery]) -> None:
    """Make the scores of a column that is gone due again.

    Delivery then makes another column, or says why it cannot.
    """
    now = timezone.now()
    for row in rows:
        if row.state == Delivery.State.DELIVERED:
            _write(row, {**Delivery.due_values(now), "updated_at": now})


def _write(row: Delivery, values: dict[str, object]) -> None:
    """Write the values unless the row has changed since the column was read."""
    same = Delivery.objects.filter(
        pk=row.pk,
        state=row.state,
        revision=row.revision,
        delivered_at=row.delivered_at,
        leased_until=None,
    )
    same.update(**values)
