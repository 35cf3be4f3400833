"""Tasks in which pupils choose: true or false, one of several, what belongs together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from worksheets.markup.messages import Message as _

from .banks import cells_of
from .blanks import TICKED, find_blanks
from .chunks import LISTED, TEXTS, Chunk, Kind, ticked_caution
from .languages import LANGUAGES
from .structure import Exercise
from .tasks import LABEL, Task, verdicts_of

_LETTERED = re.compile(r"(?:^|(?<=\s))\(?([a-hA-H])[).]\)?\s+(?=\S)")
_BOXED = re.compile(r"(?:^|(?<=\s))(?:[☐□❏❑○◯]|\[ ?\]|\( ?\))\s*(?=\w)")
_ANY_BOX = re.compile(rf"{_BOXED.pattern}|(?:^|(?<=\s)){TICKED}\s*(?=\w)")
_BOX_BEHIND = re.compile(r"(?<=\w)\s+(?:[☐□❏❑]|\[ ?\])\Z")
_PARTS = (r"\s*·\s*", r"\s*[•|]\s*", r"\s+[/–—]\s+", r"\s*/\s*", r"\t+|\s{3,}", r"\s*[,;]\s*")
_SHORT = sorted(
    {word[:1] for language in LANGUAGES.values() for word in language.verdicts if word}, key=str
)
_WORDS = [word for language in LANGUAGES.values() for word in language.verdicts if word]
_VERDICT = "|".join(map(re.escape, sorted({*_WORDS, *_SHORT, "F", "T"}, key=len, reverse=True)))
_BOX = rf"(?:[☐□]|\[ ?\]|\( ?\)|{TICKED})"
_VERDICTS_AT_END = re.compile(
    rf"[\s(\[–—-]*(?:{_BOX}\s*)?(?<!\w)(?:{_VERDICT})(?!\w)\s*(?:[/|,]|oder|or|ou|o|of|\s)\s*"
    rf"(?:{_BOX}\s*)?(?:{_VERDICT})(?!\w)[\s)\]☐□☒☑]*\Z",
    re.IGNORECASE,
)
_SLOTS = " _.…‥()[]（）【】-–—\u3000☐□:"


def with_choices(exercise: Exercise, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks of an exercise with its items as choices, where they are some."""
    if exercise.task is Task.TRUE_FALSE and not exercise.bank:
        return _with_verdicts(exercise, chunks)
    if exercise.task is Task.MATCH and not exercise.bank:
        return _with_pairs(chunks)
    if exercise.task is Task.CHOOSE:
        chunks = _bullets_as_options(chunks)
    chunks = _boxes_behind_as_options(chunks)
    made: list[Chunk] = []
    for chunk in chunks:
        made += (
            _split(exercise, chunk)
            if chunk.kind in (Kind.NUMBER, Kind.PARAGRAPH, Kind.OPTION)
            else [chunk]
        )
    return made


def _bullets_as_options(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks, bullets below a numbered question as its options."""
    made: list[Chunk] = []
    for chunk in chunks:
        above = made[-1] if made else None
        letter = ""
        if chunk.kind is Kind.BULLET and not chunk.gaps and above is not None:
            if above.kind is Kind.NUMBER and not above.gaps:
                letter = "a"
            elif above.kind is Kind.OPTION and above.mark[1] < "z":
                letter = chr(ord(above.mark[1]) + 1)
        text = _BOXED.sub("", chunk.text, count=1) if letter else ""
        made.append(Chunk(Kind.OPTION, [text], f"({letter})") if letter else chunk)
    return made


def _boxes_behind_as_options(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks, a list of words with an empty box behind each as options."""
    made: list[Chunk] = []
    start = 0
    for at, chunk in enumerate([*chunks, None]):
        if chunk is not None and _has_box_behind(chunk):
            continue
        row = list(chunks[start:at])
        if 2 <= len(row) <= 8:
            for letter, option in zip("abcdefgh", row, strict=False):
                text = _BOX_BEHIND.sub("", option.text)
                made.append(Chunk(Kind.OPTION, [text], f"({letter})", option.cautions))
            made.append(_room())
        else:
            made += row
        if chunk is not None:
            made.append(chunk)
        start = at + 1
    return made


def _has_box_behind(chunk: Chunk) -> bool:
    return (
        chunk.kind is Kind.PARAGRAPH
        and not chunk.gaps
        and len(chunk.text.split()) <= 8
        and bool(_BOX_BEHIND.search(chunk.text))
    )


def _split(exercise: Exercise, chunk: Chunk) -> list[Chunk]:
    """Return an item and the options that stand behind it on its line."""
    text = chunk.text
    if chunk.gaps:
        return [chunk]
    if chunk.kind is Kind.OPTION:
        return _split_row(chunk)
    found = _lettered(text) or _boxed(text)
    if not found and exercise.task is Task.CHOOSE and chunk.kind is Kind.NUMBER:
        found = _odd_one_out(text)
    if not found:
        return [chunk]
    stem, options = found
    chunk.text = stem
    rows = [
        Chunk(Kind.OPTION, [option], f"({letter})")
        for letter, option in zip("abcdefgh", options, strict=False)
    ]
    for row, box in zip(rows, _ANY_BOX.finditer(text), strict=False):
        if re.match(TICKED, box[0]):
            row.cautions.append(ticked_caution(row.text))
    room = _room()
    return [chunk, *rows, room] if stem or chunk.kind is Kind.NUMBER else [*rows, room]


def _split_row(chunk: Chunk) -> list[Chunk]:
    """Return the options of '(a) one  (b) two' that stand on one line."""
    text, letter = chunk.text, chunk.mark.strip("()")
    # Who stands behind a box of its own may stand beside ticked ones.
    boxes = list((_ANY_BOX if chunk.bold else _BOXED).finditer(text))
    if boxes and text[: boxes[0].start()].strip():
        ends = [box.start() for box in boxes[1:]] + [len(text)]
        row = [Chunk(Kind.OPTION, [text[: boxes[0].start()].strip()], chunk.mark)]
        row[0].cautions = chunk.cautions
        for box, end in zip(boxes, ends, strict=True):
            mark = f"({chr(ord(letter) + len(row))})"
            option = Chunk(Kind.OPTION, [text[box.end() : end].strip()], mark)
            if re.match(TICKED, box[0]):
                option.cautions.append(ticked_caution(option.text))
            row.append(option)
        return row
    made, start = [], 0
    for match in _LETTERED.finditer(text):
        if match[1].casefold() == chr(ord(letter) + 1) and text[start : match.start()].strip():
            made.append(Chunk(Kind.OPTION, [text[start : match.start()].strip()], f"({letter})"))
            letter, start = match[1].casefold(), match.end()
    if not made:
        return [chunk]
    return [*made, Chunk(Kind.OPTION, [text[start:].strip()], f"({letter})")]


def _lettered(text: str) -> tuple[str, list[str]] | None:
    """Return the stem and the options of 'Which? (a) one (b) two'."""
    found: list[re.Match[str]] = []
    for match in _LETTERED.finditer(text):
        letter = match[1]
        start = "a" if letter.islower() else "A"
        wanted = chr(ord(found[-1][1]) + 1) if found else start
        if letter == wanted:
            found.append(match)
    if len(found) < 2 or (not text[: found[0].start()].strip() and len(found) < 3):
        return None
    return _cut(text, found)


def _boxed(text: str) -> tuple[str, list[str]] | None:
    found = list(_ANY_BOX.finditer(text))
    if all(re.match(TICKED, box[0]) for box in found):
        return None
    return _cut(text, found) if 2 <= len(found) <= 8 else None


def has_ticked_row(text: str) -> bool:
    """Return whether a line has boxes with words behind them, and some are ticked."""
    boxes = [box[0] for box in _ANY_BOX.finditer(text)]
    return any(re.match(TICKED, box) for box in boxes) and _boxed(text) is not None


def _cut(text: str, found: Sequence[re.Match[str]]) -> tuple[str, list[str]] | None:
    ends = [match.start() for match in found[1:]] + [len(text)]
    options = [text[match.end() : end].strip() for match, end in zip(found, ends, strict=True)]
    short = all(option and len(option.split()) <= 14 for option in options)
    return (text[: found[0].start()].strip(), options) if short else None


def _odd_one_out(text: str) -> tuple[str, list[str]] | None:
    for separator in _PARTS:
        parts = [part for part in re.split(separator, text.rstrip(" .")) if part.strip()]
        if 3 <= len(parts) <= 8 and all(len(part.split()) <= 4 for part in parts):
            return "", [part.strip() for part in parts]
    return None


def _room() -> Chunk:
    message = _("This looks like a choice: check its options.")
    return Chunk(Kind.ROOM, ["???"], bold=True, cautions=[("check-choices", message)])


# --- true or false ----------------------------------------------------------


def _with_verdicts(exercise: Exercise, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return statements, each with the two verdicts to choose from."""
    task = " ".join(chunk.label for chunk in exercise.intro)
    verdicts = verdicts_of(task)
    items = [chunk for chunk in chunks if _is_statement(chunk)]
    if len(items) < 2:
        items = [chunk for chunk in chunks if _has_slot(chunk)]
    made: list[Chunk] = []
    for chunk in chunks:
        if chunk.kind is Kind.TABLE:
            row = _row_of_table(chunk)
            made += _verdict(row, verdicts) if row.bold else [row]
        elif any(chunk is item for item in items):
            made += _verdict(chunk, verdicts)
        elif chunk.kind is Kind.ROOM and made and made[-1].kind is Kind.ROOM:
            continue  # a line for the reasons: the choice has a box already
        else:
            made.append(chunk)
    if not any(chunk.kind is Kind.ROOM for chunk in made) and _states(exercise):
        made = [*_options(verdicts), *made]
    return made


def _states(exercise: Exercise) -> bool:
    """Return whether the task itself has the only statement: 'True or false: Ice floats.'"""
    text = exercise.intro[-1].text if exercise.intro else ""
    return len(text.partition(":")[2].split()) > 2


def _is_statement(chunk: Chunk) -> bool:
    return chunk.kind in LISTED and not chunk.text.endswith(("?", ":"))


def _has_slot(chunk: Chunk) -> bool:
    return chunk.kind in TEXTS and (
        bool(_VERDICTS_AT_END.search(chunk.text))
        or any(
            not b.start or b.end == len(chunk.text.rstrip())
            for b in find_blanks(chunk.text.strip("\\"))
        )
    )


def _row_of_table(chunk: Chunk) -> Chunk:
    """Return a row of a table as a paragraph, bold if it has a statement."""
    cells = [cell for cell in cells_of(chunk.text) if cell.strip(_SLOTS) and cell.strip(":-")]
    states = any(len(cell.split()) > 2 for cell in cells)
    return Chunk(Kind.PARAGRAPH, [" ".join(cells)], bold=states)


def _options(verdicts: tuple[str, str]) -> list[Chunk]:
    return [
        Chunk(Kind.OPTION, [verdicts[0]], "(a)"),
        Chunk(Kind.OPTION, [verdicts[1]], "(b)"),
        _room(),
    ]


def _verdict(chunk: Chunk, verdicts: tuple[str, str]) -> Iterator[Chunk]:
    text = _unguarded(chunk.text)
    behind = _VERDICTS_AT_END.search(text)
    if behind:
        if re.search(TICKED, behind[0]):
            chunk.cautions.append(ticked_caution(" ".join(behind[0].split())))
        text = text[: behind.start()]
    blanks = find_blanks(text)
    if blanks and not text[blanks[-1].end :].strip(_SLOTS):
        text = text[: blanks[-1].start].rstrip(" ([（")
    if blanks and not blanks[0].start:
        text = text[blanks[0].end :].lstrip(" )]")
        if (
            chunk.kind is Kind.PARAGRAPH
            and (label := LABEL.match(text))
            and label[0].strip()[:-1].isdigit()
        ):
            chunk.kind, chunk.mark = Kind.NUMBER, label[0].strip()
            text = text[label.end() :]
    if chunk.kind is Kind.OPTION:
        # Its letter would be taken for one of the options below.
        chunk.kind, text = Kind.PARAGRAPH, f"{chunk.mark.strip('()')}\\) {text}"
    chunk.text, chunk.gaps = text.strip(), 0
    yield chunk
    yield from _options(verdicts)


def _with_pairs(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return what is to be matched, side by side, with a box for the pairs below it."""
    made = [_pair(chunk) for chunk in chunks]
    last = max((at for at, c in enumerate(made) if c.kind in (*LISTED, Kind.TABLE)), default=-1)
    if last < 1 or any(chunk.kind is Kind.ROOM for chunk in made):
        return made
    message = _("This looks like matching: pupils write their pairs into this box.")
    room = Chunk(Kind.ROOM, ["???"], bold=True, cautions=[("check-choices", message)])
    return [*made[: last + 1], room, *made[last + 1 :]]


def _pair(chunk: Chunk) -> Chunk:
    """Return the row of a table for two things that stand side by side, else the chunk."""
    if chunk.kind not in TEXTS or chunk.kind is Kind.BULLET:
        return chunk
    text = _unguarded(chunk.label)
    blanks = [blank for blank in find_blanks(text) if blank.start > 0 and text[blank.end :].strip()]
    parts = re.split(r"\s{3,}|\t+", text.strip(), maxsplit=1)
    if len(parts) == 2:
        cells = [part.strip(_SLOTS).strip() for part in parts]
    elif blanks:
        cells = [text[: blanks[0].start].strip(), text[blanks[0].end :].strip()]
    else:
        if chunk.kind is Kind.OPTION:
            # It is none of several to choose from.
            chunk.kind, chunk.text = Kind.PARAGRAPH, f"{chunk.mark.strip('()')}\\) {chunk.text}"
        return chunk
    if not all(cells):
        return chunk
    row = " | ".join(re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells)
    return Chunk(Kind.TABLE, [f"| {row} |"], table=-1, cautions=chunk.cautions)


def _unguarded(text: str) -> str:
    return text.replace("\\_", "_").replace("\\.", ".").replace("\\…", "…")
