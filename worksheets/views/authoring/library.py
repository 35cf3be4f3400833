"""Pages on which a teacher begins, finds and deletes worksheets."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from worksheets import authoring
from worksheets.authoring import Cautions, InUse, TooLong
from worksheets.authoring.from_paper import markup_of_paper, read_upload
from worksheets.authoring.library import worksheets_of
from worksheets.formats.paper import UnreadablePaper
from worksheets.permissions import may_place
from worksheets.views.authoring.deep_linking import SelectionPage
from worksheets.views.authoring.forms import PasteForm, too_long_as_worksheet
from worksheets.views.base import AuthorView, BuilderView
from worksheets.views.drafts import DraftPage, draft_of_new_worksheet, drop_draft
from worksheets.wording.messages import translate

PAGE = 20


class LibraryView(SelectionPage, BuilderView):
    """The list of a teacher's worksheets, to choose or to begin one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin a worksheet from the sample, a paste, a file, or nothing."""
        if "sample" in request.POST:
            made = authoring.create_sample(self.visit.user)
            return self.go("edit", number=made.pk)
        form = PasteForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form, 422)
        try:
            text = read_upload(form.cleaned_data["paper"]) or form.cleaned_data["text"]
        except UnreadablePaper as error:
            form.add_error("paper", translate(error.sentence))
            return self._page(request, form, 422)
        cautions: Cautions = ()
        if "paper-text" in request.POST:
            text, cautions = markup_of_paper(text)
        try:
            made = authoring.create(self.visit.user, text, _("New worksheet"), cautions)
        except TooLong as error:
            came_from = "paper" if form.cleaned_data["paper"] else "text"
            form.add_error(came_from, too_long_as_worksheet(error))
            return self._page(request, form, 422)
        drop_draft(self.visit.user, DraftPage.NEW)
        return self.go("edit", "imported" if "paper-text" in request.POST else "", number=made.pk)

    def _page(
        self, request: HttpRequest, form: PasteForm | None = None, status: int = 200
    ) -> HttpResponse:
        if self.visit.deep_linking is not None:
            return self.selection_page(request, form, status)
        rows, search = worksheets_of(self.visit.user, request.GET.get("search", ""))
        assignment = self.find_or_inherit_assignment()
        context = {
            "worksheets": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "search": search,
            "form": form or PasteForm(),
            "draft": draft_of_new_worksheet(self.visit.user),
            "assignment": assignment,
            "may_place": may_place(self.visit, assignment),
        }
        return self.page(request, "worksheets/authoring/library.html", context, status)


class DeleteView(AuthorView):
    """The page that asks before it deletes a worksheet."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        context = {"worksheet": self.worksheet(number)}
        return self.page(request, "worksheets/authoring/delete.html", context)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        try:
            authoring.delete(self.worksheet(number))
        except InUse:
            return self.go("library", "placed-elsewhere")
        return self.go("library", "deleted")
