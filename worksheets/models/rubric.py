"""The rubric of a question as teachers change it while they mark, and what each change did."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lti_tool.models import User
from worksheets.models.assignment import Assignment
from worksheets.models.attempt import Attempt


class RubricRow(models.Model):
    """A line of the rubric of one question at an assignment, which marks may have.

    An assignment has rows for a question once somebody has changed its rubric; before, the lines
    are those of the sheet (``worksheets.marking.rubric``), under the same numbers.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="rubric_rows")
    item = models.CharField(max_length=10)
    # A digest of what is asked: a later version may give the key to another question, whose lines
    # these are not. '' in rows that are older than this field, which stay with the key.
    asked = models.CharField(max_length=16, blank=True, default="", db_default="")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    points = models.DecimalField(max_digits=9, decimal_places=4)
    is_level = models.BooleanField(default=False)
    # A line that was deleted keeps its number, which no other line may get.
    is_deleted = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "item", "number"], name="one_rubric_row_a_number"
            ),
            models.CheckConstraint(condition=Q(points__gte=0), name="rubric_row_earns_points"),
        ]

    def __str__(self) -> str:
        return f"{self.text} ({self.points})"


class RubricChange(models.Model):
    """A change of a rubric that can be undone: the lines before, and the marks that it changed."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="rubric_changes"
    )
    item = models.CharField(max_length=10)
    asked = models.CharField(max_length=16, blank=True, default="", db_default="")  # as of rows
    # The lines as they were and as they became, deleted ones too.
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.item} of {self.assignment_id} at {self.made_at}"


class RubricRemark(models.Model):
    """A mark that a change of a rubric made another one."""

    change = models.ForeignKey(RubricChange, on_delete=models.CASCADE, related_name="remarks")
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="rubric_remarks")
    points_before = models.DecimalField(max_digits=9, decimal_places=4)
    points_after = models.DecimalField(max_digits=9, decimal_places=4)
    rubric_before = models.JSONField(default=list)
    rubric_after = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "attempt"], name="one_remark_an_attempt")
        ]

    def __str__(self) -> str:
        return f"{self.points_before} → {self.points_after} for {self.attempt_id}"
