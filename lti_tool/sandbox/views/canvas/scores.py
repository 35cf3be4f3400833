"""Canvas's scores service, and a record of all requests to it."""

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from lti_tool.protocol.vocabulary import MediaType, Scope
from lti_tool.sandbox.canvas import addresses, gradebook
from lti_tool.sandbox.canvas import score as canvas_score
from lti_tool.sandbox.models import Flavour
from lti_tool.sandbox.services.gradebook import NotGradableError, StaleScoreError
from lti_tool.sandbox.services.score import BadScoreError
from lti_tool.sandbox.services.service import Call, RefusalError, Route, service
from lti_tool.sandbox.views.canvas.line_items import called_column
from lti_tool.sandbox.views.scores import recorded


def _post(call: Call) -> HttpResponse:
    """Store a score. As in Canvas, the response has the result's address."""
    column, body = called_column(call), call.json()
    try:
        posted = canvas_score.parse(body, timezone.now())
        person = gradebook.student(call.course, posted.score.user_id)
        gradebook.record(column, person, posted)
    except BadScoreError as error:
        raise RefusalError(error.status, f"{error}.") from error
    except NotGradableError as error:
        raise RefusalError(422, str(error)) from error
    except StaleScoreError as error:
        raise RefusalError(400, f"{error}.") from error
    return JsonResponse({"resultUrl": addresses.result(column, person.pk)})


POST = Route(_post, (Scope.SCORE,), content_type=MediaType.SCORE, flavour=Flavour.CANVAS)
scores = recorded(service("scores", {"POST": POST}))
