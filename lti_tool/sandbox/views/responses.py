"""The responses of the sandbox: pages with their headers, self-posting forms, error pages."""

from collections.abc import Iterable, Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lti_tool.sandbox.models import Person, Role, ToolClient
from lti_tool.sandbox.platform import sessions
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
    session = sessions.current(request)
    values = {
        "path": request.get_full_path(),
        "person": session.person if session else None,
        # The test student is reached by Student View only.
        "people": Person.objects.exclude(enrolment__role=Role.TEST_STUDENT),
        **(context or {}),
    }
    response = render(request, f"sandbox/{template}", values, status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = _content_security_policy(frames)
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _content_security_policy(frames: Iterable[str]) -> str:
    """Return a policy that allows the tools in frames, and as targets of the login's form."""
    addresses = [conf.tool_url()]
    for tool in ToolClient.objects.all():
        addresses += [tool.login_url, *tool.redirect_uris]
    tools = " ".join(sorted({*map(conf.origin, addresses), *frames}))
    return (
        f"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        f"frame-src 'self' {tools}; form-action 'self' {tools}; "
        "frame-ancestors 'self'; base-uri 'none'"
    )


def post_form(
    request: HttpRequest, action: str, fields: Mapping[str, str], heading: str
) -> HttpResponse:
    """Return a page whose form posts itself, with a button for browsers without scripts."""
    return page(request, "post.html", {"action": action, "fields": fields, "heading": heading})


def repost(
    request: HttpRequest, action: str, parameters: Mapping[str, Sequence[str]]
) -> HttpResponse:
    """Return a page that posts the same request again, as Moodle does if its cookie is missing.

    Browsers withhold the cookie from a post by another site, and send it with our own.
    """
    fields = {name: values[0] for name, values in parameters.items() if values}
    return post_form(request, action, {**fields, "repost": "1"}, "One moment")


def error(request: HttpRequest, message: str, status: int = 400) -> HttpResponse:
    return page(request, "error.html", {"message": message}, status)
