"""Form fields for moments, read in the time zone in which their page showed them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from lti_tool.models.course import zone_named
from lti_tool.protocol.custom_parameters import FIRST_YEAR, LAST_YEAR
from worksheets.policy.local_time import OddHour, odd_hour


def read_moment(text: str) -> datetime | None:
    """Return the moment that a page of ours has written, None for any other text.

    Nothing that we write is outside FIRST_YEAR to LAST_YEAR, and what is may lead out of what can
    be stored, as in ``MomentField``.
    """
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    is_ours = at is not None and at.tzinfo is not None and FIRST_YEAR <= at.year <= LAST_YEAR
    return at if is_ours else None


class MomentField(forms.DateTimeField):
    """A moment from FIRST_YEAR to LAST_YEAR.

    At the ends of what datetime holds, an offset leads out of what can be stored.
    """

    default_error_messages = {
        "year": _("Choose a year from %(first)s to %(last)s."),
        "missing": _(
            "There is no %(time)s on %(date)s in the time zone %(zone)s: the clocks go forward."
            " Choose another time."
        ),
        "twice": _(
            "%(time)s comes twice on %(date)s in the time zone %(zone)s: the clocks go back."
            " Choose another time."
        ),
    }

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment that a person typed, or that a browser posts.

        Raise ValidationError for a year out of range, and for a time that a change of clocks leaves
        out or repeats.
        """
        moment = self._moment(value)
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            years = {"first": FIRST_YEAR, "last": LAST_YEAR}
            raise forms.ValidationError(self.error_messages["year"], code="year", params=years)
        return moment

    def _moment(self, value: Any) -> datetime | None:
        try:
            found: datetime | None = super().to_python(value)
        except forms.ValidationError as error:
            # Django's word for both hours that a change of clocks makes odd; what else it refuses
            # can be no date at all.
            is_odd = error.code == "ambiguous_timezone"
            wall = parse_datetime(str(value).strip()) if is_odd else None
            if wall is None:
                raise
            zone = timezone.get_current_timezone()
            words = {
                "time": date_format(wall, "H:i"),
                "date": date_format(wall, str(_("j F Y"))),
                "zone": timezone.get_current_timezone_name(),
            }
            code = odd_hour(wall.replace(tzinfo=None), zone) or OddHour.MISSING
            text = self.error_messages[code]
            raise forms.ValidationError(text, code=code, params=words) from error
        return found


class ZonedForm(forms.BaseForm):
    """A form whose times are read in the time zone in which its page showed them.

    The person may have opened a page on another device since, in another zone.
    """

    def full_clean(self) -> None:
        """Clean everything under the zone that was posted, if it is one."""
        name = self.data.get(self.add_prefix("zone"), "") if self.is_bound else ""
        with timezone.override(zone_named(name) or timezone.get_current_timezone()):
            super().full_clean()


def zone_field() -> forms.CharField:
    return forms.CharField(
        required=False, widget=forms.HiddenInput, initial=timezone.get_current_timezone_name
    )


def date_and_time() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
