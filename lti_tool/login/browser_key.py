"""How a browser is known again: by a cookie with a random key, and by where its requests start.

A cookie per login would pile up until the header is refused; one key serves any number
of logins at once, because each login's state is signed over its hash. Only a course page
that opens many activities in a browser without any key gets several: each has a name of
its own, so that none replaces one with which a login was begun a moment before. New logins
agree on one of them, and those that led to no launch are gone after minutes.
"""

from __future__ import annotations

import hashlib
import secrets

from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "__Host-lti-browser"  # what every name begins with
LOGIN_AGE = 10 * 60  # seconds; no login takes longer, see lti_tool.login.state
LAUNCHED_AGE = 400 * 24 * 3600  # the longest that browsers keep a cookie
_KEY_LENGTH = 32
_FRAMES = frozenset({"iframe", "frame", "embed", "object"})


def browser_keys(request: HttpRequest) -> list[str]:
    """The keys that this browser sent, sorted: usually one, none where cookies are blocked."""
    sent = [value for name, value in request.COOKIES.items() if name.startswith(COOKIE)]
    return sorted({checked_key(value) for value in sent} - {""})


def key_of(keys: list[str], hashed: str) -> str:
    """The key of which that is the hash; else the first, or ''."""
    fitting = (key for key in keys if secrets.compare_digest(browser_hash(key), hashed))
    return next(fitting, keys[0] if keys else "")


def checked_key(text: str) -> str:
    """The text itself if it may be a key of ours, else ''."""
    return text if len(text) == _KEY_LENGTH and text.isascii() and text.isalnum() else ""


def new_browser_key() -> str:
    """A fresh random key of 128 bits."""
    return secrets.token_hex(_KEY_LENGTH // 2)


def browser_hash(key: str) -> str:
    """What is stored and signed in the key's place; '' for no key."""
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def give_browser_key(response: HttpResponseBase, key: str, seconds: int = LOGIN_AGE) -> None:
    """Set the cookie so that it is sent inside an LMS's frame as well.

    ``SameSite=None; Secure`` lets it through in a frame at all, ``Partitioned`` where
    third-party cookies are blocked, ``__Host-`` keeps sibling hosts from setting it.
    """
    name = f"{COOKIE}-{browser_hash(key)[:8]}"
    response.set_cookie(name, key, max_age=seconds, path="/", secure=True, httponly=True)
    # Python 3.11's cookies know no Partitioned attribute: it rides on the last one.
    response.cookies[name]["samesite"] = "None; Partitioned"


def is_framed(request: HttpRequest) -> bool:
    """Whether this is a page load inside a frame, as the browser tells (Fetch Metadata).

    A browser too old to tell is taken for a tab.
    """
    return request.headers.get("Sec-Fetch-Dest") in _FRAMES


def is_within_our_frame(request: HttpRequest) -> bool:
    """Whether a page of ours asks for this, to show or use it inside its frame.

    Never true for an address that was pasted, kept as a bookmark, linked to from elsewhere
    or opened in a tab. ``none`` is the person who reloads the frame.
    """
    is_ours = request.headers.get("Sec-Fetch-Site") in {"same-origin", "none"}
    destination = request.headers.get("Sec-Fetch-Dest", "document")
    return is_ours and destination != "document"


def is_posted_by_us(request: HttpRequest) -> bool:
    """Whether a form on a page of ours sent this: the one thing a foreign page cannot fake."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
