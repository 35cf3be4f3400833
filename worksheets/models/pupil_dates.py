"""The dates of single pupils at an assignment."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from lti_tool.models import User
from worksheets.models.assignment import Assignment


class PupilDates(models.Model):
    """The dates that a teacher gave one pupil; one that is None is as for the class.

    The pupil is never shown the note, nor that others have other dates.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="pupil_dates")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="pupil_dates")
    opens_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "user"], name="dates_once_a_pupil"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=False)
                | Q(due_at__isnull=False)
                | Q(closes_at__isnull=False),
                name="pupil_dates_have_one",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="pupil_dates_close_after_they_open",
            ),
        ]

    def __str__(self) -> str:
        return f"dates of {self.user_id} at {self.assignment_id}"
