"""The storage of static files, whose addresses change with their content."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedStaticFilesStorage(StaticFilesStorage):
    """A storage that adds ``?v=`` and a digest, so that browsers load a new release's files.

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
        return f"{super().url(name)}?v={_digest(name)}"

    @functools.cached_property
    def _addresses(self) -> dict[str, str]:
        """Return the addresses by name, kept as long as the process lives."""
        return {}


def _digest(name: str) -> str:
    path = finders.find(name)
    if not path:
        return ""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]
