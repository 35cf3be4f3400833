"""The platform's own key, the tools registered with it, and the tokens it gave them."""

from __future__ import annotations

from django.db import models


class PlatformKey(models.Model):
    """The RSA key that signs id_tokens."""

    kid = models.CharField(max_length=64, unique=True)
    private_pem = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.kid


class ToolClient(models.Model):
    """A registered tool. Its primary key is the `type_id` of its service addresses."""

    name = models.CharField(max_length=200)
    client_id = models.CharField(max_length=200, unique=True)
    deployment_id = models.CharField(max_length=200)
    login_url = models.CharField(max_length=500)
    target_link_uri = models.CharField(max_length=500)
    redirect_uris: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    jwks_url = models.CharField(max_length=500)
    scopes: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    keys: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(
        default=list, help_text="The tool's public keys as last fetched."
    )
    keys_fetched_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

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
    """A client assertion that was seen: its `jti` buys one token only."""

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
