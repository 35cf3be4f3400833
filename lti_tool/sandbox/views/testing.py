"""Views for tests over HTTP: injected faults, and all data of the platform as JSON.

They need no sign-in, and return 404 unless the sandbox is switched on.
"""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lti_tool.sandbox import state as platform_state
from lti_tool.sandbox.faults import BadFaultError, current_faults, set_faults
from lti_tool.sandbox.server import conf
from lti_tool.sandbox.services import json_body


@csrf_exempt
@require_http_methods(["GET", "POST"])
def faults(request: HttpRequest) -> HttpResponse:
    """Set faults, as by {"scores": "503*2", "token": "hang:5"}; return every service's fault."""
    if not conf.is_on():
        raise Http404
    if request.method == "POST":
        try:
            set_faults(json_body.read_object(request.body))
        except (json_body.BadJsonError, BadFaultError) as error:
            return JsonResponse({"reason": str(error)}, status=400)
    return JsonResponse(current_faults())


@require_safe
def state(_request: HttpRequest) -> HttpResponse:
    if not conf.is_on():
        raise Http404
    return JsonResponse(platform_state.as_json())
