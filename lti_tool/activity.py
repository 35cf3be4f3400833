"""The activity's address: one opaque, signed, expiring token a launch.

No session is needed: two launches in one browser have two addresses and never mix. The
address alone opens nothing in another browser: the launch remembers the browser's key.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest

from lti_tool.browser import browser_hash, browser_key
from lti_tool.launch import DeepLinkingSettings
from lti_tool.models import Membership, Registration, ResourceLink, StoredLaunch, User
from lti_tool.roles import CourseRoles

_SIGNER = signing.TimestampSigner(salt="lti_tool.activity", sep=".")


class ActivityClosed(Exception):
    """This address opens nothing (any more) in this browser; the course page does."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is here, from which launch, with the roles that they have at this moment."""

    token: str
    launch: StoredLaunch
    user: User
    membership: Membership
    roles: CourseRoles

    @property
    def link(self) -> ResourceLink:
        """The place that was opened. Raises Http404 while one is only being chosen for."""
        if self.launch.link is None:
            raise Http404
        return self.launch.link

    @property
    def deep_linking(self) -> DeepLinkingSettings | None:
        """What the LMS expects of a choice; None in every other visit."""
        settings = self.launch.deep_linking
        return DeepLinkingSettings(**settings) if settings is not None else None

    @property
    def registration(self) -> Registration:
        """The platform they come from."""
        return self.launch.registration


def token_of(launch: StoredLaunch) -> str:
    """The token for a launch's pages; URL-safe."""
    return _SIGNER.sign(launch.pk.hex)


def open_visit(request: HttpRequest, token: str) -> Visit:
    """Whoever this token lets in. Raises ActivityClosed."""
    launch = _launch(token)
    if launch.browser and not secrets.compare_digest(
        launch.browser, browser_hash(browser_key(request))
    ):
        raise ActivityClosed("another browser")
    if not launch.registration.is_active:
        raise ActivityClosed("the registration is not active")
    membership = launch.membership
    return Visit(
        token=token,
        launch=launch,
        user=membership.user,
        membership=membership,
        roles=membership.course_roles,
    )


def _launch(token: str) -> StoredLaunch:
    try:
        value = _SIGNER.unsign(token, max_age=timedelta(hours=settings.LTI_ACTIVITY_HOURS))
        key = uuid.UUID(hex=value)
    except (signing.BadSignature, ValueError) as problem:
        raise ActivityClosed("the token is not ours or has expired") from problem
    rows = StoredLaunch.objects.select_related(
        "registration", "membership__user", "membership__context", "link"
    )
    launch = rows.filter(pk=key).first()
    if launch is None:
        raise ActivityClosed("the launch is gone")
    return launch
