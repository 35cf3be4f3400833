"""The lines of a rubric as a form posts them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from worksheets.marking.rubric import MAX_LINES, RubricLine
from worksheets.views.fields import NumberField, ProseField
from worksheets.views.teacher.forms import MAX_COMMENT
from worksheets.wording.numbers import number, plain


class LineForm(forms.Form):
    """The form for one line; ``line`` is None for a new one, which may stay empty."""

    text = ProseField(
        label=gettext_lazy("What earns marks"),
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea(attrs={"rows": 1, "dir": "auto"}),
    )
    points = NumberField(
        label=gettext_lazy("Marks"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
    )
    is_level = forms.BooleanField(label=gettext_lazy("One of the levels"), required=False)
    is_deleted = forms.BooleanField(label=gettext_lazy("Delete"), required=False)

    def __init__(self, line: RubricLine | None, maximum: Decimal, data: Any = None) -> None:
        prefix = f"line-{line.number}" if line else "line-new"
        initial = {}
        if line:
            initial = {"text": line.text, "points": plain(line.points), "is_level": line.is_level}
        super().__init__(data, prefix=prefix, initial=initial)
        self.line = line
        highest = _("At most %(maximum)s.") % {"maximum": number(maximum)}
        self.fields["points"].validators.append(MaxValueValidator(maximum, highest))
        if line is None:
            del self.fields["is_deleted"]

    @property
    def is_left_out(self) -> bool:
        """Return whether a valid form says nothing of a new line."""
        cleaned = self.cleaned_data
        return self.line is None and not cleaned["text"] and cleaned["points"] is None

    def clean(self) -> dict[str, Any]:
        """Check that a line has its text and its marks, unless it is deleted or left out."""
        cleaned = super().clean() or self.cleaned_data
        text, points = cleaned.get("text"), cleaned.get("points")
        if (
            cleaned.get("is_deleted")
            or self.errors
            or not (text or points is not None or self.line)
        ):
            return cleaned
        if not text:
            self.add_error("text", _("Write what earns these marks."))
        if points is None:
            self.add_error("points", _("Enter the marks too."))
        return cleaned

    def read(self, new_number: int) -> RubricLine:
        """Return the line of a valid form; one that is deleted keeps what it said."""
        cleaned, line = self.cleaned_data, self.line
        if line and cleaned["is_deleted"]:
            return RubricLine(line.number, line.text, line.points, line.is_level, is_deleted=True)
        number_of = line.number if line else new_number
        points = cleaned["points"] + 0  # -0 is within the limits, and is shown as -0
        return RubricLine(number_of, cleaned["text"], points, cleaned["is_level"])


class RubricForms:
    """The forms of all lines of a rubric and of a new one."""

    def __init__(
        self, lines: Sequence[RubricLine], maximum: Decimal, new_number: int, data: Any = None
    ) -> None:
        self.new_number = new_number
        # What is posted may name a new line alone: the others stay as they are.
        self.forms = [
            form
            for form in (LineForm(line, maximum, data) for line in lines)
            if data is None or form.add_prefix("text") in data
        ]
        if len(lines) < MAX_LINES:
            self.forms.append(LineForm(None, maximum, data))

    def is_valid(self) -> bool:
        return all(form.is_valid() for form in self.forms)

    def read(self) -> list[RubricLine]:
        """Return the lines of valid forms."""
        return [form.read(self.new_number) for form in self.forms if not form.is_left_out]
