"""The operator's pages for people and courses: to find, export and erase what is kept.

They stand here and not beside the other pages of the operator, because only this package
knows what work goes with a person or a course.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from lti_tool import audit
from lti_tool.admin.base import ReadOnlyAdmin
from lti_tool.audit import Actor
from lti_tool.models import Context, User
from worksheets.privacy import erasure, exports

MAX_ROWS_AT_ONCE = 50  # rows that one press exports or erases


class Export(Protocol):
    """A function that returns everything that is kept of a row, as JSON, and records that."""

    def __call__(self, row: Any, /, *, by: Actor) -> str: ...


class Erasure(Protocol):
    """A function that erases a row, and raises StillInUse for worksheets that courses use."""

    def __call__(self, row: Any, /, *, by: Actor) -> None: ...


class KeptData(ReadOnlyAdmin):
    """The admin of rows that can be read, exported and erased with all that belongs to them.

    The admin's own 'delete' is not used: it writes names into its log, which is kept.
    """

    export_row: Export
    count_losses: Callable[[Any], Mapping[str, int]]  # how many rows of each kind would be erased
    erase_row: Erasure

    actions = ["export", "erase"]
    list_per_page = MAX_ROWS_AT_ONCE

    def has_change_permission(
        self,
        request: HttpRequest,  # noqa: ARG002
        obj: Model | None = None,  # noqa: ARG002
    ) -> bool:
        """Return False: what the LMS tells is not edited here."""
        return False

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Return whether the operator may see what pupils wrote."""
        return request.user.has_perm("worksheets.view_answer")

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """Return whether the operator may delete such rows."""
        return request.user.has_perm(f"lti_tool.delete_{self.opts.model_name}")

    @admin.action(description=_("Export as JSON"), permissions=["export"])
    def export(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        """Return a JSON file with everything that is kept of each row, or None after a message."""
        chosen = self._chosen(request, rows)
        if not chosen:
            return None
        parts = ",".join(self.export_row(row, by=audit.operator(request.user)) for row in chosen)
        name = f"{self.opts.model_name}-{chosen[0].pk}.json"
        return HttpResponse(
            f"[\n{parts}]\n",
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @admin.action(description=_("Erase …"), permissions=["erase"])
    def erase(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        """Return a page that asks, with what would be lost; erase once that is confirmed."""
        chosen = self._chosen(request, rows)
        if not chosen:
            return None
        if "confirmed" in request.POST:
            self._erase(request, chosen)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase for good?"),
            "opts": self.opts,
            "losses": [(row, self.count_losses(row)) for row in chosen],
        }
        return TemplateResponse(request, "admin/worksheets/erase.html", context)

    def _chosen(self, request: HttpRequest, rows: QuerySet[Any]) -> list[Any]:
        """Return the chosen rows; none, with a message, if they are over MAX_ROWS_AT_ONCE."""
        chosen = list(rows.order_by("pk")[: MAX_ROWS_AT_ONCE + 1])
        if len(chosen) > MAX_ROWS_AT_ONCE:
            message = _("Nothing was done. Choose at most %(most)s.")
            self.message_user(request, message % {"most": MAX_ROWS_AT_ONCE}, messages.ERROR)
            return []
        return chosen

    def _erase(self, request: HttpRequest, chosen: Iterable[Any]) -> None:
        erased = 0
        for row in chosen:
            try:
                self.erase_row(row, by=audit.operator(request.user))
            except erasure.StillInUse as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)
            else:
                erased += 1
        message = _("Erased: %(count)s. Marks in the LMS's gradebook stay there.")
        self.message_user(request, message % {"count": erased})


@admin.register(User)
class PersonAdmin(KeptData):
    """The admin of people of all platforms, found by the LMS's id or by name."""

    list_display = ["sub", "display_name", "registration"]
    list_filter = ["registration"]
    list_select_related = ["registration"]
    search_fields = ["sub", "name", "given_name", "family_name"]

    export_row = staticmethod(exports.export_person)
    count_losses = staticmethod(erasure.count_rows_of_person)
    # Only manage.py erase_person hands their worksheets to another teacher.
    erase_row = staticmethod(erasure.erase_person)


@admin.register(Context)
class CourseAdmin(KeptData):
    """The admin of courses of all platforms, found by the LMS's id or by title."""

    list_display = ["lti_id", "title", "label", "deployment"]
    list_filter = ["deployment__registration"]
    list_select_related = ["deployment__registration"]
    search_fields = ["lti_id", "title", "label"]

    export_row = staticmethod(exports.export_course)
    count_losses = staticmethod(erasure.count_rows_of_course)
    erase_row = staticmethod(erasure.erase_course)
