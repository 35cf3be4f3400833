"""Patterns and tests for what a single line is, judged by its own characters alone.

Every mark that the paper uses is recognised here and nowhere else, so that the parts
of the parser cannot disagree about where a block begins.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from .details import is_detail
from .source import Line

DOTTED = 5  # fewer dots make neither a gap nor a line to write on

HEADING = re.compile(r"\s*(#{1,6})\s+(?=\S)")
RULE = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,})$")
QUOTATION = re.compile(r"\s*>\s?")
# '-', '*' and '+' need a space, or every hyphenated line and every *emphasis* would be a
# bullet. The paper's own bullets begin no word, and a PDF often has nothing after them.
BULLET = re.compile(r"\s*(?:([-*+–·])\s+(?=\S)|([•▪◦●○■‣⁃\uf0b7\uf0a7])\s*)")
NUMBER = re.compile(r"\s*([0-9]{1,2})[.)](?:\s+(?=\S)|\s*$)")

ANSWER_SPACE = re.compile(r"\s*\?{3,}(?:\s+|$)")
BANK = re.compile(r"\s*\[\[")
# 'Rubrics:' too, but not 'Models:', which may be of cars.
SECRET = re.compile(r"\s*(model|rubric)(?:(?<=c)s)?(?:\s+answers?)?\s*:\s*", re.IGNORECASE)
OPTION = re.compile(r"\s*(\(?)([a-z])\)\s+(?=\S)")
FOOTNOTE = re.compile(r"\s*\[\^([^\s\]]{1,40})\]:\s*")
PICTURE = re.compile(
    r"\s*!\[(?P<alternative>(?:\\.|[^\]\\])*)\]"
    r"\(\s*+(?P<name>[^\s()]*+)(?:\s++[\"“'](?P<caption>.*)[\"”'])?\s*+\)$"
)
BANK_END = re.compile(r"\\.|(\]\])")  # the group, where no backslash stands before it
UNDERSCORES = re.compile(r"\s*_{4,}\s*")  # a line that is one blank to fill in

_INTERPRETATION = re.compile(r"\s*([A-Z])[.)]\s+(?=\S)")
_BLANK_TO_FILL = re.compile(r"_{3}|\.{5}|…{3}")
_ANSWER_SPACE_AT_END = re.compile(r"\s\?{3,}(?=\s|$)")
_LABEL = re.compile(
    r"\s*(?:(?:your|my|the|ta|ma|la|votre|deine|meine|die|ihre)\s+)?"
    r"(?:answers?|réponses?|antwort(?:en)?)\s*+[:.]?\s*+",
    re.IGNORECASE,
)
# What teachers write in the place of 'model:' and 'rubric:' below '???', in the languages of the
# papers that are read: English, German, French. In small letters and without accents.
_EXPECTED = (
    r"possible|sample|suggested|expected|correct|right|ideal|example|exemplar|indicative|model"
    r"|mogliche|richtige|erwartete|vorgeschlagene|korrekte"
)
_NEARLY_SECRET = re.compile(
    r"[\s*_#>-]*+(?:"
    r"model+s?(?:\s+(?:answers?|solutions?|responses?))?|rubrics?|exemplars?"
    rf"|(?:(?:{_EXPECTED})[\s-]+)?(?:answers?|solutions?|responses?)(?:[\s-]+(?:key|guide)s?)?"
    r"|(?:mark|marking|grading|scoring|assessment)[\s-]*"
    r"(?:schemes?|guides?|guidelines?|criteri(?:a|on)s?|rubrics?|notes?|grids?|keys?)"
    r"|(?:teacher(?:'?s'?)?|marker(?:'?s'?)?)[\s-]+(?:notes?|answers?)"
    rf"|(?:{_EXPECTED}[nr]?)\s+(?:antwort|losung)(?:en)?"
    r"|rubriken|rubrik"
    r"|(?:muster|beispiel|modell)[\s-]*(?:loe?sung|antwort|text)(?:en|e)?"
    r"|(?:loe?sung|antwort)(?:en)?(?:s?[\s-]*"
    r"(?:vorschlage?|vorschlaege|hinweise?|schlussel|schluessel|blatt|skizze|erwartung))?"
    r"|erwartungshorizonte?|erwartung(?:en)?"
    r"|(?:bewertung|korrektur|punkte|beurteilung)(?:s?[\s-]*(?:schlussel|schluessel|kriterien|raster"
    r"|bogen|hinweise?|ma(?:ss|sz)stabe?|schema|horizont|verteilung|vergabe))"
    r"|bewertung|kriterien"
    r"|corriges?(?:[\s-]+types?)?|bareme?s?(?:\s+de\s+(?:notation|correction))?"
    r"|(?:exemples?\s+de\s+)?(?:reponses?|solutions?)"
    r"(?:[\s-]+(?:modeles?|types?|attendue?s?|possibles?|correctes?))?"
    r"|(?:grille|criteres|cle|bareme|elements|guide)\s+(?:de\s+|d['\u2019])"
    r"(?:notation|correction|evaluation|reponse)s?"
    r")[*_]*+(?:\s*+[:=\u02d0\u2236\ua789\u05c3\u2192\u21d2]"
    r"|\s++[\u2010-\u2015\u2212-]+\s|\s*+\Z)"
)
_MAX_LABEL = 200  # characters; what begins a line later is no label


def is_interpretation(line: Line) -> bool:
    """Return whether a line is 'A. Economic > Political', a letter and an order, without blank."""
    match = _INTERPRETATION.match(line.text)
    if not match or _BLANK_TO_FILL.search(line.text):
        return False
    rest = line.text[match.end() :].rstrip()
    return " > " in rest or rest.endswith(" >")


def interpretation_label(line: Line) -> tuple[str, Line]:
    """Return the letter of an interpretation and the rest of its line; '' for another line."""
    match = _INTERPRETATION.match(line.text)
    return (match[1], line.cut(match.end())) if match else ("", line)


def is_dotted(line: Line) -> bool:
    """Return whether a line has nothing but dots, enough of them to be a line to write on."""
    return dots(line.text) >= DOTTED and not line.text.strip(".… \t")


def dots(text: str) -> int:
    """Return the number of dots in a text; '…', one character, counts as two."""
    return text.count(".") + 2 * text.count("…")


def is_answer_space(line: Line) -> bool:
    """Return whether a line begins with '???'."""
    return bool(ANSWER_SPACE.match(line.text))


def stands_alone(line: Line) -> bool:
    """Return whether a line begins a block that ends every list and paragraph above it."""
    text = line.text
    return (
        is_answer_space(line)
        or is_dotted(line)
        or is_interpretation(line)
        or any(mark.match(text) for mark in (HEADING, BANK, SECRET, FOOTNOTE))
        or bool(PICTURE.match(text.rstrip()))
    )


def ends_secret(line: Line) -> bool:
    """Return whether a line ends a model answer without an empty line before it.

    Few lines do: what does not end a model answer stays hidden from pupils.
    """
    return is_answer_space(line) or any(mark.match(line.text) for mark in (HEADING, BANK, SECRET))


def is_nearly_secret(line: Line) -> bool:
    """Return whether a line seems meant as a model answer or rubric but is not written as one.

    Examples are '**Model:** a', 'Answer: a', 'Mark scheme'. A line with a blank is none. Full-width
    signs are read as the usual ones, letters without their accents.
    """
    signs = unicodedata.normalize("NFKD", line.text[:_MAX_LABEL]).casefold()
    label = "".join(sign for sign in signs if not unicodedata.combining(sign))
    return bool(_NEARLY_SECRET.match(label)) and not _BLANK_TO_FILL.search(line.text)


def is_label(text: str) -> bool:
    """Return whether a text is only a label, such as 'Your answer:', that asks nothing."""
    return bool(_LABEL.fullmatch(text))


def split_answer_spaces(lines: Iterable[Line], keywords: Iterable[str]) -> Iterator[Line]:
    """Yield the lines with '???' at a line's end on its own line, without 'Your answer:' before.

    ``keywords`` are the details that the kinds of question add.
    """
    for line in lines:
        room = _answer_space_at_end(line, keywords)
        if room is None:
            yield line
            continue
        before = line.cut(0, room)
        if not is_label(before.text):
            yield before
        yield line.cut(room + 1)


def _answer_space_at_end(line: Line, keywords: Iterable[str]) -> int | None:
    if (
        is_answer_space(line)
        or line.text.lstrip()[:1] in (">", "|", "#")
        or SECRET.match(line.text)
    ):
        return None
    rooms = [match.span() for match in _ANSWER_SPACE_AT_END.finditer(line.text)]
    if not rooms:
        return None
    room, end = rooms[-1]  # only the last one can be followed by details alone
    first = re.split(r"[,;]", line.text[end:], maxsplit=1)[0]
    return room if not first.strip() or is_detail(first, keywords) else None
