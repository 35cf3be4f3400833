"""How pages leave the sandbox: their headers, the self-posting form, the page for an error."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lti_tool.sandbox import conf, sign_in
from lti_tool.sandbox.models import Person, ToolClient


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of ours: never cached, no code but ours, framed by nobody else."""
    values = {"path": request.get_full_path(), **_visitor(request), **(context or {})}
    response = render(request, f"sandbox/{template}", values, status=status)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = _policy()
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _visitor(request: HttpRequest) -> dict[str, object]:
    session = sign_in.current(request)
    return {"person": session.person if session else None, "people": Person.objects.all()}


def _policy() -> str:
    """Frames and forms may also reach the tools: a login is a form post to one of them."""
    tools = " ".join(sorted(_tool_origins()))
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
    """A form that posts itself, with a button for those whose browser runs no script."""
    return page(request, "post.html", {"action": action, "fields": fields, "say": say})


def error(request: HttpRequest, message: str, status: int = 400) -> HttpResponse:
    return page(request, "error.html", {"message": message}, status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return error(request, "There is no such page here.", 404)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Home, which asks who you are and then leads back."""
    query = urlencode({"next": request.get_full_path()})
    return HttpResponse(status=302, headers={"Location": f"{conf.address('home')}?{query}"})
