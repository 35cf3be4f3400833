"""The classmates with whom a pupil works on an attempt, at one device."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lti_tool.models import User
from worksheets.models.attempt import Attempt


class Partner(models.Model):
    """A classmate with whom the pupil whose attempt it is says to work on it.

    Once the attempt is submitted it is the partner's attempt as well, under a ``number`` of the
    partner's own. One who left stays a row, so that the pupil cannot name them again.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="partners")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="partnerships")
    # Which of the partner's own attempts it is; None before it is submitted.
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    named_at = models.DateTimeField(default=timezone.now)
    # When the partner said 'Yes, that was me', and has seen the work since.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "user"], name="one_partner_a_person"),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=1),
                name="partners_attempts_count_from_one",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(number__isnull=True),
                name="work_that_was_left_has_no_number",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True)
                | Q(number__isnull=False)
                | Q(left_at__isnull=False),
                name="confirmed_once_submitted",
            ),
        ]
        indexes = [models.Index(fields=["user", "number"], name="partner_by_person")]

    def __str__(self) -> str:
        return f"{self.user} in {self.attempt}"

    @property
    def has_left(self) -> bool:
        return self.left_at is not None
