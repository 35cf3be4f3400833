"""Our scripts and style sheets without comments and blanks, as browsers get them.

The files in the tree are written to be read. A process makes the small ones when it is first asked
for them, and keeps them in memory, compressed. ``collectstatic`` writes them into ``STATIC_ROOT``
instead, from where WhiteNoise serves them. With DEBUG they come as they stand.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import brotli
import rcssmin
import rjsmin
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

_TYPES = {".css": "text/css", ".js": "text/javascript"}
# What else an address may ask for, WhiteNoise answers: Django's finders raise for '..'.
_NAME = re.compile(r"\w[\w-]*(?:/\w[\w-]*)*\.(?:css|js)", re.ASCII)
_TAKES = {
    name: re.compile(rf"\b{name}\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|\Z))") for name in ("br", "gzip")
}


def is_ours(name: str) -> bool:
    """Return whether a static file is one of our scripts or style sheets."""
    return name.startswith(settings.MINIFIED_FOLDERS) and bool(_NAME.fullmatch(name))


def minify(name: str, text: str) -> str:
    """Return a script or style sheet without comments, and without blanks that mean nothing."""
    minified: str = (rcssmin.cssmin if name.endswith(".css") else rjsmin.jsmin)(text)
    return minified


def minified_files(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return a middleware that serves our scripts and style sheets; WhiteNoise serves the rest."""
    if settings.DEBUG or settings.STATIC_ROOT:
        raise MiddlewareNotUsed
    files: dict[str, _File] = {}

    def middleware(request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if request.method not in {"GET", "HEAD"} or not path.startswith(settings.STATIC_URL):
            return get_response(request)
        name = path.removeprefix(settings.STATIC_URL)
        if name not in files:
            found = finders.find(name) if is_ours(name) else None
            if not found:
                return get_response(request)
            files[name] = _read(Path(found))
        return _respond(request, files[name])

    return middleware


@dataclass(frozen=True, slots=True)
class _File:
    content_type: str
    content: bytes
    encoded: Mapping[str, bytes]  # by the name of the encoding, the smallest first
    etag: str


def _read(path: Path) -> _File:
    content = minify(path.name, path.read_text(encoding="utf-8")).encode()
    return _File(
        content_type=f"{_TYPES[path.suffix]}; charset=utf-8",
        content=content,
        encoded={"br": brotli.compress(content), "gzip": gzip.compress(content, mtime=0)},
        etag=f'W/"{hashlib.sha256(content).hexdigest()[:16]}"',
    )


def _respond(request: HttpRequest, file: _File) -> HttpResponseBase:
    accepted = request.headers.get("Accept-Encoding", "")
    encoding = next((name for name in file.encoded if _TAKES[name].search(accepted)), "")
    content = file.encoded[encoding] if encoding else file.content
    headers = {
        "Cache-Control": f"max-age={settings.WHITENOISE_MAX_AGE}, public",
        "Content-Length": str(len(content)),
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
        # As WhiteNoise does: in a sandboxed frame a module comes from another origin.
        "Access-Control-Allow-Origin": "*",
    }
    if encoding:
        # GZipMiddleware leaves it alone then: it would compress it again for each request.
        headers["Content-Encoding"] = encoding
    # gunicorn warns of a body where none is sent.
    body = content if request.method == "GET" else b""
    response = HttpResponse(body, file.content_type, headers=headers)
    return get_conditional_response(request, etag=file.etag, response=response) or response
