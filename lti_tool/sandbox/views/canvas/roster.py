"""Canvas's roster service: full roles, opaque ids, names if the tool may have them."""

from django.http import HttpResponse, JsonResponse

from lti_tool.protocol.vocabulary import Claim, MediaType, MessageType, Scope
from lti_tool.sandbox.canvas import addresses, custom, ids, paging
from lti_tool.sandbox.canvas.roles import course_roles
from lti_tool.sandbox.models import Activity, Course, Enrolment, Flavour, Role
from lti_tool.sandbox.platform.claims import names
from lti_tool.sandbox.services.json_body import JsonObject
from lti_tool.sandbox.services.service import Call, Route, service
from lti_tool.sandbox.views.canvas.line_items import linked_activity


def _list(call: Call) -> HttpResponse:
    asked = call.request.GET.get("rlid")
    link = None if asked is None else linked_activity(call, asked)
    members = _members(call.course, call.request.GET.get("role", ""))
    page = paging.asked(call.request.GET, addresses.roster(call.course.pk))
    body = {
        "id": addresses.roster(call.course.pk),
        "context": _context(call.course),
        "members": [_as_json(call, member, link) for member in page.of(members)],
    }
    response = JsonResponse(body, content_type=f"{MediaType.MEMBERSHIP_CONTAINER}")
    page.announce(response, len(members))
    return response


def _members(course: Course, role: str) -> list[Enrolment]:
    """Return the members with that role, or all; never the test student."""
    members = Enrolment.objects.filter(course=course).exclude(role=Role.TEST_STUDENT)
    found = list(members.select_related("person"))
    return [member for member in found if role in {"", *course_roles(member)}]


def _context(course: Course) -> JsonObject:
    return {"id": ids.course(course.pk), "label": course.label, "title": course.title}


def _as_json(call: Call, member: Enrolment, link: Activity | None) -> JsonObject:
    person = member.person
    found: JsonObject = {
        **names(call.tool, person),
        "status": "Active",
        "user_id": ids.person(person.pk),
        "lti11_legacy_user_id": ids.legacy(person.pk),
        "roles": course_roles(member),
    }
    if link is not None:
        found["message"] = [
            {
                Claim.MESSAGE_TYPE: MessageType.RESOURCE_LINK,
                Claim.CUSTOM: custom.sent(member, call.tool, link),
            }
        ]
    return found


READ = Route(
    _list,
    (Scope.MEMBERSHIP_READONLY,),
    accept=MediaType.MEMBERSHIP_CONTAINER,
    flavour=Flavour.CANVAS,
)
roster = service("roster", {"GET": READ})
