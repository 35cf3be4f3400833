"""The text of paper worksheets, pasted or uploaded, as text of the worksheet language.

A new worksheet from paper is a job: a file may take half a minute to read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lti_tool.background import jobs
from lti_tool.background.jobs import JobFailed, Result, Task, Write
from lti_tool.models import Job, User
from worksheets.authoring.drafts import drop_draft
from worksheets.authoring.papers import keep_paper
from worksheets.authoring.pictures import PictureRefused, read_picture
from worksheets.authoring.quotas import QuotaReached
from worksheets.authoring.worksheets import (
    CHOICE,
    MAX_SOURCE,
    PICTURE,
    REPAIR,
    Cautions,
    TooLong,
    add_picture,
    create,
)
from worksheets.formats.paper import (
    Caution,
    CautionKind,
    UnreadablePaper,
    check_size,
    read_paper,
    to_markup,
)
from worksheets.formats.paper.pages import PagePicture, render_pages
from worksheets.formats.picture_file import StoredPicture
from worksheets.formats.readers.rows import Paper
from worksheets.models import DraftPage, Worksheet
from worksheets.wording.jobs import Destination, JobPages
from worksheets.wording.messages import translate

KIND = "import"


def _line(count: int, seconds: int) -> str:
    """Return how many papers are read before this one, and about how long that takes."""
    return ngettext(
        "%(n)d paper before yours, about %(s)d s",
        "%(n)d papers before yours, about %(s)d s",
        count,
    ) % {"n": count, "s": seconds}


PAGES = JobPages(
    heading=gettext_lazy("Importing from paper"),
    step=gettext_lazy("Page %(done)s of %(of)s"),
    safe=gettext_lazy("You can leave this page. The worksheet will be in “My worksheets”."),
    done=gettext_lazy("The paper has been imported."),
    open_result=gettext_lazy("Open the worksheet"),
    cancelled=gettext_lazy("Cancelled. Nothing was imported."),
    back="library",
    back_words=gettext_lazy("My worksheets"),
    result=lambda found: Destination(
        found.get("page", "edit"), found["notice"], {"number": found["worksheet"]}
    ),
    line=_line,
)


@dataclass(frozen=True, slots=True)
class Read:
    """The markup of a paper, what its author should check, and the answers that it prints.

    ``pictures`` are files as they came, by the names that the markup has for them.
    """

    source: str
    cautions: Cautions
    printed: Mapping[int, str]
    pictures: Mapping[str, bytes]


def markup_of_paper(text: str) -> Read:
    """Return what is made of a paper's text."""
    imported = to_markup(text)
    cautions: Cautions = [(caution.line, *_said(caution)) for caution in imported.warnings]
    return Read(imported.source, cautions, imported.printed_key, imported.pictures)


def _said(caution: Caution) -> tuple[str, ...]:
    message = translate(caution.message)
    if caution.code == "missing-picture":
        return (message, PICTURE)
    if caution.code == "check-choices":
        return (message, CHOICE)
    return (message, REPAIR) if caution.kind is CautionKind.REPAIR else (message,)


def start(user: User, paper: UploadedFile[bytes] | None, text: str, *, as_markup: bool) -> Job:
    """Start to make a worksheet of a file, or of a text; with ``as_markup`` it is left unchanged.

    Raise UnreadablePaper if the file is too large, AlreadyAsked if this person's same paper is
    being read, TooManyJobs.
    """
    if paper is not None:
        check_size(paper.size or 0)  # before all of it is in memory
    content = paper.read() if paper is not None else text.encode()
    name = (paper.name or "") if paper is not None else ""
    asked = [str(user.pk), name, str(as_markup), hashlib.sha256(content).hexdigest()]
    return jobs.start(
        KIND,
        user,
        # A second press on the button asks for the same paper; other papers wait for their turn.
        subject=hashlib.sha256("\n".join(asked).encode()).hexdigest(),
        arguments={"name": name[-200:], "is_file": paper is not None, "as_markup": as_markup},
        content=content,
    )


def import_paper(task: Task) -> Write:
    """Read a paper page by page; the write makes the worksheet.

    The job's result has 'worksheet', its number, and 'page', where its author goes on; or 'field',
    where what is wrong was given.
    """
    job, arguments = task.row, task.row.arguments
    content = bytes(job.content or b"")
    field = "paper" if arguments["is_file"] else "text"
    cautions: Cautions = ()
    printed: Mapping[int, str] = {}
    pictures: dict[str, StoredPicture] = {}
    pages: list[PagePicture] = []
    try:
        text = read_paper(arguments["name"], content, task.progress) if field == "paper" else ""
    except UnreadablePaper as error:
        raise JobFailed(translate(error.sentence), field=field) from None
    text = text or content.decode()
    task.progress(task.row.steps_done, task.row.steps)
    read, places = str(text), _places(text)
    if not arguments["as_markup"]:
        made_of_it = markup_of_paper(text)
        text, cautions, printed = made_of_it.source, made_of_it.cautions, made_of_it.printed
        pictures = _written_anew(made_of_it.pictures, task)
        if arguments["name"].casefold().endswith(".pdf"):
            pages = render_pages(content, lambda: _go_on(task))

    def write() -> Result:
        try:
            made = create(job.owner, text, _("New worksheet"), cautions)
        except TooLong as error:
            raise JobFailed(too_long_as_worksheet(error), field=field) from None
        except QuotaReached as error:
            raise JobFailed(str(error), field=field) from None
        drop_draft(job.owner, DraftPage.NEW, typed_before=job.created_at)
        if arguments["as_markup"]:
            return {"worksheet": made.pk, "notice": ""}
        file = content if field == "paper" else None
        _keep_pictures(made, pictures)
        is_kept = keep_paper(made, arguments["name"], read, file, printed, pages, places)
        page = "review" if is_kept else "edit"
        return {"worksheet": made.pk, "notice": "imported", "page": page}

    return write


def _written_anew(pictures: Mapping[str, bytes], task: Task) -> dict[str, StoredPicture]:
    """Return the pictures as they can be shown; one that cannot is asked for by the review."""
    made = {}
    for name, content in pictures.items():
        with suppress(PictureRefused):
            made[name] = read_picture(content, lambda: _go_on(task))
    return made


def _go_on(task: Task) -> None:
    task.progress(task.row.steps_done, task.row.steps)


def _places(text: str) -> list[list[float] | None]:
    """Return where each line of a paper stands on its pages, as far as that is known."""
    rows = text.rows if isinstance(text, Paper) else ()
    return [list(astuple(row.place)) if row.place else None for row in rows if not row.picture]


def _keep_pictures(worksheet: Worksheet, pictures: Mapping[str, StoredPicture]) -> None:
    """Keep the pictures of a paper as far as there is room; the review asks for the others."""
    for name, picture in pictures.items():
        with suppress(QuotaReached):
            add_picture(worksheet, name, picture)


def too_long_as_worksheet(problem: TooLong) -> str:
    """Return the error for a paper whose text has become too long as markup."""
    return _(
        "As a worksheet, this text has %(length)d characters. At most %(most)d can be saved."
        " Nothing was saved. Divide it into several worksheets."
    ) % {"length": problem.length, "most": MAX_SOURCE}
