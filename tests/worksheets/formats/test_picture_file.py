"""Pictures are looked at, made smaller and written anew; nothing else of them stays."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.worksheets.images import (
    KINDS,
    MARKER,
    SVG,
    bomb,
    loaded,
    moving,
    packed,
    picture,
    torn,
    turned,
    two_views,
)
from worksheets.formats.picture_file import MAX_SIDE, NoPicture, TooManyPixels, rewrite


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(("kind", "media_type"), KINDS.items())
def test_the_four_kinds_are_kept_as_what_they_are(kind: str, media_type: str) -> None:
    read = rewrite(picture(kind))
    assert (read.media_type, read.width, read.height) == (media_type, 8, 6)
    with opened(read.content) as image:
        assert (image.format, image.size) == (kind, (8, 6))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_hides_beside_the_pixels(kind: str) -> None:
    """No place, no comment, no profile, no second file behind the end."""
    data = loaded(kind)
    assert data.count(MARKER) >= 2 or kind == "PNG"  # a PNG packs its profile
    read = rewrite(data)
    assert MARKER not in read.content
    with opened(read.content) as image:
        assert not image.getexif()
        assert not {"icc_profile", "comment", "Comment", "xmp", "exif"} & image.info.keys()


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b"",
        b"GIF89a",
        b"%PDF-1.7",
        b"<html>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"BM" + bytes(100),
        picture("BMP"),
        picture("TIFF"),
        picture("ICO"),
        picture("PDF"),
        picture("PNG")[:-30],
        picture("JPEG")[:200],
    ],
    ids=lambda data: repr(data[:6]),
)
def test_what_is_no_picture_of_ours(data: bytes) -> None:
    with pytest.raises(NoPicture):
        rewrite(data)


@pytest.mark.parametrize("side", [6_400, 12_000, 30_000])
def test_a_bomb_is_not_unpacked(side: int) -> None:
    with pytest.raises(TooManyPixels):
        rewrite(bomb(side))


def test_a_large_picture_is_made_smaller_in_its_shape() -> None:
    read = rewrite(picture("JPEG", (3200, 800)))
    assert (read.width, read.height) == (MAX_SIDE, 400)


def test_a_picture_on_its_side_is_turned() -> None:
    read = rewrite(turned())
    assert (read.width, read.height) == (6, 8)


def test_a_large_one_too() -> None:
    """Made smaller, then turned."""
    exif = Image.Exif()
    exif[0x0112] = 6
    read = rewrite(picture("JPEG", (3200, 800), exif=exif))
    assert (read.width, read.height) == (400, MAX_SIDE)
    with opened(read.content) as image:
        assert not image.getexif()


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_many_frames_the_first_is_kept(kind: str) -> None:
    read = rewrite(moving(kind, 50))
    with opened(read.content) as image:
        assert (image.format, getattr(image, "n_frames", 1)) == (kind, 1)
        assert image.convert("RGB").getpixel((0, 0)) == (0, 0, 0)


@pytest.mark.parametrize("chunk", [b"zTXt", b"iCCP", b"iTXt"])
def test_chunks_that_unpack_to_megabytes_are_refused(chunk: bytes) -> None:
    with pytest.raises(NoPicture):
        rewrite(packed(chunk))


@pytest.mark.parametrize("tag", [0x0100, 0x011A], ids=["struct.error", "TypeError"])
def test_a_torn_exif_is_of_no_interest(tag: int) -> None:
    assert rewrite(torn(tag)).media_type == "image/jpeg"


def test_a_jpeg_with_a_second_view_is_its_first() -> None:
    read = rewrite(two_views())
    assert read.media_type == "image/jpeg"
    with opened(read.content) as image:
        assert (image.format, getattr(image, "n_frames", 1)) == ("JPEG", 1)
        red, _green, blue = image.convert("RGB").getpixel((0, 0))  # type: ignore[misc]
        assert red < 10 < blue


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "RGB", "L"])
def test_a_jpeg_of_any_colours_can_be_shown(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (8, 6)).save(out, format="JPEG")
    with opened(rewrite(out.getvalue()).content) as image:
        assert image.mode in {"RGB", "L"}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_stays_so(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 6), (255, 0, 0, 0)).save(out, format=kind)
    with opened(rewrite(out.getvalue()).content) as image:
        assert image.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_palette_with_a_transparent_colour_stays_so(kind: str) -> None:
    out = io.BytesIO()
    Image.new("P", (8, 6), 0).save(out, format=kind, transparency=0)
    with opened(rewrite(out.getvalue()).content) as image:
        assert image.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


SAMPLES = [*(loaded(kind) for kind in KINDS), turned(), two_views()]


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6),
    st.integers(1, 2000),
)
def test_a_broken_picture_is_read_or_refused(
    sample: bytes, changes: list[tuple[int, int]], end: int
) -> None:
    data = bytearray(sample)
    for place, value in changes:
        data[place % len(data)] = value
    try:
        read = rewrite(bytes(data[:end]))
    except (NoPicture, TooManyPixels):
        return
    assert MARKER not in read.content
