"""A worksheet's pictures, for whoever may see the worksheet."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from worksheets.models import Picture, Worksheet
from worksheets.permissions import may_edit
from worksheets.views.base import WorksheetView


class PictureView(WorksheetView):
    """The picture itself."""

    def get(self, request: HttpRequest, worksheet: int, name: str) -> HttpResponse:  # noqa: ARG002
        """Its bytes. Raises Http404 where it is not of a worksheet shown here."""
        found = Worksheet.objects.filter(pk=worksheet).first()
        if found is None or not self._may_see(found):
            raise Http404
        picture = Picture.objects.filter(worksheet=found, name=name).first()
        if picture is None:
            raise Http404
        response = HttpResponse(bytes(picture.content), content_type=picture.media_type)
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _may_see(self, worksheet: Worksheet) -> bool:
        assignment = self.find_assignment()
        placed = assignment is not None and assignment.edition.worksheet_id == worksheet.pk
        return placed or may_edit(self.visit, worksheet)
