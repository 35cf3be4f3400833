"""Functions that bring a course's roster up to date when a teacher looks at it (LTI-NRPS 2.0).

A page never waits for that: it asks ``is_due`` and has ``refresh`` called afterwards, by a
request of its own, of which only so many wait at once. Whatever goes wrong at the platform ends in
``Context.roster_problem``.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from lti_tool.adapter.connector import Connector
from lti_tool.grades import outbox
from lti_tool.models import Context
from lti_tool.roster import rows as roster_rows
from lti_tool.services import nrps
from lti_tool.services.bulkhead import NoPlace, place_for
from lti_tool.services.errors import DeliveryProblem, ServiceError
from lti_tool.services.nrps import Roster

logger = logging.getLogger(__name__)

# Within so many seconds after it was asked for, a page that needs a roster waits for another's.
WAIT_SECONDS, POLL_SECONDS = 1.5, 0.05
CALL_SECONDS = 8.0  # a person waits, though not for the page
# Longer than a reading can take: no other reading begins for that long.
LOCK_FOR = timedelta(seconds=60)
# After a reading that went well the next one may begin sooner, when a teacher asks again.
MIN_INTERVAL = timedelta(seconds=5)


def is_due(context: Context) -> bool:
    """Return whether the roster has not been asked for in the last LTI_ROSTER_MINUTES minutes.

    False as well if the platform offers no roster.
    """
    tried, pause = context.roster_tried_at, timedelta(minutes=settings.LTI_ROSTER_MINUTES)
    return bool(context.roster_url) and (tried is None or tried <= timezone.now() - pause)


def refresh(context: Context) -> bool:
    """Read the roster and save it, unless another process is doing so or just has.

    Return False if it has to be looked at again later: it is being read elsewhere, or too many
    calls are being waited for already. ``context`` is brought up to date, also with the problem if
    there was one. No answer of a platform raises an error here. The platform is called outside of
    any transaction.
    """
    has_place = True
    if context.roster_url:
        try:
            with place_for(str(context.deployment.registration_id)):
                now = timezone.now()
                if _claim_reading(context, now):
                    _read(context, now)
        except NoPlace:
            has_place = False
    context.refresh_from_db()
    return has_place and not _is_being_read(context)


def refresh_or_wait(context: Context) -> None:
    """Read the roster if that is due; where others just do so, wait for them for a moment.

    It is for a page that needs to know who teaches the course: see ``refresh``.
    """
    if is_due(context):
        refresh(context)
    tried = context.roster_tried_at or timezone.now()
    end = time.monotonic() + WAIT_SECONDS - (timezone.now() - tried).total_seconds()
    while _is_being_read(context) and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
        context.refresh_from_db()


def _is_being_read(context: Context) -> bool:
    """Return whether a reading has begun that has neither ended nor taken too long to be alive."""
    tried = context.roster_tried_at
    if tried is None or tried <= timezone.now() - LOCK_FOR:
        return False
    return context.roster_read_at != tried and not context.roster_problem


def _claim_reading(context: Context, now: datetime) -> bool:
    """Return whether this process is to read the roster: one at a time, over all processes."""
    free = Q(roster_tried_at__isnull=True) | Q(roster_tried_at__lte=now - LOCK_FOR)
    free |= Q(roster_read_at=F("roster_tried_at"), roster_tried_at__lte=now - MIN_INTERVAL)
    mine = Context.objects.filter(free, pk=context.pk)
    # Without a problem: this reading has none yet.
    return bool(mine.update(roster_tried_at=now, roster_problem=""))


def _read(context: Context, tried_at: datetime) -> None:
    deployment = context.deployment
    platform = Connector(deployment.registration, deployment=deployment, seconds=CALL_SECONDS)
    try:
        roster = nrps.read_roster(platform, context.roster_url, context.roster_etag)
    except ServiceError as error:
        logger.warning("roster not read: context=%s %s", context.pk, error)
        _settle(context, tried_at, error.problem)
        return
    if roster is None:
        _settle(context, tried_at, None, roster_read_at=tried_at)
    else:
        _save(context, tried_at, roster)


def _save(context: Context, tried_at: datetime, roster: Roster) -> None:
    values = {"roster_etag": roster.etag, "roster_read_at": tried_at}
    with transaction.atomic():
        if not _settle(context, tried_at, roster.problem, **values):
            return  # a later reading has begun
        returned = roster_rows.write(context, roster, tried_at)
        # Scores that were refused because these people were not in the course are due again.
        if returned and outbox.people_returned(context, returned):
            transaction.on_commit(outbox.notify_deliverer, robust=True)


def _settle(
    context: Context, tried_at: datetime, problem: DeliveryProblem | None, **values: object
) -> bool:
    """Save how a reading ended, unless another one has begun since. Return whether it was saved."""
    mine = Context.objects.filter(pk=context.pk, roster_tried_at=tried_at)
    return bool(mine.update(roster_problem=problem or "", **values))
