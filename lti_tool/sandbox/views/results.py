"""The results service (LTI-AGS 2.0, section 3.3). As in Moodle 4.5.6, a 0 has its resultScore."""

from django.http import HttpResponse, JsonResponse

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.models import Column, Grade
from lti_tool.sandbox.services import addresses, paging
from lti_tool.sandbox.services.json_body import JsonObject, as_number
from lti_tool.sandbox.services.service import Call, Route, service
from lti_tool.sandbox.views.line_items import called_column


def _list(call: Call) -> HttpResponse:
    column, query = called_column(call), call.request.GET
    grades = list(column.grades.order_by("pk"))
    if "user_id" in query:
        grades = [grade for grade in grades if str(grade.person_id) == query["user_id"]]
    page = paging.requested_page(query)
    body = [_result(column, grade) for grade in page.select(grades)]
    response = JsonResponse(body, safe=False, content_type=str(MediaType.RESULT_CONTAINER))
    paging.set_malformed_link_header(response, page, len(grades), addresses.results(column))
    return response


def _result(column: Column, grade: Grade) -> JsonObject:
    result: JsonObject = {
        "id": addresses.result(column, grade.person_id),
        "userId": str(grade.person_id),
    }
    if grade.shown_score is not None:
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
