"""The library: worksheets of one's own and shared ones, found by title and text. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lti_tool.models import Context, User
from worksheets.markup import Sheet
from worksheets.models import Assignment, Edition, Share, Worksheet
from worksheets.words.normalise import for_search

SEARCH_LENGTH = 100
MAX_WORDS = 8  # of a search that are looked for, each anywhere in title or text


class Part(StrEnum):
    """The parts of the library."""

    OWN = "own"
    SHARED = "shared"  # by others, with the course of the visit
    ARCHIVED = "archived"  # of one's own, out of the way


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


def worksheets_in(part: Part, user: User, context: Context, words: str) -> QuerySet[Worksheet]:
    """Return the worksheets of a part in which all these words stand, the last changed first.

    ``newest_id`` and ``newest_number`` are those of the newest edition. ``is_used`` is whether an
    activity uses the worksheet: then it cannot be deleted. ``is_shared`` is whether it is shared
    with any course, ``is_editable`` whether those who build this one may change it.
    """
    here = Share.objects.filter(worksheet=OuterRef("pk"), context=context)
    newest = Edition.objects.filter(worksheet=OuterRef("pk"), is_correction=False).order_by(
        "-number"
    )
    rows = matching(_part(part, user, context), words).annotate(
        newest_id=Subquery(newest.values("pk")[:1]),
        newest_number=Subquery(newest.values("number")[:1]),
        is_used=Exists(Assignment.objects.filter(edition__worksheet=OuterRef("pk"))),
        is_shared=Exists(Share.objects.filter(worksheet=OuterRef("pk"))),
        is_editable=Exists(here.filter(may_edit=True)),
    )
    return rows.select_related("author").defer("searched")


def to_choose_from(user: User, context: Context, words: str) -> QuerySet[Worksheet]:
    """Return what may be placed in this course: of one's own and shared, published ones first."""
    rows = _part(Part.OWN, user, context) | _part(Part.SHARED, user, context)
    is_published = Exists(Edition.objects.filter(worksheet=OuterRef("pk")))
    found = matching(rows, words).select_related("author").defer("searched")
    return found.order_by(is_published.desc(), "-updated_at", "-pk")


def readable(user: User, context: Context) -> QuerySet[Worksheet]:
    """Return the worksheets that somebody who builds this course may read, archived ones too."""
    return Worksheet.objects.filter(Q(author=user) | _is_shared_with(context))


def count_others(user: User, context: Context) -> dict[Part, int]:
    """Return how many worksheets the parts beside one's own list have."""
    return {part: _part(part, user, context).count() for part in (Part.SHARED, Part.ARCHIVED)}


def matching(worksheets: QuerySet[Worksheet], words: str) -> QuerySet[Worksheet]:
    """Return those in whose title and text all of the words stand, whatever case and accents."""
    for word in for_search(words).split()[:MAX_WORDS]:
        # A version before this one has left no text to search in the rows that it wrote.
        is_old = Q(searched="", title__icontains=word)
        worksheets = worksheets.filter(Q(searched__contains=word) | is_old)
    return worksheets


def unfinished(author: User) -> Worksheet | None:
    """Return the worksheet that a teacher has changed last, if nothing of it is published."""
    is_published = Exists(Edition.objects.filter(worksheet=OuterRef("pk")))
    rows = Worksheet.objects.filter(author=author, archived_at=None)
    last = rows.annotate(is_published=is_published).order_by("-updated_at", "-pk").first()
    return last if last is not None and not last.is_published else None


def entries(worksheets: Iterable[Worksheet]) -> list[Entry]:
    """Return each worksheet with its newest edition, in two SQL statements."""
    rows = list(worksheets)
    newest = Edition.objects.filter(worksheet=OuterRef("worksheet"), is_correction=False)
    editions = Edition.objects.filter(
        worksheet__in=[row.pk for row in rows],
        pk=Subquery(newest.order_by("-number").values("pk")[:1]),
    ).select_related("worksheet")
    by_worksheet = {edition.worksheet_id: edition for edition in editions}
    return [Entry(row, by_worksheet.get(row.pk)) for row in rows]


def contents(sheet: Sheet) -> str:
    """Return what is in a worksheet, in a line: '8 gaps, 4 questions'."""
    return counted(len(sheet.gaps), len(sheet.questions))


def counted(gaps: int, questions: int) -> str:
    """Return so many gaps and questions in words."""
    parts = []
    if gaps:
        parts.append(ngettext("%(n)s gap", "%(n)s gaps", gaps) % {"n": gaps})
    if questions:
        words = ngettext("%(n)s question", "%(n)s questions", questions)
        parts.append(words % {"n": questions})
    return ", ".join(parts) or _("Text for reading")


def _part(part: Part, user: User, context: Context) -> QuerySet[Worksheet]:
    own = Worksheet.objects.filter(author=user)
    match part:
        case Part.OWN:
            return own.filter(archived_at=None)
        case Part.SHARED:
            shared = Worksheet.objects.filter(_is_shared_with(context), archived_at=None)
            return shared.exclude(author=user)
        case Part.ARCHIVED:
            return own.exclude(archived_at=None)


def _is_shared_with(context: Context) -> Q:
    return Q(pk__in=Share.objects.filter(context=context).values("worksheet"))
