"""The worksheets that ship with the tool: a teacher begins with a copy of one."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lti_tool.models import User
from worksheets.authoring.worksheets import add_picture, create
from worksheets.formats.picture_file import rewrite
from worksheets.markup import Sheet
from worksheets.models import Worksheet
from worksheets.models.worksheet import read_sheet

_FOLDER = resources.files("worksheets") / "samples"


@dataclass(frozen=True, slots=True)
class Sample:
    """A worksheet of the tool's own; ``subject`` says what it is about."""

    name: str
    subject: Promise
    pictures: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        return _read(self.name)

    @property
    def sheet(self) -> Sheet:
        return read_sheet(self.source)


SAMPLES = {
    sample.name: sample
    for sample in (
        Sample("terror", _("History"), ("timeline.png",)),
        Sample("water", _("Science")),
        Sample("letter", _("English as a foreign language")),
    )
}


@functools.cache
def _read(name: str) -> str:
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8")


def create_sample(author: User, name: str = "terror") -> Worksheet:
    """Return a copy of a worksheet that ships with the tool as this teacher's own.

    Raise KeyError for a name that none has, QuotaReached if the author has as many worksheets, or
    pictures, as can be kept.
    """
    sample = SAMPLES[name]
    with transaction.atomic():
        worksheet = create(author, sample.source)
        for picture in sample.pictures:
            add_picture(worksheet, picture, rewrite((_FOLDER / picture).read_bytes()))
    return worksheet
