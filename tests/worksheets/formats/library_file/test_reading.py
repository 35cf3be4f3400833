"""A file from outside is read by a process of its own, which writes it out clean."""

from __future__ import annotations

import io
import json
import subprocess
import threading
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from tests.worksheets.formats.library_file.zips import bomb, encrypted, many, understated, zipped
from tests.worksheets.images import SVG, picture
from worksheets.formats import children
from worksheets.formats.children import TookTooLong
from worksheets.formats.library_file import (
    MAX_FILE_BYTES,
    Left,
    Packed,
    Reason,
    UnreadableFile,
    check_size,
    pack,
    read_file,
    reading,
)

CAUSES = "# Causes\n\n![A map](map.png)\n"
DAMAGED = "This file is damaged. Save it again and try once more."
TOO_LARGE = "This file is too large once it is unpacked."


def test_texts_stay_and_pictures_are_written_anew() -> None:
    hidden = picture() + b"<script>alert(1)</script>"
    read = read_file(pack([Packed("Causes", CAUSES, {"map.png": hidden}), Packed("B", "# B")]))
    assert [(one.folder, one.source) for one in read.worksheets] == [
        ("Causes", CAUSES),
        ("B", "# B"),
    ]
    (stored,) = read.pictures[0].values()
    assert stored.media_type == "image/png"
    assert b"script" not in stored.content
    with Image.open(io.BytesIO(stored.content)) as opened:
        assert opened.size == (stored.width, stored.height)
    assert (read.pictures[1], read.left) == ({}, [])
    # What was read is itself such a file.
    again = read_file(read.content)
    assert again.worksheets == read.worksheets


def test_a_picture_that_is_none_is_left_out_and_named() -> None:
    data = pack([Packed("A", CAUSES, {"map.png": SVG, "good.png": picture()})])
    read = read_file(data)
    assert list(read.pictures[0]) == ["good.png"]
    assert read.left == [Left("A/map.png", Reason.NO_PICTURE)]


def test_a_text_at_the_top_beside_a_folder_of_that_name() -> None:
    data = zipped(("worksheet.txt", "# Top"), ("worksheet/worksheet.txt", "# Below"))
    assert [one.source for one in read_file(data).worksheets] == ["# Top", "# Below"]


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", DAMAGED),
    "a beginning": (lambda: b"PK\x03\x04 and nothing more", DAMAGED),
    "truncated": (lambda: pack([Packed("A", CAUSES * 50)])[:-30], DAMAGED),
    "encrypted": (encrypted, "This file is protected by a password. Save it without one."),
    "a bomb": (lambda: bomb(60), TOO_LARGE),
    "a larger bomb": (lambda: bomb(110), TOO_LARGE),
    "a bomb that denies it": (lambda: understated(60), DAMAGED),
    "many parts": (lambda: many(f"{n}/a.txt" for n in range(5001)), TOO_LARGE),
    "no worksheet": (
        lambda: zipped(("notes.txt", "no worksheet")),
        "No worksheet is in this file. Choose one that was saved here.",
    ),
    "leads out": (
        lambda: zipped(("../worksheet.txt", "# A")),
        "This file names places outside of itself, so nothing of it was read.",
    ),
    "many worksheets": (
        lambda: many(f"{n}/worksheet.txt" for n in range(201)),
        "This file has 201 worksheets. At most 200 can be read at once.",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_one_sentence_each(name: str) -> None:
    make, sentence = HOSTILE[name]
    with pytest.raises(UnreadableFile) as raised:
        read_file(make())
    assert str(raised.value.sentence) == sentence


def test_a_file_that_is_too_large_is_not_even_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "run", lambda *_a, **_k: pytest.fail("it was read"))
    for read in (lambda: check_size(MAX_FILE_BYTES + 1), lambda: read_file(b"x" * 20_000_001)):
        with pytest.raises(UnreadableFile, match="it has 20 MB, and at most 20 MB can be read"):
            read()


def answered(monkeypatch: pytest.MonkeyPatch, out: bytes, code: int = 0, err: bytes = b"") -> None:
    done = subprocess.CompletedProcess([], code, out, err)
    monkeypatch.setattr(children, "run", lambda *_a, **_k: done)


@pytest.mark.parametrize(
    ("head", "content"),
    [
        ({}, pack([Packed("A", "# A")])),
        ({"pictures": [], "left": []}, b"no zip"),
        ({"pictures": [{}], "left": []}, b"no zip"),
        ({"pictures": [{}, {}], "left": []}, pack([Packed("A", "# A")])),
        ({"pictures": [{}], "left": [["a", "of no reason"]]}, pack([Packed("A", "# A")])),
        ({"pictures": [{}], "left": []}, pack([Packed("A", "# A", {"a.png": b"p"})])),
        (
            {"pictures": [{"a.png": ["text/html", 1, 1]}], "left": []},
            pack([Packed("A", "# A", {"a.png": b"p"})]),
        ),
        (
            {"pictures": [{"a.png": ["image/png", 0, 10**9]}], "left": []},
            pack([Packed("A", "# A", {"a.png": b"p"})]),
        ),
    ],
)
def test_a_program_that_was_taken_over_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, head: dict[str, Any], content: bytes
) -> None:
    answered(monkeypatch, json.dumps(head).encode() + b"\n" + content)
    if head == {"pictures": [], "left": []}:
        assert read_file(b"x").worksheets == []
        return
    with pytest.raises(UnreadableFile, match="damaged"):
        read_file(b"x")


def test_a_program_that_ends_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, b"", code=-9)
    with pytest.raises(UnreadableFile, match="damaged"):
        read_file(b"x")


def test_a_file_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_arguments: Any, **_named: Any) -> Any:
        raise TookTooLong

    monkeypatch.setattr(children, "run", slow)
    with pytest.raises(UnreadableFile, match="took too long"):
        read_file(b"x")


def test_one_file_is_read_at_a_time_and_others_can_stop_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Cancelled(Exception):
        pass

    def cancel(_done: int, _of: int) -> None:
        raise Cancelled

    place = threading.BoundedSemaphore(1)
    monkeypatch.setattr(reading, "_READING", place)
    place.acquire()
    with pytest.raises(Cancelled):
        read_file(pack([Packed("A", "# A")]), cancel)
    place.release()
    assert read_file(pack([Packed("A", "# A")])).worksheets


def test_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[int, int]] = []

    def run(*_arguments: Any, look: Any, **_named: Any) -> Any:
        look(b"page 1 of 3\npage 2 of 3\n")
        head: dict[str, list[Any]] = {"pictures": [{}], "left": []}
        out = json.dumps(head).encode() + b"\n" + pack([Packed("A", "# A")])
        return subprocess.CompletedProcess([], 0, out, b"")

    monkeypatch.setattr(children, "run", run)
    read_file(b"x", lambda done, of: steps.append((done, of)))
    assert steps == [(2, 3)]
