"""Forms of the teacher's pages at one link."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.validators import MaxValueValidator
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from worksheets.markup import Question
from worksheets.models import Attempt, Mark
from worksheets.views.fields import NumberField, ProseField
from worksheets.wording.numbers import number

MAX_COMMENT = 4000  # characters of a comment


class SeenForm(forms.Form):
    """The base of forms whose fields may be saved elsewhere while their page is open.

    ``seen`` says what its page showed. What was not changed on the page stays as it is saved by
    now; what was saved elsewhere meanwhile is not overwritten before somebody has read it.
    ``kept`` are the names of these fields.
    """

    kept: tuple[str, ...] = ()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, prefix: str, initial: dict[str, str]) -> None:
        super().__init__(data, prefix=prefix, initial=initial)
        self.saved_elsewhere = self._meet(initial)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def _meet(self, saved: dict[str, str]) -> dict[str, str]:
        """Take what is saved into fields that were not changed; return what is against others."""
        now = {name: saved.get(name, "") for name in self.kept}
        self.fields["seen"].initial = json.dumps(now)
        seen = _seen(self.data.get(self.add_prefix("seen")))
        if seen is None:
            return {}
        against = {}
        own = [name for name in self.data if name.startswith(f"{self.prefix}-")]
        data = {name: self.data[name] for name in own}
        for name, text in now.items():
            key = self.add_prefix(name)
            posted = data.get(key, text).replace("\r\n", "\n").strip()
            if posted == seen.get(name) and text != posted:
                data[key] = text
            elif text not in [posted, seen.get(name)]:
                against[name] = text
        data[self.add_prefix("seen")] = self.fields["seen"].initial
        self.data = data
        return against

    def clean(self) -> dict[str, Any]:
        """Refuse what would overwrite a text that the page did not show."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.saved_elsewhere.keys() & self.fields.keys():
            words = _("This was saved as “%(text)s” meanwhile. Save again to replace it.")
            self.add_error(name, words % {"text": self.saved_elsewhere[name]})
        return cleaned


class MarkForm(SeenForm):
    """The form for a number and a comment on one answer; for a comment alone if it has no marks."""

    kept = ("points", "comment")
    points = NumberField(label=_("Mark"), min_value=0, max_digits=9, decimal_places=2)
    comment = ProseField(
        label=_("Comment"),
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, question: Question[Any], mark: Mark | None, data: Any = None) -> None:
        initial = {"points": number(mark.points), "comment": mark.comment} if mark else {}
        super().__init__(data, question.key, initial)
        self.question = question
        points = self.fields["points"]
        points.required = False  # a comment may come before the number
        if question.marks is None:
            del self.fields["points"]
        maximum = question.marks or Decimal(0)
        points.validators.append(MaxValueValidator(maximum))
        points.label = _named(_("Mark / %(maximum)s") % {"maximum": number(maximum)}, question)
        self.fields["comment"].label = _named(_("Comment"), question)
        shown = [Field("points", wrapper_class="mark-points"), "comment"]
        self.helper.layout = Layout(*(shown if "points" in self.fields else shown[1:]), "seen")

    def clean(self) -> dict[str, Any]:
        """Check that a comment has a number: it is kept with the mark."""
        cleaned = super().clean()
        if "points" not in self.fields:
            # A comment alone: the answer has no marks.
            is_new = cleaned.get("comment") or self.initial
            return {**cleaned, "points": Decimal(0) if is_new else None}
        if cleaned.get("points") is None and not self.has_error("points"):
            if cleaned.get("comment"):
                self.add_error("points", _("Enter a mark too. The comment is saved with it."))
            elif self.initial and self.add_prefix("points") in self.data:
                self.add_error("points", _("A mark can be changed. It cannot be taken away."))
        return cleaned


class OverallForm(SeenForm):
    """The form for a comment on all of a pupil's work, in two parts that may both be empty."""

    kept = ("went_well", "better_if")
    went_well = ProseField(
        label=_("What went well"),
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    better_if = ProseField(
        label=_("Even better if"),
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, attempt: Attempt, data: Any = None) -> None:
        texts = {name: str(getattr(attempt, name)) for name in self.kept}
        super().__init__(data, "overall", texts)
        # A page from before this form, or a form without it, leaves what is saved.
        if data is not None and not any(name in data for name in map(self.add_prefix, self.kept)):
            self.data = {self.add_prefix(name): text for name, text in texts.items()}
        self.helper.layout = Layout("went_well", "better_if", "seen")

    @property
    def texts(self) -> dict[str, str]:
        """Return the texts of a valid form by the names of the attempt's fields."""
        return {name: self.cleaned_data[name] for name in self.kept}

    def has_changed_from(self, attempt: Attempt) -> bool:
        """Return whether a valid form has other texts than an attempt."""
        return any(getattr(attempt, name) != text for name, text in self.texts.items())


def _seen(posted: object) -> dict[str, object] | None:
    """Return what a page says that it showed, or None if it does not say so."""
    try:
        seen = json.loads(posted) if isinstance(posted, str) else None
    except (ValueError, RecursionError):
        return None
    return seen if isinstance(seen, dict) else None


def _named(label: str | Promise, question: Question[Any]) -> SafeString:
    """Return a label that says to a screen reader of which question it is."""
    return format_html('{}<span class="visually-hidden">: {}</span>', label, question.prompt)
