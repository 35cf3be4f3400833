"""The writes of teachers to worksheets: write, publish, delete. Writes only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from importlib import resources

from django.db import IntegrityError, transaction
from django.db.models import Max, RestrictedError
from django.utils import timezone

from lti_tool.models import User
from worksheets.authoring.pictures import StoredPicture, read_picture
from worksheets.models import (
    Assignment,
    Draft,
    DraftPage,
    Edition,
    PendingAssignment,
    Picture,
    Worksheet,
)
from worksheets.questions import parse_sheet

SAMPLE = "terror.md"
SAMPLE_PICTURE = "timeline.png"
MAX_SOURCE = 200_000  # characters
UNTITLED_LENGTH = 200  # of a title; a longer heading stays whole in the text

Cautions = Sequence[tuple[int, str]]  # a line of the text, and what to check there


class AuthoringError(Exception):
    """The base of these errors: what was asked for cannot be done, and nothing was changed."""


class HasErrors(AuthoringError):
    """The error for a text with errors, which pupils cannot have yet."""


class TooLong(AuthoringError):
    """The error for a text of ``length`` characters, more than MAX_SOURCE."""

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length


class ChangedElsewhere(AuthoringError):
    """The error for a worksheet saved in another window since this page was opened."""


class InUse(AuthoringError):
    """The error for what pupils work with, or what an edition shows: it stays."""


class NameTaken(AuthoringError):
    """The error for a picture's name that the worksheet has already."""


def create(
    author: User, source: str, untitled: str = "Worksheet", cautions: Cautions = ()
) -> Worksheet:
    """Return a new worksheet, titled by its first heading, or ``untitled`` if it has none.

    Raise TooLong if the source has more than MAX_SOURCE characters.
    """
    if len(source) > MAX_SOURCE:
        raise TooLong(len(source))
    title = parse_sheet(source).title or untitled
    return Worksheet.objects.create(
        author=author, source=source, title=title[:UNTITLED_LENGTH], cautions=list(cautions)
    )


def create_sample(author: User) -> Worksheet:
    """Return a copy of the worksheet that ships with the tool as this teacher's own."""
    folder = resources.files("worksheets") / "samples"
    source = (folder / SAMPLE).read_text(encoding="utf-8")
    with transaction.atomic():
        worksheet = create(author, source)
        picture = (folder / SAMPLE_PICTURE).read_bytes()
        add_picture(worksheet, SAMPLE_PICTURE, read_picture(picture))
    return worksheet


def digest_of(source: str) -> str:
    """Return a short text that stands for a worksheet's text, to tell whether it is another."""
    return hashlib.sha256(source.encode()).hexdigest()


def save(
    worksheet: Worksheet,
    source: str,
    *,
    seen: str | None,
    cautions: Cautions | None = None,
) -> Worksheet:
    """Keep the text; errors may be in it. The title follows its first heading.

    ``seen`` is the digest of the text that the page began with; ``cautions`` replace those
    of an earlier reading from paper, which otherwise follow their lines. Raise TooLong if the
    source has more than MAX_SOURCE characters, ChangedElsewhere if another text than that stands
    there now.
    """
    if len(source) > MAX_SOURCE:
        raise TooLong(len(source))
    with transaction.atomic():
        row = Worksheet.objects.select_for_update(no_key=True).get(pk=worksheet.pk)
        if seen not in {None, digest_of(row.source)} and row.source != source:
            raise ChangedElsewhere
        row.cautions = list(
            _follow(row.cautions, row.source, source) if cautions is None else cautions
        )
        row.source = source
        row.title = parse_sheet(source).title[:UNTITLED_LENGTH] or row.title
        row.updated_at = timezone.now()
        row.save(update_fields=["source", "title", "updated_at", "cautions"])
    return row


def _follow(cautions: Cautions, before: str, after: str) -> Iterator[tuple[int, str]]:
    """Yield the cautions with what their lines have become; not those of lines that are gone."""
    if not cautions or before == after:
        yield from cautions
        return
    changes = SequenceMatcher(None, before.split("\n"), after.split("\n")).get_opcodes()
    for line, message in cautions:
        for _tag, start, end, new_start, new_end in changes:
            if start < line <= end and new_start < new_end:
                yield min(new_start + line - start, new_end), message


def publish(worksheet: Worksheet) -> Edition:
    """Make an edition of the text as it stands; return the newest one if that has the same text.

    Raise HasErrors if the text has errors.
    """
    with transaction.atomic():
        # The locked row is checked and published, which may differ from ``worksheet`` by now.
        row = Worksheet.objects.select_for_update(no_key=True).get(pk=worksheet.pk)
        if parse_sheet(row.source).errors:
            raise HasErrors
        newest = row.editions.first()
        if newest is not None and newest.source == row.source:
            return newest
        Worksheet.objects.filter(pk=row.pk).update(cautions=[])
        number = row.editions.aggregate(last=Max("number"))["last"] or 0
        return Edition.objects.create(
            worksheet=row, number=number + 1, title=row.title, source=row.source
        )


def delete(worksheet: Worksheet) -> None:
    """Delete a worksheet that no link opens. Raise InUse if one does.

    What was chosen for links that nobody has opened yet goes with it: such a link asks
    its teacher to choose again.
    """
    try:
        with transaction.atomic():
            if Assignment.objects.filter(edition__worksheet=worksheet).exists():
                raise InUse
            PendingAssignment.objects.filter(edition__worksheet=worksheet).delete()
            Draft.objects.filter(page=DraftPage.EDIT, number=worksheet.pk).delete()
            worksheet.delete()
    except (RestrictedError, IntegrityError) as error:  # placed or answered since it was asked
        raise InUse from error


def add_picture(worksheet: Worksheet, name: str, picture: StoredPicture) -> Picture:
    """Keep a picture under a name that the text can use.

    Raise NameTaken if the worksheet has a picture of that name.
    """
    try:
        with transaction.atomic():
            return Picture.objects.create(
                worksheet=worksheet,
                name=name,
                media_type=picture.media_type,
                content=picture.content,
                width=picture.width,
                height=picture.height,
            )
    except IntegrityError as error:
        raise NameTaken from error


def remove_picture(picture: Picture) -> None:
    """Delete a picture. Raise InUse if a published edition shows it."""
    shown = re.compile(rf"\(\s*{re.escape(picture.name)}[\s)]")
    with transaction.atomic():
        # The lock waits for an edition that is being published at this moment.
        row = Worksheet.objects.select_for_update(no_key=True).get(pk=picture.worksheet_id)
        if any(shown.search(edition.source) for edition in row.editions.all()):
            raise InUse
        picture.delete()
