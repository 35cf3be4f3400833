"""The URLs of the sandbox."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from lti_tool.sandbox.canvas import urls as canvas_urls
from lti_tool.sandbox.views import (
    assets,
    changes,
    course,
    gradebook,
    home,
    line_items,
    oidc,
    registration,
    responses,
    results,
    review,
    roster,
    scores,
    selection,
    storage,
    testing,
    token,
    tools,
)

pages = [
    path("", home.home, name="home"),
    path("sign-in/", home.sign_in, name="sign-in"),
    path("sign-out/", home.sign_out, name="sign-out"),
    path("courses/<number:number>/", course.course, name="course"),
    path("courses/<number:number>/return/", course.launch_return, name="return"),
    path("courses/<number:number>/select/", selection.choose, name="select"),
    path("courses/<number:number>/select/launch/", selection.launch, name="select-launch"),
    path("courses/<number:number>/selected/", selection.selected, name="selected"),
    path("courses/<number:number>/gradebook/", gradebook.table, name="gradebook"),
    path("gradebook/<number:number>/<number:person>/", gradebook.cell, name="cell"),
    path("gradebook/<number:number>/<number:person>/review/", review.review, name="review"),
    path(
        "gradebook/<number:number>/<number:person>/review/launch/",
        review.launch,
        name="review-launch",
    ),
    path("courses/<number:number>/copy/", changes.copy_course, name="copy"),
    path("courses/<number:number>/restore/", changes.restore_course, name="restore"),
    path("activities/<number:number>/", course.activity, name="activity"),
    path("activities/<number:number>/duplicate/", changes.duplicate, name="duplicate"),
    path("activities/<number:number>/delete/", changes.delete, name="delete"),
    path("activities/<number:number>/settings/", changes.settings, name="settings"),
    path("launch/<number:number>/", course.launch, name="launch"),
    path("tools/", tools.tools, name="tools"),
    path("tools/register/", tools.register, name="tool-registration"),
    path("tools/<number:number>/activate/", tools.activate, name="activate-tool"),
    path("tools/<number:number>/delete/", tools.delete, name="delete-tool"),
    path("tools/<number:number>/add/", tools.add_activity, name="add-tool"),
    path("assets/<str:name>", assets.asset, name="asset"),
    path("storage/", storage.storage, name="storage"),
]

platform = [
    path("lti/auth", oidc.authorise, name="auth"),
    path("lti/jwks", oidc.jwks, name="jwks"),
    path("lti/token", token.token, name="token"),
    path("lti/openid-configuration", registration.configuration, name="openid-configuration"),
    path("lti/register", registration.register, name="register-tool"),
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

patterns = pages + platform + services + canvas_urls.urlpatterns + tests
urlpatterns = [path("", include((patterns, "sandbox")))]


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Return the sandbox's error page for a request that Django refuses with 400."""
    return responses.error(request, "This request cannot be read.", 400)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the sandbox's error page with the reason of a PermissionDenied."""
    return responses.error(request, str(exception), 403)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Return the sandbox's error page for an address without a page."""
    return responses.error(request, "There is no such page here.", 404)
