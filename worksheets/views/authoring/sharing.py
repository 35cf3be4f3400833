"""The page on which an author shares a worksheet with the teachers of courses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from worksheets.authoring import sharing
from worksheets.authoring.sharing import Rights
from worksheets.reports.history import history_of_sharing
from worksheets.views.base import AuthorView


class ShareView(AuthorView):
    """The page with the author's courses, and what their teachers may do."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        worksheet = self.own_worksheet(number)
        context = {
            "worksheet": worksheet,
            "courses": sharing.courses_for(worksheet, self.visit.membership.context),
            "history": history_of_sharing(worksheet),
        }
        return self.page(request, "worksheets/authoring/share.html", context)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Share it as posted; a course that the page does not offer stays as it is."""
        worksheet = self.own_worksheet(number)
        for course in sharing.courses_for(worksheet, self.visit.membership.context):
            chosen = request.POST.get(f"rights-{course.context.pk}", "")
            if chosen in list(Rights):
                rights = Rights(chosen)
                sharing.share(worksheet, course.context, rights, by=self.visit.user)
        return self.go("library", "shared")
