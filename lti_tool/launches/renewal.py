"""The note that a visit is used, which a page that only reads does without if need be."""

from __future__ import annotations

from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from lti_tool.db import waiting
from lti_tool.db.troubles import trouble_of
from lti_tool.models import StoredLaunch

MAX_SECONDS = 0.5  # that a page waits for it


def renew(launch: StoredLaunch) -> None:
    """Note that a request of the visit has come; the next one does it if nothing can be saved."""
    try:
        with waiting.at_most(MAX_SECONDS):
            StoredLaunch.objects.filter(pk=launch.pk).update(renewed_at=timezone.now())
    except DatabaseError as error:
        if trouble_of(error) is None:
            raise
        connection.close_if_unusable_or_obsolete()
