"""The administrator's pages, to register a tool, activate it and put it into a course."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from lti_tool.protocol.vocabulary import Scope
from lti_tool.sandbox.models import Activity, Column, Course, Flavour, Person, ToolClient
from lti_tool.sandbox.platform import sign_in
from lti_tool.sandbox.registration import metadata, registration_tokens
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.views import answers

AdministratorView = Callable[..., HttpResponse]
CONFIGURATIONS = {
    Flavour.MOODLE: "openid-configuration",
    Flavour.CANVAS: "canvas-openid-configuration",
}
MAX_TITLE_LENGTH = 255


def _administrators(view: AdministratorView) -> AdministratorView:
    """Decorate a view to get the signed-in person, for administrators only."""

    @wraps(view)
    def guarded(request: HttpRequest, **address: int) -> HttpResponse:
        session = sign_in.current(request)
        if session is None:
            return answers.sign_in_first(request)
        if not session.person.is_administrator:
            return answers.error(request, "Only the site administrator may do this.", 403)
        return view(request, session.person, **address)

    return guarded


@require_safe
@_administrators
def tools(request: HttpRequest, _administrator: Person) -> HttpResponse:
    return answers.page(request, "tools.html", _overview())


def _overview(**more: object) -> dict[str, object]:
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
    return {"listed": listed, "scopes": list(Scope), "flavours": list(Flavour), **more}


@require_POST
@_administrators
def begin(request: HttpRequest, administrator: Person) -> HttpResponse:
    """Open the tool's registration page in a frame, with a token of its own."""
    url, flavour = request.POST.get("url", "").strip(), request.POST.get("flavour", "")
    if not metadata.is_address(url) or flavour not in Flavour.values:
        problem = "Give the tool’s registration address: it begins with http:// or https://."
        overview = _overview(problem=problem, given=url[: metadata.MAX_URL_LENGTH])
        return answers.page(request, "tools.html", overview, 400)
    granted = request.POST.getlist("scope")
    withheld = [str(scope) for scope in Scope if scope not in granted]
    token = registration_tokens.issue(administrator, Flavour(flavour), withheld)
    context = {"source": _source(url, Flavour(flavour), token), "flavour": Flavour(flavour).label}
    return answers.page(request, "register.html", context, frames=[conf.origin(url)])


def _source(url: str, flavour: Flavour, token: str) -> str:
    """Return the registration address with its parameters (LTI Dynamic Registration 1.0, 3.2)."""
    query = urlencode(
        {
            "openid_configuration": conf.address(CONFIGURATIONS[flavour]),
            "registration_token": token,
        }
    )
    return f"{url}{'&' if urlsplit(url).query else '?'}{query}"


@require_POST
@_administrators
def activate(_request: HttpRequest, _administrator: Person, number: int) -> HttpResponse:
    tool = get_object_or_404(ToolClient, pk=number)
    ToolClient.objects.filter(pk=tool.pk).update(is_active=True)
    return HttpResponseRedirect(conf.address("tools"))


@require_POST
@_administrators
def delete(_request: HttpRequest, _administrator: Person, number: int) -> HttpResponse:
    """Delete a tool that registered itself, and all its activities."""
    registered = ToolClient.objects.filter(registrationtoken__isnull=False)
    get_object_or_404(registered.distinct(), pk=number).delete()
    return HttpResponseRedirect(conf.address("tools"))


@require_POST
@_administrators
def place(request: HttpRequest, _administrator: Person, number: int) -> HttpResponse:
    """Create a link with its own column, in a course of the tool's flavour."""
    tool = get_object_or_404(ToolClient, pk=number)
    wanted = request.POST.get("course", "")
    known = wanted.isascii() and wanted.isdecimal() and len(wanted) < 19
    courses = Course.objects.filter(flavour=tool.flavour)
    course = get_object_or_404(courses, pk=int(wanted) if known else 0)
    title = request.POST.get("title", "").strip()[:MAX_TITLE_LENGTH] or tool.name
    activity = Activity.objects.create(course=course, tool=tool, title=title)
    Column.objects.create(course=course, tool=tool, activity=activity, label=title)
    return HttpResponseRedirect(conf.address("tools"))
