"""What the teacher's forms refuse."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.forms import ValidationError
from django.utils.datastructures import MultiValueDict

from worksheets.authoring.pictures import MAX_BYTES
from worksheets.views.authoring.forms import PictureForm
from worksheets.views.moments import MomentField


def test_of_a_picture_that_is_too_large_no_more_is_loaded_than_shows_it() -> None:
    file = io.BytesIO(bytes(MAX_BYTES * 4))
    upload: UploadedFile[bytes] = UploadedFile(file, "map.png", size=MAX_BYTES * 4)
    form = PictureForm({}, MultiValueDict({"picture": [upload]}))
    words = "This is not a PNG, JPEG, WebP or GIF picture of at most 5 MB."
    assert form.errors == {"picture": [words]}
    assert file.tell() == MAX_BYTES + 1


@pytest.mark.parametrize(
    "sent",
    [
        "0001-01-01T00:00",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "9999-12-31T23:59",
        "1999-12-31T23:59",
        "2200-01-01T00:00",
    ],
)
def test_a_date_at_the_end_of_time_is_a_slip(sent: str) -> None:
    with pytest.raises(ValidationError, match="Choose a year from 2000 to 2199"):
        MomentField().clean(sent)


@pytest.mark.parametrize(
    "sent", ["2000-01-01T00:00", "2199-12-31T23:59", "2026-07-01T08:00:00+05:00"]
)
def test_other_dates_are_taken(sent: str) -> None:
    moment = MomentField().clean(sent)
    assert moment is not None
    assert moment.isoformat().startswith(sent[:16])
