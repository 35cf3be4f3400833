"""Who is signed in, and the launches they have begun."""

from __future__ import annotations

from django.db import models

from lti_tool.sandbox.models.course import Activity, Person


class SignIn(models.Model):
    """One browser's session; its cookie carries the key."""

    key = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.person} since {self.created_at}"


class Ticket(models.Model):
    """The one-time launch id of a `lti_message_hint`; it ends with the session it belongs to."""

    class Target(models.TextChoices):
        IFRAME = "iframe"
        WINDOW = "window"

    launch_id = models.CharField(max_length=64, unique=True)
    sign_in = models.ForeignKey(SignIn, models.CASCADE)
    activity = models.ForeignKey(Activity, models.CASCADE)
    target = models.CharField(max_length=10, choices=Target.choices)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(target__in=["iframe", "window"]),
                name="sandbox_launch_target_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.launch_id
