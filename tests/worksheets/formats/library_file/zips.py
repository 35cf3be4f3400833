"""Zip files for tests: as worksheets are saved, and as nobody should send them."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Iterable


def zipped(*members: tuple[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these files, two of one name too."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return out.getvalue()


def link(name: str, target: str) -> bytes:
    """A worksheet, and beside it a symbolic link."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("A/worksheet.txt", "# A")
        member = zipfile.ZipInfo(name)
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, target)
    return out.getvalue()


def encrypted() -> bytes:
    """A zip that says of its file that it is encrypted."""
    data = bytearray(zipped(("A/worksheet.txt", "# A"), compression=zipfile.ZIP_STORED))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    return bytes(data)


def bomb(megabytes: int) -> bytes:
    """A small zip whose text has so many megabytes."""
    return zipped(("A/worksheet.txt", b"a" * (megabytes << 20)))


def understated(megabytes: int) -> bytes:
    """The same, but it says that its text has ten bytes."""
    data = bytearray(bomb(megabytes))
    size = struct.pack("<I", megabytes << 20)
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = struct.pack("<I", 10)
    return bytes(data)


def many(names: Iterable[str]) -> bytes:
    return zipped(*((name, "# A") for name in names), compression=zipfile.ZIP_STORED)
