"""RTF files: their text with lists, tables and underlined blanks as lines of a paper."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .errors import NOT_RTF, ExtractError
from .rows import Note, Row, escape, separated
from .scripts import subscript, superscript

MAX_GROUPS = 2000  # in each other

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])"
    rb"|([^\\{}\r\n]+)|[\r\n]+"
)
_DESTINATIONS = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "footer", "headerl", "headerr",
    "footerl", "footerr", "headerf", "footerf", "listtable", "listoverridetable", "generator",
    "themedata", "colorschememapping", "datastore", "latentstyles", "xmlnstbl", "rsidtbl",
    "object", "nonshppict", "bkmkstart", "bkmkend", "fldinst", "filetbl", "revtbl", "pgdsctbl",
    "annotation", "atnid", "atnauthor", "mmathPr", "wgrffmtfilter", "ftnsep", "ftnsepc",
}  # fmt: skip
# What stands beside the text: it is told in a note of this code.
_BESIDE = {"annotation": "comments"} | {
    f"{edge}{pages}": "furniture" for edge in ("header", "footer") for pages in ("", "l", "r", "f")
}
MAX_NOTE = 2000  # characters of a note that quotes what is left out
_SIGNS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "tab": "\t", "emdash": "—",
    "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_CHARSETS = {
    "0": "cp1252", "128": "shift_jis", "129": "cp949", "134": "gb2312", "136": "big5",
    "161": "cp1253", "162": "cp1254", "177": "cp1255", "178": "cp1256", "186": "cp1257",
    "204": "cp1251", "222": "cp874", "238": "cp1250",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _State:
    hidden: bool = False
    underlined: bool = False
    raised: int = 0
    skip: int = 1  # letters that stand for one that is written by its number
    font: str = ""
    in_table: bool = False
    vanished: bool = False
    deleted: bool = False
    beside: str = ""  # the code of the note that tells what is written here


def read_rtf(data: bytes) -> tuple[list[Row], list[Note]]:
    """Return the lines of an RTF file and what is to be said of it.

    Raise ExtractError if it is none.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ExtractError(NOT_RTF)
    reader = _Reader(data)
    reader.run()
    rows = separated(reader.rows())
    notes = [Note("picture", {"count": reader.pictures})] if reader.pictures else []
    if reader.vanished:
        notes.append(Note("hidden"))
    if reader.tracked:
        notes.append(Note("tracked"))
    for code, texts in reader.beside.items():
        if said := " ".join("".join(texts).split()):
            notes.append(Note(code, {"text": said[:MAX_NOTE]}))
    return rows, notes


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.encoding = "cp1252"
        self.fonts = _fonts(data)
        self.pictures = 0
        self.vanished = False
        self.tracked = False
        self.beside: dict[str, list[str]] = {}
        self.pieces: list[tuple[str, _State]] = []
        self.bytes = b""  # letters of a font's own encoding, which may need several bytes
        self.state = _State()

    def run(self) -> None:
        """Read the file from its beginning to its end."""
        stack: list[_State] = []
        skipped = 0
        starred = False
        first = False
        for match in _TOKEN.finditer(self.data):
            word, number, code, sign, brace, text = match.groups()
            if skipped and (code or (text and not word)) and not brace:
                if code:
                    skipped -= 1
                    continue
                cut = min(skipped, len(text))
                skipped -= cut
                text = text[cut:]
                if not text:
                    continue
            if code:
                self.bytes += bytes.fromhex(code.decode())
                continue
            self._flush()
            if brace == b"{":
                if len(stack) > MAX_GROUPS:
                    raise ExtractError(NOT_RTF)
                stack.append(self.state)
                first, starred, skipped = True, False, 0
                continue
            if brace == b"}":
                self.state = stack.pop() if stack else _State()
                skipped = 0
            elif sign == b"*":
                starred = True
                continue
            elif word:
                skipped = self._word(word.decode(), (number or b"").decode(), first, starred)
            elif sign:
                self._add(
                    {b"~": "\u00a0", b"_": "-", b"-": ""}.get(
                        sign, sign.decode("cp1252", "replace")
                    )
                )
            elif text:
                self._add(text.decode(self.encoding, "replace"))
            first = starred = False
        self._flush()

    def _word(self, word: str, number: str, first: bool, starred: bool) -> int:
        """Follow a control word; return how many letters after it stand for what it wrote."""
        on = number != "0"
        if first and word == "pict":
            self.pictures += 1
        if first and (word in _DESTINATIONS or (starred and word not in ("shptxt", "shpinst"))):
            self.state = replace(self.state, hidden=True, beside=_BESIDE.get(word, ""))
        elif word in ("deleted", "revised"):
            self.tracked = self.tracked or on
            deleted = on if word == "deleted" else self.state.deleted
            self.state = replace(self.state, deleted=deleted)
        elif word == "shptxt":
            self.state = replace(self.state, hidden=False)
        elif word == "u" and number:
            code = int(number) % 65536
            self._add("\ufffd" if 0xD800 <= code < 0xE000 else chr(code))
            return self.state.skip
        elif word == "uc" and number:
            self.state = replace(self.state, skip=max(0, min(int(number), 10)))
        elif word in _SIGNS:
            self._add(_SIGNS[word])
        elif word in ("ul", "uld", "uldb", "ulw", "uldash"):
            self.state = replace(self.state, underlined=on)
        elif word == "v":
            self.state = replace(self.state, vanished=on)
        elif word in ("ulnone", "plain", "pard"):
            plain = word == "plain"
            self.state = replace(
                self.state,
                underlined=False if word != "pard" else self.state.underlined,
                raised=0 if plain else self.state.raised,
                vanished=self.state.vanished and not plain,
                deleted=self.state.deleted and not plain,
                in_table=False if word == "pard" else self.state.in_table,
            )
        elif word in ("super", "sub", "nosupersub"):
            raised = {"super": 1, "sub": -1}.get(word, 0)
            self.state = replace(self.state, raised=raised if on else 0)
        elif word == "intbl":
            self.state = replace(self.state, in_table=True)
        elif word == "cell":
            self.pieces.append(("\x1d", self.state))
        elif word == "row":
            self.pieces.append(("\x1e", self.state))
        elif word == "f":
            self.state = replace(self.state, font=number)
        elif word == "ansicpg" and number:
            self.encoding = _known(f"cp{number}")
        return 0

    def _add(self, text: str) -> None:
        if self.state.beside:
            self.beside.setdefault(self.state.beside, []).append(text)
        if self.state.hidden or self.state.deleted or not text:
            return
        if self.state.vanished and text != "\n":
            self.vanished = self.vanished or bool(text.strip())
        else:
            self.pieces.append((text, self.state))

    def _flush(self) -> None:
        if self.bytes:
            held, self.bytes = self.bytes, b""
            encoding = self.fonts.get(self.state.font, self.encoding)
            self._add(held.decode(encoding, "replace"))

    def rows(self) -> Iterator[Row]:
        """Yield the lines and the rows of tables that were read."""
        table = 0
        cells: list[str] = []
        in_row = False
        line: list[tuple[str, _State]] = []
        for text, state in [*self.pieces, ("\n", _State())]:
            if text == "\x1d":
                cells.append(" ".join(_text(line).split("\n")).strip())
                line = []
            elif text == "\x1e":
                table += not in_row
                in_row = True
                joined = " | ".join(re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells)
                if any(cells):
                    yield Row(f"| {joined} |", table=table, whole=True, ready=True)
                cells, line = [], []
            elif text == "\n" and not state.in_table:
                in_row = in_row and not line
                if made := _text(line).strip():
                    in_row = False
                    yield Row(made, whole=True, ready=True)
                line = []
            else:
                line.append((" " if text == "\n" else text, state))


def _text(pieces: list[tuple[str, _State]]) -> str:
    """Return the text of a line; what is white and underlined is a blank."""
    made: list[str] = []
    run = ""
    for text, state in [*pieces, ("", _State())]:
        if run and not state.underlined:
            made.append(_underlined(run))
            run = ""
        if state.underlined:
            run += text
        elif state.raised:
            made.append(superscript(text) if state.raised > 0 else subscript(text))
        else:
            made.append(escape(text))
    return "".join(made)


def _underlined(text: str) -> str:
    if text.strip():
        return escape(text)
    width = len(text.expandtabs(8))
    return "_" * max(width, 4) if width > 2 else text


def _fonts(data: bytes) -> dict[str, str]:
    """Return the encodings of the fonts, by their numbers."""
    return {
        font.decode(): _CHARSETS[charset.decode()]
        for font, charset in re.findall(
            rb"\\f([0-9]{1,5})[^{};]{0,80}?\\fcharset([0-9]{1,3})", data[:50_000]
        )
        if charset.decode() in _CHARSETS
    }


def _known(name: str) -> str:
    try:
        return codecs.lookup("utf-8" if name == "cp65001" else name).name
    except LookupError:
        return "cp1252"
