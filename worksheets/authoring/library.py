"""The list of a teacher's worksheets: found by title, with what is in each. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_tool.models import User
from worksheets.markup import Sheet
from worksheets.models import Assignment, Edition, Worksheet

SEARCH_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A worksheet with its newest edition, None if nothing of it is published."""

    worksheet: Worksheet
    edition: Edition | None

    @property
    def sheet(self) -> Sheet | None:
        return self.edition.sheet if self.edition else None

    @property
    def marks(self) -> Decimal:
        """Return the most that can be earned."""
        return self.sheet.automatic_marks + self.sheet.teacher_marks if self.sheet else Decimal(0)


def search_words(text: str) -> str:
    """Return what was typed into a search as a database can look for it, cut to SEARCH_LENGTH."""
    return text.replace("\0", "").strip()[:SEARCH_LENGTH]


def worksheets_of(author: User, search: str) -> tuple[QuerySet[Worksheet], str]:
    """Return a teacher's worksheets, the last changed first, and the search words, cleaned.

    ``is_used`` is whether an activity uses the worksheet: then it cannot be deleted.
    """
    words = search_words(search)
    used = Assignment.objects.filter(edition__worksheet=OuterRef("pk"))
    rows = Worksheet.objects.filter(author=author).prefetch_related("editions")
    rows = rows.annotate(is_used=Exists(used))
    return (rows.filter(title__icontains=words) if words else rows), words


def published_first(worksheets: QuerySet[Worksheet]) -> QuerySet[Worksheet]:
    """Return the worksheets with those first that can be placed in a course."""
    is_published = Exists(Edition.objects.filter(worksheet=OuterRef("pk")))
    return worksheets.order_by(is_published.desc(), "-updated_at", "-pk")


def entries(worksheets: Iterable[Worksheet]) -> list[Entry]:
    """Return each worksheet with its newest edition, in two SQL statements."""
    rows = list(worksheets)
    newest = Edition.objects.filter(worksheet=OuterRef("worksheet")).order_by("-number")
    editions = Edition.objects.filter(
        worksheet__in=[row.pk for row in rows], pk=Subquery(newest.values("pk")[:1])
    ).select_related("worksheet")
    by_worksheet = {edition.worksheet_id: edition for edition in editions}
    return [Entry(row, by_worksheet.get(row.pk)) for row in rows]


def contents(sheet: Sheet) -> str:
    """Return what is in a worksheet, in a line: '8 gaps, 4 questions'."""
    gaps, questions = len(sheet.gaps), len(sheet.questions)
    parts = []
    if gaps:
        parts.append(ngettext("%(n)s gap", "%(n)s gaps", gaps) % {"n": gaps})
    if questions:
        words = ngettext("%(n)s question", "%(n)s questions", questions)
        parts.append(words % {"n": questions})
    return ", ".join(parts) or _("Text for reading")
