"""Canvas's results service: the last grade of tool or teacher, even a 0, without comments."""

from django.http import HttpResponse, JsonResponse

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.canvas import addresses, ids, paging
from lti_tool.sandbox.models import Column, Flavour, Grade
from lti_tool.sandbox.services.json_body import JsonObject, as_number
from lti_tool.sandbox.services.service import Call, Route, service
from lti_tool.sandbox.views.canvas.line_items import called_column


def _list(call: Call) -> HttpResponse:
    column = called_column(call)
    grades = _wanted(column, call.request.GET.get("user_id"))
    page = paging.asked(call.request.GET, addresses.results(column))
    body = [_as_json(column, grade) for grade in page.of(grades)]
    response = JsonResponse(body, safe=False, content_type=f"{MediaType.RESULT_CONTAINER}")
    page.announce(response, len(grades))
    return response


def _wanted(column: Column, user_id: str | None) -> list[Grade]:
    return [
        grade
        for grade in column.grades.order_by("pk")
        if user_id is None or user_id == ids.person(grade.person_id)
    ]


def _as_json(column: Column, grade: Grade) -> JsonObject:
    result: JsonObject = {
        "id": addresses.result(column, grade.person_id),
        "scoreOf": addresses.column(column),
        "userId": ids.person(grade.person_id),
    }
    if grade.result is not None:
        result["resultScore"] = as_number(grade.result)
        result["resultMaximum"] = as_number(column.maximum)
    return result


READ = Route(
    _list, (Scope.RESULT_READONLY,), accept=MediaType.RESULT_CONTAINER, flavour=Flavour.CANVAS
)
results = service("results", {"GET": READ})
