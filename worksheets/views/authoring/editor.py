"""Pages on which a worksheet is written, seen at once, tried as a pupil and published."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lti_tool.protocol.values import whole_number
from worksheets import authoring
from worksheets.authoring import (
    Cautions,
    ChangedElsewhere,
    HasErrors,
    TooLong,
    TooManyEditions,
    quotas,
)
from worksheets.authoring.from_paper import markup_of_paper, too_long_as_worksheet
from worksheets.authoring.papers import keep_paper
from worksheets.authoring.reviewing import paper_of
from worksheets.markup import Extent, MarkupProblem, Severity
from worksheets.markup.editing import CannotEdit, set_marks
from worksheets.markup.source import read_lines
from worksheets.models import DraftPage, Feedback, Worksheet
from worksheets.questions import KINDS, automatic_marks, parse_sheet, read_answers
from worksheets.rendering import render_sheet
from worksheets.rendering.filling import Filling, scripts_of
from worksheets.rendering.results import Results, shown_to_pupil
from worksheets.views.authoring.forms import PictureForm, SourceForm
from worksheets.views.authoring.selection import add_to_selection
from worksheets.views.authoring.text_area import TextArea
from worksheets.views.base import MAX_DIGITS, AuthorView, WorksheetView
from worksheets.views.drafts import draft_for, drop_draft_of

MAX_MARKS_TO_GIVE = 20  # with one press to each answer without marks
MAX_LISTED = 100  # problems, and notes of the import, that are shown at once


class EditView(AuthorView):
    """The editor: the text on one side, the sheet as pupils will see it on the other."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        worksheet = self.worksheet(number)
        initial = {"source": worksheet.source, "seen": authoring.digest_of(worksheet.source)}
        return self._page(request, worksheet, SourceForm(initial=initial))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Save; with the other buttons also publish, or place here."""
        worksheet = self.worksheet(number)
        form = SourceForm(request.POST)
        if not form.is_valid():
            return self._page(request, worksheet, form, 422)
        source = form.cleaned_data["source"]
        cautions: Cautions | None = None
        read = markup_of_paper(source) if "paper-text" in request.POST else None
        if read:
            source, cautions = read.source, read.cautions
        if "give-marks" in request.POST:
            source = _with_marks(source, request.POST.get("marks", ""))
        seen = form.cleaned_data["seen"] or None
        try:
            worksheet = authoring.save(worksheet, source, seen=seen, cautions=cautions)
        except TooLong as error:
            form.add_error("source", too_long_as_worksheet(error))
            return self._page(request, worksheet, form, 422)
        except ChangedElsewhere:
            form.add_error(
                "source",
                _(
                    "This worksheet was saved in another window after you opened it here. Nothing"
                    " was overwritten. Copy what you need, then reload the page."
                ),
            )
            return self._page(request, worksheet, form, 409)
        drop_draft_of(request, self.visit.user, DraftPage.EDIT, worksheet.pk)
        if read:
            typed = form.cleaned_data["source"]
            is_kept = keep_paper(worksheet, "", typed, printed=read.printed)
            return self.go("review" if is_kept else "edit", "imported", number=worksheet.pk)
        return self._after(request, worksheet)

    def _after(self, request: HttpRequest, worksheet: Worksheet) -> HttpResponse:
        for page in ("try", "keys"):
            if page in request.POST:
                return self.go(page, number=worksheet.pk)
        if "publish" not in request.POST:
            notice = "source-saved"
            if "give-marks" in request.POST:
                notice = "marks-written" if not parse_sheet(worksheet.source).without_marks else ""
            return self.go("edit", notice, number=worksheet.pk)
        try:
            edition = authoring.publish(worksheet)
        except HasErrors:
            return self.go("edit", "not-published", number=worksheet.pk)
        except TooManyEditions:
            return self.go("edit", "too-many-versions", quotas.MAX_EDITIONS, number=worksheet.pk)
        if self.visit.deep_linking is not None:
            add_to_selection(self.visit, worksheet)
            return self.go("home")
        return self.go("assign", "published", number=edition.pk)

    def _page(
        self,
        request: HttpRequest,
        worksheet: Worksheet,
        form: SourceForm,
        status: int = 200,
    ) -> HttpResponse:
        seen = authoring.digest_of(worksheet.source)
        source = form["source"].value() or ""
        context = {
            "worksheet": worksheet,
            "form": form,
            "draft": draft_for(request, self.visit.user, DraftPage.EDIT, worksheet.pk, seen),
            "picture_form": PictureForm(),
            "usage": quotas.usage_of(worksheet.author),
            "cautions": _cautions(worksheet, source),
            "paper": paper_of(worksheet),
            **preview_context(self, worksheet, source),
        }
        return self.page(request, "worksheets/authoring/edit.html", context, status)


class PreviewView(AuthorView):
    """A fragment with the sheet and its problems, for the text in the editor; it saves nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        worksheet = self.worksheet(number)
        form = SourceForm(request.POST)
        if not form.is_valid():
            return HttpResponse(status=422)
        context = preview_context(self, worksheet, form.cleaned_data["source"])
        context["worksheet"] = worksheet
        return self.page(request, "worksheets/authoring/preview.html", context)


def preview_context(view: WorksheetView, worksheet: Worksheet, source: str) -> dict[str, Any]:
    """Return what the preview's template shows: the sheet as for pupils, and its problems."""
    sheet = parse_sheet(source)
    document = ""
    if not sheet.is_too_large:
        filling = Filling(sheet, {}, {}, view.pictures(worksheet.pk))
        document = render_sheet(sheet, filling.widgets, below=2)
    extent = TextArea(source).extent
    listed = _most_serious(sheet.problems)
    return {
        "sheet": sheet,
        "document": document,
        "marks_to_give": range(1, MAX_MARKS_TO_GIVE + 1),
        "problems": [(problem, extent(problem.start, problem.end)) for problem in listed],
        "more_problems": len(sheet.problems) - len(listed),
        "pictures": worksheet.pictures.defer("content"),
    }


def _most_serious(problems: Sequence[MarkupProblem]) -> Sequence[MarkupProblem]:
    """Return at most MAX_LISTED of the problems, errors before warnings, in the text's order."""
    by_weight = sorted(problems, key=lambda problem: problem.severity is not Severity.ERROR)
    return sorted(by_weight[:MAX_LISTED], key=lambda problem: problem.start)


def _with_marks(source: str, marks: str) -> str:
    """Return the text in which each answer without marks has so many; as it is if none may."""
    number = whole_number(marks, MAX_DIGITS)
    try:
        return set_marks(
            source, parse_sheet(source).without_marks, Decimal(number or 0), KINDS.values()
        )
    except CannotEdit:
        return source


def _cautions(worksheet: Worksheet, source: str) -> list[tuple[int, str, Extent]]:
    """Return the notes of the import: the line, what to check there, and where it stands."""
    lines, area = read_lines(source), TextArea(source)
    shown = [
        (line, message)
        for line, message, *state in worksheet.cautions
        if line <= len(lines) and authoring.DONE not in state
    ][:MAX_LISTED]
    return [(number, message, area.extent(*lines[number - 1].extent)) for number, message in shown]


class TryView(AuthorView):
    """A trial of the worksheet as a pupil. No row is written, so no list can show it."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self._page(request, self.worksheet(number), {})

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show what a pupil would see after submitting."""
        worksheet = self.worksheet(number)
        return self._page(request, worksheet, request.POST.dict())

    def _page(
        self, request: HttpRequest, worksheet: Worksheet, fields: dict[str, str]
    ) -> HttpResponse:
        sheet = parse_sheet(worksheet.source)
        if sheet.is_too_large:
            return self.go("edit", number=worksheet.pk)
        read = read_answers(sheet, fields)
        pictures = self.pictures(worksheet.pk)
        handed_in = "submit" in fields and not read.errors
        if handed_in:
            shown = shown_to_pupil(Feedback.CORRECTNESS, is_released=False)
            marks = {mark.key: mark for mark in automatic_marks(sheet, read.accepted)}
            widgets = Results(sheet, read.accepted, marks, shown, pictures).widgets
        else:
            widgets = Filling(sheet, read.posted, read.errors, pictures).widgets
        context = {
            "worksheet": worksheet,
            "sheet": sheet,
            "document": render_sheet(sheet, widgets, below=0),
            "handed_in": handed_in,
            "scripts": scripts_of(sheet),
        }
        return self.page(request, "worksheets/authoring/try.html", context)
