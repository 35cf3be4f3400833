"""The activity's address, with an opaque, signed, expiring token for each launch.

No session is needed: two launches in one browser have two addresses and never mix. The address
alone opens nothing in another browser: the launch holds the hash of the browser's key.
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

from lti_tool.db.prepared import Param, Prepared
from lti_tool.login.browser_key import browser_hash, browser_keys, find_key, is_within_our_frame
from lti_tool.models import LaunchWay, Membership, Registration, ResourceLink, StoredLaunch, User
from lti_tool.platforms.origins import return_address
from lti_tool.protocol.launch import DeepLinkingSettings
from lti_tool.protocol.roles import CourseRoles

_LAUNCH = Prepared(
    lambda: StoredLaunch.objects.select_related(
        "registration", "membership__user", "membership__context__deployment", "link"
    ).filter(pk=Param("pk", UUIDField()))
)
_SIGNER = signing.TimestampSigner(salt="lti_tool.launches.visit", sep=".")


class ActivityClosed(Exception):
    """The error for an address that opens nothing in this browser, or no longer does.

    The person can open the activity again from the course page.
    """


@dataclass(frozen=True, slots=True)
class Visit:
    """A person at an activity, with the launch that led there and their roles at this moment."""

    token: str
    launch: StoredLaunch
    user: User
    membership: Membership
    roles: CourseRoles

    @property
    def link(self) -> ResourceLink:
        """Return the link that was opened. Raise Http404 in a deep linking visit: it has none."""
        if self.launch.link is None:
            raise Http404
        return self.launch.link

    @property
    def deep_linking(self) -> DeepLinkingSettings | None:
        """Return the settings of the deep linking request, None in every other visit."""
        settings = self.launch.deep_linking
        return DeepLinkingSettings(**settings) if settings is not None else None

    @property
    def registration(self) -> Registration:
        return self.launch.registration

    @property
    def return_address(self) -> str:
        """Return the address of the course in the LMS, or '' if it is on another host."""
        return return_address(self.launch)


def make_token(launch: StoredLaunch) -> str:
    """Return the token for a launch's pages; it is URL-safe."""
    return _SIGNER.sign(launch.pk.hex)


def open_visit(request: HttpRequest, token: str) -> Visit:
    """Return the visit that this token opens in this browser.

    Raise ActivityClosed if the token is not valid, the browser is another one, or the
    registration or deployment is switched off.
    """
    launch = _find_launch(token)
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


def save_selection(visit: Visit, selection: dict[str, list[str]]) -> None:
    """Keep with a deep linking launch what has been chosen so far: form fields and their values.

    It lasts as long as the launch's pages.
    """
    StoredLaunch.objects.filter(pk=visit.launch.pk).update(picked=selection)


def _is_its_browser(request: HttpRequest, launch: StoredLaunch) -> bool:
    """Return whether the request comes from the browser of the launch.

    That is proved by the cookie's key, or without a cookie by being inside the LMS's frame:
    after a launch by Platform Storage the browser keeps nothing that it would send along. Every
    page below is then requested by one of ours in the frame, so an address that was copied out
    of it opens nothing in an address bar, tab or other page.
    """
    if launch.way == LaunchWay.STORAGE:
        return is_within_our_frame(request)
    if not launch.browser:  # forgotten: see lti_tool.privacy.retention.anonymise_in_chunks
        return False
    key = find_key(browser_keys(request), launch.browser)
    return secrets.compare_digest(launch.browser, browser_hash(key))


def _find_launch(token: str) -> StoredLaunch:
    open_for = timedelta(hours=settings.LTI_ACTIVITY_HOURS)
    try:
        value = _SIGNER.unsign(token, max_age=open_for)
        key = uuid.UUID(hex=value)
    except (signing.BadSignature, ValueError) as error:
        raise ActivityClosed("the token is not ours or has expired") from error
    launch = _LAUNCH.first(pk=key)
    if launch is None:
        raise ActivityClosed("the launch is gone")
    if launch.created_at < timezone.now() - open_for:
        raise ActivityClosed("the launch was too long ago, whenever its address was made")
    return launch
