"""The view of the sandbox's style sheet, scripts and icon.

It replaces the static files app, so that nothing has to be collected.
"""

from pathlib import Path

from django.http import HttpRequest, HttpResponse

DIRECTORY = Path(__file__).resolve().parents[1] / "assets"
TYPES = {
    "sandbox.css": "text/css",
    "messages.js": "text/javascript",
    "post.js": "text/javascript",
    "register.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}


def asset(_request: HttpRequest, name: str) -> HttpResponse:
    if name not in TYPES:
        return HttpResponse(status=404)
    return HttpResponse(
        (DIRECTORY / name).read_bytes(),
        content_type=f"{TYPES[name]}; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )
