"""Canvas's results service: the last grade of tool or teacher, even a 0, without comments.

Canvas's own members of the score that was posted last come with it (`results_serializer.rb`).
"""

from django.http import HttpResponse, JsonResponse

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.canvas import addresses, ids, paging
from lti_tool.sandbox.canvas.score import SUBMISSION
from lti_tool.sandbox.models import Column, Flavour, Grade
from lti_tool.sandbox.services.json_body import JsonObject, as_number
from lti_tool.sandbox.services.service import Call, Route, service
from lti_tool.sandbox.views.canvas.line_items import called_column


def _list(call: Call) -> HttpResponse:
    column, query = called_column(call), call.request.GET
    # One whose score was refused after its submission has no result.
    grades = list(column.grades.exclude(activity_progress="", result=None).order_by("pk"))
    if "user_id" in query:
        grades = [grade for grade in grades if ids.person(grade.person_id) == query["user_id"]]
    page = paging.requested_page(query, addresses.results(column))
    body = [_result(column, grade) for grade in page.select(grades)]
    response = JsonResponse(body, safe=False, content_type=str(MediaType.RESULT_CONTAINER))
    page.set_link_header(response, len(grades))
    return response


def _result(column: Column, grade: Grade) -> JsonObject:
    result: JsonObject = {
        "id": addresses.result(column, grade.person_id),
        "scoreOf": addresses.column(column),
        "userId": ids.person(grade.person_id),
    }
    if grade.result is not None:
        result["resultScore"] = as_number(grade.result)
        result["resultMaximum"] = as_number(column.maximum)
    if grade.extension:
        result[SUBMISSION] = grade.extension
    return result


READ = Route(
    _list, (Scope.RESULT_READONLY,), accept=MediaType.RESULT_CONTAINER, flavour=Flavour.CANVAS
)
results = service("results", {"GET": READ})
