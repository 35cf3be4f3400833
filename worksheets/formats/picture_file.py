"""The program that reads a picture from standard input and writes it anew to standard output.

``worksheets.authoring.pictures`` runs it as a process of its own: a file made to exhaust memory
or time then costs this process and not the server. Writing anew drops whatever hides in a file
beside its pixels: a place, a script, a second format. Of several frames the first is kept.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_MEMORY_BYTES = 500_000_000
MAX_CPU_SECONDS = 10
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600
NO_PICTURE, TOO_MANY_PIXELS = 3, 4  # exit statuses
_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}


class NoPicture(Exception):
    """The error for a file that is no picture that can be shown, or a damaged one."""


class TooManyPixels(Exception):
    """The error for a picture of more than MAX_PIXELS, or too large for MAX_MEMORY_BYTES."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    content: bytes
    media_type: str
    width: int
    height: int


def rewrite(data: bytes) -> StoredPicture:
    """Return a PNG, JPEG, WebP or GIF, at most MAX_SIDE pixels a side, written anew.

    Raise NoPicture or TooManyPixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a torn EXIF is of no interest
            # MAX_PIXELS is less than what Pillow warns of.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _written_anew(data)
    except (Image.DecompressionBombError, MemoryError):
        raise TooManyPixels from None
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        TypeError,
        SyntaxError,
        EOFError,
        struct.error,
    ) as error:
        raise NoPicture(type(error).__name__) from error


def _written_anew(data: bytes) -> StoredPicture:
    with Image.open(io.BytesIO(data), formats=list(_FORMATS)) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise TooManyPixels
        # A phone's JPEG with a second view in it opens as MPO; the first view is the picture.
        kind = "JPEG" if opened.format == "MPO" else opened.format or "PNG"
        # Made smaller before it is turned: two large copies need twice the memory.
        opened.thumbnail((MAX_SIDE, MAX_SIDE))
        picture = _turned(opened)
        if kind == "JPEG" and picture.mode not in {"RGB", "L"}:
            picture = picture.convert("RGB")
        # Pillow writes comments and colour profiles on, and anything can hide in them.
        kept = {"transparency"} & picture.info.keys()
        picture.info = {name: picture.info[name] for name in kept}
        out = io.BytesIO()
        picture.save(out, format=kind, optimize=True)
    return StoredPicture(out.getvalue(), _FORMATS[kind], picture.width, picture.height)


def _turned(picture: Image.Image) -> Image.Image:
    """Return the picture turned as its EXIF says, for a camera that was held on its side."""
    try:
        return ImageOps.exif_transpose(picture)
    except (struct.error, TypeError):  # Pillow writes the EXIF anew too, and this one is torn
        return picture


def main() -> int:
    with suppress(ValueError, OSError):  # macOS has no limit of memory
        # The soft limit sends SIGXCPU, by which the parent knows the cause; the hard one SIGKILL.
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    try:
        picture = rewrite(sys.stdin.buffer.read())
    except NoPicture:
        return NO_PICTURE
    except TooManyPixels:
        return TOO_MANY_PIXELS
    head = json.dumps([picture.media_type, picture.width, picture.height])
    sys.stdout.buffer.write(head.encode() + b"\n" + picture.content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
