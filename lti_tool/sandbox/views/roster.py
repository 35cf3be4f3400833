"""The roster service (LTI-NRPS 2.0, section 2). As in Moodle, roles are short, without e-mail."""

from django.http import HttpResponse, JsonResponse

from lti_tool.protocol.vocabulary import CONTEXT_ROLE, Claim, MediaType, MessageType, Scope
from lti_tool.sandbox.models import Activity, Course, Enrolment, ToolClient
from lti_tool.sandbox.platform import custom
from lti_tool.sandbox.platform.claims import names, short_role
from lti_tool.sandbox.services import addresses, paging
from lti_tool.sandbox.services.json_body import JsonObject
from lti_tool.sandbox.services.service import Call, RefusalError, Route, service


def _list(call: Call) -> HttpResponse:
    link = _link(call)
    members = _members(call.course, call.request.GET.get("role", ""))
    page = paging.asked(call.request.GET)
    address = addresses.roster(call.course.pk, call.tool.pk)
    body = {
        "id": address,
        "context": _context(call.course),
        "members": [_as_json(call.tool, member, link) for member in page.of(members)],
    }
    response = JsonResponse(body, content_type=f"{MediaType.MEMBERSHIP_CONTAINER}")
    paging.link_next(response, page, len(members), f"{address}?{_kept(call)}")
    return response


def _link(call: Call) -> Activity | None:
    """Return the activity that `rlid` names (LTI-NRPS 2.0, section 3), or None without one.

    Raise RefusalError (404) if it is no link of this tool in this course.
    """
    asked = call.request.GET.get("rlid")
    if asked is None:
        return None
    for activity in Activity.objects.filter(course=call.course, tool=call.tool):
        if str(activity.pk) == asked:
            return activity
    raise RefusalError(404, "rlid is no link of this tool in this course.")


def _kept(call: Call) -> str:
    """Return the part of the query that the next page's address repeats."""
    query = call.request.GET.copy()
    for name in list(query):
        if name not in {"role", "rlid"}:
            del query[name]
    return query.urlencode()


def _members(course: Course, role: str) -> list[Enrolment]:
    wanted = role.removeprefix(CONTEXT_ROLE)
    members = Enrolment.objects.filter(course=course).select_related("person")
    return [member for member in members if wanted in {"", short_role(member)}]


def _context(course: Course) -> JsonObject:
    return {"id": str(course.pk), "label": course.label, "title": course.title}


def _as_json(tool: ToolClient, member: Enrolment, link: Activity | None) -> JsonObject:
    person = member.person
    found: JsonObject = {
        "status": "Active",
        "roles": [short_role(member)],
        "user_id": str(person.pk),
        "lis_person_sourcedid": "",
        **names(tool, person),
    }
    if link is not None:
        values = custom.sent(member, link.tool, link)
        found["message"] = [{Claim.MESSAGE_TYPE: MessageType.RESOURCE_LINK, Claim.CUSTOM: values}]
    return found


roster = service(
    "roster",
    {
        "GET": Route(
            _list,
            (Scope.MEMBERSHIP_READONLY,),
            accept=MediaType.MEMBERSHIP_CONTAINER,
            typed_address=False,
        )
    },
)
