"""The frame of Platform Storage: a page without content whose script answers messages."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lti_tool.sandbox.views import responses


@require_safe
def storage(request: HttpRequest) -> HttpResponse:
    return responses.page(request, "storage.html")
