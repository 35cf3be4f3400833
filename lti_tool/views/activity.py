"""The base class of every page below ``/a/<token>/``, which checks the visitor at each request."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import tzinfo
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from lti_tool.launches import storage_visit
from lti_tool.launches.visit import (
    ActivityClosed,
    StorageVisitClosed,
    Visit,
    VisitEnded,
    may_save_once_more,
    open_visit,
)
from lti_tool.login.browser_key import is_framed
from lti_tool.models.course import zone_named
from lti_tool.server.places import NoPlace, Places
from lti_tool.views.framing import may_be_framed_anywhere, may_be_framed_by_its_platform
from lti_tool.views.requests import typed_texts
from lti_tool.views.unavailable import too_many_at_once, unavailable

MIN_PLACES = 2  # of a person, however few threads there are: a page asks for parts of it
SLOW_SECONDS = 1.0  # more than pages take, but for the largest texts
_people = Places()

ZONE_HEADER = "Page-Zone"  # as in templates/components/time_zone.html


# No CSRF token is needed: the address itself is a secret, and SameOriginMiddleware refuses what
# another page sends.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class ActivityView(View):
    """A page of an activity; ``self.visit`` says who is here and in which role.

    Subclasses say in ``check_access`` who may see the page.
    """

    visit: Visit
    # An element of a page loads it, to which no script can add what proves the page.
    is_picture = False
    # Scripts and forms send here what is typed, to be kept: see ``save_typing``.
    keeps_typing = False

    def check_access(self) -> None:
        """Raise PermissionDenied or Http404 unless this visit may see the page.

        It is called before the method of the request.
        """

    def require(self, is_allowed: bool, reason: str | Promise = "") -> None:
        """Raise PermissionDenied, a 403 page that says the reason, unless this is allowed."""
        if not is_allowed:
            raise PermissionDenied(reason)

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check access, and return what the method of the request returns."""
        self.check_access()
        return super().dispatch(request, *args, **kwargs)

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Return what Django returns; to a person who loads the address of a button, as a page."""
        refused = super().http_method_not_allowed(request, *args, **kwargs)
        if request.method != "GET" or self._is_of_a_script(request):
            return refused
        context = {"visit": self.visit, "token": self.visit.token}
        page = render(request, "405.html", context, status=405)
        page.headers["Allow"] = refused.headers["Allow"]
        return page

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
        if self._is_of_a_script(request):
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
            "typed": [] if is_saved else typed_texts(request),
        }
        response = render(request, "lti_tool/closed.html", context, status=403)
        # A script that asks for a part of a page would leave the rest of it in sight.
        response.headers["HX-Refresh"] = "true"
        return response

    def _way_out(self) -> dict[str, Any]:
        """Return what a page with a message needs for the ways back to the course, and out.

        In the place of a picture it would name the person to whoever has the address alone.
        """
        if self.is_picture:
            return {}
        return {"visit": self.visit, "token": self.visit.token}

    def _is_of_a_script(self, request: HttpRequest) -> bool:
        """Return whether a script sends what is typed, or reads what is kept of it."""
        is_reading = self.keeps_typing and request.method == "GET"
        return is_reading or request.content_type == "application/json"

    def hold_place(self) -> AbstractContextManager[None]:
        """Hold one of this person's places, which are half of the threads that serve everybody.

        Raise NoPlace if all of them are taken and one is slow: a course page may open with many
        activities in it, and quick pages leave their threads at once. Pictures are not counted.
        """
        if self.is_picture:
            return nullcontext()
        return _people.hold(
            str(self.visit.user.pk),
            for_one=max(settings.LTI_WEB_THREADS // 2, MIN_PLACES),
            patience=SLOW_SECONDS,
        )

    def _zone(self, request: HttpRequest) -> tzinfo:
        is_part = "HX-Request" in request.headers
        shown = zone_named(request.headers.get(ZONE_HEADER, "")) if is_part else None
        return shown or self.visit.user.zone

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Open the visit, then the page, in the language and the frame that the launch names.

        Times are in the person's own time zone, those of a part that htmx asks for in that of its
        page: before a browser has told its own, the page was made in the server's.

        An address that opens nothing here gets a 403 page with the way back to the course.
        """
        answer: Callable[..., HttpResponseBase] = self.respond
        token = kwargs.pop("token")
        try:
            self.visit = open_visit(request, token, is_picture=self.is_picture)
        except VisitEnded as ended:
            self.visit, answer = ended.visit, self.leave
        except StorageVisitClosed as closed:
            return _resume_or_close(request, token, closed)
        except ActivityClosed:
            if self._is_of_a_script(request):
                return _closed_for_a_script()
            context = {"typed": typed_texts(request)}
            return may_be_framed_anywhere(
                render(request, "lti_tool/closed.html", context, status=403)
            )
        used = storage_visit.take_pass(request) if self.visit.is_by_storage else ""
        language = _language(self.visit.launch.locale)
        with translation.override(language), timezone.override(self._zone(request)):
            try:
                with self.hold_place():
                    response = answer(request, *args, **kwargs)
            except NoPlace:
                response = too_many_at_once(request, self.visit)
            # The error pages may be shown in the LMS's frame as well.
            except PermissionDenied as denied:
                refused = self._way_out()
                if reason := str(denied):
                    # A form may have been open for longer than the right to send it.
                    refused |= {"reason": reason, "typed": typed_texts(request)}
                response = render(request, "403.html", refused, status=403)
            except Http404:
                response = render(request, "404.html", self._way_out(), status=404)
            except (DatabaseError, OSError) as error:
                answered = unavailable(request, error, self.visit)
                if answered is None:
                    raise
                response = answered
            if hasattr(response, "render"):
                response.render()
        # Set here because LocaleMiddleware would set the browser's language.
        response.headers["Content-Language"] = language
        # A script's request carries the secret through redirects, a page load needs another pass.
        location = response.headers.get("Location", "")
        if storage_visit.was_asked_for(used) and f"/{self.visit.token}/" in location:
            response.headers["Location"] = storage_visit.with_pass(location, self.visit.launch)
        return may_be_framed_by_its_platform(response, self.visit.launch)


def _resume_or_close(request: HttpRequest, token: str, closed: StorageVisitClosed) -> HttpResponse:
    """Return a page that asks for a pass and comes again, or the words for a visit that is over.

    That page holds nothing but where the secret of this visit is kept. A form cannot come again:
    what was typed is shown, to be copied. A script keeps what was typed, and shows the error.
    """
    next_url = reverse("next-page", kwargs={"token": token})
    with translation.override(_language(closed.launch.locale)):
        if not is_framed(request) and "HX-Request" not in request.headers:
            return _closed_for_a_script()
        if closed.may_resume and is_framed(request) and request.method == "GET":
            context = {"slot": storage_visit.slot_of(closed.launch), "next_url": next_url}
            page = render(request, "lti_tool/resume.html", context, status=403)
            return may_be_framed_by_its_platform(page, closed.launch)
        # A form whose page was loaded again, or that got no pass in time.
        go_on = urljoin(next_url, "../") if closed.may_resume else ""
        shown = {"typed": typed_texts(request), "go_on": go_on}
        if closed.was_taken:
            page = render(request, "lti_tool/sent_already.html", shown, status=409)
            return may_be_framed_by_its_platform(page, closed.launch)
        response = render(request, "lti_tool/closed.html", shown, status=403)
        # A script that asks for a part of a page would leave the rest of it in sight. One that
        # posts, as the preview of a text does, would lose what is being typed there.
        if request.method == "GET":
            response.headers["HX-Refresh"] = "true"
        return may_be_framed_anywhere(response)


def _closed_for_a_script() -> JsonResponse:
    # A browser that keeps no cookie in the frame may keep nothing else there either.
    error = _(
        "This page has closed. Copy what you typed last, in case your browser keeps"
        " nothing, and open the worksheet again from your course."
    )
    return JsonResponse({"error": error, "ended": True, "saved": False}, status=403)


def _language(locale: str) -> str:
    """Return the supported language nearest to the LMS's; the browser's if it names none."""
    if not locale:
        return translation.get_language() or settings.LANGUAGE_CODE
    try:
        return translation.get_supported_language_variant(locale.replace("_", "-").lower())
    except LookupError:
        return settings.LANGUAGE_CODE
