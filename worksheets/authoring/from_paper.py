"""The text of paper worksheets, pasted or uploaded, as text of the worksheet language.

A new worksheet from paper is a job: a file may take half a minute to read.
"""

from __future__ import annotations

import hashlib

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lti_tool.background import jobs
from lti_tool.background.jobs import JobFailed, Result, Task, Write
from lti_tool.models import Job, User
from worksheets.authoring.drafts import drop_draft
from worksheets.authoring.worksheets import MAX_SOURCE, Cautions, TooLong, create
from worksheets.formats.paper import UnreadablePaper, check_size, read_paper, to_markup
from worksheets.models import DraftPage
from worksheets.wording.jobs import Destination, JobPages
from worksheets.wording.messages import translate

KIND = "import"
PAGES = JobPages(
    heading=gettext_lazy("Importing from paper"),
    step=gettext_lazy("Page %(done)s of %(of)s"),
    safe=gettext_lazy("You can leave this page. The worksheet will be in “My worksheets”."),
    done=gettext_lazy("The paper has been imported."),
    open_result=gettext_lazy("Open the worksheet"),
    cancelled=gettext_lazy("Cancelled. Nothing was imported."),
    back="library",
    back_words=gettext_lazy("My worksheets"),
    result=lambda found: Destination("edit", found["notice"], {"number": found["worksheet"]}),
)


def markup_of_paper(text: str) -> tuple[str, Cautions]:
    """Return the markup of a paper's text, and what its author should check."""
    imported = to_markup(text)
    return imported.source, [
        (caution.line, translate(caution.message)) for caution in imported.warnings
    ]


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

    The job's result has 'worksheet', its number, or 'field', where what is wrong was given.
    """
    job, arguments = task.row, task.row.arguments
    content = bytes(job.content or b"")
    field = "paper" if arguments["is_file"] else "text"
    cautions: Cautions = ()
    try:
        text = read_paper(arguments["name"], content, task.progress) if field == "paper" else ""
    except UnreadablePaper as error:
        raise JobFailed(translate(error.sentence), field=field) from None
    text = text or content.decode()
    task.progress(task.row.steps_done, task.row.steps)
    if not arguments["as_markup"]:
        text, cautions = markup_of_paper(text)

    def write() -> Result:
        try:
            made = create(job.owner, text, _("New worksheet"), cautions)
        except TooLong as error:
            raise JobFailed(too_long_as_worksheet(error), field=field) from None
        drop_draft(job.owner, DraftPage.NEW, typed_before=job.created_at)
        return {"worksheet": made.pk, "notice": "" if arguments["as_markup"] else "imported"}

    return write


def too_long_as_worksheet(problem: TooLong) -> str:
    """Return the error for a paper whose text has become too long as markup."""
    return _(
        "As a worksheet, this text has %(length)d characters. At most %(most)d can be saved."
        " Nothing was saved. Divide it into several worksheets."
    ) % {"length": problem.length, "most": MAX_SOURCE}
