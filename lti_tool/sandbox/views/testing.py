"""Views for tests over HTTP: faults on request, and all data of the platform as JSON.

They need no sign-in, and answer 404 unless the sandbox is switched on.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lti_tool.sandbox import faults as arranging
from lti_tool.sandbox import state as states
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.services import json_body

View = Callable[[HttpRequest], HttpResponse]


def _sandbox_only(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        return view(request) if conf.is_on() else HttpResponse(status=404)

    return guarded


@csrf_exempt
@require_http_methods(["GET", "POST"])
@_sandbox_only
def faults(request: HttpRequest) -> HttpResponse:
    """Set faults, as by {"scores": "503*2", "token": "hang:5"}; return every service's fault."""
    if request.method == "POST":
        try:
            arranging.set_faults(json_body.read_object(request.body))
        except (json_body.BadJsonError, arranging.BadFaultError) as error:
            return JsonResponse({"reason": str(error)}, status=400)
    return JsonResponse(arranging.current_faults())


@require_safe
@_sandbox_only
def state(_request: HttpRequest) -> HttpResponse:
    return JsonResponse(states.everything())
