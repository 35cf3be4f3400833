"""Sessions of signed-in people: a random key in a first-party cookie, and a row with that key."""

import secrets

from django.http import HttpRequest, HttpResponse

from lti_tool.sandbox.models import Person, SignIn

COOKIE = "sandbox_session"


def current(request: HttpRequest) -> SignIn | None:
    """Return the session of the request's cookie, or None."""
    key = request.COOKIES.get(COOKIE)
    return SignIn.objects.select_related("person").filter(key=key).first() if key else None


def begin(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Sign a person in, after ending the browser's previous session."""
    SignIn.objects.filter(key=request.COOKIES.get(COOKIE, "")).delete()
    session = SignIn.objects.create(key=secrets.token_urlsafe(32), person=person)
    response.set_cookie(COOKIE, session.key, httponly=True, samesite="Lax")


def end(request: HttpRequest, response: HttpResponse) -> None:
    """Delete the browser's session and its cookie."""
    SignIn.objects.filter(key=request.COOKIES.get(COOKIE, "")).delete()
    response.delete_cookie(COOKIE, samesite="Lax")
