"""The program that draws the pages of a PDF on standard input and writes them out as pictures.

``worksheets.formats.paper.pages`` runs it as a process of its own, with limits of memory and time.
For each page it writes a line with width, height and length, and then a JPEG file.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

# A program that is run by its path finds the package that it is part of.
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import pypdfium2 as pdfium

MAX_MEMORY_BYTES = 500_000_000
MAX_CPU_SECONDS = 10
MAX_PAGES = 20
MAX_WIDTH, MAX_HEIGHT = 1000, 1500  # pixels
JPEG_QUALITY = 70


def draw(page: Any) -> tuple[int, int, bytes]:
    """Return the width and height of a page's picture, and the picture."""
    width, height = page.get_size()
    scale = min(MAX_WIDTH / max(width, 1), MAX_HEIGHT / max(height, 1), 3)
    picture = page.render(scale=scale).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return picture.width, picture.height, out.getvalue()


def main() -> int:
    with suppress(ValueError, OSError):  # macOS has no limit of memory
        # The soft limit sends SIGXCPU, by which the parent knows the cause; the hard one SIGKILL.
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    document = pdfium.PdfDocument(sys.stdin.buffer.read())
    for number in range(min(len(document), MAX_PAGES)):
        page = document[number]
        width, height, picture = draw(page)
        page.close()
        sys.stdout.buffer.write(json.dumps([width, height, len(picture)]).encode() + b"\n")
        sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
