"""Addresses of static files, which change with the content of the files.

A style sheet or picture has its version in the query (``?v=…``). A script has it in the path
(``/static/v-…/pages/fill.js``): ``import "./autosave.js"`` is resolved against the path
of the script that imports, so what is imported has a version too. ``unversioned_paths``
takes the version out of the path again; ``kept_for_good`` lets browsers keep what they asked for
by its version.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage, staticfiles_storage
from django.core.files.base import ContentFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lti_tool.server import minified_files

KEPT_FOR_GOOD = "max-age=31536000, public, immutable"  # RFC 8246: not asked for on a reload either


class VersionedStaticFilesStorage(StaticFilesStorage):
    """A storage that adds a digest, so that browsers load a new release's files.

    Django's manifest storage puts the digest into file names, and answers 500 to every page
    until collectstatic has run; here nothing has to be run.
    """

    def url(self, name: str | None, force: bool = False) -> str:  # noqa: ARG002
        if name is None:
            return super().url(name)
        if settings.DEBUG:
            return self._address(name)
        if name not in self._addresses:
            self._addresses[name] = self._address(name)
        return self._addresses[name]

    def _address(self, name: str) -> str:
        found = finders.find(name)
        path = Path(found) if found else None
        if name.endswith(".js"):
            # Its version covers what it may import: all scripts below the name's first folder.
            root = path.parents[max(name.count("/") - 1, 0)] if path else None
            scripts = sorted(root.rglob("*.js")) if root else []
            return super().url(f"v-{_digest(scripts)}/{name}")
        return f"{super().url(name)}?v={_digest([path] if path else [])}"

    def post_process(
        self, paths: Iterable[str], dry_run: bool = False, **_options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """Minify what collectstatic has copied, and yield it as collectstatic wants it."""
        for name in paths:
            if dry_run or not minified_files.is_ours(name):
                continue
            with self.open(name) as file:
                text = file.read().decode()
            self.delete(name)  # with --link it is a link to the file that we read
            self.save(name, ContentFile(minified_files.minify(name, text)))
            yield name, name, True

    @functools.cached_property
    def _addresses(self) -> dict[str, str]:
        """Return the addresses by name, kept as long as the process lives."""
        return {}


def unversioned_paths(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return a middleware that takes the version out of a script's path, for WhiteNoise."""
    pattern = re.compile(rf"^({re.escape(settings.STATIC_URL)})v-[0-9a-f]+/")

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.path_info = pattern.sub(r"\1", request.path_info)
        return get_response(request)

    return middleware


def kept_for_good(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return a middleware for outside of ``unversioned_paths``, for files asked for by version.

    With another version than its own a file may not be kept for good: while a release is rolled
    out, a process of the old one is asked by pages of the new one.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        asked = request.path_info
        response = get_response(request)
        if not asked.startswith(settings.STATIC_URL) or settings.DEBUG:
            return response
        # Asked of files that are there: addresses are kept, and others could be made without end.
        if response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
            query = request.META.get("QUERY_STRING", "")
            name = request.path_info.removeprefix(settings.STATIC_URL)
            if staticfiles_storage.url(name) == (f"{asked}?{query}" if query else asked):
                response.headers["Cache-Control"] = KEPT_FOR_GOOD
        return response

    return middleware


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
