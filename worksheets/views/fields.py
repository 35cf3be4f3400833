"""Form fields that several pages share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from worksheets.marking.figures import plain_figures


class NumberField(forms.DecimalField):
    """A number that may be typed with a comma or a full stop and any figures, in every language.

    It is typed into a field for text: in one for numbers, browsers let a mouse wheel or an arrow
    change it, which scrolled the page a moment before.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 6, "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        """Return the number. Raise ValidationError for what is none."""
        typed = plain_figures(value).strip() if value else ""
        if "_" in typed:  # which Python reads over
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().clean(typed.replace(",", "."))


class ProseField(forms.CharField):
    """A text of many lines with one character at each line's end, where browsers post two.

    A browser that knows the maximum cuts a longer paste without a word, so it is not told:
    a text that is too long is answered with a sentence.
    """

    def to_python(self, value: Any) -> str:
        """Return the text with one character a line end, before its length is checked."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return the attributes without ``maxlength``."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class PercentField(forms.IntegerField):
    """A whole number from 0 to 100; what is left blank is 0. No wheel or arrow changes it."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"required": False, "min_value": 0, "max_value": 100}
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int:
        """Return the number. Raise ValidationError for what is none."""
        return super().clean(value) or 0
