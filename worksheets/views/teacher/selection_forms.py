"""Forms about the work of one or several pupils: an act, on whom, with which words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _

from lti_tool.protocol.values import whole_number
from worksheets.markup import Question, Sheet
from worksheets.reports.selection import Act
from worksheets.views.base import MAX_DIGITS
from worksheets.views.fields import ProseField
from worksheets.views.teacher.forms import MAX_COMMENT


class HandBackForm(forms.Form):
    """The form for what a pupil is to do who gets an answer back."""

    comment = ProseField(
        label=_("What should be looked at again? (optional)"),
        required=False,
        max_length=MAX_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


@dataclass(frozen=True, slots=True)
class PostedSelection:
    """An act on selected pupils as it is asked for.

    ``pupils`` are the ``User.pk`` of those who were ticked. ``takes_all`` is all in the list,
    ``release`` names the press of 'Release' that is to be taken back, and ``is_choosing`` says
    that pupils are still to be ticked. ``is_confirmed`` says that the teacher has seen what comes.
    """

    act: Act
    question: Question[Any] | None
    pupils: Collection[int]
    takes_all: bool
    release: str
    is_choosing: bool
    is_confirmed: bool


def read_selection(posted: QueryDict, sheet: Sheet) -> PostedSelection | None:
    """Return what is asked for, None if that is nothing. Raise Http404 for an unknown question."""
    act = next((one for one in Act if one == posted.get("act")), None)
    if act is None:
        return None
    item = posted.get("item", "")
    question = next((one for one in sheet.to_mark if one.key == item), None)
    if item and question is None:
        raise Http404
    texts = (text for value in posted.getlist("pupil") for text in value.split("-"))
    numbers = (whole_number(text, MAX_DIGITS) for text in texts)
    return PostedSelection(
        act,
        question,
        frozenset(number for number in numbers if number is not None),
        takes_all="all" in posted,
        release=posted.get("release", "") if act is Act.TAKE_BACK else "",
        is_choosing="choosing" in posted,
        is_confirmed="confirmed" in posted,
    )
