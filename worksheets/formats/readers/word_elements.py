"""Texts, fonts, pictures, fields, rows and cells in the elements of a Word file."""

from __future__ import annotations

from collections.abc import Iterator

from .archives import Element
from .numbering import W

MAX_DEPTH = 25  # tables in tables, boxes in boxes

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"
_PICTURES = ("blip", "imagedata")


def font_of(properties: Element | None) -> str:
    """Return the font of a run as it names it, '' for that of its style."""
    fonts = properties.find(f"{W}rFonts") if properties is not None else None
    return fonts.get(f"{W}ascii", "") if fonts is not None else ""


def word_art(element: Element) -> Iterator[str]:
    """Yield the words that a drawing of older files bends along a path."""
    for part in element.iter(_TEXT_PATH):
        yield f" {part.get('string', '')} "


def has_field(note: Element) -> bool:
    """Return whether a note has a field to write in."""
    told = [part.text or "" for part in note.iter(f"{W}instrText")]
    told += [part.get(f"{W}instr", "") for part in note.iter(f"{W}fldSimple")]
    return any("FORMTEXT" in one for one in told)


def picture_ids(element: Element) -> list[str]:
    """Return the ids of the pictures that a drawing shows, each once."""
    found = [
        part.get(f"{_R}embed") or part.get(f"{_R}id") or part.get(f"{_R}link") or ""
        for part in element.iter()
        if part.tag.rsplit("}", 1)[-1] in _PICTURES
    ]
    return list(dict.fromkeys(found))


def choice_of(element: Element) -> Element | None:
    """Return which of the forms of something is read, None for none."""
    found = element.find(f"{MC}Choice")
    return found if found is not None else element.find(f"{MC}Fallback")


def unwrapped(parent: Element, tag: str, depth: int = 0) -> Iterator[Element]:
    """Yield the rows of a table or cells of a row, those in content controls too."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif (
            child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml")
            and depth < MAX_DEPTH
        ):
            yield from unwrapped(child, tag, depth + 1)


def all_text(element: Element) -> str:
    """Return the words of an element, whatever stands around them."""
    return " ".join(part.text or "" for part in element.iter(f"{W}t"))
