"""The page that offers what classes' teachers have accepted, for the worksheet's own text."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from lti_tool.protocol.values import whole_number
from worksheets.authoring import ChangedElsewhere
from worksheets.authoring.class_corrections import offered, take_over
from worksheets.views.base import MAX_DIGITS, AuthorView


class ClassCorrectionsView(AuthorView):
    """Decisions about answers that stand in classes and not in the text, each with a button."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        worksheet = self.worksheet(number)
        context = {"worksheet": worksheet, "offers": offered(worksheet)}
        return self.page(request, "worksheets/authoring/class_corrections.html", context)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Write one of them into the text; it is published as every other change is."""
        worksheet = self.worksheet(number)
        pk = whole_number(request.POST.get("correction", ""), MAX_DIGITS)
        try:
            taken = take_over(worksheet, pk, self.visit.user) if pk is not None else None
        except ChangedElsewhere:
            taken = None
        notice = "correction-taken" if taken else "correction-not-taken"
        return self.go("class-corrections", notice, number=worksheet.pk)
