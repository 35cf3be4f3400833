"""What the gradebook should show, cell by cell."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from lti_tool.models.course import LineItem, User
from lti_tool.vocabulary import ActivityProgress, GradingProgress


class Delivery(models.Model):
    """The score that one cell of the gradebook should hold, and how far it has got.

    A new mark replaces the score and raises ``revision``; a deliverer settles the row
    only if the revision is still the one that it sent.
    """

    class State(models.TextChoices):
        """DUE: to be sent (again). DELIVERED: the LMS took it. REFUSED: it never will."""

        DUE = "due"
        DELIVERED = "delivered"
        REFUSED = "refused"

    line_item = models.ForeignKey(LineItem, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deliveries")

    score_given = models.DecimalField(max_digits=12, decimal_places=4)
    score_maximum = models.DecimalField(max_digits=12, decimal_places=4)
    comment = models.TextField(blank=True)
    activity_progress = models.CharField(
        max_length=20, choices=[(p.value, p.value) for p in ActivityProgress]
    )
    grading_progress = models.CharField(
        max_length=20, choices=[(p.value, p.value) for p in GradingProgress]
    )
    revision = models.PositiveIntegerField(default=1)

    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    problem = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    # The last second for which a score was sent: the LMS wants strictly later ones.
    last_timestamp = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    leased_by = models.CharField(max_length=64, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["line_item", "user"], name="one_delivery_a_cell"),
            models.CheckConstraint(
                condition=models.Q(score_given__gte=0) & models.Q(score_maximum__gt=0),
                name="delivery_score_in_range",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="delivery_due", condition=models.Q(state="due")
            )
        ]

    def __str__(self) -> str:
        # Without the person's name: operators and logs need none.
        return f"delivery {self.pk} ({self.state})"
