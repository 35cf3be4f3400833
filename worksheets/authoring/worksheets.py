"""The writes of teachers to worksheets: write, publish, delete. Writes only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain, count

from django.db import IntegrityError, transaction
from django.db.models import Max, RestrictedError
from django.utils import timezone

from lti_tool import audit
from lti_tool.audit import AuditKind
from lti_tool.models import User
from worksheets.authoring import quotas
from worksheets.authoring.revisions import keep_published, keep_revision
from worksheets.formats.picture_file import StoredPicture
from worksheets.markup import Sheet
from worksheets.models import (
    Assignment,
    Draft,
    DraftPage,
    Edition,
    PendingAssignment,
    Picture,
    Worksheet,
)
from worksheets.questions import changed_keys, parse_sheet

MAX_SOURCE = 200_000  # characters
UNTITLED_LENGTH = 200  # of a title; a longer heading stays whole in the text

Cautions = Sequence[tuple[int, *tuple[str, ...]]]
"""Lines of the text, each with what to check there, and how it is asked.

With REPAIR or DONE it is not; with PICTURE a picture is asked for, with CHOICE whether pupils
choose there.
"""
REPAIR, DONE, PICTURE, CHOICE = "repair", "done", "picture", "choice"


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


class TooManyEditions(AuthoringError):
    """The error for a worksheet that was published as often as it can be."""


def create(
    author: User, source: str, untitled: str = "Worksheet", cautions: Cautions = ()
) -> Worksheet:
    """Return a new worksheet, titled by its first heading, or ``untitled`` if it has none.

    Raise TooLong if the source has more than MAX_SOURCE characters, QuotaReached if the author
    has as many worksheets as can be kept.
    """
    if len(source) > MAX_SOURCE:
        raise TooLong(len(source))
    title = parse_sheet(source).title or untitled
    with transaction.atomic():
        quotas.take_worksheet(author)
        return Worksheet.objects.create(
            author=author, source=source, title=title[:UNTITLED_LENGTH], cautions=list(cautions)
        )


def copy(worksheet: Worksheet, author: User) -> Worksheet:
    """Return a copy of the text and its pictures as this teacher's own, not published.

    Raise QuotaReached if the author has as many worksheets, or pictures, as can be kept.
    """
    with transaction.atomic():
        made = create(author, worksheet.source, worksheet.title)
        for row in worksheet.pictures.all():
            content = bytes(row.content)
            add_picture(
                made, row.name, StoredPicture(content, row.media_type, row.width, row.height)
            )
    return made


def archive(worksheet: Worksheet) -> None:
    """Take a worksheet out of its author's way. It loses nothing, and stays where it is placed."""
    rows = Worksheet.objects.filter(pk=worksheet.pk, archived_at=None)
    rows.update(archived_at=timezone.now())


def unarchive(worksheet: Worksheet) -> None:
    """Bring a worksheet back into its author's list."""
    Worksheet.objects.filter(pk=worksheet.pk).update(archived_at=None)


def digest_of(source: str) -> str:
    """Return a short text that stands for a worksheet's text, to tell whether it is another."""
    return hashlib.sha256(source.encode()).hexdigest()


def save(
    worksheet: Worksheet,
    source: str,
    *,
    seen: str | None,
    cautions: Cautions | None = None,
    by: User | None = None,
    replaces: bool = False,
) -> Worksheet:
    """Keep the text; errors may be in it. The title follows its first heading.

    ``seen`` is the digest of the text that the page began with; ``cautions`` replace those
    of an earlier reading from paper, which otherwise follow their lines; ``by`` is who saves it, if
    that is not its author. What it was before is kept as a revision, for certain if this text
    ``replaces`` it and was not made from it. Raise TooLong if the
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
        before, now = row.source, timezone.now()
        row.source = source
        if source != before:
            keep_revision(row, before, by or row.author, now, keeps_last=replaces)
        row.title = parse_sheet(source).title[:UNTITLED_LENGTH] or row.title
        row.updated_at = now
        row.save(update_fields=["source", "title", "updated_at", "cautions"])
    return row


def _follow(cautions: Cautions, before: str, after: str) -> Iterator[tuple[int, *tuple[str, ...]]]:
    """Yield the cautions with what their lines have become; not those of lines that are gone."""
    if not cautions or before == after:
        yield from cautions
        return
    changes = SequenceMatcher(None, before.split("\n"), after.split("\n")).get_opcodes()
    for line, *rest in cautions:
        for _tag, start, end, new_start, new_end in changes:
            if start < line <= end and new_start < new_end:
                yield min(new_start + line - start, new_end), *rest


def publish(worksheet: Worksheet, *, by: User | None = None) -> Edition:
    """Make an edition of the text as it stands; return the newest one if that has the same text.

    ``by`` is who does it, None for its author. Raise HasErrors if the text has errors,
    TooManyEditions if there are MAX_EDITIONS already.
    """
    with transaction.atomic():
        # The locked row is checked and published, which may differ from ``worksheet`` by now.
        row = Worksheet.objects.select_for_update(no_key=True).get(pk=worksheet.pk)
        sheet = parse_sheet(row.source)
        if sheet.errors:
            raise HasErrors
        newest = row.newest_edition
        if newest is not None and newest.source == row.source:
            return newest
        number = row.editions.aggregate(last=Max("number"))["last"] or 0
        if number >= quotas.MAX_EDITIONS:
            raise TooManyEditions
        Worksheet.objects.filter(pk=row.pk).update(cautions=[])
        made = Edition.objects.create(
            worksheet=row, number=number + 1, title=row.title, source=row.source
        )
        keep_published(row, made.number, by or row.author, made.created_at)
        if newest is not None:
            _record_key(newest, made, sheet, by or row.author)
        return made


def _record_key(former: Edition, made: Edition, sheet: Sheet, by: User) -> None:
    """Record that an edition is marked by another key: which items, and no answer of theirs."""
    changed = changed_keys(former.sheet, sheet)
    is_other_settings = former.sheet.settings != sheet.settings
    if not changed and not is_other_settings:
        return
    audit.record(
        AuditKind.KEY,
        audit.person(by),
        subject=made.worksheet.audit_subject,
        before={"number": former.number, "text": digest_of(former.source)[:12]},
        after={
            "number": made.number,
            "text": digest_of(made.source)[:12],
            "items": changed,
            "spelling": is_other_settings,
        },
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

    Raise NameTaken if the worksheet has a picture of that name, QuotaReached if it, or its author,
    has as many pictures as can be kept.
    """
    try:
        with transaction.atomic():
            quotas.take_picture(worksheet, len(picture.content))
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


def add_picture_under_free_name(worksheet: Worksheet, name: str, picture: StoredPicture) -> Picture:
    """Keep a picture under that name, or with a number: pictures are often pasted as 'image.png'.

    Raise QuotaReached, and NameTaken if a picture of the same name comes at the same moment.
    """
    stem, dot, ending = name.rpartition(".")
    taken = set(worksheet.pictures.values_list("name", flat=True))
    numbered = (f"{stem or name}-{n}{dot}{ending if dot else ''}" for n in count(2))
    free = next(one for one in chain([name], numbered) if one not in taken)
    return add_picture(worksheet, free, picture)


def remove_picture(picture: Picture) -> None:
    """Delete a picture. Raise InUse if a published edition shows it."""
    shown = re.compile(rf"\(\s*{re.escape(picture.name)}[\s)]")
    with transaction.atomic():
        # The lock waits for an edition that is being published at this moment.
        row = Worksheet.objects.select_for_update(no_key=True).get(pk=picture.worksheet_id)
        if any(shown.search(edition.source) for edition in row.editions.all()):
            raise InUse
        picture.delete()
