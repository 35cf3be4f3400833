"""Notices: sentences on a page about the step that led to it.

The address names a notice. Cookies or sessions are not available inside an LMS's frame, and
two visits in one browser must not see each other's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

PARAMETER = "notice"
COUNT = "n"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice; ``level`` is one of success, info, warning, danger."""

    level: str
    text: str


_WORDS: dict[str, tuple[str, Promise]] = {
    "saved-here": ("success", _("Saved. You can go on later, on any device.")),
    "no-more-attempts": ("warning", _("You have no attempt left. What you handed in counts.")),
    "closed": ("warning", _("This worksheet is closed. What you handed in counts.")),
    "marks-saved": ("success", _("Saved. The pupil sees it when you release the marks.")),
    "marks-saved-released": (
        "success",
        _("Saved. These marks are released, so the gradebook follows at once."),
    ),
    "marks-saved-shown": ("success", _("Saved. The pupil sees it at once.")),
    "marked-all": ("success", _("Saved. All written answers are marked now.")),
    "taken-back": ("warning", _("This pupil has the worksheet back. Nothing was marked.")),
    "released": ("success", _("Released. The gradebook follows.")),
    "not-released": ("warning", _("Not released: an answer still waits for its mark.")),
    "released-here": (
        "success",
        _("Released. The gradebook keeps the gaps’ marks, as the settings say."),
    ),
    "not-the-last": (
        "warning",
        _("This pupil has begun another attempt since, so this one cannot be given back."),
    ),
    "reopened": ("success", _("The pupil can go on writing and submit again.")),
    "submitted-for": ("success", _("Submitted for the pupil.")),
    "sent-again": ("info", _("The mark is on its way again.")),
    "ours-sent": ("info", _("Our mark is on its way to the gradebook.")),
    "theirs-kept": ("success", _("The gradebook’s own mark stays.")),
    "not-changed": ("info", _("Nothing to decide any more: this mark has moved on.")),
    "source-saved": ("success", _("Saved. Pupils see it once you publish it.")),
    "published": ("success", _("Published.")),
    "not-published": (
        "danger",
        _("Not published: please mend the errors first. The text itself is saved."),
    ),
    "placed": ("success", _("Placed. Pupils find this worksheet here now.")),
    "settings-saved": ("success", _("Saved.")),
    "in-use": (
        "warning",
        _(
            "Pupils have begun here with another worksheet. Make a new activity in your course"
            " for this one."
        ),
    ),
    "placed-elsewhere": (
        "warning",
        _("This worksheet is placed in a course, so it cannot be deleted."),
    ),
    "nothing-chosen": (
        "warning",
        _("Nothing is chosen yet. Tick a worksheet that is published, then go on."),
    ),
    "deleted": ("success", _("Deleted.")),
    "picture-added": ("success", _("The picture is kept. Write its line where it belongs.")),
    "picture-removed": ("success", _("The picture is removed.")),
    "picture-in-use": ("warning", _("A published edition shows this picture, so it stays.")),
    "imported": (
        "info",
        _("Read from paper. Please check it: the gaps still need their right answers."),
    ),
}

_COUNTED = {
    "applied": (
        "success",
        ngettext_lazy(
            "Applied. %(n)d mark is on its way to the gradebook.",
            "Applied. %(n)d marks are on their way to the gradebook.",
            "n",
        ),
    ),
    "too-many-chosen": (
        "warning",
        ngettext_lazy(
            "Nothing was put into the course yet: choose %(n)d worksheet at a time.",
            "Nothing was put into the course yet: choose at most %(n)d worksheets at a time.",
            "n",
        ),
    ),
    "sent-many-again": (
        "info",
        ngettext_lazy(
            "%(n)d mark is on its way again.", "%(n)d marks are on their way again.", "n"
        ),
    ),
    "released-many": (
        "success",
        ngettext_lazy(
            "Released for %(n)d pupil. The gradebook follows.",
            "Released for %(n)d pupils. The gradebook follows.",
            "n",
        ),
    ),
}


def read_notice(query: Mapping[str, str]) -> Notice | None:
    """Return the notice that an address names, or None: a stranger's text is never shown."""
    name = query.get(PARAMETER, "")
    if name in _WORDS:
        level, text = _WORDS[name]
        return Notice(level, str(text))
    count = query.get(COUNT, "")
    if name in _COUNTED and count.isascii() and count.isdecimal() and len(count) < 6:
        level, counted = _COUNTED[name]
        return Notice(level, str(counted % {"n": int(count)}))
    return None
