"""The claims of a launch as Canvas sends them, where they differ from Moodle's.

Opaque ids, full roles, null for unknown values, Canvas's own claims beside the specification's.
"""

from typing import Final

from lti_tool.protocol.vocabulary import Claim, Scope
from lti_tool.sandbox.canvas import addresses, custom, deep_linking, ids, roles
from lti_tool.sandbox.models import Activity, Enrolment, Ticket
from lti_tool.sandbox.platform import claims as moodle_claims
from lti_tool.sandbox.platform.claims import AGS_SCOPES, Claims
from lti_tool.sandbox.platform.platforms import get_platform
from lti_tool.sandbox.server import conf

PLACEMENT: Final = "https://www.instructure.com/placement"
LTI_1P1: Final = "https://purl.imsglobal.org/spec/lti/claim/lti1p1"
LEGACY_USER_ID: Final = "https://purl.imsglobal.org/spec/lti/claim/lti11_legacy_user_id"
COURSE_OFFERING: Final = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"
TOKEN_SECONDS: Final = 300
# Members of most objects in Canvas's id_token.
VALIDATION: Final[Claims] = {"validation_context": None, "errors": {"errors": {}}}


def launch_claims(
    ticket: Ticket, enrolment: Enrolment, nonce: str, now: int, language: str = "en"
) -> Claims:
    """Return all claims of a launch's id_token."""
    tool, course, activity = ticket.tool, ticket.course, ticket.activity
    platform = get_platform(tool.flavour)
    legacy_id = ids.legacy(enrolment.person_id)
    claims: Claims = {
        **moodle_claims.launch_claims(ticket, enrolment, nonce, now, language),
        "iss": platform.issuer,
        "azp": tool.client_id,
        "exp": now + TOKEN_SECONDS,
        "sub": ids.person(enrolment.person_id),
        Claim.ROLES: roles.all_roles(enrolment),
        Claim.LIS: {"person_sourcedid": None, "course_offering_sourcedid": None, **VALIDATION},
        LTI_1P1: {"user_id": legacy_id, **VALIDATION},
        LEGACY_USER_ID: legacy_id,
        Claim.CONTEXT: {
            "id": ids.course(course.pk),
            "label": course.label,
            "title": course.title,
            "type": [COURSE_OFFERING],
            **VALIDATION,
        },
        Claim.LAUNCH_PRESENTATION: {
            "document_target": ticket.target,
            "return_url": conf.address("return", course.pk),
            "locale": language,
            "height": None,
            "width": None,
            **VALIDATION,
        },
        Claim.TOOL_PLATFORM: {
            "guid": f"{ids.course(0)}:canvas-lms",
            "name": "Sandbox Canvas",
            "version": "cloud",
            "product_family_code": platform.product,
            **VALIDATION,
        },
        **_services(ticket),
        Claim.CUSTOM: custom.custom_claim(
            enrolment, tool, activity, opens_submission=ticket.opens_submission
        ),
    }
    if activity is not None:
        claims[Claim.TARGET_LINK_URI] = ticket.target_link_uri
        claims.update(_link_claims(ticket, activity))
    if ticket.selection is not None:
        placement = ticket.selection.placement
        claims[Claim.DEEP_LINKING_SETTINGS] = deep_linking.settings_claim(claims, placement)
        claims[PLACEMENT] = placement
    return claims


def _link_claims(ticket: Ticket, activity: Activity) -> Claims:
    """Return the resource link, and where in Canvas it was opened.

    A submission that came with a score has no link of its own: SpeedGrader and 'Submission
    Details' launch its address with the course's id and title (`launch_resource_link_id` in
    `lib/lti/messages/resource_link_request.rb`).
    """
    link: Claims = {"description": None, **VALIDATION}
    if ticket.opens_submission:
        course = activity.course
        link |= {"id": ids.course(course.pk), "title": course.title}
        return {Claim.RESOURCE_LINK: link, PLACEMENT: None}
    link |= {"id": ids.link(activity.pk), "title": activity.title}
    graded = activity.columns.exists()
    return {
        Claim.RESOURCE_LINK: link,
        PLACEMENT: "assignment_selection" if graded else "link_selection",
    }


def _services(ticket: Ticket) -> Claims:
    """Return the claims of the services.

    The line item is always the link's first column; the launch of a submission names none.
    """
    endpoint: Claims = {
        "scope": [str(scope) for scope in AGS_SCOPES if scope in ticket.tool.scopes],
        "lineitems": conf.address("canvas-columns", ticket.course.pk),
        **VALIDATION,
    }
    column = ticket.activity.columns.first() if ticket.activity else None
    if column is not None and not ticket.opens_submission:
        endpoint["lineitem"] = addresses.column(column)
    services: Claims = {Claim.AGS_ENDPOINT: endpoint}
    if Scope.MEMBERSHIP_READONLY in ticket.tool.scopes:
        services[Claim.NRPS_SERVICE] = {
            "context_memberships_url": conf.address("canvas-roster", ticket.course.pk),
            "service_versions": ["2.0"],
            **VALIDATION,
        }
    return services
