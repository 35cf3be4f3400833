"""The page that places an edition at the link that was opened, or changes its rules there."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from worksheets.authoring import InUse, assigning
from worksheets.gradebook import changes
from worksheets.gradebook.changes import Outdated, Plan
from worksheets.models import Assignment, Edition
from worksheets.permissions import may_edit, may_see_class
from worksheets.views.authoring.forms import AssignForm
from worksheets.views.base import AuthorView


class AssignView(AuthorView):
    """The page that places an edition at this link, or changes its rules here.

    Where that changes pupils' marks, the teacher sees first for whom, and agrees.
    """

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show the rules, with defaults filled in."""
        edition = self._edition(number)
        instance = self.find_assignment() or Assignment()
        form = AssignForm(edition, instance=instance, launch=self.visit.launch)
        return self._page(request, edition, form)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Place the edition; show what that would change; or apply that."""
        edition, placed = self._edition(number), self.find_assignment()
        instance = self.find_assignment() or Assignment(link=self.visit.link)
        form = AssignForm(edition, request.POST, instance=instance, launch=self.visit.launch)
        if "back" in request.POST or not form.is_valid():
            return self._page(request, edition, form, 200 if "back" in request.POST else 422)
        try:
            if placed is None:
                assigning.assign(self.visit.link, edition, form.rules())
                return self.go("class", "placed")
            return self._change(request, placed, edition, form)
        except InUse:
            return self.go("assign", "in-use", number=edition.pk)

    def _change(
        self, request: HttpRequest, placed: Assignment, edition: Edition, form: AssignForm
    ) -> HttpResponse:
        rules, again = form.rules(), form.marks_again
        seen = request.POST.get("seen", "")
        try:
            sent = changes.apply(placed, edition, rules, mark_again=again, seen=seen)
        except Outdated:
            plan = changes.plan(placed, edition, rules, mark_again=again)
            return self._look(request, edition, form, plan, is_second=bool(seen))
        if seen:
            return self.go("class", "applied", n=sent)
        return self.go("class", "settings-saved" if placed.edition == edition else "placed")

    def _edition(self, number: int) -> Edition:
        """Return an edition of one's own, or the one that is placed here already.

        Raise Http404 for another one, PermissionDenied in a review of one submission.
        """
        rows = Edition.objects.select_related("worksheet")
        found = rows.filter(pk=number).first()
        if found is None:
            raise Http404
        if self.visit.deep_linking is not None:  # there is no link yet to place it at
            raise Http404
        if not may_see_class(self.visit):  # the rules are those of the whole class
            raise PermissionDenied
        placed = self.find_assignment()
        same = placed is not None and placed.edition.worksheet_id == found.worksheet_id
        if not same and not may_edit(self.visit, found.worksheet):
            raise Http404
        return found

    def _page(
        self, request: HttpRequest, edition: Edition, form: AssignForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "edition": edition,
            "form": form,
            "assignment": self.find_assignment(),
            "sheet": edition.sheet,
        }
        return self.page(request, "worksheets/authoring/assign.html", context, status)

    def _look(
        self,
        request: HttpRequest,
        edition: Edition,
        form: AssignForm,
        plan: Plan,
        *,
        is_second: bool,
    ) -> HttpResponse:
        posted = {name: request.POST[name] for name in form.fields if name in request.POST}
        context = {"edition": edition, "plan": plan, "posted": posted, "is_second": is_second}
        return self.page(request, "worksheets/authoring/changes.html", context)
