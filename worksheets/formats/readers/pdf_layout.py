"""The order in which a page is read: its columns, boxes, tables, and drawn blanks in its lines."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .pdf_page import Char, Line, Page
from .pdf_tables import Frame, frames_of

WORD_GAP = 0.22  # of the letters' height: a wider gap is a space
WIDE_GAP = 1.25  # of the letters' height: a wider gap divides what stands side by side
MANY_SPACES = 3  # typed one after the other: what stands side by side is divided
MIN_BLANK = 14  # points: a shorter line is no blank
MIN_GUTTER = 10  # points between two columns
MIN_LINES = 3  # of each of two columns
MIN_WORDS = 2.5  # of a line of a column, on average: lists of words are no columns
BODY = 0.5  # of a page: a frame that is larger is a border


@dataclass(slots=True)
class Block:
    """Something that is read at once: a line of text, a box with lines, a table with cells."""

    kind: str  # 'line', 'blank' for a line to write on, 'box', 'table', 'picture'
    left: float
    right: float
    top: float
    bottom: float
    text: str = ""
    size: float = 0.0
    bold: bool = False
    inner: list[Block] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    rows: list[tuple[float, float]] = field(default_factory=list)  # top and bottom of a table's
    column: int = 0
    picture: bytes = b""


@dataclass(slots=True)
class _Segment:
    """Letters of a line without a wide gap between them."""

    chars: list[Char]

    @property
    def left(self) -> float:
        return self.chars[0].left

    @property
    def right(self) -> float:
        return max(char.right for char in self.chars[-3:])


def layout_of_page(page: Page) -> list[Block]:
    """Return what stands on a page in the order in which it is read."""
    frames = [
        frame
        for frame in frames_of(page.across, page.down)
        if (frame.right - frame.left) * (frame.bottom - frame.top) < BODY * page.width * page.height
        and any(frame.holds(char) for char in page.chars)
    ]
    used = {id(line) for frame in frames for line in frame.lines}
    free = [line for line in page.across if id(line) not in used and line.width >= MIN_BLANK]
    inside: dict[int, list[Char]] = {at: [] for at in range(len(frames))}
    outside: list[Char] = []
    for char in page.chars:
        at = next((at for at, frame in enumerate(frames) if frame.holds(char)), None)
        (outside if at is None else inside[at]).append(char)
    in_frames = [
        [
            line
            for line in free
            if frame.left <= line.left
            and line.right <= frame.right
            and frame.top < line.top < frame.bottom
        ]
        for frame in frames
    ]
    taken = {id(line) for lines in in_frames for line in lines}
    items = [_framed(frame, inside[at], in_frames[at]) for at, frame in enumerate(frames)]
    lines, blanks = _lines_with_blanks(
        outside, [line for line in free if id(line) not in taken], page.fields
    )
    return list(_in_order(lines, [*items, *blanks]))


def _framed(frame: Frame, chars: Sequence[Char], free: Sequence[Line]) -> Block:
    item = Block("box", frame.left, frame.right, frame.top, frame.bottom)
    if frame.is_table:
        item.kind = "table"
        parts = frame.cells()
        item.cells = [[_text_of(part, chars, free) for part in row] for row in parts]
        item.rows = [(min(p.top for p in row), max(p.bottom for p in row)) for row in parts if row]
    else:
        lines, blanks = _lines_with_blanks(chars, free, ())
        item.inner = list(_in_order(lines, blanks))
    return item


def _text_of(part: Line, chars: Sequence[Char], free: Sequence[Line]) -> str:
    own = [
        c
        for c in chars
        if part.left <= (c.left + c.right) / 2 <= part.right and part.top <= c.middle <= part.bottom
    ]
    drawn = [
        line
        for line in free
        if part.left <= line.left and line.right <= part.right and part.top < line.top < part.bottom
    ]
    lines, _blanks = _lines_with_blanks(own, drawn, ())
    return "  ".join(_join(segments) for segments in lines)


# --- lines of letters ---------------------------------------------------------


def _lines_with_blanks(
    chars: Sequence[Char], drawn: Sequence[Line], fields: Sequence[Line]
) -> tuple[list[list[_Segment]], list[Block]]:
    """Return the lines of text with the blanks drawn in them, and the lines to write on."""
    rows = _rows(chars)
    blanks: list[Block] = []
    for line in _merged(drawn):
        row = _row_at(rows, line)
        if row is None:
            blanks.append(Block("blank", line.left, line.right, line.top, line.bottom))
        elif not _is_underline(row, line):
            row.append(_blank_char(row, line))
    for place in fields:
        row = _row_around(rows, place)
        if row is None or place.height > 30:
            blanks.append(Block("blank", place.left, place.right, place.top, place.bottom))
        else:
            char = _blank_char(row, place)
            small = place.width < 20 and place.width < 2 * place.height
            char.text = "☐" if small else char.text
            row.append(char)
    return [_segments(row) for row in rows], blanks


def _rows(chars: Sequence[Char]) -> list[list[Char]]:
    """Return the letters by their lines, from top to bottom."""
    rows: list[list[Char]] = []
    middles: list[float] = []
    for char in sorted(chars, key=lambda char: (char.middle, char.left)):
        if char.text.isspace():
            continue
        for back in range(1, min(4, len(rows)) + 1):
            if abs(char.middle - middles[-back]) < 0.42 * max(char.size, 4):
                rows[-back].append(char)
                break
        else:
            rows.append([char])
            middles.append(char.middle)
    return rows


def _merged(lines: Sequence[Line]) -> list[Line]:
    """Return the lines, those drawn twice or in pieces as one."""
    made: list[Line] = []
    for line in sorted(lines, key=lambda line: (round(line.top), line.left)):
        last = made[-1] if made else None
        if last and abs(last.top - line.top) < 1.5 and line.left <= last.right + 1.5:
            made[-1] = Line(last.left, max(last.right, line.right), last.top, last.bottom)
        else:
            made.append(line)
    return made


def _row_at(rows: Sequence[list[Char]], line: Line) -> list[Char] | None:
    """Return the line of text on whose baseline a line is drawn."""
    best: tuple[float, list[Char]] | None = None
    for row in rows:
        size = statistics.median(char.size for char in row[:40])
        bottom = statistics.median(char.bottom for char in row[:40])
        distance = line.top - (bottom - 0.2 * size)
        if -0.5 * size < distance < 0.45 * size and (best is None or abs(distance) < best[0]):
            best = (abs(distance), row)
    return best[1] if best else None


def _row_around(rows: Sequence[list[Char]], place: Line) -> list[Char] | None:
    middle = (place.top + place.bottom) / 2
    near = [row for row in rows if abs(row[0].middle - middle) < 0.6 * max(row[0].size, 6)]
    return min(near, key=lambda row: abs(row[0].middle - middle), default=None)


def _is_underline(row: Sequence[Char], line: Line) -> bool:
    """Return whether letters stand on most of a line."""
    covered = sum(max(0.0, min(char.right, line.right) - max(char.left, line.left)) for char in row)
    return covered > 0.4 * line.width


def _blank_char(row: Sequence[Char], line: Line) -> Char:
    size = statistics.median(char.size for char in row[:40])
    middle = statistics.median(char.middle for char in row[:40])
    count = max(4, round(line.width / max(size * 0.45, 2)))
    return Char(
        "_" * min(count, 200), line.left, line.right, middle - size / 2, middle + size / 2, size
    )


def _segments(row: Sequence[Char]) -> list[_Segment]:
    made: list[_Segment] = []
    for char in sorted(row, key=lambda char: char.left):
        last = made[-1].chars[-1] if made else None
        if last is not None and char.left - last.right <= WIDE_GAP * max(char.size, last.size, 6):
            made[-1].chars.append(char)
        else:
            made.append(_Segment([char]))
    return made


def _join(segments: Sequence[_Segment]) -> str:
    return "   ".join(_text(segment.chars) for segment in segments)


def _text(chars: Sequence[Char]) -> str:
    """Return the letters of a segment with the spaces between them."""
    if _is_right_to_left(chars):
        chars = list(reversed(chars))
        gaps = [0.0, *(chars[at - 1].left - char.right for at, char in enumerate(chars) if at)]
    else:
        gaps = [0.0, *(char.left - chars[at - 1].right for at, char in enumerate(chars) if at)]
    made = []
    wide = _wide_gap(chars, gaps)
    before: Char | None = None
    for gap, char in zip(gaps, chars, strict=True):
        spaces = before.spaces if before is not None and gap > -0.1 * char.size else 0
        drawn = len(char.text) > 1 and char.text[0] == "_" and gap > 1
        if spaces or drawn or gap > WORD_GAP * max(char.size, 4):
            made.append("   " if spaces >= MANY_SPACES else "  " if gap > wide else " ")
        before = char
        made.append(char.text)
    return "".join(made)


def _wide_gap(chars: Sequence[Char], gaps: Sequence[float]) -> float:
    """Return how wide a gap is that is more than the space between words of its line."""
    size = max(statistics.median(char.size for char in chars), 4)
    spaces = [gap for gap in gaps if gap > 0.7 * WORD_GAP * size]
    if len(spaces) < 3:
        return size
    # Two spaces were typed, say, where the smaller half of the gaps has one.
    usual = statistics.median(sorted(spaces)[: len(spaces) // 2 + 1])
    return max(1.7 * usual, 0.35 * size)


def _is_right_to_left(chars: Sequence[Char]) -> bool:
    letters = [char.text for char in chars if char.text.isalpha()]
    return sum("\u0590" <= text[0] <= "\u08ff" for text in letters) * 2 > max(len(letters), 1)


# --- columns ------------------------------------------------------------------


def _in_order(lines: Sequence[list[_Segment]], others: Sequence[Block]) -> Iterator[Block]:
    """Yield lines and other items in the order in which they are read."""
    placed: list[tuple[float, list[_Segment] | Block]] = [
        *((min(c.top for s in line for c in s.chars), line) for line in lines),
        *((item.top, item) for item in others),
    ]
    placed.sort(key=lambda row: row[0])
    yield from _flow([item for _top, item in placed], 0, 0)


_Part = list[_Segment] | Block


def _flow(parts: Sequence[_Part], depth: int, column: int) -> Iterator[Block]:
    gutter = _gutter(parts) if depth < 3 else None
    if gutter is None:
        for part in parts:
            yield _item(part, column)
        return
    band: list[_Part] = []
    for part in parts:
        if not _crosses(part, gutter):
            band.append(part)
            continue
        yield from _band(band, gutter, depth, column)
        band = []
        yield _item(part, column)
    yield from _band(band, gutter, depth, column)


def _band(band: Sequence[_Part], gutter: float, depth: int, column: int) -> Iterator[Block]:
    """Yield lines that nothing crosses: as two columns if they look so, else line by line."""
    left = [half for part in band if (half := _half(part, gutter, right=False)) is not None]
    right = [half for part in band if (half := _half(part, gutter, right=True)) is not None]
    if _are_columns(left, right):
        yield from _flow(left, depth + 1, 2 * column + 1)
        yield from _flow(right, depth + 1, 2 * column + 2)
    else:
        for part in band:
            yield _item(part, column)


def _are_columns(left: Sequence[_Part], right: Sequence[_Part]) -> bool:
    for side in (left, right):
        texts = [_join(part).split() for part in side if not isinstance(part, Block)]
        blanks = sum(isinstance(part, Block) for part in side)
        if len(texts) + blanks < MIN_LINES or not texts:
            return False
        if sum(map(len, texts)) < MIN_WORDS * len(texts):
            return False
        if sum(words[0].startswith("__") for words in texts) * 2 > len(texts):
            return False
    return True


def _extent(part: _Part) -> tuple[float, float]:
    if isinstance(part, Block):
        return part.left, part.right
    return part[0].left, part[-1].right


def _crosses(part: _Part, gutter: float) -> bool:
    spans = [_extent(part)] if isinstance(part, Block) else [(s.left, s.right) for s in part]
    return any(left < gutter - 1 and right > gutter + 1 for left, right in spans)


def _half(part: _Part, gutter: float, *, right: bool) -> _Part | None:
    if isinstance(part, Block):
        return part if (part.left >= gutter - 1) is right else None
    own = [segment for segment in part if (segment.left >= gutter - 1) is right]
    return own or None


def _gutter(parts: Sequence[_Part]) -> float | None:
    """Return where the gap between two columns may be, None if most lines are too wide for it."""
    if len(parts) < 2 * MIN_LINES:
        return None
    extents = [_extent(part) for part in parts]
    left, right = min(e[0] for e in extents), max(e[1] for e in extents)
    width = right - left
    spans = [
        [_extent(part)] if isinstance(part, Block) else [(s.left, s.right) for s in part]
        for part in parts
    ]
    best: tuple[int, float, float] | None = None
    for step in range(61):
        place = left + width * (0.25 + 0.5 * step / 60)
        crossing = 0
        both = 0
        for row in spans:
            crosses = any(a < place + MIN_GUTTER / 2 and b > place - MIN_GUTTER / 2 for a, b in row)
            crossing += crosses
            both += not crosses
        rank = (crossing, abs(place - left - width / 2), place)
        if both >= 2 * MIN_LINES - 1 and (best is None or rank < best):
            best = rank
    if best is None or best[0] > 0.7 * len(parts):
        return None
    return best[2]


def _item(part: _Part, column: int) -> Block:
    if isinstance(part, Block):
        part.column = column
        return part
    chars = [char for segment in part for char in segment.chars]
    letters = [char for char in chars if char.text.isalnum()] or chars
    return Block(
        "line", part[0].left, part[-1].right,
        min(c.top for c in chars), max(c.bottom for c in chars),
        _join(part), statistics.median(c.size for c in letters), all(c.bold for c in letters),
        column=column,
    )  # fmt: skip
