"""Word files: paragraphs, lists, tables, boxes, fields and formulas as lines of a paper."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .archives import Archive, Element
from .equations import equation
from .errors import NOT_WORD, ExtractError
from .formulas import M, plain_formula, to_latex
from .numbering import Numbering, W, value_of
from .rows import Note, Row, escape, separated
from .scripts import superscript
from .signs import UNKNOWN, sign, with_signs
from .styles import Styles, has_borders, is_on, tabs_of
from .word_elements import (
    MAX_DEPTH,
    MC,
    all_text,
    choice_of,
    font_of,
    has_field,
    picture_ids,
    unwrapped,
    word_art,
)
from .word_pieces import Piece, lines_of

MAX_NOTE = 2000  # characters of a note that quotes what is left out
BLANK = "______"

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_SKIPPED = {
    f"{W}{name}"
    for name in (
        "del",
        "moveFrom",
        "delText",
        "delInstrText",
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "tblPr",
        "tcPr",
        "trPr",
    )
}
_FIELDS = ("FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "EQ")
_PARTS_OF_FIELDS = {f"{W}fldChar", f"{W}instrText"}
_BLANK = re.compile(r"_{3,}|[.…]{6,}")
_CODE = re.compile(r"[0-9A-Fa-f]{1,6}")
_DRAWN = ("chart", "relIds")  # charts and diagrams, of which a file has no picture


@dataclass(slots=True)
class _Field:
    kind: str = ""
    options: list[str] = field(default_factory=list)
    shows: bool = False
    result: str = ""
    instruction: str = ""


def read_docx(data: bytes) -> tuple[list[Row], list[Note]]:
    """Return the lines of a Word file and what is to be said of it.

    Raise ExtractError if it is damaged, protected, too large or no Word file.
    """
    archive = Archive(data)
    name = _main_part(archive)
    if name not in archive.names:
        raise ExtractError(NOT_WORD)
    return _Document(archive, name).read()


def _main_part(archive: Archive) -> str:
    for _id, kind, target in _relations(archive, "_rels/.rels", ""):
        if kind.endswith("/officeDocument"):
            return target
    return "word/document.xml"


def _relations(archive: Archive, name: str, folder: str) -> Iterator[tuple[str, str, str]]:
    """Yield the ids, kinds and names of the parts that another part has relations to."""
    if name not in archive.names:
        return
    for row in archive.parse(name).iter(_RELATION):
        if row.get("TargetMode") != "External":
            target = row.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            yield row.get("Id", ""), row.get("Type", ""), posixpath.normpath(path)


class _Document:
    def __init__(self, archive: Archive, name: str) -> None:
        folder, file = posixpath.split(name)
        self.parts: dict[str, Element] = {}
        self.notes: list[Note] = []
        furniture = []
        wanted = ("styles", "numbering", "footnotes", "endnotes", "comments", "header", "footer")
        self.archive = archive
        self.media: dict[str, str] = {}
        furniture_pictures = 0
        for identity, kind, target in _relations(
            archive, posixpath.join(folder, "_rels", f"{file}.rels"), folder
        ):
            self.media[identity] = target
            short = kind.rsplit("/", 1)[-1]
            if short in wanted and target in archive.names:
                part = archive.parse(target)
                if short in ("header", "footer"):
                    furniture.append(" ".join(all_text(part).split()))
                    furniture_pictures += len(picture_ids(part))
                self.parts[short] = part
        self.body = archive.parse(name)
        shown = " · ".join(dict.fromkeys(text for text in furniture if text))
        if shown:
            self.notes.append(Note("furniture", {"text": shown[:MAX_NOTE]}))
        if furniture_pictures:
            self.notes.append(Note("furniture-picture", {"count": furniture_pictures}))
        self.styles = Styles.read(self.parts.get("styles"))
        self.numbering = Numbering.read(self.parts.get("numbering"))
        self.boxes = 0
        self.tables = 0
        self.lost_pictures = 0
        self.pictures: list[bytes] = []  # of the paragraph that is being read
        self.lost: list[str] = []
        self.tracked = False
        self.hidden = False
        self.hides = False  # the style of the paragraph that is being read
        self.footnotes: list[tuple[str, str]] = []
        self.fields: list[_Field] = []
        self.waiting: list[Element] = []  # boxes of the paragraph that is being read

    def read(self) -> tuple[list[Row], list[Note]]:
        body = self.body.find(f"{W}body")
        if body is None:
            raise ExtractError(NOT_WORD)
        rows = separated(self._blocks(body, 0, 0))
        for place, (kind, number) in enumerate(self.footnotes):
            if text := self._footnote(kind, number):
                label, has_blank = self._label(place), self._has_blank(kind, number)
                mark = superscript(number) if has_blank else f"[^{label}]:"
                rows += [Row(""), Row(f"{mark} {text}", ready=True, whole=True)]
        if lost := self.lost_pictures + self.archive.lost_pictures:
            self.notes.append(Note("picture", {"count": lost}))
        self.notes += [Note("formula", {"text": text}) for text in self.lost[:20]]
        if self.tracked:
            self.notes.append(Note("tracked"))
        if said := " · ".join(" ".join(all_text(one).split()) for one in self._comments()):
            self.notes.append(Note("comments", {"text": said[:MAX_NOTE]}))
        if self.hidden:
            self.notes.append(Note("hidden"))
        return rows, self.notes

    # --- blocks -------------------------------------------------------------

    def _blocks(self, parent: Element, box: int, depth: int) -> Iterator[Row]:
        """Yield the lines of paragraphs and tables."""
        if depth > MAX_DEPTH:
            yield Row(escape(all_text(parent)), whole=True, ready=True)
            return
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child, box, depth)
            elif child.tag == f"{W}tbl":
                yield from self._table(child, box, depth)
            elif child.tag == f"{W}sdt":
                yield from self._block_control(child, box, depth)
            elif child.tag in _SKIPPED:
                self.tracked = self.tracked or child.tag == f"{W}del"
            elif child.tag == f"{MC}AlternateContent":
                if (choice := choice_of(child)) is not None:
                    yield from self._blocks(choice, box, depth + 1)
            elif len(child):
                yield from self._blocks(child, box, depth + 1)

    def _block_control(self, control: Element, box: int, depth: int) -> Iterator[Row]:
        if control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            yield Row(BLANK, whole=True, ready=True, box=box)
            return
        content = control.find(f"{W}sdtContent")
        if content is not None:
            yield from self._blocks(content, box, depth + 1)

    def _paragraph(self, paragraph: Element, box: int, depth: int) -> Iterator[Row]:
        properties = paragraph.find(f"{W}pPr")
        style = self.styles.get(value_of(properties, f"{W}pStyle"))
        tabs = tabs_of(properties) or style.tabs
        self.hides = style.hidden
        pieces = list(self._inline(paragraph, depth))
        boxes, self.waiting = self.waiting, []
        pictures, self.pictures = self.pictures, []
        bold = all(p.bold or style.bold for p in pieces if p.text.strip())
        bold = bold and any(p.text.strip() for p in pieces)
        mark = self._mark(properties, style.list_name, style.list_level, bool(pieces))
        for at, text in enumerate(lines_of(pieces, tabs)):
            front = f"{mark} " if mark and not at else ""
            if text.strip() or front:
                yield Row(
                    f"{front}{text.strip()}",
                    level=style.level if not box else 0,
                    whole=True, box=box, bold=bold, ready=True,
                )  # fmt: skip
        for picture in pictures:
            yield Row("", picture=picture)
        for content in boxes:
            self.boxes += 1
            yield from self._blocks(content, self.boxes, depth + 1)

    def _mark(self, properties: Element | None, name: str, level: int, filled: bool) -> str:
        own = value_of(properties, f"{W}numPr/{W}numId")
        name = own if own is not None else name
        deep = value_of(properties, f"{W}numPr/{W}ilvl")
        level = int(deep) if deep and deep.isdigit() else level
        return self.numbering.next(name, level) if name and name != "0" and filled else ""

    def _table(self, table: Element, box: int, depth: int) -> Iterator[Row]:
        rows = [list(unwrapped(row, f"{W}tc")) for row in unwrapped(table, f"{W}tr")]
        cells = [cell for row in rows for cell in row]
        if len(cells) == 1:
            self.boxes += 1
            yield from self._blocks(cells[0], self.boxes, depth + 1)
            return
        if len(rows) <= 3 and any(len(list(unwrapped(cell, f"{W}p"))) > 4 for cell in cells):
            # Columns of a page that are made with a table: one is read after the other.
            for at in range(max(map(len, rows))):
                for row in rows:
                    if at < len(row):
                        yield from self._blocks(row[at], box, depth + 1)
            return
        self.tables += 1
        number = self.tables
        properties = table.find(f"{W}tblPr")
        style = self.styles.get(value_of(properties, f"{W}tblStyle"))
        lined = (
            style.bordered
            or has_borders(properties)
            or any(cell.find(f"{W}tcPr/{W}tcBorders") is not None for cell in cells)
        )
        pictures: list[Row] = []
        for row in rows:
            texts = [self._cell(cell, depth, pictures) for cell in row]
            if any(texts):
                yield Row(
                    f"| {' | '.join(texts)} |",
                    table=number,
                    layout=not lined,
                    whole=True,
                    ready=True,
                    box=box,
                )
        yield from pictures  # a cell of the markup holds none

    def _cell(self, cell: Element, depth: int, pictures: list[Row]) -> str:
        rows = list(self._blocks(cell, 0, depth + 1))
        pictures += [row for row in rows if row.picture]
        return re.sub(
            r"(?<!\\)\|",
            r"\\|",
            "  ".join(" ".join(row.split("\n")).strip() for row in rows if row.strip()),
        )

    def _comments(self) -> Iterable[Element]:
        part = self.parts.get("comments")
        return part if part is not None else ()

    def _has_blank(self, kind: str, number: str) -> bool:
        """Return whether a note has a gap: the markup's notes have none, so it becomes a line."""
        part = self.parts.get(kind)
        notes = (
            note for note in (part if part is not None else ()) if note.get(f"{W}id") == number
        )
        return any(_BLANK.search(all_text(note)) or has_field(note) for note in notes)

    def _label(self, place: int) -> str:
        """Return the label of a note: a file counts its endnotes by themselves, from 1 too."""
        kind, number = self.footnotes[place]
        return number if kind == "footnotes" else f"e{number}"

    def _footnote(self, kind: str, number: str) -> str:
        part = self.parts.get(kind)
        for note in part if part is not None else ():
            if note.get(f"{W}id") == number:
                rows = list(self._blocks(note, 0, 1))
                self.lost_pictures += sum(bool(row.picture) for row in rows)
                return " ".join(row for row in rows if row)
        return ""

    # --- what stands in a paragraph -----------------------------------------

    def _inline(self, parent: Element, depth: int) -> Iterator[Piece]:
        if depth > MAX_DEPTH:
            yield Piece(all_text(parent))
            return
        for child in parent:
            tag = child.tag
            if tag == f"{W}r":
                yield from self._run(child, depth)
            elif tag in (f"{W}del", f"{W}moveFrom"):
                self.tracked = True
            elif tag in _SKIPPED:
                continue
            elif tag == f"{W}sdt":
                yield from self._control(child, depth)
            elif tag in (f"{M}oMath", f"{M}oMathPara"):
                yield self._formula(child)
            elif tag == f"{MC}AlternateContent":
                if (choice := choice_of(child)) is not None:
                    yield from self._inline(choice, depth + 1)
            elif tag == f"{W}fldSimple" and "FORMTEXT" in child.get(f"{W}instr", ""):
                yield Piece(BLANK, markup=True)
            elif tag == f"{W}fldSimple" and child.get(f"{W}instr", "").split()[:1] == ["EQ"]:
                yield self._equation(child.get(f"{W}instr", ""))
            elif len(child):
                self.tracked = self.tracked or tag == f"{W}ins"
                yield from self._inline(child, depth + 1)

    def _control(self, control: Element, depth: int) -> Iterator[Piece]:
        properties = control.find(f"{W}sdtPr")
        if properties is not None and properties.find(f"{_W14}checkbox") is not None:
            yield Piece("☐", markup=True)
            return
        options = [
            item.get(f"{W}displayText") or item.get(f"{W}value") or ""
            for item in (properties.iter(f"{W}listItem") if properties is not None else ())
        ]
        if properties is not None and properties.find(f"{W}showingPlcHdr") is not None:
            yield Piece(_with_options(options), markup=True)
            return
        content = control.find(f"{W}sdtContent")
        if content is not None:
            yield from self._inline(content, depth + 1)

    def _formula(self, element: Element) -> Piece:
        latex = to_latex(element)
        if latex:
            return Piece(rf"\({latex}\)", markup=True)
        text = plain_formula(element)
        if not re.search(r"_{2,}", text):
            self.lost.append(text[:200])
        return Piece(text)

    def _equation(self, instruction: str) -> Piece:
        """Return what an EQ field shows, which older files have for a formula."""
        text, is_known = equation(instruction)
        if not is_known:
            self.lost.append(text[:200])
        return Piece(text, markup=is_known)

    def _ruby(self, ruby: Element) -> Iterator[Piece]:
        """Yield the words, and behind them in brackets how they are read."""
        for name, front, back in ((f"{W}rubyBase", "", ""), (f"{W}rt", "(", ")")):
            part = ruby.find(name)
            if part is not None and (text := all_text(part).strip()):
                yield Piece(f"{front}{text}{back}")

    def _run(self, run: Element, depth: int) -> Iterator[Piece]:
        properties = run.find(f"{W}rPr")
        look = Piece("")
        if properties is not None:
            look.underlined = is_on(properties.find(f"{W}u"))
            look.bold = is_on(properties.find(f"{W}b"))
            place = value_of(properties, f"{W}vertAlign")
            look.raised = {"superscript": 1, "subscript": -1}.get(place or "", 0)
        hidden = self._is_hidden(properties)
        font = font_of(properties)
        for child in run:
            if hidden and child.tag not in _PARTS_OF_FIELDS:
                self.hidden = self.hidden or bool((child.text or "").strip())
                continue
            for piece in self._run_part(child, depth):
                piece.underlined, piece.bold = look.underlined, look.bold
                piece.raised = look.raised
                if not piece.markup and child.tag == f"{W}t":
                    piece.text = with_signs(piece.text, font)
                if hidden:
                    continue
                yield from self._through_field(piece, child)

    def _is_hidden(self, properties: Element | None) -> bool:
        if properties is None:
            return self.hides
        named = value_of(properties, f"{W}rStyle")
        by_style = self.styles.get(named).hidden or self.hides
        return is_on(properties.find(f"{W}vanish"), by_style)

    def _through_field(self, piece: Piece, child: Element) -> Iterator[Piece]:
        """Yield a piece, unless it belongs to a field that shows something else."""
        inner = self.fields[-1] if self.fields else None
        if child.tag == f"{W}fldChar" or inner is None or (inner.shows and inner.kind == ""):
            yield piece
        elif inner.shows:
            inner.result += piece.text

    def _run_part(self, child: Element, depth: int) -> Iterator[Piece]:
        name = child.tag.removeprefix(W)
        match name:
            case "t":
                yield Piece(child.text or "")
            case "tab" | "ptab":
                yield Piece("\t")
            case "br" | "cr":
                yield Piece("\n")
            case "noBreakHyphen":
                yield Piece("-")
            case "sym":
                code = child.get(f"{W}char", "")
                is_code = _CODE.fullmatch(code) is not None
                font = child.get(f"{W}font", "")
                yield Piece(sign(int(code, 16), font) if is_code else UNKNOWN)
            case "fldChar":
                yield from self._field(child)
            case "instrText":
                if self.fields and not self.fields[-1].shows:
                    here = self.fields[-1]
                    here.instruction += child.text or ""
                    words = here.instruction.split()
                    if words and words[0] in _FIELDS:
                        here.kind = words[0]
            case "footnoteReference" | "endnoteReference":
                number = child.get(f"{W}id", "")
                if number.isdigit():
                    self.footnotes.append((name.replace("Reference", "s"), number))
                    kind = self.footnotes[-1][0]
                    has_blank = self._has_blank(kind, number)
                    mark = superscript(number) if has_blank else f"[^{self._label(-1)}]"
                    yield Piece(mark, markup=True)
            case "ruby":
                yield from self._ruby(child)
            case _ if child.tag == f"{MC}AlternateContent":
                if (choice := choice_of(child)) is not None:
                    for part in choice:
                        yield from self._run_part(part, depth + 1)
            case "drawing" | "pict" | "object":
                self._drawing(child)
                yield from map(Piece, word_art(child))

    def _field(self, child: Element) -> Iterator[Piece]:
        match child.get(f"{W}fldCharType"):
            case "begin":
                options = [row.get(f"{W}val", "") for row in child.iter(f"{W}listEntry")]
                self.fields.append(_Field(options=options))
            case "separate" if self.fields:
                self.fields[-1].shows = True
            case "end" if self.fields:
                done = self.fields.pop()
                if done.kind == "FORMTEXT":
                    filled = done.result.strip("\u2002\u00a0 _")
                    yield Piece(filled if filled else BLANK, markup=not filled)
                elif done.kind == "FORMCHECKBOX":
                    yield Piece("☐", markup=True)
                elif done.kind == "EQ":
                    yield self._equation(done.instruction)
                elif done.kind == "FORMDROPDOWN":
                    yield Piece(_with_options(done.options), markup=True)

    def _drawing(self, element: Element) -> None:
        contents = list(element.iter(f"{W}txbxContent"))
        self.waiting += contents
        # What stands in a box is read with its text.
        inner = {identity for content in contents for identity in picture_ids(content)}
        ids = [identity for identity in picture_ids(element) if identity not in inner]
        drawn = {part.tag.rsplit("}", 1)[-1] for part in element.iter()} & {*_DRAWN}
        self.lost_pictures += bool(drawn and not ids)
        for identity in ids:
            if picture := self.archive.picture(self.media.get(identity, "")):
                self.pictures.append(picture)


def _with_options(options: Iterable[str]) -> str:
    named = [escape(option) for option in options if option.strip()]
    return f"{BLANK} ({' / '.join(named)})" if named else BLANK
