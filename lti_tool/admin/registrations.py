"""Admin pages for platforms and for invitations to register one.

Platforms are added by the function that ``manage.py add_platform`` uses: nothing can be made
here that the command would refuse.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from lti_tool import audit
from lti_tool.admin.base import ReadOnlyAdmin
from lti_tool.admin.forms import DeploymentFormSet, InvitationForm, PlatformForm, RegistrationForm
from lti_tool.audit import AuditKind
from lti_tool.models import (
    Deployment,
    Invitation,
    NewDeployments,
    Registration,
)
from lti_tool.platforms.invitations import invite, withdraw
from lti_tool.platforms.products import UNKNOWN, product_of
from lti_tool.platforms.registrations import register
from lti_tool.views.connection import connection_page
from lti_tool.views.requests import HtmxRequest


class CheckableAdmin(admin.ModelAdmin[Registration]):
    """A registration's page with a link to 'Check this connection'."""

    change_form_template = "lti_tool/connection/registration.html"

    def get_urls(self) -> list[URLPattern]:
        """Return the page's addresses, with one more for the connection check."""
        check = path(
            "<int:number>/connection/",
            self.admin_site.admin_view(self.check_connection),
            name="lti_tool_registration_connection",
        )
        return [check, *super().get_urls()]

    def check_connection(self, request: HtmxRequest, number: int) -> HttpResponse:
        """Show the connection check to people who may see the registration; 403 for others."""
        registration = get_object_or_404(Registration, pk=number)
        if not self.has_view_permission(request, registration):
            raise PermissionDenied
        title = _("Check this connection")
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return connection_page(request, registration, "lti_tool/connection/operator.html", context)


class DeploymentInline(admin.TabularInline[Deployment, Registration]):
    """The deployments on a registration's page, one line for each."""

    model = Deployment
    formset = DeploymentFormSet
    extra = 0


@admin.register(Registration)
class RegistrationAdmin(CheckableAdmin, ReadOnlyAdmin):
    """The pages of the registered platforms.

    A platform is added with everything that the command asks for. Later its addresses and ids
    cannot be changed here.
    """

    form = RegistrationForm
    list_display = ["name", "issuer", "client_id", "is_active", "waiting"]
    search_fields = ["name", "issuer", "client_id"]
    _readonly = [
        "product",
        "issuer",
        "client_id",
        "auth_login_url",
        "auth_token_url",
        "jwks_url",
        "scopes",
        "created_at",
    ]
    inlines = [DeploymentInline]

    @admin.display(description=_("waiting for approval"))
    def waiting(self, row: Registration) -> int:
        """Return the number of deployments that wait for an approval on the registration's page."""
        return row.deployments.filter(is_approved=False).count()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("lti_tool.add_registration")

    def get_form(
        self,
        request: HttpRequest,
        obj: Registration | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Return ``PlatformForm`` for a new platform, else the form for a registered one."""
        if obj is None:
            return PlatformForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Registration | None = None) -> Any:
        """Return the fields, without the roles of the institution for an LMS that is not known.

        Only of Moodle, Canvas and Open edX it is known to whom they give such roles.
        """
        fields = super().get_fields(request, obj)
        if obj is None or product_of(obj.product, obj.auth_login_url) is not UNKNOWN:
            return fields
        return [name for name in fields if name != "takes_institution_roles"]

    def get_readonly_fields(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Registration | None = None,
    ) -> list[str]:
        """Return the fields that only registering again changes; none for a new platform."""
        return self._readonly if obj else []

    def get_inlines(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Registration | None,
    ) -> list[type[admin.options.InlineModelAdmin[Any, Any]]]:
        """Return the deployments, except for a new platform, whose form has a field for its own."""
        return [DeploymentInline] if obj else []

    def save_model(self, request: HttpRequest, obj: Registration, form: Any, change: bool) -> None:
        """Save a new platform by ``register``, a registered one as Django does."""
        by = audit.operator(request.user)
        if not change:
            obj.pk = register(form.details, is_authorised=True, by=by)[0].pk
            return
        super().save_model(request, obj, form, change)
        if form.changed_data:
            audit.record(
                AuditKind.PLATFORM,
                by,
                registration=obj,
                before={name: form.initial.get(name) for name in form.changed_data},
                after={name: form.cleaned_data[name] for name in form.changed_data},
            )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the deployments, and record them as they were and are where that differs."""
        registration = form.instance
        before = _deployments(registration)
        super().save_formset(request, form, formset, change)
        after = _deployments(registration)
        if before != after:
            audit.record(
                AuditKind.PLATFORM,
                audit.operator(request.user),
                registration=registration,
                before={"deployments": [text for text in before if text not in after]},
                after={"deployments": [text for text in after if text not in before]},
            )


def _deployments(registration: Registration) -> list[str]:
    rows = Deployment.objects.filter(registration=registration).order_by("pk")
    return [row.state_text for row in rows]


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    """The invitations, which can be made and deleted but not changed."""

    form = InvitationForm
    list_display = ["__str__", "created_at", "expires_at", "used_at", "registration"]
    list_select_related = ["registration"]

    def has_change_permission(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Invitation | None = None,  # noqa: ARG002
    ) -> bool:
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: Invitation,
        form: Any,
        change: bool,  # noqa: ARG002
    ) -> None:
        """Make the invitation and show its link, which is not stored and not shown again."""
        made, link = invite(
            obj.note,
            days=form.cleaned_data["days"],
            new_deployments=NewDeployments(obj.new_deployments),
            by=audit.operator(request.user),
        )
        obj.pk = made.pk
        text = _("Copy this registration link now. It will not be shown again: %(link)s")
        self.message_user(request, text % {"link": link}, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Invitation) -> None:
        withdraw(obj, by=audit.operator(request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        for row in queryset:
            self.delete_model(request, row)
