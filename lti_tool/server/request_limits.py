"""A WSGI wrapper that limits requests before Django reads them.

Django reads the Content-Type before any middleware runs, accepts any of Python's codecs as
its charset, and writes an upload to the disk before a view can refuse it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.handlers.wsgi import WSGIRequest
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
MAX_REQUEST_MB = 3  # a login, a launch, a registration: id_tokens have 64 kB
MAX_UPLOAD_MB = 25  # a paper of 20 MB, a picture
WITH_FILES = ("/a/", "/admin/")  # as in lti_tool.urls

_PAGE = (
    '<!doctype html><html lang="{}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme"'
    ' content="light dark"><title>LTI</title></head><body><main><h1>{}</h1>{}</main></body></html>'
)
_NAME = r"[A-Za-z0-9!#$&^_.+-]{1,100}"
_MEDIA_TYPE = re.compile(rf"\s*({_NAME}/{_NAME})\s*(?:;|\Z)")
_SIGN = r"[0-9A-Za-z'()+_,./:=?-]"  # RFC 2046, section 5.1.1
_BOUNDARY = re.compile(
    rf';\s*boundary=(?:"((?:{_SIGN}| ){{1,70}})"|({_SIGN}{{1,70}})(?=[\s;]|\Z))', re.IGNORECASE
)


def limit_requests(application: WSGIApplication) -> WSGIApplication:
    """Return the application behind a check of each request's length and content type.

    A request that is too long gets 413, one with a Transfer-Encoding (as a chunked one) 411.
    """

    def limited(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = plain_type(environ.get("CONTENT_TYPE", ""))
        max_mb = MAX_UPLOAD_MB if environ["PATH_INFO"].startswith(WITH_FILES) else MAX_REQUEST_MB
        status = _refusal_status(environ, max_mb * MEGABYTE)
        if status is None:
            return application(environ, start_response)
        body = _page(environ, status, max_mb).encode()
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", f"{len(body)}"),
            ("Content-Security-Policy", "default-src 'none'"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    return limited


def plain_type(content_type: str) -> str:
    """Return the media type with its boundary but without a charset; '' if it is malformed."""
    media_type = _MEDIA_TYPE.match(content_type)
    if media_type is None:
        return ""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return media_type[1]
    return f'{media_type[1]}; boundary="{boundary[1] or boundary[2]}"'


def _refusal_status(environ: WSGIEnvironment, max_bytes: int) -> HTTPStatus | None:
    """Return the status with which to refuse the request, or None to let it through."""
    # Django reads as much as Content-Length says, which is nothing of a chunked body.
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return HTTPStatus.LENGTH_REQUIRED
    length = environ.get("CONTENT_LENGTH", "")
    if re.fullmatch("[0-9]+", length) and (len(length) > 15 or int(length) > max_bytes):
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None


def _page(environ: WSGIEnvironment, status: HTTPStatus, max_mb: int) -> str:
    """Return a page for the person, in the language that the browser asks for."""
    language = translation.get_language_from_request(WSGIRequest(environ))
    with translation.override(language):
        if status is HTTPStatus.LENGTH_REQUIRED:
            sentence = _("This request does not state its length. Nothing was saved.")
        else:
            sentence = _("This is too large. You can send at most %(most)d MB. Nothing was saved.")
            sentence %= {"most": max_mb}
        back = _page_before(environ)
        link = format_html('<p><a href="{}">{}</a></p>', back, _("Go back")) if back else ""
        return format_html(_PAGE, language, sentence, link)


def _page_before(environ: WSGIEnvironment) -> str:
    """Return the path of the page that sent the request, '' if it is none of ours."""
    sent_from = urlsplit(environ.get("HTTP_REFERER", ""))
    is_ours = sent_from.netloc and sent_from.netloc == environ.get("HTTP_HOST")
    return sent_from.path if is_ours else ""
