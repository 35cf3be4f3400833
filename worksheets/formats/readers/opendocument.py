"""OpenDocument texts (.odt): paragraphs, lists, tables, frames and fields as lines of a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .archives import Archive, Element
from .errors import NOT_ODT, ExtractError
from .formulas import M
from .numbering import letter, roman
from .opendocument_beside import notes_beside
from .rows import Note, Row, escape, separated
from .scripts import subscript, superscript
from .signs import with_signs

MAX_DEPTH = 25
MAX_SPACES = 200
MAX_CHAIN = 12  # styles based on each other
BLANK = "______"

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_SKIPPED = {
    f"{_TEXT}tracked-changes",
    f"{_TEXT}sequence-decls",
    f"{_OFFICE}annotation",
    f"{_TEXT}soft-page-break",
}
_HEADING = re.compile(r"Heading(?:_20_)?\s*([1-9])")
_LEVEL = re.compile(r"[0-9]{1,2}")
_BLANK = re.compile(r"_{3,}|[.…]{6,}")


@dataclass(frozen=True, slots=True)
class _Look:
    underlined: bool = False
    bold: bool = False
    raised: int = 0
    leader: bool = False
    level: int = 0
    hidden: bool = False
    font: str = ""


@dataclass(slots=True)
class _Numbers:
    """The counting of a list: for each level its form, the signs around a number, its start."""

    levels: dict[int, tuple[str, str, str, int]]


def read_odt(data: bytes) -> tuple[list[Row], list[Note]]:
    """Return the lines of an OpenDocument text and what is to be said of it.

    Raise ExtractError if it is damaged, protected, too large or another file.
    """
    archive = Archive(data)
    if "content.xml" not in archive.names:
        raise ExtractError(NOT_ODT)
    return _Text(archive).read()


class _Text:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.content = archive.parse("content.xml")
        self.pages = styles = archive.parse("styles.xml") if "styles.xml" in archive.names else None
        self.styles: dict[str, Element] = {}
        self.lists: dict[str, _Numbers] = {}
        for part in (styles, self.content):
            for row in part.iter(f"{_STYLE}style") if part is not None else ():
                self.styles[row.get(f"{_STYLE}name", "")] = row
            for row in part.iter(f"{_TEXT}list-style") if part is not None else ():
                self.lists[row.get(f"{_STYLE}name", "")] = _read_list(row)
        self.looks: dict[str, _Look] = {}
        self.boxes = self.tables = self.lost_pictures = 0
        self.pictures: list[bytes] = []  # of the paragraph that is being read
        self.lost = 0
        self.hidden = False
        self.counts: dict[str, int] = {}
        self.notes: list[tuple[str, Element]] = []
        self.waiting: list[Element] = []

    def read(self) -> tuple[list[Row], list[Note]]:
        body = self.content.find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise ExtractError(NOT_ODT)
        rows = separated(self._blocks(body, 0, 0))
        for number, note in self.notes:
            texts = list(self._blocks(note, 0, 1))
            self.lost_pictures += sum(bool(row.picture) for row in texts)
            text = " ".join(row for row in texts if row)
            mark = superscript(number) if _has_blank(note) else f"[^{number}]:"
            rows += [Row(""), Row(f"{mark} {text}", ready=True, whole=True)]
        lost = self.lost_pictures + self.archive.lost_pictures
        notes = [Note("picture", {"count": lost})] if lost else []
        if self.lost:
            notes.append(Note("formula", {"text": str(self.lost)}))
        if self.hidden:
            notes.append(Note("hidden"))
        return rows, notes + notes_beside(self.content, self.pages)

    # --- styles ---------------------------------------------------------------

    def _look(self, name: str | None) -> _Look:
        if not name:
            return _Look()
        if name not in self.looks:
            self.looks[name] = self._read_look(name)
        return self.looks[name]

    def _read_look(self, name: str) -> _Look:
        look = _Look()
        for row in reversed(list(self._chain(name))):
            text = row.find(f"{_STYLE}text-properties")
            underline = weight = place = display = font = None
            if text is not None:
                underline = text.get(f"{_STYLE}text-underline-style")
                weight = text.get(f"{_FO}font-weight")
                place = text.get(f"{_STYLE}text-position")
                display = text.get(f"{_TEXT}display")
                font = text.get(f"{_STYLE}font-name") or text.get(f"{_FO}font-family")
            leaders = row.findall(
                f"{_STYLE}paragraph-properties/{_STYLE}tab-stops/{_STYLE}tab-stop"
            )
            heading = _HEADING.match(row.get(f"{_STYLE}name", "")) or _HEADING.match(
                row.get(f"{_STYLE}display-name", "")
            )
            title = row.get(f"{_STYLE}name") == "Title"
            raised = look.raised
            if place:
                raised = -1 if place.startswith(("sub", "-")) else 1
                raised = 0 if place.startswith("0") else raised
            look = _Look(
                underline not in (None, "none") if underline else look.underlined,
                weight in ("bold", "700", "800", "900") if weight else look.bold,
                raised,
                look.leader or any(
                    tab.get(f"{_STYLE}leader-style", "none") != "none"
                    or tab.get(f"{_STYLE}leader-text", " ").strip()
                    for tab in leaders
                ),
                1 if title else int(heading[1]) + 1 if heading else look.level,
                display == "none" if display else look.hidden,
                font or look.font,
            )  # fmt: skip
        return look

    def _chain(self, name: str) -> Iterator[Element]:
        for _ in range(MAX_CHAIN):
            row = self.styles.get(name)
            if row is None:
                return
            yield row
            name = row.get(f"{_STYLE}parent-style-name", "")

    # --- blocks ---------------------------------------------------------------

    def _blocks(self, parent: Element, box: int, depth: int, mark: str = "") -> Iterator[Row]:
        if depth > MAX_DEPTH:
            yield Row(escape("".join(parent.itertext())), whole=True, ready=True)
            return
        for child in parent:
            if child.get(f"{_TEXT}display") == "none" or _hides(child):
                self.hidden = True
            elif child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                yield from self._paragraph(child, box, depth, mark)
                mark = ""
            elif child.tag == f"{_TEXT}list":
                yield from self._list(child, box, depth, 1, "")
            elif child.tag == f"{_TABLE}table":
                yield from self._table(child, box, depth)
            elif child.tag in (f"{_DRAW}frame", f"{_DRAW}custom-shape"):
                self._drawing(child)
                yield from self._boxes(depth)
            elif child.tag not in _SKIPPED and len(child):
                yield from self._blocks(child, box, depth + 1)

    def _paragraph(self, element: Element, box: int, depth: int, mark: str) -> Iterator[Row]:
        look = self._look(element.get(f"{_TEXT}style-name"))
        level = look.level
        if element.tag == f"{_TEXT}h":
            outline = element.get(f"{_TEXT}outline-level", "1")
            level = level or (int(outline) if _LEVEL.fullmatch(outline) else 1) + 1
        text = self._inline(element, look, depth)
        front = f"{mark} " if mark else ""
        for at, line in enumerate(text.split("\n")):
            if line.strip():
                yield Row(
                    f"{'' if at else front}{line.strip()}",
                    level=0 if box else level, whole=True, box=box, bold=look.bold, ready=True,
                )  # fmt: skip
        yield from self._boxes(depth)

    def _boxes(self, depth: int) -> Iterator[Row]:
        pictures, self.pictures = self.pictures, []
        for picture in pictures:
            yield Row("", picture=picture)
        waiting, self.waiting = self.waiting, []
        for content in waiting:
            self.boxes += 1
            yield from self._blocks(content, self.boxes, depth + 1)

    def _list(self, element: Element, box: int, depth: int, level: int, name: str) -> Iterator[Row]:
        if depth > MAX_DEPTH:
            return
        name = element.get(f"{_TEXT}style-name") or name
        form, before, after, start = self._level(name, level)
        continued = element.get(f"{_TEXT}continue-numbering") == "true" or element.get(
            f"{_TEXT}continue-list"
        )
        key = f"{name} {level}"
        number = self.counts.get(key, start - 1) if continued else start - 1
        for item in element:
            if item.tag not in (f"{_TEXT}list-item", f"{_TEXT}list-header"):
                continue
            value = item.get(f"{_TEXT}start-value", "")
            number = int(value) if _LEVEL.fullmatch(value) else number + 1
            mark = (
                "•"
                if form == "bullet"
                else f"{before}{_shown(number, form)}{after}"
                if form
                else ""
            )
            for child in item:
                if child.tag == f"{_TEXT}list":
                    yield from self._list(child, box, depth + 1, level + 1, name)
                elif child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                    yield from self._paragraph(child, box, depth + 1, mark)
                    mark = ""
        self.counts[key] = number

    def _level(self, name: str, level: int) -> tuple[str, str, str, int]:
        numbers = self.lists.get(name)
        return (
            numbers.levels.get(level, ("bullet", "", "", 1)) if numbers else ("bullet", "", "", 1)
        )

    def _table(self, element: Element, box: int, depth: int) -> Iterator[Row]:
        rows = [
            [
                cell
                for cell in row
                if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
            ]
            for row in element.iter(f"{_TABLE}table-row")
        ]
        cells = [cell for row in rows for cell in row]
        if len(cells) == 1:
            self.boxes += 1
            yield from self._blocks(cells[0], self.boxes, depth + 1)
            return
        self.tables += 1
        number = self.tables
        pictures: list[Row] = []
        for row in rows:
            texts = []
            for cell in row:
                inner = list(self._blocks(cell, 0, depth + 1))
                pictures += [part for part in inner if part.picture]
                texts.append(re.sub(r"(?<!\\)\|", r"\\|", "  ".join(filter(None, inner))))
            if any(texts):
                yield Row(f"| {' | '.join(texts)} |", table=number, whole=True, ready=True, box=box)
        yield from pictures  # a cell of the markup holds none

    # --- what stands in a paragraph -------------------------------------------

    def _inline(self, element: Element, look: _Look, depth: int) -> str:
        """Return the text of a paragraph; what is white and underlined is a blank."""
        pieces: list[tuple[str, _Look, bool]] = []
        self._pieces(element, look, depth, pieces)
        made: list[str] = []
        run = ""
        for text, own, markup in [*pieces, ("", _Look(), True)]:
            if own.hidden:
                self.hidden = self.hidden or bool(text.strip())
                continue
            blank = own.underlined and not markup
            if run and not blank:
                made.append(_underlined(run))
                run = ""
            if blank:
                run += text
            elif markup:
                made.append(text)
            elif own.raised:
                made.append(superscript(text) if own.raised > 0 else subscript(text))
            else:
                made.append(escape(with_signs(text, own.font)))
        return "".join(made)

    def _pieces(
        self, element: Element, look: _Look, depth: int, made: list[tuple[str, _Look, bool]]
    ) -> None:
        if depth > MAX_DEPTH:
            made.append(("".join(element.itertext()), look, False))
            return
        made.append((" ".join((element.text or "").split("\n")), look, False))
        for child in element:
            name = child.tag.removeprefix(_TEXT)
            match name:
                case "s":
                    count = child.get(f"{_TEXT}c", "1")
                    spaces = min(int(count), MAX_SPACES) if count.isdigit() else 1
                    made.append((" " * spaces, look, False))
                case "tab":
                    made.append(("_" * 16, look, True) if look.leader else ("\t", look, False))
                case "line-break":
                    made.append(("\n", look, True))
                case "note":
                    number = str(len(self.notes) + 1)
                    body = child.find(f"{_TEXT}note-body")
                    if body is not None and not look.hidden:
                        self.notes.append((number, body))
                        mark = superscript(number) if _has_blank(body) else f"[^{number}]"
                        made.append((mark, look, True))
                case "ruby":
                    words = ("".join(part.itertext()) for part in child)
                    made.append((_read_aloud(*words), look, False))
                case "text-input" | "placeholder":
                    made.append((BLANK, look, True))
                case "drop-down":
                    options = [row.get(f"{_TEXT}value", "") for row in child.iter(f"{_TEXT}label")]
                    made.append((f"{BLANK} ({' / '.join(map(escape, options))})", look, True))
                case _ if child.tag in (f"{_DRAW}frame", f"{_DRAW}custom-shape"):
                    self._drawing(child)
                case _ if child.tag in _SKIPPED:
                    pass
                case "hidden-text" if child.get(f"{_TEXT}is-hidden") == "true":
                    self.hidden = True
                case _:
                    style = child.get(f"{_TEXT}style-name") if name == "span" else None
                    own = self._look(style) if style else look
                    merged = _Look(
                        own.underlined or look.underlined,
                        own.bold,
                        own.raised or look.raised,
                        look.leader,
                        hidden=own.hidden or look.hidden,
                        font=own.font or look.font,
                    )
                    self._pieces(child, merged, depth + 1, made)
            made.append((" ".join((child.tail or "").split("\n")), look, False))

    def _drawing(self, element: Element) -> None:
        box = element.find(f"{_DRAW}text-box")
        if box is not None:
            self.waiting.append(box)
        elif element.tag == f"{_DRAW}custom-shape":
            self.waiting.append(element)
        elif any(part.tag.startswith(M) or part.tag == f"{_DRAW}object" for part in element.iter()):
            self.lost += 1
        elif (image := element.find(f"{_DRAW}image")) is not None:
            name = image.get(f"{_XLINK}href", "").removeprefix("./")
            if picture := self.archive.picture(name):
                self.pictures.append(picture)


def _has_blank(note: Element) -> bool:
    """Return whether a note has a gap: the markup's notes have none, so it becomes a line."""
    fields = (f"{_TEXT}{name}" for name in ("text-input", "placeholder", "drop-down"))
    has_field = any(True for name in fields for _field in note.iter(name))
    return has_field or _BLANK.search("".join(note.itertext())) is not None


def _read_aloud(words: str = "", reading: str = "", *_more: str) -> str:
    """Return words, and behind them in brackets how they are read."""
    return f"{words}({reading})" if reading.strip() else words


def _hides(paragraph: Element) -> bool:
    """Return whether a field in a paragraph hides it."""
    field = paragraph.find(f"{_TEXT}hidden-paragraph")
    return field is not None and field.get(f"{_TEXT}is-hidden") == "true"


def _underlined(text: str) -> str:
    if not text.strip():
        width = len(text.expandtabs(8))
        return "_" * max(width, 4) if width > 2 else text
    return escape(text)


def _read_list(row: Element) -> _Numbers:
    levels = {}
    for level in row:
        number = level.get(f"{_TEXT}level", "1")
        if not _LEVEL.fullmatch(number):
            continue
        start = level.get(f"{_TEXT}start-value", "1")
        if level.tag == f"{_TEXT}list-level-style-number":
            levels[int(number)] = (
                level.get(f"{_STYLE}num-format", "1"),
                level.get(f"{_STYLE}num-prefix", ""),
                level.get(f"{_STYLE}num-suffix", "."),
                int(start) if _LEVEL.fullmatch(start) else 1,
            )
        else:
            levels[int(number)] = ("bullet", "", "", 1)
    return _Numbers(levels)


def _shown(number: int, form: str) -> str:
    match form:
        case "a":
            return letter(number)
        case "A":
            return letter(number).upper()
        case "i":
            return roman(number).lower()
        case "I":
            return roman(number)
        case _:
            return str(number)
