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
from django.db.models import UUIDField
from django.http import Http404, HttpRequest
from django.utils import timezone

from lti_tool.db.prepared import Given, Prepared
from lti_tool.login.browser_key import browser_hash, browser_keys, is_within_our_frame, key_of
from lti_tool.models import Membership, Registration, ResourceLink, StoredLaunch, User, Way
from lti_tool.platforms.origins import return_address
from lti_tool.protocol.launch import DeepLinkingSettings
from lti_tool.protocol.roles import CourseRoles

_LAUNCH = Prepared(
    lambda: StoredLaunch.objects.select_related(
        "registration", "membership__user", "membership__context__deployment", "link"
    ).filter(pk=Given("pk", UUIDField()))
)
_SIGNER = signing.TimestampSigner(salt="lti_tool.launches.visit", sep=".")


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

    @property
    def return_address(self) -> str:
        """The way back to the course, or ''."""
        return return_address(self.launch)


def token_of(launch: StoredLaunch) -> str:
    """The token for a launch's pages; URL-safe."""
    return _SIGNER.sign(launch.pk.hex)


def open_visit(request: HttpRequest, token: str) -> Visit:
    """Whoever this token lets in. Raises ActivityClosed."""
    launch = _launch(token)
    if not _is_its_browser(request, launch):
        raise ActivityClosed("another browser")
    if not launch.registration.is_active:
        raise ActivityClosed("the registration is not active")
    membership = launch.membership
    if not membership.context.deployment.is_approved:
        raise ActivityClosed("the deployment is not approved")
    return Visit(
        token=token,
        launch=launch,
        user=membership.user,
        membership=membership,
        roles=membership.course_roles,
    )


def _is_its_browser(request: HttpRequest, launch: StoredLaunch) -> bool:
    """Known by the cookie's key; where there is no cookie, by being inside the frame.

    After a launch by Platform Storage the browser keeps nothing that it would send along.
    What is left is that every page below is asked for by one of ours in the frame, so an
    address that was copied out of it opens nothing in an address bar, tab or other page.
    """
    if launch.way == Way.STORAGE:
        return is_within_our_frame(request)
    if not launch.browser:  # forgotten: see lti_tool.privacy.retention.blank_in_chunks
        return False
    key = key_of(browser_keys(request), launch.browser)
    return secrets.compare_digest(launch.browser, browser_hash(key))


def _launch(token: str) -> StoredLaunch:
    open_for = timedelta(hours=settings.LTI_ACTIVITY_HOURS)
    try:
        value = _SIGNER.unsign(token, max_age=open_for)
        key = uuid.UUID(hex=value)
    except (signing.BadSignature, ValueError) as problem:
        raise ActivityClosed("the token is not ours or has expired") from problem
    launch = _LAUNCH.first(pk=key)
    if launch is None:
        raise ActivityClosed("the launch is gone")
    if launch.created_at < timezone.now() - open_for:
        raise ActivityClosed("the launch was too long ago, whenever its address was made")
    return launch
