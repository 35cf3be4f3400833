"""Pages on which a worksheet is written, seen at once and tried as a pupil."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lti_tool.protocol.values import whole_number
from worksheets import authoring
from worksheets.authoring import Cautions, ChangedElsewhere, TooLong, quotas
from worksheets.authoring.class_corrections import offered
from worksheets.authoring.from_paper import markup_of_paper, too_long_as_worksheet
from worksheets.authoring.papers import keep_paper
from worksheets.authoring.reviewing import paper_of
from worksheets.markup import MarkupProblem, Severity
from worksheets.markup.editing import CannotEdit, set_marks
from worksheets.models import DraftPage, Feedback, Worksheet
from worksheets.permissions import may_edit, may_own
from worksheets.questions import KINDS, automatic_marks, parse_sheet, read_answers
from worksheets.rendering import render_sheet
from worksheets.rendering.desk import render_desk
from worksheets.rendering.document import Pictures
from worksheets.rendering.filling import Filling, scripts_of
from worksheets.rendering.results import Results, shown_to_pupil
from worksheets.rendering.review import PlacedBlock, placed_blocks
from worksheets.views.authoring.forms import PictureForm, SourceForm
from worksheets.views.authoring.marks import marks_of
from worksheets.views.authoring.text_area import TextArea, open_cautions
from worksheets.views.base import MAX_DIGITS, AuthorView, WorksheetView
from worksheets.views.drafts import draft_for, drop_draft_of
from worksheets.wording import constructs

MAX_MARKS_TO_GIVE = 20  # with one press to each answer without marks
MAX_LISTED = 100  # problems, and notes of the import, that are shown at once


class EditView(AuthorView):
    """The editor: the text on one side, the sheet as pupils will see it on the other."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        worksheet = self.worksheet(number)
        initial = {"source": worksheet.source, "seen": authoring.digest_of(worksheet.source)}
        return self._page(request, worksheet, SourceForm(initial=initial))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Save; with the other buttons also go on to the answers, or try it."""
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
            worksheet = authoring.save(
                worksheet,
                source,
                seen=seen,
                cautions=cautions,
                by=self.visit.user,
                replaces="replaces" in request.POST,
            )
        except TooLong as error:
            form.add_error("source", too_long_as_worksheet(error))
            return self._page(request, worksheet, form, 422)
        except ChangedElsewhere:
            return self._refuse(request, self.worksheet(number), form)
        drop_draft_of(request, self.visit.user, DraftPage.EDIT, worksheet.pk)
        if read:
            typed = form.cleaned_data["source"]
            # The paper, and its review, are the author's alone.
            is_own = may_own(self.visit, worksheet)
            is_kept = is_own and keep_paper(worksheet, "", typed, printed=read.printed)
            return self.go("review" if is_kept else "edit", "imported", number=worksheet.pk)
        return self._after(request, worksheet)

    def _after(self, request: HttpRequest, worksheet: Worksheet) -> HttpResponse:
        for page in ("try", "keys"):
            if page in request.POST:
                return self.go(page, number=worksheet.pk)
        notice = "source-saved"
        if "give-marks" in request.POST:
            notice = "marks-written" if not parse_sheet(worksheet.source).without_marks else ""
        return self.go("edit", notice, number=worksheet.pk)

    def _refuse(self, request: HttpRequest, worksheet: Worksheet, form: SourceForm) -> HttpResponse:
        """Say that another text was saved meanwhile; who has read that may save this one."""
        form.add_error(
            "source",
            _(
                "This worksheet was saved in another window after you opened it here. Nothing was"
                " overwritten. If you save again, your text takes its place, and the other one"
                " stays in the list of versions."
            ),
        )
        seen = authoring.digest_of(worksheet.source)
        form.data = {**request.POST.dict(), "seen": seen, "replaces": "1"}
        return self._page(request, worksheet, form, 409)

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
            "is_own": may_own(self.visit, worksheet),
            "form": form,
            "draft": draft_for(request, self.visit.user, DraftPage.EDIT, worksheet.pk, seen),
            "picture_form": PictureForm(),
            "usage": quotas.usage_of(worksheet.author),
            "cautions": open_cautions(worksheet, source)[:MAX_LISTED],
            "paper": paper_of(worksheet) if may_own(self.visit, worksheet) else None,
            "replaces": "replaces" in form.data,
            "pictures": worksheet.pictures.defer("content"),
            "at_hand": list(constructs.buttons_at_hand()),
            "construct_menu": list(constructs.menu()),
            "offers": offered(worksheet),
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
        context |= {"worksheet": worksheet, "is_preview": True}
        return self.page(request, "worksheets/authoring/preview.html", context)


def preview_context(view: WorksheetView, worksheet: Worksheet, source: str) -> dict[str, Any]:
    """Return what the preview's template shows: the sheet as for pupils, and its problems."""
    return shown_sheet(source, view.pictures(worksheet.pk))


def shown_sheet(source: str, pictures: Pictures) -> dict[str, Any]:
    """Return what is shown of a text: its sheet, where everything stands, and what is wrong."""
    sheet = parse_sheet(source)
    area = TextArea(source)
    document = ""
    blocks: list[PlacedBlock] = []
    if not sheet.is_too_large:
        blocks = placed_blocks(sheet, source)
        document = render_desk(sheet, blocks, pictures, lambda extent: area.extent(*extent))
    listed = _most_serious(sheet.problems)
    return {
        "sheet": sheet,
        "document": document,
        "marks": json.dumps(marks_of(sheet, blocks, area), separators=(",", ":")),
        "marks_to_give": range(1, MAX_MARKS_TO_GIVE + 1),
        "problems": [(problem, area.extent(problem.start, problem.end)) for problem in listed],
        "more_problems": len(sheet.problems) - len(listed),
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


class TryView(AuthorView):
    """A trial of the worksheet as a pupil. No row is written, so no list can show it."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return self._page(request, self.readable_worksheet(number), {})

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show what a pupil would see after submitting."""
        worksheet = self.readable_worksheet(number)
        return self._page(request, worksheet, request.POST.dict())

    def _page(
        self, request: HttpRequest, worksheet: Worksheet, fields: dict[str, str]
    ) -> HttpResponse:
        sheet = parse_sheet(worksheet.source)
        if sheet.is_too_large:
            if not may_edit(self.visit, worksheet):
                return self.go("library", "too-large")
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
            "may_edit": may_edit(self.visit, worksheet),
            "sheet": sheet,
            "document": render_sheet(sheet, widgets, below=0),
            "handed_in": handed_in,
            "scripts": scripts_of(sheet),
        }
        return self.page(request, "worksheets/authoring/try.html", context)
