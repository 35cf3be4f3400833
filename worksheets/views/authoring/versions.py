"""The versions of a worksheet: what was saved and published, compared, brought back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lti_tool.protocol.values import whole_number
from worksheets import authoring
from worksheets.authoring import ChangedElsewhere
from worksheets.markup.comparing import compared
from worksheets.models import Edition, Revision, Worksheet
from worksheets.views.base import AuthorView

MAX_DIGITS = 18  # of the number of a row
MAX_EDITIONS = 50  # that are listed


@dataclass(frozen=True, slots=True)
class Version:
    """A version as the page lists it: a revision, or an edition that no revision is left of.

    ``who`` is None for somebody who is not known any more.
    """

    name: str  # by which the page asks for it
    at: datetime
    who: str | None
    edition: int | None
    row: Revision | Edition

    @property
    def source(self) -> str:
        """Return its text, which is read when it is asked for."""
        return self.row.source


class VersionsView(AuthorView):
    """The page with the versions, newest first; one of them compared with the text as it is."""

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        worksheet = self.worksheet(number)
        return self._page(request, worksheet, request.GET.get("show", ""))

    def post(self, request: HttpRequest, number: int) -> HttpResponse:
        """Make the text what it was in a version. What it was until then is a version, too."""
        worksheet = self.worksheet(number)
        name = request.POST.get("restore", "")
        version = _find(_versions(worksheet), name)
        seen = request.POST.get("seen", "")
        try:
            authoring.save(worksheet, version.source, seen=seen, by=self.visit.user, replaces=True)
        except ChangedElsewhere:
            return self._page(request, self.worksheet(number), name, 409)
        return self.go("edit", "version-restored", number=worksheet.pk)

    def _page(
        self, request: HttpRequest, worksheet: Worksheet, name: str, status: int = 200
    ) -> HttpResponse:
        versions = _versions(worksheet)
        shown = _find(versions, name) if name else None
        context = {
            "worksheet": worksheet,
            "versions": versions,
            "shown": shown,
            "seen": authoring.digest_of(worksheet.source),
            "changes": compared(shown.source, worksheet.source) if shown else [],
            "is_stale": status == 409,
        }
        return self.page(request, "worksheets/authoring/versions.html", context, status)


def _versions(worksheet: Worksheet) -> list[Version]:
    """Return the versions, newest first."""
    revisions = worksheet.revisions.select_related("saved_by").defer("source")
    found = [_of_revision(row) for row in revisions]
    known = {version.edition for version in found}
    published = worksheet.editions.filter(is_correction=False)
    editions = published.exclude(number__in=[n for n in known if n]).defer("source")
    found += [_of_edition(row) for row in editions[:MAX_EDITIONS]]
    return sorted(found, key=lambda version: version.at, reverse=True)


def _of_revision(row: Revision) -> Version:
    who = row.saved_by.display_name if row.saved_by else _("somebody who is not here any more")
    return Version(f"r{row.pk}", row.saved_at, who, row.edition, row)


def _of_edition(row: Edition) -> Version:
    return Version(f"e{row.number}", row.created_at, None, row.number, row)


def _find(versions: list[Version], name: str) -> Version:
    """Return the version of a name. Raise Http404 if the worksheet has none."""
    if whole_number(name[1:], MAX_DIGITS) is None:
        raise Http404
    found = next((version for version in versions if version.name == name), None)
    if found is None:
        raise Http404
    return found
