"""A second worksheet made of what a class, or some pupils, have missed in the first one."""

from __future__ import annotations

from collections.abc import Collection

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lti_tool.models import User
from lti_tool.protocol.values import whole_number
from worksheets.authoring import QuotaReached, TooLong
from worksheets.authoring.excerpts import create_excerpt
from worksheets.markup.editing import CannotEdit
from worksheets.models import Assignment
from worksheets.permissions import may_read
from worksheets.reports.missed import outcomes
from worksheets.views.base import MAX_DIGITS, WholeClassView

MAX_TITLE = 150  # characters of the first sheet's title
MAX_PUPILS = 1000


class SecondSheetView(WholeClassView):
    """The page that shows what was missed, and makes a draft of what is ticked."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, self._assignment())

    def post(self, request: HttpRequest) -> HttpResponse:
        assignment = self._assignment()
        sheet = assignment.edition.sheet
        known = {item.key for item in sheet.items}
        chosen = known & set(request.POST.getlist("item"))
        if not chosen:
            error = _("Tick at least one gap or question.")
            return self._page(request, assignment, error, chosen)
        title = _title(assignment.edition.title[:MAX_TITLE])
        try:
            made = create_excerpt(assignment.edition, chosen, title, self.visit.user)
        except CannotEdit:
            error = _(
                "This part cannot be taken out of the text. Choose others, or copy the whole"
                " worksheet in “My worksheets” and delete there what is not needed."
            )
            return self._page(request, assignment, error, chosen)
        except TooLong:
            error = _("This part is too long for a worksheet. Choose less.")
            return self._page(request, assignment, error, chosen)
        except QuotaReached as reached:
            return self._page(request, assignment, str(reached), chosen)
        return self.go("edit", "second-sheet", number=made.pk)

    def _assignment(self) -> Assignment:
        """Return the assignment. Raise Http404 if one may not copy from its worksheet."""
        assignment = self.assignment_or_404()
        if not may_read(self.visit, assignment.edition.worksheet):
            raise Http404
        return assignment

    def _page(
        self,
        request: HttpRequest,
        assignment: Assignment,
        error: str = "",
        chosen: Collection[str] | None = None,
    ) -> HttpResponse:
        pupils = _pupils(request, assignment)
        found = outcomes(assignment, [user.pk for user in pupils])
        missed = {one.key for one in found if one.is_missed}
        context = {
            "edition": assignment.edition,
            "outcomes": found,
            "chosen": missed if chosen is None else chosen,
            "nothing_known": not any(one.out_of for one in found),
            "pupils": pupils,
            "error": error,
        }
        status = 422 if error else 200
        return self.page(request, "worksheets/teacher/second_sheet.html", context, status)


def _title(first: str) -> str:
    """Return the title of the second sheet, made of the first one's."""
    if first.endswith((".", "?", "!")):
        return _("%(title)s Once more") % {"title": first}
    return _("%(title)s: once more") % {"title": first}


def _pupils(request: HttpRequest, assignment: Assignment) -> list[User]:
    """Return those of the pupils that an address or form names who have worked on this."""
    posted = request.POST if request.method == "POST" else request.GET
    read = (whole_number(one, MAX_DIGITS) for one in posted.getlist("pupil")[:MAX_PUPILS])
    numbers = [number for number in read if number is not None]
    rows = User.objects.filter(pk__in=numbers, attempts__assignment=assignment)
    return sorted(rows.distinct(), key=lambda user: user.sort_name)
