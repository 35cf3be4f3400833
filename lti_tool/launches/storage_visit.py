"""The proof of a request in a visit by Platform Storage, where no cookie proves it.

The address and the headers of such a request can be written by any client that has seen the
address. So the page's scripts hold a secret, which the LMS's page keeps for them and which no
address carries: they send it with each fetch. A page load cannot carry a header. It brings a pass
in its address, which a fetch has asked for and which is used up by that load. The used pass of a
form stays known: browsers send the form again if its answer is loaded again.

A visit ends two hours after the last request that carried the secret.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from enum import Enum, auto
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from lti_tool.launches.renewal import renew
from lti_tool.login.browser_key import browser_hash, is_framed
from lti_tool.login.platform_storage import MAX_FRAME_NAME, StorageSlot, slot_for
from lti_tool.models import LaunchWay, PagePass, StoredLaunch
from lti_tool.platforms.origins import platform_origins

HEADER = "Lti-Page-Secret"  # as in static/lti_tool/storage_visit.js
PARAMETER = "pass"  # the same
# The end of a pass that the tool adds to an address by itself: it shows a page, and adds no other.
ONLY_SHOWS = ".p"
PASS_LIFE = timedelta(minutes=1)
# A form with files: a proxy passes it on once it has all of it, 20 MB at 300 kbit/s.
UPLOAD_LIFE = timedelta(minutes=10)
RENEWED_AFTER = timedelta(minutes=1)  # so that not every request writes
SAFE = frozenset({"GET", "HEAD"})


class Proof(Enum):
    """The proof that a request brings of the page that it comes from.

    A request that is UNPROVEN may come from a page that is loaded again, and can still prove it;
    a form that is REPEATED was PROVEN the first time; the visit of one that is OVER cannot go on.
    """

    PROVEN = auto()
    UNPROVEN = auto()
    REPEATED = auto()
    OVER = auto()


def begin(launch: StoredLaunch, frame: str) -> str:
    """Return the secret for the pages of a new visit; ``frame`` is where the LMS keeps it."""
    secret = secrets.token_urlsafe(24)  # Canvas keeps 4,096 characters of all visits together
    launch.page_secret, launch.storage_frame = browser_hash(secret), frame[:MAX_FRAME_NAME]
    launch.renewed_at = timezone.now()
    launch.save(update_fields=["page_secret", "storage_frame", "renewed_at"])
    return secret


def slot_of(launch: StoredLaunch) -> StorageSlot | None:
    """Return where the LMS keeps the secret of a visit; None if a cookie proves the visit."""
    if launch.way != LaunchWay.STORAGE:
        return None
    registration = launch.registration
    name = f"lti-visit-{launch.pk.hex[:12]}"
    pages = platform_origins(registration)
    return slot_for(launch.storage_frame, registration.auth_login_url, name, pages)


def prove(launch: StoredLaunch, request: HttpRequest, *, is_picture: bool) -> Proof:
    """Return what the request proves. Renew the visit for a secret, and use up a pass.

    A picture needs neither: its address is in a page, where no script can add to it.
    """
    now = timezone.now()
    # A launch of the version before has no secret: it cannot be told from a copied address.
    if not launch.page_secret or launch.renewed_at is None:
        return Proof.OVER
    if launch.renewed_at < now - timedelta(hours=settings.LTI_STORAGE_VISIT_HOURS):
        return Proof.OVER
    secret = request.headers.get(HEADER, "")
    if secret:
        if not secrets.compare_digest(browser_hash(secret), launch.page_secret):
            return Proof.UNPROVEN
        if launch.renewed_at < now - RENEWED_AFTER:
            renew(launch)
        return Proof.PROVEN
    if is_picture and request.method in SAFE and request.headers.get("Sec-Fetch-Dest") == "image":
        return Proof.PROVEN
    if is_framed(request):
        if _use_pass(launch, request):
            return Proof.PROVEN
        if request.method not in SAFE and _passes(launch, request).filter(form=_form(request)):
            return Proof.REPEATED
    return Proof.UNPROVEN


def new_pass(launch: StoredLaunch, end: str = "") -> str:
    """Return a pass for one page load within PASS_LIFE, or one upload within UPLOAD_LIFE."""
    made = secrets.token_urlsafe(24) + end
    passes = PagePass.objects.filter(launch=launch)
    passes.filter(created_at__lt=timezone.now() - UPLOAD_LIFE, form="").delete()
    PagePass.objects.create(launch=launch, hash=browser_hash(made))
    return made


def with_pass(address: str, launch: StoredLaunch) -> str:
    """Return an address of the visit with a pass in its query that shows a page and no more."""
    parts = urlsplit(address)
    added = urlencode({PARAMETER: new_pass(launch, ONLY_SHOWS)})
    return parts._replace(query=f"{parts.query}&{added}" if parts.query else added).geturl()


def take_pass(request: HttpRequest) -> str:
    """Take the pass out of the request, whose query pages copy into their links, and return it."""
    if PARAMETER not in request.GET:
        return ""
    found = request.GET.get(PARAMETER, "")
    query = request.GET.copy()
    del query[PARAMETER]
    request.META["QUERY_STRING"] = query.urlencode()
    request.GET = query  # type: ignore[assignment]
    return found


def was_asked_for(text: str) -> bool:
    """Return whether a page has asked for this pass: then a redirect may lead on with another."""
    return text != "" and not text.endswith(ONLY_SHOWS)


def _use_pass(launch: StoredLaunch, request: HttpRequest) -> bool:
    """Return whether the request's pass is good, which it is once.

    A page load deletes it, a form leaves its name there.
    """
    text = request.GET.get(PARAMETER, "")
    if not text or (text.endswith(ONLY_SHOWS) and request.method not in SAFE):
        return False
    is_upload = request.method == "POST" and request.content_type == "multipart/form-data"
    since = timezone.now() - (UPLOAD_LIFE if is_upload else PASS_LIFE)
    valid = _passes(launch, request).filter(created_at__gte=since, form="")
    # One statement: of two requests at once, one uses it.
    if request.method in SAFE:
        return valid.delete()[0] == 1
    return valid.update(form=_form(request)) == 1


def _passes(launch: StoredLaunch, request: HttpRequest) -> QuerySet[PagePass]:
    """Return the pass that the request brings, if there is such a row."""
    found = browser_hash(request.GET.get(PARAMETER, ""))
    return PagePass.objects.filter(launch=launch, hash=found)


def _form(request: HttpRequest) -> str:
    """Return a name of the form that is sent, which nobody makes who has not seen its pass.

    A form with files is not read for that: browsers make another boundary each time they send one.
    """
    sent = f"{request.method} {request.get_full_path()} {request.headers.get('Content-Type', '')}"
    is_upload = request.content_type == "multipart/form-data"
    body = request.headers.get("Content-Length", "").encode() if is_upload else request.body
    return hashlib.sha256(sent.encode() + b"\0" + body).hexdigest()
