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

from lti_tool.protocol.values import whole_number

PARAMETER = "notice"
COUNT = "n"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice; ``level`` is one of success, info, warning, danger."""

    level: str
    text: str


_WORDS: dict[str, tuple[str, Promise]] = {
    "saved-here": ("success", _("Saved. You can continue later, on any device.")),
    "no-more-attempts": ("warning", _("You have no attempts left. Your submitted work counts.")),
    "roster-waits": ("info", _("The class list is being read. Look again in a moment.")),
    "not-my-work": ("success", _("Noted. Your teacher can see it. This is your own sheet.")),
    "taken-out": ("success", _("Taken out. The work counts for the others alone.")),
    "closed": ("warning", _("This worksheet is closed. Your submitted work counts.")),
    "not-taken-back": (
        "warning",
        _("Your teacher has marked this, or the worksheet is closed: it stays submitted."),
    ),
    "marks-saved": ("success", _("Saved. The pupil sees the marks when you release them.")),
    "marks-saved-released": (
        "success",
        _("Saved. These marks are released, so the gradebook will update shortly."),
    ),
    "given-by-hand": ("success", _("Mark given by hand. It stays when answers are re-marked.")),
    "correction-taken": (
        "success",
        _("It stands in the text now. Publish it when you have all that you want."),
    ),
    "correction-not-taken": (
        "warning",
        _("Not taken: the text has it already, or has changed in the meantime."),
    ),
    "marks-unchanged": ("success", _("Saved. Nothing had changed since the last time.")),
    "marks-saved-shown": ("success", _("Saved. The pupil can see it now.")),
    "marked-all": ("success", _("Saved. All answers are marked now.")),
    "rubric-saved": ("success", _("Saved. No mark changes by it.")),
    "rubric-applied": ("success", _("Saved, and marked again by the changed lines.")),
    "rubric-undone": ("success", _("Taken back. The lines and the marks are as before.")),
    "rubric-not-undone": (
        "warning",
        _("Not taken back: somebody has changed the lines since. This is what stands now."),
    ),
    "entry-saved": ("success", _("Saved. The pupil does not see it before you release it.")),
    "entry-same": ("info", _("Nothing had changed since the last time.")),
    "entry-undone": ("success", _("Undone.")),
    "entry-released": ("success", _("Released.")),
    "count-entered": ("success", _("What you entered counts now.")),
    "count-work": ("success", _("The work here counts now.")),
    "nothing-to-mark": ("info", _("This worksheet has no answers that a teacher marks.")),
    "taken-back": (
        "warning",
        _(
            "This worksheet is open again for the pupil. No mark was saved. What you typed is"
            " offered here once it is submitted again."
        ),
    ),
    "released": ("success", _("Released. The gradebook will update shortly.")),
    "not-released": ("warning", _("Not released: an answer has no mark yet.")),
    "released-here": (
        "success",
        _("Released. The gradebook keeps what was marked at once, as chosen in the settings."),
    ),
    "release-taken-back": ("success", _("Taken back. The pupil sees no marks of yours now.")),
    "release-not-taken-back": ("info", _("Nothing to take back: these marks are not released.")),
    "nothing-selected": ("info", _("Tick pupils in the list first.")),
    "nothing-done": (
        "warning",
        _("Nothing was done: the work has changed in the meantime. Please look again."),
    ),
    "handed-back": (
        "success",
        _("Handed back. The pupil can change this one answer and submit again."),
    ),
    "not-handed-back": ("warning", _("Not handed back: the pupil is working on it already.")),
    "not-the-last": (
        "warning",
        _("This pupil has started another attempt, so this one cannot be reopened."),
    ),
    "reopened": ("success", _("Reopened. The pupil can continue and submit again.")),
    "dates-taken-back": ("success", _("Taken back. The dates of the class hold again.")),
    "submitted-for": ("success", _("Submitted for the pupil.")),
    "sent-again": ("info", _("The mark is being sent again.")),
    "ours-sent": ("info", _("Our mark is being sent to the gradebook.")),
    "theirs-kept": ("success", _("The gradebook keeps its own mark.")),
    "not-changed": (
        "info",
        _("Nothing was decided: this mark has changed in the meantime."),
    ),
    "none-decided": (
        "warning",
        _("Nothing was decided: the marks have changed in the meantime. Please look again."),
    ),
    "lms-marks-anew": (
        "info",
        _(
            "You are asked again about marks from before. Marks that were kept wait for your"
            " decision; those that were replaced are gone."
        ),
    ),
    "collected": ("success", _("Collected for the class. No pupil sees it there.")),
    "collected-already": ("info", _("This stands in the feedback for the class already.")),
    "collected-too-long": ("warning", _("Not collected: this is too long.")),
    "nothing-to-collect": ("warning", _("Not collected: there is nothing to collect.")),
    "feedback-saved": ("success", _("Saved.")),
    "feedback-removed": ("success", _("Removed. You can put it back below.")),
    "feedback-restored": ("success", _("It stands here again.")),
    "feedback-gone": ("warning", _("Somebody has removed this, or put it back, in the meantime.")),
    "feedback-full": (
        "warning",
        _("There is no room for more points of that kind. Remove one first."),
    ),
    "source-saved": ("success", _("Saved. “Answers and use …” leads to your course.")),
    "version-restored": (
        "success",
        _("The version stands here again. What stood here before is in the list of versions."),
    ),
    "marks-written": (
        "success",
        _("Saved. Each answer has marks now. “Answers and use …” leads to your course."),
    ),
    "keys-saved": ("success", _("Saved.")),
    "published-only": (
        "success",
        _("Published. Only a teacher of the course can use it here now."),
    ),
    "published": (
        "success",
        _("Published. It can be used in each of your courses; nothing has changed in this one."),
    ),
    "not-published": (
        "danger",
        _("Not published. Please correct the errors first. Your text is saved."),
    ),
    "placed": ("success", _("Added. Pupils can open it now.")),
    "settings-saved": ("success", _("Saved.")),
    "in-use": (
        "warning",
        _(
            "Pupils have already started another worksheet here. Add a new activity to your course"
            " for this one."
        ),
    ),
    "being-marked-again": (
        "warning",
        _("The submitted work is being re-marked already. Nothing else was applied."),
    ),
    "too-many-jobs": (
        "warning",
        _("Nothing was applied. Wait until your papers are read, then try again."),
    ),
    "placed-elsewhere": (
        "warning",
        _("This worksheet is used in a course, so it cannot be deleted."),
    ),
    "nothing-chosen": (
        "warning",
        _("Nothing is chosen yet. Choose a published worksheet first."),
    ),
    "copied": (
        "success",
        _("Copied. This is your own worksheet: what you change here changes no other one."),
    ),
    "second-sheet": (
        "success",
        _("This draft has what was missed. It is yours alone; pupils do not see it yet."),
    ),
    "not-copied": (
        "warning",
        _(
            "Not copied: you have as many worksheets, or pictures, as can be kept. Delete some that"
            " you no longer need."
        ),
    ),
    "archived": (
        "success",
        _("Archived. You find it under “Archived”. Where it is placed, pupils go on as before."),
    ),
    "unarchived": ("success", _("It is back among your worksheets.")),
    "shared": ("success", _("Saved.")),
    "too-large": (
        "warning",
        _("This worksheet is too large to be shown. Its author can divide it."),
    ),
    "nothing-taken-in": ("info", _("Nothing came in. The file is forgotten.")),
    "copy-allowed": (
        "success",
        _("Allowed. The activity has the worksheet when it is next opened."),
    ),
    "copy-refused": ("success", _("Refused. You can change your mind for a week.")),
    "deleted": ("success", _("Deleted.")),
    "picture-added": (
        "success",
        _("The picture is uploaded. Copy its line to where it belongs in the text."),
    ),
    "picture-removed": ("success", _("The picture has been removed.")),
    "picture-in-use": (
        "warning",
        _("A published version uses this picture, so it cannot be removed."),
    ),
    "imported": (
        "info",
        _("Imported. Please check the text and fill in the answers of the gaps."),
    ),
}

_REPLACED = ngettext_lazy(
    "%(n)d mark is being sent to the gradebook.",
    "%(n)d marks are being sent to the gradebook.",
    "n",
)
_KEPT = ngettext_lazy(
    "The gradebook keeps %(n)d mark. You can still send ours, in the list below.",
    "The gradebook keeps %(n)d marks. You can still send ours, one by one in the list below.",
    "n",
)

_GIVEN_DATES = ngettext_lazy(
    "Saved. %(n)d pupil has dates of their own now. Marks follow where they change.",
    "Saved. %(n)d pupils have dates of their own now. Marks follow where they change.",
    "n",
)
_MOVED_DATES = ngettext_lazy(
    "Saved for %(n)d pupil. The clocks change then, so the time is later than that of the class."
    " Please check it below.",
    "Saved for %(n)d pupils. The clocks change then, so the time is later than that of the class."
    " Please check it below.",
    "n",
)

_COUNTED = {
    "dates-given": ("success", _GIVEN_DATES),
    "dates-given-moved": ("warning", _MOVED_DATES),
    "lms-marks-replace": ("info", _REPLACED),
    "lms-marks-replace-some": ("warning", _REPLACED),
    "lms-marks-keep": ("success", _KEPT),
    "lms-marks-keep-some": ("warning", _KEPT),
    "applied": (
        "success",
        ngettext_lazy(
            "Applied. %(n)d mark is being sent to the gradebook.",
            "Applied. %(n)d marks are being sent to the gradebook.",
            "n",
        ),
    ),
    "taken-in": (
        "success",
        ngettext_lazy(
            "%(n)d worksheet came in. It is not published yet.",
            "%(n)d worksheets came in. They are not published yet.",
            "n",
        ),
    ),
    "too-many-chosen": (
        "warning",
        ngettext_lazy(
            "Nothing was added to the course yet. Choose only %(n)d worksheet at a time.",
            "Nothing was added to the course yet. Choose at most %(n)d worksheets at a time.",
            "n",
        ),
    ),
    "too-many-versions": (
        "danger",
        ngettext_lazy(
            "Not published: a worksheet can be published %(n)d time. Your text is saved. Copy it"
            " into a new worksheet.",
            "Not published: a worksheet can be published %(n)d times. Your text is saved. Copy it"
            " into a new worksheet.",
            "n",
        ),
    ),
    "sent-many-again": (
        "info",
        ngettext_lazy("%(n)d mark is being sent again.", "%(n)d marks are being sent again.", "n"),
    ),
    "answers-changed": (
        "success",
        ngettext_lazy(
            "The answers are changed: %(n)d mark changed.",
            "The answers are changed: %(n)d marks changed.",
            "n",
        ),
    ),
    "answers-taken-back": (
        "success",
        ngettext_lazy("Taken back: %(n)d mark changed.", "Taken back: %(n)d marks changed.", "n"),
    ),
    "work-remarked": (
        "success",
        ngettext_lazy("Re-marked: %(n)d mark changed.", "Re-marked: %(n)d marks changed.", "n"),
    ),
    "question-released-many": (
        "success",
        ngettext_lazy(
            "The question is released to %(n)d pupil.",
            "The question is released to %(n)d pupils.",
            "n",
        ),
    ),
    "release-taken-back-many": (
        "success",
        ngettext_lazy(
            "Taken back for %(n)d pupil. These marks are not shown to them any more.",
            "Taken back for %(n)d pupils. These marks are not shown to them any more.",
            "n",
        ),
    ),
    "reopened-many": (
        "success",
        ngettext_lazy(
            "Reopened for %(n)d pupil, who can continue and submit again.",
            "Reopened for %(n)d pupils, who can continue and submit again.",
            "n",
        ),
    ),
    "handed-back-many": (
        "success",
        ngettext_lazy(
            "Handed back to %(n)d pupil, who can change this one answer and submit again.",
            "Handed back to %(n)d pupils, who can change this one answer and submit again.",
            "n",
        ),
    ),
    "released-many": (
        "success",
        ngettext_lazy(
            "Released to %(n)d pupil. The gradebook will update shortly.",
            "Released to %(n)d pupils. The gradebook will update shortly.",
            "n",
        ),
    ),
}
# Sentences in place of the counted one where there is nothing to count.
_NONE = {"applied": _("Applied."), "taken-in": _("Nothing came in.")}
# Sentences that follow the counted one.
_REST_CHANGED = _("The rest has changed in the meantime and is not decided. Please look again.")
_FOLLOWING = {
    "lms-marks-replace-some": _REST_CHANGED,
    "lms-marks-keep-some": _REST_CHANGED,
}


def read_notice(query: Mapping[str, str]) -> Notice | None:
    """Return the notice that an address names, or None: a stranger's text is never shown."""
    name = query.get(PARAMETER, "")
    if name in _WORDS:
        level, text = _WORDS[name]
        return Notice(level, str(text))
    count = whole_number(query.get(COUNT, ""), max_digits=5)
    if name in _COUNTED and count is not None:
        level, counted = _COUNTED[name]
        none = _NONE.get(name) if count == 0 else None
        sentences = [str(none or counted % {"n": count})]
        if name in _FOLLOWING:
            sentences.append(str(_FOLLOWING[name]))
        return Notice(level, " ".join(sentences))
    return None
