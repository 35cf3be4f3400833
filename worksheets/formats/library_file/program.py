"""The program that reads a file of worksheets from standard input, and writes it out clean.

``reading`` runs it as a process of its own: a file made to exhaust memory or time then costs this
process and not the server. To standard output it writes a line of JSON (the measures of each
picture, and what is left out) and then the same worksheets as a file that ``pack`` has made, every
picture written anew. To standard error it writes 'page 3 of 6' as it begins a worksheet and, where
it knows what is wrong, a sentence and the values in it, as JSON; then it exits with 3.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

# A program that is run by its path finds the package that it is part of.
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from worksheets.formats.library_file.layout import (
    Left,
    Packed,
    Reason,
    folder_names,
    title_of_folder,
)
from worksheets.formats.library_file.packing import pack, unpack
from worksheets.formats.picture_file import NoPicture, StoredPicture, TooManyPixels, rewrite
from worksheets.formats.readers.errors import TOO_LARGE, ExtractError

MAX_MEMORY_BYTES = 500_000_000
MAX_CPU_SECONDS = 60  # a few hundred pictures are written anew
KNOWN = 3


def rewritten(one: Packed, left: list[Left]) -> dict[str, StoredPicture]:
    """Return its pictures written anew; those that are none are added to what is left out."""
    pictures = {}
    for name, content in one.pictures.items():
        try:
            pictures[name] = rewrite(content)
        except (NoPicture, TooManyPixels):
            left.append(Left(f"{one.folder}/{name}".lstrip("/"), Reason.NO_PICTURE))
    return pictures


def clean(data: bytes) -> bytes:
    """Return what the program writes out. Raise ExtractError if it is known what is wrong."""
    worksheets, left = unpack(data)
    folders = folder_names(title_of_folder(one.folder) for one in worksheets)
    kept: list[Packed] = []
    measures: list[dict[str, tuple[str, int, int]]] = []
    for number, one in enumerate(worksheets, 1):
        sys.stderr.write(f"page {number} of {len(worksheets)}\n")
        sys.stderr.flush()
        pictures = rewritten(one, left)
        contents = {name: picture.content for name, picture in pictures.items()}
        kept.append(Packed(folders[number - 1], one.source, contents))
        measures.append(
            {name: (row.media_type, row.width, row.height) for name, row in pictures.items()}
        )
    head = {"pictures": measures, "left": [[part.name, part.reason] for part in left]}
    return json.dumps(head).encode() + b"\n" + pack(kept)


def main() -> int:
    with suppress(ValueError, OSError):  # macOS has no limit of memory
        # The soft limit sends SIGXCPU, by which the parent knows the cause; the hard one SIGKILL.
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    try:
        try:
            out = clean(sys.stdin.buffer.read())
        except MemoryError:
            raise ExtractError(TOO_LARGE) from None
    except ExtractError as error:
        sys.stderr.write(json.dumps([str(error), error.values]) + "\n")
        return KNOWN
    sys.stdout.buffer.write(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
