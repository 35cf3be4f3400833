"""Sentences about the delivery of a score, for pupils and for teachers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_tool.grades.api import Progress, Receipt
from lti_tool.services.errors import Problem

_PROGRESS: dict[Progress, Promise] = {
    Progress.ON_ITS_WAY: _("On its way to the gradebook."),
    Progress.TRYING_AGAIN: _(
        "Your work is safe. The mark has not reached the gradebook yet; we keep trying."
    ),
    Progress.IN_GRADEBOOK: _("In the gradebook."),
    Progress.NOT_ACCEPTED: _("Not accepted by the gradebook."),
    Progress.CHANGED: _("The gradebook shows another mark, which was given there."),
    Progress.KEPT: _("Your teacher lets the mark stand that was given in the gradebook."),
}

_FOR_TEACHERS: dict[Problem, Promise] = {
    Problem.UNREACHABLE: _("The LMS did not answer. We keep trying."),
    Problem.BUSY: _("The LMS is busy. We keep trying."),
    Problem.SERVER_ERROR: _(
        "The LMS reported an error of its own. We keep trying. Moodle says so too where the"
        " column or this grade is locked in the gradebook."
    ),
    Problem.ANSWER_UNREADABLE: _("The LMS gave an answer that we cannot read. We keep trying."),
    Problem.TOKEN_REFUSED: _(
        "The LMS does not let this tool in. Its administrator should check the tool's"
        " registration and key address. We keep trying."
    ),
    Problem.NOT_ALLOWED: _(
        "The LMS does not allow this tool to write grades here. Its administrator can allow it"
        " in the tool's settings. We keep trying."
    ),
    Problem.COLUMN_GONE: _("The gradebook column of this activity is gone."),
    Problem.NO_COLUMN: _("This activity has no gradebook column."),
    Problem.NEWER_IN_LMS: _("Someone changed this grade in the LMS."),
    Problem.LOCKED_IN_LMS: _(
        "The LMS took ours and shows another grade all the same: one that was entered there as"
        " an override, or one that the column’s multiplicator or offset makes of ours. Take that"
        " back in the gradebook, then send ours once more."
    ),
    Problem.NO_PUPIL: _(
        "This person is no longer a pupil of this course, so nothing is sent for them. If they"
        " are one again, refresh the class list."
    ),
    Problem.NOT_ACCEPTED: _(
        "The LMS does not take a grade for this person, for example because they left the course."
    ),
    Problem.OUR_FAULT: _(
        "Something went wrong in this tool; its operator can see what. We keep trying."
    ),
    Problem.REGISTRATION_INACTIVE: _("The connection to this LMS is switched off."),
}


def sentence(receipt: Receipt) -> Promise:
    """Return the sentence for the pupil whose score it is."""
    return _PROGRESS[receipt.progress]


def explanation(receipt: Receipt) -> Promise | None:
    """Return the sentence that tells the teacher what is wrong, or None if nothing is."""
    return _FOR_TEACHERS[receipt.problem] if receipt.problem else None
