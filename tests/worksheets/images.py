"""Pictures for tests, honest and hostile."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, PngImagePlugin

MARKER = b"<script>alert(1)</script>"
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(
    kind: str = "PNG", size: tuple[int, int] = (8, 6), mode: str = "RGB", **options: Any
) -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "navy").convert(mode).save(out, format=kind, **options)
    return out.getvalue()


def moving(kind: str, frames: int) -> bytes:
    """A picture that moves: black first, then lighter and lighter."""
    out = io.BytesIO()
    first, *others = (Image.new("RGB", (8, 6), (n % 256,) * 3) for n in range(frames))
    first.save(out, format=kind, save_all=True, append_images=others, duration=20)
    return out.getvalue()


def loaded(kind: str) -> bytes:
    """A picture that carries the marker wherever its format has room, and behind its end."""
    exif = Image.Exif()
    exif[0x010E] = MARKER.decode()  # ImageDescription
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 0.0)}  # where it was taken
    options: dict[str, dict[str, Any]] = {
        "PNG": {"exif": exif, "icc_profile": MARKER, "pnginfo": _text()},
        "JPEG": {"exif": exif, "icc_profile": MARKER, "comment": MARKER},
        "WEBP": {"exif": exif, "icc_profile": MARKER, "xmp": MARKER},
        "GIF": {"comment": MARKER},
    }
    return picture(kind, **options[kind]) + MARKER


def _text() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", MARKER.decode())
    return info


def bomb(side: int = 30_000, *more: tuple[bytes, bytes]) -> bytes:
    """A few bytes that say that they unpack to gigabytes; ``more`` are further chunks."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), *more, (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def packed(chunk: bytes) -> bytes:
    """A small picture with a text or a colour profile that unpacks to a hundred megabytes."""
    before = {b"iTXt": b"Comment\0\x01\0\0\0"}.get(chunk, b"Comment\0\0")
    return bomb(8, (chunk, before + zlib.compress(bytes(100_000_000))))


def turned() -> bytes:
    """Eight wide and six high, to be shown on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return picture("JPEG", exif=exif)


def torn(tag: int) -> bytes:
    """On its side too, with an EXIF that Pillow reads and cannot write: a text for a number."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "no number"
    return picture("JPEG", exif=exif).replace(b"\x01\x0e\0\x02", struct.pack(">HH", tag, 2), 1)


def two_views() -> bytes:
    """What phones make: a JPEG with a second view behind the first, navy and red."""
    out = io.BytesIO()
    first, second = (Image.new("RGB", (8, 6), colour) for colour in ("navy", "red"))
    first.save(out, format="MPO", save_all=True, append_images=[second])
    return out.getvalue()
