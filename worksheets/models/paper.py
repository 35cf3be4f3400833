"""The paper that a worksheet was read from, and the steps of its review that can be undone."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from worksheets.models.worksheet import Worksheet


class Paper(models.Model):
    """The text of a paper as it was read, with the file itself if that is small enough.

    ``first`` is the markup that was made of it, with ``cautions``: another text was changed since.
    ``printed`` has the answers that the paper prints, by the number of their gap, as a text.
    ``places`` says of each line of the text where it stands: on which page, from 0, and its left,
    upper, right and lower edge there, from 0 to 1; None where that is not known.
    """

    worksheet = models.OneToOneField(Worksheet, on_delete=models.CASCADE, related_name="paper")
    name = models.CharField(max_length=200, blank=True)  # of the file; '' for a text
    text = models.TextField()
    content = models.BinaryField(null=True)
    first = models.TextField()
    cautions: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    printed: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    places: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list, db_default=[])
    read_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name or f"paper of {self.worksheet_id}"


class PaperPage(models.Model):
    """A page of a paper as a picture, a JPEG file; pages count from 0."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="one_page_a_number")
        ]

    def __str__(self) -> str:
        return f"page {self.number} of {self.paper_id}"


class ReviewStep(models.Model):
    """One press of a review: what the worksheet was before, and a digest of what it is since.

    ``action`` and ``number`` say in words what was done; ``cautions`` are those from before.
    """

    worksheet = models.ForeignKey(Worksheet, on_delete=models.CASCADE, related_name="review_steps")
    action = models.CharField(max_length=20)
    number = models.PositiveIntegerField(default=0)
    source = models.TextField(blank=True)
    cautions: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    after = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.number} in {self.worksheet_id}"
