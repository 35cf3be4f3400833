"""The page on which a teacher gives a worksheet's answers by pressing, and then uses it.

Each press is saved at once. Scripts get JSON with what has changed; a plain form gets the page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lti_tool.models import User
from lti_tool.views.requests import typed_texts
from worksheets import authoring
from worksheets.authoring import ChangedElsewhere, TooLong
from worksheets.authoring.from_paper import too_long_as_worksheet
from worksheets.markup import Extent, MarkupProblem, Sheet
from worksheets.markup.editing import CannotEdit
from worksheets.models import Assignment, Worksheet
from worksheets.models.worksheet import read_sheet
from worksheets.permissions import may_place
from worksheets.questions import keying
from worksheets.rendering import render_sheet
from worksheets.rendering.keying import Keying, also
from worksheets.views.authoring.forms import AssignForm, SelectForm
from worksheets.views.authoring.key_forms import (
    edited,
    item_form,
    posted_words,
    printed_answers,
)
from worksheets.views.authoring.rules_in_words import rules_in_words
from worksheets.views.authoring.text_area import TextArea, open_cautions
from worksheets.views.authoring.using import SETTINGS, USES, UsePage
from worksheets.wording.notices import PARAMETER

MAX_LISTED = 100  # errors that are shown at once
USUAL_MARKS = 5  # that are offered for answers without marks
# Buttons of an item's form after which it stays open.
_STAYS = frozenset({"add", "drop", "step", "add-word"})
# Fields of an item's form that somebody types into.
_TYPED = (
    *("right", "wrong", "say", "hint", "say-right", "say-wrong", "points"),
    *("marks", "least", "most", "model", "rubric"),
)


class KeysView(UsePage):
    """The answers of a worksheet, given on the sheet itself; below it the worksheet is used."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show the sheet; with 'item' also the form of one item, with 'part' nothing else.

        With 'settings' those of its use are open; 'version' only asks for the digest of the text.
        """
        shown = self._shown(self.worksheet(number))
        if "version" in request.GET:
            return JsonResponse({"seen": shown.seen})
        if shown.sheet.is_too_large:
            return self.go("edit", "not-published", number=number)
        item = request.GET.get("item", "")
        if "part" not in request.GET:
            settings = self.settings_form(shown.worksheet) if SETTINGS in request.GET else None
            return self._page(request, shown, item, form=settings)
        form = shown.item(item)
        if not form:
            raise Http404
        return HttpResponse(form)

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Write what was given into the text, if that is still the one that the page shows."""
        worksheet = self.worksheet(number)
        before = worksheet.source
        is_stale = request.POST.get("seen", "") != authoring.digest_of(before)
        try:
            worksheet = _write(worksheet, request.POST, self.visit.user, is_stale=is_stale)
        except CannotEdit as refused:
            return self._refuse(request, worksheet, str(refused) or _cannot_be_written(), 422)
        except TooLong as error:
            return self._refuse(request, worksheet, too_long_as_worksheet(error), 422)
        except ChangedElsewhere:
            return self._refuse(request, self.worksheet(number), _changed_elsewhere(), 409)
        if USES & request.POST.keys():
            return self._use(request, worksheet)
        if {"change", SETTINGS} & request.POST.keys():
            return self._change(request, worksheet)
        if _is_of_a_script(request):
            known = read_sheet("" if is_stale else before)
            reply = self._shown(worksheet).reply(known, request.POST.get("item", ""))
            # Everything stands there already, in a text whose gaps may be others by now.
            return JsonResponse({**reply, "isOther": is_stale})
        return self._back(request, worksheet)

    def _back(self, request: HttpRequest, worksheet: Worksheet) -> HttpResponse:
        """Redirect to the page; an item to which something was added stays open."""
        query = {PARAMETER: "keys-saved"}
        if "item" in request.POST and _STAYS & request.POST.keys():
            query = {"item": request.POST["item"]}
        return HttpResponseRedirect(f"{self.url('keys', number=worksheet.pk)}?{urlencode(query)}")

    def _refuse(
        self, request: HttpRequest, worksheet: Worksheet, error: str, status: int
    ) -> HttpResponse:
        """Say what was not written; it stays in sight, beside the text that is there now."""
        shown = self._shown(worksheet)
        if _is_of_a_script(request):
            gaps = {} if status == 409 else shown.gaps_of(posted_words(request.POST))
            return JsonResponse({"error": error, "gaps": gaps}, status=status)
        typed = typed_texts(request)
        if words := posted_words(request.POST):
            typed = ["\n".join(shown.differing(words))]
        item = request.POST.get("item", "")
        if item:  # years, too, which are no texts elsewhere
            posted = (value.strip() for name in _TYPED for value in request.POST.getlist(name))
            typed = [value for value in posted if value]
        return self._page(request, shown, item, {"error": error, "typed": typed}, status)

    def _use(self, request: HttpRequest, worksheet: Worksheet) -> HttpResponse:
        found = self.use(request, worksheet)
        if isinstance(found, HttpResponse):
            return found
        return self._page(request, self._shown(worksheet), status=422, form=found)

    def _change(self, request: HttpRequest, worksheet: Worksheet) -> HttpResponse:
        """Show the settings; what was typed there stays."""
        if SETTINGS not in request.POST:
            address = self.url("keys", number=worksheet.pk)
            return HttpResponseRedirect(f"{address}?{SETTINGS}=1#{SETTINGS}")
        form = self.settings_form(worksheet, request.POST)
        form.is_valid()  # says what is wrong
        return self._page(request, self._shown(worksheet), form=form)

    def _shown(self, worksheet: Worksheet) -> ShownKeys:
        return ShownKeys(self, worksheet, read_sheet(worksheet.source))

    def _page(
        self,
        request: HttpRequest,
        shown: ShownKeys,
        item: str = "",
        refused: Mapping[str, object] | None = None,
        status: int = 200,
        form: AssignForm | SelectForm | None = None,
    ) -> HttpResponse:
        context = {
            "worksheet": shown.worksheet,
            "seen": shown.seen,
            "document": shown.document,
            "count": shown.count,
            "item": shown.item(item) if item else "",
            **(refused or {}),
            **shown.rest_context,
            **self.use_context(request, shown.worksheet, form),
        }
        return self.page(request, "worksheets/authoring/keys.html", context, status)


@dataclass(frozen=True)
class ShownKeys:
    """A worksheet's text as the page and its script get it."""

    view: UsePage
    worksheet: Worksheet
    sheet: Sheet

    @property
    def seen(self) -> str:
        return authoring.digest_of(self.worksheet.source)

    @property
    def document(self) -> SafeString:
        return render_sheet(self.sheet, self._keying.widgets, below=0)

    @property
    def count(self) -> str:
        """Return 'Answers 3 of 8 gaps · Marks 0 of 4 questions'."""
        sheet, parts = self.sheet, []
        if sheet.gaps:
            words = _("Answers %(n)s of %(of)s gaps")
            parts.append(words % {"n": keying.with_answer(sheet), "of": len(sheet.gaps)})
        if sheet.questions:
            words = _("Marks %(n)s of %(of)s questions")
            parts.append(words % {"n": keying.with_marks(sheet), "of": len(sheet.questions)})
        return " · ".join(parts)

    def item(self, key: str) -> str:
        """Return the form of a gap or a question, '' if the sheet has none of this key."""
        return item_form(self.sheet, key, self.seen, self._item_url(key), self._not_in_bank)

    @property
    def rest_context(self) -> dict[str, Any]:
        """Return what is shown below the sheet: what it still lacks, and how it is used."""
        sheet, view = self.sheet, self.view
        errors = keying.other_errors(sheet)
        assigned = view.find_or_inherit_assignment()
        newest = self.worksheet.newest_edition
        return {
            "sheet": sheet,
            "worksheet": self.worksheet,
            "token": view.visit.token,
            "visit": view.visit,
            "errors": [self._error(error) for error in errors[:MAX_LISTED]],
            "more_errors": max(len(errors) - MAX_LISTED, 0),
            "without_key": keying.without_key(sheet),
            "gaps_to_go": len(sheet.gaps) - keying.with_answer(sheet),
            "left_over": keying.left_over(sheet) if keying.has_all_answers(sheet) else [],
            "usual_marks": USUAL_MARKS,
            "printed": len(printed_answers(self.worksheet, sheet)),
            "may_place": view.visit.deep_linking is not None or may_place(view.visit, assigned),
            "has_other_choices": view.has_other_choices(self.worksheet),
            "uses_another": self._other_worksheet(assigned),
            "rules": rules_in_words(view.visit, sheet, assigned),
            "notes": self._notes()[:MAX_LISTED],
            "newest": newest,
            "is_published": newest is not None and newest.source == self.worksheet.source,
        }

    def _notes(self) -> list[tuple[int, str, Extent]]:
        """Return what the import asks and nobody has answered. Of repairs nothing is asked."""
        repairs = frozenset({authoring.REPAIR})
        return open_cautions(self.worksheet, self.worksheet.source, without=repairs)

    def _error(self, error: MarkupProblem) -> dict[str, object]:
        """Return an error with where it stands in the editor; one of a bank also with its gap."""
        gap = next(
            (gap.key for gap in self.sheet.gaps if tuple(gap.extent) == (error.start, error.end)),
            "",
        )
        is_of_bank = error.code == keying.NOT_IN_BANK and gap
        return {
            "problem": error,
            "place": self._area.extent(error.start, error.end),
            "item": gap if is_of_bank else "",
            "url": self._item_url(gap) if is_of_bank else "",
        }

    @cached_property
    def _area(self) -> TextArea:
        return TextArea(self.worksheet.source)

    def _other_worksheet(self, assigned: Assignment | None) -> str:
        """Return the title of another worksheet that this activity uses now, or ''."""
        if assigned is None or assigned.edition.worksheet_id == self.worksheet.pk:
            return ""
        return assigned.edition.title

    def reply(self, known: Sheet, item: str) -> dict[str, Any]:
        """Return what differs from the sheet that the script knows, and what stands around it."""
        sheet = self.sheet
        gaps = dict(zip(known.gaps, _not_in_banks(known), strict=True))
        before = {gap.key: (gap, is_missing) for gap, is_missing in gaps.items()}
        changed = [
            gap.key
            for gap, is_missing in zip(sheet.gaps, _not_in_banks(sheet), strict=True)
            if before.get(gap.key) != (gap, is_missing)
        ]
        questions = {question.key: question for question in known.questions}
        return {
            "seen": self.seen,
            "gaps": self.gaps_of(changed),
            "boxes": {
                question.key: self._keying.decided(question)
                for question in sheet.questions
                if questions.get(question.key) != question
            },
            "banks": {
                index: self._keying.bank(index)
                for index, bank in enumerate(sheet.banks)
                if known.banks[index : index + 1] != (bank,)
            },
            "count": self.count,
            "rest": render_to_string("worksheets/authoring/keys_rest.html", self.rest_context),
            "item": self.item(item) if item else "",
        }

    def gaps_of(self, found: Mapping[str, str] | list[str]) -> dict[str, dict[str, object]]:
        """Return these gaps as the script shows them."""
        rows: dict[str, dict[str, object]] = {}
        for key in found:
            try:
                gap = keying.gap_of(self.sheet, key)
            except CannotEdit:
                continue
            rows[key] = {
                "word": keying.answer_of(gap),
                "key": json.dumps(keying.key_value(gap)),
                "also": also(gap),
                "isMissing": key in self._not_in_bank,
            }
        return rows

    def differing(self, words: Mapping[str, str]) -> list[str]:
        """Return 'Gap 3: Manchuria' for each word that is another one than the text has."""
        lines = []
        for key, word in words.items():
            number = key[1:]
            stands = self.gaps_of([key]).get(key, {}).get("word", "")
            if word != stands:
                lines.append(_("Gap %(n)s: %(word)s") % {"n": number, "word": word or "–"})
        return lines

    @cached_property
    def _keying(self) -> Keying:
        pictures = self.view.pictures(self.worksheet.pk)
        return Keying(self.sheet, pictures, self._item_url, self.seen)

    @cached_property
    def _not_in_bank(self) -> frozenset[str]:
        return keying.gaps_not_in_bank(self.sheet)

    def _item_url(self, key: str) -> str:
        address = self.view.url("keys", number=self.worksheet.pk)
        return f"{address}?{urlencode({'item': key})}"


def _write(worksheet: Worksheet, posted: QueryDict, by: User, *, is_stale: bool) -> Worksheet:
    """Write what was posted into the text. With ``is_stale`` the page shows another one.

    Raise ChangedElsewhere then, unless everything stands there already: a script sends it again
    where an answer was lost. Raise CannotEdit, TooLong.
    """
    before = worksheet.source
    source = edited(before, posted)
    if "printed" in posted:
        source = keying.write_words(source, printed_answers(worksheet, read_sheet(source)))
    if is_stale and (source != before or USES & posted.keys()):
        raise ChangedElsewhere
    if source == before:
        return worksheet
    return authoring.save(worksheet, source, seen=authoring.digest_of(before), by=by)


def _not_in_banks(sheet: Sheet) -> list[bool]:
    missing = keying.gaps_not_in_bank(sheet)
    return [gap.key in missing for gap in sheet.gaps]


def _is_of_a_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _cannot_be_written() -> str:
    return _(
        "This cannot be written into the text here, so nothing was changed. Write it in the text"
        " of the worksheet."
    )


def _changed_elsewhere() -> str:
    return _(
        "This worksheet was changed in another window after you opened it here. Nothing was"
        " overwritten: what stands there now is shown below."
    )
