"""A file of worksheets that somebody has uploaded and not yet taken in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from lti_tool.models import User


class IncomingFile(models.Model):
    """A file of worksheets, written anew once it was read, until its owner has chosen from it.

    ``listed`` says what is in it, a dict for each worksheet in the file's order. A person has one
    at a time: another upload takes its place.
    """

    owner = models.OneToOneField(User, on_delete=models.CASCADE, related_name="incoming_file")
    name = models.CharField(max_length=200, blank=True)
    content = models.BinaryField()
    listed: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list
    )
    # The names of what is left out of it, each with the reason.
    left_out: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list)
    read_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name or f"file of {self.owner_id}"
