"""Admin pages for the accepted and refused launches of the last days, and the audit trail."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lti_tool.admin.base import ReadOnlyAdmin
from lti_tool.launches import log as launch_log
from lti_tool.models import (
    AuditEntry,
    RefusedLaunch,
    StoredLaunch,
)


class LogAdmin(ReadOnlyAdmin):
    """A list that can only be looked at; its rows have no page of their own."""

    list_display_links = None

    def has_change_permission(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Model | None = None,  # noqa: ARG002
    ) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return whether this is the list and the user may see it."""
        return obj is None and super().has_view_permission(request)


@admin.register(RefusedLaunch)
class RefusedLaunchAdmin(LogAdmin):
    """The refused launches, which can be searched by the reference on the error page."""

    list_display = ["reference", "created_at", "registration", "reason", "detail"]
    list_filter = ["registration", "reason"]
    list_select_related = ["registration"]
    search_fields = ["reference"]
    search_help_text = _("The reference on the error page")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[RefusedLaunch], search_term: str
    ) -> tuple[QuerySet[RefusedLaunch], bool]:
        """Search for the reference in its usual spelling, however it was typed."""
        term = launch_log.normal_reference(search_term) if search_term.strip() else ""
        return super().get_search_results(request, queryset, term)


@admin.register(StoredLaunch)
class StoredLaunchAdmin(LogAdmin):
    """The accepted launches: ids and kinds of role, and nothing else of a person."""

    list_display = [
        "created_at",
        "registration",
        "message",
        "deployment",
        "course",
        "role",
        "way",
        "notes",
    ]
    list_filter = ["registration", "message", "way", ("notes", admin.EmptyFieldListFilter)]
    list_select_related = ["registration", "membership__context__deployment"]
    ordering = ["-created_at"]
    show_full_result_count = False

    @admin.display(description=_("deployment"))
    def deployment(self, row: StoredLaunch) -> str:
        return launch_log.log_entry(row).deployment

    @admin.display(description=_("course"))
    def course(self, row: StoredLaunch) -> str:
        """Return the LMS's id of the course."""
        return launch_log.log_entry(row).course

    @admin.display(description=_("role"))
    def role(self, row: StoredLaunch) -> str:
        return launch_log.log_entry(row).role


class ByWhomFilter(admin.ChoicesFieldListFilter):
    """The filter for whether people, operators or the tool did something."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("who did it")


@admin.register(AuditEntry)
class AuditEntryAdmin(LogAdmin):
    """The audit trail: what was done, where, from what to what; people by their ids alone."""

    list_display = ["at", "kind", "who", "registration", "place", "about", "change"]
    list_filter = ["kind", ("by", ByWhomFilter), "registration", ("at", admin.DateFieldListFilter)]
    list_select_related = ["registration"]
    show_full_result_count = False

    @admin.display(description=pgettext_lazy("audit", "by"))
    def who(self, row: AuditEntry) -> str:
        """Return an operator's name, or the id of a person of an LMS."""
        if row.by == AuditEntry.By.OPERATOR:
            return row.operator or "-"
        if row.by == AuditEntry.By.PERSON:
            return f"{row.get_by_display()} {row.actor_id or '-'}"
        return str(row.get_by_display())

    @admin.display(description=pgettext_lazy("audit", "change"))
    def change(self, row: AuditEntry) -> str:
        """Return a line for each value, from what it was to what it is."""
        names = dict.fromkeys([*row.before, *row.after])
        values = [(name, row.before.get(name, "–"), row.after.get(name, "–")) for name in names]
        return format_html_join(mark_safe("<br>"), "{}: {} → {}", values)

    @admin.display(description=pgettext_lazy("audit", "about"))
    def about(self, row: AuditEntry) -> str:
        """Return the ids of the activity, of the person, and of what it is about."""
        names = {"link": row.link_id, "person": row.person_id}
        found = [f"{name}-{key}" for name, key in names.items() if key is not None]
        return " ".join([*found, *([row.subject] if row.subject else [])])
