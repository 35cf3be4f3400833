"""The operator's site: Django's admin, with a door that can be watched and does not give way."""

from __future__ import annotations

import logging
import threading
from http import HTTPStatus
from typing import Any

from axes.helpers import get_cool_off
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model, user_logged_in
from django.dispatch import Signal, receiver
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_otp.admin import OTPAdminAuthenticationForm, OTPAdminSite

from lti_tool.server.client_address import client_address

security_log = logging.getLogger("lti_tool.security")

# Sent with ``account``, the primary key of the account or None if there is none of the name, and
# ``reason``.
sign_in_failed = Signal()

# Checking a password takes a third of a second on purpose. Threads that serve pupils do no more
# than one of these at a time in a process; others are told to come back.
_CHECKS = threading.BoundedSemaphore(1)
_MAX_BYTES = 10_000  # of a form with a name, a password and a code


class _Logged(AdminAuthenticationForm):
    """A form to sign in that logs each failure; never a password, nor a name that is no account."""

    def clean(self) -> dict[str, Any]:
        """Return the data of somebody who may sign in. Raise ValidationError for others."""
        try:
            return super().clean()
        except forms.ValidationError as error:
            request: Any = self.request
            is_locked = getattr(request, "axes_locked_out", False)
            account = _account(self.cleaned_data.get("username", ""))
            reason = "locked" if is_locked else getattr(error, "code", None) or "second-factor"
            security_log.warning(
                "sign-in failed: account=%s address=%s reason=%s",
                "-" if account is None else account,
                client_address(request),
                reason,
            )
            sign_in_failed.send(type(self), account=account, reason=reason)
            raise


class SignInForm(_Logged):
    """The form that asks for name and password."""


class SecondFactorForm(_Logged, OTPAdminAuthenticationForm):  # type: ignore[misc]
    """The form that asks for a code, too."""


class OperatorSite(admin.AdminSite):
    """The admin site, which with ``ADMIN_SECOND_FACTOR`` asks for a code as well."""

    @property
    def login_form(self) -> type[AdminAuthenticationForm]:  # type: ignore[override]
        return SecondFactorForm if settings.ADMIN_SECOND_FACTOR else SignInForm

    @property
    def login_template(self) -> str | None:  # type: ignore[override]
        return OTPAdminSite.login_template if settings.ADMIN_SECOND_FACTOR else None

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the request is that of an operator, with a code where one is asked for."""
        if not super().has_permission(request):
            return False
        return not settings.ADMIN_SECOND_FACTOR or bool(request.user.is_verified())  # type: ignore[union-attr]

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the form, or sign somebody in unless others are just being checked."""
        if request.method != "POST":
            return super().login(request, extra_context)
        if int(request.META.get("CONTENT_LENGTH") or 0) > _MAX_BYTES:
            return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not _CHECKS.acquire(blocking=False):
            return _come_back(_("Somebody else is just signing in. Try again in a moment."), 2)
        try:
            return super().login(request, extra_context)
        finally:
            _CHECKS.release()


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,  # noqa: ARG001
    credentials: dict[str, Any] | None = None,  # noqa: ARG001
) -> HttpResponse:
    """Return the page for an account or an address that has failed too often.

    AXES_LOCKOUT_CALLABLE in the settings names it.
    """
    pause = get_cool_off(request)
    seconds = int(pause.total_seconds()) if pause else 0
    sentence = _("Too many attempts failed. Try again in %(minutes)s minutes.")
    return _come_back(sentence % {"minutes": seconds // 60}, seconds)


def _come_back(sentence: str, seconds: int) -> HttpResponse:
    return HttpResponse(
        sentence,
        content_type="text/plain; charset=utf-8",
        status=HTTPStatus.TOO_MANY_REQUESTS,
        headers={"Retry-After": seconds},
    )


@receiver(user_logged_in)
def _log_sign_in(request: HttpRequest, user: Any, **_signal: Any) -> None:
    security_log.info("signed in: account=%s address=%s", user.pk, client_address(request))


def _account(name: Any) -> int | None:
    """Return the number of an account, None if there is none: people type what they should not."""
    users = get_user_model()._default_manager
    found: int | None = users.filter(username=str(name)[:150]).values_list("pk", flat=True).first()
    return found
