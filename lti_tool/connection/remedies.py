"""Texts that say what to change, and where, if a line of the connection check is not green.

They use the words of the product's own pages: Moodle's as in its language files, Canvas's as on
its Developer Keys pages.
"""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_tool.models import Registration
from lti_tool.platforms.products import CANVAS, MOODLE, product_of


class Remedy(StrEnum):
    """A thing that a person can set right."""

    KEY_ADDRESS = "key-address"
    TOKEN_ADDRESS = "token-address"  # noqa: S105
    OUR_KEYS = "our-keys"
    ALL_GRADES = "all-grades"
    COLUMNS = "columns"
    RESULTS = "results"
    READ_COLUMNS = "read-columns"
    SCORES = "scores"
    ROSTER = "roster"
    COLUMN_GONE = "column-gone"
    CLOCK = "clock"
    FIRST_LAUNCH = "first-launch"
    CLIENT_ID = "client-id"
    ADD_DEPLOYMENT = "add-deployment"
    DEPLOYMENT = "deployment"
    SWITCH = "switch"


_UNREACHED = _(
    "If the addresses are the same, this tool's server cannot reach that address: check its"
    " network, the certificate and the host name."
)
_MOODLE_TOOL = _(
    "In Moodle: Site administration > Plugins > Activity modules > External tool > Manage tools."
)
_MOODLE_GRADES = _(
    "On the tool's card click 'Edit'. Under 'Services' set 'IMS LTI Assignment and Grade Services'"
    " to 'Use this service for grade sync and column management'."
)
_MOODLE: dict[Remedy, tuple[Promise, ...]] = {
    Remedy.KEY_ADDRESS: (
        _MOODLE_TOOL,
        _(
            "On the tool's card click 'View configuration details' and compare 'Public keyset URL'"
            " with %(jwks_url)s. If they differ, register Moodle here again with the address from"
            " Moodle."
        ),
        _UNREACHED,
    ),
    Remedy.TOKEN_ADDRESS: (
        _MOODLE_TOOL,
        _(
            "On the tool's card click 'View configuration details' and compare 'Access token URL'"
            " with %(token_url)s. If they differ, register Moodle here again with the address from"
            " Moodle."
        ),
        _UNREACHED,
    ),
    Remedy.OUR_KEYS: (
        _MOODLE_TOOL,
        _(
            "On the tool's card click 'Edit'. 'Public key type' must be 'Keyset URL', 'Public"
            " keyset' %(keyset)s and 'Client ID' %(client_id)s."
        ),
        _(
            "If they already are, Moodle cannot read that address: check 'cURL blocked hosts list'"
            " and 'cURL allowed ports list' under Site administration > General > Security > HTTP"
            " security."
        ),
    ),
    Remedy.ALL_GRADES: (_MOODLE_TOOL, _MOODLE_GRADES),
    Remedy.SCORES: (_MOODLE_TOOL, _MOODLE_GRADES),
    Remedy.COLUMNS: (_MOODLE_TOOL, _MOODLE_GRADES),
    Remedy.RESULTS: (_MOODLE_TOOL, _MOODLE_GRADES),
    Remedy.READ_COLUMNS: (_MOODLE_TOOL, _MOODLE_GRADES),
    Remedy.ROSTER: (
        _MOODLE_TOOL,
        _(
            "On the tool's card click 'Edit'. Under 'Services' set 'IMS LTI Names and Role"
            " Provisioning' to 'Use this service to retrieve members' information as per privacy"
            " settings'."
        ),
    ),
    Remedy.CLIENT_ID: (
        _MOODLE_TOOL,
        _(
            "On the tool's card click 'View configuration details' and compare 'Client ID' with"
            " %(client_id)s. If they differ, register Moodle here again with the client ID from"
            " Moodle."
        ),
    ),
    Remedy.ADD_DEPLOYMENT: (
        _MOODLE_TOOL,
        _(
            "On the tool's card click 'View configuration details' and copy the 'Deployment ID'."
            " The operator of this worksheet tool adds it on the tool's admin pages, in the"
            " registration '%(name)s'."
        ),
    ),
    Remedy.FIRST_LAUNCH: (
        _MOODLE_TOOL,
        _(
            "If the tool is 'Pending', click 'Activate' on its card. Set 'Tool configuration usage'"
            " to 'Show in activity chooser and as a preconfigured tool'. Then add the activity to a"
            " course and open it."
        ),
    ),
}

_CANVAS_KEY = _("In Canvas: Admin > your account > Developer Keys, the key %(client_id)s, 'Edit'.")
_CANVAS_SERVICE = _("Under 'LTI Advantage Services' switch on:")
_CANVAS: dict[Remedy, tuple[Promise, ...]] = {
    Remedy.KEY_ADDRESS: (
        _(
            "Canvas publishes its keys at https://sso.canvaslms.com/api/lti/security/jwks (beta and"
            " test: sso.beta and sso.test). The address registered here is %(jwks_url)s."
        ),
        _UNREACHED,
    ),
    Remedy.TOKEN_ADDRESS: (
        _(
            "Canvas issues access tokens at /login/oauth2/token. The address registered here is"
            " %(token_url)s."
        ),
        _UNREACHED,
    ),
    Remedy.OUR_KEYS: (
        _CANVAS_KEY,
        _(
            "'JWK Method' must be 'Public JWK URL', and 'Public JWK URL' %(keyset)s. In the list"
            " of keys, 'State' must be 'ON'."
        ),
    ),
    Remedy.ALL_GRADES: (
        _CANVAS_KEY,
        _("Under 'LTI Advantage Services' switch on everything that begins with 'Can'."),
    ),
    Remedy.SCORES: (
        _CANVAS_KEY,
        _CANVAS_SERVICE,
        _("'Can create and update submission results for assignments associated with the tool.'"),
    ),
    Remedy.COLUMNS: (
        _CANVAS_KEY,
        _CANVAS_SERVICE,
        _("'Can create and view assignment data in the gradebook associated with the tool.'"),
    ),
    Remedy.READ_COLUMNS: (
        _CANVAS_KEY,
        _CANVAS_SERVICE,
        _("'Can view assignment data in the gradebook associated with the tool.'"),
    ),
    Remedy.RESULTS: (
        _CANVAS_KEY,
        _CANVAS_SERVICE,
        _("'Can view submission data for assignments associated with the tool.'"),
    ),
    Remedy.ROSTER: (
        _CANVAS_KEY,
        _CANVAS_SERVICE,
        _("'Can retrieve user data associated with the context the tool is installed in.'"),
    ),
    Remedy.CLIENT_ID: (
        _(
            "In Canvas: Admin > your account > Developer Keys: the number under 'Details' of the"
            " key must be %(client_id)s. If they differ, register Canvas here again with the number"
            " from Canvas."
        ),
    ),
    Remedy.ADD_DEPLOYMENT: (
        _(
            "In Canvas: Settings > Apps > View App Configurations, click the app's gear and copy"
            " the 'Deployment Id'. The operator of this worksheet tool adds it on the tool's admin"
            " pages, in the registration '%(name)s'."
        ),
    ),
    Remedy.FIRST_LAUNCH: (
        _(
            "In Canvas: Admin > your account > Developer Keys: 'State' of the key %(client_id)s"
            " must be 'ON'. Then Settings > Apps > View App Configurations > + App, 'By Client"
            " ID', and open the tool in a course."
        ),
    ),
}

_ANY_GRADES = _("In the LMS's settings for this tool, allow Assignment and Grade Services.")
_ANY: dict[Remedy, tuple[Promise, ...]] = {
    Remedy.KEY_ADDRESS: (
        _(
            "Compare the LMS's public keyset address (JWKS URL) with the one registered here,"
            " %(jwks_url)s."
        ),
        _UNREACHED,
    ),
    Remedy.TOKEN_ADDRESS: (
        _("Compare the LMS's access token address with the one registered here, %(token_url)s."),
        _UNREACHED,
    ),
    Remedy.OUR_KEYS: (
        _(
            "In the LMS's settings for this tool, set the public keyset address to %(keyset)s and"
            " the client ID to %(client_id)s. The LMS's server must be able to read that address."
        ),
    ),
    Remedy.ALL_GRADES: (_ANY_GRADES,),
    Remedy.SCORES: (_ANY_GRADES, _("The permission (scope) is 'score'.")),
    Remedy.COLUMNS: (_ANY_GRADES, _("The permission (scope) is 'lineitem'.")),
    Remedy.READ_COLUMNS: (_ANY_GRADES, _("The permission (scope) is 'lineitem.readonly'.")),
    Remedy.RESULTS: (_ANY_GRADES, _("The permission (scope) is 'result.readonly'.")),
    Remedy.ROSTER: (
        _("In the LMS's settings for this tool, allow Names and Role Provisioning Services."),
    ),
    Remedy.COLUMN_GONE: (
        _(
            "Someone deleted it in the gradebook. Open the activity again: if the LMS has a new"
            " column for it, this tool finds the column then. Otherwise the next grade creates one."
        ),
    ),
    Remedy.CLOCK: (
        _("Let both servers set their clocks over the network (NTP). Either clock may be wrong."),
    ),
    Remedy.CLIENT_ID: (
        _(
            "Compare the client ID that the LMS has for this tool with the one registered here,"
            " %(client_id)s."
        ),
    ),
    Remedy.ADD_DEPLOYMENT: (
        _(
            "The LMS shows a deployment ID for this tool. The operator of this worksheet tool adds"
            " it on the tool's admin pages, in the registration '%(name)s'."
        ),
    ),
    Remedy.FIRST_LAUNCH: (
        _("Switch the tool on in the LMS, add an activity to a course, and open it as a teacher."),
    ),
    Remedy.DEPLOYMENT: (
        _(
            "The operator of this worksheet tool approves it: on the tool's admin pages, in the"
            " registration '%(name)s', tick 'Is approved' for the deployment and save."
        ),
    ),
    Remedy.SWITCH: (
        _(
            "The operator of this worksheet tool switches it on: on the tool's admin pages, in the"
            " registration '%(name)s', tick 'Is active' and save."
        ),
    ),
}
_WORDS = {MOODLE: _MOODLE, CANVAS: _CANVAS}


def remedy_text(remedy: Remedy, registration: Registration) -> str:
    """Return what to do, for an administrator of this platform's product."""
    product = product_of(registration.product, registration.auth_login_url)
    steps = _WORDS.get(product, _ANY).get(remedy) or _ANY[remedy]
    values = {
        "client_id": registration.client_id,
        "jwks_url": registration.jwks_url,
        "token_url": registration.auth_token_url,
        "keyset": f"{settings.PUBLIC_URL}/lti/jwks.json",
        "name": registration.name,
    }
    return " ".join(str(step) % values for step in steps)
