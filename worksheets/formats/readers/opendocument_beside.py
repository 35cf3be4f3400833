"""What an OpenDocument text has beside its lines: comments, tracked changes, heads and feet.

None of it is read as text; a note says what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .archives import Element
from .rows import Note

MAX_NOTE = 2000  # characters of a note that quotes what is left out

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_EDGES = [
    f"{_STYLE}{name}{page}" for name in ("header", "footer") for page in ("", "-left", "-first")
]
_CHANGES = (f"{_TEXT}deletion", f"{_TEXT}insertion")


def notes_beside(content: Element, styles: Element | None) -> list[Note]:
    """Return the notes on a file with this content, and these styles of pages."""
    edges = [part for name in _EDGES for part in (styles.iter(name) if styles is not None else ())]
    notes = []
    if shown := _joined(map(_words, edges)):
        notes.append(Note("furniture", {"text": shown}))
    if pictures := sum(1 for edge in edges for _image in edge.iter(f"{_DRAW}image")):
        notes.append(Note("furniture-picture", {"count": pictures}))
    if any(True for name in _CHANGES for _change in content.iter(name)):
        notes.append(Note("tracked"))
    if said := _joined(map(_words, content.iter(f"{_OFFICE}annotation"))):
        notes.append(Note("comments", {"text": said}))
    return notes


def _joined(texts: Iterable[str]) -> str:
    return " · ".join(dict.fromkeys(filter(None, texts)))[:MAX_NOTE]


def _words(part: Element) -> str:
    """Return the words of all paragraphs, without who wrote them and when."""
    return " ".join(" ".join(_paragraphs(part)).split())


def _paragraphs(part: Element) -> Iterator[str]:
    for name in (f"{_TEXT}p", f"{_TEXT}h"):
        for paragraph in part.iter(name):
            yield "".join(paragraph.itertext())
