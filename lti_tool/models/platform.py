"""Platforms that may launch us, their keys and tokens, and our own key pairs."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NewDeployments(models.TextChoices):
    """The rule for a launch from a deployment of a registered platform that is not known yet.

    Canvas has several for one key, of which it tells one at most at registration; Moodle tells its
    only one.
    """

    REFUSE = "refuse", _("refused until it is added by hand")
    WAIT = "wait", _("waits for approval")
    ACCEPT = "accept", _("accepted at its first launch")


class Registration(models.Model):
    """A platform that may launch this tool, identified by issuer and client id together.

    All customers of a hosted LMS may have the same issuer, so only both together tell platforms
    apart (LTI Core 1.3 section 3.1.3).
    """

    name = models.CharField(max_length=200)
    # product_family_code of the tool_platform claim: 'moodle', 'canvas'.
    product = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=255)
    auth_login_url = models.URLField(max_length=1000)
    auth_token_url = models.URLField(max_length=1000)
    auth_audience = models.CharField(
        max_length=1000,
        blank=True,
        help_text="Audience of our token requests, if it is not the token address.",
    )
    jwks_url = models.URLField(max_length=1000)
    # Origins that may show our pages in a frame, beyond those that launches tell.
    frame_ancestors = models.JSONField(default=list, blank=True)
    # The scopes granted at a dynamic registration; [] also if the platform was added by hand.
    scopes = models.JSONField(default=list, blank=True)
    new_deployments = models.CharField(
        max_length=8,
        choices=NewDeployments.choices,
        default=NewDeployments.REFUSE,
        help_text="What to do with a launch from an unknown deployment.",
    )
    takes_institution_roles = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_(
            "Administrators and teachers of the institution teach in every course that gives them"
            " no role of its own. They see all work there, and never get a mark."
        ),
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "client_id"], name="one_registration_a_client"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Deployment(models.Model):
    """A place where the platform's administrator added the tool (LTI Core 1.3 section 3.1.3)."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="deployments"
    )
    deployment_id = models.CharField(max_length=255)
    is_approved = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "deployment_id"], name="one_deployment_an_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration} / {self.deployment_id}"

    @property
    def state_text(self) -> str:
        """Return the deployment as the audit trail has it: '1 (approved)', or '1 (waiting)'."""
        return f"{self.deployment_id} ({'approved' if self.is_approved else 'waiting'})"


class Invitation(models.Model):
    """A link that expires and lets one administrator register one platform.

    Only the SHA-256 of the link's token is kept. A failed try does not use it up.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=200, blank=True)
    new_deployments = models.CharField(
        max_length=8, choices=NewDeployments.choices, default=NewDeployments.ACCEPT
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    registration = models.ForeignKey(
        Registration, null=True, blank=True, editable=False, on_delete=models.SET_NULL
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.note or f"invitation {self.pk}"


class PlatformKeySet(models.Model):
    """The platform's public keys as last read, kept so that launches work while it is down.

    ``source`` is the address they were read from.
    """

    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="key_set"
    )
    source = models.URLField(max_length=1000)
    document = models.JSONField(default=dict)
    # The last attempt to read them, whether it is still under way, and the last success.
    tried_at = models.DateTimeField()
    is_being_read = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    # The last attempt that was made because a launch came with a key that was not known.
    refetched_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"keys of {self.registration}"


class AccessToken(models.Model):
    """A token of the platform's, shared by all processes until it expires.

    From ``renew_at`` on, the process that moves ``renewed_until`` into the future asks the
    platform for the next token; no other does until that moment.
    """

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="access_tokens"
    )
    # Null before a launch has told one.
    deployment = models.ForeignKey(Deployment, null=True, on_delete=models.CASCADE)
    scopes = models.CharField(max_length=500)
    token = models.TextField(blank=True)
    renew_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    renewed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "scopes"], name="one_token_a_deployment_and_scope_set"
            ),
            models.UniqueConstraint(
                fields=["registration", "scopes"],
                condition=models.Q(deployment=None),
                name="one_token_a_scope_set",
            ),
        ]

    def __str__(self) -> str:
        return f"token of {self.registration}"


class ToolKey(models.Model):
    """A key pair of ours; ``platforms.tool_keys`` says which signs and which are published.

    Generations are numbered and unique, so that of two processes that would make the next key
    only one does. Retired keys are kept without their private part.
    """

    kid = models.CharField(max_length=64, unique=True)
    generation = models.PositiveIntegerField(null=True, unique=True, editable=False)
    private_pem = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.kid


class PeriodicJob(models.Model):
    """A job that is done once a day, named by the dotted path of its function."""

    name = models.CharField(max_length=200, unique=True)
    due_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
