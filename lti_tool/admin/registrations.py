"""The operator's pages: platforms to switch off and on, scores that did not arrive.

Platforms are added as by ``manage.py add_platform``: nothing can be made here that it
would refuse.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from lti_tool.admin.forms import DeploymentFormSet, InvitationForm, PlatformForm, RegistrationForm
from lti_tool.grades import outbox
from lti_tool.grades.queue_report import Queue, queues
from lti_tool.launches import log as launch_log
from lti_tool.models import (
    Delivery,
    Deployment,
    Invitation,
    Lane,
    NewDeployments,
    RefusedLaunch,
    Registration,
    StoredLaunch,
)
from lti_tool.platforms.invitations import invite
from lti_tool.platforms.registrations import register
from lti_tool.views.connection import connection_page


class ReadOnly(admin.ModelAdmin[Any]):
    """Looked at, not made or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Model | None = None,  # noqa: ARG002
    ) -> bool:
        return False


class Checkable(admin.ModelAdmin[Registration]):
    """A registration's page leads to 'Check this connection'."""

    change_form_template = "lti_tool/connection/registration.html"

    def get_urls(self) -> list[URLPattern]:
        """One more address, below the registration's."""
        check = path(
            "<int:number>/connection/",
            self.admin_site.admin_view(self.check_connection),
            name="lti_tool_registration_connection",
        )
        return [check, *super().get_urls()]

    def check_connection(self, request: HttpRequest, number: int) -> HttpResponse:
        """For whoever may look at registrations."""
        registration = get_object_or_404(Registration, pk=number)
        if not self.has_view_permission(request, registration):
            raise PermissionDenied
        title = _("Check this connection")
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return connection_page(request, registration, "lti_tool/connection/operator.html", context)


class DeploymentInline(admin.TabularInline[Deployment, Registration]):
    """The places of a platform that may launch; a new one is one line here."""

    model = Deployment
    formset = DeploymentFormSet
    extra = 0


@admin.register(Registration)
class RegistrationAdmin(Checkable, ReadOnly):
    """A platform is entered as with the command; later its addresses and ids stay."""

    form = RegistrationForm
    list_display = ["name", "issuer", "client_id", "is_active", "waiting"]
    search_fields = ["name", "issuer", "client_id"]
    _told = [
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
        """Deployments whose first launch was refused; approved further down its page."""
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
        """Adding asks for what the command asks for."""
        if obj is None:
            return PlatformForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_readonly_fields(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Registration | None = None,
    ) -> list[str]:
        """What the platform told, it tells anew by registering again."""
        return self._told if obj else []

    def get_inlines(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Registration | None,
    ) -> list[type[admin.options.InlineModelAdmin[Any, Any]]]:
        """The form for a new platform has its deployment."""
        return [DeploymentInline] if obj else []

    def save_model(self, request: HttpRequest, obj: Registration, form: Any, change: bool) -> None:
        """By the one way in."""
        if change:
            super().save_model(request, obj, form, change)
        else:
            obj.pk = register(form.details, vouched=True)[0].pk


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    """Made and taken back here; the link is shown once, after it is made."""

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
        """Make it, and show the link that nobody can look up again."""
        made, link = invite(
            obj.note,
            days=form.cleaned_data["days"],
            new_deployments=NewDeployments(obj.new_deployments),
        )
        obj.pk = made.pk
        told = _("Copy this registration link now; it is not shown again: %(link)s")
        self.message_user(request, told % {"link": link}, messages.WARNING)


class LogAdmin(ReadOnly):
    """Looked at only: not even opened, for the list says everything."""

    list_display_links = None

    def has_change_permission(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Model | None = None,  # noqa: ARG002
    ) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The list alone."""
        return obj is None and super().has_view_permission(request)


@admin.register(RefusedLaunch)
class RefusedLaunchAdmin(LogAdmin):
    """What is behind the reference that somebody reads out."""

    list_display = ["reference", "created_at", "registration", "reason", "detail"]
    list_filter = ["registration", "reason"]
    list_select_related = ["registration"]
    search_fields = ["reference"]
    search_help_text = _("The reference on the error page")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[RefusedLaunch], search_term: str
    ) -> tuple[QuerySet[RefusedLaunch], bool]:
        """However the reference was written down."""
        term = launch_log.normal_reference(search_term) if search_term.strip() else ""
        return super().get_search_results(request, queryset, term)


@admin.register(StoredLaunch)
class StoredLaunchAdmin(LogAdmin):
    """Accepted launches: ids and kinds of role, and nothing else of a person."""

    list_display = ["created_at", "registration", "message", "deployment", "course", "role", "way"]
    list_filter = ["registration", "message", "way"]
    list_select_related = ["registration", "membership__context__deployment"]
    ordering = ["-created_at"]
    show_full_result_count = False

    @admin.display(description=_("deployment"))
    def deployment(self, row: StoredLaunch) -> str:
        return launch_log.logged(row).deployment

    @admin.display(description=_("course"))
    def course(self, row: StoredLaunch) -> str:
        """The LMS's id of it."""
        return launch_log.logged(row).course

    @admin.display(description=_("role"))
    def role(self, row: StoredLaunch) -> str:
        return launch_log.logged(row).role


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    """Where scores are, and why some are not where they should be."""

    list_display = ["id", "platform", "state", "problem", "detail", "tries", "next_try_at"]
    list_filter = ["state", "problem", "line_item__link__deployment__registration"]
    list_select_related = ["line_item__link__deployment__registration"]
    actions = ["send_again"]

    @admin.display(description=_("platform"))
    def platform(self, row: Delivery) -> str:
        """The platform's name; nobody's."""
        return str(row.line_item.link.deployment.registration)

    def has_change_permission(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Model | None = None,
    ) -> bool:
        """Rows are not edited: only the list has something to do."""
        return obj is None

    @admin.action(description=_("Send again"))
    def send_again(self, request: HttpRequest, rows: QuerySet[Delivery]) -> None:
        """Try the chosen scores at once."""
        count = outbox.due_now(rows)
        self.message_user(request, _("Sent again: %(count)s") % {"count": count})


@admin.register(Lane)
class LaneAdmin(ReadOnly):
    """How the scores of each platform are getting on, and which platform is let alone."""

    list_display = ["registration", "queue", "oldest_due", "failing", "delivered", "closed_until"]
    list_select_related = ["registration"]
    actions = ["open_now"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lane]:
        """As always; what is counted is counted once for the whole list."""
        self._queues: dict[int, Queue] = {queue.registration: queue for queue in queues()}
        return super().get_queryset(request)

    @admin.display(description=_("due / on their way / refused / changed"))
    def queue(self, row: Lane) -> str:
        """The numbers of scores."""
        one = self._queues[row.pk]
        return f"{one.due} / {one.on_their_way} / {one.refused} / {one.changed}"

    @admin.display(description=_("oldest waits, seconds"))
    def oldest_due(self, row: Lane) -> int:
        """The age of the queue."""
        return self._queues[row.pk].oldest_due_seconds

    @admin.display(description=_("failures"))
    def failing(self, row: Lane) -> str:
        """By problem."""
        failures = sorted(self._queues[row.pk].failures.items())
        return ", ".join(f"{problem}: {count}" for problem, count in failures)

    @admin.display(description=_("delivered in the last hour / day"))
    def delivered(self, row: Lane) -> str:
        """What goes well."""
        one = self._queues[row.pk]
        return f"{one.delivered_last_hour} / {one.delivered_last_day}"

    def has_change_permission(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Model | None = None,
    ) -> bool:
        """Rows are not edited: only the list has something to do."""
        return obj is None

    @admin.action(description=_("Open now"))
    def open_now(self, request: HttpRequest, rows: QuerySet[Lane]) -> None:
        """Try the platform at once, although it failed or asked us to wait."""
        count = rows.update(closed_until=None)
        self.message_user(request, _("Opened: %(count)s") % {"count": count})
