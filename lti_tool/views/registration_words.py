"""Texts of the registration pages: refusals, what each permission is for, the steps that follow."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_tool.platforms.dynamic.configuration import PlatformConfiguration
from lti_tool.platforms.dynamic.errors import RegistrationProblem
from lti_tool.platforms.dynamic.request import (
    CANVAS_EXTENSION,
    wanted_messages,
    wanted_placements,
    wanted_scopes,
)
from lti_tool.platforms.dynamic.response import GrantedRegistration
from lti_tool.platforms.products import CANVAS, MOODLE, product_of
from lti_tool.protocol.vocabulary import MessageType, Scope

_ASK = _(
    "Please ask the people who run this worksheet tool for a registration link. They make one"
    " with “manage.py invite_platform” or on the tool's admin pages, and it works once."
)
_MANUAL = _(
    "Nothing was changed here. If your LMS cannot be registered like this, the people who run"
    " this worksheet tool can add it by hand with “manage.py add_platform”."
)
_AGAIN = _("Nothing was changed, and your registration link still works. Please try again.")

# The first sentence says what happened, the second what the administrator can do.
WORDS: dict[RegistrationProblem, tuple[Promise, Promise]] = {
    RegistrationProblem.CLOSED: (_("Registering an LMS here needs an invitation"), _ASK),
    RegistrationProblem.INVITATION_INVALID: (
        _("This registration link has been used already, or has expired"),
        _(
            "If you have just registered, close this window: the tool is in your LMS's list."
            " Otherwise ask the people who run this worksheet tool for a new link"
            " (“manage.py invite_platform”)."
        ),
    ),
    RegistrationProblem.INCOMPLETE: (
        _("This address is to be pasted into your LMS"),
        _(
            "Your LMS opens it with what is needed to register. In Moodle: Site administration >"
            " Plugins > Activity modules > External tool > Manage tools, field “Tool URL”,"
            " button “Add LTI Advantage”. In Canvas: Admin > Apps, “Dynamic Registration”."
        ),
    ),
    RegistrationProblem.EXPIRED: (
        _("This page has been open for too long"),
        _("Nothing was changed, and your registration link still works. Begin again in your LMS."),
    ),
    RegistrationProblem.ADDRESS_REFUSED: (
        _("We do not call an address that your LMS gave"),
        _(
            "It has to begin with https:// and to be reachable from the public network. If your"
            " LMS is inside the same private network as this worksheet tool, the people who run"
            " the tool can allow that (LTI_ALLOW_PRIVATE_HOSTS=1)."
        ),
    ),
    RegistrationProblem.UNREACHABLE: (_("Your LMS does not answer our question"), _AGAIN),
    RegistrationProblem.UNREADABLE: (_("What your LMS says of itself cannot be read"), _MANUAL),
    RegistrationProblem.DISAGREES: (
        _("The addresses that your LMS gave do not belong together"),
        _MANUAL,
    ),
    RegistrationProblem.NOT_ACCEPTED: (
        _("Your LMS did not accept the registration"),
        _(
            "Nothing was changed here, and your registration link still works. Begin again in"
            " your LMS: what it gave for this try may have been used already."
        ),
    ),
    RegistrationProblem.ANSWER_LOST: (
        _("Your LMS did not answer in time"),
        _(
            "Nothing was changed here, and your registration link still works. But your LMS may"
            " have added the tool: if a new one is in its list, remove it there. Then begin again."
        ),
    ),
    RegistrationProblem.KNOWN: (
        _("This LMS is registered here already"),
        _(
            "Nothing was changed here. To bring the registration up to date, ask the people who"
            " run this worksheet tool for a registration link, and begin again with that."
        ),
    ),
    RegistrationProblem.ANSWER_UNREADABLE: (
        _("Your LMS's answer to the registration cannot be used"),
        _(
            "Nothing was changed here, and your registration link still works. If a new tool has"
            " appeared in your LMS, remove it there and begin again."
        ),
    ),
}

# The first sentence says what the scope is for, the second what does not work without it.
SCOPES: dict[str, tuple[Promise, Promise]] = {
    Scope.LINE_ITEM: (
        _("make a gradebook column where an activity has none"),
        _("An activity that was added without a grade gets no column, so its marks stay here."),
    ),
    Scope.LINE_ITEM_READONLY: (
        _("find the gradebook column of an activity"),
        _("We cannot check that a gradebook column is still there."),
    ),
    Scope.RESULT_READONLY: (
        _("see whether a teacher changed a grade in the LMS"),
        _("We cannot notice that a teacher changed a grade in the gradebook."),
    ),
    Scope.SCORE: (
        _("write marks and comments into the gradebook"),
        _("No mark reaches the gradebook."),
    ),
    Scope.MEMBERSHIP_READONLY: (
        _("read who is in the course"),
        _("Teachers do not see who has never opened a worksheet."),
    ),
}
MESSAGES: dict[MessageType, tuple[Promise, Promise]] = {
    MessageType.RESOURCE_LINK: (_("open a worksheet from the course page"), _("Nothing works.")),
    MessageType.DEEP_LINKING: (
        _("choose worksheets while adding an activity"),
        _("Teachers choose a worksheet when they first open an activity, not when they add it."),
    ),
    MessageType.SUBMISSION_REVIEW: (
        _("go from a grade straight to this pupil's answers"),
        _("A grade in the gradebook does not lead to the pupil's answers."),
    ),
}
NAMES = (
    _("see people's names, and never their e-mail addresses"),
    _("Teachers see “Pupil 7” in place of a name."),
)
PLACEMENTS: dict[str, Promise] = {
    "ContentArea": _("adding an activity"),
    "RichTextEditor": _("the text editor"),
    "assignment_selection": _("a new assignment"),
    "link_selection": _("a module's “add item”"),
    "editor_button": _("the text editor"),
    "course_navigation": _("the course menu (switched off until a teacher wants it)"),
}

_NOT_THERE = _("Teachers do not find this tool there.")

_MOODLE_STEPS = (
    _("Go back to Moodle by the button below. It shows the tool's card among its tools."),
    _("On that card press “Activate”."),
    _(
        "Press the card's pencil (“Edit”), set “Tool configuration usage” to “Show in activity"
        " chooser and as a preconfigured tool”, and press “Save changes”."
    ),
    _("In a course: “Add an activity or resource”, and choose the tool."),
)
_CANVAS_STEPS = (
    _("Go back to Canvas by the button below. It shows what was registered."),
    _("Leave all permissions switched on; what you switch off will not work."),
    _("At “User Data Shared With This App” leave the name; no e-mail address is needed."),
    _("Press “Install App”, and make it available to your account or to some courses."),
    _("Open a worksheet once: your account is then known here as well."),
)
_OTHER_STEPS = (
    _("Go back to your LMS by the button below."),
    _("In your LMS, switch the tool on and make it available to courses."),
)
STEPS = {MOODLE: _MOODLE_STEPS, CANVAS: _CANVAS_STEPS}


@dataclass(frozen=True, slots=True)
class Wish:
    """A permission or placement that we ask for; ``loss`` says what does not work without it."""

    what: Promise
    loss: Promise
    given: bool


def wishes(
    platform: PlatformConfiguration, granted: GrantedRegistration | None = None
) -> list[Wish]:
    """Return everything that we ask for; ``given`` says whether the platform offers it.

    With ``granted`` it says whether the platform granted it.
    """
    scopes = granted.scopes if granted else wanted_scopes(platform)
    messages = granted.messages if granted else wanted_messages(platform)
    # Submission review is not listed if it is not offered: Moodle sends it without saying so.
    asked = {*wanted_messages(platform), MessageType.DEEP_LINKING}
    return [
        *(
            Wish(*words, given=kind in messages)
            for kind, words in MESSAGES.items()
            if kind in asked
        ),
        *(Wish(*words, given=scope in scopes) for scope, words in SCOPES.items()),
        Wish(*NAMES, given=granted.names if granted else True),
    ]


def placements(
    platform: PlatformConfiguration, granted: GrantedRegistration | None = None
) -> list[Wish]:
    """Return the places in the LMS where the tool will be found.

    A platform that names none of them grants all.
    """
    asked = [
        name
        for message in (granted.messages if granted else wanted_messages(platform))
        for name in wanted_placements(platform, message)
    ]
    given = set(granted.placements if granted and granted.placements else asked)
    # Two spellings of one placement are one line.
    words = {PLACEMENTS[name.removeprefix(CANVAS_EXTENSION)]: name in given for name in asked}
    return [Wish(place, _NOT_THERE, is_given) for place, is_given in words.items()]


def steps(product: str) -> tuple[Promise, ...]:
    """Return what is left to do in the LMS, in the words of its own pages."""
    return STEPS.get(product_of(product), _OTHER_STEPS)
