"""The pages after a launch, whose addresses carry an opaque, signed, expiring token.

No session is needed: two launches in one browser have two tokens and cannot be confused. The
token is not valid in another browser, because the launch stores the hash of the browser's key.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db.models import OuterRef, Subquery, UUIDField
from django.http import Http404, HttpRequest
from django.utils import timezone

from lti_tool.db.prepared import Param, Prepared
from lti_tool.launches import ending, storage_visit
from lti_tool.launches.storage_visit import Proof
from lti_tool.login.browser_key import browser_hash, browser_keys, find_key, is_within_our_frame
from lti_tool.login.platform_storage import StorageSlot
from lti_tool.models import (
    LaunchWay,
    Membership,
    PagePass,
    Registration,
    ResourceLink,
    StoredLaunch,
    User,
)
from lti_tool.platforms.origins import return_address
from lti_tool.protocol.launch import DeepLinkingSettings
from lti_tool.protocol.roles import CourseRoles

_LAUNCH = Prepared(
    lambda: (
        StoredLaunch.objects.select_related(
            "registration", "membership__user", "membership__context__deployment", "link"
        )
        .filter(pk=Param("pk", UUIDField()))
        .annotate(
            newest=Subquery(
                StoredLaunch.objects.filter(
                    membership=OuterRef("membership"), link=OuterRef("link")
                )
                .order_by("-created_at")
                .values("pk")[:1]
            )
        )
    )
)
# The windows of a visit that has ended save what they hold at their next try, within a minute.
LAST_SAVES = timedelta(minutes=1)
_SIGNER = signing.TimestampSigner(salt="lti_tool.launches.visit", sep=".")


class ActivityClosed(Exception):
    """The error for a token that is not valid in this browser or has expired.

    The person can open the activity again from the course page.
    """


class StorageVisitClosed(ActivityClosed):
    """The error for a visit by Platform Storage that is over, or whose page does not prove itself.

    ``may_resume``: a page that is loaded again still can. ``was_taken``: a form was sent a second
    time, which had proved itself the first time.
    """

    def __init__(self, launch: StoredLaunch, proof: Proof) -> None:
        super().__init__("the page has not proved itself")
        self.launch = launch
        self.may_resume = proof is not Proof.OVER
        self.was_taken = proof is Proof.REPEATED


class VisitEnded(ActivityClosed):
    """The error for a visit of somebody whom the LMS has removed from the course since."""

    def __init__(self, visit: Visit) -> None:
        super().__init__("no longer in the course")
        self.visit = visit


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for an activity's page: the user, their launch, and their present roles."""

    token: str
    launch: StoredLaunch
    user: User
    membership: Membership
    roles: CourseRoles
    newest_id: uuid.UUID | None  # of the launches of this person at this link

    @property
    def link(self) -> ResourceLink:
        """Return the link that was opened. Raise Http404 in a deep linking visit: it has none."""
        if self.launch.link is None:
            raise Http404
        return self.launch.link

    @property
    def has_ended(self) -> bool:
        """Return whether a roster later than the launch says that the person is not in the course.

        Rosters come when a teacher looks at the class, and are no reason to ask the database once
        more: the membership is read with the launch.
        """
        return self.membership.was_ended_after(self.launch.created_at)

    @property
    def is_by_storage(self) -> bool:
        """Return whether Platform Storage proves the visit, and no cookie."""
        return self.launch.way == LaunchWay.STORAGE

    @property
    def storage_slot(self) -> StorageSlot | None:
        """Return where the pages' secret is kept, None for a visit that a cookie proves."""
        return storage_visit.slot_of(self.launch)

    @property
    def deep_linking(self) -> DeepLinkingSettings | None:
        """Return the settings of the deep linking request, or None for another message."""
        settings = self.launch.deep_linking
        return DeepLinkingSettings(**settings) if settings is not None else None

    @property
    def registration(self) -> Registration:
        return self.launch.registration

    @property
    def return_address(self) -> str:
        """Return the launch's return_url, or '' if it is not at the platform's origins."""
        return return_address(self.launch)


def make_token(launch: StoredLaunch) -> str:
    """Return the token for a launch's pages; it is URL-safe."""
    return _SIGNER.sign(launch.pk.hex)


def open_visit(request: HttpRequest, token: str, *, is_picture: bool = False) -> Visit:
    """Return the visit for this token and this browser.

    Raise ActivityClosed if the token is not valid, the browser is not that of the launch, the
    registration is not active, the deployment is not approved, or the visit is over (see
    ``ending``); StorageVisitClosed if a visit without a cookie is over, or the request does not
    prove that it comes from its page; VisitEnded if a later roster says that the person is no
    longer in the course.
    """
    launch = _find_launch(token)
    if not _is_browser_of(launch, request):
        raise ActivityClosed("another browser")
    if not launch.registration.is_active:
        raise ActivityClosed("the registration is not active")
    membership = launch.membership
    if not membership.context.deployment.is_approved:
        raise ActivityClosed("the deployment is not approved")
    if ending.is_over(launch):
        raise ActivityClosed("left, idle, or another pupil's browser now")
    if launch.way == LaunchWay.STORAGE:
        _check_proof(launch, request, is_picture=is_picture)
    else:
        ending.note_use(launch)
    visit = Visit(
        token=token,
        launch=launch,
        user=membership.user,
        membership=membership,
        roles=membership.course_roles,
        newest_id=launch.newest,  # type: ignore[attr-defined]
    )
    if visit.has_ended:
        raise VisitEnded(visit)
    return visit


def may_save_once_more(visit: Visit) -> bool:
    """Return whether a visit that has ended may still save what its pages hold.

    It may once, in all of its windows: within LAST_SAVES of the first time.
    """
    now = timezone.now()
    row = StoredLaunch.objects.filter(pk=visit.launch.pk)
    if row.filter(last_saved_at=None).update(last_saved_at=now):
        return True
    return row.filter(last_saved_at__gt=now - LAST_SAVES).exists()


def newest_launch(visit: Visit) -> StoredLaunch:
    """Return the newest launch of this person at this link: its dates hold in every open page."""
    if visit.newest_id in {None, visit.launch.pk}:
        return visit.launch
    # Old launches are deleted, this one is not the oldest.
    return StoredLaunch.objects.get(pk=visit.newest_id)


def save_selection(visit: Visit, selection: dict[str, list[str]]) -> None:
    """Save with a deep linking launch what was selected so far: form fields and their values."""
    StoredLaunch.objects.filter(pk=visit.launch.pk).update(picked=selection)


def end_all(alias: str) -> None:
    """End the visits of a database that was restored: their pages show what it does not have."""
    PagePass.objects.using(alias).all().delete()
    StoredLaunch.objects.using(alias).update(browser="", page_secret="")


def _find_launch(token: str) -> StoredLaunch:
    """Return the launch that the token names. Raise ActivityClosed."""
    max_age = timedelta(hours=settings.LTI_ACTIVITY_HOURS)
    try:
        key = uuid.UUID(hex=_SIGNER.unsign(token, max_age=max_age))
    except (signing.BadSignature, ValueError) as error:
        raise ActivityClosed("the token is not ours or has expired") from error
    launch = _LAUNCH.first(pk=key)
    if launch is None:
        raise ActivityClosed("the launch is gone")
    # The token may be younger than the launch.
    if launch.created_at < timezone.now() - max_age:
        raise ActivityClosed("the launch has expired")
    return launch


def _is_browser_of(launch: StoredLaunch, request: HttpRequest) -> bool:
    """Return whether the request comes from the browser of the launch.

    The cookie with the browser's key proves it. After a launch by Platform Storage there is no
    cookie. Then the request has to come from one of our pages within a frame, so that an address
    copied from the frame does not open in an address bar, a tab or another page. Other programs
    than browsers can say that too: ``_check_proof`` asks for more.
    """
    if launch.way == LaunchWay.STORAGE:
        return is_within_our_frame(request)
    if not launch.browser:  # erased: see lti_tool.privacy.retention.anonymise_in_chunks
        return False
    key = find_key(browser_keys(request), launch.browser)
    return secrets.compare_digest(launch.browser, browser_hash(key))


def _check_proof(launch: StoredLaunch, request: HttpRequest, *, is_picture: bool) -> None:
    proof = storage_visit.prove(launch, request, is_picture=is_picture)
    if proof is not Proof.PROVEN:
        raise StorageVisitClosed(launch, proof)
