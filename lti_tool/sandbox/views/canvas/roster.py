"""Canvas's roster service: full roles, opaque ids, names if the tool may have them."""

from django.http import HttpResponse, JsonResponse

from lti_tool.protocol.vocabulary import Claim, MediaType, MessageType, Scope
from lti_tool.sandbox.canvas import custom, ids, paging
from lti_tool.sandbox.canvas.roles import course_roles
from lti_tool.sandbox.models import Activity, Enrolment, Flavour, Role, ToolClient
from lti_tool.sandbox.platform.claims import name_claims
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.services.json_body import JsonObject
from lti_tool.sandbox.services.service import Call, Route, service
from lti_tool.sandbox.views.canvas.line_items import linked_activity


def _list(call: Call) -> HttpResponse:
    """Return the members without the test student; with `rlid` as seen from that link."""
    query, course = call.request.GET, call.course
    activity = linked_activity(call, query["rlid"]) if "rlid" in query else None
    enrolments = Enrolment.objects.filter(course=course).exclude(role=Role.TEST_STUDENT)
    members = list(enrolments.select_related("person"))
    if query.get("role"):
        members = [member for member in members if query["role"] in course_roles(member)]
    address = conf.address("canvas-roster", course.pk)
    size = paging.ROSTER_PAGE_SIZE
    page = paging.requested_page(query, address, default=size, most=size)
    body = {
        "id": address,
        "context": {"id": ids.course(course.pk), "label": course.label, "title": course.title},
        "members": [_member(call.tool, member, activity) for member in page.select(members)],
    }
    response = JsonResponse(body, content_type=str(MediaType.MEMBERSHIP_CONTAINER))
    page.set_link_header(response, len(members))
    return response


def _member(tool: ToolClient, member: Enrolment, activity: Activity | None) -> JsonObject:
    result: JsonObject = {
        **name_claims(tool, member.person),
        "status": "Active",
        "user_id": ids.person(member.person_id),
        "lti11_legacy_user_id": ids.legacy(member.person_id),
        "roles": course_roles(member),
    }
    if activity is not None:
        values = custom.custom_claim(member, tool, activity)
        message = {Claim.MESSAGE_TYPE: MessageType.RESOURCE_LINK, Claim.CUSTOM: values}
        result["message"] = [message]
    return result


READ = Route(
    _list,
    (Scope.MEMBERSHIP_READONLY,),
    accept=MediaType.MEMBERSHIP_CONTAINER,
    flavour=Flavour.CANVAS,
)
roster = service("roster", {"GET": READ})
