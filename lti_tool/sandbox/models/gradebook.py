"""Columns, the grades in them, and every score that a tool tried to post."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict

from django.db import models

from lti_tool.protocol.vocabulary import ActivityProgress, GradingProgress
from lti_tool.sandbox.models.course import Activity, Course, Person
from lti_tool.sandbox.models.platform import ToolClient


class Review(TypedDict, total=False):
    """The submissionReview member of a line item (Submission Review 1.0, section 4.1)."""

    url: str
    custom: dict[str, str]


class Column(models.Model):
    """A line item (LTI-AGS 2.0, 3.2). The tool cannot delete an activity's own column."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="columns")
    tool = models.ForeignKey(ToolClient, models.CASCADE)
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, related_name="columns")
    label = models.CharField(max_length=255)
    maximum = models.DecimalField(max_digits=15, decimal_places=5, default=Decimal(100))
    resource_id = models.CharField(max_length=255, blank=True)
    tag = models.CharField(max_length=255, blank=True)
    made_by_tool = models.BooleanField(default=False)
    review: models.JSONField[Review | None, Review | None] = models.JSONField(
        null=True, help_text="submissionReview, as far as it is kept: url and custom."
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(maximum__gt=0), name="sandbox_maximum_is_positive"
            ),
            models.UniqueConstraint(
                fields=["activity"],
                condition=models.Q(made_by_tool=False),
                name="sandbox_one_own_column_per_activity",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Grade(models.Model):
    """A cell of the gradebook: the tool's score, and the teacher's grade that overrides it."""

    column = models.ForeignKey(Column, models.CASCADE, related_name="grades")
    person = models.ForeignKey(Person, models.CASCADE)
    timestamp = models.DateTimeField(help_text="Of the last change; earlier scores are refused.")
    score = models.DecimalField(max_digits=15, decimal_places=5, null=True)
    result = models.DecimalField(
        max_digits=15,
        decimal_places=5,
        null=True,
        help_text="The last score of tool or teacher, which Canvas returns to the tool.",
    )
    comment = models.TextField(blank=True)
    comments: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, blank=True, help_text="In Canvas, all comments that were posted."
    )
    submissions = models.PositiveIntegerField(
        default=0, help_text="The number of scores that were new submissions."
    )
    extension: models.JSONField[dict[str, object], dict[str, object]] = models.JSONField(
        default=dict, blank=True, help_text="In Canvas, its own members of the score posted last."
    )
    submission_url = models.CharField(
        max_length=2000, blank=True, help_text="In Canvas, the address that SpeedGrader launches."
    )
    activity_progress = models.CharField(max_length=20, blank=True)
    grading_progress = models.CharField(max_length=20, blank=True)
    override = models.DecimalField(max_digits=15, decimal_places=5, null=True)
    override_comment = models.TextField(blank=True)

    class Meta:
        ordering = ["column_id", "person_id"]
        constraints = [
            models.UniqueConstraint(fields=["column", "person"], name="sandbox_one_grade_per_cell"),
            models.CheckConstraint(
                condition=models.Q(activity_progress__in=["", *map(str, ActivityProgress)]),
                name="sandbox_activity_progress_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(grading_progress__in=["", *map(str, GradingProgress)]),
                name="sandbox_grading_progress_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.column_id}: {self.shown_score}"

    @property
    def overridden(self) -> bool:
        return self.override is not None

    @property
    def shown_score(self) -> Decimal | None:
        return self.score if self.override is None else self.override

    @property
    def shown_comment(self) -> str:
        return self.comment if self.override is None else self.override_comment


class ScorePost(models.Model):
    """A request to post a score, accepted or refused, with its body and the response."""

    column_number = models.BigIntegerField()
    user = models.TextField(blank=True, help_text="userId as sent.")
    body = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.user}: {self.status}"
