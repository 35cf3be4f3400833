"""When the daily work is due, so that one process does it and not each."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Chore(models.Model):
    """Something that is done once a day, by the dotted name of its function."""

    name = models.CharField(max_length=200, unique=True)
    due_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
