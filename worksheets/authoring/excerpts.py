"""A worksheet made of a part of another one, for pupils who need a second try. Writes only."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from lti_tool.models import User
from worksheets.authoring.worksheets import add_picture, create
from worksheets.formats.picture_file import StoredPicture
from worksheets.markup.excerpt import excerpt
from worksheets.models import Edition, Worksheet
from worksheets.questions import parse_sheet
from worksheets.questions.registry import KINDS


def create_excerpt(edition: Edition, items: Collection[str], title: str, author: User) -> Worksheet:
    """Return a worksheet of this teacher's own with some items of an edition, not published.

    The pictures that it shows come along. Raise CannotEdit if the edition has none of the items or
    cannot be cut so, TooLong, QuotaReached.
    """
    source = excerpt(edition.source, items, title, KINDS.values())
    shown = parse_sheet(source).pictures
    with transaction.atomic():
        made = create(author, source, title)
        for row in edition.worksheet.pictures.filter(name__in=shown).order_by("pk"):
            content = bytes(row.content)
            picture = StoredPicture(content, row.media_type, row.width, row.height)
            add_picture(made, row.name, picture)
    return made
