"""The frame that keeps data for tools: no page to look at, only a script that listens."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lti_tool.sandbox.views import answers


@require_safe
def storage(request: HttpRequest) -> HttpResponse:
    return answers.page(request, "storage.html")
