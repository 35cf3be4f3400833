"""Admin pages for scores on their way to the gradebooks, and for the queue of each platform."""

from __future__ import annotations

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lti_tool.admin.base import ListOnlyAdmin
from lti_tool.grades import outbox
from lti_tool.grades.outbox import platform_queues
from lti_tool.grades.queue_report import Queue, queues
from lti_tool.models import (
    Delivery,
    PlatformQueue,
)


@admin.register(Delivery)
class DeliveryAdmin(ListOnlyAdmin):
    """The list of deliveries: their states and problems, without names of people."""

    list_display = ["id", "registration", "state", "problem", "detail", "tries", "next_try_at"]
    list_filter = ["state", "problem", "registration"]
    list_select_related = ["registration"]
    actions = ["send_again"]

    @admin.action(description=_("Send again"))
    def send_again(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        """Make the chosen scores due at once."""
        count = outbox.make_due(rows)
        self.message_user(request, _("Will be sent again: %(count)s") % {"count": count})


@admin.register(PlatformQueue)
class PlatformQueueAdmin(ListOnlyAdmin):
    """The list of platforms' queues: how many scores wait or failed, and which queue is paused."""

    list_display = ["registration", "queue", "oldest_due", "failing", "delivered", "paused_until"]
    list_select_related = ["registration"]
    actions = ["open_now"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlatformQueue]:
        """Return the rows, after counting the scores of all of them in one go."""
        self._queues: dict[int, Queue] = {queue.registration: queue for queue in queues()}
        return super().get_queryset(request)

    @admin.display(description=_("due / sending / not accepted / changed in the LMS"))
    def queue(self, row: PlatformQueue) -> str:
        """Return the numbers of scores that are due, on their way, refused and changed."""
        queue = self._queues[row.pk]
        return f"{queue.due} / {queue.on_their_way} / {queue.refused} / {queue.changed}"

    @admin.display(description=_("longest wait (seconds)"))
    def oldest_due(self, row: PlatformQueue) -> int:
        """Return the seconds that the oldest due score has waited, 0 if none is due."""
        return self._queues[row.pk].oldest_due_seconds

    @admin.display(description=_("failures"))
    def failing(self, row: PlatformQueue) -> str:
        """Return the problems, each with the number of scores that have it."""
        failures = sorted(self._queues[row.pk].failures.items())
        return ", ".join(f"{problem}: {count}" for problem, count in failures)

    @admin.display(description=_("delivered in the last hour / day"))
    def delivered(self, row: PlatformQueue) -> str:
        """Return the numbers of scores delivered in the last hour and day."""
        queue = self._queues[row.pk]
        return f"{queue.delivered_last_hour} / {queue.delivered_last_day}"

    @admin.action(description=_("Resume now"))
    def open_now(self, request: HttpRequest, rows: QuerySet[PlatformQueue]) -> None:
        """End the pauses of the chosen platforms, which had failed or asked us to wait."""
        chosen = list(rows.order_by("pk").values_list("pk", flat=True))
        with transaction.atomic():
            platform_queues.resume(chosen)
        self.message_user(request, _("Resumed: %(count)s") % {"count": len(chosen)})
