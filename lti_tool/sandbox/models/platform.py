"""The platform's own keys, the tools registered with it, and the tokens issued to them."""

from __future__ import annotations

from django.db import models


class Flavour(models.TextChoices):
    """The LMS that a course, the tools in it and their registration imitate."""

    MOODLE = "moodle", "Moodle"
    CANVAS = "canvas", "Canvas"


class PlatformKey(models.Model):
    """The RSA key that signs id_tokens of one issuer."""

    flavour = models.CharField(max_length=10, choices=Flavour.choices, default=Flavour.MOODLE)
    kid = models.CharField(max_length=64, unique=True)
    private_pem = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.kid


class ToolClient(models.Model):
    """A registered tool. Its primary key is the `type_id` of its service addresses."""

    name = models.CharField(max_length=200)
    flavour = models.CharField(max_length=10, choices=Flavour.choices, default=Flavour.MOODLE)
    is_active = models.BooleanField(default=True, help_text="Only an active tool is launched.")
    client_id = models.CharField(max_length=200, unique=True)
    deployment_id = models.CharField(max_length=200)
    login_url = models.CharField(max_length=500)
    target_link_uri = models.CharField(max_length=500)
    redirect_uris: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    deep_linking_url = models.CharField(
        max_length=500, blank=True, help_text="Without it, the tool offers no deep linking."
    )
    jwks_url = models.CharField(max_length=500)
    custom: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, blank=True, help_text="Custom parameters of all its launches."
    )
    scopes: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    shares_names = models.BooleanField(default=True, help_text="The tool gets people's names.")
    placements: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list,
        blank=True,
        help_text="The placements at which Canvas offers its deep linking.",
    )
    keys: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(
        default=list, help_text="The tool's public keys as last fetched."
    )
    keys_fetched_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(flavour__in=Flavour.values), name="sandbox_tool_flavour_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class AccessToken(models.Model):
    """A token for the services; only its digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    tool = models.ForeignKey(ToolClient, models.CASCADE)
    scopes: models.JSONField[list[str], list[str]] = models.JSONField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")),
                name="sandbox_token_expires_after_issue",
            )
        ]

    def __str__(self) -> str:
        return f"token {self.pk} of {self.tool_id}"


class UsedAssertion(models.Model):
    """A client assertion that was used: its `jti` is good for one token only."""

    tool = models.ForeignKey(ToolClient, models.CASCADE)
    jti_digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["tool", "jti_digest"], name="sandbox_assertion_once")
        ]

    def __str__(self) -> str:
        return self.jti_digest
