"""Sentences about the delivery of a score, for pupils and for teachers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_tool.grades.api import ScoreProgress, ScoreStatus
from lti_tool.models import Registration
from lti_tool.platforms.products import CANVAS, product_of
from lti_tool.services.errors import DeliveryProblem

_PROGRESS: dict[ScoreProgress, Promise] = {
    ScoreProgress.ON_ITS_WAY: _("The gradebook will update shortly."),
    ScoreProgress.TRYING_AGAIN: _(
        "Your work is safe. The mark has not reached the gradebook yet; we keep trying."
    ),
    ScoreProgress.IN_GRADEBOOK: _("In the gradebook."),
    ScoreProgress.NOT_ACCEPTED: _("Not accepted by the gradebook."),
    ScoreProgress.CHANGED: _("The gradebook shows a different mark, which was entered there."),
    ScoreProgress.KEPT: _("Your teacher has kept the mark that was entered in the gradebook."),
}

_FOR_TEACHERS: dict[DeliveryProblem, Promise] = {
    DeliveryProblem.UNREACHABLE: _("The LMS did not answer. We keep trying."),
    DeliveryProblem.BUSY: _("The LMS is busy. We keep trying."),
    DeliveryProblem.WAITING: _("Another mark of this activity goes first. We keep trying."),
    DeliveryProblem.SERVER_ERROR: _(
        "The LMS reported an internal error. We keep trying. In Moodle, check whether the column or"
        " this mark is locked in the gradebook."
    ),
    DeliveryProblem.ANSWER_UNREADABLE: _(
        "The LMS sent an answer that we cannot read. We keep trying."
    ),
    DeliveryProblem.TOKEN_REFUSED: _(
        "The LMS refuses access to this tool. Ask your LMS administrator to check the tool's"
        " registration and keyset address. We keep trying."
    ),
    DeliveryProblem.NOT_ALLOWED: _(
        "The LMS does not allow this tool to write marks here. Ask your LMS administrator to allow"
        " it in the tool's settings. We keep trying."
    ),
    DeliveryProblem.COLUMN_GONE: _("The gradebook column of this activity no longer exists."),
    DeliveryProblem.NO_COLUMN: _("This activity has no gradebook column."),
    DeliveryProblem.COLUMN_UNKNOWN: _(
        "The LMS has made a column for this activity in its gradebook, but does not say where. So"
        " no marks are sent, and no second column is made. Open the activity in the LMS once, then"
        " send the marks again. If that does not help, ask your LMS administrator."
    ),
    DeliveryProblem.UNPUBLISHED: _(
        "The assignment is not published in the LMS, which takes no marks for it until then."
        " Publish it there, then send the mark again."
    ),
    DeliveryProblem.COURSE_OVER: _(
        "The course has ended or was deleted in the LMS, which takes no more marks for it. If the"
        " course should go on, change its end there, then send the mark again."
    ),
    DeliveryProblem.TOOL_REMOVED: _(
        "This tool was removed from the course in the LMS, which therefore takes no marks from it."
        " Ask your LMS administrator to add it again, then send the mark again."
    ),
    DeliveryProblem.NEWER_IN_LMS: _("Someone changed this mark in the gradebook."),
    DeliveryProblem.LOCKED_IN_LMS: _(
        "The LMS accepted our mark but shows a different one. It was entered there as an override,"
        " or the column’s multiplicator or offset changes ours. Remove that in the gradebook, then"
        " send our mark again."
    ),
    DeliveryProblem.RESTORED: _(
        "This tool was restored from a backup, and the LMS does not show what its gradebook holds:"
        " that may be a newer mark than ours."
    ),
    DeliveryProblem.NO_PUPIL: _(
        "This person is no longer a pupil of this course, so nothing is sent. If they have come"
        " back, refresh the class list."
    ),
    DeliveryProblem.NOT_ACCEPTED: _(
        "The LMS does not accept a mark for this person, for example because they have left the"
        " course."
    ),
    DeliveryProblem.OUR_FAULT: _(
        "Something went wrong in this tool. Its operator can see the details. We keep trying."
    ),
    DeliveryProblem.REGISTRATION_INACTIVE: _("The connection to this LMS is switched off."),
}

_WITHOUT_COLUMN = {
    CANVAS: _(
        "This activity has no column in the gradebook, so no marks are sent. In Canvas only an"
        " assignment has one: add an assignment with the submission type “External Tool”, and"
        " choose this worksheet there for your pupils."
    ),
}
_ANY_WITHOUT_COLUMN = _(
    "This activity has no column in the gradebook, so no marks are sent. Allow grades in the"
    " activity's settings in the LMS (in Moodle with “Grade > Type: Point”), open the"
    " activity once, then send the marks again."
)


_SENT_UNSEEN = _(
    "Sent without looking: the LMS did not show what its gradebook held. A mark that was entered"
    " there may have been replaced."
)


def without_column(
    registration: Registration, problem: DeliveryProblem = DeliveryProblem.NO_COLUMN
) -> Promise:
    """Return what a teacher can do where this platform has no column for an activity."""
    if problem is DeliveryProblem.COLUMN_UNKNOWN:
        return _FOR_TEACHERS[problem]
    product = product_of(registration.product, registration.auth_login_url)
    return _WITHOUT_COLUMN.get(product, _ANY_WITHOUT_COLUMN)


def sentence(status: ScoreStatus) -> Promise:
    """Return the sentence for the pupil whose score it is."""
    return _PROGRESS[status.progress]


def explanation(status: ScoreStatus) -> Promise | None:
    """Return the sentence that tells the teacher what is wrong, or None if nothing is."""
    if status.problem:
        return _FOR_TEACHERS[status.problem]
    return _SENT_UNSEEN if status.sent_unseen else None
