"""The tool's addresses. Those below an activity's token belong to LTI_ACTIVITY_URLS."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter
from django.utils.module_loading import import_string
from django.views.generic import TemplateView

from lti_tool.views import public
from lti_tool.views.login import login
from lti_tool.views.metrics import metrics
from lti_tool.views.registration import RegisterView, canvas_json


class TokenConverter(StringConverter):
    """The path converter for an activity's token; see ``lti_tool.launches.visit``."""

    regex = r"[A-Za-z0-9_.-]{40,200}"


register_converter(TokenConverter, "activity_token")

handler500 = "lti_tool.views.unavailable.server_error"

urlpatterns = [
    # For people who typed the tool's address.
    path("", TemplateView.as_view(template_name="lti_tool/index.html"), name="index"),
    path("lti/login/", login, name="lti-login"),
    path("lti/launch/", import_string(settings.LTI_LAUNCH_VIEW).as_view(), name="lti-launch"),
    path("lti/jwks.json", public.jwks, name="lti-jwks"),
    path("lti/register/", RegisterView.as_view(), name="lti-register"),
    path("lti/canvas.json", canvas_json, name="lti-canvas"),
    path("healthz", public.healthz, name="healthz"),
    path("readyz", public.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("a/<activity_token:token>/", include(settings.LTI_ACTIVITY_URLS)),
    path("admin/", admin.site.urls),
]
