"""Pictures are read by a program with limits, a bounded number at a time."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worksheets.images import KINDS, SVG, bomb, loaded, moving, picture
from worksheets.authoring import pictures
from worksheets.authoring.pictures import (
    AT_ONCE,
    MAX_BYTES,
    PictureRefused,
    picture_name,
    read_picture,
)
from worksheets.formats.picture_file import rewrite


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], object]:
    """Takes the program that reads pictures in the place of ours."""
    program = tmp_path / "picture_file.py"
    monkeypatch.setattr(pictures, "_PROGRAM", program)
    return program.write_text


@pytest.mark.parametrize("kind", KINDS)
def test_the_program_writes_what_its_function_makes(kind: str) -> None:
    assert read_picture(loaded(kind)) == rewrite(loaded(kind))


@pytest.mark.parametrize("data", [b"", SVG, b"<html>", picture("BMP"), picture()[:-30]])
def test_what_is_no_picture_of_ours(data: bytes) -> None:
    with pytest.raises(PictureRefused, match="This is not a PNG, JPEG, WebP or GIF"):
        read_picture(data)


@pytest.mark.parametrize("side", [6_400, 12_000, 30_000])
def test_a_bomb_is_said_to_be_too_large(side: int) -> None:
    with pytest.raises(PictureRefused, match="at most 40 million"):
        read_picture(bomb(side))


def test_size_is_bounded() -> None:
    data = picture("PNG")
    assert read_picture(data + bytes(MAX_BYTES - len(data))).width == 8
    with pytest.raises(PictureRefused, match="at most 5 MB"):
        read_picture(data + bytes(MAX_BYTES - len(data) + 1))


@pytest.mark.parametrize(
    ("kind", "size", "mode"),
    [
        ("PNG", (8000, 5000), "RGBA"),
        ("JPEG", (8000, 5000), "RGB"),
        ("JPEG", (8000, 5000), "CMYK"),
        ("GIF", (8000, 5000), "P"),
        ("WEBP", (4600, 3400), "RGB"),
    ],
)
def test_what_cameras_make_fits_into_its_memory(
    kind: str, size: tuple[int, int], mode: str
) -> None:
    read = read_picture(picture(kind, size, mode=mode))
    assert max(read.width, read.height) == 1600


def test_very_many_frames_cost_what_one_does() -> None:
    assert read_picture(moving("GIF", 5000)).media_type == "image/gif"


def test_a_program_that_takes_all_memory_ends_alone(child: Callable[[str], object]) -> None:
    limits = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (500_000_000,) * 2)\n"
    child(f"{limits}bytes(1_000_000_000)\n")
    with pytest.raises(PictureRefused):
        read_picture(picture())


@pytest.mark.parametrize(
    "program", ["import os, signal\nos.kill(os.getpid(), signal.SIGXCPU)\n", "while True: pass\n"]
)
def test_what_takes_too_long_is_too_large(
    child: Callable[[str], object], monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    child(program)
    monkeypatch.setattr(pictures, "SECONDS", 1.0)
    with pytest.raises(PictureRefused, match="too many pixels"):
        read_picture(picture())


def test_the_program_limits_itself() -> None:
    """As papers' does: its memory, and the time that it computes for."""
    code = (
        "import resource, runpy, sys\n"
        "try:\n"
        "    runpy.run_path(sys.argv[1], run_name='__main__')\n"
        "except SystemExit:\n"
        "    limits = map(resource.getrlimit, (resource.RLIMIT_AS, resource.RLIMIT_CPU))\n"
        "    print(*limits)\n"
    )
    command = [sys.executable, "-c", code, str(pictures._PROGRAM)]
    done = subprocess.run(command, input=b"", capture_output=True, check=True)
    assert done.stdout.decode().split() == ["(500000000,", "500000000)", "(10,", "11)"]


def test_so_many_at_once_and_whoever_comes_then_is_told(
    child: Callable[[str], object], tmp_path: Path
) -> None:
    """Nobody waits: a thread that does serves no pupil."""
    go, begun = tmp_path / "go", tmp_path / "begun"
    begun.mkdir()
    child(
        f"import os, pathlib, time\ngo = pathlib.Path({str(go)!r})\n"
        f"pathlib.Path({str(begun)!r}, str(os.getpid())).touch()\n"
        "while not go.exists():\n    time.sleep(0.05)\n"
        "print('[\"image/png\", 1, 1]')\n"
    )
    read: list[int] = []
    others = [
        threading.Thread(target=lambda: read.append(read_picture(picture()).width))
        for _ in range(AT_ONCE)
    ]
    for other in others:
        other.start()
    while len(list(begun.iterdir())) < AT_ONCE:
        time.sleep(0.01)
    with pytest.raises(PictureRefused, match="Try again in a moment"):
        read_picture(picture())
    go.touch()
    for other in others:
        other.join()
    assert read == [1] * AT_ONCE
    assert read_picture(picture()).width == 1


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("map.png", "map.png"),
        ("Map of Asia (1931).PNG", "Map-of-Asia-1931.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\pictures\\map.png", "C-pictures-map.png"),
        ("карта.png", "png"),
        ("", "picture"),
        ("...", "picture"),
        (".png", "png"),
        ("a|b]] ___x___.gif", "a-b-___x___.gif"),
        ("x" * 300 + ".jpeg", "x" * 80 + ".jpeg"),
        ("a.averyveryverylongending", "a.averyver"),
        ("a\0b.png", "a-b.png"),
    ],
)
def test_names_are_such_as_the_text_can_write(file_name: str, name: str) -> None:
    assert picture_name(file_name) == name


@given(st.text(max_size=200))
def test_any_file_name_gives_a_name(file_name: str) -> None:
    name = picture_name(file_name)
    assert 0 < len(name) <= 100
    assert name.isascii()
    assert not set(name) & set(" /\\()[]\"'<>|\n")
