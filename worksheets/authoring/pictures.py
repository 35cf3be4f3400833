"""Pictures that teachers upload: checked, made smaller, written anew. Pure.

Writing anew drops whatever hides in a file beside its pixels: a place, a script, a second
format.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600
_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}


class PictureRefused(Exception):
    """The error for a file that is no picture that can be shown."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    content: bytes
    media_type: str
    width: int
    height: int


def read_picture(data: bytes) -> StoredPicture:
    """Return a PNG, JPEG, WebP or GIF, at most MAX_SIDE pixels a side, written anew.

    Raise NoPicture if the file is none of these, damaged, or over MAX_BYTES or MAX_PIXELS.
    """
    if len(data) > MAX_BYTES:
        raise PictureRefused("too large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a torn EXIF is of no interest
            # Pillow only warns of a small file that unpacks to gigabytes.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _written_anew(data)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        TypeError,
        SyntaxError,
        EOFError,
        struct.error,
    ) as error:
        raise PictureRefused(type(error).__name__) from error


def picture_name(file_name: str) -> str:
    """Return a name that the markup can write: letters, digits, dot, dash and underscore."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", file_name.rpartition("/")[2]).strip("-.")
    stem, dot, ending = name.rpartition(".")
    return (
        f"{(stem.rstrip('-.') or 'picture')[:80]}{dot}{ending[:8].lower()}"
        if dot
        else name[:80] or "picture"
    )


def _turned(picture: Image.Image) -> Image.Image:
    """Return the picture turned as its EXIF says, for a camera that was held on its side."""
    try:
        return ImageOps.exif_transpose(picture)
    except (struct.error, TypeError):  # Pillow writes the EXIF anew too, and this one is torn
        return picture


def _written_anew(data: bytes) -> StoredPicture:
    with Image.open(io.BytesIO(data), formats=list(_FORMATS)) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise PictureRefused("too many pixels")
        # A phone's JPEG with a second view in it opens as MPO; the first view is the picture.
        kind = "JPEG" if opened.format == "MPO" else opened.format or "PNG"
        picture = _turned(opened)
        picture.thumbnail((MAX_SIDE, MAX_SIDE))
        if kind == "JPEG" and picture.mode not in {"RGB", "L"}:
            picture = picture.convert("RGB")
        # Pillow writes comments and colour profiles on, and anything can hide in them.
        kept = {"transparency"} & picture.info.keys()
        picture.info = {name: picture.info[name] for name in kept}
        out = io.BytesIO()
        picture.save(out, format=kind, optimize=True)
    return StoredPicture(out.getvalue(), _FORMATS[kind], picture.width, picture.height)
