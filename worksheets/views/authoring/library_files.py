"""Pages on which worksheets are saved as one file, and chosen from one that was read."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import content_disposition_header

from lti_tool.protocol.values import whole_number
from worksheets.authoring import QuotaReached, library_files
from worksheets.authoring.library import counted, readable
from worksheets.authoring.library_files import TooMuch
from worksheets.formats.library_file import MAX_WORKSHEETS, Reason, folder_names
from worksheets.models import IncomingFile
from worksheets.views.base import MAX_DIGITS, BuilderView

PAGE = 200  # worksheets to choose from: as many as one file takes


class SaveAsFileView(BuilderView):
    """The page on which worksheets are chosen for a file, and the file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return a file with the chosen worksheets."""
        chosen = readable(self.visit.user, self.visit.membership.context)
        rows = chosen.filter(pk__in=_numbers(request.POST)).defer("searched")
        first = rows.first()
        if first is None:
            return self._page(request, "nothing")
        try:
            content = library_files.save_as_file(rows)
        except TooMuch:
            return self._page(request, "too-much")
        name = folder_names([first.title])[0] if rows.count() == 1 else "worksheets"
        response = HttpResponse(content, content_type="application/zip")
        disposition = content_disposition_header(as_attachment=True, filename=f"{name}.zip")
        response["Content-Disposition"] = disposition or "attachment"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _page(self, request: HttpRequest, problem: str = "") -> HttpResponse:
        user, course = self.visit.user, self.visit.membership.context
        rows = readable(user, course).select_related("author").defer("searched", "source")
        context = {
            "worksheets": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "chosen": _numbers(request.POST),
            "problem": problem,
            "most": MAX_WORKSHEETS,
        }
        status = 422 if problem else 200
        return self.page(request, "worksheets/authoring/save_as_file.html", context, status)


class IncomingView(BuilderView):
    """The page that shows what is in a file that was read, and takes in what is chosen."""

    def get(self, request: HttpRequest) -> HttpResponse:
        file = library_files.incoming_of(self.visit.user)
        return self._page(request, file) if file else self.go("library")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take in what is chosen, or forget the file."""
        user = self.visit.user
        if "cancel" in request.POST:
            library_files.forget_incoming(user)
            return self.go("library", "nothing-taken-in")
        try:
            made = library_files.take_in(user, _numbers(request.POST))
        except QuotaReached as error:
            file = library_files.incoming_of(user)
            return self._page(request, file, str(error)) if file else self.go("library")
        return self.go("library", "taken-in", made)

    def _page(self, request: HttpRequest, file: IncomingFile, error: str = "") -> HttpResponse:
        found = library_files.list_incoming(file)
        context = {
            "file": file,
            "found": [(one, counted(one.gaps, one.questions)) for one in found],
            "new_count": sum(one.is_new for one in found),
            "left_out": [(name, Reason(reason)) for name, reason in file.left_out],
            "error": error,
        }
        status = 422 if error else 200
        return self.page(request, "worksheets/authoring/incoming.html", context, status)


def _numbers(fields: QueryDict) -> set[int]:
    """Return the numbers of the worksheets that are ticked."""
    read = (whole_number(text, MAX_DIGITS) for text in fields.getlist("worksheet"))
    return {number for number in read if number is not None}
