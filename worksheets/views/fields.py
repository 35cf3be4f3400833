"""Form fields that several pages share."""

from __future__ import annotations

from typing import Any

from django import forms


class ProseField(forms.CharField):
    """Text of many lines, each ending in one character: browsers post two.

    A browser that knows the most cuts a paste there without a word, so it is not told:
    who wrote more is answered with a sentence.
    """

    def to_python(self, value: Any) -> str:
        """Before its length is checked: what fits in here fits the next time, too."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without ``maxlength``."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs
