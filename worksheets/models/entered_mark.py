"""The row of what a teacher has entered for a pupil whose work is not in this tool."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from lti_tool.models import User
from worksheets.marking.entered import Entry, Outcome
from worksheets.models.assignment import Assignment
from worksheets.wording.entered import OUTCOMES


class EnteredMark(models.Model):
    """The entry of a teacher for a pupil: a mark for work on paper, absent, or excused.

    While ``counts`` is true no attempt of the pupil does. Without ``points`` there is no mark, and
    none of 0 either.
    """

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="entered_marks"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="entered_marks")
    outcome = models.CharField(
        max_length=12, choices=[(outcome.value, label) for outcome, label in OUTCOMES.items()]
    )
    points = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    # That of the sheet when it was entered: a later version may have another one.
    maximum = models.DecimalField(max_digits=9, decimal_places=4)
    counts = models.BooleanField(default=True)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "user"], name="one_entered_mark_a_pupil"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.ON_PAPER.value)
                | Q(outcome=Outcome.ABSENT_ZERO.value, points__isnull=False, points=0)
                | Q(outcome__in=[Outcome.ABSENT.value, Outcome.EXCUSED.value], points__isnull=True),
                name="entered_mark_has_points_of_its_outcome",
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=F("maximum")),
                name="entered_mark_in_range",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | ~Q(outcome=Outcome.ON_PAPER.value)
                | Q(points__isnull=False),
                name="entered_mark_released_only_if_marked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.points}/{self.maximum} for {self.user_id}"

    @property
    def entry(self) -> Entry:
        return Entry(Outcome(self.outcome), self.points)

    @property
    def is_released(self) -> bool:
        return self.released_at is not None

    @property
    def is_marked(self) -> bool:
        """Return whether nothing is missing: work on paper may still wait for its mark."""
        return self.outcome != Outcome.ON_PAPER or self.points is not None

    @property
    def may_release(self) -> bool:
        """Return whether it is one of those that the release shows to pupils."""
        return self.is_marked and self.counts and not self.is_released
