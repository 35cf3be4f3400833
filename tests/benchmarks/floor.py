"""The floor that launches are measured against: the least that any such tool must do.

Django, state in a signed cookie, one RS256 verification with a cached key, a redirect,
and a page of 10 kB; no row is written.
"""

from __future__ import annotations

import functools
import json
import os
import secrets
import urllib.request
from typing import Any
from urllib.parse import urlencode

import django
import jwt
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

PLATFORM, CLIENT = os.environ["PLATFORM"], os.environ["CLIENT_ID"]
PAGE = "<!doctype html><title>Floor</title><p>Hello {}</p>" + "<p>some words of a worksheet " * 360

settings.configure(
    SECRET_KEY="x" * 60,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
    ],
)
django.setup()


@functools.cache
def key(kid: str) -> Any:
    with urllib.request.urlopen(f"{PLATFORM}/jwks") as answer:
        keys = {entry["kid"]: entry for entry in json.load(answer)["keys"]}
    return jwt.PyJWK(keys[kid], algorithm="RS256").key


@csrf_exempt
def login(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    query = {"state": state, "nonce": nonce, "login_hint": sent["login_hint"], "client_id": CLIENT}
    response = HttpResponseRedirect(f"{PLATFORM}/auth?{urlencode(query)}")
    response.set_signed_cookie("state", f"{state} {nonce}", httponly=True)
    return response


@csrf_exempt
def launch(request: HttpRequest) -> HttpResponse:
    token = request.POST["id_token"]
    kid = jwt.get_unverified_header(token)["kid"]
    claims = jwt.decode(token, key(kid), ["RS256"], audience=CLIENT, issuer=PLATFORM)
    begun = request.get_signed_cookie("state", max_age=300)
    if begun != f"{request.POST['state']} {claims['nonce']}":
        return HttpResponse(status=400)
    response = HttpResponseRedirect("/page/")
    response.set_signed_cookie("name", claims["name"], httponly=True)
    return response


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format(request.get_signed_cookie("name")))


urlpatterns = [path("lti/login/", login), path("lti/launch/", launch), path("page/", page)]
application = get_wsgi_application()
