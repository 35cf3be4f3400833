"""Launches that were accepted."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from lti_tool.models.course import Membership, ResourceLink
from lti_tool.models.platform import Registration


class StoredLaunch(models.Model):
    """One accepted launch, to which the activity's address is bound.

    It is also the record that an id_token is used once: (registration, nonce) is
    unique, and a cache, which forgets, never has that say.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE)
    nonce = models.CharField(max_length=255)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE)
    link = models.ForeignKey(ResourceLink, on_delete=models.CASCADE)
    # SHA-256 of the key in the browser's cookie: the address alone opens nothing elsewhere.
    browser = models.CharField(max_length=64)
    frame_ancestor = models.CharField(max_length=300, blank=True)
    return_url = models.URLField(max_length=2000, blank=True)
    locale = models.CharField(max_length=35, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "nonce"], name="one_launch_a_nonce")
        ]
        indexes = [models.Index(fields=["created_at"], name="launch_created")]

    def __str__(self) -> str:
        return str(self.id)
