"""The token endpoint (Security Framework 1.0, section 4.1; errors of RFC 6749, 5.2)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from lti_tool.sandbox import faults
from lti_tool.sandbox.platform import terms, tokens

FORM = "application/x-www-form-urlencoded"


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    return faults.respond("token", lambda: _answer(request))


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        access_token, scopes = tokens.grant(_form(request))
    except tokens.TokenRefusedError as refused:
        return _refused(refused)
    body = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": terms.ACCESS_TOKEN_SECONDS,
        "scope": " ".join(scopes),
    }
    return JsonResponse(body, headers={"Cache-Control": "no-store"})


def _form(request: HttpRequest) -> dict[str, str]:
    """Return the parameters of the form.

    Raise TokenRefusedError unless it is a form with each parameter once, and a User-Agent.
    """
    if request.method != "POST" or request.content_type != FORM:
        raise tokens.TokenRefusedError("invalid_request", f"POST a form as {FORM}")
    if not request.headers.get("User-Agent"):
        raise tokens.TokenRefusedError("invalid_request", "the User-Agent header is missing")
    if any(len(values) != 1 for _, values in request.POST.lists()):
        raise tokens.TokenRefusedError("invalid_request", "a parameter came more than once")
    return {name: str(value) for name, value in request.POST.items()}


def _refused(refused: tokens.TokenRefusedError) -> HttpResponse:
    body = {"error": refused.error, "error_description": refused.description}
    return JsonResponse(body, status=400, headers={"Cache-Control": "no-store"})
