"""The layout of a file of worksheets: names in it, and how much may be in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

TEXT_NAME = "worksheet.txt"  # of the text in each folder
MAX_FILE_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 50_000_000  # of texts and pictures
MAX_WORKSHEETS = 200
MAX_CHARACTERS = 200_000  # of a text, as many as a worksheet may have
MAX_PICTURES = 100  # of a worksheet
MAX_PICTURE_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 6  # folders in each other: whoever packs an unpacked file again adds one
MAX_NAME = 300
MAX_FOLDER_NAME = 60
# As worksheets name their pictures.
PICTURE_NAME = re.compile(r"[A-Za-z0-9._-]{1,90}\.(?:png|jpe?g|webp|gif)", re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w &'(),+=-]+")
# What systems add to an archive by themselves.
_JUNK = re.compile(r"(?:.*/)?(?:__MACOSX/.*|\.[^/]*|Thumbs\.db|desktop\.ini)", re.IGNORECASE)


class Reason(StrEnum):
    """The reasons why something in a file is left out."""

    OTHER = "other"  # neither a text of a worksheet nor a picture beside one
    NO_TEXT = "no-text"
    TOO_LONG = "too-long"
    NO_PICTURE = "no-picture"
    TOO_MANY_PICTURES = "too-many-pictures"


@dataclass(frozen=True, slots=True)
class Left:
    """A part of a file that is left out, by its name there."""

    name: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Packed:
    """A worksheet in a file: its folder, its text, and its pictures by name."""

    folder: str
    source: str
    pictures: dict[str, bytes] = field(default_factory=dict)


def folder_names(titles: Iterable[str]) -> list[str]:
    """Return a name for the folder of each title: readable, valid everywhere, no two the same."""
    names: list[str] = []
    taken: set[str] = set()
    for title in titles:
        base = " ".join(_UNSAFE.sub(" ", title).split()).strip(" -'")[:MAX_FOLDER_NAME].strip()
        base = base or "worksheet"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base} {number}"
        taken.add(name.casefold())
        names.append(name)
    return names


def title_of_folder(folder: str) -> str:
    """Return what a folder's name says of the worksheet in it; '' where it says nothing."""
    return PurePosixPath(folder).name


def is_junk(name: str) -> bool:
    """Return whether a system has put this beside what somebody packed."""
    return _JUNK.fullmatch(name) is not None


def leads_out(name: str) -> bool:
    """Return whether a name means something outside of its archive, or cannot be a name."""
    steps = name.split("/")
    return (
        len(name) > MAX_NAME
        or len(steps) > MAX_DEPTH
        or any(step in {"", ".", ".."} for step in steps)
        or ":" in name
        or not name.isprintable()
    )
