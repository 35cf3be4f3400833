"""The claims of a launch as Canvas sends them, where they differ from Moodle's.

Opaque ids, full roles, null for unknown values, Canvas's own claims beside the specification's.
"""

from typing import Final

from lti_tool.protocol.vocabulary import Claim, Scope
from lti_tool.sandbox.canvas import addresses, custom, deep_linking, ids, roles
from lti_tool.sandbox.models import Activity, Course, Enrolment, Ticket
from lti_tool.sandbox.platform import claims
from lti_tool.sandbox.platform.platforms import platform
from lti_tool.sandbox.server import conf

PLACEMENT: Final = "https://www.instructure.com/placement"
LTI_1P1: Final = "https://purl.imsglobal.org/spec/lti/claim/lti1p1"
LEGACY_USER_ID: Final = "https://purl.imsglobal.org/spec/lti/claim/lti11_legacy_user_id"
COURSE_OFFERING: Final = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"
TOKEN_SECONDS: Final = 300
UNCHECKED: Final[claims.Claims] = {"validation_context": None, "errors": {"errors": {}}}


def launch_claims(
    ticket: Ticket, enrolment: Enrolment, nonce: str, now: int, language: str = "en"
) -> claims.Claims:
    """Return all claims of a launch's id_token."""
    known = {
        **claims.launch_claims(ticket, enrolment, nonce, now, language),
        **_token(ticket, now),
        **_person(enrolment),
        **_course(ticket.course),
        **_platform(ticket, language),
        **_services(ticket),
        Claim.CUSTOM: custom.sent(enrolment, ticket.tool, ticket.activity),
    }
    if ticket.activity is not None:
        known |= _link(ticket.activity, ticket.submission_url)
    if ticket.selection is not None:
        known |= deep_linking.changed(known, ticket.selection.placement)
        known[PLACEMENT] = ticket.selection.placement
    return known


def _token(ticket: Ticket, now: int) -> claims.Claims:
    own = platform(ticket.tool.flavour)
    return {"iss": own.issuer, "azp": ticket.tool.client_id, "exp": now + TOKEN_SECONDS}


def _person(enrolment: Enrolment) -> claims.Claims:
    legacy = ids.legacy(enrolment.person_id)
    return {
        "sub": ids.person(enrolment.person_id),
        Claim.ROLES: roles.all_roles(enrolment),
        Claim.LIS: {"person_sourcedid": None, "course_offering_sourcedid": None, **UNCHECKED},
        LTI_1P1: {"user_id": legacy, **UNCHECKED},
        LEGACY_USER_ID: legacy,
    }


def _course(course: Course) -> claims.Claims:
    return {
        Claim.CONTEXT: {
            "id": ids.course(course.pk),
            "label": course.label,
            "title": course.title,
            "type": [COURSE_OFFERING],
            **UNCHECKED,
        }
    }


def _link(activity: Activity, submission_url: str) -> claims.Claims:
    graded = activity.columns.exists()
    return {
        Claim.TARGET_LINK_URI: submission_url or activity.target_link_uri,
        Claim.RESOURCE_LINK: {
            "id": ids.link(activity.pk),
            "title": activity.title,
            "description": None,
            **UNCHECKED,
        },
        PLACEMENT: "assignment_selection" if graded else "link_selection",
    }


def _platform(ticket: Ticket, language: str) -> claims.Claims:
    own = platform(ticket.tool.flavour)
    return {
        Claim.LAUNCH_PRESENTATION: {
            "document_target": ticket.target,
            "return_url": conf.address("return", ticket.course.pk),
            "locale": language,
            "height": None,
            "width": None,
            **UNCHECKED,
        },
        Claim.TOOL_PLATFORM: {
            "guid": f"{ids.course(0)}:canvas-lms",
            "name": "Sandbox Canvas",
            "version": "cloud",
            "product_family_code": own.product,
            **UNCHECKED,
        },
    }


def _services(ticket: Ticket) -> claims.Claims:
    """Return the claims of the services; the line item is always the link's first column."""
    endpoint: claims.Claims = {
        "scope": [scope for scope in claims.AGS_SCOPES if scope in ticket.tool.scopes],
        "lineitems": addresses.columns(ticket.course.pk),
        **UNCHECKED,
    }
    column = ticket.activity.columns.first() if ticket.activity else None
    if column is not None:
        endpoint["lineitem"] = addresses.column(column)
    services: claims.Claims = {Claim.AGS_ENDPOINT: endpoint}
    if Scope.MEMBERSHIP_READONLY in ticket.tool.scopes:
        services[Claim.NRPS_SERVICE] = {
            "context_memberships_url": addresses.roster(ticket.course.pk),
            "service_versions": ["2.0"],
            **UNCHECKED,
        }
    return services
