"""The score that each cell of a gradebook should show, and the queue of each platform."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone

from lti_tool.models.course import LineItem, User
from lti_tool.models.platform import Registration
from lti_tool.protocol.vocabulary import ActivityProgress, GradingProgress


class PlatformQueue(models.Model):
    """The queue of scores for one platform; a deliverer locks its row while it leases some of them.

    So the number at once is limited over all processes, platforms take turns, and one that
    hangs or throttles is paused without holding up the others.
    """

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, primary_key=True)
    served_at = models.DateTimeField(default=timezone.now)
    paused_until = models.DateTimeField(null=True, blank=True)
    # How often it was paused in a row; while it is not 0, one score at a time goes out.
    consecutive_pauses = models.PositiveIntegerField(default=0)
    # Seconds that the platform's clock is ahead of ours, as its answers tell.
    clock_ahead = models.IntegerField(default=0)
    # How many tries in a row could not read results (``outbox.looking``).
    failed_looks = models.PositiveIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"queue to {self.registration}"


class Delivery(models.Model):
    """The score that one cell of the gradebook should hold, and the state of its delivery.

    A new mark replaces the score and raises ``revision``; a deliverer settles the row only if
    the revision is still the one that it sent. ``sent_…`` is the score that the LMS took last,
    ``theirs_…`` the grade that somebody put in its place there.
    """

    class State(models.TextChoices):
        """The state of a delivery.

        DUE: to be sent, for the first time or again. DELIVERED: the LMS took it. REFUSED: the
        LMS does not take it, and it is not sent again unless a person or a launch asks for it.
        CHANGED: the LMS holds another grade, and a teacher has to say which one counts. KEPT:
        the teacher decided for the LMS's grade.
        """

        DUE = "due"
        DELIVERED = "delivered"
        REFUSED = "refused"
        CHANGED = "changed"
        KEPT = "kept"

    # States in which the LMS once had the score; it may have lost or changed it since.
    SETTLED = (State.DELIVERED, State.CHANGED, State.KEPT)

    # The line item's registration, repeated here so that leasing needs no join.
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="deliveries"
    )
    line_item = models.ForeignKey(LineItem, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deliveries")

    # None: something was handed in and has no mark yet.
    score_given = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    score_maximum = models.DecimalField(max_digits=12, decimal_places=4)
    comment = models.TextField(blank=True)
    activity_progress = models.CharField(
        max_length=20, choices=[(p.value, p.value) for p in ActivityProgress]
    )
    grading_progress = models.CharField(
        max_length=20, choices=[(p.value, p.value) for p in GradingProgress]
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    problem = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    # The time of the last score sent, in whole seconds: the LMS takes only later ones.
    last_timestamp = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    sent_given = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    sent_maximum = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    # [given, maximum, revision, submitted_at] of scores that were sent since then: any may have
    # been taken although its answer was lost.
    tried = models.JSONField(default=list, blank=True)
    # SHA-256 of the comment that the LMS has: Canvas appends each one that it is sent.
    sent_comment = models.CharField(max_length=64, blank=True)
    # Canvas took the score, but had no attempt left to count for it.
    attempts_used_up = models.BooleanField(default=False, db_default=False)
    # How many tries in a row could not read this cell, and whether the score that the LMS took
    # last went there all the same.
    failed_looks = models.PositiveIntegerField(default=0, db_default=0)
    sent_unseen = models.BooleanField(default=False, db_default=False)
    # None: the LMS shows no grade, or does not say which.
    theirs_given = models.DecimalField(max_digits=14, decimal_places=5, null=True, blank=True)
    theirs_maximum = models.DecimalField(max_digits=14, decimal_places=5, null=True, blank=True)
    # That grade was given before this tool knew the column (``LineItem.known_at``).
    theirs_is_earlier = models.BooleanField(default=False, db_default=False)
    # A teacher said that our score takes the place of that grade, and of no other.
    force = models.BooleanField(default=False)

    leased_by = models.CharField(max_length=64, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["line_item", "user"], name="one_delivery_a_cell"),
            models.CheckConstraint(
                condition=(models.Q(score_given__isnull=True) | models.Q(score_given__gte=0))
                & models.Q(score_maximum__gt=0),
                name="delivery_score_in_range",
            ),
        ]
        indexes = [
            models.Index(
                fields=["registration", "next_try_at"],
                name="delivery_due_in_queue",
                condition=models.Q(state="due"),
            ),
            models.Index(
                fields=["registration", "leased_until"],
                name="delivery_leased",
                condition=models.Q(leased_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        # The text goes into logs and operators' pages, so it does not name the person.
        return f"delivery {self.pk} ({self.state})"

    @property
    def is_in_doubt(self) -> bool:
        """Return whether the LMS may hold a newer score of ours, which a restore has lost here.

        It ends with the first score that the LMS takes after the restore.
        """
        restored_at = self.line_item.restored_at
        if restored_at is None:
            return False
        return self.delivered_at is None or self.delivered_at <= restored_at

    @staticmethod
    def due_values(at: datetime) -> dict[str, object]:
        """Return the fields of a delivery that is due from that time on, as if never tried."""
        state = Delivery.State.DUE
        return {"state": state, "next_try_at": at, "tries": 0, "problem": "", "detail": ""}
