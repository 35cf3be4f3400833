"""The one cookie: a random key by which a browser is known again at the end of a login.

A cookie per login would pile up until the header is refused; one key serves any number
of logins at once, because each login's state is signed over its hash.
"""

from __future__ import annotations

import hashlib
import secrets

from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "__Host-lti-browser"
MAX_AGE = 400 * 24 * 3600  # the longest that browsers keep a cookie
_KEY_LENGTH = 32


def browser_key(request: HttpRequest) -> str:
    """The key that this browser sent, or '' if it sent none (or one that is not ours)."""
    key = request.COOKIES.get(COOKIE, "")
    return key if len(key) == _KEY_LENGTH and key.isascii() and key.isalnum() else ""


def new_browser_key() -> str:
    """A fresh random key of 128 bits."""
    return secrets.token_hex(_KEY_LENGTH // 2)


def browser_hash(key: str) -> str:
    """What is stored and signed in the key's place; '' for no key."""
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def give_browser_key(response: HttpResponseBase, key: str) -> None:
    """Set the cookie so that it is sent inside an LMS's frame as well.

    ``SameSite=None; Secure`` lets it through in a frame at all, ``Partitioned`` where
    third-party cookies are blocked, ``__Host-`` keeps sibling hosts from setting it.
    """
    response.set_cookie(COOKIE, key, max_age=MAX_AGE, path="/", secure=True, httponly=True)
    # Python 3.11's cookies know no Partitioned attribute: it rides on the last one.
    response.cookies[COOKIE]["samesite"] = "None; Partitioned"
