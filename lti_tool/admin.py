"""The operator's pages: platforms to switch off and on, scores that did not arrive.

Platforms are added by ``manage.py add_platform``, which checks their addresses; here
nothing can be made that it would refuse.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lti_tool import outbox
from lti_tool.models import Delivery, Deployment, Registration


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


class DeploymentInline(admin.TabularInline[Deployment, Registration]):
    """The places of a platform that may launch; a new one is one line here."""

    model = Deployment
    extra = 0


@admin.register(Registration)
class RegistrationAdmin(ReadOnly):
    """Name, audience and the switch can be changed; addresses and ids cannot."""

    list_display = ["name", "issuer", "client_id", "is_active"]
    search_fields = ["name", "issuer", "client_id"]
    readonly_fields = [
        "issuer",
        "client_id",
        "auth_login_url",
        "auth_token_url",
        "jwks_url",
        "created_at",
    ]
    inlines = [DeploymentInline]


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
