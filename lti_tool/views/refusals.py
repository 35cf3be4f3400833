"""Pages for refused launches: a sentence for the person, a reference for the administrator."""

from __future__ import annotations

import functools
import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_tool.launches.log import save_refusal
from lti_tool.protocol.refusal import LaunchRefused, Reason
from lti_tool.views.framing import may_be_framed_anywhere

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]

_AGAIN = _("Go back to your course and open the worksheet again.")
_TELL = _("Please tell your LMS administrator and quote the reference below.")
# An LMS that has just changed its keys is asked for them every ten seconds.
_AGAIN_IN_A_MOMENT = _(
    "Open the worksheet again in a moment. If this happens again, tell your LMS administrator and"
    " quote the reference below."
)

# The first sentence says what happened, the second what the person can do.
WORDS: dict[Reason, tuple[Promise, Promise]] = {
    Reason.LOGIN_INCOMPLETE: (_("Your LMS did not say what to open."), _AGAIN),
    Reason.UNKNOWN_PLATFORM: (_("This worksheet tool does not know your LMS yet."), _TELL),
    Reason.REGISTRATION_INACTIVE: (
        _("The connection between your LMS and this worksheet tool is switched off."),
        _TELL,
    ),
    Reason.UNKNOWN_DEPLOYMENT: (
        _("This worksheet tool was added to your LMS in a place that is not registered here."),
        _TELL,
    ),
    Reason.DEPLOYMENT_WAITING: (
        _(
            "This worksheet tool was added to your LMS in a new place, which has to be approved"
            " first."
        ),
        _("Please ask the operator of this worksheet tool and quote the reference below."),
    ),
    Reason.COOKIE_MISSING: (
        _("Your browser blocked the cookie that protects this worksheet."),
        _("Allow cookies for this page, then open the worksheet from your course again."),
    ),
    Reason.STATE_INVALID: (_("This page was not opened from your course."), _AGAIN),
    Reason.STATE_EXPIRED: (_("Opening the worksheet took too long."), _AGAIN),
    Reason.OTHER_BROWSER: (_("This page was opened in another browser."), _AGAIN),
    Reason.PLATFORM_ERROR: (
        _("Your LMS could not open the worksheet. You may no longer be signed in."),
        _("Sign in to your LMS, go to your course and open the worksheet again."),
    ),
    Reason.TOKEN_MALFORMED: (_("Your LMS sent something that we cannot read."), _TELL),
    Reason.KEY_UNKNOWN: (
        _("Your LMS signed with a key that it does not publish."),
        _AGAIN_IN_A_MOMENT,
    ),
    Reason.KEYS_UNREACHABLE: (
        _("We cannot read the public keys of your LMS at the moment."),
        _("Try again in a minute. If this happens again, tell your LMS administrator."),
    ),
    Reason.SIGNATURE_INVALID: (
        _("The signature of your LMS is not valid."),
        _AGAIN_IN_A_MOMENT,
    ),
    Reason.TIMES_INVALID: (
        _("Your LMS's reply is too old, or its clock is wrong."),
        _("Open the worksheet again. If this happens again, tell your LMS administrator."),
    ),
    Reason.AUDIENCE_INVALID: (_("Your LMS's reply is meant for another tool."), _TELL),
    Reason.NONCE_INVALID: (_("Your LMS's reply belongs to another visit."), _AGAIN),
    Reason.REPLAYED: (
        _("This page has already been opened."),
        _("Open the worksheet from your course. Nothing you wrote is lost."),
    ),
    Reason.NOT_SIGNED_IN: (
        _("Your LMS does not say who you are."),
        _("Sign in to your LMS and join the course, then open the worksheet again."),
    ),
    Reason.CLAIM_MALFORMED: (_("Your LMS sent something that we cannot read."), _TELL),
    Reason.MESSAGE_UNSUPPORTED: (
        _("Your LMS asked for something that this worksheet tool cannot do."),
        _TELL,
    ),
    Reason.TEACHERS_ONLY: (_("Only teachers can choose worksheets for a course."), _AGAIN),
    Reason.NO_COURSE_ROLE: (
        _("Your LMS gives you no role in this course, so you cannot choose worksheets for it."),
        _(
            "Enrol yourself in the course as a teacher, then try again. Or ask the operator of this"
            " worksheet tool whether the roles of your institution can count."
        ),
    ),
    Reason.OTHERS_WORK: (
        _("Only the pupil and the teachers of the course can see this work."),
        _("Go back to your course."),
    ),
    Reason.SUBMISSION_UNKNOWN: (
        _("We cannot tell to which worksheet of this course this work belongs."),
        _("Open the assignment in your course once, then come back here and try again."),
    ),
}

_FORBIDDEN = frozenset(
    {
        Reason.UNKNOWN_PLATFORM,
        Reason.REGISTRATION_INACTIVE,
        Reason.UNKNOWN_DEPLOYMENT,
        Reason.DEPLOYMENT_WAITING,
        Reason.TEACHERS_ONLY,
        Reason.NO_COURSE_ROLE,
        Reason.OTHERS_WORK,
        Reason.SUBMISSION_UNKNOWN,
    }
)


def refusable(view: View) -> View:
    """Decorate a view so that LaunchRefused becomes a page.

    Its status is 403 for a platform or person that we do not serve, else 400.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except LaunchRefused as error:
            return launch_refused(request, error)

    return wrapped


def launch_refused(
    request: HttpRequest, refusal: LaunchRefused, go_on: str = "", new_tab: str = ""
) -> HttpResponse:
    """Return the page for a refused launch, and log the launch under the reference on the page.

    ``go_on`` is the address that an earlier launch of this login led to, '' if there was none.
    ``new_tab`` is one that may succeed where there is no frame around it.
    """
    reference = new_reference()
    logger.warning(
        "launch refused: reference=%s reason=%s detail=%s",
        reference,
        refusal.reason,
        refusal.detail,
    )
    save_refusal(reference, refusal.reason, refusal.detail, refusal.registration_id)
    what, todo = WORDS[refusal.reason]
    context = {
        "what": what,
        "todo": todo,
        "reference": reference,
        "go_on": go_on,
        "new_tab": new_tab,
        "roles": refusal.detail if refusal.reason is Reason.NO_COURSE_ROLE else "",
    }
    status = 403 if refusal.reason in _FORBIDDEN else 400
    response = render(request, "lti_tool/refused.html", context, status=status)
    # The page has nothing to misuse in a foreign frame, and the person must be able to read it.
    return may_be_framed_anywhere(response)


def new_reference() -> str:
    """Return a random reference such as 'K7QM-4TXA'.

    It is to be read out over the telephone, so no letter looks like a digit.
    """
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    letters = [secrets.choice(alphabet) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])
