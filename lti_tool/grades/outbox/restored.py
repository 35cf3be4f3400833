"""The state of the outbox after the database was restored from a backup.

The LMSs have scores that were sent after the backup was made, and nothing here tells of them. So
no cell is written before it was looked at, where that can be done, and a teacher decides where it
cannot, or where the cell holds another grade: ``Delivery.is_in_doubt``, ``sending``.
"""

from __future__ import annotations

from datetime import datetime

from lti_tool.models import AccessToken, Delivery, LineItem, PlatformQueue


def settle(alias: str, at: datetime) -> None:
    """Note in the restored rows of a database that they are in doubt, before anything is sent."""
    LineItem.objects.using(alias).update(restored_at=at, made_by="", made_until=None)
    # What was decided or on its way then was about gradebooks of then.
    Delivery.objects.using(alias).update(
        force=False, failed_looks=0, leased_by="", leased_until=None
    )
    PlatformQueue.objects.using(alias).update(
        paused_until=None, consecutive_pauses=0, failed_looks=0
    )
    # An LMS may have withdrawn them for those that it gave later.
    AccessToken.objects.using(alias).all().delete()
