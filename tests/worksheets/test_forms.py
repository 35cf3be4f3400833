"""What the teacher's forms refuse."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from worksheets.forms import PictureForm
from worksheets.pictures import MAX_BYTES


def test_of_a_picture_that_is_too_large_no_more_is_loaded_than_shows_it() -> None:
    file = io.BytesIO(bytes(MAX_BYTES * 4))
    upload: UploadedFile[bytes] = UploadedFile(file, "map.png", size=MAX_BYTES * 4)
    form = PictureForm({}, MultiValueDict({"picture": [upload]}))
    words = "This is no PNG, JPEG, WebP or GIF picture of at most 5 MB."
    assert form.errors == {"picture": [words]}
    assert file.tell() == MAX_BYTES + 1
