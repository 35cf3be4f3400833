"""Place an edition at the link that was opened, or change its rules there."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from worksheets import placing
from worksheets.authoring import InUse
from worksheets.forms import PlaceForm
from worksheets.models import Assignment, Edition
from worksheets.permissions import may_edit
from worksheets.schedule import Schedule, told_by
from worksheets.views.authoring.author import AuthorView


class PlaceView(AuthorView):
    """Place an edition at this link, or change its rules here."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """The rules, with defaults filled in."""
        edition = self._edition(number)
        form = PlaceForm(instance=self.find_assignment() or Assignment(), told=self._told())
        return self._page(request, edition, form)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Place it."""
        edition = self._edition(number)
        form = PlaceForm(
            request.POST,
            instance=Assignment(link=self.visit.link, edition=edition),
            told=self._told(),
        )
        if not form.is_valid():
            return self._page(request, edition, form, 422)
        try:
            placing.place(self.visit.link, edition, form.rules())
        except InUse:
            return self.go("place", "in-use", number=edition.pk)
        return self.go("class", "placed")

    def _edition(self, number: int) -> Edition:
        """An edition of one's own, or the one that is placed here already."""
        rows = Edition.objects.select_related("worksheet")
        found = rows.filter(pk=number).first()
        if found is None:
            raise Http404
        if self.visit.deep_linking is not None:  # there is no link yet to place it at
            raise Http404
        placed = self.find_assignment()
        same = placed is not None and placed.edition.worksheet_id == found.worksheet_id
        if not same and not may_edit(self.visit, found.worksheet):
            raise Http404
        return found

    def _told(self) -> Schedule:
        """The LMS's own dates, which are shown here and not edited."""
        return told_by(self.visit.launch)

    def _page(
        self, request: HttpRequest, edition: Edition, form: PlaceForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "edition": edition,
            "form": form,
            "assignment": self.find_assignment(),
            "sheet": edition.sheet,
        }
        return self.page(request, "worksheets/authoring/place.html", context, status)
