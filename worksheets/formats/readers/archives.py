"""Zip files of XML parts, read within limits: .docx and .odt are such files."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from .errors import (
    DAMAGED,
    FOREIGN_PARTS,
    MAX_MARKUP_BYTES,
    MAX_MEMBERS,
    MAX_PICTURE_BYTES,
    MAX_PICTURES,
    MAX_PICTURES_BYTES,
    MAX_UNPACKED_BYTES,
    PASSWORD,
    TOO_LARGE,
    ExtractError,
)

Element = ElementTree.Element


class Archive:
    """The parts of a zip file; the bytes of those that are read are counted up to ``max_bytes``.

    Raise ExtractError if the file is damaged, protected or too large once it is unpacked.
    """

    def __init__(self, data: bytes, max_bytes: int = MAX_MARKUP_BYTES) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            rows = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
            raise ExtractError(DAMAGED) from None
        if any(row.flag_bits & 1 for row in rows):
            raise ExtractError(PASSWORD)
        if sum(row.file_size for row in rows) > MAX_UNPACKED_BYTES or len(rows) > MAX_MEMBERS:
            raise ExtractError(TOO_LARGE)
        self.members = rows
        self.names = {row.filename for row in rows}
        self._bytes_left = max_bytes
        self._pictures: dict[str, bytes] = {}
        self.lost_pictures = 0  # that are missing, damaged or too large

    def read(self, name: str) -> bytes:
        """Return a part's bytes. Raise ExtractError if all parts read have too many."""
        data = self._unpacked(name, self._bytes_left + 1)
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise ExtractError(TOO_LARGE)
        return data

    def picture(self, name: str) -> bytes:
        """Return a picture's bytes, which nobody has looked into; b"" if it cannot be had."""
        if name not in self._pictures:
            self._pictures[name] = self._read_picture(name)
        if not self._pictures[name]:
            self.lost_pictures += 1
        return self._pictures[name]

    def _read_picture(self, name: str) -> bytes:
        if name not in self.names or len(self._pictures) >= MAX_PICTURES:
            return b""
        try:
            data = self._unpacked(name, MAX_PICTURE_BYTES + 1)
        except ExtractError:
            return b""
        kept = sum(map(len, self._pictures.values()))
        fits = len(data) <= MAX_PICTURE_BYTES and kept + len(data) <= MAX_PICTURES_BYTES
        return data if fits else b""

    def _unpacked(self, name: str, most: int) -> bytes:
        try:
            with self._zip.open(name) as part:
                return part.read(most)
        except (zipfile.BadZipFile, KeyError, NotImplementedError, EOFError, OSError, ValueError):
            raise ExtractError(DAMAGED) from None
        except Exception as error:  # zlib, bz2 and lzma each raise their own
            if type(error).__module__ in ("zlib", "_bz2", "_lzma", "lzma"):
                raise ExtractError(DAMAGED) from None
            raise

    def parse(self, name: str) -> Element:
        """Return a part's XML. Raise ExtractError if it declares a document type or is damaged."""
        return parse(self.read(name))


def parse(data: bytes) -> Element:
    """Return XML whose document type is refused, in each encoding that it would be followed in."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(data, True)
        return ElementTree.fromstring(data)  # noqa: S314 - without a document type
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError):
        raise ExtractError(DAMAGED) from None


def _refuse_doctype(*_declared: Any) -> None:
    raise ExtractError(FOREIGN_PARTS)
