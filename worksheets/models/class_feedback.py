"""The rows of what a teacher collects for a class to talk about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lti_tool.models import User
from worksheets.models.assignment import Assignment
from worksheets.models.attempt import Attempt


class FeedbackPart(models.TextChoices):
    """The parts of a class's feedback, in the order in which they are told."""

    WELL = "well", _("What went well")
    ERROR = "error", _("Errors to talk about")
    QUOTE = "quote", _("Quoted answers")
    TASK = "task", _("What to do next")


class FeedbackPoint(models.Model):
    """A point of the feedback for the class at an assignment: a teacher's words, or a quotation.

    A quotation knows the attempt that it is from, so that it goes with it, and is shown without
    whose it is. What was removed stays for a while, to be put back.
    """

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="feedback_points"
    )
    part = models.CharField(max_length=8, choices=FeedbackPart.choices)
    position = models.PositiveIntegerField()
    text = models.TextField()
    # What is quoted; None and '' for a teacher's own words.
    attempt = models.ForeignKey(
        Attempt, null=True, on_delete=models.CASCADE, related_name="quotations"
    )
    item = models.CharField(max_length=10, blank=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=["well", "error", "quote", "task"]),
                name="feedback_point_part",
            ),
            models.CheckConstraint(
                condition=Q(attempt__isnull=True, item="")
                | (Q(attempt__isnull=False) & ~Q(item="")),
                name="feedback_point_quotes_an_item",
            ),
            models.UniqueConstraint(fields=["attempt", "item"], name="one_quotation_an_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.pk} at {self.assignment_id}"

    @property
    def is_quotation(self) -> bool:
        return self.attempt_id is not None

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None
