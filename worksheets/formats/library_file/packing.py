"""Worksheets written into a file, and read from one within limits."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterable

from worksheets.formats.paper.encodings import decode
from worksheets.formats.readers.archives import Archive
from worksheets.formats.readers.errors import TOO_LARGE, ExtractError
from worksheets.markup.source import storable

from .layout import (
    MAX_CHARACTERS,
    MAX_PICTURE_BYTES,
    MAX_PICTURES,
    MAX_UNPACKED_BYTES,
    MAX_WORKSHEETS,
    PICTURE_NAME,
    TEXT_NAME,
    Left,
    Packed,
    Reason,
    is_junk,
    leads_out,
)

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same worksheets make the same file


def _(sentence: str) -> str:
    """Return the sentence as it is: makemessages finds it by this call, the server translates."""
    return sentence


NO_WORKSHEET = _("No worksheet is in this file. Choose one that was saved here.")
WRONG_NAMES = _("This file names places outside of itself, so nothing of it was read.")
SAME_NAMES = _("Two parts of this file have the same name, so nothing of it was read.")
TOO_MANY = _("This file has %(n)s worksheets. At most %(most)s can be read at once.")


def pack(worksheets: Iterable[Packed]) -> bytes:
    """Return a zip file with a folder for each worksheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one in worksheets:
            _add(archive, f"{one.folder}/{TEXT_NAME}", one.source.encode(), zipfile.ZIP_DEFLATED)
            for name, content in one.pictures.items():
                _add(archive, f"{one.folder}/{name}", content, zipfile.ZIP_STORED)
    return out.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes, compression: int) -> None:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = compression
    member.external_attr = (stat.S_IFREG | 0o644) << 16
    archive.writestr(member, data)


def unpack(data: bytes) -> tuple[list[Packed], list[Left]]:
    """Return the worksheets of a zip file in its order, and what is left out.

    Nothing is written anywhere, and an archive in it is not opened. Raise ExtractError if it is
    damaged, protected or too large, leads out of itself, or holds no worksheet.
    """
    archive = Archive(data, MAX_UNPACKED_BYTES)
    if sum(row.file_size for row in archive.members) > MAX_UNPACKED_BYTES:
        raise ExtractError(TOO_LARGE)
    names, left = _names(archive)
    folders = [name.rpartition("/")[0] for name in names if name.rpartition("/")[2] == TEXT_NAME]
    if len(folders) > MAX_WORKSHEETS:
        raise ExtractError(TOO_MANY, n=len(folders), most=MAX_WORKSHEETS)
    pictures: dict[str, list[str]] = {folder: [] for folder in folders}
    for name in names:
        folder, _slash, base = name.rpartition("/")
        if base == TEXT_NAME:
            continue
        if folder not in pictures or not PICTURE_NAME.fullmatch(base):
            left.append(Left(name, Reason.OTHER))
        elif len(pictures[folder]) >= MAX_PICTURES:
            left.append(Left(name, Reason.TOO_MANY_PICTURES))
        else:
            pictures[folder].append(base)
    found = []
    for folder in folders:
        one = _read(archive, names, folder, pictures[folder], left)
        if one is not None:
            found.append(one)
    if not found and not any(part.reason is not Reason.OTHER for part in left):
        raise ExtractError(NO_WORKSHEET)
    return found, left


def _names(archive: Archive) -> tuple[dict[str, str], list[Left]]:
    """Return the files by their name, with that of the archive's member; and what is no file.

    Raise ExtractError for a name that leads out, or that two have.
    """
    names: dict[str, str] = {}
    seen: set[str] = set()
    left = []
    for member in archive.members:
        name = member.filename.replace("\\", "/")
        if member.is_dir() or is_junk(name):
            continue
        if leads_out(name):
            raise ExtractError(WRONG_NAMES)
        if name.casefold() in seen:
            raise ExtractError(SAME_NAMES)
        seen.add(name.casefold())
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind in {0, stat.S_IFREG}:
            names[name] = member.filename
        else:  # a link, a device
            left.append(Left(name, Reason.OTHER))
    return names, left


def _read(
    archive: Archive,
    names: dict[str, str],
    folder: str,
    pictures: list[str],
    left: list[Left],
) -> Packed | None:
    """Return a worksheet; None if its text is none, which is added to what is left out."""
    prefix = f"{folder}/" if folder else ""
    text = decode(archive.read(names[f"{prefix}{TEXT_NAME}"]))
    if text is None:
        left.append(Left(f"{prefix}{TEXT_NAME}", Reason.NO_TEXT))
        return None
    source = storable(text).replace("\r\n", "\n").replace("\r", "\n")
    if len(source) > MAX_CHARACTERS:
        left.append(Left(f"{prefix}{TEXT_NAME}", Reason.TOO_LONG))
        return None
    contents = {}
    for name in pictures:
        content = archive.read(names[f"{prefix}{name}"])
        if len(content) > MAX_PICTURE_BYTES:
            left.append(Left(f"{prefix}{name}", Reason.NO_PICTURE))
        else:
            contents[name] = content
    return Packed(folder, source, contents)
