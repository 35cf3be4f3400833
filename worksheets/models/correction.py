"""The rows of what teachers decide about answers that a class gave to a gap."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lti_tool.models import User
from worksheets.models.assignment import Assignment


class KeyCorrection(models.Model):
    """A decision about answers to a gap at an assignment, until it is taken back.

    A gap or question that is not counted is decided about as a whole: there are no answers then.
    """

    class Verdict(models.TextChoices):
        """The values of ``worksheets.questions.correcting.Verdict``."""

        RIGHT = "right", _("right")
        HALF = "half", _("half right")
        WRONG = "wrong", _("wrong")
        OMITTED = "omitted", _("not counted")

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="key_corrections"
    )
    # The same for what one press did in several classes; another press has another one.
    press = models.CharField(max_length=32)
    item = models.CharField(max_length=10)
    answers: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    feedback = models.TextField(blank=True)
    # The gap's key before, as ``worksheets.questions.keying.key_value`` gives it out; of a gap or
    # question that is not counted its marks, as ``correcting.marks_value`` does.
    former: models.JSONField[dict[str, object], dict[str, object]] = models.JSONField(default=dict)
    # How many pupils' marks it has changed.
    changed = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "press"], name="one_key_correction_a_press"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["right", "half", "wrong", "omitted"]),
                name="key_correction_verdict",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True) | Q(undone_at__isnull=False),
                name="key_correction_undone_by_somebody_then",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} of {self.assignment_id}: {self.verdict}"

    @property
    def is_of_gap(self) -> bool:
        return self.item.startswith("g")

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None
