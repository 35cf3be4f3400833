"""Pages on which a teacher begins, finds, copies, archives and deletes worksheets."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lti_tool.background import jobs
from lti_tool.background.jobs import AlreadyAsked, TooManyJobs
from lti_tool.models import Job
from worksheets import authoring
from worksheets.authoring import (
    InUse,
    QuotaReached,
    TooLong,
    copies,
    from_paper,
    library_files,
    quotas,
)
from worksheets.authoring.from_paper import too_long_as_worksheet
from worksheets.authoring.library import Part, count_others, search_words, worksheets_in
from worksheets.formats.library_file import UnreadableFile
from worksheets.formats.paper import UnreadablePaper
from worksheets.models import DraftPage, IncomingFile
from worksheets.permissions import may_place
from worksheets.views.authoring.deep_linking import SelectionPage
from worksheets.views.authoring.forms import PasteForm
from worksheets.views.base import AuthorView, BuilderView
from worksheets.views.drafts import draft_of_new_worksheet, drop_draft_of
from worksheets.views.jobs import follow, own_jobs
from worksheets.wording.messages import translate

PAGE = 20


class LibraryView(SelectionPage, BuilderView):
    """The list of a teacher's worksheets and of those shared here, to choose or to begin one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin a worksheet from the sample, a paste, a file, or nothing."""
        form = PasteForm(request.POST, request.FILES)
        if "sample" in request.POST:
            return self._begin_with_sample(request, form)
        if not form.is_valid():
            return self._page(request, form, 422)
        data = form.cleaned_data
        if data["paper"] is not None or "paper-text" in request.POST:
            return self._import(request, form)
        try:
            made = authoring.create(self.visit.user, data["text"], _("New worksheet"))
        except TooLong as error:
            form.add_error("text", too_long_as_worksheet(error))
            return self._page(request, form, 422)
        except QuotaReached as error:
            form.add_error(None, str(error))
            return self._page(request, form, 422)
        drop_draft_of(request, self.visit.user, DraftPage.NEW)
        return self.go("edit", number=made.pk)

    def _begin_with_sample(self, request: HttpRequest, form: PasteForm) -> HttpResponse:
        name = request.POST["sample"]
        if name not in authoring.SAMPLES:
            return self._page(request, form, 422)
        try:
            made = authoring.create_sample(self.visit.user, name)
        except QuotaReached as error:
            form.add_error(None, str(error))
            return self._page(request, form, 422)
        return self.go("edit", number=made.pk)

    def _import(self, request: HttpRequest, form: PasteForm) -> HttpResponse:
        """Read a paper, and go on as soon as it is read or, if that takes longer, meanwhile.

        A file of worksheets that was saved here is dropped at the same place.
        """
        data, as_markup = form.cleaned_data, "paper-text" not in request.POST
        paper = data["paper"]
        try:
            if paper is not None and (paper.name or "").lower().endswith(library_files.SUFFIX):
                job = library_files.start(self.visit.user, paper)
            else:
                job = from_paper.start(self.visit.user, paper, data["text"], as_markup=as_markup)
        except (UnreadablePaper, UnreadableFile) as error:
            form.add_error("paper", translate(error.sentence))
            return self._page(request, form, 422)
        except TooManyJobs:
            form.add_error("paper", _("Wait until your other papers are read."))
            return self._page(request, form, 422)
        except AlreadyAsked as asked:
            job = asked.row
        job = jobs.wait(job)
        if job.state == Job.State.FAILED:
            jobs.mark_told([job])
            form.add_error(job.result.get("field"), job.error)
            return self._page(request, form, 422)
        return follow(self, job)

    def _page(
        self, request: HttpRequest, form: PasteForm | None = None, status: int = 200
    ) -> HttpResponse:
        if self.visit.deep_linking is not None:
            return self.selection_page(request, form, status)
        user, course = self.visit.user, self.visit.membership.context
        search = search_words(request.GET.get("search", ""))
        others = count_others(user, course)
        part = _part(request.GET.get("show", ""), others)
        rows = worksheets_in(part, user, course, search)
        assignment = self.find_or_inherit_assignment()
        may_use_here = may_place(self.visit, assignment)
        kept = {"show": part.value} if part is not Part.OWN else {}
        context = {
            "worksheets": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "part": part.value,
            "shared_count": others[Part.SHARED],
            "archived_count": others[Part.ARCHIVED],
            "search": search,
            "kept": urlencode(kept | ({"search": search} if search else {})),
            "samples": authoring.SAMPLES.values(),
            "incoming": IncomingFile.objects.filter(owner=user).exists(),
            "form": form or PasteForm(),
            "usage": quotas.usage_of(self.visit.user),
            "draft": draft_of_new_worksheet(request, self.visit.user),
            "assignment": assignment,
            "may_place": may_use_here,
            "copy_requests": copies.requests_to(self.visit.user),
            **(self._copied_from() if may_use_here and assignment is None else {}),
            "jobs": [*own_jobs(self, from_paper.KIND), *own_jobs(self, library_files.KIND)],
        }
        return self.page(request, "worksheets/authoring/library.html", context, status)

    def _copied_from(self) -> dict[str, object]:
        """Return whose worksheet this activity seems to be a copy with, and whether it was asked.

        Empty where there is none, or where it may be had.
        """
        worksheet = copies.worksheet_to_ask_for(self.visit.link)
        if worksheet is None:
            return {}
        asked = worksheet.copy_requests.filter(link=self.visit.link).first()
        return {"copied_from": worksheet.author, "asked": asked}


def _part(asked: str, others: dict[Part, int]) -> Part:
    """Return the part of the library that an address names, or the list of one's own."""
    part = Part(asked) if asked in list(Part) else Part.OWN
    return part if part is Part.OWN or others[part] else Part.OWN


class CopyView(AuthorView):
    """The view that makes a copy of one's own of a worksheet that one may read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        worksheet = self.readable_worksheet(number)
        try:
            made = authoring.copy(worksheet, self.visit.user)
        except QuotaReached:
            return self.go("library", "not-copied")
        return self.go("edit", "copied", number=made.pk)


class ArchiveView(AuthorView):
    """The view that takes a worksheet out of the way, or brings it back. Nothing is lost by it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        worksheet = self.own_worksheet(number)
        if "back" in request.POST:
            authoring.unarchive(worksheet)
            return self.go("library", "unarchived")
        authoring.archive(worksheet)
        return self.go("library", "archived")


class DeleteView(AuthorView):
    """The page that asks before it deletes a worksheet."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        worksheet = self.own_worksheet(number)
        context = {"worksheet": worksheet, "shares": worksheet.shares.count()}
        return self.page(request, "worksheets/authoring/delete.html", context)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG002
        try:
            authoring.delete(self.own_worksheet(number))
        except InUse:
            return self.go("library", "placed-elsewhere")
        return self.go("library", "deleted")
