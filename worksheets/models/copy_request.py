"""The question whether an activity may use a worksheet that it seems to be a copy with."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from lti_tool.models import ResourceLink, User
from worksheets.models.worksheet import Worksheet


class CopyRequest(models.Model):
    """A teacher's question to the author of a worksheet, and the answer.

    An LMS tells what an activity was copied from in values that a teacher may set too, so that
    alone gives nobody a worksheet: see ``worksheets.authoring.copies``.
    """

    class Answer(models.TextChoices):
        """The author's answer, NONE before there is one."""

        NONE = ""
        ALLOWED = "allowed"
        REFUSED = "refused"

    link = models.ForeignKey(ResourceLink, on_delete=models.CASCADE, related_name="copy_requests")
    worksheet = models.ForeignKey(Worksheet, on_delete=models.CASCADE, related_name="copy_requests")
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="copy_requests")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True, default=Answer.NONE)
    # The author of then; None once that person is erased.
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="copy_answers"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "worksheet"], name="one_request_a_copy")
        ]

    def __str__(self) -> str:
        return f"{self.worksheet_id} for {self.link_id}"
