"""Registrations that an administrator has begun: LTI Dynamic Registration 1.0."""

from __future__ import annotations

from django.db import models

from lti_tool.sandbox.models.course import Person
from lti_tool.sandbox.models.platform import Flavour, ToolClient


class RegistrationToken(models.Model):
    """A registration token for one tool; only its digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    administrator = models.ForeignKey(Person, models.CASCADE)
    flavour = models.CharField(max_length=10, choices=Flavour.choices)
    withheld: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, help_text="Scopes that are not granted, whatever is asked for."
    )
    tool = models.ForeignKey(
        ToolClient, models.SET_NULL, null=True, help_text="The tool that was registered with it."
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(flavour__in=Flavour.values),
                name="sandbox_registration_flavour_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"
