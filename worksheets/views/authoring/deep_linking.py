"""Deep linking: a page to choose worksheets for links that the LMS makes, and the answer.

On one page, teachers look through their worksheets (or begin one), tick some, and go back
to the LMS with the signed answer. Title, points and rules of each link are folded away,
with their defaults filled in. Before the answer nothing is written but what is ticked so
far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from lti_tool.launches.deep_linking import LinkItem, deep_linking_response
from lti_tool.platforms.products import product_of
from lti_tool.protocol.launch import DeepLinkingSettings
from lti_tool.views.framing import may_post_to_any_host
from lti_tool.views.requests import HtmxRequest
from worksheets.authoring import (
    SAMPLES,
    assigning,
    from_paper,
    library_files,
    quotas,
    reviewing,
)
from worksheets.authoring.library import (
    Entry,
    contents,
    entries,
    search_words,
    to_choose_from,
    unfinished,
)
from worksheets.models import DraftPage
from worksheets.models.worksheet import read_sheet
from worksheets.permissions import may_choose
from worksheets.questions import keying
from worksheets.rendering import render_sheet
from worksheets.rendering.filling import Filling
from worksheets.views.authoring.forms import PasteForm, SelectForm
from worksheets.views.authoring.selection import save_selection, saved_selection, selected
from worksheets.views.base import AuthorView, WorksheetView
from worksheets.views.drafts import draft_for, draft_of_new_worksheet, drop_draft_of
from worksheets.views.jobs import own_jobs

PAGE = 10
MAX_LINKS = 50  # links in one response


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line of the library; ``form`` is None where nothing is published to choose."""

    entry: Entry
    form: SelectForm | None
    is_chosen: bool


class SelectionPage(WorksheetView):
    """The base of pages that show the library in deep linking."""

    def selection_page(
        self,
        request: HttpRequest,
        paste: PasteForm | None = None,
        status: int = 200,
        fields: QueryDict | None = None,
    ) -> HttpResponse:
        """Show the library: search, preview, tick, set the rules; or begin another worksheet.

        What is ticked and typed is posted along from search to search and page to page, and is
        still there after a visit to another page. ``fields`` stand for what was posted.
        """
        is_posted = request.method == "POST" and paste is None
        asked = request.POST if is_posted else request.GET
        user, search = self.visit.user, search_words(asked.get("search", ""))
        rows = to_choose_from(user, self.visit.membership.context, search)
        page = Paginator(rows, PAGE).get_page(asked.get("page"))
        sent = fields or (request.POST if is_posted else saved_selection(self.visit))
        choices = _rows(selected(self.visit, sent), entries(page.object_list), sent)
        context = {
            "settings": self.visit.deep_linking,
            "product": product_of(self.visit.registration.product),
            "page": page,
            "choices": choices,
            "may_add": any(choice.form for choice in choices),
            "search": search,
            "form": paste or PasteForm(),
            "samples": SAMPLES.values(),
            "usage": quotas.usage_of(user),
            "draft": draft_of_new_worksheet(request, user),
            "selection_draft": draft_for(
                request,
                user,
                DraftPage.SELECT,
                # A window that is opened again in the same course goes on.
                base=str(self.visit.membership.context_id),
            ),
            "jobs": [*own_jobs(self, from_paper.KIND), *own_jobs(self, library_files.KIND)],
            **self._unfinished(),
            "is_library": bool(search) or page.paginator.count > 0,
            "has_errors": status != 200 and paste is None,
        }
        return self.page(request, "worksheets/authoring/select.html", context, status)

    def _unfinished(self) -> dict[str, object]:
        """Return what was being made when the LMS's window was closed, and where to go on.

        Its line stands below all published ones, perhaps on a later page.
        """
        worksheet = unfinished(self.visit.user)
        if worksheet is None:
            return {}
        begins = not keying.with_answer(read_sheet(worksheet.source))
        page = "review" if begins and reviewing.paper_of(worksheet) else "keys"
        return {"unfinished": worksheet, "go_on_url": self.url(page, number=worksheet.pk)}

    def answer_lms(self, request: HttpRequest, forms: Sequence[SelectForm]) -> HttpResponse:
        """Go back to the LMS with the worksheets of these valid forms, which may be none."""
        settings = self.visit.deep_linking
        assert settings is not None  # noqa: S101 - may_choose has asked
        items = [self._item(form) for form in forms]
        signed = deep_linking_response(self.visit, settings, items)
        drop_draft_of(request, self.visit.user, DraftPage.SELECT)
        context = {"response": signed, "count": len(items)}
        return may_post_to_any_host(
            self.page(request, "worksheets/authoring/respond.html", context)
        )

    def _item(self, form: SelectForm) -> LinkItem:
        rules, data = form.rules(), form.cleaned_data
        context = self.visit.membership.context
        pending = assigning.assign_pending(context, form.edition, rules, by=self.actor)
        return LinkItem(
            key=str(pending.pk),
            title=data["title"],
            text=contents(form.edition.sheet),
            maximum=data.get("points"),
            opens_at=rules.opens_at,
            due_at=rules.due_at,
            closes_at=rules.closes_at,
            new_window=data["new_window"],
        )


class SelectionView(SelectionPage):
    """The page of a deep linking launch: worksheets to choose for links in the course."""

    def check_access(self) -> None:
        self.require(may_choose(self.visit))

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.selection_page(request)

    def post(self, request: HtmxRequest) -> HttpResponse:
        """Save what is ticked. A page without script also searches and turns pages this way."""
        save_selection(self.visit, request.POST)
        if request.htmx:
            return HttpResponse(status=204)
        return self.selection_page(request)


class SelectView(SelectionPage):
    """The view that goes back to the LMS with what was chosen, or with nothing."""

    http_method_names = ["post"]

    def check_access(self) -> None:
        self.require(may_choose(self.visit))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the rules of each chosen worksheet and sign the response."""
        settings = self.visit.deep_linking
        assert settings is not None  # noqa: S101 - may_choose has asked
        if "nothing" in request.POST:
            return self.answer_lms(request, [])
        fields = _with_pressed(request.POST, settings)
        if len(set(fields.getlist("worksheet"))) > MAX_LINKS:
            save_selection(self.visit, fields)
            return self.go("home", "too-many-chosen", MAX_LINKS)
        chosen = [entry for entry in selected(self.visit, fields) if entry.edition is not None]
        if not chosen:
            return self.go("home", "nothing-chosen")
        if not settings.accepts_several:
            chosen = chosen[:1]
        forms = [select_form(entry, fields) for entry in chosen]
        if not all(form.is_valid() for form in forms):
            return self.selection_page(request, status=422, fields=fields)
        return self.answer_lms(request, forms)


class PublishedView(AuthorView):
    """A worksheet as pupils will see it: a fragment of the picker, or a page."""

    def get(self, request: HtmxRequest, number: int) -> HttpResponse:
        """Show its newest edition. Raise Http404 if nothing is published."""
        worksheet = self.readable_worksheet(number)
        edition = worksheet.newest_edition
        if edition is None:
            raise Http404
        filling = Filling(edition.sheet, {}, {}, self.pictures(worksheet.pk))
        context = {
            "worksheet": worksheet,
            "document": render_sheet(edition.sheet, filling.widgets),
            "layout": "components/fragment.html"
            if request.htmx
            else "worksheets/teacher/base.html",
        }
        return self.page(request, "worksheets/authoring/published.html", context)


def _with_pressed(fields: QueryDict, settings: DeepLinkingSettings) -> QueryDict:
    """Return the fields with the worksheet ticked whose 'Use here' was pressed, if one was.

    What is ticked beside it goes along where the LMS takes several links.
    """
    pressed = fields.getlist("use")
    if not pressed:
        return fields
    fields = fields.copy()
    ticked = fields.getlist("worksheet") if settings.accepts_several else []
    fields.setlist("worksheet", [*ticked, *pressed[:1]])
    return fields


def select_form(entry: Entry, sent: QueryDict) -> SelectForm:
    """Return the rules for one worksheet: as posted, or by default.

    Raise ValueError if nothing of it is published.
    """
    if entry.edition is None:
        raise ValueError("nothing of it is published")
    return SelectForm(entry.edition, entry.marks, sent)


def _rows(chosen: list[Entry], shown: list[Entry], sent: QueryDict) -> list[Candidate]:
    """Return the lines of the page: first what is chosen, whatever is searched for."""
    keys = {entry.worksheet.pk for entry in chosen}
    lines = [*chosen, *(entry for entry in shown if entry.worksheet.pk not in keys)]
    return [
        Candidate(
            entry,
            select_form(entry, sent) if entry.edition else None,
            is_chosen=entry.worksheet.pk in keys,
        )
        for entry in lines
    ]
