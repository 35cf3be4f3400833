"""Sentences about the delivery of a score, for pupils and for teachers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_tool.grades.api import ScoreProgress, ScoreStatus
from lti_tool.services.errors import DeliveryProblem

_PROGRESS: dict[ScoreProgress, Promise] = {
    ScoreProgress.ON_ITS_WAY: _("On its way to the gradebook."),
    ScoreProgress.TRYING_AGAIN: _(
        "Your work is safe. The mark has not reached the gradebook yet; we keep trying."
    ),
    ScoreProgress.IN_GRADEBOOK: _("In the gradebook."),
    ScoreProgress.NOT_ACCEPTED: _("Not accepted by the gradebook."),
    ScoreProgress.CHANGED: _("The gradebook shows another mark, which was given there."),
    ScoreProgress.KEPT: _("Your teacher lets the mark stand that was given in the gradebook."),
}

_FOR_TEACHERS: dict[DeliveryProblem, Promise] = {
    DeliveryProblem.UNREACHABLE: _("The LMS did not answer. We keep trying."),
    DeliveryProblem.BUSY: _("The LMS is busy. We keep trying."),
    DeliveryProblem.SERVER_ERROR: _(
        "The LMS reported an error of its own. We keep trying. Moodle says so too where the"
        " column or this grade is locked in the gradebook."
    ),
    DeliveryProblem.ANSWER_UNREADABLE: _(
        "The LMS gave an answer that we cannot read. We keep trying."
    ),
    DeliveryProblem.TOKEN_REFUSED: _(
        "The LMS does not let this tool in. Its administrator should check the tool's"
        " registration and key address. We keep trying."
    ),
    DeliveryProblem.NOT_ALLOWED: _(
        "The LMS does not allow this tool to write grades here. Its administrator can allow it"
        " in the tool's settings. We keep trying."
    ),
    DeliveryProblem.COLUMN_GONE: _("The gradebook column of this activity is gone."),
    DeliveryProblem.NO_COLUMN: _("This activity has no gradebook column."),
    DeliveryProblem.NEWER_IN_LMS: _("Someone changed this grade in the LMS."),
    DeliveryProblem.LOCKED_IN_LMS: _(
        "The LMS took ours and shows another grade all the same: one that was entered there as"
        " an override, or one that the column’s multiplicator or offset makes of ours. Take that"
        " back in the gradebook, then send ours once more."
    ),
    DeliveryProblem.NO_PUPIL: _(
        "This person is no longer a pupil of this course, so nothing is sent for them. If they"
        " are one again, refresh the class list."
    ),
    DeliveryProblem.NOT_ACCEPTED: _(
        "The LMS does not take a grade for this person, for example because they left the course."
    ),
    DeliveryProblem.OUR_FAULT: _(
        "Something went wrong in this tool; its operator can see what. We keep trying."
    ),
    DeliveryProblem.REGISTRATION_INACTIVE: _("The connection to this LMS is switched off."),
}


def sentence(status: ScoreStatus) -> Promise:
    """Return the sentence for the pupil whose score it is."""
    return _PROGRESS[status.progress]


def explanation(status: ScoreStatus) -> Promise | None:
    """Return the sentence that tells the teacher what is wrong, or None if nothing is."""
    return _FOR_TEACHERS[status.problem] if status.problem else None
