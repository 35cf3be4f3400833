"""Accepted and refused launches."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from lti_tool.models.course import Membership, ResourceLink, User
from lti_tool.models.platform import Registration
from lti_tool.protocol.vocabulary import MessageType


class LaunchWay(models.TextChoices):
    """The means by which a browser proved at launch that it began the login."""

    COOKIE = "cookie"
    STORAGE = "storage"


class StoredLaunch(models.Model):
    """An accepted launch, to which the activity's address is bound.

    The unique constraint on (registration, nonce) also makes sure that an id_token is used
    once. It is a row because a cache may forget.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE)
    nonce = models.CharField(max_length=255)
    message = models.CharField(
        max_length=40,
        choices=[(m.value, m.value) for m in MessageType],
        default=MessageType.RESOURCE_LINK,
    )
    way = models.CharField(max_length=8, choices=LaunchWay.choices, default=LaunchWay.COOKIE)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE)
    # None in a deep linking launch: the link is yet to be made.
    link = models.ForeignKey(ResourceLink, null=True, on_delete=models.CASCADE)
    # The person whose work a submission review is about; nobody else's is shown then.
    reviewed = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    # The settings of a deep linking request, which our response must repeat or obey.
    deep_linking = models.JSONField(null=True)
    # The choices made on the deep linking page so far: its fields and their values.
    picked = models.JSONField(null=True)
    # The dates that the LMS gives for this person; None if it gives none.
    opens_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    # The LMS keeps dates for this link: once there is one, None means no limit.
    dates_lead = models.BooleanField(default=False)
    # SHA-256 of the key in the browser's cookie: in other browsers the address opens nothing.
    browser = models.CharField(max_length=64)
    frame_ancestor = models.CharField(max_length=300, blank=True)
    return_url = models.URLField(max_length=2000, blank=True)
    locale = models.CharField(max_length=35, blank=True)
    # Which optional claims could not be read and count as absent; names claims, never values.
    notes = models.CharField(max_length=500, blank=True, db_default="")
    created_at = models.DateTimeField(default=timezone.now)
    # The visit: when its pages were last heard of, and when it was closed early. A launch of
    # another pupil closes that of a pupil. See launches.ending.
    renewed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    is_pupil = models.BooleanField(default=False, db_default=False)
    # A visit by Platform Storage: SHA-256 of the secret that its pages send, and the frame in which
    # the LMS keeps it. See launches.storage_visit.
    page_secret = models.CharField(max_length=64, blank=True, default="", db_default="")
    storage_frame = models.CharField(max_length=200, blank=True, default="", db_default="")
    # When a page of somebody whom the LMS has removed saved what it still held: see launches.visit.
    last_saved_at = models.DateTimeField(null=True)

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
        indexes = [
            models.Index(fields=["created_at"], name="launch_created"),
            models.Index(fields=["browser"], name="launch_browser"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PagePass(models.Model):
    """A pass for one page load of a visit by Platform Storage; using it deletes it.

    One that a form has used stays as long as the visit: ``form`` names what was sent with it.
    """

    launch = models.ForeignKey(StoredLaunch, on_delete=models.CASCADE)
    hash = models.CharField(max_length=64, unique=True)  # SHA-256: the pass itself is not kept
    form = models.CharField(max_length=64, blank=True, default="", db_default="")  # SHA-256, too
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.hash


class RefusedLaunch(models.Model):
    """A refused launch, which an administrator finds by the reference on the error page.

    It never holds a token or data of a person.
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
