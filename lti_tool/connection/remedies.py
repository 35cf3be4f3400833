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
    "If it is the same, this tool's server cannot reach it: look at its network, the"
    " certificate and the host's name."
)
_MOODLE_TOOL = _(
    "In Moodle: Site administration > Plugins > Activity modules > External tool > Manage tools."
)
_MOODLE_GRADES = _(
    "On the tool's card press 'Edit'. Under 'Services' set 'IMS LTI Assignment and Grade"
    " Services' to 'Use this service for grade sync and column management'."
)
_MOODLE: dict[Remedy, tuple[Promise, ...]] = {
    Remedy.KEY_ADDRESS: (
        _MOODLE_TOOL,
        _(
            "On the tool's card press 'View configuration details' and compare 'Public keyset"
            " URL' with %(jwks_url)s. If it is another one, register Moodle here again with it."
        ),
        _UNREACHED,
    ),
    Remedy.TOKEN_ADDRESS: (
        _MOODLE_TOOL,
        _(
            "On the tool's card press 'View configuration details' and compare 'Access token"
            " URL' with %(token_url)s. If it is another one, register Moodle here again with it."
        ),
        _UNREACHED,
    ),
    Remedy.OUR_KEYS: (
        _MOODLE_TOOL,
        _(
            "On the tool's card press 'Edit'. 'Public key type' must be 'Keyset URL', 'Public"
            " keyset' %(keyset)s and 'Client ID' %(client_id)s."
        ),
        _(
            "If they are so already, Moodle cannot read that address: look at 'cURL blocked"
            " hosts list' and 'cURL allowed ports list' in Site administration > General >"
            " Security > HTTP security."
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
            "On the tool's card press 'Edit'. Under 'Services' set 'IMS LTI Names and Role"
            " Provisioning' to 'Use this service to retrieve members' information as per"
            " privacy settings'."
        ),
    ),
    Remedy.CLIENT_ID: (
        _MOODLE_TOOL,
        _(
            "On the tool's card press 'View configuration details' and compare 'Client ID' with"
            " %(client_id)s. If it is another one, register Moodle here again with it."
        ),
    ),
    Remedy.ADD_DEPLOYMENT: (
        _MOODLE_TOOL,
        _(
            "On the tool's card press 'View configuration details': the operator of this tool adds"
            " the 'Deployment ID' that stands there, in this tool's own administration, at the"
            " registration '%(name)s'."
        ),
    ),
    Remedy.FIRST_LAUNCH: (
        _MOODLE_TOOL,
        _(
            "Press 'Activate' on the tool's card if it is 'Pending', and set 'Tool configuration"
            " usage' to 'Show in activity chooser and as a preconfigured tool'. Then add the"
            " activity to a course and open it."
        ),
    ),
}

_CANVAS_KEY = _("In Canvas: Admin > your account > Developer Keys, the key %(client_id)s, 'Edit'.")
_CANVAS_SERVICE = _("Under 'LTI Advantage Services' switch on:")
_CANVAS: dict[Remedy, tuple[Promise, ...]] = {
    Remedy.KEY_ADDRESS: (
        _(
            "Canvas publishes its keys at https://sso.canvaslms.com/api/lti/security/jwks (beta"
            " and test: sso.beta and sso.test). Here it is registered with %(jwks_url)s."
        ),
        _UNREACHED,
    ),
    Remedy.TOKEN_ADDRESS: (
        _("Canvas gives tokens at /login/oauth2/token. Here it is registered with %(token_url)s."),
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
            " key must be %(client_id)s. If it is another one, register Canvas here again with it."
        ),
    ),
    Remedy.ADD_DEPLOYMENT: (
        _(
            "In Canvas: Settings > Apps > View App Configurations, the gear of the app, 'Deployment"
            " Id': the operator of this tool adds what stands there, in this tool's own"
            " administration, at the registration '%(name)s'."
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

_ANY_GRADES = _("In the LMS's settings of this tool, allow Assignment and Grade Services.")
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
            "In the LMS's settings of this tool, the public keyset address must be %(keyset)s and"
            " the client ID %(client_id)s; and the LMS's server must be able to read that address."
        ),
    ),
    Remedy.ALL_GRADES: (_ANY_GRADES,),
    Remedy.SCORES: (_ANY_GRADES, _("The permission (scope) is 'score'.")),
    Remedy.COLUMNS: (_ANY_GRADES, _("The permission (scope) is 'lineitem'.")),
    Remedy.READ_COLUMNS: (_ANY_GRADES, _("The permission (scope) is 'lineitem.readonly'.")),
    Remedy.RESULTS: (_ANY_GRADES, _("The permission (scope) is 'result.readonly'.")),
    Remedy.ROSTER: (
        _("In the LMS's settings of this tool, allow Names and Role Provisioning Services."),
    ),
    Remedy.COLUMN_GONE: (
        _(
            "Somebody deleted it in the gradebook. Open the activity again: if the LMS has a new"
            " column for it, the launch tells it; or else it is made with the next score."
        ),
    ),
    Remedy.CLOCK: (
        _("Let both servers set their clocks by the network (NTP). It may be either that is off."),
    ),
    Remedy.CLIENT_ID: (
        _(
            "Compare the client ID that the LMS has for this tool with the one registered here,"
            " %(client_id)s."
        ),
    ),
    Remedy.ADD_DEPLOYMENT: (
        _(
            "The LMS shows a deployment ID for this tool: the operator of this tool adds it, in"
            " this tool's own administration, at the registration '%(name)s'."
        ),
    ),
    Remedy.FIRST_LAUNCH: (
        _("Switch the tool on in the LMS, add an activity to a course, and open it as a teacher."),
    ),
    Remedy.DEPLOYMENT: (
        _(
            "The operator of this tool approves it: in this tool's own administration, at the"
            " registration '%(name)s', tick 'Is approved' for the deployment and save."
        ),
    ),
    Remedy.SWITCH: (
        _(
            "The operator of this tool switches it on: in this tool's own administration, at the"
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
