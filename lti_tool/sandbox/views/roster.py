"""The roster service (LTI-NRPS 2.0, section 2). As in Moodle, roles are short, without e-mail."""

from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse

from lti_tool.protocol.vocabulary import CONTEXT_ROLE, Claim, MediaType, MessageType, Scope
from lti_tool.sandbox.models import Activity, Enrolment, ToolClient
from lti_tool.sandbox.platform import custom
from lti_tool.sandbox.platform.claims import name_claims, short_role
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.services import paging
from lti_tool.sandbox.services.json_body import JsonObject
from lti_tool.sandbox.services.service import Call, RefusalError, Route, service
from lti_tool.sandbox.views.line_items import linked_activity


def _list(call: Call) -> HttpResponse:
    """Return the members; with `rlid` (LTI-NRPS 2.0, section 3) as seen from that link."""
    query, activity = call.request.GET, None
    if "rlid" in query:
        activity = linked_activity(call, query["rlid"])
        if activity is None:
            raise RefusalError(404, "rlid is no link of this tool in this course.")
    role = query.get("role", "").removeprefix(CONTEXT_ROLE)
    enrolments = Enrolment.objects.filter(course=call.course).select_related("person")
    members = [member for member in enrolments if role in {"", short_role(member)}]
    page = paging.requested_page(query)
    address = conf.address("roster", call.course.pk, call.tool.pk)
    body = {
        "id": address,
        "context": {
            "id": str(call.course.pk),
            "label": call.course.label,
            "title": call.course.title,
        },
        "members": [_member(call.tool, member, activity) for member in page.select(members)],
    }
    response = JsonResponse(body, content_type=str(MediaType.MEMBERSHIP_CONTAINER))
    repeated = urlencode({name: query[name] for name in ("role", "rlid") if name in query})
    paging.set_link_header(response, page, len(members), f"{address}?{repeated}")
    return response


def _member(tool: ToolClient, member: Enrolment, activity: Activity | None) -> JsonObject:
    result: JsonObject = {
        "status": "Active",
        "roles": [short_role(member)],
        "user_id": str(member.person_id),
        "lis_person_sourcedid": "",
        **name_claims(tool, member.person),
    }
    if activity is not None:
        values = custom.custom_claim(member, activity.tool, activity)
        message = {Claim.MESSAGE_TYPE: MessageType.RESOURCE_LINK, Claim.CUSTOM: values}
        result["message"] = [message]
    return result


roster = service(
    "roster",
    {"GET": Route(_list, (Scope.MEMBERSHIP_READONLY,), accept=MediaType.MEMBERSHIP_CONTAINER)},
)
