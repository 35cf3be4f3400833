"""The form for dates of single pupils."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lti_tool.protocol.custom_parameters import LAST_YEAR
from worksheets.attempts import GivenDates
from worksheets.models import PupilDates
from worksheets.policy.local_time import days_later
from worksheets.policy.schedule import Schedule
from worksheets.views.fields import ProseField
from worksheets.views.moments import MomentField, ZonedForm, date_and_time, zone_field

MAX_DAYS = 366
MAX_NOTE = 500  # characters


class DatesForm(ZonedForm, forms.Form):
    """The form for a pupil's own dates: typed, or so many days after those of the class.

    ``moved`` is true once it is valid if a change of clocks leaves out or repeats that time on such
    a day, so that it is a later one.
    """

    days = forms.IntegerField(
        label=_("Days later than the class"),
        required=False,
        min_value=1,
        max_value=MAX_DAYS,
        # A field for numbers changes under a mouse wheel.
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "autocomplete": "off"}),
        help_text=_(
            "The due date and the closing time are that many days later, at the same time."
        ),
    )
    opens_at = MomentField(label=_("Opens at"), required=False, widget=date_and_time())
    due_at = MomentField(label=_("Due by"), required=False, widget=date_and_time())
    closes_at = MomentField(label=_("Closes at"), required=False, widget=date_and_time())
    note = ProseField(
        label=_("Note"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Only teachers of the course see it."),
    )
    zone = zone_field()

    def __init__(self, of_class: Schedule, row: PupilDates | None, data: Any = None) -> None:
        names = ("opens_at", "due_at", "closes_at", "note")
        initial = {name: getattr(row, name) for name in names} if row else {}
        super().__init__(data, initial=initial)
        self.of_class, self.moved = of_class, False
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict[str, Any]:
        """Compute days, and check that the dates that will hold fit each other."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if cleaned["days"]:
            self._move(cleaned)
        if self.errors:
            return cleaned
        if not any(cleaned[name] for name in ("opens_at", "due_at", "closes_at")):
            text = _("Give a number of days or at least one date.")
            self.add_error("due_at", text)
            return cleaned
        self._check_order(cleaned)
        return cleaned

    def _move(self, cleaned: dict[str, Any]) -> None:
        """Put the class's dates so many days later in the place of the due and closing date."""
        # A form that changes dates has them in these fields already.
        if {"due_at", "closes_at"} & set(self.changed_data):
            self.add_error("days", _("Give either a number of days or dates, not both."))
            return
        if not (self.of_class.due_at or self.of_class.closes_at):
            text = _("The class has no due date and no closing time. Type a date below.")
            self.add_error("days", text)
            return
        for name in ("due_at", "closes_at"):
            cleaned[name] = self._later(getattr(self.of_class, name), cleaned["days"])

    def _later(self, moment: datetime | None, days: int) -> datetime | None:
        if moment is None:
            return None
        if moment.year > LAST_YEAR - 2:
            return moment  # no limit that anybody will see
        found = days_later(moment, days, timezone.get_current_timezone())
        self.moved = self.moved or found.is_moved
        return found.at

    def _check_order(self, cleaned: dict[str, Any]) -> None:
        opens = cleaned["opens_at"] or self.of_class.opens_at
        due, closes = cleaned["due_at"], cleaned["closes_at"]
        # A closing time that is the class's gives way to a later due date.
        last = closes or due or self.of_class.closes_at
        if opens and last and last <= opens:
            name = "closes_at" if closes else "due_at" if due else "opens_at"
            words = _("The worksheet must close after it opens.")
            if name == "due_at":
                words = _("The due date must be after it opens.")
            self.add_error(name, words)
        elif due and closes and due > closes:
            self.add_error("due_at", _("The due date must not be after it closes."))

    def dates(self) -> GivenDates:
        """Return what was given, once it is valid."""
        cleaned = self.cleaned_data
        return GivenDates(cleaned["opens_at"], cleaned["due_at"], cleaned["closes_at"])
