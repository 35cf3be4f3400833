"""The base class of every page below ``/a/<token>/``, which checks the visitor at each request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lti_tool.launches.visit import (
    ActivityClosed,
    Visit,
    VisitEnded,
    may_save_once_more,
    open_visit,
)
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
    # Scripts and forms send here what is typed, to be kept: see ``save_typing``.
    keeps_typing = False

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

    def save_typing(self, request: HttpRequest, *args: Any, **kwargs: Any) -> bool:
        """Save what a page of a visit that has ended still held; return whether all is saved.

        Views that set ``keeps_typing`` must override this.
        """
        raise NotImplementedError

    def leave(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send a person whom the LMS has removed back to the course; what they typed is saved."""
        is_saved = False
        if self.keeps_typing and request.method == "POST" and may_save_once_more(self.visit):
            self.check_access()
            is_saved = self.save_typing(request, *args, **kwargs)
        # Only scripts read what is kept.
        if request.content_type == "application/json" or (
            self.keeps_typing and request.method == "GET"
        ):
            error = (
                _("This page has closed. What you typed is saved. Go back to your course.")
                if is_saved
                else _(
                    "This page has closed. Go back to your course. What you typed is kept on this"
                    " device, unless your browser keeps nothing."
                )
            )
            return JsonResponse({"error": error, "ended": True, "saved": is_saved}, status=403)
        context = {
            "visit": self.visit,
            "has_ended": True,
            "is_saved": is_saved,
            "typed": [] if is_saved else _typed(request),
        }
        response = render(request, "lti_tool/closed.html", context, status=403)
        # A script that asks for a part of a page would leave the rest of it in sight.
        response.headers["HX-Refresh"] = "true"
        return response

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Open the visit, then the page, in the language and the frame that the launch names.

        Times are in the person's own time zone.

        An address that opens nothing here gets a 403 page with the way back to the course.
        """
        answer: Callable[..., HttpResponseBase] = self.respond
        try:
            self.visit = open_visit(request, kwargs.pop("token"))
        except VisitEnded as ended:
            self.visit, answer = ended.visit, self.leave
        except ActivityClosed:
            context = {"typed": _typed(request)}
            return may_be_framed_anywhere(
                render(request, "lti_tool/closed.html", context, status=403)
            )
        language = _language(self.visit.launch.locale)
        with translation.override(language), timezone.override(self.visit.user.zone):
            try:
                response = answer(request, *args, **kwargs)
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
