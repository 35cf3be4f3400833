"""Forms of the teacher's pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from lti_tool.models import StoredLaunch
from lti_tool.platforms.products import product_of
from worksheets import gradebook
from worksheets.authoring import MAX_SOURCE
from worksheets.authoring.assigning import AssignmentRules
from worksheets.authoring.pictures import (
    MAX_BYTES,
    PictureRefused,
    picture_name,
    read_picture,
)
from worksheets.formats.paper import MAX_FILE_BYTES
from worksheets.formats.picture_file import StoredPicture
from worksheets.gradebook import preview
from worksheets.gradebook.scoring import GAPS
from worksheets.markup import Sheet
from worksheets.models import Assignment, Edition, Feedback, NewAttempt, Sending
from worksheets.policy.schedule import lms_leads
from worksheets.views.fields import NumberField, PercentField, ProseField
from worksheets.views.moments import MomentField, ZonedForm, date_and_time, zone_field
from worksheets.wording.messages import translate
from worksheets.wording.numbers import plain

_TOO_LONG = {
    "max_length": _(
        "This text has %(show_value)d characters. At most %(limit_value)d can be saved. Nothing was"
        " saved."
    )
}


class SourceForm(forms.Form):
    """The form with a worksheet's text, and the digest of the text that it began with."""

    source = ProseField(
        label=_("Text of the worksheet"),
        required=False,
        strip=False,
        max_length=MAX_SOURCE,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true", "dir": "auto"}),
        error_messages=_TOO_LONG,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class PasteForm(forms.Form):
    """The form that begins a worksheet: from a paste, a file, or nothing yet."""

    max_megabytes = MAX_FILE_BYTES // 1_000_000

    # A browser takes a file that is dropped on such a field: staff.css makes it a place to aim at.
    paper = forms.FileField(
        label=_("Drop a paper worksheet here, or choose a file"),
        required=False,
        help_text=_(
            "Text, Word (.docx), OpenDocument (.odt), RTF or PDF; or a file of worksheets that was"
            " saved here (.zip)."
        ),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".txt,.md,.docx,.odt,.rtf,.pdf,.zip", "class": "drop-zone"}
        ),
    )
    text = ProseField(
        label=_("… or paste its text, or your own"),
        required=False,
        strip=False,
        max_length=MAX_SOURCE,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages=_TOO_LONG,
    )


class PictureForm(forms.Form):
    """The form that adds a picture to a worksheet."""

    picture = forms.FileField(
        label=_("Add a picture"),
        help_text=_("PNG, JPEG, WebP or GIF, at most 5 MB."),
        widget=forms.ClearableFileInput(
            attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}
        ),
    )

    def clean_picture(self) -> tuple[str, StoredPicture]:
        """Return the picture's name in the text, and the picture, written anew.

        Raise ValidationError if it is none or too large.
        """
        upload = self.cleaned_data["picture"]
        try:
            # One byte more than allowed is enough to refuse a file.
            return picture_name(upload.name), read_picture(upload.read(MAX_BYTES + 1))
        except PictureRefused as error:
            raise forms.ValidationError(translate(error.sentence)) from error


_CHOSEN = ["feedback", "sending", "attempt_limit", "new_attempt", "counting", "may_work_together"]
_DATES = ["opens_at", "due_at", "closes_at", "late_deduction", "late_per_day"]
_RULES = [*_CHOSEN, *_DATES, "assistants_release", "assistants_correct"]


def _rule(name: str) -> forms.Field:
    """Return the field as on the page of an activity that is placed already."""
    widgets: dict[str, type[forms.Widget] | forms.Widget] = {"sending": forms.RadioSelect}
    classes: dict[str, type[forms.Field]] = {"late_deduction": PercentField}
    field: forms.Field = forms.fields_for_model(
        Assignment, [name], widgets=widgets, field_classes=classes
    )[name]
    return field


class AssignForm(ZonedForm, forms.ModelForm[Assignment]):
    """The form with the rules for this class; dates that the LMS tells are shown, not edited.

    ``notes`` are sentences that say them, in the place of their fields.
    """

    mark_again = forms.BooleanField(
        label=_("Re-mark submitted work with the corrected answers"),
        required=False,
        help_text=_("You see first whose marks change. Marks that you gave stay."),
    )
    zone = zone_field()

    class Meta:
        model = Assignment
        fields = _RULES
        widgets = {
            "sending": forms.RadioSelect,
            "opens_at": date_and_time(),
            "due_at": date_and_time(),
            "closes_at": date_and_time(),
        }
        field_classes = {
            "opens_at": MomentField,
            "due_at": MomentField,
            "closes_at": MomentField,
            "late_deduction": PercentField,
        }

    def __init__(self, edition: Edition, *args: Any, launch: StoredLaunch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.helper = _plain_helper()
        assignment = self.instance
        _show_ways_of_sending(
            self.fields["sending"], edition.sheet, assignment.sending, _no_second_column(launch)
        )
        if not (assignment.pk and assignment.attempts.exclude(edition=edition.pk).exists()):
            del self.fields["mark_again"]
        self.notes = list(self._date_notes(launch))
        self._may_be_late = bool(launch.due_at) or lms_leads(launch)
        _warn_of_two_deductions(self, launch)

    def _date_notes(self, launch: StoredLaunch) -> Iterator[str]:
        words = {
            "opens_at": _("Opens on %(at)s. This date is set in your LMS. Change it there."),
            "due_at": _("Due by %(at)s. This date is set in your LMS. Change it there."),
            "closes_at": _("Closes on %(at)s. This date is set in your LMS. Change it there."),
        }
        leads = launch.dates_lead and any(getattr(launch, name) for name in words)
        for name, sentence in words.items():
            if at := getattr(launch, name):
                self.fields.pop(name, None)
                yield str(sentence) % {
                    "at": date_format(timezone.localtime(at), str(_("j F Y, H:i (T)")))
                }
            elif leads:
                self.fields.pop(name, None)
        if leads:
            yield str(_("The dates are those of the assignment in your LMS. Change them there."))
        elif launch.dates_lead:
            yield str(
                _(
                    "The assignment has no dates in your LMS, so the dates here count. As soon as"
                    " it has a date there, only the dates in your LMS count."
                )
            )

    def clean(self) -> dict[str, Any]:
        """Check that the rules fit each other and the worksheet."""
        cleaned = super().clean() or self.cleaned_data
        _check_rules(self, cleaned, self.edition)
        if cleaned.get("late_deduction") and not (self._may_be_late or cleaned.get("due_at")):
            self.add_error("due_at", _("Without a due date nothing is late. Choose one."))
        return cleaned

    def rules(self) -> AssignmentRules:
        """Return what was posted; a date that the LMS tells leaves ours as it was."""
        return AssignmentRules.of(self.instance)


class SelectForm(ZonedForm, forms.Form):
    """The form for one link that the LMS shall make: its title, its points, and the rules."""

    title = forms.CharField(label=_("Title in the course"), max_length=200)
    points = NumberField(
        label=_("Maximum mark in the gradebook"),
        min_value=Decimal("0.01"),
        max_value=Decimal(10_000),
        max_digits=7,
        decimal_places=2,
        help_text=_("The LMS scales the worksheet's marks to this number."),
    )
    feedback = _rule("feedback")
    sending = _rule("sending")
    attempt_limit = _rule("attempt_limit")
    new_attempt = _rule("new_attempt")
    counting = _rule("counting")
    may_work_together = _rule("may_work_together")
    opens_at = MomentField(label=_("Opens at"), required=False, widget=date_and_time())
    due_at = MomentField(label=_("Due by"), required=False, widget=date_and_time())
    closes_at = MomentField(label=_("Closes at"), required=False, widget=date_and_time())
    late_deduction = _rule("late_deduction")
    late_per_day = _rule("late_per_day")
    new_window = forms.BooleanField(label=_("Open in a new window"), required=False)
    zone = zone_field()

    def __init__(self, edition: Edition, marks: Decimal, data: QueryDict) -> None:
        """Take posted values where there are any; a worksheet just ticked has the defaults."""
        prefix = f"w{edition.worksheet_id}"
        defaults = {
            "title": edition.title,
            "points": plain(marks),
            "zone": timezone.get_current_timezone_name(),
            **{name: getattr(AssignmentRules(), name) for name in _CHOSEN},
        }
        posted = f"{prefix}-title" in data
        filled = data if posted else {f"{prefix}-{name}": v for name, v in defaults.items()}
        super().__init__(filled, prefix=prefix)
        self.edition = edition
        _show_ways_of_sending(self.fields["sending"], edition.sheet)
        if not marks:  # nothing to earn: a link without a column
            del self.fields["points"]
        self.helper = _plain_helper()

    def clean_title(self) -> str:
        """Return the title on one line."""
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean(self) -> dict[str, Any]:
        """Check that the rules fit each other and the worksheet."""
        cleaned = super().clean() or self.cleaned_data
        _check_rules(self, cleaned, self.edition)
        return cleaned

    def rules(self) -> AssignmentRules:
        """Return the policy for this link; what is not asked here is as usual."""
        names = {rule.name for rule in fields(AssignmentRules)} & self.fields.keys()
        return AssignmentRules(**{name: self.cleaned_data[name] for name in names})


def _show_ways_of_sending(
    field: forms.Field, sheet: Sheet, chosen: str = "", no_second_column: str = ""
) -> None:
    """Let each choice say what the gradebook will show, or what keeps it from that."""
    said = {Sending.GAPS_COLUMN: no_second_column}
    field.choices = [  # type: ignore[attr-defined]
        (
            way.value,
            format_html(
                "<span>{} <small>{}</small></span>",
                way.label,
                said.get(way) or preview.sentence(way, sheet),
            ),
        )
        for way in preview.ways(sheet, chosen)
    ]
    field.help_text = preview.introduction(sheet)


def _no_second_column(launch: StoredLaunch) -> str:
    """Return the words for an LMS that gives tools no more than the activity's own column."""
    if launch.link is None or not gradebook.column_problem(launch.link, GAPS):
        return ""
    return str(_("Your LMS lets this tool add no column: marks for the gaps would not be sent."))


def _warn_of_two_deductions(form: forms.BaseForm, launch: StoredLaunch) -> None:
    """Say beside the deduction that the LMS may have one of its own, if that is so."""
    product = product_of(launch.registration.product)
    if product.deducts_late:
        field = form.fields["late_deduction"]
        field.help_text = format_html(
            "{} <strong>{}</strong>",
            field.help_text,
            _(
                "%(lms)s deducts too where a late policy is set in its gradebook. Use only one of"
                " the two: it is told when the work was submitted, as always."
            )
            % {"lms": product.name},
        )


def _plain_helper() -> FormHelper:
    """Return a helper without form tag and CSRF token.

    The template has the form's tag, and the secret is in the address.
    """
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


def _check_rules(form: forms.BaseForm, cleaned: dict[str, Any], edition: Edition) -> None:
    opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
    if opens and closes and closes <= opens:
        form.add_error("closes_at", _("The worksheet must close after it opens."))
    due = cleaned.get("due_at")
    if due and ((opens and due <= opens) or (closes and due > closes)):
        form.add_error("due_at", _("The due date must be after it opens, and not after it closes."))
    hides_which = cleaned.get("feedback") == Feedback.SCORE and cleaned.get("attempt_limit") != 1
    if hides_which and cleaned.get("new_attempt") == NewAttempt.RIGHT:
        form.add_error(
            "new_attempt",
            _(
                "What is kept would show which gaps are right. Choose another start, or let pupils"
                " see which gaps are right."
            ),
        )
    if cleaned.get("sending") == Sending.GAPS_ONLY and not edition.sheet.automatic_marks:
        form.add_error(
            "sending",
            _(
                "Nothing on this worksheet is marked automatically, so no mark would ever go to"
                " the gradebook."
            ),
        )
