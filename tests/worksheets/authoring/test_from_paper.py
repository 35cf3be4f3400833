"""A paper that was uploaded, on its way to the importer."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from worksheets.authoring.from_paper import read_upload
from worksheets.formats.paper import UnreadablePaper


def test_a_file_that_is_too_large_is_not_even_read() -> None:
    file = io.BytesIO(bytes(21_000_000))
    with pytest.raises(UnreadablePaper, match="too large: it has 21 MB"):
        read_upload(UploadedFile(file, "paper.pdf", size=21_000_000))
    assert file.tell() == 0


def test_other_files_are() -> None:
    assert read_upload(SimpleUploadedFile("paper.txt", b"A gap ______")) == "A gap ______"
    assert read_upload(None) == ""
