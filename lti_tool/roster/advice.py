"""Sentences about a roster: what is wrong with it, and which setting of the LMS to change."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_tool.models import Context, Registration
from lti_tool.platforms.products import CANVAS, MOODLE, Product, product_of
from lti_tool.services.errors import DeliveryProblem

_PROBLEMS: dict[DeliveryProblem, Promise] = {
    DeliveryProblem.UNREACHABLE: _("The LMS did not answer."),
    DeliveryProblem.BUSY: _("The LMS is busy."),
    DeliveryProblem.SERVER_ERROR: _("The LMS reported an internal error."),
    DeliveryProblem.ANSWER_UNREADABLE: _(
        "The LMS sent a class list that we cannot read completely."
    ),
    DeliveryProblem.TOKEN_REFUSED: _(
        "The LMS refuses access to this tool. Ask your LMS administrator to check the tool's"
        " registration and keyset address."
    ),
    DeliveryProblem.NOT_ALLOWED: _("The LMS does not allow this tool to read the class list."),
    DeliveryProblem.NOT_ACCEPTED: _(
        "The LMS has no class list for this course at the address that it gave. Open this page from"
        " your course again."
    ),
}
_ROSTER_SETTINGS: dict[Product, Promise] = {
    MOODLE: _(
        "In Moodle: Site administration > Plugins > Activity modules > External tool > Manage"
        " tools, this tool, Services: set “IMS LTI Names and Role Provisioning” to “Use this"
        " service to retrieve members' information as per privacy settings”."
    ),
    CANVAS: _(
        "In Canvas: Admin > your account > Developer Keys, this tool's LTI key: allow “Can retrieve"
        " user data associated with the context the tool is installed in”."
    ),
}
_NAME_SETTINGS: dict[Product, Promise] = {
    MOODLE: _(
        "In Moodle: Site administration > Plugins > Activity modules > External tool > Manage"
        " tools, this tool, Privacy: set “Share launcher's name with tool” to “Always”."
    ),
    CANVAS: _("In Canvas: set the privacy level of this tool to “Name only”."),
}
_ROSTER_ELSEWHERE = _(
    "An administrator can allow “Names and Role Provisioning Services” in the LMS's settings for"
    " this tool."
)
_NAMES_ELSEWHERE = _(
    "An administrator can allow names in the LMS's privacy settings for this tool."
)
# Problems that an administrator's setting solves.
_BY_SETTING = {DeliveryProblem.NOT_ALLOWED, DeliveryProblem.TOKEN_REFUSED}


def problem(context: Context) -> Promise | None:
    """Return what went wrong when the roster was last read, or None if nothing did."""
    known = context.roster_problem in set(DeliveryProblem)
    return _PROBLEMS.get(DeliveryProblem(context.roster_problem)) if known else None


def needs_setting(context: Context) -> bool:
    """Return whether there is no roster until an administrator changes a setting of the LMS."""
    return not context.roster_url or context.roster_problem in _BY_SETTING


def roster_setting(registration: Registration) -> Promise:
    """Return where an administrator lets this tool read class lists, in the words of the LMS."""
    product = product_of(registration.product, registration.auth_login_url)
    return _ROSTER_SETTINGS.get(product, _ROSTER_ELSEWHERE)


def names_setting(registration: Registration) -> Promise:
    """Return where an administrator lets names be sent, in the words of the LMS."""
    product = product_of(registration.product, registration.auth_login_url)
    return _NAME_SETTINGS.get(product, _NAMES_ELSEWHERE)
