"""The administrator's pages, to register a tool, activate it and add it to a course."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from lti_tool.protocol.vocabulary import Scope
from lti_tool.sandbox.models import Activity, Column, Course, Flavour, Person, SignIn, ToolClient
from lti_tool.sandbox.registration import metadata, registration_tokens
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.server.converters import parse_number
from lti_tool.sandbox.views import responses
from lti_tool.sandbox.views.access import signed_in

CONFIGURATIONS = {
    Flavour.MOODLE: "openid-configuration",
    Flavour.CANVAS: "canvas-openid-configuration",
}
MAX_TITLE_LENGTH = 255

Params = ParamSpec("Params")


def administrator_only(
    view: Callable[Concatenate[HttpRequest, Person, Params], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Params], HttpResponse]:
    """Decorate a view to get the signed-in person, for administrators only."""

    @wraps(view)
    def wrapper(
        request: HttpRequest, session: SignIn, /, *args: Params.args, **kwargs: Params.kwargs
    ) -> HttpResponse:
        if not session.person.is_administrator:
            raise PermissionDenied("Only the site administrator may do this.")
        return view(request, session.person, *args, **kwargs)

    return signed_in(wrapper)


@require_safe
@administrator_only
def tools(request: HttpRequest, _administrator: Person) -> HttpResponse:
    return responses.page(request, "tools.html", _overview())


def _overview() -> dict[str, object]:
    courses = list(Course.objects.all())
    listed = [
        {
            "tool": tool,
            "courses": [course for course in courses if course.flavour == tool.flavour],
            "registered_itself": bool(tool.registrationtoken_set.all()),
        }
        for tool in ToolClient.objects.prefetch_related(
            "activity_set__course", "registrationtoken_set"
        )
    ]
    return {"listed": listed, "scopes": list(Scope), "flavours": list(Flavour)}


@require_POST
@administrator_only
def register(request: HttpRequest, administrator: Person) -> HttpResponse:
    """Open the tool's registration page in a frame, with a token of its own.

    Its address gets the parameters of LTI Dynamic Registration 1.0, 3.2.
    """
    url, flavour_name = request.POST.get("url", "").strip(), request.POST.get("flavour", "")
    if not metadata.is_address(url) or flavour_name not in Flavour.values:
        error = "Give the tool’s registration address: it begins with http:// or https://."
        given = url[: metadata.MAX_URL_LENGTH]
        context = {**_overview(), "error": error, "given": given}
        return responses.page(request, "tools.html", context, 400)
    flavour, granted = Flavour(flavour_name), request.POST.getlist("scope")
    withheld = [str(scope) for scope in Scope if scope not in granted]
    query = urlencode(
        {
            "openid_configuration": conf.address(CONFIGURATIONS[flavour]),
            "registration_token": registration_tokens.issue(administrator, flavour, withheld),
        }
    )
    source = f"{url}{'&' if urlsplit(url).query else '?'}{query}"
    context = {"source": source, "flavour": flavour.label}
    return responses.page(request, "register.html", context, frames=[conf.origin(url)])


@require_POST
@administrator_only
def activate(_request: HttpRequest, _administrator: Person, number: int) -> HttpResponse:
    tool = get_object_or_404(ToolClient, pk=number)
    ToolClient.objects.filter(pk=tool.pk).update(is_active=True)
    return HttpResponseRedirect(conf.address("tools"))


@require_POST
@administrator_only
def delete(_request: HttpRequest, _administrator: Person, number: int) -> HttpResponse:
    """Delete a tool that registered itself, and all its activities."""
    registered = ToolClient.objects.filter(registrationtoken__isnull=False)
    get_object_or_404(registered.distinct(), pk=number).delete()
    return HttpResponseRedirect(conf.address("tools"))


@require_POST
@administrator_only
def add_activity(request: HttpRequest, _administrator: Person, number: int) -> HttpResponse:
    """Create a link with its own column, in a course of the tool's flavour."""
    tool = get_object_or_404(ToolClient, pk=number)
    courses = Course.objects.filter(flavour=tool.flavour)
    course = get_object_or_404(courses, pk=parse_number(request.POST.get("course")))
    title = request.POST.get("title", "").strip()[:MAX_TITLE_LENGTH] or tool.name
    activity = Activity.objects.create(course=course, tool=tool, title=title)
    Column.objects.create(course=course, tool=tool, activity=activity, label=title)
    return HttpResponseRedirect(conf.address("tools"))
