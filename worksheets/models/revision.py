"""The texts that a worksheet had, each time that it was saved or published."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from lti_tool.models import User
from worksheets.models.worksheet import Worksheet


class Revision(models.Model):
    """A worksheet's text as somebody saved it; ``edition`` is the number that it was published as.

    ``saved_by`` is None for a person who was erased since.
    """

    worksheet = models.ForeignKey(Worksheet, on_delete=models.CASCADE, related_name="revisions")
    source = models.TextField(blank=True)
    saved_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="saved_revisions"
    )
    saved_at = models.DateTimeField(default=timezone.now)
    edition = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.worksheet_id} of {self.saved_at:%Y-%m-%d %H:%M}"
