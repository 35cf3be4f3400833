"""Forms of the teacher's pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from worksheets.gradebook import plain
from worksheets.markup import Question
from worksheets.models import Assignment, Mark
from worksheets.pictures import NoPicture, ReadPicture, picture_name, read_picture

MAX_SOURCE = 200_000  # characters


class SourceForm(forms.Form):
    """The text of a worksheet, and when the text it began with was saved."""

    source = forms.CharField(
        label=_("Text of the worksheet"),
        required=False,
        strip=False,
        max_length=MAX_SOURCE,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true", "dir": "auto"}),
        error_messages={
            "max_length": _(
                "The text is %(show_value)d characters long; the most is %(limit_value)d."
                " Nothing was saved."
            )
        },
    )
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def clean_source(self) -> str:
        """One kind of line end: browsers post two characters for it."""
        source: str = self.cleaned_data["source"]
        return source.replace("\r\n", "\n").replace("\r", "\n")


class PasteForm(forms.Form):
    """Where a worksheet comes from: a paste, a file, or nothing yet."""

    text = forms.CharField(
        label=_("Paste the text of a paper worksheet, or text that you have written"),
        required=False,
        strip=False,
        max_length=MAX_SOURCE,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    paper = forms.FileField(
        label=_("… or choose a file"),
        required=False,
        help_text=_("Text, Word (.docx) or PDF."),
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.md,.docx,.pdf"}),
    )


class PictureForm(forms.Form):
    """A picture for the worksheet."""

    picture = forms.FileField(
        label=_("Add a picture"),
        help_text=_("PNG, JPEG, WebP or GIF, at most 5 MB."),
        widget=forms.ClearableFileInput(
            attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}
        ),
    )

    def clean_picture(self) -> tuple[str, ReadPicture]:
        """The picture's name in the text, and the picture, written anew."""
        upload = self.cleaned_data["picture"]
        try:
            return picture_name(upload.name), read_picture(upload.read())
        except NoPicture as problem:
            raise forms.ValidationError(
                _("This is no PNG, JPEG, WebP or GIF picture of at most 5 MB.")
            ) from problem


class PlaceForm(forms.ModelForm[Assignment]):
    """The rules for this class."""

    class Meta:
        model = Assignment
        fields = ["feedback", "closes_at"]
        widgets = {
            "closes_at": forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class MarkForm(forms.Form):
    """A number and a comment for one written answer."""

    points = forms.DecimalField(label=_("Points"), min_value=0, max_digits=9, decimal_places=2)
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, question: Question, mark: Mark | None, data: Any = None) -> None:
        initial = {"points": plain(mark.points), "comment": mark.comment} if mark else {}
        super().__init__(data, prefix=question.key, initial=initial)
        self.question = question
        points = self.fields["points"]
        points.required = False  # a comment may come before the number
        maximum = question.marks or Decimal(0)
        points.validators.append(MaxValueValidator(maximum))
        points.label = _("Points out of %(maximum)s") % {"maximum": plain(maximum)}
        points.widget.attrs.update({"max": str(maximum), "min": "0", "step": "any"})
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Field("points", wrapper_class="mark-points"),
            Field("comment", wrapper_class="flex-grow-1"),
        )

    def clean(self) -> dict[str, Any]:
        """A comment alone cannot be kept: it belongs to a mark."""
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("comment")
            and cleaned.get("points") is None
            and not self.has_error("points")
        ):
            self.add_error("points", _("Give a number too: the comment is kept with it."))
        return cleaned
