"""The results service (LTI-AGS 2.0, section 3.3). As in Moodle, a 0 has no resultScore."""

from django.http import HttpResponse, JsonResponse

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.models import Column, Grade
from lti_tool.sandbox.services import addresses, paging
from lti_tool.sandbox.services.json_body import JsonObject, as_number
from lti_tool.sandbox.services.service import Call, Route, service
from lti_tool.sandbox.views.line_items import called_column


def _list(call: Call) -> HttpResponse:
    column = called_column(call)
    grades = _wanted(column, call.request.GET.get("user_id"))
    page = paging.asked(call.request.GET)
    body = [_as_json(column, grade) for grade in page.of(grades)]
    response = JsonResponse(body, safe=False, content_type=f"{MediaType.RESULT_CONTAINER}")
    address = addresses.results(column)
    paging.link_crookedly(response, page, len(grades), address)
    return response


def _wanted(column: Column, user_id: str | None) -> list[Grade]:
    return [
        grade
        for grade in column.grades.order_by("pk")
        if user_id is None or user_id == str(grade.person_id)
    ]


def _as_json(column: Column, grade: Grade) -> JsonObject:
    result: JsonObject = {
        "id": addresses.result(column, grade.person_id),
        "userId": str(grade.person_id),
    }
    if grade.shown_score:
        result["resultScore"] = as_number(grade.shown_score)
        result["resultMaximum"] = as_number(column.maximum)
        result["scoreOf"] = addresses.column(column)
        result["timestamp"] = grade.timestamp.isoformat()
        if grade.shown_comment:
            result["comment"] = grade.shown_comment
    return result


results = service(
    "results",
    {"GET": Route(_list, (Scope.RESULT_READONLY,), accept=MediaType.RESULT_CONTAINER)},
)
