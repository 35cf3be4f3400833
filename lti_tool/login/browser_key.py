"""The cookie that recognises a browser at launch, and checks of who sent a request.

The cookie holds a random key. A cookie for each login would add up until the header is too
long; one key serves any number of logins at once, because each login's state is signed with
its hash. Only a course page that opens many activities at once in a browser without a key
gets several cookies. Each has a name of its own, so that none replaces one that a login
still needs. Later logins agree on one of them, and keys that led to no launch expire after
LOGIN_AGE.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lti_tool.services.addresses import is_same_origin

COOKIE = "__Host-lti-browser"  # the beginning of every cookie's name
LOGIN_AGE = 10 * 60  # seconds; a person may have to sign in to the LMS in between
LAUNCHED_AGE = 400 * 24 * 3600  # the longest that browsers keep a cookie
_KEY_LENGTH = 32
_DESTINATION = "Sec-Fetch-Dest"
_FRAMES = frozenset({"iframe", "frame", "embed", "object"})


def browser_keys(request: HttpRequest) -> list[str]:
    """Return the keys that this browser sent, sorted: usually one, none if it blocks cookies."""
    sent = [value for name, value in request.COOKIES.items() if name.startswith(COOKIE)]
    return sorted({parse_key(value) for value in sent} - {""})


def find_key(keys: Sequence[str], hashed: str) -> str:
    """Return the key with that hash, else the first key, or '' without any."""
    found = (key for key in keys if secrets.compare_digest(browser_hash(key), hashed))
    return next(found, keys[0] if keys else "")


def parse_key(text: str) -> str:
    """Return the text if it has the form of a key, else ''."""
    return text if len(text) == _KEY_LENGTH and text.isascii() and text.isalnum() else ""


def new_browser_key() -> str:
    """Return a new random key of 128 bits."""
    return secrets.token_hex(_KEY_LENGTH // 2)


def browser_hash(key: str) -> str:
    """Return the hash that is stored and signed instead of a key; '' for no key."""
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def give_browser_key(response: HttpResponseBase, key: str, seconds: int = LOGIN_AGE) -> None:
    """Set the cookie so that it is sent inside an LMS's frame as well.

    ``SameSite=None; Secure`` lets it through in a frame at all, ``Partitioned`` where
    third-party cookies are blocked, ``__Host-`` keeps sibling hosts from setting it.
    """
    name = f"{COOKIE}-{browser_hash(key)[:8]}"
    response.set_cookie(name, key, max_age=seconds, path="/", secure=True, httponly=True)
    # Python 3.11's cookies have no Partitioned attribute, so it is appended to SameSite.
    response.cookies[name]["samesite"] = "None; Partitioned"


def is_framed(request: HttpRequest) -> bool:
    """Return whether the browser loads a page inside a frame (Fetch Metadata)."""
    return request.headers.get(_DESTINATION) in _FRAMES


def hides_its_frame(request: HttpRequest) -> bool:
    """Return whether the request does not say where its answer is shown.

    Safari says so since 16.4, Chrome since 80, Firefox since 90.
    """
    return _DESTINATION not in request.headers


def is_old_browser(request: HttpRequest) -> bool:
    """Return whether a browser loads a page, perhaps inside a frame, and is too old to say so.

    All browsers call themselves Mozilla; other programs are in no frame.
    """
    return hides_its_frame(request) and "Mozilla/" in request.headers.get("User-Agent", "")


def is_within_our_frame(request: HttpRequest) -> bool:
    """Return whether a page of ours requests this, to show or use it inside its frame.

    False for an address that was pasted, bookmarked, linked to from elsewhere or opened in a
    tab. Sec-Fetch-Site is 'none' when a person reloads the frame.
    """
    is_ours = request.headers.get("Sec-Fetch-Site") in {"same-origin", "none"}
    destination = request.headers.get(_DESTINATION, "document")
    return is_ours and destination != "document"


def is_posted_by_us(request: HttpRequest) -> bool:
    """Return whether a page of ours sent this form, by its Origin, which no page can forge."""
    return is_our_origin(request.headers.get("Origin", ""), request)


def is_our_origin(origin: str, request: HttpRequest) -> bool:
    """Return whether an origin is that of the address asked for, or of PUBLIC_URL.

    A proxy may ask for another host than browsers do.
    """
    ours = (f"{request.scheme}://{request.get_host()}", settings.PUBLIC_URL)
    try:
        return any(is_same_origin(origin, address) for address in ours)
    except ValueError:
        return False
