"""Deep linking: a page to choose worksheets for links that the LMS makes, and the answer.

On one page, teachers look through their worksheets (or begin one), tick some, and go back
to the LMS with the signed answer. Title, points and rules of each link are folded away,
with their defaults filled in. Before the answer nothing is written but what is ticked so
far.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from lti_tool.launches.deep_linking import LinkItem, deep_linking_response
from lti_tool.models import StoredLaunch
from lti_tool.protocol.claims import clean
from lti_tool.protocol.launch import DeepLinkingSettings
from lti_tool.views.framing import may_post_to_any_host
from worksheets.authoring import assigning
from worksheets.authoring.library import Entry, contents, entries, worksheets_of
from worksheets.models import Worksheet
from worksheets.permissions import may_choose
from worksheets.rendering import render_sheet
from worksheets.rendering.filling import Filling
from worksheets.views.authoring.forms import PasteForm, SelectForm
from worksheets.views.base import AuthorView, TeacherView, WorksheetView

PAGE = 10
MAX_LINKS = 50  # links in one answer
MAX_TICKED = 100  # more than one answer takes, so that ticks beyond it are not lost
MAX_KEPT_CHARACTERS = 200_000  # characters: all that the fields of so many links may hold, and more


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line of the library; ``form`` is None where nothing is published to choose."""

    entry: Entry
    form: SelectForm | None
    is_chosen: bool


def selection_page(
    view: WorksheetView, request: HttpRequest, paste: PasteForm | None = None, status: int = 200
) -> HttpResponse:
    """Show the library: search, preview, tick, set the rules; or begin another worksheet.

    What is ticked and typed is posted along from search to search and page to page, and is
    still there after a visit to another page.
    """
    is_posted = request.method == "POST" and paste is None
    asked = request.POST if is_posted else request.GET
    rows, search = worksheets_of(view.visit.user, asked.get("search", ""))
    page = Paginator(rows, PAGE).get_page(asked.get("page"))
    sent = request.POST if is_posted else _saved_selection(view)
    chosen = _selected(view, sent)
    context = {
        "settings": view.visit.deep_linking,
        "page": page,
        "choices": _rows(chosen, entries(page.object_list), sent),
        "search": search,
        "form": paste or PasteForm(),
        "is_library": bool(search) or page.paginator.count > 0,
        "has_errors": status != 200 and paste is None,
    }
    return view.page(request, "worksheets/authoring/select.html", context, status)


def save_selection(view: WorksheetView, sent: QueryDict) -> None:
    """Save what is ticked, and its settings, until the launch's pages close."""
    picked = {"worksheet": [str(entry.worksheet.pk) for entry in _selected(view, sent)]}
    prefixes = tuple(f"w{number}-" for number in picked["worksheet"])
    for name in sent:
        if name.startswith(prefixes):
            picked[clean(name)] = [clean(value) for value in sent.getlist(name)]
    if len(json.dumps(picked)) <= MAX_KEPT_CHARACTERS:
        StoredLaunch.objects.filter(pk=view.visit.launch.pk).update(picked=picked)


class SelectView(TeacherView):
    """The view that goes back to the LMS with what was chosen, or with nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the rules of each chosen worksheet and sign the answer."""
        settings = self.visit.deep_linking
        if settings is None or not may_choose(self.visit):
            raise PermissionDenied
        if "nothing" in request.POST:
            return self._respond(request, settings, [])
        if len(set(request.POST.getlist("worksheet"))) > MAX_LINKS:
            save_selection(self, request.POST)
            return self.go("home", "too-many-chosen", MAX_LINKS)
        chosen = [entry for entry in _selected(self, request.POST) if entry.edition is not None]
        if not chosen:
            return self.go("home", "nothing-chosen")
        if not settings.accepts_several:
            chosen = chosen[:1]
        forms = [select_form(entry, request.POST) for entry in chosen]
        if not all(form.is_valid() for form in forms):
            return selection_page(self, request, status=422)
        return self._respond(request, settings, [self._item(form) for form in forms])

    def _item(self, form: SelectForm) -> LinkItem:
        rules, data = form.rules(), form.cleaned_data
        pending = assigning.assign_pending(self.visit.membership.context, form.edition, rules)
        return LinkItem(
            key=str(pending.pk),
            title=data["title"],
            text=contents(form.edition.sheet),
            maximum=data.get("points"),
            opens_at=rules.opens_at,
            closes_at=rules.closes_at,
            new_window=data["new_window"],
        )

    def _respond(
        self, request: HttpRequest, settings: DeepLinkingSettings, items: list[LinkItem]
    ) -> HttpResponse:
        signed = deep_linking_response(self.visit, settings, items)
        context = {"response": signed, "count": len(items)}
        return may_post_to_any_host(
            self.page(request, "worksheets/authoring/respond.html", context)
        )


class PreviewLinkView(AuthorView):
    """A worksheet as pupils will see it: a fragment of the picker, or a page."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show its newest edition. Raise Http404 if nothing is published."""
        worksheet = self.worksheet(number)
        edition = worksheet.editions.first()
        if edition is None:
            raise Http404
        filling = Filling(edition.sheet, {}, {}, self.picture_url(worksheet.pk))
        context = {
            "worksheet": worksheet,
            "document": render_sheet(edition.sheet, filling.widgets),
            "layout": "components/fragment.html"
            if request.headers.get("HX-Request") == "true"
            else "worksheets/teacher/base.html",
        }
        return self.page(request, "worksheets/authoring/preview_link.html", context)


def select_worksheet(view: WorksheetView, worksheet: Worksheet) -> None:
    """Tick a worksheet: beside what is ticked already, if the LMS takes several links."""
    sent = _saved_selection(view)
    settings = view.visit.deep_linking
    if settings is not None and not settings.accepts_several:
        sent.setlist("worksheet", [])
    sent.appendlist("worksheet", str(worksheet.pk))
    save_selection(view, sent)


def select_form(entry: Entry, sent: QueryDict) -> SelectForm:
    """Return the rules for one worksheet: as posted, or by default.

    Raise ValueError if nothing of it is published.
    """
    if entry.edition is None:
        raise ValueError("nothing of it is published")
    return SelectForm(entry.edition, entry.marks, sent)


def _saved_selection(view: WorksheetView) -> QueryDict:
    """Return what was ticked when the page was left."""
    kept = QueryDict(mutable=True)
    for name, values in (view.visit.launch.picked or {}).items():
        kept.setlist(name, values)
    return kept


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


def _selected(view: WorksheetView, sent: QueryDict) -> list[Entry]:
    """Return the ticked worksheets of this teacher's own, in the order of the ticks."""
    numbers = [text for text in sent.getlist("worksheet") if text.isascii() and text.isdigit()]
    wanted = [int(text) for text in numbers[:MAX_TICKED] if len(text) < 19]  # what a database holds
    rows = Worksheet.objects.filter(author=view.visit.user, pk__in=wanted)
    found = {entry.worksheet.pk: entry for entry in entries(rows)}
    return [found[number] for number in dict.fromkeys(wanted) if number in found]
