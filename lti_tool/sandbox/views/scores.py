"""The scores service (LTI-AGS 2.0, section 3.4), and a record of all requests to it."""

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.models import ScorePost
from lti_tool.sandbox.services import gradebook, json_body, score
from lti_tool.sandbox.services.service import Call, RefusalError, Route, View, service
from lti_tool.sandbox.views.line_items import called_column

MAX_STORED_LENGTH = 10_000


def _post(call: Call) -> HttpResponse:
    """Store a score. As in Moodle, the response is 200 with an empty body."""
    column, body = called_column(call), call.json()
    try:
        posted = score.parse(body)
        gradebook.record(column, gradebook.pupil(column, posted.user_id), posted)
    except score.BadScoreError as error:
        raise RefusalError(error.status, f"{error}.") from error
    except gradebook.NotGradableError as error:
        raise RefusalError(400, f"{error}.") from error
    except gradebook.StaleScoreError as error:
        raise RefusalError(409, f"{error}.") from error
    return HttpResponse(content_type=str(MediaType.SCORE))


def recorded(view: View) -> View:
    """Wrap a scores service to store each request that is posted, with the response's status."""

    @csrf_exempt
    def wrapper(request: HttpRequest, course: int, number: int) -> HttpResponse:
        body = request.body
        response = view(request, course, number)
        if request.method != "POST":
            return response
        try:
            user = str(json_body.read_object(body).get("userId", ""))
        except json_body.BadJsonError:
            user = ""
        reason = response.content.decode("utf-8", "replace")
        if response.headers.get("Content-Type") == "application/json":
            told = json.loads(response.content)
            reason = str(told.get("errors", {}).get("message", "") or told.get("reason", ""))
        ScorePost.objects.create(
            column_number=number,
            user=user[:MAX_STORED_LENGTH],
            body=body[:MAX_STORED_LENGTH].decode("utf-8", "replace"),
            status=response.status_code,
            reason=reason[:MAX_STORED_LENGTH],
        )
        return response

    return wrapper


scores = recorded(
    service("scores", {"POST": Route(_post, (Scope.SCORE,), content_type=MediaType.SCORE)})
)
