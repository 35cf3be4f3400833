"""Launches that were accepted."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from lti_tool.models.course import Membership, ResourceLink, User
from lti_tool.models.platform import Registration
from lti_tool.protocol.vocabulary import MessageType


class Way(models.TextChoices):
    """How the browser that ends a login was known to be the one that began it."""

    COOKIE = "cookie"
    STORAGE = "storage"


class StoredLaunch(models.Model):
    """One accepted launch, to which the activity's address is bound.

    It is also the record that an id_token is used once: (registration, nonce) is
    unique, and a cache, which forgets, never has that say.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE)
    nonce = models.CharField(max_length=255)
    message = models.CharField(
        max_length=40,
        choices=[(m.value, m.value) for m in MessageType],
        default=MessageType.RESOURCE_LINK,
    )
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.COOKIE)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE)
    # None while a teacher picks what a link that is yet to be made shall open.
    link = models.ForeignKey(ResourceLink, null=True, on_delete=models.CASCADE)
    # Whose work a submission review is about; nobody else's is shown then.
    reviewed = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    # What an answer to a deep linking request must repeat or obey.
    deep_linking = models.JSONField(null=True)
    # What is ticked there so far: the fields of the page and their values.
    picked = models.JSONField(null=True)
    # As the LMS tells them, for this person; None where it tells none.
    opens_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    # Then that None means no limit, and no date of our own holds in its place.
    dates_lead = models.BooleanField(default=False)
    # SHA-256 of the key in the browser's cookie: the address alone opens nothing elsewhere.
    browser = models.CharField(max_length=64)
    frame_ancestor = models.CharField(max_length=300, blank=True)
    return_url = models.URLField(max_length=2000, blank=True)
    locale = models.CharField(max_length=35, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "stored launches"
        constraints = [
            models.UniqueConstraint(fields=["registration", "nonce"], name="one_launch_a_nonce"),
            models.CheckConstraint(
                condition=models.Q(link__isnull=False)
                | models.Q(message=MessageType.DEEP_LINKING, deep_linking__isnull=False),
                name="only_deep_linking_has_no_link",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="launch_created")]

    def __str__(self) -> str:
        return str(self.id)


class RefusedLaunch(models.Model):
    """A launch that was refused: what an administrator finds by the reference on the page.

    Never a token, never anything of a person.
    """

    reference = models.CharField(max_length=20, unique=True)
    reason = models.CharField(max_length=40)
    detail = models.CharField(max_length=500, blank=True)
    registration = models.ForeignKey(
        Registration, null=True, on_delete=models.CASCADE, related_name="refused_launches"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "refused launches"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["created_at"], name="refusal_created")]

    def __str__(self) -> str:
        return self.reference
