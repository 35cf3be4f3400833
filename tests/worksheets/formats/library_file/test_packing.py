"""Worksheets become one file and come back the same; what is odd in a file does no harm."""

from __future__ import annotations

import string
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worksheets.formats.library_file.zips import link, many, zipped
from worksheets.formats.library_file import Left, Packed, Reason, folder_names, pack, unpack
from worksheets.formats.library_file.layout import MAX_CHARACTERS, MAX_PICTURES, MAX_WORKSHEETS
from worksheets.formats.library_file.packing import NO_WORKSHEET, SAME_NAMES, WRONG_NAMES
from worksheets.formats.readers.errors import ExtractError
from worksheets.markup.source import storable

CAUSES = "# Causes\n\nJapan took ___Manchuria___.\n\n![A map](map.png)\n"

texts = st.text(max_size=200).map(storable).filter(lambda text: not text.startswith("\ufeff"))
one_line_end = texts.map(lambda text: text.replace("\r\n", "\n").replace("\r", "\n"))
names = st.text(string.ascii_letters + string.digits + "._-", min_size=1, max_size=40)
pictures = st.dictionaries(
    names.map(lambda name: f"{name}.png".lower()), st.binary(max_size=20), max_size=3
)


@given(st.lists(st.tuples(texts, one_line_end, pictures), min_size=1, max_size=4))
def test_any_worksheets_come_back_the_same(rows: list[tuple[str, str, dict[str, bytes]]]) -> None:
    folders = folder_names(title for title, _source, _pictures in rows)
    packed = [
        # A name that begins with a dot is what systems leave behind.
        Packed(folder, source, {n: c for n, c in found.items() if not n.startswith(".")})
        for folder, (_title, source, found) in zip(folders, rows, strict=True)
    ]
    assert unpack(pack(packed)) == (packed, [])


def test_the_layout_is_that_of_the_page_for_teachers() -> None:
    packed = [Packed("Causes", CAUSES, {"map.png": b"pixels"}), Packed("Rivers", "# Rivers")]
    with zipfile.ZipFile(BytesIO(pack(packed))) as archive:
        names = archive.namelist()
        assert archive.read("Causes/worksheet.txt").decode() == CAUSES
    assert names == ["Causes/worksheet.txt", "Causes/map.png", "Rivers/worksheet.txt"]


def test_the_same_worksheets_make_the_same_file() -> None:
    packed = [Packed("Causes", CAUSES, {"map.png": b"pixels"})]
    assert pack(packed) == pack(packed)


@pytest.mark.parametrize(
    ("titles", "folders"),
    [
        (["Causes", "Causes", "causes"], ["Causes", "Causes 2", "causes 3"]),
        (["Who? Why?", "../../etc/passwd", "a\\b:c"], ["Who Why", "etc passwd", "a b c"]),
        (["", "...", "Ursachen & Gründe"], ["worksheet", "worksheet 2", "Ursachen & Gründe"]),
        (["x" * 200], ["x" * 60]),
    ],
)
def test_names_of_folders(titles: list[str], folders: list[str]) -> None:
    assert folder_names(titles) == folders


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_titles_give_names_that_are_not_refused(titles: list[str]) -> None:
    folders = folder_names(titles)
    assert len({folder.casefold() for folder in folders}) == len(titles)
    packed = [Packed(folder, "# A") for folder in folders]
    assert not packed or unpack(pack(packed)) == (packed, [])


def test_what_was_unpacked_and_packed_again_by_hand_is_read() -> None:
    data = zipped(
        ("worksheets/", ""),
        ("worksheets/Causes/", ""),
        ("worksheets/Causes/worksheet.txt", CAUSES.replace("\n", "\r\n").encode("utf-8-sig")),
        ("worksheets/Causes/map.png", b"pixels"),
        ("worksheets/.DS_Store", b"junk"),
        ("__MACOSX/worksheets/Causes/._map.png", b"junk"),
    )
    packed, left = unpack(data)
    assert packed == [Packed("worksheets/Causes", CAUSES, {"map.png": b"pixels"})]
    assert left == []


def test_backslashes_of_old_programs_are_steps() -> None:
    assert unpack(zipped(("Causes\\worksheet.txt", CAUSES)))[0] == [Packed("Causes", CAUSES)]


def test_a_text_alone_at_the_top() -> None:
    assert unpack(zipped(("worksheet.txt", CAUSES)))[0] == [Packed("", CAUSES)]


def test_what_is_left_out_is_named() -> None:
    data = zipped(
        ("A/worksheet.txt", "# A"),
        ("A/notes.docx", b"PK"),
        ("A/drawing.svg", b"<svg/>"),
        ("map.png", b"of no worksheet"),
        ("B/worksheet.txt", b"\0\1\2\0\0\0\0\xff"),
        ("C/worksheet.txt", "x" * (MAX_CHARACTERS + 1)),
        ("A/large.png", b"x" * (5 * 1024 * 1024 + 1)),
    )
    packed, left = unpack(data)
    assert [one.folder for one in packed] == ["A"]
    assert left == [
        Left("A/notes.docx", Reason.OTHER),
        Left("A/drawing.svg", Reason.OTHER),
        Left("map.png", Reason.OTHER),
        Left("A/large.png", Reason.NO_PICTURE),
        Left("B/worksheet.txt", Reason.NO_TEXT),
        Left("C/worksheet.txt", Reason.TOO_LONG),
    ]


def test_so_many_pictures_and_no_more() -> None:
    pictures = [(f"A/{n}.png", b"p") for n in range(MAX_PICTURES + 2)]
    ((one,), left) = unpack(zipped(("A/worksheet.txt", "# A"), *pictures))
    assert len(one.pictures) == MAX_PICTURES
    assert [part.reason for part in left] == [Reason.TOO_MANY_PICTURES] * 2


@pytest.mark.parametrize(
    "name",
    [
        "../worksheet.txt",
        "A/../../worksheet.txt",
        "/etc/worksheet.txt",
        "A//worksheet.txt",
        "./worksheet.txt",
        "..\\..\\worksheet.txt",
        "C:/worksheet.txt",
        "A/\x1b[2Jworksheet.txt",
        "A/\u202eworksheet.txt",
        "a/b/c/d/e/f/g/worksheet.txt",
        f"{'x' * 400}/worksheet.txt",
    ],
)
def test_names_that_lead_out_are_refused(name: str) -> None:
    with pytest.raises(ExtractError, match=WRONG_NAMES):
        unpack(zipped(("A/worksheet.txt", "# A"), (name, "# B")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["A/worksheet.txt", "a/WORKSHEET.txt", "A\\worksheet.txt"])
def test_two_parts_of_one_name_are_refused(second: str) -> None:
    with pytest.raises(ExtractError, match=SAME_NAMES):
        unpack(zipped(("A/worksheet.txt", "# A"), (second, "# B")))


def test_an_archive_in_it_is_not_opened() -> None:
    inner = zipped(("B/worksheet.txt", "# B"))
    packed, left = unpack(zipped(("A/worksheet.txt", "# A"), ("A/inner.zip", inner)))
    assert [one.source for one in packed] == ["# A"]
    assert left == [Left("A/inner.zip", Reason.OTHER)]
    with pytest.raises(ExtractError, match=NO_WORKSHEET):
        unpack(zipped(("inner.zip", inner)))


def test_a_link_is_not_followed() -> None:
    packed, left = unpack(link("A/map.png", "/etc/passwd"))
    assert packed == [Packed("A", "# A")]
    assert left == [Left("A/map.png", Reason.OTHER)]


def test_so_many_worksheets_and_no_more() -> None:
    assert len(unpack(many(f"{n}/worksheet.txt" for n in range(MAX_WORKSHEETS)))[0]) == 200
    with pytest.raises(ExtractError, match=r"This file has %\(n\)s worksheets") as raised:
        unpack(many(f"{n}/worksheet.txt" for n in range(MAX_WORKSHEETS + 1)))
    assert raised.value.values == {"n": 201, "most": 200}


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(data: bytes) -> None:
    with pytest.raises(ExtractError):
        unpack(data)


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_any_damage_is_refused_or_read(at: int, byte: int) -> None:
    data = bytearray(pack([Packed("A", CAUSES, {"map.png": b"pixels" * 9})]))
    data[at % len(data)] = byte
    try:
        packed, _left = unpack(bytes(data))
    except ExtractError:
        return
    assert all(isinstance(one, Packed) for one in packed)
