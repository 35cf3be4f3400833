"""A gap or a word bank made of what is selected in the editor; nothing is saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from lti_tool.protocol.values import whole_number
from worksheets.formats.paper.terms import WordCounts, split_terms
from worksheets.markup import Extent
from worksheets.markup.comparing import count_same
from worksheets.markup.editing import CannotEdit, make_gap
from worksheets.markup.reshaping import to_bank
from worksheets.questions import KINDS, parse_sheet
from worksheets.views.authoring.forms import SourceForm
from worksheets.views.authoring.text_area import TextArea
from worksheets.views.base import AuthorView

MAX_DIGITS = 7  # of a place in a text
MAX_SELECTED = 5_000  # characters that become words of a bank

_SPACES = re.compile(r"[^\S\t\n]{3,}")


def _to_gap(source: str, extent: Extent) -> str:
    return make_gap(source, extent, KINDS.values())


def _to_bank(source: str, extent: Extent) -> str:
    selected = source[slice(*extent)]
    if len(selected) > MAX_SELECTED:
        raise CannotEdit
    # What separates words is looked for at each space: a run of them says no more than two do.
    rows = [_SPACES.sub("  ", row) for row in selected.splitlines() if row.strip()]
    words = split_terms(rows, len(parse_sheet(source).gaps), WordCounts(source)) if rows else []
    return to_bank(source, extent, words, KINDS.values())


_ACTIONS: Mapping[str, Callable[[str, Extent], str]] = {"gap": _to_gap, "bank": _to_bank}


class MarkUpView(AuthorView):
    """The address to which the editor's bar sends a text with what is selected in it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Return the one change that makes what was asked for."""
        self.worksheet(number)
        form = SourceForm(request.POST)
        action = _ACTIONS.get(request.POST.get("do", ""))
        places = [whole_number(request.POST.get(at, ""), MAX_DIGITS) for at in ("start", "end")]
        start, end = places
        if not form.is_valid() or action is None or start is None or end is None:
            return JsonResponse({}, status=400)
        source = form.cleaned_data["source"]
        area = TextArea(source)
        try:
            after = action(source, Extent(area.index(start), area.index(end)))
        except CannotEdit:
            said = _(
                "That cannot be made of what is selected. Nothing was changed. Select only words"
                " that pupils see."
            )
            return JsonResponse({"said": said}, status=422)
        return JsonResponse(_change(source, after, area))


def _change(before: str, after: str, area: TextArea) -> dict[str, object]:
    """Return where one text differs from another, in the units of the text area, and by what."""
    head = count_same(before, after)
    tail = count_same(before[head:][::-1], after[head:][::-1])
    start, end = area.extent(head, len(before) - tail)
    return {"start": start, "end": end, "text": after[head : len(after) - tail]}
