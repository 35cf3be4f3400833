"""The token endpoint (Security Framework 1.0, section 4.1; errors of RFC 6749, 5.2)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from lti_tool.sandbox.faults import inject_faults
from lti_tool.sandbox.platform import tokens
from lti_tool.sandbox.platform.tokens import TokenRefusedError

FORM = "application/x-www-form-urlencoded"
NO_STORE = {"Cache-Control": "no-store"}


@csrf_exempt
@inject_faults("token")
def token(request: HttpRequest) -> HttpResponse:
    """Return an access token, or the error in the form."""
    try:
        access_token, scopes = tokens.grant(_form(request))
    except TokenRefusedError as error:
        body = {"error": error.error, "error_description": error.description}
        return JsonResponse(body, status=400, headers=NO_STORE)
    return JsonResponse(
        {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": tokens.ACCESS_TOKEN_SECONDS,
            "scope": " ".join(scopes),
        },
        headers=NO_STORE,
    )


def _form(request: HttpRequest) -> dict[str, str]:
    """Return the parameters of the form.

    Raise TokenRefusedError unless it is a form with each parameter once, and a User-Agent.
    """
    if request.method != "POST" or request.content_type != FORM:
        raise TokenRefusedError("invalid_request", f"POST a form as {FORM}")
    if not request.headers.get("User-Agent"):
        raise TokenRefusedError("invalid_request", "the User-Agent header is missing")
    if any(len(values) != 1 for _, values in request.POST.lists()):
        raise TokenRefusedError("invalid_request", "a parameter came more than once")
    return {name: str(value) for name, value in request.POST.items()}
