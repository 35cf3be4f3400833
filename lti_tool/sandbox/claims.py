"""The claims of a resource link launch (LTI Core 1.3, 5.3 and 5.4), as Moodle 4.5 sends them.

Moodle's ways kept here: numeric ids as text, a short context type, full role URIs, a `lineitem`
only when the link has exactly one column, no e-mail.
"""

from collections.abc import Iterable

from lti_tool.sandbox import addresses, conf, terms
from lti_tool.sandbox.models import Activity, Enrolment, Person, Ticket, ToolClient
from lti_tool.vocabulary import CONTEXT_ROLE, INSTITUTION_ROLE, VERSION, Claim, MessageType, Scope

AGS_SCOPES = (Scope.LINE_ITEM, Scope.LINE_ITEM_READONLY, Scope.RESULT_READONLY, Scope.SCORE)

Claims = dict[str, object]


def launch_claims(ticket: Ticket, enrolment: Enrolment, nonce: str, now: int) -> Claims:
    """Everything that the id_token of one launch says."""
    activity = ticket.activity
    return {
        **_token(activity.tool, enrolment.person, nonce, now),
        **_message(activity),
        **_person(enrolment),
        **_place(activity),
        **_presentation(ticket),
        **_services(activity),
    }


def _token(tool: ToolClient, person: Person, nonce: str, now: int) -> Claims:
    return {
        "iss": conf.issuer(),
        "aud": tool.client_id,
        "sub": str(person.pk),
        "iat": now,
        "exp": now + terms.ID_TOKEN_SECONDS,
        "nonce": nonce,
    }


def _message(activity: Activity) -> Claims:
    return {
        Claim.MESSAGE_TYPE: MessageType.RESOURCE_LINK,
        Claim.VERSION: VERSION,
        Claim.DEPLOYMENT_ID: activity.tool.deployment_id,
        Claim.TARGET_LINK_URI: activity.tool.target_link_uri,
        Claim.CUSTOM: activity.custom,
    }


def _person(enrolment: Enrolment) -> Claims:
    person = enrolment.person
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "name": person.name,
        Claim.ROLES: full_roles(enrolment),
        Claim.LIS: {"person_sourcedid": "", "course_section_sourcedid": ""},
        terms.EXT_CLAIM: {"user_username": person.username, "lms": "sandbox-1"},
    }


def full_roles(enrolment: Enrolment) -> list[str]:
    """What the person is at the school, and in this course, as URIs."""
    institution = "Staff" if enrolment.person.is_staff else "Student"
    return [INSTITUTION_ROLE + institution, CONTEXT_ROLE + short_role(enrolment)]


def short_role(enrolment: Enrolment) -> str:
    return "Instructor" if enrolment.teaches else "Learner"


def _place(activity: Activity) -> Claims:
    course = activity.course
    return {
        Claim.CONTEXT: {
            "id": str(course.pk),
            "label": course.label,
            "title": course.title,
            "type": ["CourseSection"],
        },
        Claim.RESOURCE_LINK: {
            "id": str(activity.pk),
            "title": activity.title,
            "description": activity.description,
        },
    }


def _presentation(ticket: Ticket) -> Claims:
    return {
        Claim.LAUNCH_PRESENTATION: {
            "locale": "en",
            "document_target": ticket.target,
            "return_url": conf.address("return", ticket.activity.course_id),
        },
        Claim.TOOL_PLATFORM: {
            "product_family_code": "sandbox",
            "version": "1",
            "guid": conf.issuer().split("://")[1],
            "name": "Sandbox LMS",
            "description": "An LMS for trying the tool",
        },
    }


def _services(activity: Activity) -> Claims:
    """LTI-AGS 2.0, 3.1 and LTI-NRPS 2.0, 3.6.1.1."""
    endpoint: Claims = {
        "scope": _granted(activity.tool, AGS_SCOPES),
        "lineitems": addresses.columns(activity.course_id, activity.tool_id),
    }
    columns = list(activity.columns.all())
    if len(columns) == 1:
        endpoint["lineitem"] = addresses.column(columns[0])
    claims: Claims = {Claim.AGS_ENDPOINT: endpoint}
    if Scope.MEMBERSHIP_READONLY in activity.tool.scopes:
        claims[Claim.NRPS_SERVICE] = {
            "context_memberships_url": addresses.roster(activity.course_id, activity.tool_id),
            "service_versions": ["1.0", "2.0"],
        }
    return claims


def _granted(tool: ToolClient, scopes: Iterable[Scope]) -> list[str]:
    return [str(scope) for scope in scopes if scope in tool.scopes]
