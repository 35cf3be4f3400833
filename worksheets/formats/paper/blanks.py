"""The blanks of a paper: every run of signs that can be a place to write in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .languages import pattern

GAP = "______"
# A box with its tick, which a teacher's copy shows.
TICKED = r"(?:[☒☑✓✔]|\[ ?[xX✓✔•] ?\]|\( ?[xX✓✔•●] ?\))"

# A sign counts for the room that it takes, in underscores.
_WIDTHS = {
    ".": 0.5,
    "…": 1.0,
    "‥": 1.0,
    "⋯": 1.0,
    "·": 0.5,
    "．": 1.0,
    "・": 1.0,
    "。": 1.0,
    "＿": 2.0,
}

_RUN = re.compile(
    r"(?P<line>(?:(?<!\\)_|[＿﹍﹎⎯─]){2,}|(?:(?<![_\\\w])_ ){2,}_(?!\w))"
    r"|(?P<dots>[.…‥⋯]{5,}|[…‥⋯]{2,}|(?<=\s)\.{4}(?![.…])|(?:(?<!\S)\. ){4,}\.(?!\.)"
    r"|[．・]{3,}|。{4,})"
    r"|(?P<few>(?<![.…])(?:\.{3,4}|[…⋯])(?![.…]))"
    r"|(?P<dash>(?<![-–—\w+|])(?:-{4,}|[—–]{3,}|(?:[-–—] ){3,}[-–—])(?![-–—>\w+|]))"
    r"|(?P<fewdash>(?<=\s)(?:-{3}|[—–]{2})(?=[\s.,;:?!]))"
    r"|(?P<box>[□▢▭⬜☐]+(?:\s[□▢▭⬜☐]+)*)"
    r"|(?P<bracket>\(\s{2,}\)|\[\s{2,}\]|\{\s{2,}\}"
    r"|（[\s　]+）|（）|【[\s　]*】|［[\s　]+］|「[\s　]+」|〔[\s　]*〕"
    r"|[\[(<](?:blank|gap|lücke|trou|hueco|lacuna)[\])>])"
    r"|(?P<fewbracket>\( \)|\[ \]|\(\)|\[\s?(?:\.{3}|…)\s?\]|\(\s?(?:\.{3}|…)\s?\))",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\S+")
# Addresses, '^__^', 'end="__"': underscores that nobody fills in.
_NO_BLANKS = re.compile(
    r"[^\W_][\w.+-]{0,60}@|\w://|\bwww\.|=([\"'])_+\1"
    r"|\A[(\"“„]?(?:\^_{2,6}\^|-_{2,6}-|>_{2,6}<|;_{2,6};|([TQO])_{2,6}\2)[)\"”.,!?]*\Z"
)
_WEAK = {"few", "fewdash", "fewbracket"}
_NAMES = pattern("fields").pattern
_FIELD = re.compile(
    rf"[\s(|,;–—-]*{_NAMES}(?:\s*(?:and|und|et|y|e|en|i|и|/|,|&)\s*{_NAMES})?\s*(?:[:：.\-]|\s)*",
    re.IGNORECASE,
)
_IN_DATES = re.compile(r"\s*[/.-]\s*(?:20)?\s*")
_WIDE = re.compile(r"\s{3,}|\t")
_MARKS_BEHIND = re.compile(r"\s*(?:/|out of)\s*[0-9]{1,3}(?![0-9])(?!\.[0-9])")
_OF = r"(?:out\s+of|of|von|sur|su|de|van|z|из)"
# '____ of 15 points', 'Von 15 Punkten hast du ____'
_ALL_MARKS = pattern("marks", rf"(?:/|(?<!\w){_OF})\s*[0-9]{{1,3}}\s*")


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank in a text; a ``weak`` one is a gap only where gaps are asked for."""

    start: int
    end: int
    width: float
    form: str
    weak: bool


def without_names(text: str) -> str:
    """Return a text with backslashes before the underscores of addresses and the like."""
    return _TOKEN.sub(_guarded, text) if "__" in text else text


def _guarded(token: re.Match[str]) -> str:
    named = "__" in token[0] and "\\_" not in token[0] and _NO_BLANKS.search(token[0])
    return token[0].replace("_", r"\_") if named else token[0]


def find_blanks(text: str) -> list[Blank]:
    """Return the blanks of a text, from left to right."""
    return list(_blanks(text))


def _blanks(text: str) -> Iterator[Blank]:
    for match in _RUN.finditer(text):
        form, run = match.lastgroup or "", match[0]
        before = text[match.start() - 1 : match.start()]
        after = text[match.end() : match.end() + 1]
        weak = form in _WEAK
        if form == "line" and len(run) == 2:
            # 'b__' and '__' are blanks, '__init__' and 'snake__case' are names.
            if after.isalnum() or (before.isalnum() and not _begins_word(text, match.start())):
                continue
        elif form == "line" and len(run) == 3 and before.isalnum() and after.isalnum():
            continue
        yield Blank(
            match.start(), match.end(), width_of(run), form.removeprefix("few") or "dots", weak
        )


def _begins_word(text: str, end: int) -> bool:
    """Return whether one to three letters stand alone before an offset."""
    start = end
    while start and text[start - 1].isalpha() and end - start < 4:
        start -= 1
    return 0 < end - start < 4 and (
        not start or not (text[start - 1].isalnum() or text[start - 1] == "_")
    )


def width_of(run: str) -> float:
    """Return how much room a blank takes, counted in underscores."""
    return sum(_WIDTHS.get(char, 0.5 if char.isspace() else 1.0) for char in run)


def is_only_blank(text: str) -> bool:
    """Return whether a line has nothing but one or several blanks."""
    rest = text.strip()
    if not rest or not any(not char.isalnum() for char in rest):
        return False
    blanks = [blank for blank in find_blanks(rest) if not blank.weak]
    if not blanks:
        return False
    outside = list(rest)
    for blank in blanks:
        outside[blank.start : blank.end] = [" "] * (blank.end - blank.start)
    return not "".join(outside).strip(" .,:;|")


def field_blanks(text: str) -> list[Blank]:
    """Return the blanks of a line that belong to name, class, date or marks."""
    found: list[Blank] = []
    end = 0
    for blank in find_blanks(text):
        # In Markdown: '**Name:** ____'
        before = text[end : blank.start].replace("*", "").rstrip()
        parts = _WIDE.split(before)
        alone = not end or len(parts) > 1 or parts[-1].rstrip().endswith((":", "："))
        follows = bool(found) and found[-1].end == end
        named = (alone or follows) and bool(_FIELD.fullmatch(parts[-1]))
        named = named or (follows and bool(_IN_DATES.fullmatch(parts[-1])))  # '___/___/___'
        if (
            named
            or _MARKS_BEHIND.match(text, blank.end)
            or _ALL_MARKS.match(text[blank.end :].lstrip())
            or ((total := _ALL_MARKS.search(before)) and len(before[total.end() :].split()) < 4)
        ):
            found.append(blank)
        end = blank.end
    return found
