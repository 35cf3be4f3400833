"""The lines of a ranking: ``rank: A | B | C``, ``right: B > A > C``, ``because: 2 marks``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worksheets.markup import AnswerBox, Extent, Keyword, Span
from worksheets.markup.keys import one_space, unescape
from worksheets.markup.messages import Message as _
from worksheets.words.normalise import normalise

MIN_THINGS, MAX_THINGS = 2, 20
MAX_LENGTH = 200  # of a thing, in characters

_BAR = re.compile(r"(?<!\\)\|")
_GREATER = re.compile(r"(?<!\\)>")

LINES = (
    Keyword(
        "rank",
        "misplaced-rank",
        _(
            "'rank:' must come directly under '???', without options or an interpretation above."
            " Pupils do not see this line. If they should, write 'Rank\\:'."
        ),
        re.compile(r".*\S\s*\|\s*\S"),
        joins=("|",),
    ),
    Keyword(
        "right",
        "misplaced-right",
        _(
            "'right:' must come directly under 'rank:'. Pupils do not see this line. If they"
            " should, write 'Right\\:'."
        ),
        re.compile(r".*\S\s+>\s+\S"),
        joins=(">",),
    ),
    Keyword(
        "because",
        "misplaced-because",
        _("'because:' must come directly under 'rank:'."),
        joins=(",", ";"),
    ),
)


def read_things(box: AnswerBox) -> tuple[str, ...]:
    """Return the things of the line ``rank:``; report what is wrong with them."""
    line = box.lines["rank"]
    things = _split(_BAR, line)
    _check_things(box, line, things)
    words = (box.details.places.get(name) for name in ("least", "most"))
    for extent in dict.fromkeys(filter(None, words)):
        message = _(
            "A ranking has no number of words. Write it after 'because:', where pupils give their"
            " reasons."
        )
        box.problems.error("misplaced-words", extent, message)
    return tuple(dict.fromkeys(text for text, _extent in things))


def _check_things(box: AnswerBox, line: Span, things: Sequence[tuple[str, Extent]]) -> None:
    gaps = [extent for text, extent in things if "___" in text]
    long = [extent for text, extent in things if len(text) > MAX_LENGTH]
    plain = {text: normalise(text, box.settings) for text, _extent in things}
    first = {plain[text]: extent for text, extent in reversed(things)}
    repeated = [extent for text, extent in things if first[plain[text]] != extent]
    fits = MIN_THINGS <= len(things) <= MAX_THINGS
    if gaps:
        code, extents = "gap-not-here", gaps
        message = _("What is to be put in order cannot contain a gap.")
    elif long or not fits:
        code, extents = "rank-things", long if fits else [line.extent]
        message = _(
            "Write %(least)s to %(most)s things after 'rank:', with '|' between them, each of at"
            " most %(length)s characters.",
            least=MIN_THINGS,
            most=MAX_THINGS,
            length=MAX_LENGTH,
        )
    else:
        code, extents = "repeated-thing", repeated
        message = _("Two of these things are the same.")
    for extent in extents:
        box.problems.error(code, extent, message)


def read_order(box: AnswerBox, things: tuple[str, ...]) -> tuple[str, ...]:
    """Return the right order of the things, () if there is none or it cannot be read."""
    line = box.lines.get("right")
    if line is None:
        return ()
    known = {normalise(thing, box.settings): thing for thing in things}
    named = [normalise(thing, box.settings) for thing, _extent in _split(_GREATER, line)]
    if sorted(named) != sorted(known):
        message = _(
            "'right:' must name each of the things after 'rank:' once, with '>' between them."
        )
        box.problems.error("wrong-order", line.extent, message)
        return ()
    order = tuple(known[name] for name in named)
    if order == things:
        message = _(
            "Pupils see these things in the right order already. List them in another order after"
            " 'rank:'."
        )
        box.problems.warning("right-as-listed", line.extent, message)
    if box.details.marks is None:
        message = _(
            "This ranking earns nothing. Write how many marks it has after '???': ??? 3 marks."
        )
        box.problems.warning("right-without-marks", box.extent, message)
    return order


def as_written(thing: str) -> str:
    """Return a thing as it is written in a line of its kind."""
    return re.sub(r"[\\|>]", r"\\\g<0>", thing)


def _split(mark: re.Pattern[str], line: Span) -> list[tuple[str, Extent]]:
    """Return the texts between the marks of a line, and where they stand."""
    bounds = [0, *(at for match in mark.finditer(line.text) for at in match.span())]
    found = []
    for start, end in zip(bounds[::2], [*bounds[1::2], len(line.text)], strict=True):
        piece = line.text[start:end]
        if text := one_space(unescape(piece)):
            first = end - len(piece.lstrip())
            found.append((text, line.extent_of(first, first + len(piece.strip()))))
    return found
