"""The papers that worksheets were read from: kept with them, for their review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from worksheets.authoring import quotas
from worksheets.formats.paper.pages import PagePicture
from worksheets.models import Paper, PaperPage, Worksheet

MAX_TEXT = 400_000  # characters; a longer paper is imported without a review
MAX_FILE = 5 * quotas.MEGABYTE


def keep_paper(
    worksheet: Worksheet,
    name: str,
    text: str,
    content: bytes | None = None,
    printed: Mapping[int, str] | None = None,
    pages: Sequence[PagePicture] = (),
    places: Sequence[Sequence[float] | None] = (),
) -> bool:
    """Keep the text from which the worksheet was just made, in the place of an earlier one.

    ``printed`` are the answers that stand on it, by the number of their gap; ``pages`` are its
    pictures, and ``places`` where each line of the text stands on them. The file is kept if it
    is small enough and the author has room for it, and so are the pages. Return False, and keep
    nothing, if the text is too long.
    """
    with transaction.atomic():
        Paper.objects.filter(worksheet=worksheet).delete()
        worksheet.review_steps.all().delete()
        if len(text) > MAX_TEXT:
            return False
        if content is not None and (
            len(content) > MAX_FILE or not quotas.has_room_for_paper(worksheet.author, len(content))
        ):
            content = None
        size = len(content or b"") + sum(len(page.content) for page in pages)
        if pages and not quotas.has_room_for_paper(worksheet.author, size):
            pages = ()
        paper = Paper.objects.create(
            worksheet=worksheet,
            name=name,
            text=text,
            content=content,
            first=worksheet.source,
            cautions=worksheet.cautions,
            printed={str(gap): answer for gap, answer in (printed or {}).items()},
            places=list(places) if pages else [],
            read_at=timezone.now(),
        )
        PaperPage.objects.bulk_create(
            PaperPage(
                paper=paper,
                number=number,
                content=page.content,
                width=page.width,
                height=page.height,
            )
            for number, page in enumerate(pages)
        )
        return True
