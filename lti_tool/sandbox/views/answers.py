"""The responses of the sandbox: pages with their headers, self-posting forms, error pages."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lti_tool.sandbox.models import Person, Role, ToolClient
from lti_tool.sandbox.platform import sign_in
from lti_tool.sandbox.server import conf


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    status: int = 200,
    frames: Iterable[str] = (),
) -> HttpResponse:
    """Return a page that is not cached, runs only our scripts and is framed by us alone.

    `frames` are more origins that it may frame: those of tools that are not registered yet.
    """
    values = {"path": request.get_full_path(), **_visitor(request), **(context or {})}
    response = render(request, f"sandbox/{template}", values, status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = _policy(frames)
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _visitor(request: HttpRequest) -> dict[str, object]:
    session = sign_in.current(request)
    return {"person": session.person if session else None, "people": _people()}


def _people() -> QuerySet[Person]:
    """Return everyone to sign in as; the test student is reached by Student View only."""
    return Person.objects.exclude(enrolment__role=Role.TEST_STUDENT)


def _policy(frames: Iterable[str]) -> str:
    """Return the Content-Security-Policy, which allows the tools in frames and form targets.

    A login posts a form to the tool.
    """
    tools = " ".join(sorted(_tool_origins() | set(frames)))
    return (
        f"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        f"frame-src 'self' {tools}; form-action 'self' {tools}; "
        "frame-ancestors 'self'; base-uri 'none'"
    )


def _tool_origins() -> set[str]:
    addresses = [conf.tool_url()]
    for tool in ToolClient.objects.all():
        addresses += [tool.login_url, *tool.redirect_uris]
    return {conf.origin(address) for address in addresses}


def post_form(
    request: HttpRequest, action: str, fields: Mapping[str, str], say: str
) -> HttpResponse:
    """Return a page whose form posts itself, with a button for browsers without scripts."""
    return page(request, "post.html", {"action": action, "fields": fields, "say": say})


def repost(
    request: HttpRequest, action: str, parameters: Mapping[str, Sequence[str]]
) -> HttpResponse:
    """Return a page that posts the same request again, as Moodle does if its cookie is missing.

    Browsers withhold the cookie from a post by another site, and send it with our own.
    """
    values = {name: found[0] for name, found in parameters.items() if found}
    return post_form(request, action, {**values, "repost": "1"}, "One moment")


def error(request: HttpRequest, message: str, status: int = 400) -> HttpResponse:
    return page(request, "error.html", {"message": message}, status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return error(request, "There is no such page here.", 404)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Redirect to the home page to sign in, and from there back."""
    query = urlencode({"next": request.get_full_path()})
    return HttpResponse(status=302, headers={"Location": f"{conf.address('home')}?{query}"})
