"""Faults that tests have set; `lti_tool.sandbox.faults` reads and applies them."""

from __future__ import annotations

from django.db import models


class InjectedFault(models.Model):
    """A fault of one service; `remaining` counts down, None means without end."""

    target = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10)
    amount = models.PositiveIntegerField(default=0, help_text="A status, or seconds.")
    remaining = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["target"]

    def __str__(self) -> str:
        text = {"status": f"{self.amount}", "hang": f"hang:{self.amount}"}.get(self.kind, self.kind)
        return text if self.remaining is None else f"{text}*{self.remaining}"
