"""The URLs of courses with Canvas's flavour: services below `/canvas`, and teachers' pages."""

from django.urls import path

from lti_tool.sandbox.models import Flavour
from lti_tool.sandbox.server import converters  # noqa: F401  It registers `number`.
from lti_tool.sandbox.views import oidc, registration, token
from lti_tool.sandbox.views.canvas import (
    launches,
    line_items,
    results,
    roster,
    scores,
)

API = "canvas/api/lti/"
COURSE = f"{API}courses/<number:course>/"
ITEM = f"{COURSE}line_items/<number:number>"
CANVAS = {"flavour": Flavour.CANVAS}

urlpatterns = [
    path(f"{API}authorize_redirect", oidc.authorise, CANVAS, name="canvas-auth"),
    path(f"{API}security/jwks", oidc.jwks, CANVAS, name="canvas-jwks"),
    path("canvas/login/oauth2/token", token.token, name="canvas-token"),
    path(
        f"{API}security/openid-configuration",
        registration.configuration,
        CANVAS,
        name="canvas-openid-configuration",
    ),
    path(f"{API}registrations", registration.register, CANVAS, name="canvas-register-tool"),
    path(f"{COURSE}line_items", line_items.columns, name="canvas-columns"),
    path(ITEM, line_items.column, name="canvas-column"),
    path(f"{ITEM}/scores", scores.scores, name="canvas-scores"),
    path(f"{ITEM}/results", results.results, name="canvas-results"),
    path(f"{COURSE}names_and_roles", roster.roster, name="canvas-roster"),
    path("student-view/<number:number>/", launches.student_view, name="student-view"),
    path(
        "student-view/<number:number>/launch/",
        launches.launch_student_view,
        name="student-view-launch",
    ),
    path(
        "speed-grader/<number:number>/<number:person>/", launches.speed_grader, name="speed-grader"
    ),
    path(
        "speed-grader/<number:number>/<number:person>/launch/",
        launches.launch_submission,
        name="submission-launch",
    ),
]
