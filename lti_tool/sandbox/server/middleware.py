"""Middleware that keeps the sandbox on loopback and at one address."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect

from lti_tool.sandbox.server import conf
from lti_tool.sandbox.server.environment import is_loopback

GetResponse = Callable[[HttpRequest], HttpResponse]


class LoopbackOnly:
    """A middleware that refuses other machines, whatever address the server is bound to."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_loopback(request.META.get("REMOTE_ADDR", "")):
            return HttpResponseForbidden("The sandbox LMS is for this machine only.")
        return self.get_response(request)


class CanonicalHost:
    """A middleware that redirects from other names (`localhost`) to the issuer's own address.

    The sandbox's cookie belongs to that one host; a launch begun at another would lack it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and request.get_host() != urlsplit(conf.issuer()).netloc:
            return HttpResponseRedirect(conf.issuer() + request.get_full_path())
        return self.get_response(request)
