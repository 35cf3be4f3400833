"""Work that somebody asked for on a page and that the page need not wait for."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lti_tool.models.course import ResourceLink, User


class Job(models.Model):
    """One piece of work, and how far it has got; ``background.jobs`` starts and does it.

    ``kind`` is a key of LTI_JOBS in the settings. Two jobs of one kind with the same ``subject``
    are never unfinished at once; '' is no subject. ``link`` is the activity that it changes, if
    any. ``result`` is what the work says of itself once it has ended: for the page that shows it.
    """

    class State(models.TextChoices):
        """The state of a job; in the last three it has ended, and nothing is done any more."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    UNFINISHED = (State.WAITING, State.RUNNING)

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=100, blank=True)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="jobs")
    link = models.ForeignKey(
        ResourceLink, null=True, blank=True, on_delete=models.CASCADE, related_name="jobs"
    )
    # The language of the page that asked: errors are written in it.
    language = models.CharField(max_length=35, blank=True)
    arguments: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # What was uploaded or pasted; None once the job has ended.
    content = models.BinaryField(null=True, blank=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # So many of so many steps, which the kind names; 0 of 0 while that is not known.
    steps_done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    result: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    cancel_requested = models.BooleanField(default=False)
    # When its owner was shown how it ended.
    told_at = models.DateTimeField(null=True, blank=True)

    leased_by = models.CharField(max_length=64, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=["waiting", "running"]) & ~Q(subject=""),
                name="one_unfinished_job_a_subject",
            ),
            # So the jobs of one person never keep those of others waiting.
            models.UniqueConstraint(
                fields=["owner"], condition=Q(state="running"), name="one_running_job_a_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | Q(
                    state__in=["done", "failed", "cancelled"],
                    ended_at__isnull=False,
                    content__isnull=True,
                ),
                name="job_ended_without_content",
            ),
            models.CheckConstraint(
                condition=Q(state="running", leased_until__isnull=False)
                | ~Q(state="running") & Q(leased_until__isnull=True),
                name="job_leased_while_running",
            ),
        ]

    def __str__(self) -> str:
        # The text goes into logs, so it does not name the person.
        return f"job {self.pk} ({self.kind}, {self.state})"

    @property
    def has_ended(self) -> bool:
        return self.state not in self.UNFINISHED
