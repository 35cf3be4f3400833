"""The Celery app that ``celery -A lti_tool worker`` and ``… beat`` run.

The tasks are in ``lti_tool.background.tasks``. It is used only if ``REDIS_URL`` is set; a tool
that delivers in its own process does not import it.
"""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import beat_init, worker_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lti_tool.settings")

app = Celery("lti_tool")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["lti_tool.background"])


@worker_init.connect
@beat_init.connect
def _needs_redis(**_: object) -> None:
    """Raise SystemExit without REDIS_URL: Celery would look for another broker, for ever."""
    if settings.LTI_DELIVER_IN_PROCESS:
        raise SystemExit(
            "REDIS_URL is not set: workers, beat and the web processes need it."
            " Without it the web processes deliver scores themselves."
        )
