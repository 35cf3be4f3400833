"""A plain place to make worksheets: choose, write, see, try, publish, place."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from worksheets import authoring
from worksheets.authoring import Cautions, ChangedElsewhere, HasErrors, InUse, NameTaken
from worksheets.forms import MAX_SOURCE, PasteForm, PictureForm, PlaceForm, SourceForm
from worksheets.importers import UnreadablePaper, read_paper, to_markup
from worksheets.markup import parse
from worksheets.models import Assignment, Edition, Feedback, Worksheet
from worksheets.permissions import may_edit
from worksheets.rendering import render_sheet
from worksheets.rendering.filling import Filling
from worksheets.rendering.results import Results, shown_to_pupil
from worksheets.responses import read_responses
from worksheets.views.base import WorksheetView, as_posted, posted_fields
from worksheets.views.teacher import TeacherView

PAGE = 20


class AuthorView(TeacherView):
    """A page about one worksheet of this teacher's own."""

    def worksheet(self, number: int) -> Worksheet:
        """The worksheet. Raises Http404 for one of somebody else's."""
        found = Worksheet.objects.filter(pk=number).select_related("author").first()
        if found is None or not may_edit(self.visit, found):
            raise Http404
        return found


def shelf_page(
    view: WorksheetView, request: HttpRequest, form: PasteForm | None = None, status: int = 200
) -> HttpResponse:
    """This teacher's worksheets, to place one here or to begin another."""
    rows = Worksheet.objects.filter(author=view.visit.user).prefetch_related("editions")
    search = request.GET.get("search", "").replace("\0", "")[:100]
    if search:
        rows = rows.filter(title__icontains=search)
    context = {
        "worksheets": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "search": search,
        "form": form or PasteForm(),
        "assignment": view.find_assignment(),
    }
    return view.page(request, "worksheets/authoring/shelf.html", context, status)


class ShelfView(TeacherView):
    """Choose a worksheet, or begin one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The shelf."""
        return shelf_page(self, request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin a worksheet: from the sample, a paste, a file, or nothing."""
        if "sample" in request.POST:
            made = authoring.create_sample(self.visit.user)
            return self.go("edit", number=made.pk)
        form = PasteForm(request.POST, request.FILES)
        if not form.is_valid():
            return shelf_page(self, request, form, 422)
        try:
            text = _text_of(form.cleaned_data["paper"]) or form.cleaned_data["text"]
        except UnreadablePaper as problem:
            form.add_error("paper", str(problem))
            return shelf_page(self, request, form, 422)
        cautions: Cautions = ()
        if "paper-text" in request.POST:
            text, cautions = _from_paper(text)
        made = authoring.create(self.visit.user, text[:MAX_SOURCE], _("New worksheet"), cautions)
        return self.go("edit", "imported" if "paper-text" in request.POST else "", number=made.pk)


class EditView(AuthorView):
    """The text on one side, the sheet as pupils will see it on the other."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """The editor."""
        worksheet = self.worksheet(number)
        initial = {"source": worksheet.source, "seen": worksheet.updated_at.isoformat()}
        return self._page(request, worksheet, SourceForm(initial=initial), worksheet.source)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Save; with the other buttons also publish, or place here."""
        worksheet = self.worksheet(number)
        form = SourceForm(request.POST)
        if not form.is_valid():
            return self._page(request, worksheet, form, worksheet.source, 422)
        source = form.cleaned_data["source"]
        cautions: Cautions | None = None
        if "paper-text" in request.POST:
            source, cautions = _from_paper(source)
        seen = form.cleaned_data["seen"]
        try:
            worksheet = authoring.save(worksheet, source, seen=seen, cautions=cautions)
        except ChangedElsewhere:
            form.add_error(
                "source",
                _(
                    "This worksheet was saved in another window since you opened it here."
                    " Nothing was overwritten: copy what you need, then reload the page."
                ),
            )
            return self._page(request, worksheet, form, source, 409)
        return self._after(request, worksheet)

    def _after(self, request: HttpRequest, worksheet: Worksheet) -> HttpResponse:
        if "try" in request.POST:
            return self.go("try", number=worksheet.pk)
        if "publish" not in request.POST:
            notice = "imported" if "paper-text" in request.POST else "source-saved"
            return self.go("edit", notice, number=worksheet.pk)
        try:
            edition = authoring.publish(worksheet)
        except HasErrors:
            return self.go("edit", "not-published", number=worksheet.pk)
        return self.go("place", "published", number=edition.pk)

    def _page(
        self,
        request: HttpRequest,
        worksheet: Worksheet,
        form: SourceForm,
        source: str,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "worksheet": worksheet,
            "form": form,
            "picture_form": PictureForm(),
            **preview_context(self, worksheet, source),
        }
        return self.page(request, "worksheets/authoring/edit.html", context, status)


class PreviewView(AuthorView):
    """The sheet and its problems, for the text as it stands in the editor; saves nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """A fragment."""
        worksheet = self.worksheet(number)
        form = SourceForm(request.POST)
        if not form.is_valid():
            return HttpResponse(status=422)
        context = preview_context(self, worksheet, form.cleaned_data["source"])
        context["worksheet"] = worksheet
        return self.page(request, "worksheets/authoring/preview.html", context)


def preview_context(view: WorksheetView, worksheet: Worksheet, source: str) -> dict[str, Any]:
    """The sheet as pupils will see it, and what is wrong with its text."""
    sheet = parse(source)
    filling = Filling(sheet, {}, {}, view.picture_url(worksheet))
    return {
        "sheet": sheet,
        "document": render_sheet(sheet, filling.widgets),
        "problems": sheet.problems,
        "pictures": worksheet.pictures.all(),
    }


class TryView(AuthorView):
    """The worksheet as a pupil, without a trace: no row is written, so no list can show it."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Fill it in."""
        return self._page(request, self.worksheet(number), {})

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """See what a pupil would see after submitting."""
        worksheet = self.worksheet(number)
        return self._page(request, worksheet, posted_fields(request))

    def _page(
        self, request: HttpRequest, worksheet: Worksheet, fields: dict[str, str]
    ) -> HttpResponse:
        sheet = parse(worksheet.source)
        read = read_responses(sheet, fields)
        pictures = self.picture_url(worksheet)
        handed_in = "submit" in fields and not read.faults
        if handed_in:
            shown = shown_to_pupil(Feedback.CORRECTNESS, is_released=False)
            widgets = Results(sheet, read.accepted, {}, shown, pictures).widgets
        else:
            widgets = Filling(sheet, as_posted(sheet, fields), read.faults, pictures).widgets
        context = {
            "worksheet": worksheet,
            "sheet": sheet,
            "document": render_sheet(sheet, widgets),
            "handed_in": handed_in,
        }
        return self.page(request, "worksheets/authoring/try.html", context)


class PlaceView(AuthorView):
    """Place an edition at this link, or change its rules here."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """The rules, with defaults filled in."""
        edition = self._edition(number)
        form = PlaceForm(instance=self.find_assignment() or Assignment())
        return self._page(request, edition, form)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Place it."""
        edition = self._edition(number)
        form = PlaceForm(request.POST, instance=Assignment(link=self.visit.link, edition=edition))
        if not form.is_valid():
            return self._page(request, edition, form, 422)
        rules = form.cleaned_data
        try:
            authoring.place(self.visit.link, edition, rules["feedback"], rules["closes_at"])
        except InUse:
            return self.go("place", "in-use", number=edition.pk)
        return self.go("class", "placed")

    def _edition(self, number: int) -> Edition:
        """An edition of one's own, or the one that is placed here already."""
        rows = Edition.objects.select_related("worksheet")
        found = rows.filter(pk=number).first()
        if found is None:
            raise Http404
        placed = self.find_assignment()
        same = placed is not None and placed.edition.worksheet_id == found.worksheet_id
        if not same and not may_edit(self.visit, found.worksheet):
            raise Http404
        return found

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


class DeleteView(AuthorView):
    """Delete a worksheet; asks first."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Ask."""
        context = {"worksheet": self.worksheet(number)}
        return self.page(request, "worksheets/authoring/delete.html", context)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        """Do it."""
        try:
            authoring.delete(self.worksheet(number))
        except InUse:
            return self.go("shelf", "placed-elsewhere")
        return self.go("shelf", "deleted")


class AddPictureView(AuthorView):
    """Upload a picture."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Keep it."""
        worksheet = self.worksheet(number)
        form = PictureForm(request.POST, request.FILES)
        if form.is_valid():
            name, picture = form.cleaned_data["picture"]
            try:
                authoring.add_picture(worksheet, name, picture)
            except NameTaken:
                form.add_error("picture", _("A picture of that name is there already."))
            else:
                return self.go("edit", "picture-added", number=worksheet.pk)
        context = {"worksheet": worksheet, "picture_form": form}
        return self.page(request, "worksheets/authoring/picture.html", context, 422)


class RemovePictureView(AuthorView):
    """Take a picture away again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int, name: str) -> HttpResponse:  # noqa: ARG002
        """Do it, unless an edition shows it."""
        worksheet = self.worksheet(number)
        picture = worksheet.pictures.filter(name=name).first()
        if picture is None:
            raise Http404
        try:
            authoring.remove_picture(picture)
        except InUse:
            return self.go("edit", "picture-in-use", number=worksheet.pk)
        return self.go("edit", "picture-removed", number=worksheet.pk)


def _from_paper(text: str) -> tuple[str, Cautions]:
    """The markup of a paper's text, and what its author should check."""
    imported = to_markup(text)
    return imported.source, [(caution.line, caution.message) for caution in imported.warnings]


def _text_of(paper: UploadedFile[bytes] | None) -> str:
    if paper is None:
        return ""
    return read_paper(paper.name or "", paper.read())
