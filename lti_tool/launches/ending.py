"""The ends of a visit before its day is over, for computers that several people use.

A visit ends when the person leaves, when nothing has been heard of its pages for some hours, and
when another pupil of the same platform opens something in the same browser. Teachers are left
alone by that, and so is an LMS's view as a student: they stand side by side with a pupil's page.

What was typed and not saved stays on the device. It is not taken once more: nobody knows who typed
it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import DateTimeField
from django.utils import timezone

from lti_tool.db.prepared import Param, Prepared
from lti_tool.launches.renewal import renew
from lti_tool.login.browser_key import browser_hash
from lti_tool.models import StoredLaunch

RENEWED_AFTER = timedelta(minutes=10)  # so that few requests write

# Launches hardly ever find any: an UPDATE for all of them would make each wait for the others.
_PUPILS_BEFORE = Prepared(
    lambda: (
        StoredLaunch.objects.filter(
            registration=Param("registration"),
            browser=Param("browser"),
            is_pupil=True,
            closed_at=None,
            created_at__gt=Param("since", DateTimeField()),
        )
        .exclude(membership__user=Param("user"))
        .only("pk")
    )
)


def is_over(launch: StoredLaunch) -> bool:
    """Return whether the visit of a launch has been closed, or not been used for some hours."""
    unused_since = timezone.now() - timedelta(hours=settings.LTI_IDLE_HOURS)
    return launch.closed_at is not None or _used_at(launch) < unused_since


def note_use(launch: StoredLaunch) -> None:
    """Note that a request of the visit has come, unless that was noted a moment ago."""
    if _used_at(launch) < timezone.now() - RENEWED_AFTER:
        renew(launch)


def close_those_of_others(launch: StoredLaunch, keys: Iterable[str]) -> None:
    """Close the visits of other pupils in the browser that has these keys and this launch."""
    if not launch.is_pupil:
        return
    earlier = [
        row.pk
        for key in keys
        for row in _PUPILS_BEFORE.all(
            registration=launch.registration_id,
            browser=browser_hash(key),
            since=timezone.now() - timedelta(hours=settings.LTI_ACTIVITY_HOURS),
            user=launch.membership.user_id,
        )
    ]
    if earlier:
        StoredLaunch.objects.filter(pk__in=earlier).update(closed_at=timezone.now())


def leave(launch: StoredLaunch, keys: Iterable[str]) -> None:
    """Close all visits of the launch's person in the browser that has these keys."""
    rows = StoredLaunch.objects.filter(
        registration=launch.registration_id,
        membership__user=launch.membership.user_id,
        closed_at=None,
    )
    browsers = {launch.browser, *(browser_hash(key) for key in keys)} - {""}
    rows.filter(browser__in=browsers).update(closed_at=timezone.now())


def _used_at(launch: StoredLaunch) -> datetime:
    return launch.renewed_at or launch.created_at
