"""Every address of the sandbox. Numbers are short enough for any database."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, register_converter

from lti_tool.sandbox.views import (
    answers,
    assets,
    course,
    gradebook,
    home,
    line_items,
    oidc,
    results,
    roster,
    scores,
    testing,
    token,
)


class Number:
    """A primary key in an address; a longer one is no address of ours."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Number, "number")

pages = [
    path("", home.home, name="home"),
    path("sign-in/", home.begin, name="sign-in"),
    path("sign-out/", home.end, name="sign-out"),
    path("courses/<number:number>/", course.course, name="course"),
    path("courses/<number:number>/return/", course.back, name="return"),
    path("courses/<number:number>/gradebook/", gradebook.table, name="gradebook"),
    path("gradebook/<number:number>/<number:person>/", gradebook.cell, name="cell"),
    path("activities/<number:number>/", course.activity, name="activity"),
    path("launch/<number:number>/", course.launch, name="launch"),
    path("assets/<str:name>", assets.asset, name="asset"),
]

platform = [
    path("lti/auth", oidc.authorise, name="auth"),
    path("lti/jwks", oidc.jwks, name="jwks"),
    path("lti/token", token.token, name="token"),
]

SERVICES = "lti/services/<number:course>/"
ITEM = f"{SERVICES}lineitems/<number:number>/lineitem"

services = [
    path(f"{SERVICES}lineitems", line_items.columns, name="columns"),
    path(ITEM, line_items.column, name="column"),
    path(f"{ITEM}/scores", scores.scores, name="scores"),
    path(f"{ITEM}/results", results.results, name="results"),
    path(
        "lti/services/CourseSection/<number:course>/bindings/<number:type_id>/memberships",
        roster.roster,
        name="roster",
    ),
]

tests = [
    path("faults", testing.faults, name="faults"),
    path("state.json", testing.state, name="state"),
]

urlpatterns = [path("", include((pages + platform + services + tests, "sandbox")))]

handler404 = answers.not_found


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's own 400s (too long, not readable), in the sandbox's dress."""
    return answers.error(request, "This request cannot be read.", 400)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return answers.error(request, "This is not for you.", 403)
