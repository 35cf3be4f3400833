"""Worksheets saved as one file, and taken in from one.

What comes in is read by a job, shown to whoever uploaded it, and taken in once they have chosen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Prefetch, QuerySet, Sum
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lti_tool.background import jobs
from lti_tool.background.jobs import JobFailed, Result, Task, Write
from lti_tool.models import Job, User
from worksheets.authoring.worksheets import add_picture, create
from worksheets.formats.library_file import (
    MAX_FILE_BYTES,
    MAX_WORKSHEETS,
    Packed,
    UnreadableFile,
    check_size,
    folder_names,
    pack,
    read_file,
    title_of_folder,
    unpack,
)
from worksheets.formats.picture_file import StoredPicture
from worksheets.models import IncomingFile, Picture, Worksheet
from worksheets.questions import parse_sheet
from worksheets.wording.jobs import Destination, JobPages
from worksheets.wording.messages import translate

KIND = "library"
SUFFIX = ".zip"
MAX_LEFT = 100  # parts of a file of which it is said that they are left out
PAGES = JobPages(
    heading=gettext_lazy("Reading the worksheets"),
    step=gettext_lazy("Worksheet %(done)s of %(of)s"),
    safe=gettext_lazy("You can leave this page. Nothing comes in before you have chosen."),
    done=gettext_lazy("The file of worksheets has been read."),
    open_result=gettext_lazy("Choose what comes in"),
    cancelled=gettext_lazy("Cancelled. Nothing came in."),
    back="library",
    back_words=gettext_lazy("My worksheets"),
    result=lambda _found: Destination("incoming"),
)


class TooMuch(Exception):
    """The error for more worksheets, or pictures, than one file takes."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A worksheet of a file, by its place there; ``kept`` is an own one that is the same."""

    number: int
    title: str
    gaps: int
    questions: int
    errors: int
    pictures: int
    kept: Worksheet | None
    is_repeated: bool  # further up in the same file

    @property
    def is_new(self) -> bool:
        """Return whether taking it in would make a worksheet."""
        return self.kept is None and not self.is_repeated


def save_as_file(worksheets: QuerySet[Worksheet]) -> bytes:
    """Return a file with these worksheets and their pictures. Raise TooMuch."""
    rows = list(worksheets.order_by("title", "pk")[: MAX_WORKSHEETS + 1])
    pictures = Picture.objects.filter(worksheet__in=rows)
    size = pictures.aggregate(size=Sum(Length("content")))["size"] or 0
    if len(rows) > MAX_WORKSHEETS or size > MAX_FILE_BYTES * 0.9:
        raise TooMuch
    of_each: dict[int, dict[str, bytes]] = {row.pk: {} for row in rows}
    for picture in pictures:
        of_each[picture.worksheet_id][picture.name] = bytes(picture.content)
    folders = folder_names(row.title for row in rows)
    content = pack(
        Packed(folder, row.source, of_each[row.pk])
        for folder, row in zip(folders, rows, strict=True)
    )
    if len(content) > MAX_FILE_BYTES:
        raise TooMuch
    return content


def start(user: User, upload: UploadedFile[bytes]) -> Job:
    """Start to read a file. Raise UnreadableFile if it is too large, AlreadyAsked, TooManyJobs."""
    check_size(upload.size or 0)  # before all of it is in memory
    content = upload.read()
    asked = f"{user.pk}\n{hashlib.sha256(content).hexdigest()}"
    return jobs.start(
        KIND,
        user,
        subject=hashlib.sha256(asked.encode()).hexdigest(),
        arguments={"name": (upload.name or "")[-200:]},
        content=content,
    )


def read_library(task: Task) -> Write:
    """Read a file; the write keeps it for its owner, in the place of an earlier one."""
    job = task.row
    try:
        read = read_file(bytes(job.content or b""), task.progress)
    except UnreadableFile as error:
        raise JobFailed(translate(error.sentence), field="paper") from None
    listed = []
    for number, (one, pictures) in enumerate(zip(read.worksheets, read.pictures, strict=True), 1):
        task.progress(number, len(read.worksheets))
        listed.append(_listed(one, pictures))

    def write() -> Result:
        IncomingFile.objects.update_or_create(
            owner=job.owner,
            defaults={
                "name": job.arguments["name"],
                "content": read.content,
                "listed": listed,
                "left_out": [[part.name, part.reason] for part in read.left[:MAX_LEFT]],
                "read_at": timezone.now(),
            },
        )
        return {"worksheets": len(listed)}

    return write


def _listed(one: Packed, pictures: dict[str, StoredPicture]) -> dict[str, Any]:
    sheet = parse_sheet(one.source)
    return {
        "title": (sheet.title or title_of_folder(one.folder))[:200],
        "gaps": len(sheet.gaps),
        "questions": len(sheet.questions),
        "errors": len(sheet.errors),
        "length": len(one.source),
        "digest": _digest(one.source, pictures),
        "pictures": {name: [p.media_type, p.width, p.height] for name, p in pictures.items()},
    }


def incoming_of(user: User) -> IncomingFile | None:
    """Return what this person has uploaded and not taken in, without the file itself."""
    return IncomingFile.objects.defer("content").filter(owner=user).first()


def list_incoming(file: IncomingFile) -> list[Incoming]:
    """Return what is in a file, in its order."""
    kept = _kept(file.owner, file.listed)
    seen: set[str] = set()
    found = []
    for number, row in enumerate(file.listed):
        found.append(
            Incoming(
                number,
                row["title"],
                row["gaps"],
                row["questions"],
                row["errors"],
                len(row["pictures"]),
                kept.get(row["digest"]),
                row["digest"] in seen,
            )
        )
        seen.add(row["digest"])
    return found


def take_in(user: User, numbers: Collection[int]) -> int:
    """Make worksheets of these parts of the file that waits, and forget it; return how many.

    What this person has already is not made again, nor what is in the file twice. Raise
    QuotaReached, and make none, if they are more than can be kept.
    """
    with transaction.atomic():
        # Of two presses at once the second one finds the file gone.
        rows = IncomingFile.objects.select_for_update(no_key=True)
        file = rows.filter(owner=user).first()
        if file is None:
            return 0
        packed = unpack(bytes(file.content))[0] if file.listed else []
        done = set(_kept(user, file.listed))
        made = 0
        for number, (one, row) in enumerate(zip(packed, file.listed, strict=True)):
            if number in numbers and row["digest"] not in done:
                done.add(row["digest"])
                _make(user, one, row)
                made += 1
        file.delete()
    return made


def forget_incoming(user: User) -> None:
    """Forget the file that waits."""
    IncomingFile.objects.filter(owner=user).delete()


def _make(user: User, one: Packed, row: dict[str, Any]) -> None:
    worksheet = create(user, one.source, row["title"] or _("New worksheet"))
    for name, (media_type, width, height) in row["pictures"].items():
        add_picture(worksheet, name, StoredPicture(one.pictures[name], media_type, width, height))


def _kept(owner: User, listed: Sequence[dict[str, Any]]) -> dict[str, Worksheet]:
    """Return the owner's worksheets that are the same as one of the file's, by their digest."""
    lengths = {row["length"] for row in listed}
    own = Worksheet.objects.annotate(length=Length("source")).order_by("-pk")
    own = own.filter(author=owner, length__in=lengths)
    own = own.prefetch_related(Prefetch("pictures", Picture.objects.defer("content")))
    return {_digest(row.source, (one.name for one in row.pictures.all())): row for row in own}


def _digest(source: str, pictures: Iterable[str]) -> str:
    """Return a text that two worksheets share if they have the same text and names of pictures."""
    return hashlib.sha256("\0".join([source, *sorted(pictures)]).encode()).hexdigest()
