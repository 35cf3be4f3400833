"""The drafts of teachers' forms: kept while they type, shown again by the page, dropped on saving.

A page asks ``draft_for`` for its form's draft; its template has ``components/draft.html`` in the
form's tag; its view calls ``drop_draft`` once it has saved what was posted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from lti_tool.models import User
from worksheets.authoring.drafts import drop_draft
from worksheets.markup.source import storable
from worksheets.models import Draft, DraftPage
from worksheets.permissions import may_build
from worksheets.views.base import WorksheetView

MAX_FIELDS = 2000
MAX_BASE = 100  # characters, as the column has
MAX_NUMBER = 2**63 - 1
MAX_CHARACTERS = 500_000  # of all fields together; a worksheet's text has at most 200,000
MAX_DRAFTS = 100  # of one person: the oldest go


@dataclass(frozen=True, slots=True)
class FormDraft:
    """The parts of a draft that a form's template needs.

    ``base`` is what the form's content began with, ``saved`` the draft as JSON, '' without one.
    A form that ``is_bound`` shows what was just posted and not saved.
    """

    page: DraftPage
    number: int
    base: str
    key: str
    saved: str
    is_bound: bool


def draft_for(
    request: HttpRequest, user: User, page: DraftPage, number: int = 0, base: str = ""
) -> FormDraft:
    """Return the draft of this person's form; ``base`` is what the page shows now."""
    posted = request.POST.get(f"draft-base-{page}")
    row = Draft.objects.filter(user=user, page=page, number=number).first()
    saved = {"base": row.base, "fields": row.fields, "at": row.saved_at.isoformat()} if row else {}
    return FormDraft(
        page,
        number,
        base if posted is None else posted[:MAX_BASE],
        f"{user.pk}-{page}-{number}",
        json.dumps(saved) if saved else "",
        is_bound=posted is not None,
    )


def draft_of_new_worksheet(request: HttpRequest, user: User) -> FormDraft:
    """Return the draft of the form that begins a worksheet; its base changes with each one made."""
    newest = user.worksheets.order_by("-pk").values_list("pk", flat=True).first()
    return draft_for(request, user, DraftPage.NEW, base=str(newest or ""))


class DraftView(WorksheetView):
    """The address to which the script of a form sends what is typed. Nobody else sees it."""

    http_method_names = ["post"]

    def check_access(self) -> None:
        self.require(may_build(self.visit))

    def post(self, request: HttpRequest, page: str, number: int) -> HttpResponse:
        """Keep the fields in place of those that are kept; none of them discards the draft."""
        sent = _read(request)
        if sent is None or page not in list(DraftPage) or number > MAX_NUMBER:
            return JsonResponse({}, status=400)
        user, (base, fields) = self.visit.user, sent
        if not fields:
            drop_draft(user, DraftPage(page), number)
            return JsonResponse({"at": ""})
        now = timezone.now()
        Draft.objects.update_or_create(
            user=user,
            page=page,
            number=number,
            defaults={"base": base, "fields": fields, "saved_at": now},
        )
        newest = Draft.objects.filter(user=user).order_by("-saved_at").values_list("pk", flat=True)
        Draft.objects.filter(pk__in=list(newest[MAX_DRAFTS:])).delete()
        return JsonResponse({"at": now.isoformat()})


def _read(request: HttpRequest) -> tuple[str, dict[str, str]] | None:
    """Return the base and the fields of a request, or None if it has others than texts."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    fields = body.get("fields") if isinstance(body, dict) else None
    if not isinstance(fields, dict) or len(fields) > MAX_FIELDS:
        return None
    texts = [body.get("base"), *fields, *fields.values()]
    if not all(isinstance(text, str) for text in texts):
        return None
    if sum(map(len, texts)) > MAX_CHARACTERS or len(body["base"]) > MAX_BASE:
        return None
    clean = {storable(name): storable(value) for name, value in fields.items()}
    return storable(body["base"]), clean
