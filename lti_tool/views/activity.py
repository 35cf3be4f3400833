"""The base class of every page below ``/a/<token>/``, which checks the visitor at each request."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lti_tool.launches.visit import ActivityClosed, Visit, open_visit
from lti_tool.views.framing import may_be_framed_anywhere, may_be_framed_by_its_platform

MAX_TYPED = 100  # texts of a form that are shown again


# No cookie alone opens these pages: the address itself is the secret, so a foreign page cannot
# forge a request to them, and a CSRF token is not needed.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class ActivityView(View):
    """A page of an activity; ``self.visit`` says who is here and in which role.

    Subclasses say in ``check_access`` who may see the page.
    """

    visit: Visit

    def check_access(self) -> None:
        """Raise PermissionDenied or Http404 unless this visit may see the page.

        It is called before the method of the request.
        """

    def require(self, is_allowed: bool) -> None:
        """Raise PermissionDenied, a 403 page, unless this is allowed."""
        if not is_allowed:
            raise PermissionDenied

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check access, and return what the method of the request returns."""
        self.check_access()
        return super().dispatch(request, *args, **kwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Open the visit, then the page, in the language and the frame that the launch names.

        Times are in the person's own time zone.

        An address that opens nothing here gets a 403 page with the way back to the course.
        """
        try:
            self.visit = open_visit(request, kwargs.pop("token"))
        except ActivityClosed:
            context = {"typed": _typed(request)}
            return may_be_framed_anywhere(
                render(request, "lti_tool/closed.html", context, status=403)
            )
        language = _language(self.visit.launch.locale)
        with translation.override(language), timezone.override(self.visit.user.zone):
            try:
                response = self.respond(request, *args, **kwargs)
            # The error pages may be shown in the LMS's frame as well.
            except PermissionDenied:
                response = render(request, "403.html", status=403)
            except Http404:
                response = render(request, "404.html", status=404)
            if hasattr(response, "render"):
                response.render()
        # Set here because LocaleMiddleware would set the browser's language.
        response.headers["Content-Language"] = language
        return may_be_framed_by_its_platform(response, self.visit.launch)


def _typed(request: HttpRequest) -> list[str]:
    """Return the texts of a form that comes too late, to be copied; numbers and times are none."""
    values = (
        value.strip()
        for name, posted in request.POST.lists()
        for value in posted
        if not name.startswith("draft-")
    )
    return [value for value in values if value[:1].isalpha() or " " in value][:MAX_TYPED]


def _language(locale: str) -> str:
    """Return the supported language nearest to the LMS's; the browser's if it names none."""
    if not locale:
        return translation.get_language() or settings.LANGUAGE_CODE
    try:
        return translation.get_supported_language_variant(locale.replace("_", "-").lower())
    except LookupError:
        return settings.LANGUAGE_CODE
