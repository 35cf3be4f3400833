"""The claims of a launch as Moodle 4.5 sends them.

Source: LTI Core 1.3, 5.3 and 5.4; LTI-DL 2.0, 4.4; Submission Review 1.0, 4.2. As in Moodle:
numeric ids as text, a short context type, full role URIs, a `lineitem` only if the link has
exactly one column, no e-mail.
"""

from lti_tool.protocol.vocabulary import (
    CONTEXT_ROLE,
    INSTITUTION_ROLE,
    RESOURCE_LINK_ITEM,
    VERSION,
    Claim,
    Scope,
)
from lti_tool.sandbox.models import Column, Enrolment, Person, Selection, Ticket, ToolClient
from lti_tool.sandbox.platform import custom
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.services import addresses

EXT_CLAIM = "https://purl.imsglobal.org/spec/lti/claim/ext"
ID_TOKEN_SECONDS = 60
AGS_SCOPES = (Scope.LINE_ITEM, Scope.LINE_ITEM_READONLY, Scope.RESULT_READONLY, Scope.SCORE)

Claims = dict[str, object]


def launch_claims(
    ticket: Ticket, enrolment: Enrolment, nonce: str, now: int, language: str = "en"
) -> Claims:
    """Return all claims of a launch's id_token."""
    tool, course, person = ticket.tool, ticket.course, enrolment.person
    institution_role = "Staff" if person.is_staff else "Student"
    review_parameters = ticket.review.get("custom")
    presentation = {"locale": language, "document_target": ticket.target}
    if ticket.selection is None:
        presentation["return_url"] = conf.address("return", course.pk)
    claims: Claims = {
        "iss": conf.issuer(),
        "aud": tool.client_id,
        "sub": str(person.pk),
        "iat": now,
        "exp": now + ID_TOKEN_SECONDS,
        "nonce": nonce,
        Claim.MESSAGE_TYPE: ticket.message,
        Claim.VERSION: VERSION,
        Claim.DEPLOYMENT_ID: tool.deployment_id,
        Claim.TARGET_LINK_URI: ticket.target_link_uri,
        Claim.CUSTOM: custom.custom_claim(enrolment, tool, ticket.activity, review_parameters),
        Claim.ROLES: [INSTITUTION_ROLE + institution_role, CONTEXT_ROLE + short_role(enrolment)],
        Claim.LIS: {"person_sourcedid": "", "course_section_sourcedid": ""},
        EXT_CLAIM: {"user_username": person.username, "lms": "sandbox-1"},
        **name_claims(tool, person),
        Claim.CONTEXT: {
            "id": str(course.pk),
            "label": course.label,
            "title": course.title,
            "type": ["CourseSection"],
        },
        Claim.LAUNCH_PRESENTATION: presentation,
        Claim.TOOL_PLATFORM: {
            "product_family_code": "sandbox",
            "version": "1",
            "guid": conf.issuer().split("://")[1],
            "name": "Sandbox LMS",
            "description": "An LMS for trying the tool",
        },
        **_services(ticket),
    }
    if ticket.selection is not None:
        claims[Claim.DEEP_LINKING_SETTINGS] = _deep_linking_settings(ticket.selection)
    if ticket.activity is not None:
        claims[Claim.RESOURCE_LINK] = {
            "id": str(ticket.activity.pk),
            "title": ticket.activity.title,
            "description": ticket.activity.description,
        }
    if ticket.reviewed_person_id is not None:
        claims[Claim.FOR_USER] = {"user_id": str(ticket.reviewed_person_id)}
    return claims


def name_claims(tool: ToolClient, person: Person) -> Claims:
    """Return the name claims, or nothing if the tool does not get names."""
    if not tool.shares_names:
        return {}
    return {
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
    }


def short_role(enrolment: Enrolment) -> str:
    """Return the role in a course as Moodle's roster has it, without its URI."""
    return "Instructor" if enrolment.teaches else "Learner"


def _deep_linking_settings(selection: Selection) -> Claims:
    """Return the deep linking settings (LTI-DL 2.0, 4.4.1)."""
    return {
        "deep_link_return_url": addresses.selected(selection),
        "accept_types": [RESOURCE_LINK_ITEM],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": selection.multiple,
        "accept_lineitem": True,
        "auto_create": True,
        "title": selection.tool.name,
        "text": "",
        "data": selection.data,
    }


def _services(ticket: Ticket) -> Claims:
    """Return the claims of the services (LTI-AGS 2.0, 3.1 and LTI-NRPS 2.0, 3.6.1.1)."""
    course, tool = ticket.course, ticket.tool
    endpoint: Claims = {
        "scope": [str(scope) for scope in AGS_SCOPES if scope in tool.scopes],
        "lineitems": addresses.columns(course.pk, tool.pk),
    }
    column = _column(ticket)
    if column is not None:
        endpoint["lineitem"] = addresses.column(column)
    claims: Claims = {Claim.AGS_ENDPOINT: endpoint}
    if Scope.MEMBERSHIP_READONLY in tool.scopes:
        claims[Claim.NRPS_SERVICE] = {
            "context_memberships_url": conf.address("roster", course.pk, tool.pk),
            "service_versions": ["1.0", "2.0"],
        }
    return claims


def _column(ticket: Ticket) -> Column | None:
    """Return the reviewed column, else the link's column if it has exactly one."""
    if ticket.activity is None or ticket.reviewed_column is not None:
        return ticket.reviewed_column
    columns = list(ticket.activity.columns.all())
    return columns[0] if len(columns) == 1 else None
