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
from lti_tool.platforms.products import CANVAS, MOODLE
from lti_tool.protocol.vocabulary import MessageType, Scope

_ASK = _(
    "Ask the operator of this worksheet tool for a registration link. The operator creates it with"
    " “manage.py invite_platform” or on the tool's admin pages. It works once."
)
_MANUAL = _(
    "Nothing was changed here. If your LMS cannot be registered this way, the operator of this"
    " worksheet tool can add it by hand with “manage.py add_platform”."
)
_AGAIN = _("Nothing was changed, and your registration link still works. Please try again.")

# The first sentence says what happened, the second what the administrator can do.
WORDS: dict[RegistrationProblem, tuple[Promise, Promise]] = {
    RegistrationProblem.CLOSED: (_("You need a registration link to register an LMS here"), _ASK),
    RegistrationProblem.INVITATION_INVALID: (
        _("This registration link has already been used or has expired"),
        _(
            "If you have just registered, close this window: the tool is in your LMS's list."
            " Otherwise ask the operator of this worksheet tool for a new link (“manage.py"
            " invite_platform”)."
        ),
    ),
    RegistrationProblem.INCOMPLETE: (
        _("Paste this address into your LMS"),
        _(
            "Your LMS then opens it with everything that is needed to register. In Moodle: Site"
            " administration > Plugins > Activity modules > External tool > Manage tools, field"
            " “Tool URL”, button “Add LTI Advantage”. In Canvas: Admin > Apps, “Dynamic"
            " Registration”."
        ),
    ),
    RegistrationProblem.EXPIRED: (
        _("This page was open for too long"),
        _("Nothing was changed, and your registration link still works. Start again in your LMS."),
    ),
    RegistrationProblem.ADDRESS_REFUSED: (
        _("This tool may not call an address that your LMS gave"),
        _(
            "The address must start with https:// and be reachable from the public internet. If"
            " your LMS is in the same private network as this worksheet tool, the operator of this"
            " worksheet tool can allow that (LTI_ALLOW_PRIVATE_HOSTS=1)."
        ),
    ),
    RegistrationProblem.BUSY: (
        _("This worksheet tool is waiting for too many answers of LMSs just now"),
        _("Nothing was sent to your LMS now. Reload this page in a moment."),
    ),
    RegistrationProblem.UNREACHABLE: (_("Your LMS does not answer"), _AGAIN),
    RegistrationProblem.UNREADABLE: (_("We cannot read the configuration of your LMS"), _MANUAL),
    RegistrationProblem.DISAGREES: (
        _("The addresses that your LMS gave do not match"),
        _MANUAL,
    ),
    RegistrationProblem.NOT_ACCEPTED: (
        _("Your LMS did not accept the registration"),
        _(
            "Nothing was changed here, and your registration link still works. Start again in your"
            " LMS: the token that it gave for this try may have been used up."
        ),
    ),
    RegistrationProblem.ANSWER_LOST: (
        _("Your LMS did not answer in time"),
        _(
            "Nothing was changed here, and your registration link still works. But your LMS may"
            " have added the tool: if you find a new one in its list, remove it there. Then start"
            " again."
        ),
    ),
    RegistrationProblem.KNOWN: (
        _("This LMS is already registered here"),
        _(
            "Nothing was changed here. To update the registration, ask the operator of this"
            " worksheet tool for a registration link and start again with it."
        ),
    ),
    RegistrationProblem.ANSWER_UNREADABLE: (
        _("We cannot use your LMS's answer to the registration"),
        _(
            "Nothing was changed here, and your registration link still works. If a new tool has"
            " appeared in your LMS, remove it there and start again."
        ),
    ),
}

# What an address of the platform is for.
SERVICES: dict[str, Promise] = {
    "issuer": _("Platform ID (issuer)"),
    "registration_endpoint": _("Registration"),
    "authorization_endpoint": _("Signing in"),
    "jwks_uri": _("Public keys"),
    "token_endpoint": _("Access to gradebook and class list"),
    "audience": _("Audience of our requests for access"),
}
# The first sentence says what the scope is for, the second what does not work without it.
SCOPES: dict[str, tuple[Promise, Promise]] = {
    Scope.LINE_ITEM: (
        _("create a gradebook column for an activity that has none"),
        _(
            "An activity that was added without a grade gets no column, so its marks stay in this"
            " tool."
        ),
    ),
    Scope.LINE_ITEM_READONLY: (
        _("find the gradebook column of an activity"),
        _("We cannot check that a gradebook column is still there."),
    ),
    Scope.RESULT_READONLY: (
        _("see when a teacher changes a grade in the gradebook"),
        _("We do not notice when a teacher changes a grade in the gradebook."),
    ),
    Scope.SCORE: (
        _("write marks and comments to the gradebook"),
        _("No mark reaches the gradebook."),
    ),
    Scope.MEMBERSHIP_READONLY: (
        _("read the class list of a course"),
        _("Teachers cannot see who has not opened a worksheet."),
    ),
}
MESSAGES: dict[MessageType, tuple[Promise, Promise]] = {
    MessageType.RESOURCE_LINK: (_("open a worksheet from a course"), _("Nothing works.")),
    MessageType.DEEP_LINKING: (
        _("choose worksheets when adding an activity"),
        _("Teachers choose a worksheet when they first open an activity, not when they add it."),
    ),
    MessageType.SUBMISSION_REVIEW: (
        _("open a pupil's answers from the gradebook"),
        _("Teachers cannot open a pupil's answers from the gradebook."),
    ),
}
NAMES = (
    _("see people's names, but never their email addresses"),
    _("Teachers see “Pupil 7” instead of a name."),
)
PLACEMENTS: dict[str, Promise] = {
    "ContentArea": _("when adding an activity"),
    "RichTextEditor": _("in the text editor"),
    "assignment_selection": _("for a new assignment"),
    "course_assignments_menu": _("in the menu of the assignments page, for several at once"),
    "link_selection": _("in a module under “Add item”"),
    "module_menu_modal": _("in the menu of a module, for several items at once"),
    "module_index_menu_modal": _("in the menu of the modules page, for a module of several items"),
    "editor_button": _("in the text editor"),
    "course_navigation": _("in the course menu (off until a teacher turns it on)"),
}

_NOT_THERE = _("Teachers will not find this tool there.")

_MOODLE_STEPS = (
    _("Go back to Moodle with the button below. The tool's card is now in the list of tools."),
    _("On that card, click “Activate”."),
    _(
        "Click the card's pencil (“Edit”), set “Tool configuration usage” to “Show in activity"
        " chooser and as a preconfigured tool”, and click “Save changes”. Moodle’s own “Update”"
        " resets this setting, so do it after each one."
    ),
    _("In a course, click “Add an activity or resource” and choose the tool."),
)
_CANVAS_STEPS = (
    _("Go back to Canvas with the button below. Canvas shows what was registered."),
    _("Leave all permissions switched on. Whatever you switch off will not work."),
    _(
        "Under “User Data Shared With This App”, leave the name switched on. No email address is"
        " needed."
    ),
    _("Click “Install App” and make it available to your account or to some courses."),
    _("Open a worksheet once. This tool then knows your account."),
)
OTHER_STEPS = (
    _("Go back to your LMS with the button below."),
    _("In your LMS, switch the tool on and make it available to courses."),
)
# What is left to do in the LMS, in the words of its own pages.
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
