"""The text of paper worksheets, pasted or uploaded, as text of the worksheet language."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from worksheets.authoring.worksheets import Cautions
from worksheets.formats.paper import check_size, read_paper, to_markup
from worksheets.wording.messages import translate


def markup_of_paper(text: str) -> tuple[str, Cautions]:
    """Return the markup of a paper's text, and what its author should check."""
    imported = to_markup(text)
    return imported.source, [
        (caution.line, translate(caution.message)) for caution in imported.warnings
    ]


def read_upload(paper: UploadedFile[bytes] | None) -> str:
    """Return the text in an uploaded file, '' for none.

    Raise UnreadablePaper if the file cannot be read or has no text.
    """
    if paper is None:
        return ""
    check_size(paper.size or 0)  # before all of it is in memory
    return read_paper(paper.name or "", paper.read())
