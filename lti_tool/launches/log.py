"""The log of launches, in which an administrator finds the reference on an error page.

Accepted launches are stored anyway (``StoredLaunch``). Refused launches and registrations are
saved here (``RefusedLaunch``), up to a limit, because anybody can post junk to the launch
address. All of them are in the process's log as well.
"""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import pgettext

from lti_tool.models import RefusedLaunch, Registration, StoredLaunch
from lti_tool.protocol.values import printable

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=90)
# Counted apart, so that junk from unknown senders does not displace the refusals of platforms.
MAX_ROWS_OF_PLATFORMS, MAX_ROWS_OF_UNKNOWN = 4000, 1000
# Old rows are deleted each time that so many were added.
DELETE_EVERY = 50
# For each platform, and for all unknown senders together, in one process.
MAX_ROWS_PER_MINUTE = 30


@dataclass(frozen=True, slots=True)
class LoggedLaunch:
    """The values of an accepted launch that may be shown; none of them identifies the person."""

    at: datetime
    message: str
    deployment: str
    course: str
    role: str  # in the language of the page
    way: str
    notes: str  # which claims could not be read


class _Limiter:
    """A counter of rows in the present minute, by registration (None for unknown senders).

    It has no lock: if two threads count at once, a row more than the limit may be saved.
    """

    def __init__(self) -> None:
        self._minute = 0
        self._counts: Counter[int | None] = Counter()

    def allows(self, registration_id: int | None) -> bool:
        """Count one more row of this registration, and return whether it may be saved."""
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, Counter()
        self._counts[registration_id] += 1
        return self._counts[registration_id] <= MAX_ROWS_PER_MINUTE


_limiter = _Limiter()


def save_refusal(
    reference: str, reason: str, detail: str, registration_id: int | None = None
) -> None:
    """Save a refused launch or registration under its reference.

    A DatabaseError is logged, not raised: the error page is shown in any case.
    """
    if not _limiter.allows(registration_id):
        return
    try:
        with transaction.atomic():
            known = Registration.objects.filter(pk=registration_id or 0).first()
            row = RefusedLaunch.objects.create(
                reference=reference,
                reason=reason,
                detail=printable(detail)[:500],
                registration=known,
            )
            if row.pk % DELETE_EVERY == 0:
                _delete_old()
    except DatabaseError:
        logger.warning("a refusal is in this log only: reference=%s", reference)


def _delete_old() -> None:
    RefusedLaunch.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    _keep_newest(RefusedLaunch.objects.filter(registration=None), MAX_ROWS_OF_UNKNOWN)
    _keep_newest(RefusedLaunch.objects.exclude(registration=None), MAX_ROWS_OF_PLATFORMS)


def _keep_newest(rows: QuerySet[RefusedLaunch], max_rows: int) -> None:
    first_to_delete = rows.order_by("-pk").values_list("pk", flat=True)[max_rows:].first()
    if first_to_delete is not None:
        rows.filter(pk__lte=first_to_delete).delete()


def find_refusal(reference: str, registration: Registration | None = None) -> RefusedLaunch | None:
    """Return the refusal with that reference in any spelling, or None if there is none.

    With a registration, only its own refusals are searched.
    """
    rows = RefusedLaunch.objects.select_related("registration")
    if registration is not None:
        rows = rows.filter(registration=registration)
    return rows.filter(reference=normal_reference(reference)).first()


def normal_reference(text: str) -> str:
    """Return a reference as it is stored: 'k7qm 4txa' becomes 'K7QM-4TXA'.

    Other text becomes a text that no refusal has as its reference.
    """
    letters = re.sub(r"[^A-Z2-9]", "", text[:100].upper())
    return f"{letters[:4]}-{letters[4:]}"


def last_launches(registration: Registration, count: int = 10) -> Sequence[LoggedLaunch]:
    """Return up to ``count`` accepted launches of a platform, newest first."""
    rows = StoredLaunch.objects.filter(registration=registration)
    rows = rows.select_related("membership__context__deployment").order_by("-created_at")
    return [log_entry(row) for row in rows[:count]]


def log_entry(row: StoredLaunch) -> LoggedLaunch:
    """Return the values of a launch that may be shown.

    Select its ``membership__context__deployment`` with it: they are read here.
    """
    roles, context = row.membership.course_roles, row.membership.context
    if roles.is_test_user:
        role = pgettext("role", "test user")
    elif roles.is_teacher:
        role = pgettext("role", "teacher")
    elif roles.is_designer:
        role = pgettext("role", "course designer")
    elif roles.is_learner:
        role = pgettext("role", "pupil")
    else:
        role = pgettext("role", "neither teacher nor pupil")
    return LoggedLaunch(
        at=row.created_at,
        message=row.message,
        deployment=context.deployment.deployment_id,
        course=context.lti_id,
        role=role,
        way=row.way,
        notes=row.notes,
    )
